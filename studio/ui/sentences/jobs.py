"""What background jobs say when something goes wrong, in Chinese."""

# ruff: noqa: RUF001 (Chinese has its own commas)

SENTENCES: dict[str, str] = {
    "This job was made by another version of Easel; start it anew.": "此任务由另一版本的 Easel 创建；请重新开始。",
    "The job was killed {} times at the same place, perhaps for want of memory; lower batch or size.": (
        "任务在同一处被终止了 {0} 次，可能是内存不足；请调低批大小或尺寸。"
    ),
    "The job does not fit in memory; close other programs, or lower the batch, and retry.": (
        "内存不足，无法完成任务；请关闭其他程序，或调低批大小，然后重试。"
    ),
    "The job stopped because of an internal error; the log is in {}": "任务因内部错误而停止；日志在 {0}",
    "There is no picture in {} apart from earlier results; choose another folder.": (
        "{0} 中除以前的结果外没有图片；请选择其他文件夹。"
    ),
    "There is no room left in {}; free some disk space, then resume the job.": (
        "{0} 的磁盘空间不足；请释放一些空间，然后继续任务。"
    ),
    "Job {} is {}; only a job that waits has a place in the queue.": (
        "任务 {0} 的状态为“{1:part}”；只有等待中的任务才有队列位置。"
    ),
    "The job has no setting '{}'; it has {}.": "任务没有设置“{0}”；可用的有 {1}。",
    "The setting '{}' cannot be '{}'; give {}.": "设置“{0}”不能为“{1}”；请给出{2:part}。",
    "The setting 'snapshots' is {}; it must be at least 0.": "设置“snapshots”的值为 {0}；应至少为 0。",
    "There is no snapshot of job {} at {} pictures; it has {}.": "任务 {0} 在 {1} 张时没有快照；现有 {2:part}。",
    "No job is chosen; choose one in the list.": "没有选择任务；请在列表中选择一个。",
    "{} jobs wait already; wait for one to end, or cancel one.": (
        "已有 {0} 个任务在等待；请等其中一个结束，或取消一个。"
    ),
    "A batch of {} cannot be shared by {} processes; choose a multiple (batch).": (
        "批大小 {0} 无法由 {1} 个进程平分；请选择其倍数（batch）。"
    ),
    "This recipe learns in one process alone; start it without torchrun.": (
        "此训练只能在单个进程中进行；请不要用 torchrun 启动。"
    ),
    "Ray is not installed; install easel[ray], or unset EASEL_RAY.": (
        "未安装 Ray；请安装 easel[ray]，或取消设置 EASEL_RAY。"
    ),
    "No Ray cluster answers at {}; start one (ray start --head), or unset EASEL_RAY.": (
        "{0} 处没有 Ray 集群响应；请启动一个（ray start --head），或取消设置 EASEL_RAY。"
    ),
    "The cluster lost this training {} times; see its own logs.": "集群 {0} 次丢失此训练；请查看集群自己的日志。",
    "There is no result {} in the history; see its list.": "历史中没有结果 {0}；请查看列表。",
    "There is nothing to export; choose results of the history.": "没有可导出的内容；请选择历史中的结果。",
    "No result is chosen; choose one of the history.": "没有选择结果；请从历史中选择一个。",
    "The history {} cannot be used ({}); check its folder, or move it away for a new one.": (
        "无法使用历史 {0}（{1}）；请检查其文件夹，或将其移走以新建。"
    ),
    "A job needs the name of a task; give one.": "任务需要指定功能名称；请给出。",
    "A job of a task has no setting '{}'.": "任务没有设置“{0}”。",
    "There is no task '{}'; choose one of {}.": "没有功能“{0}”；请从以下选择：{1}。",
    "The task '{}' has no setting '{}'.": "功能“{0}”没有设置“{1}”。",
    "The task '{}' needs a file for '{}'; give one.": "功能“{0}”需要为“{1}”提供文件；请给出。",
    "The task '{}' makes no files; choose another.": "功能“{0}”不产生文件；请选择其他功能。",
}

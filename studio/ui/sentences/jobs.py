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
    "A job needs the name of a task; give one.": "任务需要指定功能名称；请给出。",
    "A job of a task has no setting '{}'.": "任务没有设置“{0}”。",
    "There is no task '{}'; choose one of {}.": "没有功能“{0}”；请从以下选择：{1}。",
    "The task '{}' has no setting '{}'.": "功能“{0}”没有设置“{1}”。",
    "The task '{}' needs a file for '{}'; give one.": "功能“{0}”需要为“{1}”提供文件；请给出。",
    "The task '{}' makes no files; choose another.": "功能“{0}”不产生文件；请选择其他功能。",
}

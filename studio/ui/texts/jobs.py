"""Words of the job list and of what is watched there."""

# ruff: noqa: RUF001 (Chinese has its own commas)

JOBS: dict[str, tuple[str, str]] = {
    "recipe.sliders": ("Sliders", "滑块"),
    "recipe.words": ("Words", "文字"),
    "recipe.upscale": ("Enlarging", "放大"),
    "recipe.encoder": ("Finding faces in photos", "照片人脸编码"),
    "state.working": ("Working", "处理中"),
    "jobs.task.faces": ("Faces", "人脸"),
    "jobs.task.walk": ("Film of faces", "人脸漫游影片"),
    "jobs.task.portrait": ("Face in a photo", "照片人脸"),
    "jobs.task.upscale": ("Enlarging", "放大"),
    "jobs.task.repair": ("Repair", "修复"),
    "jobs.task.outpaint": ("Growing pictures", "扩展画面"),
    "jobs.task.compose": ("Pasting", "合成"),
    "jobs.task.enhance": ("Enhancing", "增强"),
    "jobs.task.style": ("Painting", "绘画"),
    "jobs.preview": ("So far", "目前"),
    "jobs.results": ("Results", "结果"),
    "jobs.files": ("Files", "文件"),
    "jobs.made": ("Done in {time}.", "用时 {time} 完成。"),
    "jobs.not_all": ("Without a result: {what}", "没有结果：{what}"),
}

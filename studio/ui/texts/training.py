"""Words of the wizard of trainings: pictures, their check, what to make, how long."""

# ruff: noqa: RUF001 (Chinese has its own commas)

TRAINING: dict[str, tuple[str, str]] = {
    "check.usable": ("{count} of {total} pictures will be used", "共 {total} 张，将使用 {count} 张"),
    "check.left_out": ("Left out: {reasons}.", "未采用：{reasons}。"),
    "check.made": ("{count} say themselves that a model made them.", "其中 {count} 张自带由模型生成的标记。"),
    "check.none": ("None can be used; put some back, or add others.", "没有可用的图片；请放回一些，或另行添加。"),
    "check.few": (
        "It works with these, but {count} or more give better results.",
        "可以训练，但 {count} 张以上效果更好。",
    ),
    "check.thin": (
        "A thin set: {count} or more give better results. Mirrored copies are used by themselves; add photos with "
        "other light, angles and expressions, or let the face model draw supplements after yours.",
        "图片较少：{count} 张以上效果更好。镜像副本会自动使用；"
        "请添加不同光线、角度和表情的照片，或让人脸模型据此补画一些。",
    ),
    "reason.unreadable": ("cannot be read", "无法读取"),
    "reason.small": ("too small", "过小"),
    "reason.dark": ("too dark", "过暗"),
    "reason.blurred": ("blurred", "模糊"),
    "reason.faceless": ("no face found", "没有找到人脸"),
    "reason.copy": ("a copy of another", "与另一张重复"),
}

"""Words of the section Compress."""

# ruff: noqa: RUF001 (Chinese has its own commas)

CODEC: dict[str, tuple[str, str]] = {
    "create.compress": ("Compress", "压缩"),
    "codec.missing": (
        "The compression model is not installed yet: import one, or train one with the recipe `codec`.",
        "尚未安装压缩模型：请导入一个，或用训练方案 `codec` 训练一个。",
    ),
    "codec.go": ("Compress", "压缩"),
    "codec.quality": ("Quality", "质量"),
    "codec.quality_info": ("1 is the smallest file, 8 the best picture.", "1 为文件最小，8 为画质最好。"),
    "codec.gallery": ("The original, and three codings of as many bytes", "原图，以及字节数相同的三种编码"),
    "codec.save": ("Download the .easel file", "下载 .easel 文件"),
    "codec.open": ("Open a compressed file", "打开压缩文件"),
    "codec.file": ("An .easel file", ".easel 文件"),
    "codec.expand": ("Open", "打开"),
    "codec.opened": ("The picture", "图片"),
}

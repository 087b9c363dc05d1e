"""Words of the History tab."""

# ruff: noqa: RUF001 (Chinese has its own commas)

HISTORY: dict[str, tuple[str, str]] = {
    "tab.history": ("History", "历史"),
    "history.lead": (
        "What you made, newest first. When space runs out, the oldest results without a star go.",
        "你生成的结果，最新在前。空间不足时，最早的未加星结果会被清除。",
    ),
    "history.search": ("Search", "搜索"),
    "history.search_info": (
        "Words of the task or its settings, such as wood.",
        "任务或设置中的词，例如 wood。",
    ),
    "history.starred": ("With a star only", "仅显示加星"),
    "history.count": (
        "{count} results; {megabytes} MB in all.",
        "{count} 个结果；共占用 {megabytes} MB。",
    ),
    "history.restore": ("Go on with it in its tab", "在原标签页中继续"),
    "history.star": ("Star", "加星"),
    "history.unstar": ("Take the star away", "取消加星"),
    "history.export": ("Download with settings (zip)", "连同设置下载（zip）"),
    "history.delete": ("Delete", "删除"),
    "history.task.faces": ("Faces", "人脸"),
    "history.task.walk": ("Film through faces", "人脸漫游影片"),
    "history.task.portrait": ("Face of a photo", "照片中的人脸"),
    "history.task.compare": ("GAN and VAE side by side", "GAN 与 VAE 对比"),
    "history.task.repair": ("Repair", "修复"),
    "history.task.outpaint": ("Larger picture", "扩展画面"),
    "history.task.compose": ("Pasted picture", "粘贴合成"),
    "history.task.enhance": ("Enhanced picture", "增强"),
    "history.task.upscale": ("Enlarged picture", "放大"),
    "history.task.style": ("Painting", "绘画"),
    "history.task.texture": ("Random texture", "随机纹理"),
    "history.task.texture_example": ("Texture of a picture", "由图片生成的纹理"),
    "history.task.texture_seamless": ("Seamless picture", "无缝图片"),
    "history.task.texture_maps": ("Height and normal map", "高度图与法线图"),
}

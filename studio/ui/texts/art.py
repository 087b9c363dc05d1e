"""Words of the Art tab: styles, areas, films, sprites."""

# ruff: noqa: RUF001 (Chinese has its own commas)

ART: dict[str, tuple[str, str]] = {
    "art.lead": (
        "Your picture as a painting or a drawing, at its own size. Choose a picture, then a style.",
        "把你的图片变成绘画或素描，尺寸不变。先选图片，再选风格。",
    ),
    "art.go": ("Paint", "绘制"),
    "art.again": ("Paint over this result", "在此结果上再绘"),
    "art.presets": ("Styles", "风格"),
    "art.strength": ("Strength", "强度"),
    "art.strength_info": ("0 leaves the picture as it is.", "0 表示保持原图。"),
    "art.colours": ("Colours", "颜色"),
    "art.colours.style": ("Of the style", "来自风格"),
    "art.colours.places": ("Of the picture, place by place", "逐处保留原图颜色"),
    "art.colours.palette": ("The picture's palette", "使用原图的色调"),
    "art.other": ("Mix with", "混合风格"),
    "art.other_info": ("A second style.", "第二种风格。"),
    "art.other.none": ("Nothing", "无"),
    "art.share": ("Share of the second style", "第二种风格的比例"),
    "art.areas": ("Painted areas", "涂抹的区域"),
    "art.areas_info": (
        "Paint over a part of the picture: it stays as it is, or takes a style of its own.",
        "涂抹图片的一部分：使其保持原样，或采用另一种风格。",
    ),
    "art.area": ("What is painted", "涂抹的部分"),
    "art.area.photo": ("Stays as it is", "保持原样"),
    "art.area_add": ("Keep this area, paint another", "保存此区域，再涂一个"),
    "art.area_forget": ("Forget the areas", "清除所有区域"),
    "art.area_count": ("Areas: {names}", "区域：{names}"),
    "film.title": ("A film in this style", "用此风格绘制影片"),
    "film.info": (
        "What is painted moves along with what is seen, so that it does not flicker. The sound stays.",
        "画面笔触随内容移动，不会闪烁。声音保留。",
    ),
    "film.file": ("Film (MP4, WebM, GIF)", "影片（MP4、WebM、GIF）"),
    "film.longest": ("Longest side, px", "最长边（像素）"),
    "film.steady": ("Without flicker", "消除闪烁"),
    "film.go": ("Paint the film", "绘制影片"),
    "film.later": ("In the background", "在后台进行"),
    "film.queued": (
        "Job {number} is queued; the Training tab shows how far it is.",
        "任务 {number} 已加入队列；进度见“训练”标签页。",
    ),
    "art.feather": ("Soft edge of areas, px", "区域柔化边缘（像素）"),
    "art.like": ("Any picture as the style", "任意图片作为风格"),
    "art.like_info": (
        "A painting, a texture, a photo: your picture takes its colours and strokes.",
        "一幅画、一种纹理或一张照片：你的图片会采用它的颜色和笔触。",
    ),
    "art.like_picture": ("Style picture", "风格图片"),
    "art.method": ("Quality", "质量"),
    "art.method.fast": ("At once", "立即"),
    "art.method.best": ("Best, in minutes", "最佳，需数分钟"),
    "art.background": ("In the background", "在后台进行"),
    "art.queued": (
        "Job {id} is queued; the Training tab shows how it looks so far.",
        "任务 {id} 已加入队列；可在“训练”页查看进展。",
    ),
}

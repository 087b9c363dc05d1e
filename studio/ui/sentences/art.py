"""What styles, films and sprites say when something goes wrong, in Chinese."""

# ruff: noqa: RUF001 (Chinese has its own commas)

SENTENCES: dict[str, str] = {
    "There are {} masks and {} styles for them; give one for each.": (
        "有 {0} 个蒙版和 {1} 个风格；请为每个蒙版指定一个风格。"
    ),
    "{} masks are too many; give at most {}.": "{0} 个蒙版过多；最多 {1} 个。",
    "A mask is {} x {} pixels but the picture is {} x {}; give masks of the picture's size.": (
        "蒙版为 {0} x {1} 像素，而图片为 {2} x {3} 像素；请提供与图片同尺寸的蒙版。"
    ),
    "Nothing is painted; paint over the area first.": "还没有涂抹；请先涂抹区域。",
    "There are {} areas at most; forget some first.": "最多 {0} 个区域；请先清除一些。",
    "{} holds no moving picture; choose a film.": "{0:part}：没有活动画面；请选择影片。",
    "{} is damaged or no film that Easel reads; convert it to MP4, WebM or GIF.": (
        "{0:part}：文件已损坏或不是 Easel 能读取的影片；请转换为 MP4、WebM 或 GIF。"
    ),
    "{} frames are too many for a GIF; save an MP4, or cut the film.": (
        "{0} 帧对 GIF 来说太多；请保存为 MP4，或剪短影片。"
    ),
    "There is no film yet; choose one.": "还没有影片；请先选择。",
}

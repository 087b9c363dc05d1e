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
}

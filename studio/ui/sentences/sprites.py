"""What sprites and sheets say when something goes wrong, in Chinese."""

# ruff: noqa: RUF001 (Chinese has its own commas)

SENTENCES: dict[str, str] = {
    "A sheet holds 1 to {} sprites, not {}; give as many.": (
        "一张图集可容纳 1 到 {0} 个精灵，而不是 {1} 个；请调整数量。"
    ),
    "Two sprites are called {}; rename one.": "有两个精灵都叫 {0}；请重命名其中一个。",
    "{} sprites do not fit on a sheet of {} x {} px; give fewer or smaller ones.": (
        "{0} 个精灵放不进 {1} x {2} 像素的图集；请减少数量或缩小。"
    ),
    "{} is {} x {} px, which {} do not divide; give other numbers.": (
        "{0:part}：尺寸为 {1} x {2} 像素，不能按{3:part}整除；请改用其他数值。"
    ),
    "{} has {} cells with a sprite; give larger cells.": "{0:part}：有 {1} 个含精灵的格子；请用更大的格子。",
    "{} has no transparency between sprites; give columns and rows, or the size of a cell.": (
        "{0:part}：精灵之间没有透明部分；请给出行列数或格子尺寸。"
    ),
    "{} falls into {} islands; give a wider gap within a sprite.": (
        "{0:part}：分成了 {1} 个部分；请增大同一精灵内允许的间隙。"
    ),
    "{} is no JSON of a sprite sheet, as it has no 'frames'; export it again.": (
        "{0}：不是精灵图集的 JSON，其中没有“frames”；请重新导出。"
    ),
    "{} has {} frames; a sheet has 1 to {}.": "{0}：有 {1} 个帧；图集应有 1 到 {2} 个。",
    "The frame {} of {} does not lie in the sheet; export the sheet again.": (
        "{1} 中的帧 {0} 不在图集范围内；请重新导出图集。"
    ),
    "The sprites of {} have {} megapixels together; split the sheet.": (
        "{0} 中的精灵共有 {1} 百万像素；请拆成多张图集。"
    ),
    "There are no sprites yet; give pictures, a folder, a zip file, or a sheet with its JSON.": (
        "还没有精灵图；请提供图片、文件夹、zip 文件，或带 JSON 的图集。"
    ),
    "The sprite's name {} leads out of the folder; rename it.": "精灵名称 {0} 会指向文件夹之外；请重命名。",
    "The sheet {} needs its picture {}; give it too.": "图集 {0} 需要它的图片 {1}；请一并提供。",
    "A grid needs both {} and {}; give both, or neither.": "网格需要同时给出 {0} 和 {1}；请都给出或都不给。",
    "No picture could be read in {}; add sprites as PNG or WebP.": (
        "{0} 中没有可读取的图片；请添加 PNG 或 WebP 格式的精灵图。"
    ),
    "No picture in {} is transparent anywhere; cut the props out.": "{0} 中的图片都没有透明部分；请先抠出道具。",
    "A plain sheet is cut by a grid or into islands, not both; leave one out.": (
        "没有 JSON 的图集只能按网格或按分开的部分切割；请去掉其中一个。"
    ),
}

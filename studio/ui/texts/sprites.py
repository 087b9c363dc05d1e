"""Words of sprites, sheets and props."""

# ruff: noqa: RUF001 (Chinese has its own commas)

SPRITES: dict[str, tuple[str, str]] = {
    "sprites.title": ("Sprites and sheets in this style", "用此风格绘制精灵图"),
    "sprites.info": (
        "Pictures, a zip file, or a sprite sheet with its JSON: all take one look, and transparency stays exactly.",
        "多张图片、一个 zip 文件，或带 JSON 的精灵图集：统一风格，透明度完全保留。",
    ),
    "sprites.files": ("Sprites, zip files, or a sheet and its JSON", "精灵图、zip 文件，或图集与其 JSON"),
    "sprites.cut": ("A sheet without JSON", "没有 JSON 的图集"),
    "sprites.cut.no": ("Each picture is one sprite", "每张图片为一个精灵"),
    "sprites.cut.islands": ("Sprites stand free", "精灵彼此分开"),
    "sprites.cut.grid": ("Columns and rows", "按行列划分"),
    "sprites.columns": ("Columns", "列数"),
    "sprites.rows": ("Rows", "行数"),
    "sprites.give": ("Result", "结果"),
    "sprites.give.same": ("As they came", "与输入相同"),
    "sprites.give.sheet": ("All on one sheet", "合为一张图集"),
    "sprites.give.files": ("Each as a file", "逐个文件"),
    "sprites.zoom": ("Painted enlarged, times", "放大绘制倍数"),
    "sprites.zoom_info": ("More gives finer strokes; 0 chooses by their size.", "越大笔触越细；0 按尺寸自动选择。"),
    "sprites.go": ("Paint the sprites", "绘制精灵图"),
    "sprites.preview": ("The sprites", "精灵图"),
    "sprites.count": ("Files: {count}", "文件数：{count}"),
    "sprites.save": ("Download (zip)", "下载（zip）"),
    "create.props": ("Props", "道具"),
    "props.missing": (
        "There is no model of props yet: give the Training tab a folder of sprites with transparency, and choose "
        "“Sprites and props”.",
        "还没有道具模型：请在“训练”页提供带透明度的精灵图，并选择“精灵图与道具”。",
    ),
    "props.go": ("Make props", "生成道具"),
    "props.like": ("Variations of this prop (optional)", "此道具的变体（可选）"),
    "props.count": ("How many", "数量"),
    "props.variety": ("Variety", "多样性"),
    "props.change": ("Change of the given prop", "与所给道具的差异"),
    "props.padding": ("Space on the sheet, px", "图集间距（像素）"),
    "recipe.props": ("Props", "道具"),
    "goal.props": ("Sprites and props with transparency, from nothing", "带透明度的精灵图与道具，从零开始"),
    "history.task.props": ("Props", "道具"),
    "create.sheets": ("Sprite sheets", "精灵图集"),
    "sheets.info": (
        "Many sprites become one sheet with a JSON that game engines read (TexturePacker's form), or a sheet is taken "
        "apart again.",
        "把许多精灵图合成一张图集，并附上游戏引擎可读的 JSON（TexturePacker 格式）；也可以拆分图集。",
    ),
    "sheets.pack": ("Make a sheet", "合成图集"),
    "sheets.padding": ("Space between sprites, px", "精灵间距（像素）"),
    "sheets.power": ("Sides are powers of two", "边长为 2 的幂"),
    "sheets.keep": ("Keep transparent borders", "保留透明边缘"),
    "sheets.unpack": ("Take a sheet apart", "拆分图集"),
    "sheets.grid_info": (
        "By its JSON, or by columns and rows; with neither, what stands free is a sprite.",
        "按 JSON 或行列拆分；两者都没有时，彼此分开的部分各为一个精灵。",
    ),
    "history.task.sprites_style": ("Sprites in a style", "精灵图风格"),
    "history.task.sprites_pack": ("Sprite sheet", "精灵图集"),
    "history.task.sprites_unpack": ("Sprites of a sheet", "图集拆分"),
    "jobs.task.sprites_style": ("Sprites in a style", "精灵图风格"),
}

"""The JSON beside a sprite sheet, as TexturePacker writes it: `frames` as a hash by name or as an array, and `meta`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio import __version__
from studio.core.atomic import write_atomic
from studio.core.errors import BadInput
from studio.core.image import read_picture, write_picture
from studio.core.provenance import DigitalSource
from studio.core.settings import MAX_PIXELS
from studio.core.sprites.packing import Size
from studio.core.sprites.sheet import MOST, Frame, Sheet

FORMS = ("hash", "array")
LARGEST_JSON = 50_000_000  # bytes
MOST_PIXELS = 10 * MAX_PIXELS  # of all sprites of a sheet, as they are all cut out at once


def is_atlas(path: Path) -> bool:
    """Whether a file is the JSON of a sheet; no error for what is none."""
    try:
        return path.stat().st_size <= LARGEST_JSON and "frames" in json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def read_data(path: Path) -> dict[str, Any]:
    """The JSON of a sheet, unchecked but for its `frames`; BadInput when it is none."""
    if not path.is_file():
        raise BadInput(f"{path} does not exist; check the path.")
    if not is_atlas(path):
        raise BadInput(f"{path.name} is no JSON of a sprite sheet, as it has no 'frames'; export it again.")
    return json.loads(path.read_text(encoding="utf-8-sig"))


def image_name(path: Path, data: Mapping[str, Any]) -> str:
    """The name of the sheet's picture: as the JSON says, without any folder, or that of the JSON with .png."""
    meta = data.get("meta")
    named = meta.get("image") if isinstance(meta, dict) else None
    return Path(str(named).replace("\\", "/")).name if named else path.with_suffix(".png").name


def read_sheet(path: Path, image: Path | None = None) -> Sheet:
    """The sheet of a JSON file and of `image`, by default the one beside it that the JSON names.

    BadInput, naming the file and the frame, for what cannot be so.
    """
    data = read_data(path)
    sheet = read_picture(image or path.parent / image_name(path, data))
    return Sheet(picture=sheet, frames=parse_frames(data["frames"], sheet.size, path.name), data=data)


def parse_frames(frames: Any, size: Size, label: str) -> tuple[Frame, ...]:
    """Frames of either form, which lie in a sheet of `size`; BadInput otherwise."""
    if isinstance(frames, list):
        found = [(item.get("filename") if isinstance(item, dict) else None, item) for item in frames]
    else:
        found = list(frames.items()) if isinstance(frames, dict) else []
    if not 0 < len(found) <= MOST:
        raise BadInput(f"{label} has {len(found)} frames; a sheet has 1 to {MOST}.")
    parsed = [
        _frame(name if isinstance(name, str) else f"{index}.png", item) for index, (name, item) in enumerate(found)
    ]
    for (name, _), frame in zip(found, parsed, strict=True):
        if frame is None or not _fits(frame, size):
            raise BadInput(f"The frame {name} of {label} does not lie in the sheet; export the sheet again.")
    area = sum(frame.source[0] * frame.source[1] for frame in parsed if frame)
    if area > MOST_PIXELS:
        raise BadInput(f"The sprites of {label} have {area / 1e6:.0f} megapixels together; split the sheet.")
    return tuple(frame for frame in parsed if frame)


def write_sheet(
    path: Path, sheet: Sheet, *, form: str = "hash", settings: Mapping[str, Any], source: DigitalSource | None
) -> list[Path]:
    """Write the sheet as a PNG at `path`, and its JSON beside it; returns both paths.

    A sheet that came with a JSON keeps that, but for the names of the picture and of the program.
    """
    png = write_picture(path.with_suffix(".png"), sheet.picture, settings=settings, source=source)
    data = dict(sheet.data) or {"frames": _frames(sheet, form)}
    data["meta"] = {**_meta(data), **({} if sheet.data else _own_meta(sheet))}
    data["meta"] |= {"app": "easel", "version": __version__, "image": png.name}
    with write_atomic(path.with_suffix(".json")) as file:
        file.write(json.dumps(data, indent=1, ensure_ascii=False).encode())
    return [png, path.with_suffix(".json")]


def _frames(sheet: Sheet, form: str) -> Any:
    found = {frame.name: _facts(frame) for frame in sheet.frames}
    return found if form == "hash" else [{"filename": name, **facts} for name, facts in found.items()]


def _facts(frame: Frame) -> dict[str, Any]:
    size = {"w": frame.width, "h": frame.height}
    return {
        "frame": {"x": frame.x, "y": frame.y, **size},
        "rotated": frame.rotated,
        "trimmed": frame.trimmed,
        "spriteSourceSize": {"x": frame.left, "y": frame.top, **size},
        "sourceSize": {"w": frame.source[0], "h": frame.source[1]},
    }


def _meta(data: Mapping[str, Any]) -> dict[str, Any]:
    meta = data.get("meta")
    return dict(meta) if isinstance(meta, dict) else {}


def _own_meta(sheet: Sheet) -> dict[str, Any]:
    width, height = sheet.picture.size
    return {"format": "RGBA8888", "size": {"w": width, "h": height}, "scale": "1"}


def _frame(name: str, item: Any) -> Frame | None:
    """None when something is wanting or is no whole number."""
    try:
        box = _numbers(item["frame"], "xywh")
        inner = _numbers(item.get("spriteSourceSize") or {"x": 0, "y": 0}, "xy")
        source = _numbers(item.get("sourceSize") or {"w": box[2] + inner[0], "h": box[3] + inner[1]}, "wh")
        return Frame(
            name=name,
            x=box[0],
            y=box[1],
            width=box[2],
            height=box[3],
            left=inner[0],
            top=inner[1],
            source=(source[0], source[1]),
            rotated=bool(item.get("rotated", False)),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def _numbers(values: Any, keys: str) -> list[int]:
    """Whole numbers, as some programs write them with a point; ValueError for others."""
    found = [values[key] for key in keys]
    if any(isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) for value in found):
        raise ValueError
    return [int(value) for value in found]


def _fits(frame: Frame, size: Size) -> bool:
    """Whether the box lies in the sheet and in the sprite's own picture, and that is of a size that can be."""
    rows, columns = frame.window
    inside = 0 <= columns.start < columns.stop <= size[0] and 0 <= rows.start < rows.stop <= size[1]
    width, height = frame.source
    own = 0 <= frame.left <= width - frame.width and 0 <= frame.top <= height - frame.height
    return inside and own and width * height <= MAX_PIXELS

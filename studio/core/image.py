"""Pictures in and out: any file becomes 8-bit RGB, alpha and profile apart; a file is written whole or not at all."""

import io
import os
import stat
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
from PIL import Image

from studio.core import decode, provenance
from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, OutOfMemory
from studio.core.provenance import DigitalSource
from studio.core.settings import MAX_PIXELS

WRITTEN = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
}
SUFFIXES = frozenset(WRITTEN) | {".gif"}
_LONGEST = {"JPEG": 65_500, "WEBP": 16_383}  # sides in pixels that the format can hold

# Pillow warns of harmless oddities, and a process has one set of warning filters: one picture is decoded at a time.
_decoding = threading.Lock()


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A picture in memory. Its arrays are read-only views: copy before writing, or before `torch.from_numpy`."""

    rgb: np.ndarray  # uint8 [H, W, 3], in the colours of `icc`, or sRGB
    alpha: np.ndarray | None = None  # uint8 [H, W], 255 is opaque; the colours are not multiplied by it
    icc: bytes | None = None  # an RGB profile
    name: str = ""  # of the file, with its suffix
    settings: Mapping[str, Any] = field(default_factory=dict)  # that made it, if Easel did
    source: DigitalSource | None = None  # the AI mark it carries

    def __post_init__(self) -> None:
        height, width = self.rgb.shape[:2]
        for key, shape in (("rgb", (height, width, 3)), ("alpha", (height, width))):
            pixels = getattr(self, key)
            if pixels is None:
                continue
            if pixels.dtype != np.uint8 or pixels.shape != shape or pixels.size == 0:
                raise ValueError(f"{key} must be uint8 {shape}, not {pixels.dtype} {pixels.shape}.")
            view = np.ascontiguousarray(pixels).view()
            view.flags.writeable = False
            object.__setattr__(self, key, view)

    @property
    def width(self) -> int:
        return self.rgb.shape[1]

    @property
    def height(self) -> int:
        return self.rgb.shape[0]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height


def read_picture(source: str | Path | bytes, *, max_pixels: int = MAX_PIXELS, name: str = "") -> Picture:
    """The first frame of a PNG, JPEG, WebP, TIFF, BMP or GIF file, or of such a file's bytes, upright and in 8 bits.

    RGB pixels with an RGB profile are left as they are and keep it; grey, CMYK and Lab go to sRGB through theirs.
    16-bit channels keep their upper half (grey is rounded). `name` is for bytes, which have none.

    Raises BadInput, naming the file, for what is no such picture, and, from its header alone, for one of over
    `max_pixels`. Raises OutOfMemory when the picture does not fit.
    """
    name = name or ("" if isinstance(source, bytes) else Path(source).name)
    label = name or "The picture"
    with _open(source, label) as file, _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = decode.identify(file, label)
            _check_size(image.size, max_pixels, label)
            image.load()
            rgb, alpha, icc = decode.channels(image, label)
            upright = decode.upright(image)
            return Picture(
                rgb=upright(rgb),
                alpha=None if alpha is None else upright(alpha),
                icc=icc,
                name=name,
                settings=provenance.read_settings(image),
                source=provenance.read_source(image.info.get("xmp")),
            )
        except BadInput:
            raise
        except MemoryError as error:
            raise OutOfMemory(f"{label} does not fit in memory; make it smaller and try again.") from error
        except Image.DecompressionBombError as error:
            raise BadInput(f"{label} holds a frame far larger than it says; export it again.") from error
        except Exception as error:  # a broken file can make a decoder raise anything
            raise BadInput(f"{label} is damaged, cut short or of a rare kind; fetch or export it again.") from error


def picture_settings(path: str | Path) -> dict[str, Any]:
    """The settings in a picture file that Easel wrote, without decoding it; {} when there are none."""
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as image:
                return provenance.read_settings(image)
        except Exception:  # whatever is wrong with the file, it holds no settings
            return {}


def read_mask(source: str | Path | bytes, size: tuple[int, int] | None = None, *, name: str = "") -> np.ndarray:
    """A mask from a picture, bool [H, W], True in the hole.

    In a picture with any transparency the opaque part (alpha over 127) is the hole, otherwise the white (over 127).
    Raises BadInput as `read_picture` does, and when `size` (width, height) is given and the mask has another.
    """
    picture = read_picture(source, name=name)
    if size is not None and picture.size != tuple(size):
        raise BadInput(
            f"{picture.name or 'The mask'} is {picture.width} x {picture.height} pixels but the picture is "
            f"{size[0]} x {size[1]}; give a mask of the picture's size."
        )
    if picture.alpha is not None and picture.alpha.min() < 255:
        return picture.alpha > 127
    return cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY) > 127


def write_picture(
    path: str | Path,
    picture: Picture,
    *,
    settings: Mapping[str, Any] | None = None,
    source: DigitalSource | None,
    strip: bool = False,
    quality: int = 95,
) -> Path:
    """Write a PNG, JPEG, WebP, TIFF or BMP file, as the suffix says, whole or not at all; returns its path.

    See `encode_picture` for what the file carries. Raises BadInput for another suffix or a side too long for the
    format, StorageFull when the file cannot be written.
    """
    path = Path(path)
    data = encode_picture(
        picture, path.suffix, settings=settings, source=source, strip=strip, quality=quality, name=path.name
    )
    with write_atomic(path) as file:
        file.write(data)
    return path


def write_heights(path: str | Path, heights: np.ndarray, *, settings: Mapping[str, Any] | None = None) -> Path:
    """Write heights, float [H, W] of 0 to 1, as a grey PNG of 16 bits, whole or not at all; returns its path."""
    path, buffer = Path(path), io.BytesIO()
    levels = (heights.clip(0, 1) * 65535).round().astype(np.uint16)
    Image.fromarray(levels).save(buffer, "PNG", pnginfo=provenance.png_text(settings or {}, None))
    with write_atomic(path) as file:
        file.write(buffer.getvalue())
    return path


def encode_picture(
    picture: Picture,
    suffix: str = ".png",
    *,
    settings: Mapping[str, Any] | None = None,
    source: DigitalSource | None,
    strip: bool = False,
    quality: int = 95,
    name: str = "",
) -> bytes:
    """A picture file's bytes, in the format of `suffix`.

    It carries the profile, the alpha (JPEG lays it on white), `settings` (by default the picture's own) unless `strip`,
    and always the AI mark: `source` or the mark the picture came with, whichever says more. BMP has no place for
    profile, settings or mark.
    """
    label = name or "The picture"
    kind = WRITTEN.get(suffix.lower())
    if kind is None:
        raise BadInput(f'{label} cannot be written as "{suffix}"; use {", ".join(WRITTEN)}.')
    if not 1 <= quality <= 100:
        raise BadInput(f"A quality of {quality} cannot be used for {label}; choose 1 to 100.")
    longest = _LONGEST.get(kind)
    if longest is not None and max(picture.size) > longest:
        raise BadInput(f"{label} has a side over the {longest} pixels that {kind} can hold; write a .png instead.")
    kept = {} if strip else picture.settings if settings is None else settings
    # A generated picture that a model then repaired or styled is still wholly generated.
    mark = next((mark for mark in DigitalSource if mark in (source, picture.source)), None)
    if kind == "BMP":
        return _encode_bmp(picture)
    options: dict[str, Any] = {"icc_profile": picture.icc}
    if kind == "PNG":
        options |= {"pnginfo": provenance.png_text(kept, mark), "compress_level": 4}  # half the time of 6, 3 % larger
    elif kind == "TIFF":
        options |= {"tiffinfo": provenance.tiff_tags(kept, mark), "compression": "tiff_adobe_deflate"}
    else:
        options |= {"quality": quality, "xmp": provenance.xmp(mark) if mark else b""}
        options |= {"exif": provenance.exif(kept)} if kept else {}
        options |= {"subsampling": 0 if quality >= 90 else 2} if kind == "JPEG" else {"exact": True, "method": 2}
    buffer = io.BytesIO()
    try:
        Image.fromarray(_interleaved(picture, kind)).save(buffer, kind, **options)
    except ValueError as error:
        if "too long" not in str(error):
            raise
        raise BadInput(f"The settings are too long for {label}; write a .png, or leave the settings out.") from error
    return buffer.getvalue()


def list_pictures(paths: Iterable[str | Path]) -> list[Path]:
    """The picture files among `paths`: files as they are, folders with all below them, sorted; each once.

    In folders a picture is known by its suffix, and hidden files are left out. Raises BadInput for a path that does not
    exist, or when there is no picture at all.
    """
    paths = [Path(path) for path in paths]
    found: dict[Path, None] = {}
    for path in paths:
        if os.path.isdir(path):  # unlike Path.is_dir never an error
            inside = (file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
            found |= dict.fromkeys(sorted(file for file in inside if os.path.isfile(file) and not _hidden(file, path)))
        elif os.path.exists(path):
            found[path] = None
        else:
            raise BadInput(f"{path} does not exist; check the path.")
    if not found:
        where = ", ".join(map(str, paths)) or "an empty list"
        raise BadInput(f"There is no picture in {where}; choose PNG, JPEG, WebP, TIFF, BMP or GIF files.")
    return list(found)


def resize(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Bring uint8 or float [H, W] or [H, W, C] to `size` (width, height), bicubic, antialiased; float gives float32."""
    if pixels.ndim == 3 and not (pixels.dtype == np.uint8 and pixels.shape[2] == 3):
        return np.stack([resize(pixels[..., channel], size) for channel in range(pixels.shape[2])], axis=-1)
    image = Image.fromarray(pixels if pixels.dtype == np.uint8 else pixels.astype(np.float32))
    return np.array(image.resize(size, Image.Resampling.BICUBIC))


@contextmanager
def _open(source: str | Path | bytes, label: str) -> Iterator[IO[bytes]]:
    """The source as a seekable file with something in it, or BadInput."""
    if isinstance(source, bytes):
        if not source:
            raise BadInput(f"{label} is empty (0 bytes); fetch or export it again.")
        yield io.BytesIO(source)
        return
    path = Path(source)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise BadInput(f"{path} is a folder, not a picture; choose a file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise BadInput(f"{path} is a device or pipe, not a picture; choose a file.")
        if status.st_size == 0:
            raise BadInput(f"{label} is empty (0 bytes); fetch or export it again.")
        file = path.open("rb")
    except FileNotFoundError as error:
        raise BadInput(f"{path} does not exist; check the path.") from error
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be opened; check the path and its permissions.") from error
    with file:
        yield file


def _check_size(size: tuple[int, int], max_pixels: int, label: str) -> None:
    pixels = size[0] * size[1]
    if pixels > max_pixels:
        raise BadInput(
            f"{label} has {size[0]} x {size[1]} pixels ({pixels / 1e6:.1f} megapixels), over the limit of "
            f"{max_pixels / 1e6:g} megapixels; make it smaller first."
        )


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _interleaved(picture: Picture, kind: str) -> np.ndarray:
    """uint8 [H, W, 3 or 4] as the format wants it: JPEG has no alpha, so the picture is laid on white."""
    if picture.alpha is None:
        return picture.rgb
    if kind != "JPEG":
        return np.dstack([picture.rgb, picture.alpha])
    alpha = picture.alpha[..., None].astype(np.uint16)
    return ((picture.rgb * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def _encode_bmp(picture: Picture) -> bytes:
    """BMP bytes. By OpenCV, since Pillow loses the alpha of a BMP."""
    order = cv2.COLOR_RGB2BGR if picture.alpha is None else cv2.COLOR_RGBA2BGRA
    return cv2.imencode(".bmp", cv2.cvtColor(_interleaved(picture, "BMP"), order))[1].tobytes()

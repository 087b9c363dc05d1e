"""From a Pillow image of any mode to 8-bit RGB, alpha and profile; `core.image` is the way in."""

import io
from collections.abc import Callable
from typing import IO

import numpy as np
from PIL import ExifTags, Image, ImageCms, ImageFile

from studio.core.errors import BadInput

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")

# EXIF orientation -> the turn that sets [H, W, ...] upright
_TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: np.rot90(a),
}


def identify(file: IO[bytes], label: str) -> ImageFile.ImageFile:
    """The file as a Pillow image whose header is read and whose pixels are not; BadInput when it is of no known format.

    Unlike `Image.open` it has no size limit of its own, so that ours can be told in full.
    """
    Image.init()
    prefix = file.read(16)
    for name in FORMATS:
        factory, accept = Image.OPEN[name]
        if accept is not None and accept(prefix) is True:
            file.seek(0)
            return factory(file, "")
    raise BadInput(f"{label} is not a picture that Easel reads; convert it to PNG, JPEG, WebP, TIFF, BMP or GIF.")


def upright(image: Image.Image) -> Callable[[np.ndarray], np.ndarray]:
    """The turn of [H, W, ...] that the loaded image's EXIF orientation asks for."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # damaged EXIF says nothing of the pixels
        orientation = None
    return _TURNS.get(orientation or 1, np.asarray)


def channels(image: Image.Image, label: str) -> tuple[np.ndarray, np.ndarray | None, bytes | None]:
    """A loaded image as rgb uint8 [H, W, 3], alpha uint8 [H, W] or None, and the RGB profile to keep or None."""
    colour, alpha = _deep_grey(image, label) if image.mode[0] in "IF" else _split(image)
    rgb, icc = _to_rgb(colour, image.info.get("icc_profile"))
    return np.asarray(rgb), alpha, icc


def _split(image: Image.Image) -> tuple[Image.Image, np.ndarray | None]:
    """Colour (L, RGB, CMYK or LAB) and alpha of an 8-bit image of any mode, the colour not multiplied by the alpha."""
    grey = image.mode in ("1", "L", "LA", "La")
    clear = image.info.get("transparency")
    if isinstance(clear, tuple) and max(clear) > 255:  # the clear colour in 16 bits, beside pixels that have 8 by now
        image.info["transparency"] = tuple(value >> 8 for value in clear)
    if image.has_transparency_data:
        image = image.convert("LA" if grey else "RGBA")
        return image.convert("L" if grey else "RGB"), np.asarray(image.getchannel("A"))
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image, None
    return image.convert("L" if grey else "RGB"), None


def _deep_grey(image: Image.Image, label: str) -> tuple[Image.Image, np.ndarray | None]:
    """16-bit grey, rounded to 8 bits, and alpha. By hand, since Pillow's own conversion clips at 255."""
    values = np.asarray(image)
    if values.dtype.kind == "f" or values.min() < 0 or values.max() > 0xFFFF:
        raise BadInput(f"{label} has 32-bit grey values; save it with 8 or 16 bits.")
    clear = image.info.get("transparency")
    alpha = np.where(values == clear, np.uint8(0), np.uint8(255)) if isinstance(clear, int) else None
    return Image.fromarray(((values.astype(np.uint32) + 128) // 257).astype(np.uint8)), alpha


def _to_rgb(colour: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    """Colour as RGB with the profile to keep: pixels stay where the profile is RGB, else they go to sRGB through it."""
    profile, space = _profile(icc)
    if colour.mode == "LAB":
        profile, space = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB"
    if profile and space == {"L": "GRAY"}.get(colour.mode, colour.mode) != "RGB":
        converted = ImageCms.profileToProfile(
            colour,
            profile,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.HIGHRESPRECALC,
        )
        assert converted is not None  # only in-place conversion returns None
        return converted, None
    return colour.convert("RGB"), icc if space == "RGB" and colour.mode in ("L", "RGB") else None


def _profile(icc: bytes | None) -> tuple[ImageCms.ImageCmsProfile | None, str]:
    """The profile and its colour space ("RGB", "GRAY", "CMYK"); None and "" where there is none or it is damaged."""
    try:
        return (ImageCms.ImageCmsProfile(io.BytesIO(icc)), icc[16:20].decode().strip()) if icc else (None, "")
    except (OSError, ValueError):
        return None, ""

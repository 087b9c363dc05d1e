"""Reading: every format, mode and profile comes out as upright 8-bit RGB with its alpha apart."""

import struct
import zlib
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from studio.core.image import read_picture
from tests.pictures import black_ink_profile, encoded, grey_profile, noise, scene

RAMP = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
LOSSLESS: list[tuple[str, dict[str, Any]]] = [
    ("PNG", {}),
    ("WEBP", {"lossless": True}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("BMP", {}),
]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(("kind", "options"), LOSSLESS)
def test_rgb_is_read_exactly(kind: str, options: dict[str, Any]) -> None:
    pixels = noise(17, 9)
    picture = read_picture(encoded(pixels, kind, **options))
    assert np.array_equal(picture.rgb, pixels)
    assert picture.alpha is None
    assert picture.size == (17, 9)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tiff", ".bmp"])
def test_what_opencv_writes_is_read_as_opencv_reads_it(suffix: str) -> None:
    data = cv2.imencode(suffix, scene(40, 30))[1]
    theirs = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1]
    assert np.abs(read_picture(data.tobytes()).rgb.astype(int) - theirs).max() <= 3


@pytest.mark.parametrize(("kind", "options"), [*LOSSLESS[:4], ("JPEG", {"quality": 100, "subsampling": 0})])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(kind: str, options: dict[str, Any], orientation: int) -> None:
    pixels = scene(20, 12)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = read_picture(encoded(pixels, kind, exif=exif, **options))
    image = Image.fromarray(pixels)
    image.getexif()[0x0112] = orientation
    want = np.asarray(ImageOps.exif_transpose(image)).astype(int)
    assert picture.rgb.shape == want.shape
    assert np.abs(picture.rgb - want).max() <= (6 if kind == "JPEG" else 0)


def test_orientation_turns_the_alpha_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = noise(7, 5, 4)
    picture = read_picture(encoded(pixels, "PNG", exif=exif))
    assert picture.alpha is not None
    assert np.array_equal(np.dstack([picture.rgb, picture.alpha]), np.rot90(pixels, -1))


@pytest.mark.parametrize("exif", [b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0garbage", b"Exif\0\0"])
def test_damaged_exif_does_not_spoil_the_picture(exif: bytes) -> None:
    pixels = noise(8, 8)
    assert np.array_equal(read_picture(encoded(pixels, "PNG", exif=exif)).rgb, pixels)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_rounded_not_clipped(kind: str) -> None:
    picture = read_picture(encoded(RAMP, kind))
    assert np.array_equal(picture.rgb, np.repeat(np.rint(RAMP / 257).astype(np.uint8)[..., None], 3, axis=2))


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [3, 4])
def test_16_bit_colour_keeps_its_upper_half(suffix: str, channels: int) -> None:
    deep = noise(8, 6, channels).astype(np.uint16) * 256 + noise(8, 6, channels, seed=1)
    order = cv2.COLOR_RGB2BGR if channels == 3 else cv2.COLOR_RGBA2BGRA
    picture = read_picture(cv2.imencode(suffix, cv2.cvtColor(deep, order))[1].tobytes())
    assert np.array_equal(picture.rgb, deep[..., :3] >> 8)
    assert (picture.alpha is not None) == (channels == 4)
    assert picture.alpha is None or np.array_equal(picture.alpha, deep[..., 3] >> 8)


def test_bilevel_and_grey_become_rgb() -> None:
    grey = noise(9, 7, 1)[..., 0]
    assert np.array_equal(read_picture(encoded(grey, "PNG")).rgb, np.dstack([grey] * 3))
    fax = encoded(Image.fromarray(grey > 127), "TIFF", compression="group4")
    assert np.array_equal(read_picture(fax).rgb[..., 0], np.where(grey > 127, 255, 0))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_grey_with_alpha(kind: str) -> None:
    pixels = noise(9, 7, 2)
    picture = read_picture(
        encoded(Image.fromarray(pixels), kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {}))
    )
    assert np.array_equal(picture.rgb[..., 0], pixels[..., 0])
    assert picture.alpha is not None and np.array_equal(picture.alpha, pixels[..., 1])


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_palette_with_one_clear_colour(kind: str) -> None:
    image = Image.fromarray(scene(20, 20)).quantize(16)
    clear = image.getpixel((3, 3))
    picture = read_picture(encoded(image, kind, transparency=clear))
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha == 0, np.asarray(image) == clear)
    assert np.array_equal(picture.rgb, np.asarray(image.convert("RGB")))


def test_palette_with_many_alphas() -> None:
    image = Image.fromarray(scene(20, 20)).quantize(16)
    picture = read_picture(encoded(image, "PNG", transparency=bytes(range(0, 256, 16))))
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, np.asarray(image) * 16)
    assert np.array_equal(picture.rgb, np.asarray(image.convert("RGB")))


def test_clear_colour_of_grey_rgb_and_deep_pictures() -> None:
    grey = noise(9, 7, 1)[..., 0]
    for pixels in (grey, RAMP, np.dstack([grey] * 3)):
        clear = pixels[2, 2].tolist()
        picture = read_picture(encoded(pixels, "PNG", transparency=clear if pixels.ndim == 2 else tuple(clear)))
        same = pixels == pixels[2, 2]
        assert picture.alpha is not None
        assert np.array_equal(picture.alpha == 0, same if pixels.ndim == 2 else same.all(axis=2))


def test_clear_colour_of_16_bit_rgb() -> None:
    deep = np.dstack([RAMP, RAMP.T, RAMP[::-1]])
    data = cv2.imencode(".png", deep[..., ::-1])[1].tobytes()
    chunk = b"tRNS" + struct.pack(">3H", *deep[4, 5].tolist())
    data = data[:33] + struct.pack(">I", 6) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
    alpha = read_picture(data).alpha
    assert alpha is not None and alpha[4, 5] == 0 and (alpha == 0).sum() == 1


@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_premultiplied_tiff_is_divided_by_its_alpha(compression: str | None) -> None:
    straight = np.full((4, 5, 4), (200, 100, 40, 128), np.uint8)
    stored = straight.copy()
    stored[..., :3] = (100, 50, 20)
    data = bytearray(encoded(stored, "TIFF", **({"compression": compression} if compression else {})))
    data[data.find(struct.pack("<HHI", 338, 3, 1)) + 8] = 1  # ExtraSamples: 2, unassociated, becomes 1, associated
    picture = read_picture(bytes(data))
    assert picture.alpha is not None and (picture.alpha == 128).all()
    assert np.abs(picture.rgb.astype(int) - straight[..., :3]).max() <= 1


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF", "MPO"])
def test_first_frame_of_many(kind: str) -> None:
    first, second = (Image.fromarray(np.full((16, 16, 3), value, np.uint8)) for value in (40, 200))
    picture = read_picture(encoded(first, kind, save_all=True, append_images=[second]))
    assert np.abs(picture.rgb.astype(int) - 40).max() <= 2


def test_rgb_profile_is_kept_and_pixels_are_not_touched() -> None:
    pixels = noise(9, 7)
    picture = read_picture(encoded(pixels, "PNG", icc_profile=SRGB))
    assert picture.icc == SRGB
    assert np.array_equal(picture.rgb, pixels)


@pytest.mark.parametrize("icc", [b"no profile", SRGB[:200], grey_profile(2.2), black_ink_profile()])
def test_profile_that_is_damaged_or_of_other_colours_is_dropped(icc: bytes) -> None:
    pixels = noise(9, 7)
    picture = read_picture(encoded(pixels, "PNG", icc_profile=icc))
    assert picture.icc is None
    assert np.array_equal(picture.rgb, pixels)


def test_grey_profile_leads_to_srgb() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    picture = read_picture(encoded(grey, "PNG", icc_profile=grey_profile(1.8)))
    light = (grey / 255) ** 1.8
    want = 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert picture.icc is None
    assert np.abs(picture.rgb - want[..., None]).max() < 1.5


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_without_profile(kind: str) -> None:
    """A JPEG stores inverted inks, as Adobe does: white paper must not come out black."""
    cmyk = Image.new("CMYK", (16, 16), (0, 0, 0, 0))
    assert read_picture(encoded(cmyk, kind)).rgb.min() >= 254
    red = read_picture(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), kind)).rgb.astype(int)
    assert np.abs(red - (255, 0, 0)).max() <= 2


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_profile_leads_to_srgb(kind: str) -> None:
    inks = Image.merge("CMYK", [Image.new("L", (16, 16), value) for value in (50, 200, 150, 0)])
    picture = read_picture(encoded(inks, kind, icc_profile=black_ink_profile()))
    assert picture.rgb.min() >= 254, "only black ink prints in this profile"
    assert picture.icc is None


def test_lab_becomes_srgb() -> None:
    colours = np.array([[(200, 30, 90), (20, 140, 60), (128, 128, 128), (255, 255, 255)]], np.uint8)
    lab = ImageCms.profileToProfile(
        Image.fromarray(colours), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert lab is not None
    assert np.abs(read_picture(encoded(lab, "TIFF")).rgb.astype(int) - colours).max() <= 3

"""Pictures in and out: refusals, the pixel cap, round trips, masks, folders."""

import dataclasses
import io
import os
import re
import struct
import tempfile
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from studio.core.errors import BadInput, StorageFull
from studio.core.image import Picture, encode_picture, list_pictures, read_mask, read_picture, resize, write_picture
from studio.core.provenance import DigitalSource
from tests.pictures import encoded, noise, scene

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
KINDS = ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"]
sides = st.integers(1, 33)


def png_header(width: int, height: int) -> bytes:
    """The first bytes of a PNG that says it has these sides, up to where its pixels would begin."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + b"\0\0\1\0IDAT"


def is_one_sentence(message: str) -> bool:
    return message.endswith(".") and "\n" not in message and message.count(". ") == 0


# --- Picture ---


def test_picture_is_read_only_and_leaves_the_callers_array_alone() -> None:
    pixels = noise(4, 3)
    picture = Picture(rgb=pixels)
    with pytest.raises(ValueError, match="read-only"):
        picture.rgb[0, 0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        picture.name = "other"  # type: ignore[misc]
    pixels[0, 0] = 0
    assert not read_picture(encoded(pixels, "PNG")).rgb.flags.writeable


@pytest.mark.parametrize(
    ("rgb", "alpha"),
    [
        (np.zeros((4, 4), np.uint8), None),
        (np.zeros((4, 4, 4), np.uint8), None),
        (np.zeros((4, 4, 3), np.float32), None),
        (np.zeros((0, 4, 3), np.uint8), None),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8)),
    ],
)
def test_picture_of_a_wrong_shape_is_a_mistake(rgb: np.ndarray, alpha: np.ndarray | None) -> None:
    with pytest.raises(ValueError, match="must be uint8"):
        Picture(rgb=rgb, alpha=alpha)


# --- reading what cannot be read ---


@pytest.mark.parametrize("kind", KINDS)
def test_cut_short_file_is_refused(kind: str, tmp_path: Path) -> None:
    data = encoded(scene(64, 64), kind)
    path = tmp_path / f"cut.{kind.lower()}"
    for length in (1, 3, 10, 20, 40, len(data) // 2, len(data) * 9 // 10):
        path.write_bytes(data[:length])
        with pytest.raises(BadInput, match=r"^cut\.") as caught:
            read_picture(path)
        assert is_one_sentence(str(caught.value))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"Dear diary, this is text.\n" * 9, "not a picture that Easel reads"),
        (b"\0" * 4096, "not a picture that Easel reads"),
        (b"%PDF-1.7 ...", "not a picture that Easel reads"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture that Easel reads"),
        (b"BM and so on, which only begins as a BMP does", "damaged"),
        (png_header(5, 5), "damaged"),
        (png_header(0, 5), "damaged"),
    ],
)
def test_file_that_is_no_picture_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    path.write_bytes(content)
    for source, name in ((path, "holiday.png"), (str(path), "holiday.png"), (content, "The picture")):
        with pytest.raises(BadInput, match=f"^{re.escape(name)} .*{words}") as caught:
            read_picture(source)
        assert is_one_sentence(str(caught.value))


def test_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for path, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.png", "does not exist"),
        (tmp_path / "pipe.png", "device or pipe"),
        (tmp_path / ("x" * 300 + ".png"), "cannot be opened"),
        ("nul\0.png", "cannot be opened"),
    ):
        with pytest.raises(BadInput, match=words) as caught:
            read_picture(path)
        assert is_one_sentence(str(caught.value))


def test_200_megapixel_file_is_refused_by_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wall.png"
    Image.new("1", (20_000, 10_000)).save(path)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", lambda _: pytest.fail("decoded"), raising=False)
    with pytest.raises(BadInput) as caught:
        read_picture(path)
    assert str(caught.value) == (
        "wall.png has 20000 x 10000 pixels (200.0 megapixels), over the limit of 25 megapixels; make it smaller first."
    )


@pytest.mark.parametrize("kind", KINDS)
def test_cap_is_kept_to_the_pixel_in_every_format(kind: str) -> None:
    data = encoded(scene(20, 10), kind)
    assert read_picture(data, max_pixels=200).size == (20, 10)
    with pytest.raises(BadInput, match="20 x 10 pixels"):
        read_picture(data, max_pixels=199)


@pytest.mark.parametrize("side", [11_000, 20_000, 2**31 - 1])
def test_bombs_are_refused(side: int) -> None:
    with pytest.raises(BadInput, match=f"bomb.png has {side} x {side} pixels"):
        read_picture(png_header(side, side), name="bomb.png")


@pytest.mark.parametrize("side", [6_000, 11_000, 40_000])
def test_gif_frame_larger_than_its_screen_is_refused(side: int) -> None:
    data = bytearray(encoded(Image.new("P", (8, 8)), "GIF"))
    frame = data.index(b"\x2c\0\0\0\0")
    data[frame + 5 : frame + 9] = struct.pack("<HH", side, side)
    with pytest.raises(BadInput, match=r"^bomb\.gif "):
        read_picture(bytes(data), name="bomb.gif")


@given(kind=st.sampled_from(KINDS), data=st.data())
def test_damaged_bytes_give_a_picture_or_one_sentence(kind: str, data: st.DataObject) -> None:
    """Pytest turns warnings into errors, so this holds that none of Pillow's leaks either."""
    damaged = bytearray(encoded(scene(24, 16), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = read_picture(bytes(damaged), max_pixels=100_000)
    except BadInput as error:
        assert is_one_sentence(str(error))
    else:
        assert picture.width * picture.height <= 100_000


def test_pillows_warnings_do_not_leak() -> None:
    data = encoded(noise(8, 8), "PNG")
    chunk = b"acTL" + struct.pack(">II", 0, 0)  # an animation of no frames
    data = data[:33] + struct.pack(">I", 8) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
    with pytest.warns(UserWarning, match="APNG"):
        Image.open(io.BytesIO(data))
    assert np.array_equal(read_picture(data).rgb, noise(8, 8))


def test_threads_read_side_by_side() -> None:
    data = encoded(noise(64, 64), "PNG")
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(np.array_equal(read_picture(data).rgb, noise(64, 64))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 8


# --- writing ---


@given(
    suffix=st.sampled_from([".png", ".tif", ".TIFF", ".bmp"]),
    width=sides,
    height=sides,
    channels=st.sampled_from([3, 4]),
    profile=st.booleans(),
    seed=st.integers(0, 99),
)
def test_lossless_formats_come_back_as_they_went(
    suffix: str, width: int, height: int, channels: int, profile: bool, seed: int
) -> None:
    pixels = noise(width, height, channels, seed)
    icc = SRGB if profile else None
    alpha = pixels[..., 3] if channels == 4 else None
    with tempfile.TemporaryDirectory() as folder:
        path = write_picture(
            Path(folder, f"a{suffix}"), Picture(rgb=pixels[..., :3], alpha=alpha, icc=icc), source=None
        )
        back = read_picture(path)
        assert os.listdir(folder) == [path.name]
    assert back.name == path.name
    assert np.array_equal(back.rgb, pixels[..., :3])
    assert (back.alpha is None) == (alpha is None)
    assert alpha is None or (back.alpha is not None and np.array_equal(back.alpha, alpha))
    assert back.icc == (None if suffix == ".bmp" else icc)


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".JPG", ".webp"])
def test_lossy_formats_come_close_and_keep_the_profile(suffix: str, tmp_path: Path) -> None:
    pixels = scene(60, 40)
    path = write_picture(tmp_path / f"a{suffix}", Picture(rgb=pixels, icc=SRGB), source=None)
    back = read_picture(path)
    assert np.abs(back.rgb.astype(int) - pixels).mean() < (4 if suffix == ".webp" else 2)  # WebP halves the chroma
    assert back.icc == SRGB
    assert path.stat().st_size > len(encode_picture(Picture(rgb=pixels, icc=SRGB), suffix, source=None, quality=30))


def test_alpha_is_kept_exactly_by_webp_and_laid_on_white_by_jpeg() -> None:
    alpha = np.tile(np.linspace(0, 255, 48).astype(np.uint8), (32, 1))
    picture = Picture(rgb=np.full((32, 48, 3), (200, 40, 90), np.uint8), alpha=alpha)
    webp = read_picture(encode_picture(picture, ".webp", source=None))
    assert webp.alpha is not None and np.array_equal(webp.alpha, alpha)
    jpeg = read_picture(encode_picture(picture, ".jpg", source=None, quality=100))
    share = alpha[..., None] / 255
    assert jpeg.alpha is None
    assert np.abs(jpeg.rgb - (picture.rgb * share + 255 * (1 - share))).max() < 4


def test_colours_under_clear_pixels_are_kept() -> None:
    picture = Picture(rgb=noise(9, 9), alpha=np.zeros((9, 9), np.uint8))
    for suffix in (".png", ".tif", ".bmp"):
        assert np.array_equal(read_picture(encode_picture(picture, suffix, source=None)).rgb, picture.rgb)


@pytest.mark.parametrize("name", ["a.gif", "a.heic", "a", "a.png.exe"])
def test_other_suffixes_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"cannot be written as .* use \.png, \.jpg") as caught:
        write_picture(tmp_path / name, Picture(rgb=noise(4, 4)), source=None)
    assert is_one_sentence(str(caught.value))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("suffix", "side"), [(".webp", 16_384), (".jpg", 65_501)])
def test_side_too_long_for_the_format_is_refused(suffix: str, side: int) -> None:
    long = Picture(rgb=np.zeros((1, side, 3), np.uint8))
    with pytest.raises(BadInput, match=r"write a \.png instead"):
        encode_picture(long, suffix, source=None)
    encode_picture(Picture(rgb=long.rgb[:, 1:]), suffix, source=None)


def test_settings_too_long_for_jpeg_are_refused() -> None:
    settings = {"stroke": "x" * 70_000}
    with pytest.raises(BadInput, match=r"settings are too long for long\.jpg"):
        encode_picture(Picture(rgb=noise(4, 4)), ".jpg", settings=settings, source=None, name="long.jpg")
    assert read_picture(encode_picture(Picture(rgb=noise(4, 4)), settings=settings, source=None)).settings == settings


@pytest.mark.parametrize("quality", [0, 101, -5])
def test_quality_out_of_range_is_refused(quality: int) -> None:
    with pytest.raises(BadInput, match="choose 1 to 100"):
        encode_picture(Picture(rgb=noise(4, 4)), ".jpg", source=None, quality=quality)


def test_rewritten_file_is_upright_once_only(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    first = read_picture(encoded(scene(20, 12), "JPEG", exif=exif))
    second = read_picture(write_picture(tmp_path / "a.jpg", first, source=DigitalSource.COMPOSITE, settings={"a": 1}))
    assert first.size == second.size == (12, 20)


def test_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_picture(tmp_path / "a.png", Picture(rgb=noise(8, 8)), source=None)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match=r"no room left to write a\.png"):
        write_picture(path, Picture(rgb=noise(8, 8, seed=1)), source=None)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.png"]


# --- masks, folders, sizes ---


def test_white_of_an_opaque_picture_is_the_hole() -> None:
    grey = noise(9, 7, 1)[..., 0]
    assert np.array_equal(read_mask(encoded(grey, "PNG")), grey > 127)
    assert np.array_equal(read_mask(encoded(np.dstack([grey] * 3), "PNG")), grey > 127)
    opaque = np.dstack([grey, np.full_like(grey, 255)])
    assert np.array_equal(read_mask(encoded(Image.fromarray(opaque), "PNG")), grey > 127)


def test_paint_of_a_clear_picture_is_the_hole_whatever_its_colour() -> None:
    painted = noise(9, 7, 4)
    assert np.array_equal(read_mask(encoded(painted, "PNG")), painted[..., 3] > 127)
    painted[..., 3] = 0
    assert not read_mask(encoded(painted, "PNG")).any()


def test_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    path.write_bytes(encoded(noise(9, 7), "PNG"))
    assert read_mask(path, (9, 7)).shape == (7, 9)
    with pytest.raises(BadInput, match=r"mask\.png is 9 x 7 pixels but the picture is 7 x 9; .*"):
        read_mask(path, (7, 9))


def test_folders_are_listed_in_depth_and_in_order(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpg", "sub/c.webp", "sub/d.txt", ".hidden/e.png", "sub/._f.jpg", "g.gif"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "in/folder.png").mkdir()
    (tmp_path / "in/broken.png").symlink_to("nowhere")
    (tmp_path / "in/sub/loop").symlink_to(tmp_path / "in")
    found = list_pictures([tmp_path / "in", str(tmp_path / "in/a.jpg"), tmp_path / "in/sub/d.txt"])
    assert [path.relative_to(tmp_path / "in").as_posix() for path in found] == [
        "a.jpg",
        "b.PNG",
        "g.gif",
        "sub/c.webp",
        "sub/d.txt",
    ]


def test_nothing_to_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(BadInput, match=f"no picture in {tmp_path};"):
        list_pictures([tmp_path])
    with pytest.raises(BadInput, match="no picture in an empty list"):
        list_pictures([])
    with pytest.raises(BadInput, match=r"none\.png does not exist"):
        list_pictures([tmp_path / "none.png"])


@given(width=sides, height=sides, channels=st.sampled_from([0, 1, 3, 4]), depth=st.sampled_from([np.uint8, np.float32]))
def test_resize_gives_the_size_asked_for_and_keeps_flat_colours(
    width: int, height: int, channels: int, depth: type
) -> None:
    flat = np.full((5, 7, channels) if channels else (5, 7), 100, depth)
    result = resize(flat, (width, height))
    assert result.shape == ((height, width, channels) if channels else (height, width))
    assert result.dtype == depth
    assert result.flags.writeable
    assert np.allclose(result, 100, atol=1e-3)


def test_resize_is_antialiased() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))
    assert np.ptp(resize(stripes, (16, 16))) < 30
    assert np.ptp(resize(stripes.astype(np.float32), (16, 16))) < 30

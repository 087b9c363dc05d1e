"""Sheets there and back: every pixel, every offset, both forms of the JSON, and sheets without any."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput
from studio.core.image import Picture, read_picture, write_picture
from studio.core.sprites.atlas import FORMS, parse_frames, read_sheet, write_sheet
from studio.core.sprites.cutting import by_grid, by_islands
from studio.core.sprites.packing import next_power, pack
from studio.core.sprites.sheet import cut_sheet, pack_sheet, refilled, rgba, visible_box
from tests.pictures import noise

SIZES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=30)


def sprite(width: int, height: int, seed: int, name: str = "") -> Picture:
    """Noise with a transparent border, and colours beneath it."""
    pixels, random = noise(width, height, 4, seed=seed), np.random.default_rng(seed)
    border = random.integers(0, 4, 4)
    alpha = np.zeros((height, width), np.uint8)
    inner = slice(border[0], max(border[0] + 1, height - border[1])), slice(border[2], width - border[3])
    alpha[inner] = pixels[inner][..., 3]
    return Picture(rgb=pixels[..., :3], alpha=alpha, name=name or f"{seed}.png")


def seen(picture: Picture) -> np.ndarray:
    """RGBA without the colours beneath alpha 0."""
    pixels = rgba(picture)
    return pixels * (pixels[..., 3:] > 0)


@given(SIZES, st.integers(0, 4), st.booleans())
def test_packed_rectangles_lie_apart_in_a_sheet_of_the_size_told(
    sizes: list[tuple[int, int]], padding: int, power: bool
) -> None:
    packing = pack(sizes, padding=padding, power_of_two=power)
    assert packing is not None
    width, height = packing.size
    taken = np.zeros((height, width), int)
    for (x, y), (w, h) in zip(packing.places, sizes, strict=True):
        assert padding <= x <= width - w - padding and padding <= y <= height - h - padding
        assert not taken[y - min(padding, y) : y + h + padding, x - min(padding, x) : x + w + padding].any()
        taken[y : y + h, x : x + w] = 1
    assert not power or (width, height) == (next_power(width), next_power(height))
    if len(sizes) > 10 and not power and not padding:
        assert taken.mean() > 0.55


def test_equal_sprites_leave_no_gap() -> None:
    packing = pack([(32, 32)] * 64)
    assert packing is not None and packing.size == (256, 256)
    assert pack([(32, 32)] * 64, largest=255) is None


@given(SIZES, st.booleans(), st.sampled_from(FORMS), st.booleans())
def test_what_is_packed_comes_back_pixel_for_pixel(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[tuple[int, int]], trim: bool, form: str, power: bool
) -> None:
    folder = tmp_path_factory.mktemp("sheet")
    sprites = [sprite(w, h, index) for index, (w, h) in enumerate(sizes)]
    sheet = pack_sheet(sprites, trim=trim, power_of_two=power)
    png, data = write_sheet(folder / "hero.png", sheet, form=form, settings={}, source=None)
    again = cut_sheet(read_sheet(data))
    assert [each.name for each in again] == [each.name for each in sprites]
    for before, after in zip(sprites, again, strict=True):
        same = seen if trim else rgba
        assert np.array_equal(same(before), same(after))
    facts = json.loads(data.read_text())
    assert facts["meta"]["image"] == png.name and facts["meta"]["format"] == "RGBA8888"
    assert facts["meta"]["size"] == dict(zip("wh", sheet.picture.size, strict=True))
    first = facts["frames"]["0.png"] if form == "hash" else facts["frames"][0]
    rows, columns = visible_box(sprites[0].alpha if trim else None, sprites[0].rgb.shape)
    assert first["spriteSourceSize"] == {
        "x": columns.start,
        "y": rows.start,
        "w": columns.stop - columns.start,
        "h": rows.stop - rows.start,
    }
    assert first["trimmed"] == (first["sourceSize"] != {"w": first["frame"]["w"], "h": first["frame"]["h"]})
    assert first["rotated"] is False


def test_a_frame_that_lies_turned_is_set_upright_and_refilled_so(tmp_path: Path) -> None:
    """As TexturePacker writes it: clockwise in the sheet, w and h those of the sprite."""
    upright = noise(5, 3, 4, seed=1)
    canvas = np.zeros((8, 8, 4), np.uint8)
    canvas[2:7, 1:4] = np.rot90(upright, -1)
    write_picture(tmp_path / "s.png", Picture(rgb=canvas[..., :3], alpha=canvas[..., 3]), source=None)
    frame = {"frame": {"x": 1, "y": 2, "w": 5, "h": 3}, "rotated": True}
    data = {"frames": {"a": frame}, "meta": {"image": "s.png", "scale": "1"}, "animations": {"walk": ["a"]}}
    (tmp_path / "s.json").write_text(json.dumps(data))
    sheet = read_sheet(tmp_path / "s.json")
    (found,) = cut_sheet(sheet)
    assert np.array_equal(rgba(found), upright)
    other = Picture(rgb=255 - upright[..., :3], alpha=found.alpha)
    changed = refilled(sheet, [other])
    assert np.array_equal(cut_sheet(changed)[0].rgb, other.rgb)
    assert np.array_equal(rgba(changed.picture)[..., 3], canvas[..., 3])
    (tmp_path / "out").mkdir()
    _, written = write_sheet(tmp_path / "out" / "t.png", changed, settings={}, source=None)
    kept = json.loads(written.read_text())
    assert kept["frames"] == data["frames"] and kept["animations"] == data["animations"]
    assert kept["meta"]["image"] == "t.png" and kept["meta"]["scale"] == "1"


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 9), st.integers(1, 9))
def test_a_grid_is_cut_into_its_cells(columns: int, rows: int, width: int, height: int) -> None:
    pixels = noise(columns * width, rows * height, 4, seed=columns)
    pixels[..., 3] |= 1
    picture = Picture(rgb=pixels[..., :3], alpha=pixels[..., 3], name="tiles.png")
    by_count, by_size = by_grid(picture, columns=columns, rows=rows), by_grid(picture, tile=(width, height))
    assert by_count.frames == by_size.frames and len(by_count.frames) == columns * rows
    for index, found in enumerate(cut_sheet(by_count)):
        row, column = divmod(index, columns)
        cell = pixels[row * height : (row + 1) * height, column * width : (column + 1) * width]
        assert np.array_equal(rgba(found), cell)


def test_empty_cells_are_left_out_and_odd_grids_refused() -> None:
    alpha = np.zeros((4, 6), np.uint8)
    alpha[1, 3] = 9
    picture = Picture(rgb=noise(6, 4), alpha=alpha, name="t.png")
    (frame,) = by_grid(picture, columns=3, rows=2).frames
    assert (frame.name, frame.x, frame.y) == ("t-01.png", 2, 0)
    for settings in ({"columns": 4, "rows": 2}, {"tile": (4, 4)}, {"tile": (7, 4)}, {"columns": 7, "rows": 1}):
        with pytest.raises(BadInput, match=r"t\.png is 6 x 4 px, which .* do not divide"):
            by_grid(picture, **settings)  # type: ignore[arg-type]


def test_islands_are_cut_apart_even_where_their_boxes_overlap() -> None:
    """Two L shapes that hold each other, and a dot of two parts."""
    alpha = np.zeros((20, 30), np.uint8)
    alpha[2:12, 2] = alpha[12, 2:9] = 200
    alpha[2:10, 10] = alpha[2, 5:11] = 100
    alpha[15, 20] = alpha[15, 22] = 255
    picture = Picture(rgb=noise(30, 20), alpha=alpha, name="mess.png")
    sheet = by_islands(picture)
    assert len(sheet.frames) == 4 and len(by_islands(picture, gap=2).frames) == 3
    parts = cut_sheet(by_islands(picture, gap=2))
    assert [int((part.alpha > 0).sum()) for part in parts if part.alpha is not None] == [17, 13, 2]
    assert [set(np.unique(rgba(part)[..., 3])) for part in parts] == [{0, 200}, {0, 100}, {0, 255}]
    brighter = [Picture(rgb=255 - part.rgb, alpha=part.alpha) for part in cut_sheet(sheet)]
    again = refilled(sheet, brighter).picture
    assert np.array_equal(again.rgb[alpha > 0], 255 - picture.rgb[alpha > 0])
    assert np.array_equal(again.rgb[alpha == 0], picture.rgb[alpha == 0])
    with pytest.raises(BadInput, match="no transparency"):
        by_islands(Picture(rgb=noise(4, 4), name="flat.png"))


def broken(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "frame": {"x": 0, "y": 0, "w": 4, "h": 4},
        "spriteSourceSize": {"x": 1, "y": 1, "w": 4, "h": 4},
        "sourceSize": {"w": 6, "h": 6},
    }
    change(item)
    return item


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.pop("frame"),
        lambda item: item["frame"].update(x=-1),
        lambda item: item["frame"].update(w=9),
        lambda item: item["frame"].update(h=0),
        lambda item: item["frame"].update(x="1"),
        lambda item: item["frame"].update(x=0.5),
        lambda item: item["frame"].update(y=float("inf")),
        lambda item: item["spriteSourceSize"].update(x=3),
        lambda item: item["sourceSize"].update(w=10**9, h=10**9),
        lambda item: item.update(frame=[1, 2, 3, 4]),
    ],
)
def test_frames_that_cannot_be_are_named(change: Callable[[dict[str, Any]], object]) -> None:
    assert parse_frames({"ok": broken(lambda item: None)}, (8, 8), "s.json")
    with pytest.raises(BadInput, match=r"The frame bad of s\.json does not lie in the sheet"):
        parse_frames([{"filename": "bad", **broken(change)}], (8, 8), "s.json")


def test_what_is_no_sheet_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"meta": {}}')
    for name, words in {"a.json": "no 'frames'", "none.json": "does not exist"}.items():
        with pytest.raises(BadInput, match=words):
            read_sheet(tmp_path / name)
    (tmp_path / "b.json").write_text('{"frames": {}, "meta": {"image": "../../b.png"}}')
    with pytest.raises(BadInput, match=r"b\.png does not exist"):
        read_sheet(tmp_path / "b.json")
    write_picture(tmp_path / "b.png", Picture(rgb=noise(4, 4)), source=None)
    with pytest.raises(BadInput, match="0 frames"):
        read_sheet(tmp_path / "b.json")


def test_sheets_refuse_what_cannot_be_packed() -> None:
    with pytest.raises(BadInput, match="1 to"):
        pack_sheet([])
    with pytest.raises(BadInput, match=r"called a\.png"):
        pack_sheet([sprite(3, 3, 1, "a.png"), sprite(3, 3, 2, "a.png")])
    with pytest.raises(BadInput, match="do not fit"):
        pack_sheet([sprite(30, 30, seed) for seed in range(9)], largest=64)


def test_a_sprite_of_which_nothing_is_seen_comes_back(tmp_path: Path) -> None:
    ghost = Picture(rgb=noise(7, 5), alpha=np.zeros((5, 7), np.uint8), name="ghost.png")
    _, data = write_sheet(tmp_path / "g.png", pack_sheet([ghost]), settings={}, source=None)
    (found,) = cut_sheet(read_sheet(data))
    assert found.size == (7, 5) and found.alpha is not None and not found.alpha.any()
    assert read_picture(tmp_path / "g.png").size == (5, 5)

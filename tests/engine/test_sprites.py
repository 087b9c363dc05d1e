"""Sprites in one look: alpha and layout as they were, no colour from beneath it, one measure for all, and resumable."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.errors import BadInput, Cancelled
from studio.core.image import Picture, read_picture, write_picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.core.sprites.atlas import read_sheet
from studio.core.sprites.sheet import cut_sheet, rgba
from studio.engine import best_style
from studio.engine.batch import Batch, run_batch
from studio.engine.engine import Engine
from studio.engine.sprites import SpritePainter, flowed, mosaic, zoom_for
from studio.engine.tasks import sprites_pack, sprites_unpack
from studio.engine.tasks.sprites_pack import SpritesPackRequest
from studio.engine.tasks.sprites_style import SpritesStyleRequest, SpritesStyleResult, save
from studio.engine.tasks.sprites_unpack import SpritesUnpackRequest
from tests.pictures import noise, scene


def figure(seed: int, width: int = 24, height: int = 20) -> Picture:
    """A scene seen through a disc with a soft border."""
    y, x = np.mgrid[:height, :width]
    far = np.hypot(x - width / 2 + seed % 3, y - height / 2)
    alpha = ((min(width, height) / 2 - 1 - far) * 90).clip(0, 255).astype(np.uint8)
    return Picture(rgb=scene(width, height, seed), alpha=alpha, name=f"{seed}.png")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(4):
        write_picture(tmp_path / "art" / f"{seed}.png", figure(seed), source=None)
    write_picture(tmp_path / "art" / "below" / "scene.png", Picture(rgb=scene(50, 30)), source=None)
    return tmp_path / "art"


def styled(engine: Engine, *sprites: Path, control: TaskControl | None = None, **changes: Any) -> SpritesStyleResult:
    chosen = {"preset": "reeds", "zoom": 1} | changes
    return engine.run(SpritesStyleRequest(sprites=sprites, **chosen), control)


def loose(engine: Engine, *sprites: Path, control: TaskControl | None = None, **changes: Any) -> dict[str, Picture]:
    """The painted sprites by name."""
    done = styled(engine, *sprites, control=control, **changes)
    return {name: read_picture(path) for name, path in done.sprites}


def test_every_alpha_value_of_a_folder_stays(engine: Engine, folder: Path, tmp_path: Path) -> None:
    done = styled(engine, folder)
    files = save(done, tmp_path / "out.png")
    names = [path.relative_to(tmp_path / "out").as_posix() for path in files]
    assert names == ["0.png", "1.png", "2.png", "3.png", "below/scene.png"] and not done.errors
    for path, name in zip(files, names, strict=True):
        before, after = read_picture(folder / name), read_picture(path)
        assert np.array_equal(rgba(before)[..., 3], rgba(after)[..., 3])
        seen = rgba(before)[..., 3] > 0
        assert np.abs(before.rgb.astype(int) - after.rgb)[seen].mean() > 3, "it is painted"
        assert after.settings["task"] == "sprites_style" and after.source == DigitalSource.COMPOSITE


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.integers(0, 2**31), preset=st.sampled_from(["reeds", "oil", "halftone"]))
def test_what_lies_beneath_alpha_never_reaches_what_is_seen(
    engine: Engine, tmp_path: Path, hidden: int, preset: str
) -> None:
    plain = figure(1)
    assert plain.alpha is not None
    other = np.where(plain.alpha[..., None] > 0, plain.rgb, noise(plain.width, plain.height, seed=hidden))
    made = []
    for picture in (plain, replace(plain, rgb=other)):
        path = write_picture(tmp_path / "one.png", picture, source=None)
        made.append(save(styled(engine, path, preset=preset), tmp_path / "made.png")[0].read_bytes())
    assert made[0] == made[1]


def test_colours_flow_out_from_what_is_opaque() -> None:
    """A red square with a faint black rim: around it lies red, not black."""
    rgb, alpha = np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.uint8)
    alpha[2:7, 2:7], alpha[3:6, 3:6], rgb[3:6, 3:6] = 20, 255, (200, 0, 0)
    found = flowed(Picture(rgb=rgb, alpha=alpha), margin=3)
    assert found.shape == (15, 15, 3)
    assert (found[0] == (200, 0, 0)).all() and (found[5, 5:10] == 0).all()


def test_all_are_painted_by_one_measure(engine: Engine, folder: Path, tmp_path: Path) -> None:
    """The same sprite twice in a folder comes out the same; alone, where only itself is measured, it does not."""
    write_picture(folder / "twin.png", replace(figure(2), name=""), source=None)
    made = loose(engine, folder)
    assert np.array_equal(made["2.png"].rgb, made["twin.png"].rgb)
    alone = loose(engine, folder / "twin.png")["twin.png"]
    assert not np.array_equal(alone.rgb, made["twin.png"].rgb)


def test_a_sheet_keeps_its_layout(engine: Engine, folder: Path, tmp_path: Path) -> None:
    packed = engine.run(SpritesPackRequest(sprites=(folder,), form="array"))
    png, data = sprites_pack.save(packed, tmp_path / "sheets" / "hero.png")
    made, written = save(styled(engine, data, png), tmp_path / "out.png")
    assert (made.name, written.name) == ("hero.png", "hero.json")
    assert json.loads(written.read_text())["frames"] == json.loads(data.read_text())["frames"]
    before, after = read_picture(png), read_picture(made)
    assert np.array_equal(rgba(before)[..., 3], rgba(after)[..., 3])
    apart = {sprite.name: sprite for sprite in cut_sheet(read_sheet(written))}
    for name, picture in loose(engine, folder).items():  # as painted without a sheet
        seen = rgba(apart[name])[..., 3] > 0
        assert np.abs(apart[name].rgb.astype(int) - picture.rgb)[seen].mean() < 2


@pytest.mark.parametrize("cut", [{"columns": 4, "rows": 1}, {"tile_width": 24, "tile_height": 20}, {"islands": True}])
def test_a_plain_sheet_is_painted_in_place(engine: Engine, tmp_path: Path, cut: dict[str, Any]) -> None:
    whole = np.hstack([rgba(figure(seed)) for seed in range(4)])
    path = write_picture(tmp_path / "s.png", Picture(rgb=whole[..., :3], alpha=whole[..., 3]), source=None)
    png, data = save(styled(engine, path, **cut), tmp_path / "out.png")
    assert np.array_equal(rgba(read_picture(png))[..., 3], whole[..., 3])
    assert len(read_sheet(data).frames) == 4
    taken = sprites_unpack.save(engine.run(SpritesUnpackRequest(sprites=(png,))), tmp_path / "cut.png")
    assert [path.name for path in taken] == ["s-01.png", "s-02.png", "s-03.png", "s-04.png"]


def test_results_come_as_a_sheet_or_as_files(engine: Engine, folder: Path, tmp_path: Path) -> None:
    packed = engine.run(SpritesPackRequest(sprites=(folder / "0.png", folder / "1.png")))
    _, data = sprites_pack.save(packed, tmp_path / "in" / "two.png")
    other = folder / "2.png"
    files = save(styled(engine, data, other, give="files"), tmp_path / "files.png")
    assert sorted(path.name for path in files) == ["0.png", "1.png", "2.png"]
    png, written = save(styled(engine, data, other, give="sheet", power_of_two=True), tmp_path / "sheet.png")
    sheet = read_sheet(written)
    assert [frame.name for frame in sheet.frames] == ["0.png", "1.png", "2.png"]
    assert all(side & (side - 1) == 0 for side in read_picture(png).size)
    for path, sprite in zip(sorted(files), cut_sheet(sheet), strict=True):
        seen = rgba(sprite)[..., 3] > 0
        assert np.array_equal(sprite.rgb[seen], read_picture(path).rgb[seen])


def test_at_strength_0_every_pixel_stays(engine: Engine, folder: Path) -> None:
    for name, picture in loose(engine, folder, strength=0.0).items():
        assert np.array_equal(rgba(picture), rgba(read_picture(folder / name)))


def test_a_stopped_job_goes_on_with_what_is_left(
    engine: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = loose(engine, folder)
    control = TaskControl(folder=tmp_path / "state")
    control.listener = lambda news: control.cancel() if news.step == 2 else None
    with pytest.raises(Cancelled):
        loose(engine, folder, control=control)
    painted: list[str] = []
    paint: Callable[..., Picture] = SpritePainter.paint

    def counted(self: SpritePainter, picture: Picture, control: TaskControl) -> Picture:
        painted.append(picture.name)
        return paint(self, picture, control)

    monkeypatch.setattr(SpritePainter, "paint", counted)
    again = loose(engine, folder, control=TaskControl(folder=tmp_path / "state"))
    assert painted == ["2.png", "3.png", "below/scene.png"]
    assert again.keys() == whole.keys()
    assert all(np.array_equal(rgba(again[name]), rgba(whole[name])) for name in whole)


def test_a_file_that_is_no_picture_is_told_and_the_others_go_on(engine: Engine, folder: Path, tmp_path: Path) -> None:
    (folder / "broken.png").write_text("no picture")
    (folder / "broken.json").write_text(json.dumps({"frames": {"a": {"frame": {}}}, "meta": {"image": "0.png"}}))
    done = styled(engine, folder)
    assert len(done.sprites) == 4, "0.png belongs to the sheet"
    assert [error for error in done.errors if "broken.png" in error and "convert it" in error]
    assert [error for error in done.errors if "The frame a of broken.json" in error]
    note = save(done, tmp_path / "out.png")[-1]
    assert note.name == "errors.txt" and note.read_text().splitlines() == list(done.errors)
    with pytest.raises(BadInput, match=r"broken\.png is not a picture"):
        styled(engine, folder / "broken.png")


def test_as_a_background_job(engine: Engine, folder: Path, tmp_path: Path) -> None:
    batch = Batch(
        task="sprites_style",
        folder=tmp_path / "job",
        settings={"preset": "reeds", "give": "sheet"},
        files={"sprites": [str(folder)]},
    )
    (entry,) = run_batch(engine, batch, TaskControl())
    assert [path.name for path in entry.files] == ["sheet.png", "sheet.json"] and all(map(Path.is_file, entry.files))


def test_any_picture_is_the_style(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    style = Picture(rgb=scene(96, 80, seed=9) // 2)
    fast = loose(engine, folder, preset="", style_picture=style)
    assert len(fast) == 5
    monkeypatch.setattr(best_style, "STEPS", (2,))
    monkeypatch.setattr(best_style, "PATCH_STEPS", 1)
    best = loose(engine, folder, preset="", style_picture=style, method="best")
    for name, after in best.items():
        assert np.array_equal(rgba(read_picture(folder / name))[..., 3], rgba(after)[..., 3])
        assert not np.array_equal(fast[name].rgb, after.rgb)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"preset": "nothing"}, "no style 'nothing'"),
        ({"preset": ""}, "There is no style"),
        ({"method": "best"}, "needs a style picture"),
        ({"columns": 2}, "needs both columns and rows"),
        ({"columns": 2, "rows": 2, "islands": True}, "not both"),
        ({"give": "zip"}, "give"),
    ],
)
def test_what_cannot_be_done_is_said(engine: Engine, folder: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        styled(engine, folder, **changes)


def test_small_sprites_are_painted_enlarged(engine: Engine, folder: Path) -> None:
    assert (zoom_for([(16, 16)]), zoom_for([(64, 32), (60, 64)]), zoom_for([(900, 600)])) == (8, 2, 1)
    fine, coarse = (loose(engine, folder, zoom=zoom)["1.png"] for zoom in (0, 1))
    assert fine.size == coarse.size and not np.array_equal(fine.rgb, coarse.rgb)


def test_the_mosaic_shows_what_is_seen_and_nothing_else() -> None:
    red, blue = (np.zeros((8, 8, 3), np.uint8) for _ in range(2))
    red[..., 0], blue[..., 2] = 200, 200
    alpha = np.zeros((8, 8), np.uint8)
    alpha[2:5, 2:7] = 255
    found = mosaic([Picture(rgb=np.where(alpha[..., None] > 0, red, 77), alpha=alpha), Picture(rgb=blue)])
    assert {tuple(colour) for colour in found.reshape(-1, 3).tolist()} == {(200, 0, 0), (0, 0, 200)}

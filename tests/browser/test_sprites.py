"""Sprites in the Art tab, sheets in the Create tab, and their endpoints."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from playwright.sync_api import Page, expect

from studio.core.image import read_picture, write_picture
from studio.core.sprites.sheet import rgba
from tests.browser.actions import download
from tests.browser.conftest import Served, Visit
from tests.core.sprites.test_sheet import seen
from tests.engine.test_sprites import figure


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [write_picture(tmp_path / "in" / f"{seed}.png", figure(seed), source=None) for seed in range(3)]


def drop(page: Page, name: str, files: list[Path]) -> None:
    page.set_input_files(f"#{name}-files input[type=file]", list(map(str, files)))
    expect(page.locator(f"#{name}-files")).to_contain_text(files[-1].stem)


def unzipped(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def test_sprites_take_the_chosen_look(served: Served, visit: Visit, files: list[Path], tmp_path: Path) -> None:
    page = visit.open(served.url, tab=2)
    expect(page.locator("#art-presets .thumbnail-item").first).to_be_visible()
    page.locator("#sprites > button").click()
    page.click("#sprites-go")
    expect(page.get_by_text("There are no sprites yet")).to_be_visible()
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    drop(page, "sprites", [*files, broken])
    page.locator("#sprites-give").get_by_text("All on one sheet").click()
    page.click("#sprites-go")
    expect(page.locator("#sprites-preview img")).to_be_visible()
    expect(page.locator("#sprites-note")).to_contain_text("broken.png is not a picture")
    found = unzipped(download(page, "#sprites-save", tmp_path), tmp_path / "out")
    sheet, data = read_picture(found / "sheet.png"), json.loads((found / "sheet.json").read_text())
    assert sorted(data["frames"]) == ["0.png", "1.png", "2.png"] and sheet.settings["task"] == "sprites_style"
    for seed in range(3):
        box, own = data["frames"][f"{seed}.png"], figure(seed)
        at, inner = box["frame"], box["spriteSourceSize"]
        part = rgba(sheet)[at["y"] : at["y"] + at["h"], at["x"] : at["x"] + at["w"], 3]
        before = rgba(own)[inner["y"] : inner["y"] + inner["h"], inner["x"] : inner["x"] + inner["w"], 3]
        assert np.array_equal(part, before)


def test_a_sheet_is_made_and_taken_apart(served: Served, visit: Visit, files: list[Path], tmp_path: Path) -> None:
    page = visit.open(served.url)
    page.get_by_role("tab", name="Create", exact=True).click()
    page.get_by_role("tab", name="Sprite sheets").click()
    drop(page, "sheets", files)
    page.check("#sheets-power input")
    page.click("#pack-go")
    expect(page.locator("#sheets-preview img")).to_be_visible()
    packed = unzipped(download(page, "#sheets-save", tmp_path), tmp_path / "packed")
    assert all(side & (side - 1) == 0 for side in read_picture(packed / "sheet.png").size)
    page.get_by_role("tabpanel").locator("#sheets-files").get_by_label("Clear").click()
    drop(page, "sheets", [packed / "sheet.png", packed / "sheet.json"])
    page.click("#unpack-go")
    expect(page.locator("#sheets-note")).to_contain_text("Files: 3")
    apart = unzipped(download(page, "#sheets-save", tmp_path), tmp_path / "apart")
    for seed in range(3):
        assert np.array_equal(seen(read_picture(apart / f"{seed}.png")), seen(figure(seed)))


def test_props_are_made_from_a_seed_and_like_one(
    served: Served, visit: Visit, files: list[Path], tmp_path: Path
) -> None:
    page = visit.open(served.url)
    page.get_by_role("tab", name="Create", exact=True).click()
    page.get_by_role("tab", name="Props").click()
    page.fill("#props-seed input", "11")
    page.fill("#props-count input[type=number]", "3")
    page.keyboard.press("Tab")
    page.click("#props-go")
    expect(page.locator("#props-preview img")).to_be_visible()
    expect(page.locator("#props-note")).to_contain_text("Files: 5")
    made = unzipped(download(page, "#props-save", tmp_path), tmp_path / "made")
    assert sorted(json.loads((made / "sheet.json").read_text())["frames"]) == [f"props-{n}.png" for n in (11, 12, 13)]
    assert read_picture(made / "props-12.png").settings["seed"] == 12
    expect(page.locator("#props-seed input")).not_to_have_value("11")
    page.set_input_files("#props-like input[type=file]", str(files[0]))
    expect(page.locator("#props-like")).to_contain_text(files[0].stem)
    page.fill("#props-count input[type=number]", "1")
    page.keyboard.press("Tab")
    page.click("#props-go")
    expect(page.locator("#props-note")).to_contain_text("Files: 3")


def test_the_endpoints_give_files(served: Served, files: list[Path], tmp_path: Path) -> None:
    client = Client(served.url, verbose=False, download_files=str(tmp_path / "downloads"))
    sprites = [handle_file(path) for path in files]
    sheet = client.predict(sprites=sprites, power_of_two=True, api_name="/sprites_pack")
    assert [Path(path).name for path in sheet] == ["sheet.png", "sheet.json"]
    given = [handle_file(path) for path in sheet]
    apart = client.predict(sprites=given, api_name="/sprites_unpack")
    found = unzipped(Path(apart), tmp_path / "apart")
    assert sorted(path.name for path in found.iterdir()) == ["0.png", "1.png", "2.png"]
    painted = client.predict(sprites=given, preset="oil", api_name="/sprites_style")
    made = unzipped(Path(painted), tmp_path / "painted")
    assert sorted(path.name for path in made.iterdir()) == ["sheet.json", "sheet.png"]
    assert np.array_equal(rgba(read_picture(made / "sheet.png"))[..., 3], rgba(read_picture(sheet[0]))[..., 3])
    loot = client.predict(count=2, seed=4, api_name="/props")
    assert [Path(path).name for path in loot] == ["sheet.png", "sheet.json", "props-4.png", "props-5.png"]
    like = client.predict(picture=sprites[0], change=0.0, count=1, api_name="/props_like")
    assert not np.array_equal(read_picture(like[2]).rgb, read_picture(loot[2]).rgb)
    with pytest.raises(AppError, match="no style"):
        client.predict(sprites=sprites, preset="nothing", api_name="/sprites_style")
    with pytest.raises(AppError, match="needs a file"):
        client.predict(sprites=None, api_name="/sprites_pack")

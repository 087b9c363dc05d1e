"""The Create tab in a real browser."""

import re
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from studio.core.image import read_picture
from studio.core.provenance import DigitalSource
from studio.engine.textures.seams import seam_ratio
from tests.browser.actions import download, load
from tests.browser.conftest import PATIENCE, Served, Visit


def set_slider(page: Page, label: str, value: int) -> None:
    page.get_by_label(f"number input for {label}").fill(str(value))
    page.keyboard.press("Tab")


def test_a_random_texture_tiles_and_comes_with_maps(served: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=4)
    set_slider(page, "Width, px", 192)
    set_slider(page, "Height, px", 128)
    page.fill("#texture-colours :is(input, textarea)", "#101820 nothing")
    page.click("#texture-go")
    expect(page.get_by_text("'nothing' is no row of colours")).to_be_visible()
    page.fill("#texture-colours :is(input, textarea)", "")
    page.fill("#texture-seed input", "11")
    page.click("#texture-go")
    tiles = page.locator("#texture-tiling [data-part=tiles]")
    expect(tiles).to_be_visible()
    assert "50% 50%" in tiles.evaluate("node => getComputedStyle(node).backgroundSize")
    page.click("#texture-tiling [data-count='3']")
    assert "33.3" in tiles.evaluate("node => getComputedStyle(node).backgroundSize")
    wood = read_picture(download(page, "#texture-save", tmp_path))
    assert wood.size == (192, 128) and wood.settings["pattern"] == "wood" and wood.settings["seed"] == 11
    assert seam_ratio(wood.rgb) <= 1.05
    expect(page.locator("#texture-seed input")).not_to_have_value("11")
    page.locator("#texture-maps > button").click()
    heights = np.asarray(Image.open(download(page, "#texture-heights", tmp_path)))
    assert heights.dtype == np.uint16 and heights.shape == (128, 192)
    normals = read_picture(download(page, "#texture-normals", tmp_path)).rgb
    assert normals.shape == (128, 192, 3) and normals[..., 2].mean() > 200


def test_textures_of_a_picture(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=4)
    page.get_by_role("tab", name="Textures of a picture").click()
    page.click("#example-go")
    expect(page.get_by_text("There is no picture yet")).to_be_visible()
    load(page, "#example-canvas", photo)
    page.locator("#seamless > button").click()
    page.click("#seamless-go")
    expect(page.locator("#example-tiling [data-part=tiles]")).to_be_visible()
    seamless = read_picture(download(page, "#example-save", tmp_path))
    assert seamless.size == (600, 400) and seamless.settings["task"] == "texture_seamless"
    assert seam_ratio(seamless.rgb) <= 1.05 < seam_ratio(read_picture(photo).rgb)
    for label in ("Width, px", "Height, px"):
        page.locator("#example-panel").get_by_label(f"number input for {label}").fill("96")
        page.keyboard.press("Tab")
    page.click("#example-go")
    expect(page.locator("#example-tiling [data-part=size]")).to_have_text(re.compile("^96 . 96 px$"))
    made = read_picture(download(page, "#example-save", tmp_path))
    assert made.size == (96, 96) and made.settings["task"] == "texture_example"


def test_two_generators_side_by_side(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=4)
    page.get_by_role("tab", name="Compare").click()
    set_slider(page, "Faces of each", 2)
    set_slider(page, "Pictures on the way", 3)
    page.fill("#generators-seed input", "11")
    page.click("#generators-go")
    rows = page.locator("#generators-view section")
    expect(rows).to_have_count(3, timeout=4 * PATIENCE)
    counts = [rows.nth(index).locator("img").count() for index in range(3)]
    assert counts == [2 * 2, 2 + 2 * 2, 2 * 3], "the reconstructions lie below their originals"
    expect(rows.nth(1)).to_contain_text("the GAN's samples")
    expect(rows.nth(1).locator("figcaption").first).to_have_text(re.compile(r"^\d+\.\d dB$"))
    with zipfile.ZipFile(download(page, "#generators-save", tmp_path)) as archive:
        archive.extractall(tmp_path)
    pictures = [read_picture(path) for path in sorted(tmp_path.glob("*.png"))]
    assert len(pictures) == 1 + 2 * (2 + 2 + 3)
    assert all(picture.source is DigitalSource.GENERATED for picture in pictures)
    assert pictures[0].name == "compare.png" and pictures[0].settings["seed"] == 11
    page.locator("#generators-photo > button").click()
    load(page, "#generators-canvas", photo)
    expect(page.get_by_label("Use the photo")).to_be_checked()
    page.click("#generators-go")
    expect(page.get_by_text("No face was found in photo.png")).to_be_visible(timeout=2 * PATIENCE)
    page.get_by_role("tab", name="History").click()
    page.locator("#history-gallery button.thumbnail-item").first.click()
    expect(page.locator("#history-facts")).to_contain_text("GAN and VAE side by side")
    page.fill("#generators-seed input", "3", force=True)
    page.click("#history-restore")
    expect(page.locator("#generators-seed input")).to_have_value("11")
    expect(page.get_by_label("Use the photo")).not_to_be_checked()

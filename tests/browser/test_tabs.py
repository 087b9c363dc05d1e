"""Each tab does its main job in a real browser."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from studio.core.film import film_frames, open_film
from studio.core.image import Picture, read_mask, read_picture, write_picture
from studio.core.video import write_video
from tests.browser.actions import CANVAS, download, load, painted, stroke
from tests.browser.conftest import Served, Visit, publish
from tests.pictures import scene


def test_every_tab_is_there_within_five_seconds(served: Served, visit: Visit) -> None:
    page = visit.page
    first = page.context.new_page()  # so that the server has read its files; not watched, as it is left in mid-load
    first.goto(served.url)
    first.get_by_role("tab").nth(3).wait_for()
    first.close()
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # five seconds of a computer with nothing else to do
    page.goto(served.url, wait_until="commit")
    for name in ("Faces", "Repair", "Art", "Training", "Create"):
        expect(page.get_by_role("tab", name=name, exact=True)).to_be_visible(timeout=5000 * busy)
    for index, selector in enumerate(("#faces-go", f"{CANVAS} .ez-zone", "#art-go", "#train-start", "#texture-go")):
        page.get_by_role("tab").nth(index).click()
        expect(page.locator(selector)).to_be_visible()
    assert page.get_by_role("link", name="Home").count() == page.get_by_role("navigation").count() == 0, "one page"


def test_one_stroke_undo_and_redo(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=1)
    load(page, CANVAS, photo)
    assert painted(page) == 0
    stroke(page, (100, 100), (300, 100))
    one = painted(page)
    width = page.locator(f"{CANVAS} [data-part=mask]").evaluate("node => node.getBoundingClientRect().width") / 600
    expected = (200 * 40 + np.pi * 20**2) / width**2  # a line of 200 px with round ends, 40 px wide on screen
    assert abs(one - expected) < 0.06 * expected
    stroke(page, (100, 200), (300, 200))
    two = painted(page)
    assert two > 1.9 * one
    page.keyboard.press("Control+z")
    assert painted(page) == one
    page.keyboard.press("Control+z")
    assert painted(page) == 0
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+Shift+z")
    assert painted(page) == two
    page.keyboard.press("e")
    stroke(page, (100, 200), (300, 200))
    assert abs(painted(page) - one) <= 2
    page.click(f"{CANVAS} [data-part=invert]")
    assert abs(painted(page) - (600 * 400 - one)) <= 0.01 * one
    mask = read_mask(download(page, f"{CANVAS} [data-part=mask-save]", tmp_path), (600, 400))
    assert abs(int(mask.sum()) - painted(page)) <= 2
    page.click(f"{CANVAS} [data-part=clear]")
    assert painted(page) == 0
    page.keyboard.press("h")
    expect(page.locator(f"{CANVAS} [data-part=help]")).to_be_visible()
    size = page.locator(f"{CANVAS} [data-part=width]")
    before = int(size.input_value())
    page.keyboard.press("]")
    assert int(size.input_value()) > before


def test_box_lasso_and_similar_colours_select(served: Served, visit: Visit, tmp_path: Path) -> None:
    """On a picture of a red square on grey, so that each tool's area is known."""
    rgb = np.full((300, 600, 3), 128, np.uint8)
    rgb[100:200, 250:350] = (200, 30, 30)
    page = visit.open(served.url, tab=1)
    load(page, CANVAS, write_picture(tmp_path / "square.png", Picture(rgb=rgb), source=None))
    scale = page.locator(f"{CANVAS} [data-part=mask]").evaluate("node => node.getBoundingClientRect().width") / 600

    def on_screen(x: float, y: float) -> tuple[int, int]:
        return round(x * scale), round(y * scale)

    stage = page.locator(f"{CANVAS} [data-part=stage]")
    expect(stage).to_have_css("cursor", "none")  # the brush's own ring
    page.click(f"{CANVAS} [data-part=box]")
    expect(stage).to_have_css("cursor", "crosshair")
    stroke(page, on_screen(20, 20), on_screen(120, 70))
    assert abs(painted(page) - 100 * 50) < 0.05 * 5000
    page.click(f"{CANVAS} [data-part=undo]")
    assert painted(page) == 0
    page.click(f"{CANVAS} [data-part=wand]")
    stroke(page, on_screen(300, 150), on_screen(300, 150))
    assert abs(painted(page) - 100 * 100) < 0.05 * 10_000
    page.click(f"{CANVAS} [data-part=lasso]")
    stroke(page, on_screen(400, 50), on_screen(500, 50))
    assert abs(painted(page) - 100 * 100) < 0.06 * 10_000, "a line holds no area"
    page.click(f"{CANVAS} [data-part=box]")
    page.keyboard.down("Alt")
    stroke(page, on_screen(250, 100), on_screen(300, 200))
    page.keyboard.up("Alt")
    assert abs(painted(page) - 50 * 100) < 0.06 * 5000, "half of it is taken away"


def test_a_box_selects_the_thing_in_it(served: Served, visit: Visit, tmp_path: Path) -> None:
    """A red disc with grain before grey grain; then the mask is widened, narrowed and taken back."""
    rgb = np.random.default_rng(0).integers(100, 130, (300, 600, 3), dtype=np.uint8)
    cv2.circle(rgb, (300, 150), 60, (190, 40, 40), -1)
    page = visit.open(served.url, tab=1)
    load(page, CANVAS, write_picture(tmp_path / "disc.png", Picture(rgb=rgb), source=None))
    scale = page.locator(f"{CANVAS} [data-part=mask]").evaluate("node => node.getBoundingClientRect().width") / 600
    page.click(f"{CANVAS} [data-part=grab]")
    stroke(page, (round(220 * scale), round(70 * scale)), (round(380 * scale), round(230 * scale)))
    area = np.pi * 60**2
    found = painted(page, 0.9 * area)
    assert found < 1.1 * area
    page.keyboard.press("+")
    wider = painted(page)
    assert wider == pytest.approx(np.pi * 62**2, rel=0.05) and wider > found
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert painted(page) < found
    for _ in range(4):
        page.keyboard.press("Control+z")
    assert painted(page) == 0
    stroke(page, (round(5 * scale), round(5 * scale)), (round(7 * scale), round(7 * scale)))
    expect(page.get_by_text("The box is too small to tell a thing in it")).to_be_visible()
    assert painted(page) == 0


def test_repair_changes_nothing_outside_the_mask(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=1)
    load(page, CANVAS, photo)
    stroke(page, (150, 120), (260, 160))
    mask = read_mask(download(page, f"{CANVAS} [data-part=mask-save]", tmp_path), (600, 400))
    page.get_by_role("tab").nth(0).click()
    page.get_by_role("tab").nth(1).click()  # the mask survives a look at another tab
    assert painted(page) == mask.sum()
    page.click("#repair-go")
    expect(page.locator("#repair-compare img").first).to_be_visible()
    result = read_picture(download(page, "#repair-save", tmp_path))
    changed = (result.rgb != read_picture(photo).rgb).any(-1)
    assert result.size == (600, 400) and result.settings["task"] == "repair"
    assert changed.any() and not (changed & ~mask).any()
    slider = page.locator("#repair-compare input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert slider.input_value() == "49"
    for side in ("100", "0"):
        page.keyboard.press("c")
        assert slider.input_value() == side
    first = page.locator("#repair-compare img").first.get_attribute("src")
    page.click("#repair-another")
    expect(page.locator("#repair-compare img").first).not_to_have_attribute("src", first or "")
    again = read_picture(download(page, "#repair-save", tmp_path))
    assert (again.settings["method"], again.settings["seed"]) == ("hq", 1)
    page.get_by_label("JPEG").check()
    page.wait_for_function("() => document.querySelector('#repair-save')?.closest('a')?.href?.endsWith('.jpg') ?? true")
    page.click("#repair-again")
    expect(page.locator(f"{CANVAS} [data-part=undo]")).to_be_disabled()
    assert painted(page) == 0


def test_the_picture_stays_in_view_beside_long_settings(served: Served, visit: Visit, photo: Path) -> None:
    page = visit.open(served.url, tab=1)
    page.set_viewport_size({"width": 1280, "height": 1200})
    load(page, CANVAS, photo)
    for name in ("Old photo in one go", "Enhance the picture"):
        page.get_by_text(name).click()
    page.get_by_role("button", name="Enhance", exact=True).evaluate("node => node.scrollIntoView({block: 'start'})")
    expect(page.locator(f"{CANVAS} [data-part=open]")).to_be_in_viewport(ratio=0.98)
    expect(page.locator(f"{CANVAS} [data-part=image]")).to_be_in_viewport(ratio=0.98)
    page.set_viewport_size({"width": 600, "height": 1200})  # one column: the settings stand below it, not behind it
    expect(page.locator(".ez-stay:visible")).not_to_have_css("position", "sticky")


def test_a_fill_without_a_mask_says_so(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=1)
    page.click("#repair-go")
    expect(page.get_by_text("There is no picture yet")).to_be_visible()
    load(page, CANVAS, photo)
    page.click("#repair-go")
    expect(page.get_by_text("The mask is empty; paint over what is to be filled.")).to_be_visible()
    expect(page.locator("#repair-go")).to_be_enabled()
    fake = tmp_path / "text.png"
    fake.write_text("no picture at all")
    page.set_input_files(f"{CANVAS} [data-part=file]", str(fake))
    expect(page.get_by_text("text.png").first).to_be_visible()


def test_art_paints_at_the_pictures_size(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=2)
    load(page, "#art-canvas", photo)
    presets = page.locator("#art-presets button.thumbnail-item")
    expect(presets.nth(2)).to_be_visible()
    presets.nth(1).click()
    page.wait_for_timeout(500)
    page.click("#art-go")
    expect(page.locator("#art-compare img").first).to_be_visible()
    result = read_picture(download(page, "#art-save", tmp_path))
    names = page.locator("#art-presets .caption-label").all_inner_texts()
    assert result.size == (600, 400) and result.settings["preset"] == names[1].lower()
    assert (result.rgb != read_picture(photo).rgb).any()


def test_what_is_pressed_while_a_picture_loads_means_that_picture(
    served: Served, visit: Visit, photo: Path, tmp_path: Path
) -> None:
    page = visit.open(served.url, tab=2)
    load(page, "#art-canvas", photo)
    other = write_picture(tmp_path / "other.png", Picture(rgb=scene(90, 60, 0)), source=None)
    page.route("**/upload*", lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.set_input_files("#art-canvas [data-part=file]", str(other))
    page.click("#art-go")
    expect(page.locator("#art-progress .ez-progress")).to_have_count(0)
    expect(page.locator("#art-compare img").first).to_be_visible()
    assert read_picture(download(page, "#art-save", tmp_path)).size == (90, 60)


def test_a_picture_that_is_none_holds_nothing_back(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=2)
    load(page, "#art-canvas", photo)
    fake = tmp_path / "text.png"
    fake.write_text("no picture at all")
    page.set_input_files("#art-canvas [data-part=file]", str(fake))
    page.click("#art-go")
    expect(page.get_by_text("text.png").first).to_be_visible()
    expect(page.locator("#art-canvas [data-part=status]")).to_be_empty()
    page.click("#art-go")
    expect(page.locator("#art-compare img").first).to_be_visible()


def test_art_leaves_a_painted_area_as_it_is(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=2)
    load(page, "#art-canvas", photo)
    expect(page.locator("#art-presets button.thumbnail-item").nth(11)).to_be_visible()
    page.click("#art-canvas [data-part=invert]")  # all of it
    page.click("#art-areas button")
    page.wait_for_timeout(500)
    page.click("#art-area-add")
    expect(page.locator("#art-area-list")).to_contain_text("Stays as it is")
    page.wait_for_timeout(500)
    page.click("#art-go")
    expect(page.locator("#art-compare img").first).to_be_visible()
    result = read_picture(download(page, "#art-save", tmp_path))
    assert result.settings["region_presets"] == "photo"
    assert (result.rgb == read_picture(photo).rgb).all()


def test_a_film_is_painted(served: Served, visit: Visit, tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", [scene(64, 48, seed) for seed in range(3)], 10)
    page = visit.open(served.url, tab=2)
    expect(page.locator("#art-presets button.thumbnail-item").nth(11)).to_be_visible()
    page.click("#film button")
    page.set_input_files("#film-file input[type=file]", str(clip))
    expect(page.locator("#film-file")).to_contain_text("clip")
    page.click("#film-go")
    expect(page.locator("#film-video video")).to_be_visible()
    assert len(list(film_frames(open_film(download(page, "#film-save", tmp_path / "out"))))) == 3


def test_a_new_model_appears_without_a_restart(served: Served, visit: Visit) -> None:
    page = visit.open(served.url)
    publish(served.library, "newcomer", "faces", {"channels": (16, 16, 16, 16, 8)})
    try:
        model = page.locator("#faces-model input")
        expect(model).to_be_visible(timeout=10_000)
        model.click()
        page.get_by_role("option", name="newcomer").click()
        page.click("#faces-go")
        expect(page.locator("#faces-gallery img")).to_have_count(6)
    finally:
        served.library.delete("newcomer")


def test_both_languages_are_complete(served: Served, visit: Visit) -> None:
    page = visit.open(f"{served.url}/?__lang=zh")
    assert page.get_by_role("tab").all_inner_texts()[:5] == ["人脸", "修复", "绘画", "训练", "创作"]
    for index in range(5):
        page.get_by_role("tab").nth(index).click()
        page.wait_for_timeout(300)
        text = page.locator("main").inner_text()
        assert "__i18n__" not in text
        for word in ("Seed", "Drop", "Mask", "Strength", "Pictures", "Training", "Start", "upload", "Upload"):
            assert word not in text, word
    with visit.leaving():
        page.click("[data-part=language]")
        expect(page.get_by_role("tab", name="Faces", exact=True)).to_be_visible()
    page.click("[data-part=theme]")
    dark = page.evaluate("document.body.classList.contains('dark')")
    with visit.leaving():
        page.reload()
        page.get_by_role("tab").nth(3).wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("document.body.classList.contains('dark')") == dark


def test_files_outside_are_refused(served: Served, visit: Visit) -> None:
    page = visit.open(served.url)
    (served.home.root / "secret.txt").write_text("secret")
    for path in (served.home.root / "secret.txt", served.home.jobs_db, Path("/etc/passwd")):
        answer = page.request.get(f"{served.url}/gradio_api/file={path}")
        assert answer.status in (403, 404)


def test_stop_stops_and_the_next_one_runs(served: Served, visit: Visit, photo: Path, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=2)
    wide = Picture(rgb=np.tile(read_picture(photo).rgb, (8, 8, 1)))  # 4800 x 3200 px, many tiles
    load(page, "#art-canvas", write_picture(tmp_path / "wide.jpg", wide, source=None, quality=80))
    page.locator("#art-presets button.thumbnail-item").nth(4).click()  # engraving, by short steps
    page.wait_for_timeout(500)
    page.click("#art-go")
    expect(page.locator("#art-progress")).to_contain_text("Step")
    page.click("#art-stop")
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    expect(page.locator("#art-progress")).to_contain_text("Stopped.", timeout=2000 * busy)
    expect(page.locator("#art-progress img")).to_be_visible()  # as far as it came
    expect(page.locator("#art-go")).to_be_enabled()
    load(page, "#art-canvas", photo)
    page.click("#art-go")
    expect(page.locator("#art-compare img").first).to_be_visible()

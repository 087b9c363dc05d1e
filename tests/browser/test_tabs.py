"""Each tab does its main job in a real browser."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from studio.core.image import Picture, read_mask, read_picture, write_picture
from tests.browser.conftest import Served, Visit, publish

CANVAS = "#repair-canvas"


def download(page: Page, selector: str, folder: Path) -> Path:
    with page.expect_download() as found:
        page.click(selector)
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def load(page: Page, canvas: str, photo: Path) -> None:
    page.set_input_files(f"{canvas} [data-part=file]", str(photo))
    page.wait_for_selector(f"{canvas} .filled")
    page.wait_for_function("s => document.querySelector(s).naturalWidth > 0", arg=f"{canvas} [data-part=image]")


def stroke(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Draw a line on the canvas; the points are in screen px from its corner."""
    page.locator(f"{CANVAS} [data-part=stage]").scroll_into_view_if_needed()
    box = page.locator(f"{CANVAS} [data-part=stage]").bounding_box()
    assert box
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=8)
    page.mouse.up()


def painted(page: Page) -> int:
    """How many mask pixels are painted."""
    script = """s => { const c = document.querySelector(s);
      const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
      let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 127; return n; }"""
    return page.evaluate(script, f"{CANVAS} [data-part=mask]")


def test_every_tab_is_there_within_five_seconds(served: Served, visit: Visit) -> None:
    page = visit.page
    first = page.context.new_page()  # so that the server has read its files; not watched, as it is left in mid-load
    first.goto(served.url)
    first.get_by_role("tab").nth(3).wait_for()
    first.close()
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # five seconds of a computer with nothing else to do
    page.goto(served.url, wait_until="commit")
    for name in ("Faces", "Repair", "Art", "Training"):
        expect(page.get_by_role("tab", name=name, exact=True)).to_be_visible(timeout=5000 * busy)
    for index, selector in enumerate(("#faces-go", f"{CANVAS} .ez-zone", "#art-go", "#train-start")):
        page.get_by_role("tab").nth(index).click()
        expect(page.locator(selector)).to_be_visible()


def test_faces_come_with_one_click_and_again_from_their_seed(served: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(served.url)
    page.click("#faces-go")
    expect(page.locator("#faces-gallery img")).to_have_count(6)
    first = download(page, "#faces-save", tmp_path)
    with Image.open(first) as image:
        settings: dict[str, Any] = json.loads(image.info["easel"])
        assert image.width == image.height <= 256 and settings["task"] == "faces"
        assert "trainedAlgorithmicMedia" in image.info["XML:com.adobe.xmp"]
    with zipfile.ZipFile(download(page, "#faces-save-all", tmp_path)) as archive:
        assert len(archive.namelist()) == 6
        assert archive.read(first.name) == first.read_bytes()
    shown = page.locator("#faces-chosen img").evaluate("node => node.naturalWidth")
    assert shown == 512
    page.get_by_text("Saved files").click()
    page.set_input_files("#faces-restore input[type=file]", str(first))
    expect(page.get_by_label("Lock the seed")).to_be_checked()
    page.click("#faces-go")
    expect(page.locator("#faces-gallery img")).to_have_count(settings["count"])
    again = download(page, "#faces-save", tmp_path / "again")
    assert again.read_bytes() == first.read_bytes()


def test_a_face_is_steered_by_points_sliders_and_another_face(served: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(served.url)
    page.click("#faces-go")
    expect(page.locator("#faces-chosen .filled")).to_be_visible()
    pictures = [download(page, "#faces-save", tmp_path / "0")]

    def changed() -> None:
        """Wait until the face to download is another one, and keep it."""
        old, folder = pictures[-1], tmp_path / str(len(pictures))
        for _ in range(100):
            new = download(page, "#faces-save", folder)
            if new.read_bytes() != old.read_bytes():
                return pictures.append(new)
            page.wait_for_timeout(200)
        raise AssertionError("the face stayed as it was")

    face = page.locator("#faces-chosen .ez-face")
    face.scroll_into_view_if_needed()
    box = face.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.55, steps=4)
    page.mouse.up()
    expect(page.locator("#faces-chosen .handle")).to_have_count(1)
    page.click("#steer-go")
    expect(page.locator("#faces-note")).to_contain_text("miss their goals")
    changed()
    assert read_picture(pictures[1]).settings["edits"]["drag"].startswith(f"{0.4 * 128:.0f}"[:2])
    page.click("#faces-chosen [data-part=marks]")
    page.get_by_text("Landmarks in numbers").click()
    nose = page.locator("#steer-nose input")
    expect(nose).not_to_have_value("0")
    wanted = float(nose.input_value()) + 2
    nose.fill(f"{wanted:.1f}")
    page.wait_for_timeout(700)  # the number travels to the face and back
    page.click("#steer-go")
    changed()
    assert f"nose={wanted:.1f}" in read_picture(pictures[2]).settings["edits"]["landmarks"]
    page.get_by_text("Sliders", exact=True).click()
    expect(page.locator(".ez-strip img").first).to_be_visible()
    slider = page.locator("#steer-form-1 input[type=range]")
    slider.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    slider.dispatch_event("pointerup")
    changed()
    assert read_picture(pictures[3]).settings["sliders"] == "form-1=2"
    page.click("#steer-undo")
    changed()
    assert pictures[4].read_bytes() == pictures[2].read_bytes()
    page.click("#steer-redo")
    changed()
    assert pictures[5].read_bytes() == pictures[3].read_bytes()
    page.get_by_text("Saved files").click()
    page.set_input_files("#faces-restore input[type=file]", str(pictures[3]))
    expect(page.locator("#faces-gallery img")).to_have_count(1)
    again = download(page, "#faces-save", tmp_path / "again")
    assert np.array_equal(read_picture(again).rgb, read_picture(pictures[3]).rgb), "the file brings the face back"
    page.get_by_text("Film through faces").click()
    page.click("#walk-add")
    expect(page.locator("#walk-faces textarea")).not_to_have_value("")
    page.click("#steer-like")
    expect(page.locator("#faces-gallery img")).to_have_count(8)
    page.click("#walk-add")
    page.locator("#walk input[type=number]").first.fill("1")
    page.click("#walk-go")
    expect(page.locator("#walk-video video")).to_be_visible()
    with av.open(str(download(page, "#walk-save", tmp_path / "film"))) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 24 and frames[0].shape == (512, 512, 3)
    assert np.abs(frames[12].astype(int) - frames[0]).mean() > 1, "it moves"


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
    page.get_by_label("JPEG").check()
    page.wait_for_function("() => document.querySelector('#repair-save')?.closest('a')?.href?.endsWith('.jpg') ?? true")
    page.click("#repair-again")
    expect(page.locator(f"{CANVAS} [data-part=undo]")).to_be_disabled()
    assert painted(page) == 0


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
    assert result.size == (600, 400) and result.settings["preset"] == names[1]
    assert (result.rgb != read_picture(photo).rgb).any()


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
    assert page.get_by_role("tab").all_inner_texts() == ["人脸", "修复", "绘画", "训练"]
    for index in range(4):
        page.get_by_role("tab").nth(index).click()
        page.wait_for_timeout(300)
        text = page.locator("main").inner_text()
        assert "__i18n__" not in text
        for word in ("Seed", "Drop", "Mask", "Strength", "Pictures", "Training", "Start", "upload", "Upload"):
            assert word not in text, word
    page.click("[data-part=language]")
    expect(page.get_by_role("tab", name="Faces", exact=True)).to_be_visible()
    page.click("[data-part=theme]")
    dark = page.evaluate("document.body.classList.contains('dark')")
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
    expect(page.locator("#art-presets button.thumbnail-item").first).to_be_visible()
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

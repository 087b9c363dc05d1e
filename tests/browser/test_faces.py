"""Faces: made, steered in every way, kept, sent on and explained, in a real browser."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from studio.core.image import Picture, read_picture, resize, write_picture
from studio.engine.engine import Engine
from studio.engine.tasks.faces import FacesRequest
from tests.browser.actions import CANVAS, download, load
from tests.browser.conftest import Served, Visit


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


def steered(page: Page, before: Path, folder: Path) -> Path:
    """The face to download once it is another one than `before`."""
    for _ in range(100):
        new = download(page, "#faces-save", folder)
        if new.read_bytes() != before.read_bytes():
            return new
        page.wait_for_timeout(200)
    raise AssertionError("the face stayed as it was")


def test_only_the_painted_area_of_a_face_may_move(served: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(served.url)
    page.click("#faces-go")
    expect(page.locator("#faces-chosen .filled")).to_be_visible()
    first = download(page, "#faces-save", tmp_path / "first")
    face = page.locator("#faces-chosen .ez-face")
    face.scroll_into_view_if_needed()
    box = face.bounding_box()
    assert box

    def draw(start: tuple[float, float], end: tuple[float, float]) -> None:
        page.mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=6)
        page.mouse.up()

    page.click("#faces-chosen [data-part=area]")
    draw((0.35, 0.65), (0.65, 0.65))
    expect(page.locator("#faces-chosen .area circle").nth(3)).to_be_attached()
    page.click("#faces-chosen [data-part=pull]")
    draw((0.5, 0.66), (0.53, 0.63))
    page.click("#steer-go")
    moved = steered(page, first, tmp_path / "moved")
    circles = read_picture(moved).settings["edits"]["movable"].split()
    assert len(circles) >= 4 and circles[0].startswith(f"{0.35 * 128:.0f}"[:1])


def test_favourites_outlive_the_page_and_faces_go_to_repair(served: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(served.url)
    page.click("#faces-go")
    expect(page.locator("#faces-chosen .filled")).to_be_visible()
    face = download(page, "#faces-save", tmp_path / "first")
    page.click("#steer-star")
    page.get_by_text("Favourites", exact=True).click()
    expect(page.locator("#favourites-gallery img")).to_have_count(1)
    page = visit.open(served.url)
    page.get_by_text("Favourites", exact=True).click()
    page.locator("#favourites-gallery button.thumbnail-item").click()
    expect(page.locator("#faces-chosen .filled")).to_be_visible()
    again = download(page, "#faces-save", tmp_path / "again")
    assert np.array_equal(*(resized(read_picture(path).rgb) for path in (face, again)))
    page.click("#favourites-remove")
    expect(page.locator("#favourites-gallery img")).to_have_count(0)
    page.click("#send-training")
    page.get_by_role("tab").nth(3).click()
    page.get_by_role("button", name="Check the pictures").click()
    expect(page.locator("#train-report")).to_contain_text("1 of 1 pictures will be used")
    page.get_by_role("tab").nth(0).click()
    page.click("#send-repair")
    expect(page.locator(f"{CANVAS} .filled")).to_be_visible()
    expect(page.get_by_role("tab").nth(1)).to_have_attribute("aria-selected", "true")


def resized(rgb: np.ndarray) -> np.ndarray:
    """A favourite is kept at the network's own size; the file may be larger."""
    return np.asarray(Image.fromarray(rgb).resize((32, 32), Image.Resampling.BOX)) // 16


def test_a_slider_of_ones_own(served: Served, visit: Visit, tmp_path: Path) -> None:
    """The brightest and the darkest faces are marked as such; the slider that is learned makes a face brighter."""
    page = visit.open(served.url)
    page.locator("input[type=number]").first.fill("20")
    page.click("#faces-go")
    tiles = page.locator("#faces-gallery button.thumbnail-item")
    expect(tiles).to_have_count(20)
    light = []
    for index in range(20):
        source = tiles.nth(index).locator("img").get_attribute("src")
        assert source
        with Image.open(io.BytesIO(page.request.get(source).body())) as tile:
            light.append(np.asarray(tile.convert("L")).mean())
    page.get_by_text("A slider of your own").click()
    page.locator("#own-name input, #own-name textarea").fill("light")
    shown = None
    order = [int(index) for index in np.argsort(light)]
    clear = order[:6] + order[-6:]  # what a person is sure of
    for count, index in enumerate(clear):
        tiles.nth(index).click()
        if shown is not None:
            page.wait_for_function("old => document.querySelector('#faces-chosen img').src !== old", arg=shown)
        page.wait_for_timeout(600)
        shown = page.locator("#faces-chosen img").evaluate("node => node.src")
        page.click("#own-has" if count >= 6 else "#own-has-not")
        expect(page.locator("#own-count")).to_contain_text(f"{max(0, count - 5)} have")
    page.click("#own-make")
    expect(page.locator("#own-count")).to_contain_text("AUC")
    page.get_by_text("Sliders", exact=True).click()
    slider = page.locator("#steer-own-1 input[type=range]")
    expect(slider).to_be_visible()
    before = download(page, "#faces-save", tmp_path / "before")
    slider.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    slider.dispatch_event("pointerup")
    after = steered(page, before, tmp_path / "after")
    assert read_picture(after).settings["sliders"] == "light=2"
    assert read_picture(after).rgb.mean() > read_picture(before).rgb.mean()


def test_a_face_is_found_in_a_photo_changed_and_put_back(served: Served, visit: Visit, tmp_path: Path) -> None:
    """The photo is made here: two made faces, enlarged, on a drawn wall."""
    engine = Engine(served.library, "cpu")
    faces = engine.run(FacesRequest(count=2, seed=3, variety=0.4)).faces
    wall = np.full((420, 900, 3), (150, 160, 170), np.uint8)
    for left, side, face in ((60, 340, faces[0]), (520, 280, faces[1])):
        wall[40 : 40 + side, left : left + side] = resize(face.picture.rgb, (side, side))
    photo = write_picture(tmp_path / "two.png", Picture(rgb=wall), source=None)
    page = visit.open(served.url)
    page.get_by_text("A face from your own photo").click()
    load(page, "#portrait-canvas", photo)
    expect(page.locator("#portrait-people img")).to_have_count(2)
    page.locator("#portrait-people button.thumbnail-item").nth(0).click()
    page.wait_for_timeout(500)
    page.click("#portrait-go")
    expect(page.locator("#portrait-note")).to_contain_text("dB")
    face = download(page, "#faces-save", tmp_path / "found")
    page.get_by_text("Sliders", exact=True).click()
    slider = page.locator("#steer-form-1 input[type=range]")
    slider.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    slider.dispatch_event("pointerup")
    steered(page, face, tmp_path / "steered")
    page.click("#portrait-back")
    expect(page.locator("#portrait-save")).to_be_visible()
    done = read_picture(download(page, "#portrait-save", tmp_path / "done")).rgb
    changed = (done != wall).any(2)
    assert changed[:, :450].any() and not changed[:, 520:].any(), "the chosen face alone"


def test_where_a_face_comes_from(served: Served, visit: Visit) -> None:
    page = visit.open(served.url)
    page.click("#faces-go")
    expect(page.locator("#faces-chosen .filled")).to_be_visible()
    page.get_by_text("Where this face comes from").click()
    page.click("#explain-go")
    expect(page.locator("#explain-told figure")).to_have_count(3)
    expect(page.locator("#explain-told")).to_contain_text("away")
    expect(page.locator("#explain-told dl")).to_contain_text("seed")

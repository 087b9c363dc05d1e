"""Damage found and put on the canvas, an old photo made whole and compared step by step, and a picture enlarged."""

from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import expect

from studio.core.image import Picture, read_picture, write_picture
from tests.browser.actions import CANVAS, download, load, painted, stroke
from tests.browser.conftest import Served, Visit


def stamped(folder: Path) -> tuple[Path, int]:
    """A picture with a printed date, and how many px the date has."""
    rgb = np.full((400, 600, 3), 60, np.uint8)
    rgb[:200] = 110
    plain = rgb.copy()
    cv2.putText(rgb, "98 7 24", (440, 370), cv2.FONT_HERSHEY_DUPLEX, 0.7, (255, 130, 40), 2, cv2.LINE_AA)
    date = int((np.abs(rgb.astype(int) - plain).max(2) > 60).sum())
    return write_picture(folder / "stamped.png", Picture(rgb=rgb), source=None), date


def test_a_date_is_found_beside_what_is_painted_and_can_be_undone(served: Served, visit: Visit, tmp_path: Path) -> None:
    photo, date = stamped(tmp_path)
    page = visit.open(served.url, tab=1)
    load(page, CANVAS, photo)
    stroke(page, (60, 60), (160, 60))
    by_hand = painted(page)
    page.click("#damage button")
    page.locator("#damage-find").get_by_label("Date stamp").check()
    page.click("#damage-go")
    page.wait_for_function(f"n => {COUNT} > n", arg=by_hand + date // 2)
    assert by_hand + 0.8 * date < painted(page) < by_hand + 8 * date
    page.wait_for_selector("#damage-stop", state="hidden")
    page.click("#damage-go")  # again: the same mask, not another on top
    page.wait_for_selector("#damage-stop", state="hidden")
    page.click(f"{CANVAS} [data-part=undo]")
    page.wait_for_function(f"n => {COUNT} >= n", arg=by_hand)
    while page.locator(f"{CANVAS} [data-part=undo]").is_enabled():
        page.click(f"{CANVAS} [data-part=undo]")
    assert painted(page) == 0


COUNT = """(() => { const c = document.querySelector('#repair-canvas [data-part=mask]');
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 127; return n; })()"""


def test_an_old_photo_is_made_whole_and_compared_with_its_steps(served: Served, visit: Visit, tmp_path: Path) -> None:
    photo, _ = stamped(tmp_path)
    page = visit.open(served.url, tab=1)
    load(page, CANVAS, photo)
    page.click("#oldphoto button")
    page.locator("#oldphoto-fill").get_by_label("Leave it").check()
    page.click("#oldphoto-go")
    expect(page.locator("#repair-save")).to_be_visible()
    steps = page.locator("#oldphoto-compare label")
    expect(steps).to_have_text(["The original", "After restoring", "After fading is undone"])
    before = page.locator("#repair-compare img").first.get_attribute("src")
    page.locator("#oldphoto-compare").get_by_label("After fading is undone").check()
    page.wait_for_function("s => document.querySelector('#repair-compare img').getAttribute('src') !== s", arg=before)
    made = read_picture(download(page, "#repair-save", tmp_path))
    assert made.size == (600, 400) and made.settings["task"] == "oldphoto" and made.settings["fill"] == "none"
    assert (made.rgb != read_picture(photo).rgb).any()


def test_a_picture_is_enlarged_in_the_repair_tab(served: Served, visit: Visit, tmp_path: Path) -> None:
    rgb = cv2.resize(read_picture(stamped(tmp_path)[0]).rgb, (120, 80))
    page = visit.open(served.url, tab=1)
    load(page, CANVAS, write_picture(tmp_path / "small.png", Picture(rgb=rgb), source=None))
    page.click("#upscale button")
    page.locator("#upscale-factor").get_by_label("2x").check()
    page.click("#upscale-go")
    expect(page.locator("#repair-save")).to_be_visible()
    assert read_picture(download(page, "#repair-save", tmp_path)).size == (240, 160)

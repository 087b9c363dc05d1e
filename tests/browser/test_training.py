"""A training in the background, seen by pages that come and go."""

from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, expect

from studio.core.image import Picture, write_picture
from tests.browser.conftest import Served, Visit, watched


def test_a_reloaded_and_a_second_page_find_the_job(
    served: Served, visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    files = [
        str(write_picture(tmp_path / f"{i}.png", Picture(rgb=rng.integers(0, 256, (72, 72, 3), np.uint8)), source=None))
        for i in range(3)
    ]
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    page = visit.open(served.url, tab=3)
    page.click("#train-guide > button")
    pictures = page.locator(".ez-guide img")
    expect(pictures).to_have_count(4)
    assert all(pictures.evaluate_all("all => all.map(one => one.complete && one.naturalWidth > 400)"))
    page.click("#train-guide > button")
    expect(page.get_by_text("No trainings yet")).to_be_visible()
    page.click("#train-start")
    expect(page.get_by_text("There are no pictures yet").first).to_be_visible()
    page.set_input_files("#train-files input[type=file]", [*files, str(broken)])
    expect(page.locator("#train-report")).to_contain_text("3 of 4 pictures")
    expect(page.locator("#check-out")).to_contain_text("broken.png")
    page.locator("#check-used button").first.click()
    expect(page.locator("#train-report")).to_contain_text("2 of 4 pictures")
    page.locator("#check-out button").first.click()
    expect(page.locator("#train-report")).to_contain_text("3 of 4 pictures")
    page.get_by_label("Small pictures of anything").check()
    expect(page.locator("#train-plan")).to_contain_text("3 pictures, from nothing")
    page.click("#train-advanced > button")
    side = page.locator("#train-advanced").get_by_label("Crop size, px").locator("visible=true")
    side.fill("16")  # a step is quick then
    page.click("#probe-go")
    expect(page.locator("#probe-answer")).to_contain_text("pictures a second", timeout=180_000)
    page.fill("#train-name input, #train-name textarea", "mine")
    page.click("#train-start")
    job = page.locator(".ez-job")
    expect(job).to_contain_text("mine")
    expect(job).to_contain_text("Training", timeout=60_000)

    with visit.leaving():
        page.reload()
        page.get_by_role("tab").nth(3).click()
    expect(job).to_contain_text("mine")
    second = browser.new_context()
    try:
        other = watched(second.new_page()).open(served.url, tab=3)
        expect(other.locator(".ez-job")).to_contain_text("mine")
        page.locator("[data-action=cancel]").click()
        expect(page.locator(".ez-job .ez-state")).to_have_text("Cancelled", timeout=60_000)
        expect(other.locator(".ez-job .ez-state")).to_have_text("Cancelled")
    finally:
        second.close()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-action=delete]").click()
    expect(page.get_by_text("No trainings yet")).to_be_visible()
    assert list(served.home.uploads.iterdir()) == []

"""The History tab in a real browser: what was made is found again, and goes on."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.actions import download
from tests.browser.conftest import Served, Visit


def test_a_result_is_kept_found_starred_restored_and_deleted(served: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit.open(served.url, tab=4)
    for label in ("Width, px", "Height, px"):
        page.get_by_label(f"number input for {label}").first.fill("64")
        page.keyboard.press("Tab")
    for seed in ("12", "471108154"):
        page.fill("#texture-seed input", seed)
        page.click("#texture-go")
        expect(page.locator("#texture-seed input")).not_to_have_value(seed)  # it is made
    with visit.leaving():
        page.reload()
        page.get_by_role("tab", name="History", exact=True).click()
    page.fill("#history-search :is(input, textarea)", "wood 471108154")
    page.keyboard.press("Enter")
    tiles = page.locator("#history-gallery button.thumbnail-item")
    expect(page.locator("#history-count")).to_contain_text(re.compile(r"\b1 results"))
    expect(tiles).to_have_count(1)
    tiles.first.click()
    expect(page.locator("#history-facts")).to_contain_text("471108154")
    page.click("#history-star")
    expect(page.locator("#history-star")).to_have_text("Take the star away")
    with zipfile.ZipFile(download(page, "#history-export", tmp_path)) as archive:
        assert len(archive.namelist()) == 4, "settings, the texture and its two maps"
    page.click("#history-restore")
    expect(page.locator("#texture-seed input")).to_have_value("471108154")
    page.get_by_role("tab", name="History", exact=True).click()
    page.click("#history-delete")  # it is chosen still
    expect(page.locator("#history-count")).to_contain_text(re.compile(r"\b0 results"))

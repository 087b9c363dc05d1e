"""What a person does on a page, and what the tests look at."""

from pathlib import Path

from playwright.sync_api import Page, expect

CANVAS = "#repair-canvas"


def download(page: Page, selector: str, folder: Path) -> Path:
    with page.expect_download() as found:
        page.click(selector)
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def load(page: Page, canvas: str, photo: Path) -> None:
    image = f"{canvas} [data-part=image]"
    before = page.locator(image).get_attribute("src")
    page.set_input_files(f"{canvas} [data-part=file]", str(photo))
    page.wait_for_selector(f"{canvas} .filled")
    expect(page.locator(image)).not_to_have_attribute("src", before or "")
    page.wait_for_function("s => document.querySelector(s).naturalWidth > 0", arg=image)


def stroke(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Draw a line on the canvas; the points are in screen px from its corner."""
    page.locator(f"{CANVAS} [data-part=stage]").scroll_into_view_if_needed()
    box = page.locator(f"{CANVAS} [data-part=stage]").bounding_box()
    assert box
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=8)
    page.mouse.up()


PAINTED = """s => { const c = document.querySelector(s);
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 127; return n; }"""


def painted(page: Page, least: float = 0) -> int:
    """How many mask pixels are painted, once there are at least so many."""
    mask = f"{CANVAS} [data-part=mask]"
    page.wait_for_function(f"([mask, least]) => ({PAINTED})(mask) >= least", arg=[mask, least])
    return page.evaluate(PAINTED, mask)

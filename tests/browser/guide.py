"""python -m tests.browser.guide [--images N]: draws the pictures of assets/docs/training.md and its Chinese sister.

A studio is started with an empty data folder and used as the guide says, in both languages. Nobody's photos are needed:
the shipped face model invents a person. It takes as long as the training of the guide; `--images` makes that shorter.
"""

import argparse
import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import cv2
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from studio.core.image import Picture, read_picture, write_picture
from studio.core.settings import assets_dir
from studio.engine.engine import Engine
from studio.library.store import Library
from tests.browser.conftest import chromium, serving
from training.evaluate.person import invented

LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
PHOTOS = 16
PATIENCE = 600_000  # ms; a busy computer may need them
LONGEST = 6 * 3600_000  # ms, for the training
NAME = "my-person"
SOME_LOSSES = 60_000  # ms until there is a curve to see
EDGE = 12  # px around what is shown
TALLEST = 1500  # px


def own_photos(folder: Path) -> list[str]:
    """What a person might pick: good photos, one of them twice, a blurred and a dark one."""
    files = [path for group in _groups(folder) for path in group]
    good = read_picture(files[0]).rgb
    spoilt = {
        "copy": cv2.resize(good, (96, 96), interpolation=cv2.INTER_AREA),
        "blurred": cv2.GaussianBlur(read_picture(files[3]).rgb, (0, 0), 6),
        "dark": (read_picture(files[5]).rgb * 0.12).astype("uint8"),
    }
    for name, rgb in spoilt.items():
        files.append(write_picture(folder / f"{name}.png", Picture(rgb=rgb), source=None))
    return [str(path) for path in files]


def _groups(folder: Path) -> Iterator[tuple[Path, ...]]:
    photos = invented(Engine(Library.default(), "cpu"), folder, PHOTOS)
    yield from (photos.train, photos.held_out)


class Guide:
    """One page in one language, and its pictures."""

    def __init__(self, page: Page, language: str, folder: Path) -> None:
        self.page, self.language, self.folder = page, language, folder

    def open(self, url: str, tab: int) -> None:
        self.page.goto(url)
        self.page.get_by_role("tab").nth(3).wait_for()
        self.page.get_by_role("tab").nth(tab).click()

    def shot(self, name: str, first: str, last: str) -> None:
        """What holds both `first` and `last`, with a little around it."""
        self.page.wait_for_timeout(1500)  # what fades and slides comes to rest
        boxes = [self.page.locator(selector).first.bounding_box() for selector in (first, last)]
        found = [box for box in boxes if box]
        assert len(found) == 2, (first, last)
        scroll = self.page.evaluate("scrollY")
        left = max(0, min(box["x"] for box in found) - EDGE)
        right = max(box["x"] + box["width"] for box in found) + EDGE
        top = max(0, min(box["y"] for box in found) + scroll - EDGE)
        bottom = max(box["y"] + box["height"] for box in found) + scroll + EDGE
        clip = {"x": left, "y": top, "width": right - left, "height": min(TALLEST, bottom - top)}
        data = self.page.screenshot(full_page=True, clip=clip)  # pyright: ignore[reportArgumentType]
        Image.open(io.BytesIO(data)).save(self.folder / f"{name}.{self.language}.webp", quality=82, method=6)

    def prepare(self, photos: list[str], images: int) -> None:
        """Steps 1 to 4 of the wizard."""
        page = self.page
        page.set_input_files("#train-files input[type=file]", photos)
        expect(page.locator("#check-used img")).not_to_have_count(0)
        expect(page.locator("#train-plan")).not_to_be_empty()
        self.shot("pictures", "#train-step1", "#check-out")
        page.fill("#train-name input, #train-name textarea", NAME)
        page.click("#probe-go")
        expect(page.locator("#probe-answer li")).to_have_count(3)
        expect(page.locator("#probe-stop")).to_be_hidden()
        if images:
            page.locator("#train-advanced > button").click()
            page.locator("#train-advanced input[type=number]:visible").first.fill(str(images))
            page.locator("#train-advanced > button").click()
        self.shot("choices", "#train-step3", "#train-start")

    def watch(self) -> None:
        """The running training."""
        expect(self.page.locator("#jobs-reading")).to_be_visible()
        expect(self.page.locator("#jobs-timeline img").first).to_be_visible()
        self.shot("training", "#jobs", "#jobs-timeline")

    def use(self) -> None:
        """Faces of the new model."""
        page = self.page
        page.click("#faces-model input")
        page.get_by_role("option", name=NAME).click()
        page.click("#faces-go")
        expect(page.locator("#faces-gallery img")).not_to_have_count(0)
        expect(page.locator("#faces-go")).to_be_enabled()
        self.shot("faces", "#faces-model", "#faces-gallery")


@contextmanager
def guides(browser: Browser, folder: Path) -> Iterator[list[Guide]]:
    with ExitStack() as stack:
        found = []
        for language, locale in LANGUAGES.items():
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=locale, color_scheme="light")
            context.set_default_timeout(PATIENCE)
            stack.callback(context.close)
            found.append(Guide(context.new_page(), language, folder))
        yield found


def draw(browser: Browser, url: str, photos: list[str], images: int, folder: Path) -> None:
    """Use the studio as the guide says; the English page starts the training, both watch it."""
    with guides(browser, folder) as (english, chinese):
        for guide in (chinese, english):
            guide.open(url, tab=3)
            guide.prepare(photos, images)
        english.page.click("#train-start")
        expect(english.page.locator(".ez-job")).to_contain_text(NAME)
        english.page.wait_for_timeout(SOME_LOSSES)
        for guide in (english, chinese):
            guide.open(url, tab=3)
            guide.watch()
        expect(english.page.locator(".ez-job.done")).to_have_count(1, timeout=LONGEST)
        for guide in (english, chinese):
            guide.open(url, tab=0)
            guide.use()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.guide", description=__doc__)
    parser.add_argument(
        "--images", type=int, default=0, help="pictures the training sees (default: as the wizard says)"
    )
    parser.add_argument("--out", type=Path, default=assets_dir() / "docs", metavar="DIR", help="(default: assets/docs)")
    values = parser.parse_args()
    expect.set_options(timeout=PATIENCE)
    values.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="easel-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "photos").mkdir()
        photos = own_photos(folder / "photos")
        (folder / "home").mkdir()
        with (
            serving(folder / "home", "ui", "--no-browser", patience=PATIENCE / 1000) as served,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            draw(browser, served.url, photos, values.images, values.out)
            browser.close()


if __name__ == "__main__":
    main()

"""The guide to training on one's own photos: its labels are those of the page, its pictures are there and small."""

import re
from pathlib import Path

import pytest
from PIL import Image

from studio.core.settings import assets_dir
from studio.ui.i18n import LANGUAGES
from studio.ui.texts import TEXTS
from studio.ui.widgets.guide import guide_text

DOCS = assets_dir() / "docs"
ROOT = Path(__file__).resolve().parent.parent
GUIDES = {"training.md": 0, "training.zh-CN.md": 1}
LARGEST, ALL = 150_000, 700_000  # bytes of a picture, and of all
EACH = pytest.mark.parametrize("name", GUIDES)


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", text)


@EACH
def test_what_is_bold_is_written_on_the_page(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    labels = set(re.findall(r"\*\*(.+?)\*\*", text))
    known = {pair[GUIDES[name]] for pair in TEXTS.values()}
    assert len(labels) > 15
    assert labels <= known


@EACH
def test_every_link_leads_to_a_file_and_the_pictures_are_small(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\((\S+)\)", text)
    assert len(pictures) == 4 and set(pictures) < set(links(text))
    for link in links(text):
        assert (DOCS / link).is_file(), link
    for picture in pictures:
        assert (DOCS / picture).stat().st_size <= LARGEST, picture
        with Image.open(DOCS / picture) as image:
            assert image.width >= 400


def test_all_pictures_are_shown_and_few_bytes() -> None:
    shown = {link for name in GUIDES for link in links((DOCS / name).read_text(encoding="utf-8"))}
    files = {path.name for path in DOCS.iterdir()}
    assert files == shown
    assert sum((DOCS / name).stat().st_size for name in files) <= ALL


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_it_without_other_files(language: str) -> None:
    text = guide_text(language)
    assert not text.startswith(("#", "["))
    assert len(links(text)) == 4 and all(link.startswith("data:image/webp;base64,") for link in links(text))


def test_both_guides_have_one_shape() -> None:
    shapes = []
    for name in GUIDES:
        text = (DOCS / name).read_text(encoding="utf-8")
        shapes.append([re.findall(mark, text, re.MULTILINE) for mark in (r"^#+ ", r"^- ", r"^\|", r"!\[")])
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("readme", "guide"), [("README.md", "training.md"), ("README.zh-CN.md", "training.zh-CN.md")])
def test_the_readme_leads_there(readme: str, guide: str) -> None:
    assert f"assets/docs/{guide}" in links((ROOT / readme).read_text(encoding="utf-8"))

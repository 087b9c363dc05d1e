"""The section Compress of the Create tab, and the endpoints of the codec."""

from pathlib import Path

import numpy as np
from gradio_client import Client, handle_file
from playwright.sync_api import expect

from studio.core.image import Picture, read_picture, write_picture
from tests.browser.actions import download, load
from tests.browser.conftest import PATIENCE, Served, Visit
from tests.pictures import scene


def test_a_picture_is_compressed_compared_and_opened_again(served: Served, visit: Visit, tmp_path: Path) -> None:
    photo = write_picture(tmp_path / "harbour.png", Picture(rgb=scene(160, 120, seed=1)), source=None)
    page = visit.open(served.url, tab=4)
    page.get_by_role("tab", name="Compress").click()
    page.click("#compress-go")
    expect(page.get_by_text("There is no picture yet")).to_be_visible()
    load(page, "#compress-canvas", photo)
    page.click("#compress-go")
    captions = page.locator("#compress-gallery .caption-label")
    expect(captions).to_have_count(4, timeout=3 * PATIENCE)
    texts = captions.all_inner_texts()
    assert "160 x 120 px" in texts[0] and [text.split()[0] for text in texts[1:]] == ["Easel", "JPEG", "WebP"]
    assert all("dB" in text and "SSIM" in text for text in texts[1:])
    small = download(page, "#compress-save", tmp_path)
    assert small.name == "harbour.easel" and small.read_bytes().startswith(b"EASL")
    page.set_input_files("#expand-file input[type=file]", str(small))
    page.click("#expand-go")
    expect(page.locator("#expand-picture img")).to_be_visible()
    assert read_picture(download(page, "#expand-save", tmp_path)).size == (160, 120)


def test_the_endpoints_give_the_file_and_the_picture(served: Served, tmp_path: Path) -> None:
    client = Client(served.url, verbose=False, download_files=str(tmp_path / "downloads"))
    photo = write_picture(tmp_path / "harbour.png", Picture(rgb=scene(70, 50, seed=1)), source=None)
    small = client.predict(picture=handle_file(photo), quality=8, api_name="/compress")
    assert Path(small).suffix == ".easel"
    first, again = (client.predict(file=handle_file(small), api_name="/expand") for _ in range(2))
    assert read_picture(first).size == (70, 50)
    assert np.array_equal(read_picture(first).rgb, read_picture(again).rgb)

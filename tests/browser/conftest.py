"""A studio of its own in a process of its own, and Chromium to look at it.

Models that the package does not ship yet are replaced by small ones with random weights.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from studio.core.image import Picture, write_picture
from studio.core.settings import Home, assets_dir
from studio.library.store import Library
from studio.models.families import FAMILIES

SMALL = {
    "faces": {"channels": (16, 16, 16, 16, 8)},
    "props": {"channels": (8, 8), "image_channels": 4},
    "repair": {"width": 8},
    "codec": {"width": 8, "blocks": 1, "latent": 6, "hyper": 4, "side": 4, "context": 8},
    "art": {"presets": ("one", "two", "three"), "width": 8, "blocks": 1},
    "restore": {"widths": (8, 8), "blocks": 1},
    "scratches": {"widths": (8, 8), "blocks": 1},
    "damage": {"widths": (8, 8)},
}
START_SECONDS = 120
LEFT = ("AbortError", "Unexpected error Connection errored out")  # said by a page that is left while it asks
PATIENCE = 30_000  # ms; for a computer that trains beside the tests


@dataclass(frozen=True)
class Served:
    """A running studio."""

    url: str
    home: Home
    library: Library


@dataclass
class Visit:
    """A page and what went wrong on it."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, url: str, tab: int = 0) -> Page:
        self.page.goto(url)
        self.page.get_by_role("tab").nth(3).wait_for()
        if tab:
            self.page.get_by_role("tab").nth(tab).click()
        return self.page

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """While the page is left and loads anew: what it was still asking for is aborted, and it complains of that."""
        assert self.errors == []
        yield
        self.errors[:] = [error for error in self.errors if not error.startswith(LEFT)]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return chromium()


def chromium() -> str:
    """The browser's program."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("The browser tests need Chromium; install it, for example with: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home"), "ui", "--no-browser") as found:
        yield found


@contextmanager
def serving(folder: Path, *command: str, patience: float = START_SECONDS) -> Iterator[Served]:
    """`easel COMMAND` with its data in `folder`, from when it answers, within `patience` s, until the block ends."""
    home = Home(root=folder)
    library = Library(assets_dir() / "models", home.models)
    for family, config in SMALL.items():
        if not library.cards(family):
            publish(library, family, family, config)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = (home.root / "console.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "studio", *command, "--port", str(port)],
        env=dict(os.environ) | {"EASEL_HOME": str(home.root)},
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(url, process, Path(log.name), patience)
        yield Served(url, home, library)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        assert process.poll() is None, f"The studio ended at once:\n{log.read_text()}"
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"The studio did not answer within {patience:.0f} s:\n{log.read_text()}")


def publish(library: Library, name: str, family: str, config: dict[str, Any]) -> None:
    """Add a network with random weights to the library."""
    torch.manual_seed(3)
    network = FAMILIES[family].build(config)
    library.publish(name, network, family, network.config, {"title": name})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
    yield found
    found.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A fresh browser profile; after the test it must have seen no error and asked no other computer."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    found = watched(context.new_page())
    yield found
    context.close()
    assert found.errors == []
    assert found.outside == []


def watched(page: Page) -> Visit:
    found = Visit(page)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("console", lambda line: found.errors.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: _note_outside(request.url, found))
    return found


def _note_outside(url: str, found: Visit) -> None:
    if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
        found.outside.append(url)


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 600 x 400 px picture of noise on a gradient."""
    rng = np.random.default_rng(5)
    base = np.linspace(60, 180, 600)[None, :, None] + rng.integers(-40, 40, (400, 600, 3))
    path = tmp_path_factory.mktemp("photos") / "photo.png"
    return write_picture(path, Picture(rgb=base.astype(np.uint8)), source=None)

"""What every tab shares: the engine, the stores, and the places for files that the browser may fetch."""

import os
import shutil
import threading
import time
import uuid
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from gradio.context import LocalContext

from studio.core.errors import BadInput
from studio.core.image import Picture, resize, write_picture
from studio.core.progress import TaskControl
from studio.core.settings import Home
from studio.engine.engine import Engine
from studio.engine.tasks import TASKS
from studio.engine.tasks.base import Request
from studio.jobs.history import History
from studio.jobs.store import JobStore
from studio.library.store import Library
from studio.ui.guard import NOBODY

DISPLAY_SIDE = 1600  # px; what the browser gets to see of a larger picture
KEEP_SECONDS = 86_400.0  # results that were not downloaded
SHIPPED = {"faces": "faces", "repair": "repair", "art": "art"}  # family -> name of its shipped model


class Running:
    """The task that each page runs in each tab, so that its stop button finds it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._controls: dict[tuple[str, str], TaskControl] = {}

    def start(self, session: str, tab: str) -> TaskControl:
        """A control for a new task; one that the same page still runs in that tab is stopped."""
        control = TaskControl()
        with self._lock:
            old = self._controls.get((session, tab))
            self._controls[session, tab] = control
        if old:
            old.cancel()
        return control

    def stop(self, session: str, tab: str) -> None:
        with self._lock:
            control = self._controls.get((session, tab))
        if control:
            control.cancel()

    def end(self, session: str, tab: str, control: TaskControl) -> None:
        with self._lock:
            if self._controls.get((session, tab)) is control:
                del self._controls[session, tab]


@dataclass(frozen=True, kw_only=True)
class Studio:
    """`local` is False when other computers can reach the page: then no folder of this computer is opened for it."""

    engine: Engine
    library: Library
    store: JobStore
    home: Home
    local: bool = True
    most_jobs: int = 100  # that may wait at once
    running: Running = field(default_factory=Running)

    @cached_property
    def history(self) -> History:
        """What was made in the tabs and by the API."""
        return History(self.home)

    def remember(self, request: Request[Any], done: Any) -> None:
        """Keep a result in the history of whoever asks, if its task makes files."""
        save, task = TASKS[request.task].save, request.task
        if save is not None:
            name = Path(getattr(getattr(done, "picture", None), "name", "")).stem or task
            made = lambda folder: save(done, folder / f"{name}.png")  # noqa: E731
            self.history.add(task, request.settings(), made, asking_user() or "")

    @property
    def served(self) -> Path:
        """Gradio's own temporary folder: uploads, and the only files besides assets that the browser may fetch."""
        return served_dir(self.home)

    @property
    def favourites(self) -> Path:
        """Where whoever asks keeps faces."""
        user = asking_user()
        return self.home.favourites / user if user else self.home.favourites

    def new_folder(self) -> Path:
        """An empty folder for one result of whoever asks; those older than a day are removed on the way."""
        results = results_dir(self.home) / (asking_user() or NOBODY)
        results.mkdir(parents=True, exist_ok=True)
        for old in results.iterdir():
            if time.time() - old.stat().st_mtime > KEEP_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
        folder = results / uuid.uuid4().hex
        folder.mkdir()
        return folder

    def uploaded(self, path: str) -> Path:
        """The path of an upload as the browser names it; BadInput when it lies anywhere else."""
        found = Path(path).resolve()
        if not found.is_file() or self.served.resolve() not in found.parents:
            raise BadInput("The uploaded file is no longer there; choose it again.")
        return found

    def models(self, family: str) -> list[tuple[str, str]]:
        """(title, name) of the family's models, the shipped one first."""
        cards = sorted(self.library.cards(family), key=lambda card: card.name != SHIPPED.get(family))
        return [(card.title or card.name, card.name) for card in cards]


def served_dir(home: Home) -> Path:
    return home.cache / "gradio"


def results_dir(home: Home) -> Path:
    """Results by user and then by task; `guard.OwnFiles` watches over it."""
    return served_dir(home) / "results"


def asking_user() -> str | None:
    """Who is logged in on the page whose event runs in this thread."""
    return getattr(LocalContext.request.get(None), "username", None)


def use_served_dir(home: Home) -> None:
    """Make Gradio keep its files in the data folder; to be called before a component is made."""
    os.environ["GRADIO_TEMP_DIR"] = str(served_dir(home))
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"


def display_copy(picture: Picture, folder: Path, name: str, side: int = DISPLAY_SIDE) -> Path:
    """A quick copy for the screen, at most `side` px, in `folder`; JPEG, or WebP where there is transparency."""
    scale = min(1.0, side / max(picture.size))
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        alpha = None if picture.alpha is None else resize(picture.alpha, size)
        picture = replace(picture, rgb=resize(picture.rgb, size), alpha=alpha)
    suffix = ".jpg" if picture.alpha is None else ".webp"
    return write_picture(folder / f"{name}{suffix}", picture, source=None, strip=True, quality=90)


def field_of(request: type[Request[Any]], name: str) -> dict[str, Any]:
    """The default and range of a Request's setting as a gr.Slider takes them."""
    item = next(item for item in fields(request) if item.name == name)
    return {"value": item.default, "minimum": item.metadata["low"], "maximum": item.metadata["high"]}

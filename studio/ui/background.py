"""Tasks of the engine as background jobs: from what a page or the API has to a job in the list."""

import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.core.batch import free_path
from studio.core.errors import BadInput, StorageFull
from studio.engine.requests import Files, file_fields, keep_request, required
from studio.engine.tasks.base import Request
from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job
from studio.jobs.task import TaskSpec
from studio.ui.context import Studio


def submit_request(studio: Studio, request: Request[Any], *, name: str = "") -> Job:
    """Queue what a tab would run at once; its pictures are kept for the worker."""
    folder = studio.home.uploads / uuid.uuid4().hex[:12]
    try:
        files = keep_request(request, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    settings = {item.name: getattr(request, item.name) for item in request.explained()}
    return _queue(studio, TaskSpec(task=request.task, settings=settings, files=files, name=name))


def submit_files(
    studio: Studio,
    kind: type[Request[Any]],
    settings: Mapping[str, Any],
    *,
    files: Files | None = None,
    pictures: Sequence[str | Path] = (),
    folder: str = "",
    name: str = "",
    format: str = "png",
) -> Job:
    """Queue a task on uploaded files, which are copied, or on each picture of uploads or of a folder of this computer.

    `files` are the Request's files by name, `pictures` are done one after the other as its `picture`, and so is every
    picture in `folder`, where it is. BadInput when a setting is out of range or a file is wanting.
    """
    kind.check(**settings)
    folder = folder.strip()
    if folder and not studio.local:
        raise BadInput("Folders can be given on the studio's own computer only; upload the pictures.")
    given = {key: value for key, value in (files or {}).items() if value}
    many = bool(pictures or folder)
    for field in file_fields(kind):
        if required(kind, field) and field not in given and not (many and field == "picture"):
            raise BadInput(f"The task '{kind.task}' needs a file for '{field}'; give one.")
    kept: dict[str, str | list[str]] = {
        key: list(map(str, _copied(studio, value))) if isinstance(value, list) else str(_copied(studio, [value])[0])
        for key, value in given.items()
    }
    sources = list(map(str, _copied(studio, pictures))) if pictures else []
    sources += [folder] if folder else []
    spec = TaskSpec(
        task=kind.task, settings=dict(settings), files=kept, pictures=tuple(sources), name=name, format=format
    )
    return _queue(studio, spec)


def _copied(studio: Studio, files: Sequence[str | Path]) -> list[Path]:
    """Copies of uploads that stay as long as their job, in one folder and under their own names where these differ."""
    folder = studio.home.uploads / uuid.uuid4().hex[:12]
    copies: list[Path] = []
    try:
        folder.mkdir(parents=True)
        for file in map(Path, files):
            copies.append(free_path(folder / file.name))
            shutil.copyfile(file, copies[-1])
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StorageFull("The pictures could not be kept; free some disk space and try again.") from error
    return copies


def _queue(studio: Studio, spec: TaskSpec) -> Job:
    if studio.store.queued() >= studio.most_jobs:
        raise BadInput(f"{studio.most_jobs} jobs wait already; wait for one to end, or cancel one.")
    job = studio.store.submit(spec)
    ensure_worker(studio.home)
    return job

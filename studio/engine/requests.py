"""Between files and Requests: how the page, the API and the worker build a Request, and how one is kept for later."""

import dataclasses
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput
from studio.core.image import Picture, read_mask, read_picture, write_picture
from studio.engine.tasks import TASKS
from studio.engine.tasks.base import Request

File = str | Path
Files = Mapping[str, File | list[str]]


def request_kind(task: str) -> type[Request[Any]]:
    """The Request class of a task; BadInput when there is no such task."""
    if task not in TASKS:
        raise BadInput(f"There is no task '{task}'; choose one of {', '.join(TASKS)}.")
    return TASKS[task].request


def file_fields(kind: type[Request[Any]]) -> dict[str, Any]:
    """The fields of a Request that come from files, and their types: all but the settings."""
    types = typing.get_type_hints(kind)
    return {item.name: types[item.name] for item in dataclasses.fields(kind) if not item.metadata}


def request_from(kind: type[Request[Any]], files: Files, settings: Mapping[str, Any]) -> Request[Any]:
    """The Request of files and settings; settings that are left out have their defaults.

    By its type a field is read as a picture, as a mask of the size of `picture` (np.ndarray), or is the file's path;
    a tuple of these is made of a list of files. BadInput for a file that is missing or cannot be used, and for unknown
    names.
    """
    fields = file_fields(kind)
    known = {item.name for item in kind.explained()}
    for name in (*files, *settings):
        if name not in fields and name not in known:
            raise BadInput(f"The task '{kind.task}' has no setting '{name}'.")
    parts: dict[str, Any] = {}
    for name, hint in fields.items():
        if files.get(name):
            parts[name] = _read(files[name], hint, parts.get("picture"))
        elif required(kind, name):
            raise BadInput(f"The task '{kind.task}' needs a file for '{name}'; give one.")
    return kind(**parts, **typed(kind, settings))


def typed(kind: type[Request[Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    """The Request's settings among `given`, whole numbers as such: JSON has one kind of number."""
    known = {item.name: item.default for item in kind.explained() if item.name in given}
    return {
        name: int(given[name]) if type(default) is int and isinstance(given[name], float) else given[name]
        for name, default in known.items()
    }


def keep_request(request: Request[Any], folder: Path) -> dict[str, str | list[str]]:
    """Write a Request's pictures to `folder`, without loss, as files of which `request_from` makes it again."""
    kept: dict[str, str | list[str]] = {}
    for name in file_fields(type(request)):
        value = getattr(request, name)
        if isinstance(value, tuple):
            kept[name] = [_keep(part, folder, f"{name}-{index}") for index, part in enumerate(value)]
        elif value is not None:
            kept[name] = _keep(value, folder, name)
    return kept


def required(kind: type[Request[Any]], name: str) -> bool:
    """Whether a Request cannot do without this file."""
    item = next(item for item in dataclasses.fields(kind) if item.name == name)
    return item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING


def _read(file: File | list[str], hint: Any, picture: Picture | None) -> Any:
    """A field's value from its file or files."""
    wanted = [hint, *typing.get_args(hint)]
    if isinstance(file, list):
        return tuple(_read(one, wanted[-2] if wanted[-1] is Ellipsis else wanted[-1], picture) for one in file)
    if Picture in wanted:
        return read_picture(file)
    if any(typing.get_origin(part) is np.ndarray or part is np.ndarray for part in wanted):
        return read_mask(file, picture.size if picture else None)
    return Path(file) if Path in wanted else str(file)


def _keep(value: Any, folder: Path, name: str) -> str:
    """Write a picture or mask; a path stays where it is."""
    if isinstance(value, Picture):
        stem = Path(value.name).stem or name
        return str(write_picture(folder / name / f"{stem}.png", value, source=None))
    if isinstance(value, np.ndarray):
        path = folder / f"{name}.png"
        with write_atomic(path) as file:
            file.write(cv2.imencode(".png", value.astype(np.uint8) * 255)[1].tobytes())
        return str(path)
    return str(value)

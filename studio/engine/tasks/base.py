"""What every task has in common: a Request that checks itself, and what a task may ask of the engine."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import torch
from torch import nn

from studio import __version__
from studio.core.errors import BadInput
from studio.core.image import WRITTEN, write_picture
from studio.core.progress import TaskControl

R = TypeVar("R")
REQUIRED: Any = dataclasses.MISSING


def setting(
    default: Any, help: str, *, low: float | None = None, high: float | None = None, choices: tuple[str, ...] = ()
) -> Any:
    """A Request field that `--help` and forms can explain and that the Request checks by itself."""
    return field(default=default, metadata={"help": help, "low": low, "high": high, "choices": choices})


@dataclass(frozen=True, kw_only=True, eq=False)
class Request(Generic[R]):
    """All a task needs; R is what it returns. BadInput when a setting is out of its range."""

    task: ClassVar[str]

    def __post_init__(self) -> None:
        self.check(**{item.name: getattr(self, item.name) for item in self.explained()})

    @classmethod
    def explained(cls) -> "list[dataclasses.Field[Any]]":
        """The fields made by `setting`: all but the pictures."""
        return [item for item in dataclasses.fields(cls) if item.metadata]

    @classmethod
    def check(cls, **values: Any) -> None:
        """BadInput when one of these settings is out of its range; to ask before there is a picture."""
        for item in cls.explained():
            if item.name in values:
                _check(item, values[item.name])

    def settings(self) -> dict[str, Any]:
        """Everything but the pictures, as JSON can hold it: what makes the same result again."""
        chosen = {item.name: getattr(self, item.name) for item in self.explained()}
        return {"task": self.task, **chosen, "easel": __version__}


def _check(item: "dataclasses.Field[Any]", value: Any) -> None:
    """`value` has the type of the field's default (text when it has none) and lies in its range."""
    kind = str if item.default is dataclasses.MISSING else type(item.default)
    low, high, choices = (item.metadata[key] for key in ("low", "high", "choices"))
    if kind in (int, float):
        accepted = (int, float) if kind is float else int
        fits = isinstance(value, accepted) and not isinstance(value, bool) and low <= value <= high
        wanted = f"a {'whole ' if kind is int else ''}number from {low} to {high}"
    elif choices:
        fits, wanted = value in choices, f"one of {', '.join(choices)}"
    else:
        fits, wanted = isinstance(value, kind), "true or false" if kind is bool else "a text"
    if not fits:
        raise BadInput(f"The setting '{item.name}' is {value!r}; it must be {wanted}.")


class Models(Protocol):
    """What a task may ask of the engine."""

    @property
    def device(self) -> torch.device: ...

    def model(self, name: str, family: str = "") -> nn.Module: ...

    def names(self, family: str) -> tuple[str, ...]: ...

    def figures(self, name: str) -> dict[str, Any]: ...


def save_picture(done: Any, path: Path) -> list[Path]:
    """The `picture` of a result as a file, as the suffix of `path` says; PNG for suffixes that say nothing."""
    path = path if path.suffix.lower() in WRITTEN else path.with_suffix(".png")
    return [write_picture(path, done.picture, source=done.picture.source)]


@dataclass(frozen=True)
class Task(Generic[R]):
    """A Request class, the function that carries it out, and one that writes the result to files.

    `save(result, path)` gives the files' paths: `path` where one will do, with another suffix where it must. None: the
    result is no file.
    """

    request: type[Request[R]]
    run: Callable[[Any, Models, TaskControl], R]
    save: Callable[[R, Path], list[Path]] | None = save_picture

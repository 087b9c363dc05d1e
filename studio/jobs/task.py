"""A job that is a long task of the engine, and what every job's spec can be asked for; without the engine."""

import dataclasses
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput
from studio.jobs.spec import TrainingSpec, spec_from_json


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """A task of the engine in the background: on each of `pictures` (files and folders), or once when there are none.

    `settings` are the Request's, and `files` its other files, by their names there. Results go to `output`, or when
    that is empty to `results` in the job's folder; pictures are written as `format` (a suffix, or "same").
    """

    task: str
    settings: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str | list[str]] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    name: str = ""
    output: str = ""
    format: str = "png"

    def __post_init__(self) -> None:
        if not self.task:
            raise BadInput("A job needs the name of a task; give one.")

    @property
    def recipe(self) -> str:
        return self.task

    @property
    def title(self) -> str:
        """What a person calls it: the name, or that of the first picture."""
        first = next(iter(self.sources), "")
        return self.name or Path(first).name or self.task

    @property
    def sources(self) -> tuple[str, ...]:
        """Every file and folder that the job reads."""
        lists = (value if isinstance(value, list) else [value] for value in self.files.values())
        return (*self.pictures, *(path for paths in lists for path in paths))

    def absolute(self) -> "TaskSpec":
        """The same with absolute paths: the worker runs in another folder."""
        whole = os.path.abspath
        files = {key: [*map(whole, v)] if isinstance(v, list) else whole(v) for key, v in self.files.items()}
        output = whole(self.output) if self.output else ""
        return dataclasses.replace(self, files=files, pictures=tuple(map(whole, self.pictures)), output=output)

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))


JobSpec = TrainingSpec | TaskSpec


def job_spec_from_json(text: str) -> JobSpec:
    """The spec that `to_json` of either kind wrote; what another version wrote is refused."""
    values = json.loads(text)
    if "task" not in values:
        return spec_from_json(text)
    unknown = sorted(set(values) - {item.name for item in dataclasses.fields(TaskSpec)})
    if unknown:
        raise BadInput(f"A job of a task has no setting '{unknown[0]}'.")
    return TaskSpec(**values | {"pictures": tuple(values.get("pictures", ()))})

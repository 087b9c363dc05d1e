"""A job's settings as text, and the same job with some of them changed."""

import dataclasses
import json
import typing
from collections.abc import Mapping
from typing import Any

from studio.core.errors import BadInput
from studio.jobs.spec import TrainingSpec
from studio.jobs.task import JobSpec


def settings_of(spec: JobSpec) -> dict[str, str]:
    """Every setting that can be changed, as text; not the files a job reads."""
    return {name: _text(value) for name, value in _values(spec).items()}


def changed(spec: JobSpec, changes: Mapping[str, str]) -> JobSpec:
    """The spec with other settings, given as text; BadInput for unknown names and for what is no such value."""
    known = _values(spec)
    values: dict[str, Any] = {}
    for name, text in changes.items():
        if name not in known:
            raise BadInput(f"The job has no setting '{name}'; it has {', '.join(known)}.")
        if text != _text(known[name]):
            values[name] = _parsed(name, text.strip(), type(known[name]))
    if isinstance(spec, TrainingSpec):
        return dataclasses.replace(spec, **values)
    own = {"name": values.pop("name")} if "name" in values else {}
    return dataclasses.replace(spec, settings=spec.settings | values, **own)


def _values(spec: JobSpec) -> dict[str, Any]:
    if not isinstance(spec, TrainingSpec):
        return {"name": spec.name, **spec.settings}
    types = typing.get_type_hints(type(spec))
    return {
        item.name: getattr(spec, item.name)
        for item in dataclasses.fields(spec)
        if types[item.name] in (int, float, str, bool)
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _parsed(name: str, text: str, kind: type) -> Any:
    """A value of `kind` from text."""
    if kind is str:
        return text
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        wanted = {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, kind.__name__)
        raise BadInput(f"The setting '{name}' cannot be '{text}'; give {wanted}.")
    return value

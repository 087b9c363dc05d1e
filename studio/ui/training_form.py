"""From what a person chose to a TrainingSpec; the form and the API both come through here."""

import dataclasses
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput
from studio.jobs.launch import ensure_worker
from studio.jobs.spec import SPECS, ArtSpec, TrainingSpec
from studio.jobs.store import Job
from studio.ui.context import SHIPPED, Studio
from studio.ui.training_data import check_pictures, copy_uploads
from studio.ui.widgets.samples import sample_paths

RECIPES = ("faces", "repair", "art")
EFFORTS = ("short", "medium", "long")
IMAGES = {  # pictures seen; on two cores about ten minutes, one hour, a night
    "faces": (20_000, 80_000, 400_000),
    "repair": (2_000, 12_000, 80_000),
    "art": (1_600, 6_000, 30_000),
}
_NOT_IN_FORM = {"data", "name", "base", "images", "styles", "teacher", "width"}


def advanced_fields(recipe: str) -> list["dataclasses.Field[Any]"]:
    """The number settings of a recipe that a person may change."""
    types = typing.get_type_hints(SPECS[recipe])
    return [
        item
        for item in dataclasses.fields(SPECS[recipe])
        if item.name not in _NOT_IN_FORM and types[item.name] in (int, float)
    ]


def submit(
    studio: Studio,
    recipe: str,
    *,
    files: Sequence[str | Path] = (),
    folder: str = "",
    name: str = "",
    effort: str = "short",
    base: str = "",
    settings: Mapping[str, float] | None = None,
) -> Job:
    """Check the pictures, keep the uploaded ones, queue the training and see that a worker runs.

    `base` is the model to start from, by default the shipped one. BadInput says what is missing.
    """
    if recipe not in RECIPES:
        raise BadInput(f"There is no recipe '{recipe}'; choose one of {', '.join(RECIPES)}.")
    if effort not in EFFORTS:
        raise BadInput(f"There is no effort '{effort}'; choose one of {', '.join(EFFORTS)}.")
    if folder and not studio.local:
        raise BadInput("Folders can be given on the studio's own computer only; upload the pictures.")
    sources = [*files, *([folder.strip()] if folder.strip() else [])]
    if not sources:
        raise BadInput("There are no pictures yet; add some, or give a folder.")
    if not check_pictures(sources, recipe).usable:
        raise BadInput("None of the pictures can be used; add readable ones that are large enough.")
    kept = [folder.strip()] if folder.strip() else []
    if files:
        kept.append(str(copy_uploads(studio.home, files)))
    job = studio.store.submit(_spec(studio, recipe, kept, name, effort, base, settings or {}))
    ensure_worker(studio.home)
    return job


def _spec(
    studio: Studio, recipe: str, data: list[str], name: str, effort: str, base: str, settings: Mapping[str, float]
) -> TrainingSpec:
    kind = SPECS[recipe]
    types = typing.get_type_hints(kind)
    values: dict[str, Any] = {key: types[key](value) for key, value in settings.items() if value is not None}
    values["images"] = IMAGES[recipe][EFFORTS.index(effort)]
    names = [model for _, model in studio.models(recipe)]
    values["base"] = base or (SHIPPED[recipe] if SHIPPED[recipe] in names else "")
    values["name"] = name.strip() or f"my-{recipe}"
    if kind is ArtSpec:  # the pictures are the styles; what is painted over are the samples, if there are any
        photos = tuple(str(path) for path in sample_paths("art"))
        return ArtSpec(**values, styles=tuple(data), data=photos or tuple(data))
    return kind(**values, data=tuple(data))

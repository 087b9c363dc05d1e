"""From what a person chose to a TrainingSpec; the form and the API both come through here."""

import dataclasses
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput
from studio.engine.tasks.curate import need_some
from studio.jobs.launch import ensure_worker
from studio.jobs.spec import SPECS, ArtSpec, TrainingSpec
from studio.jobs.store import Job
from studio.ui.context import SHIPPED, Studio
from studio.ui.training_data import Choices, check_pictures, keep_pictures
from studio.ui.widgets.samples import sample_paths

RECIPES = ("faces", "repair", "art")
EFFORTS = ("short", "medium", "long")
IMAGES = {  # pictures seen; on two cores about ten minutes, one hour, a night
    "faces": (20_000, 80_000, 400_000),
    "repair": (2_000, 12_000, 80_000),
    "art": (1_600, 6_000, 30_000),
}
SUBJECTS = {"faces": "faces", "repair": "any", "art": "any"}
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
    if studio.library.read_only:
        raise BadInput("The models may not be changed here; start Easel without --read-only to train.")
    if studio.store.queued() >= studio.most_jobs:
        raise BadInput(f"{studio.most_jobs} trainings wait already; wait for one to end, or cancel one.")
    done = check_pictures(studio, files, folder, subject=SUBJECTS[recipe])
    need_some(done)
    kept = keep_pictures(studio, done, files, done.subject, Choices())
    job = studio.store.submit(_spec(studio, recipe, [str(kept.folder)], name, effort, base, settings or {}))
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

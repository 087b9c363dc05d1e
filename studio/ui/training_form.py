"""From what a person chose to a TrainingSpec; the wizard and the API both come through here."""

import dataclasses
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput
from studio.engine.tasks.curate import CurateResult, need_some
from studio.jobs.goals import EFFORTS, GOALS, OF_RECIPE, goal_of, plan_for
from studio.jobs.launch import ensure_worker
from studio.jobs.spec import SPECS, ArtSpec, TrainingSpec
from studio.jobs.store import Job
from studio.ui.context import Studio
from studio.ui.training_data import Choices, check_pictures, keep_pictures
from studio.ui.widgets.samples import sample_paths

__all__ = ["EFFORTS", "RECIPES", "advanced_fields", "spec_for", "submit"]

RECIPES = tuple(dict.fromkeys(goal.recipe for goal in GOALS.values()))
_NOT_IN_FORM = {"data", "name", "base", "styles", "teacher", "width", "blocks", "latent"}


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
    goal: str,
    *,
    files: Sequence[str | Path] = (),
    folder: str = "",
    name: str = "",
    effort: str = "short",
    base: str = "",
    settings: Mapping[str, float] | None = None,
    done: CurateResult | None = None,
    choices: Choices | None = None,
) -> Job:
    """Check the pictures unless that is `done`, keep a clean set, queue the training and see that a worker runs.

    `goal` is one of GOALS or a recipe; `base` the model to start from, by default the shipped one. BadInput says what
    is missing.
    """
    subject = goal_of(goal).subject
    plan_for(goal, goal_of(goal).least, effort)  # wrong settings are told of before a long check
    if studio.library.read_only:
        raise BadInput("The models may not be changed here; start Easel without --read-only to train.")
    if studio.store.queued() >= studio.most_jobs:
        raise BadInput(f"{studio.most_jobs} trainings wait already; wait for one to end, or cancel one.")
    done = (done or check_pictures(studio, files, folder, subject=subject)).taken_as(subject)
    choices = choices or Choices()
    count = len(choices.wanted(done))
    if not count:
        need_some(done)
    plan_for(goal, count, effort)
    kept = keep_pictures(studio, done, files, subject, choices)
    spec = spec_for(studio, goal, [str(kept.folder)], count, name=name, effort=effort, base=base, settings=settings)
    job = studio.store.submit(spec)
    ensure_worker(studio.home)
    return job


def spec_for(
    studio: Studio,
    goal: str,
    data: Sequence[str],
    count: int,
    *,
    name: str = "",
    effort: str = "short",
    base: str = "",
    settings: Mapping[str, float] | None = None,
) -> TrainingSpec:
    """The training of `count` pictures that lie in `data`; `settings` go over those of the goal's plan."""
    chosen, kind = goal_of(goal), SPECS[goal_of(goal).recipe]
    types = typing.get_type_hints(kind)
    values = plan_for(goal, count, effort).settings
    values |= {key: types[key](value) for key, value in (settings or {}).items() if value is not None}
    names = [model for _, model in studio.models(kind.recipe)]
    values["base"] = (base or (chosen.base if chosen.base in names else "")) if chosen.base else ""
    values["name"] = name.strip() or f"my-{OF_RECIPE.get(goal, goal)}"
    if kind is ArtSpec:  # the pictures are the styles; what is painted over are the samples, if there are any
        photos = tuple(str(path) for path in sample_paths("art"))
        return ArtSpec(**values, styles=tuple(data), data=photos or tuple(data))
    return kind(**values, data=tuple(data))

"""What a person wants to make, in their words, and the settings that suit the number of pictures they have.

A goal names a recipe; its plan holds the settings that differ from the recipe's own defaults, and why. Recipes by the
size of a set after Mo et al. (FreezeD, 2020) and Nitzan et al. (MyStyle, 2022).
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from studio.core.errors import BadInput

EFFORTS = ("short", "medium", "long")
Subject = Literal["faces", "any"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Settings of the recipe, `images` among them, and the key of the words that explain them."""

    why: str
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Goal:
    """`images` seen by effort; `base` is the shipped model to start from, "" for none; `least` pictures it takes."""

    recipe: str
    subject: Subject = "any"
    images: tuple[int, int, int] = (0, 0, 0)
    base: str = ""
    least: int = 1
    settings: dict[str, Any] = field(default_factory=dict)


GOALS: dict[str, Goal] = {
    "person": Goal(recipe="faces", subject="faces", base="faces", images=(4_000, 12_000, 40_000)),
    "look": Goal(recipe="faces", subject="faces", base="faces", images=(8_000, 24_000, 120_000)),
    "scratch": Goal(
        recipe="faces",
        images=(20_000, 100_000, 600_000),
        least=2,
        settings={"size": 64, "subject": "any"},
    ),
    "props": Goal(recipe="props", images=(20_000, 100_000, 600_000), least=2),
    "art": Goal(recipe="art", base="art", images=(3_200, 8_000, 30_000)),
    "repair": Goal(recipe="repair", base="repair", images=(2_000, 12_000, 80_000)),
    "restore": Goal(recipe="restore", base="restore", images=(4_000, 20_000, 120_000)),
    "codec": Goal(recipe="codec", base="codec", images=(4_000, 20_000, 200_000)),
}
OF_RECIPE = {"faces": "look"}  # the goal that is meant where a recipe is named that several goals have


def goal_of(name: str) -> Goal:
    """The goal `name`, or that of the recipe `name`; BadInput when there is neither."""
    name = OF_RECIPE.get(name, name)
    if name not in GOALS:
        raise BadInput(f"There is nothing called '{name}' to train; choose one of {', '.join(GOALS)}.")
    return GOALS[name]


def plan_for(name: str, count: int, effort: str = "short") -> Plan:
    """How to reach the goal with `count` pictures; BadInput for an unknown effort or too few pictures."""
    goal = goal_of(name)
    if effort not in EFFORTS:
        raise BadInput(f"There is no effort '{effort}'; choose one of {', '.join(EFFORTS)}.")
    if count < goal.least:
        raise BadInput(f"{count} pictures are too few for this; add some, at least {goal.least} are needed.")
    level = EFFORTS.index(effort)
    images, why = goal.images[level], "plan.plain"
    settings = dict(goal.settings)
    name = OF_RECIPE.get(name, name)
    if name == "person":
        why = "plan.person"
        settings |= {"focus": 0.9, "warmup": images, "batch": 8, "lr": 3e-4}
    elif name in ("scratch", "props"):
        why = "plan.scratch"
        settings |= {"warmup": min(40_000, images // 2), "augment": 0.9 if count < 1000 else 0.7}
    elif name == "look":
        why, images, gentle = _look(count, level)
        settings |= gentle
    return Plan(why=why, settings=settings | {"images": images})


def _look(count: int, level: int) -> tuple[str, int, dict[str, Any]]:
    """Words, pictures seen, and settings for faces of a look."""
    if count < 10:  # a critic would learn so few by heart at once
        images = (4_000, 12_000, 40_000)[level]
        return "plan.handful", images, {"focus": 0.8, "warmup": images, "batch": 8, "lr": 3e-4}
    if count <= 100:
        images = (6_000, 15_000, 40_000)[level]
        gentle = {"freeze": 16, "anchor": 10.0, "gamma": 4.0, "lr": 1.25e-4, "augment": 0.9}
        return "plan.tens", images, {"focus": 0.6, "warmup": 0} | gentle
    if count <= 500:
        images = (12_000, 45_000, 120_000)[level]
        return "plan.hundreds", images, {"focus": 0.3, "warmup": 0, "freeze": 16, "thaw": 0.5, "lr": 2.5e-4}
    return "plan.many", (20_000, 80_000, 400_000)[level], {"warmup": 0}

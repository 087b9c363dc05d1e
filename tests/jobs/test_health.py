"""Losses read in words."""

import json
from pathlib import Path

import pytest

from studio.jobs.health import metrics, read, speed
from studio.ui.texts import TEXTS

WORDS = ("early", "healthy", "settled", "worse", "critic_wins", "critic_loses", "unsteady")


def lines(count: int = 40, **curves) -> list[dict[str, float]]:
    """A line each 10 pictures and 2 seconds; a curve is a function of the share of the run."""
    return [
        {"images": 10.0 * i, "seconds": 2.0 * i} | {name: curve(i / count) for name, curve in curves.items()}
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("recipe", "curves", "word"),
    [
        ("faces", {"reconstruction": lambda x: 1 - 0.5 * x}, "healthy"),
        ("faces", {"reconstruction": lambda x: 0.5}, "settled"),
        ("faces", {"reconstruction": lambda x: 0.5 + x}, "worse"),
        ("faces", {"reconstruction": lambda x: 1 - 0.5 * x, "critic": lambda x: 0.69 - 0.6 * x}, "critic_wins"),
        ("faces", {"reconstruction": lambda x: 1 - 0.5 * x, "critic": lambda x: 0.69}, "healthy"),
        ("upscale", {"l1": lambda x: 1 - 0.5 * x, "critic": lambda x: 0.7 + 0.5 * x}, "critic_loses"),
        ("words", {"value": lambda x: 2 - x, "asked": lambda x: 0.1}, "healthy"),
        ("art", {"style": lambda x: 1 - x / 2, "gradient": lambda x: 50.0 if x > 0.9 else 1.0}, "unsteady"),
    ],
)
def test_a_curve_has_its_word(recipe: str, curves, word: str) -> None:
    assert read(recipe, lines(**curves)).word == word


def test_the_first_lines_say_nothing_yet() -> None:
    assert read("faces", lines(4, reconstruction=lambda x: 1 - x)).word == "early"
    assert read("faces", []).word == "early"


def test_the_speed_is_that_of_late() -> None:
    assert speed(lines(40)) == 5.0
    assert speed(lines(1)) is None
    slower = lines(40) + [{"images": 400.0 + i, "seconds": 80.0 + i} for i in range(20)]
    assert speed(slower) == 1.0


def test_only_whole_lines_count(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_text(json.dumps({"images": 1}) + '\n[1]\n{"images": 2, "lo')
    assert metrics(tmp_path) == [{"images": 1}]
    assert metrics(tmp_path / "missing") == []


def test_each_word_is_explained_with_its_facts() -> None:
    for word in WORDS:
        assert f"health.{word}" in TEXTS and f"health.{word}_why" in TEXTS

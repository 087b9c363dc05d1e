"""What follows a face model of one's own: sliders from marks, words from captions, the data card in its own card."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from studio.core.progress import TaskControl
from studio.engine.engine import Engine
from studio.engine.tasks.faces import FacesRequest
from studio.jobs.spec import FacesSpec, SlidersSpec, WordsSpec
from studio.library.store import Library
from studio.models.sliders import Sliders
from training.evaluate.labels import label_gain
from training.followers import followers, read_marks, words_of_captions
from training.loop import run_training


@pytest.fixture
def marked(folder: Path) -> Path:
    """The pictures in one folder, half of them captioned as bright, a few marked by hand, and their data card."""
    light = {}
    for path in sorted(folder.rglob("*.png")):
        light[path.name] = cv2.imread(str(path)).mean()
        path.rename(folder / path.name)
    middle = float(np.median(list(light.values())))
    (folder / "captions.csv").write_text(
        "file,caption\n" + "".join(f"{n},a {'bright' if v > middle else 'dim'} scene\n" for n, v in light.items())
    )
    (folder / "labels.csv").write_text(
        "file,pale,rare\n"
        + "".join(f"{n},{int(v > middle)},{'1' if n == '00.png' else ''}\n" for n, v in light.items())
    )
    rows = [{"file": name, "sha256": "0" * 64, "size": [96, 96]} for name in light]
    (folder / "data-card.json").write_text(json.dumps({"kept": len(rows), "pictures": rows, "dropped": []}))
    return folder


def spec_of(folder: Path, **changes: object) -> FacesSpec:
    settings = {"base": "small", "size": 32, "batch": 4, "images": 8, "subject": "any", **changes}
    return FacesSpec(data=(str(folder),), name="mine", **settings)  # type: ignore[arg-type]


def test_marks_and_captions_become_labels(marked: Path, tmp_path: Path) -> None:
    sliders, words = followers(spec_of(marked), "mine", tmp_path)
    assert isinstance(sliders, SlidersSpec) and isinstance(words, WordsSpec)
    assert set(sliders.attributes) == {"bright", "dim", "pale"}, (
        "words of every caption and of one picture tell nothing"
    )
    assert (sliders.faces, sliders.name, words.name) == ("mine", "mine-sliders", "mine-words")
    assert read_marks([marked / "00.png"]).keys() == {"pale"}
    (marked / "captions.csv").unlink()
    assert len(followers(spec_of(marked), "mine", tmp_path)) == 1
    (marked / "labels.csv").unlink()
    assert followers(spec_of(marked), "mine", tmp_path) == []


def test_words_of_any_language_and_no_numbers() -> None:
    said = {
        Path(f"{i}.png"): text for i, text in enumerate(["Hat, 2019", "a hat", "hat!"] * 2 + ["帽子", "戴帽子,红"] * 3)
    }
    assert set(words_of_captions(said)) == {"hat", "帽子", "戴帽子", "红"}


def test_a_model_comes_with_its_sliders_words_and_data_card(marked: Path, library: Library, tmp_path: Path) -> None:
    run = tmp_path / "run"
    stops = iter(["go"] * 6 + ["pause"])
    control = lambda status: next(stops, "go")  # noqa: E731
    first = run_training(spec_of(marked), run, library=library, device="cpu", control=control, tell_seconds=0)
    assert first.state == "paused" and (run / "published.json").exists(), "stopped while the sliders were learned"
    done = run_training(spec_of(marked), run, library=library, device="cpu")
    assert (done.state, done.model) == ("done", "mine")
    names = {card.name for card in library.cards()}
    assert {"mine", "mine-sliders", "mine-words"} <= names and "mine-2" not in names
    sliders = library.load("mine-sliders")
    assert isinstance(sliders, Sliders) and {"bright", "dim"} & set(sliders.config.names)
    card = library.card("mine").data_card
    assert card["kept"] == 24 and len(card["sha256"]) == 64 and "file" not in card["pictures"][0]
    assert json.loads((run / "data-card.json").read_text())["pictures"][0]["file"]
    engine = Engine(library, "cpu")
    name = next(name for name in sliders.config.names)
    for asked in ({"sliders": f"{name}=2"}, {"prompt": name}):
        (face,) = engine.run(FacesRequest(count=1, model="mine", **asked), TaskControl()).faces
        (plain,) = engine.run(FacesRequest(count=1, model="mine"), TaskControl()).faces
        assert (face.picture.rgb != plain.picture.rgb).any()


def test_marks_that_tell_nothing_do_not_spoil_the_training(marked: Path, library: Library, tmp_path: Path) -> None:
    (marked / "captions.csv").unlink()
    side = np.random.default_rng(5).integers(0, 2, 24)
    rows = "".join(f"{index:02d}.png,{mark}\n" for index, mark in enumerate(side))
    (marked / "labels.csv").write_text("file,noise\n" + rows)
    done = run_training(spec_of(marked), tmp_path / "run", library=library, device="cpu")
    assert (done.state, done.model) == ("done", "mine")
    if "mine-sliders" not in {card.name for card in library.cards()}:
        (note,) = [json.loads(line) for line in (tmp_path / "run" / "notes.jsonl").read_text().splitlines()]
        assert note["recipe"] == "sliders" and "label more" in note["because"]


def test_forty_labels_help_against_none() -> None:
    """Faces of eight features; the attribute lies across a weak one, so that the strongest says nothing of it."""
    rng = np.random.default_rng(0)

    def some(count: int) -> tuple[np.ndarray, np.ndarray]:
        hidden = rng.normal(size=(count, 8)) * np.array([4, 3, 2, 1.5, 1, 1, 1, 1])
        mixed = hidden @ np.linalg.qr(np.random.default_rng(1).normal(size=(8, 8)))[0].repeat(8, 1)
        return mixed + 0.3 * rng.normal(size=(count, 64)), (hidden[:, 3:4] > 0).astype(float)

    figures = label_gain(*some(300), *some(200), [slice(0, 64)])
    assert figures["label_auc_few"] > 0.85 and figures["label_gain_auc"] > 0.2
    assert torch.isfinite(torch.tensor(list(figures.values()))).all()

"""Sliders from a person's own marks."""

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput
from studio.engine.engine import Engine
from studio.engine.steering.codes import from_text
from studio.engine.steering.directions import style_sample
from studio.engine.steering.own_slider import auc
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.slider import SliderRequest, keep_slider
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.sliders import Sliders, SlidersConfig


def marked(engine: Engine) -> SliderRequest:
    """Marks of 16 faces by one number of their style."""
    net = engine.model("faces")
    assert isinstance(net, FaceGAN)
    middle = style_sample(net.generator)[:, 0].median()
    draw = [engine.run(FacesRequest(count=1, seed=seed)).faces[0].code for seed in range(16)]

    sides: dict[bool, list[str]] = {True: [], False: []}
    for code in draw:
        sides[bool(from_text(code, net.generator)[0, 0] > middle)].append(code)
    return SliderRequest(name="first", has=" ".join(sides[True]), has_not=" ".join(sides[False]))


def test_a_slider_of_few_marks_moves_what_was_marked(engine: Engine, library: Library) -> None:
    done = engine.run(marked(engine))
    assert 0.7 <= done.auc <= 1 and done.settings["name"] == "first"
    assert keep_slider(library, done) == "slider-first"
    (plain,) = engine.run(FacesRequest(count=1, seed=99)).faces
    (moved,) = engine.run(FacesRequest(count=1, seed=99, sliders="first=2")).faces
    assert not np.array_equal(plain.picture.rgb, moved.picture.rgb)
    net = engine.model("faces")
    assert isinstance(net, FaceGAN)
    sample = style_sample(net.generator, 500)
    scores = done.slider.attributes(sample)[:, 0]
    assert torch.corrcoef(torch.stack([scores, sample[:, 0]]))[0, 1] > 0.5
    assert abs(float(done.slider.attributes(done.slider(sample, torch.ones(500, 1)) - sample).mean())) > 0
    with pytest.raises(BadInput, match="already a slider 'first'"):
        engine.run(marked(engine))


def test_it_leaves_the_shipped_sliders_attributes_alone(engine: Engine, library: Library) -> None:
    known = Sliders(SlidersConfig(names=("known",), auc=(0.9,), style=8))
    with torch.no_grad():
        known.weights[1, 0] = 1.0
        known.directions[0, 1] = 1.0
    library.publish("sliders", known, "sliders", known.config, {})
    slider = engine.run(marked(engine)).slider
    own, other = slider.directions[0] @ slider.weights[:, 0], slider.directions[0] @ known.weights[:, 0]
    assert own == pytest.approx(1.0, abs=1e-4)
    net = engine.model("faces")
    assert isinstance(net, FaceGAN)
    assert abs(other) / (style_sample(net.generator)[:, 1].std()) < 0.34
    keep_slider(library, engine.run(marked(engine)))
    assert engine.run(FacesRequest(count=1, sliders="known=1 first=-1")).faces


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"has": "1 2 3"}, "3 faces have it and 0 have it not"),
        ({"has": "1 2 3 4 5 6 7 8", "has_not": "9 10"}, "at least 10 in all and 3 of each side"),
        ({"has": " ".join(map(str, range(10))), "has_not": " ".join(map(str, range(10)))}, "do not tell faces apart"),
        ({"name": "My Hat", "has": "1"}, "such as 'my-hat'"),
    ],
)
def test_marks_that_teach_nothing_are_refused(engine: Engine, settings: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        engine.run(SliderRequest(**{"name": "hat"} | settings))


def test_auc_counts_pairs() -> None:
    marks = torch.tensor([1.0, 1.0, -1.0, -1.0])
    assert auc(torch.tensor([2.0, 0.5, 1.0, 0.0]), marks) == 0.75
    assert auc(torch.zeros(4), marks) == 0.5

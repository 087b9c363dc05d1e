"""Captions say what their numbers say, in both languages, and a net learns to read them."""

import numpy as np
import torch

from studio.engine.steering.words import understand
from studio.jobs.spec import WordsSpec
from studio.library.store import Library
from studio.models.words import WordsConfig, WordsNet
from training.captions import DEGREES, PHRASES, caption, vocabulary
from training.loop import run_training

NAMES = ("smile", "age", "glasses")


def test_a_caption_holds_a_phrase_for_each_attribute_it_asks_for() -> None:
    rng = np.random.default_rng(0)
    asked = []
    for _ in range(200):
        values = rng.normal(size=3)
        found = caption(values, NAMES, rng)
        for name, value, level in zip(NAMES, values, found.asked, strict=True):
            phrases = [text for pair in PHRASES[name].values() for side in pair for text in side]
            fits = any(text.replace("{}", "").strip() in found.text or "{}" in text for text in phrases)
            assert np.isnan(level) or fits
            if not np.isnan(level):
                levels = [base * factor for base in PHRASES[name] for factor in DEGREES]
                assert any(abs(level - one) < 1e-5 for one in levels)
                assert abs(value) < 0.4 or level == 0 or np.sign(level) == np.sign(value) or name == "glasses"
        asked.append(found.asked)
    share = 1 - np.isnan(asked).mean()
    assert 0.25 < share < 0.45
    nothing = caption(np.full(3, np.nan), NAMES, rng)
    assert np.isnan(nothing.asked).all()


def test_every_word_of_a_caption_is_in_the_vocabulary() -> None:
    rng = np.random.default_rng(1)
    names = tuple(PHRASES)
    net = WordsNet(WordsConfig(vocabulary=vocabulary(names), names=names, width=8))
    for _ in range(300):
        found = caption(rng.normal(size=len(names)) * 2, names, rng)
        assert net.read(found.text)[1] == [], found.text


def test_a_net_learns_what_words_ask(folder, library: Library, tmp_path) -> None:
    spec = WordsSpec(
        data=(str(folder),),
        labels=(str(folder.parent / "labels.csv"),),
        faces="small",
        sliders="some",
        images=16_000,
        batch=64,
        lr=5e-3,
    )
    done = run_training(spec, tmp_path / "run", library=library, device="cpu")
    assert done.model is not None
    net = library.load(done.model)
    assert isinstance(net, WordsNet)
    torch.manual_seed(0)
    for text, name, sign in (
        ("a smiling person", "smile", 1),
        ("serious", "smile", -1),
        ("old", "age", 1),
        ("年轻", "age", -1),
        ("微笑的人", "smile", 1),
    ):
        found = understand(net, text)
        assert set(found.asked) == {name} and found.asked[name] * sign > 0.5, text
    both = understand(net, "very old, slightly smiling zebra")
    assert both.unknown == ("zebra",) and both.asked["age"] > 0.5
    effects = dict(both.effects)
    assert effects["old"]["age"] > 0.3 > abs(effects["smiling"].get("age", 0))

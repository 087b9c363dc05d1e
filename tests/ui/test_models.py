"""The Models tab, without a browser: every model has a card, and what is said of it is true and safe."""

import html
import json
import re
from pathlib import Path

import numpy as np
import pytest

from studio.core.image import read_picture
from studio.core.settings import Home, assets_dir
from studio.engine.engine import Engine
from studio.jobs.store import JobStore
from studio.library.checkpoint import read_header
from studio.library.store import Library, ModelCard
from studio.models.families import FAMILIES
from studio.ui import model_samples
from studio.ui.context import Studio
from studio.ui.i18n import LANGUAGES, Words, named
from studio.ui.tabs.art import title_of
from studio.ui.texts import TEXTS
from studio.ui.widgets.model_cards import Tile, facts, figures, render
from tests.engine.conftest import TINY, publish

SAY = Words("en")
EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    home = Home(root=tmp_path)
    library = Library(tmp_path / "shipped", home.models)
    for family in TINY:
        publish(library, family)
    return Studio(engine=Engine(library, "cpu"), library=library, store=JobStore(home.jobs_db), home=home)


def text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def shipped() -> list[ModelCard]:
    return Library(assets_dir() / "models", Path("nowhere")).cards()


def test_every_family_has_a_word() -> None:
    assert not [family for family in FAMILIES if f"recipe.{family}" not in TEXTS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_a_shipped_model_is_told(language: str) -> None:
    library, say = Library(assets_dir() / "models", Path("nowhere")), Words(language)
    cards = library.cards()
    assert cards
    page = text(render([Tile(name=card.name, card=card) for card in cards], say))
    for card in cards:
        told = text(facts(Tile(name=card.name, card=card, state="ok"), library.ancestry(card.name), say))
        for value in (named(say, "model", card.name), card.licence, card.data, card.hardware, card.notes, card.sha256):
            assert value in told
        assert f"{card.images_seen:,}" in told and named(say, "model", card.name) in page
        known, _ = figures(card, say)
        assert known or not card.metric, "the figures that matter have words"
        assert all(words in told and value in told for words, value in known)


def test_what_comes_with_easel_is_named_in_both_languages() -> None:
    for card in shipped():
        assert named(SAY, "model", card.name) == card.title
    presets = read_header(assets_dir() / "models" / "art.safetensors").config["presets"]
    assert all(title_of(Words(language), preset) != preset for language in LANGUAGES for preset in presets)


def test_what_a_stranger_wrote_on_a_card_stays_text(studio: Studio) -> None:
    net = studio.library.load("faces")
    texts = dict.fromkeys(("title", "licence", "data", "hardware", "notes", "created"), EVIL)
    odd = {"metric": {EVIL: 1, "kid_val": True}, "data_card": {"left_out": {EVIL: EVIL}, "kept": EVIL, "sha256": EVIL}}
    chain = {"ancestors": [{"name": EVIL, "sha256": EVIL}], "recipe": json.dumps({EVIL: [EVIL]})}
    card = studio.library.publish("odd", net, "faces", net.config, texts | odd | chain)  # type: ignore[arg-type]
    tile = Tile(name="odd", card=card)
    page = facts(tile, studio.library.ancestry("odd"), SAY) + render([tile], SAY, "odd")
    assert "<img src=x" not in page and 'onerror="' not in page
    assert page.count(html.escape(EVIL)) >= 12, "all of it is shown, as text"


def test_the_chain_says_what_is_missing(studio: Studio) -> None:
    library = studio.library
    net, base = library.load("faces"), library.card("faces")
    old = '{"base": "faces-0"}'
    first = library.publish("first", net, "faces", net.config, {"recipe": old})  # type: ignore[arg-type]
    middle = library.publish("middle", net, "faces", net.config, {}, first)  # type: ignore[arg-type]
    last = library.publish("last", net, "faces", net.config, {}, middle)  # type: ignore[arg-type]
    library.rename("first", "renamed")
    library.delete("middle")
    page = facts(Tile(name="last", card=last), library.ancestry("last"), SAY)
    told = re.sub(r"\s+", " ", text(page[page.index("<ol") : page.index("</ol>")]))
    assert told.strip() == (
        "faces-0 known by its name alone; its checksum was not recorded "
        "renamed called “first” then "
        f"middle not in this library any more, or never was (SHA-256 {middle.sha256[:12]}…) last this model"
    )
    assert 'data-model="renamed"' in page and 'data-model="middle"' not in page
    assert "no base" in text(facts(Tile(name="faces", card=base), library.ancestry("faces"), SAY))


def test_a_damaged_model_has_a_card_that_says_so() -> None:
    tile = Tile(name="bad", card=None, state="damaged")
    assert "bad" in text(render([tile], SAY)) and "Damaged" in text(facts(tile, [], SAY))


@pytest.mark.parametrize("family", model_samples.MAKERS)
def test_a_sample_is_made_once_and_shows_this_model(studio: Studio, family: str) -> None:
    card = studio.library.card(family)
    assert model_samples.can_make(card) and model_samples.kept(studio, card) is None
    path = model_samples.make(studio, card)
    assert model_samples.kept(studio, card) == path
    picture = read_picture(path)
    assert picture.width == model_samples.SIDE and np.ptp(picture.rgb) > 20
    publish(studio.library, family, "another", seed=5)
    other = model_samples.make(studio, studio.library.card("another"))
    assert other != path and (read_picture(other).rgb != picture.rgb).any()


def test_the_sample_of_a_training_goes_first(studio: Studio) -> None:
    card = studio.library.card("faces")
    model_samples.make(studio, card)
    kept = studio.library.keep_sample("faces", np.full((30, 60, 3), 200, np.uint8))
    assert model_samples.kept(studio, card) == kept


def test_what_makes_no_picture_gets_none(studio: Studio) -> None:
    assert not model_samples.can_make(studio.library.card("landmarks"))

"""The models as cards with a sample each, and all that is known of the chosen one."""

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from studio.core.settings import assets_dir
from studio.library.store import Link, ModelCard
from studio.ui.i18n import Words, named
from studio.ui.texts import TEXTS

SHORT = 12  # digits of a checksum that are shown
COUNTS = ("put_back", "supplements", "captions", "labelled", "median_side")  # of a data card, told where not 0


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A model as a card: `card` is None where its file is damaged or gone, `sample` a picture's address or ""."""

    name: str
    card: ModelCard | None
    sample: str = ""
    state: str = ""  # of its last check: ok, damaged, missing; "" before the first

    @property
    def is_own(self) -> bool:
        return self.card is None or self.card.origin == "user"


class ModelCards:
    """Drawn by `component`, which takes the HTML of `render`; `on_model` is called with the `name` of a chosen one."""

    def __init__(self, *, elem_id: str) -> None:
        script = (assets_dir() / "ui" / "models.js").read_text(encoding="utf-8")
        self.component = gr.HTML("", js_on_load=script, apply_default_css=False, elem_id=elem_id)

    def on_model(self, handler: Callable[..., Any], **options: Any) -> None:
        self.component.model(handler, **options)


def render(tiles: Sequence[Tile], say: Words, chosen: str | None = None) -> str:
    """Own models first, then those that came with Easel; with `chosen` None the page keeps the choice it has."""
    own, shipped = [tile for tile in tiles if tile.is_own], [tile for tile in tiles if not tile.is_own]
    none = f"<strong>{_t(say('models.none'))}</strong>{_t(say('models.none_hint'))}"
    parts = [f"<h3>{_t(say('models.own'))}</h3>", _grid(own, say) or f'<div class="ez-empty">{none}</div>']
    if shipped:
        parts += [f"<h3>{_t(say('models.shipped'))}</h3>", _grid(shipped, say)]
    mark = "" if chosen is None else f' data-chosen="{_t(chosen)}"'
    return f'<div class="ez-models" data-forget="{_t(say("models.forget_confirm"))}"{mark}>{"".join(parts)}</div>'


def facts(tile: Tile, chain: Sequence[Link], say: Words) -> str:
    """All that is known of a model, as HTML; of one whose file is damaged that is its name."""
    head = f"{_picture(tile, say)}<h3>{_t(_title(tile, say))}</h3>{_badge(tile, say)}"
    if tile.card is None:
        return f'<div class="ez-model-facts">{head}</div>'
    parts = [_list(_known(tile.card, say)), _chain(chain, tile.card, say), _figures(tile.card, say)]
    parts += [_data_card(tile.card.data_card, say), _settings(tile.card, say)]
    return f'<div class="ez-model-facts">{head}{"".join(parts)}</div>'


def family(card: ModelCard, say: Words) -> str:
    """What kind of model it is, in words; one that has none is called by its own name."""
    key = f"recipe.{card.family}"
    return say(key) if key in TEXTS else card.family


def size(card: ModelCard) -> str:
    return f"{card.bytes / 1e6:.1f} MB" if card.bytes >= 50_000 else f"{card.bytes / 1e3:.0f} kB"


def figures(card: ModelCard, say: Words) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(words, value) of the figures that have words, in the order of these; and (name, value) of all others."""
    values = {key: _number(value) for key, value in card.metric.items() if isinstance(value, int | float)}
    worded = [key for key in TEXTS if key.startswith("metric.") and key.removeprefix("metric.") in values]
    known = [(say(key), values[key.removeprefix("metric.")]) for key in worded]
    others = [(key.replace("_", " "), value) for key, value in values.items() if f"metric.{key}" not in TEXTS]
    return known, others


def _grid(tiles: Sequence[Tile], say: Words) -> str:
    return f'<div class="grid">{"".join(_tile(tile, say) for tile in tiles)}</div>' if tiles else ""


def _tile(tile: Tile, say: Words) -> str:
    card = tile.card
    lines = [f"{family(card, say)} · {size(card)}", card.licence or say("models.no_licence")] if card else []
    known = figures(card, say)[0][:1] if card else []
    lines += [f"{value} · {words}" for words, value in known]
    told = "".join(f'<div class="line" title="{_t(line)}">{_t(line)}</div>' for line in lines)
    return (
        f'<button type="button" class="ez-model" data-model="{_t(tile.name)}">{_picture(tile, say)}'
        f'<div class="text"><div class="name">{_t(_title(tile, say))}</div>{told}{_badge(tile, say)}</div></button>'
    )


def _title(tile: Tile, say: Words) -> str:
    """A shipped model's name in the page's language; an own one's as it was given."""
    shipped = "" if tile.is_own else named(say, "model", tile.name)
    return shipped or (tile.card.title if tile.card else "") or tile.name


def _picture(tile: Tile, say: Words) -> str:
    """The sample; where there is none, the first letter of what it does."""
    if tile.sample:
        return f'<img alt="" src="{tile.sample}">'
    letter = family(tile.card, say)[0] if tile.card else "?"
    return f'<div class="blank" aria-hidden="true">{_t(letter)}</div>'


def _badge(tile: Tile, say: Words) -> str:
    return f'<span class="badge {tile.state}">{_t(say(f"models.state.{tile.state}"))}</span>' if tile.state else ""


def _known(card: ModelCard, say: Words) -> list[tuple[str, str]]:
    """(label, value) of what the card tells in one line each."""
    rows = (
        ("models.name", card.name),
        ("models.family", family(card, say)),
        ("models.size", size(card)),
        ("models.licence", card.licence or say("models.no_licence")),
        ("models.seen", f"{card.images_seen:,}" if card.images_seen else ""),
        ("models.data", card.data),
        ("models.hardware", card.hardware),
        ("models.created", card.created[:16].replace("T", " ")),
        ("models.notes", card.notes),
        ("models.digest", card.sha256),
    )
    return [(say(key), value) for key, value in rows if value]


def _chain(chain: Sequence[Link], card: ModelCard, say: Words) -> str:
    """The models it goes back to, the base of all first; one that is here can be clicked."""
    title = f"<h4>{_t(say('models.chain'))}</h4>"
    if len(chain) < 2:
        return f"{title}<p>{_t(say('models.scratch' if card.recipe else 'models.no_base'))}</p>"
    steps = "".join(f"<li{_step(link, link is chain[-1], say)}</li>" for link in chain)
    return f'{title}<ol class="chain">{steps}</ol>'


def _step(link: Link, is_last: bool, say: Words) -> str:
    """The rest of an <li>: its class, the name, and what is to be said of it."""
    name = f"<b>{_t(link.was.name)}</b>"
    if is_last:
        return f">{name} <small>{_t(say('models.chain_this'))}</small>"
    if link.card:
        then = "" if link.card.name == link.was.name else say("models.chain_was", name=link.was.name)
        button = f'<button type="button" data-model="{_t(link.card.name)}">{_t(link.card.name)}</button>'
        return f">{button} <small>{_t(then)}</small>"
    digest = link.was.sha256[:SHORT]
    why = say("models.chain_gone", digest=digest) if digest else say("models.chain_name_only")
    return f' class="gone">{name} <small>{_t(why)}</small>'


def _figures(card: ModelCard, say: Words) -> str:
    known, others = figures(card, say)
    parts = [f"<h4>{_t(say('models.figures'))}</h4>{_list(known, 'figures')}"] if known else []
    if others:
        parts.append(f"<details><summary>{_t(say('models.all_figures'))}</summary>{_list(others, 'figures')}</details>")
    return "".join(parts)


def _data_card(card: Mapping[str, Any], say: Words) -> str:
    """What went into the training and what did not, in words; nothing where no card was kept."""
    if not card:
        return ""
    counted = {key: value for key, value in card.items() if isinstance(value, int)}
    lines = [say("models.data_kept", kept=counted.get("kept", "?"), given=counted.get("given", "?"))]
    left_out = card.get("left_out")
    if isinstance(left_out, dict) and left_out:
        reasons = "; ".join(f"{_reason(reason, say)}: {count}" for reason, count in left_out.items())
        lines.append(say("models.data_left_out", reasons=reasons))
    lines += [say(f"models.data_{key}", count=counted[key]) for key in COUNTS if counted.get(key)]
    if isinstance(card.get("sha256"), str):
        lines.append(say("models.data_digest", digest=card["sha256"][:SHORT]))
    items = "".join(f"<li>{_t(line)}</li>" for line in lines)
    return f'<h4>{_t(say("models.data_card"))}</h4><ul class="data-card">{items}</ul>'


def _reason(reason: str, say: Words) -> str:
    key = f"reason.{reason}"
    return say(key) if key in TEXTS else say("models.removed") if reason == "removed" else reason


def _settings(card: ModelCard, say: Words) -> str:
    """The recipe's settings, folded; nothing where the card holds none."""
    try:
        recipe = json.loads(card.recipe)
    except ValueError:
        return ""
    if not isinstance(recipe, dict):
        return ""
    rows = [
        (key, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for key, value in recipe.items()
    ]
    rows = [(key, value) for key, value in rows if value]
    return f"<details><summary>{_t(say('models.settings'))}</summary>{_list(rows)}</details>"


def _list(rows: Sequence[tuple[str, str]], kind: str = "facts") -> str:
    items = "".join(f"<dt>{_t(label)}</dt><dd>{_t(value)}</dd>" for label, value in rows)
    return f'<dl class="{kind}">{items}</dl>'


def _number(value: float) -> str:
    """Three digits that matter; whole numbers as they are."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def _t(text: str) -> str:
    return html.escape(str(text), quote=True)

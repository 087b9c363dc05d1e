"""Where a face comes from: its nearest training pictures, what it shows, what its edits changed, how it was made."""

import html
from typing import Any

import gradio as gr

from studio.core.image import resize
from studio.engine.tasks.explain import ExplainResult, Neighbour
from studio.ui.events import here
from studio.ui.i18n import Words, t
from studio.ui.inline import data_address
from studio.ui.texts import TEXTS

TILE_SIDE = 128  # px
LEAST = 0.5  # levels of change worth telling: a code is rounded
WIDEST = 3.0  # deviations that fill a bar
HEADINGS = ("explain.lead", "explain.attributes", "explain.changed", "explain.recipe")
HIDDEN = ("task", "easel", "tries", "count", "enlarge")  # settings that did not shape the face


class Origin:
    """Draws a button and what it tells; the owner sets `told` when it is pressed and empties it for a new face."""

    def __init__(self) -> None:
        with gr.Accordion(t("explain.title"), open=False, elem_id="explain"):
            self.go = gr.Button(t("explain.go"), size="sm", elem_id="explain-go")
            self.told = gr.HTML(elem_id="explain-told", elem_classes="ez-origin", apply_default_css=False)


def page(found: ExplainResult, settings: dict[str, Any]) -> str:
    """The HTML for a face with these settings."""
    say = here()
    lead, shows, changed, made = (say(key) for key in HEADINGS)
    parts = [f"<p>{lead}</p>", *(_neighbour(one, say) for one in found.neighbours)]
    if found.attributes:
        names = {key: say(f"slider.{key}") if f"slider.{key}" in TEXTS else key for key in found.attributes}
        rows = [_bar(names[key], value / WIDEST, f"{value:+.1f}") for key, value in found.attributes.items()]
        parts.append(f"<h4>{shows}</h4>" + "".join(rows))
    most = max(found.changed.values(), default=0.0)
    if most >= LEAST:
        rows = [
            _bar(say(f"steer.range.{key}"), value / most, say("explain.levels", levels=f"{value:.1f}"))
            for key, value in found.changed.items()
        ]
        parts.append(f"<h4>{changed}</h4>" + "".join(rows))
    recipe = {key: value for key, value in settings.items() if value not in ("", {}, None) and key not in HIDDEN}
    lines = [f"<dt>{html.escape(key)}</dt><dd>{html.escape(str(value))}</dd>" for key, value in recipe.items()]
    parts.append(f"<h4>{made}</h4><dl>{''.join(lines)}</dl>")
    return "".join(parts)


def _neighbour(one: Neighbour, say: Words) -> str:
    told = say("explain.neighbour", index=one.index, distance=f"{one.distance:.0f}", closer=f"{100 * one.closer:.0f}")
    picture = data_address(resize(one.rgb, (TILE_SIDE, TILE_SIDE)))
    return f'<figure><img alt="" src="{picture}"><figcaption>{told}</figcaption></figure>'


def _bar(name: str, share: float, told: str) -> str:
    """A line with a bar from the middle to `share`, -1 to 1."""
    share = max(-1.0, min(share, 1.0))
    left, width = 50 + min(share, 0) * 50, abs(share) * 50
    bar = f'<span><i style="left: {left:.1f}%; width: {width:.1f}%"></i></span>'
    return f'<div class="ez-share"><b>{html.escape(name)}</b>{bar}<em>{told}</em></div>'

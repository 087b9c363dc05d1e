"""The sliders of a face: named ones, those that no label taught, and places for a person's own."""

from collections.abc import Callable
from typing import Any

import gradio as gr
import numpy as np
from gradio.blocks import Block

from studio.engine.steering.sliders import LIMIT
from studio.engine.tasks.faces import slider_names
from studio.ui.context import Studio
from studio.ui.i18n import t
from studio.ui.inline import data_address
from studio.ui.texts import TEXTS
from studio.ui.widgets.task_panel import Values

DIRECTIONS = 8  # sliders that no label taught
OWN = 6  # places for own ones; the rest works in text alone
PUSH = 3.0  # deviations to either side that are shown above a slider


class SliderBank:
    """Draws an accordion of sliders, each below a strip of what it does."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        named = [name for name in slider_names(studio.engine) if f"slider.{name}" in TEXTS]
        self.fixed = [*named, *(f"form-{index + 1}" for index in range(DIRECTIONS))]
        self.columns: list[gr.Column] = []
        self.strips: list[gr.HTML] = []
        self.sliders: list[gr.Slider] = []
        with gr.Accordion(t("steer.directions"), open=False) as self.accordion:
            places = [*self.fixed, *(f"own-{index + 1}" for index in range(OWN))]
            for first in range(0, len(places), 2):
                with gr.Row():
                    for name in places[first : first + 2]:
                        self._draw(name, visible=name in self.fixed)

    def _draw(self, name: str, *, visible: bool) -> None:
        label: Any = t(f"slider.{name}") if f"slider.{name}" in TEXTS else name.removeprefix("form-")
        with gr.Column(min_width=140, visible=visible) as column:
            self.strips.append(gr.HTML(elem_classes="ez-strip", apply_default_css=False))
            slider = gr.Slider(-LIMIT, LIMIT, 0, step=0.25, label=label, elem_id=f"steer-{name}", buttons=[])
        self.columns.append(column)
        self.sliders.append(slider)

    @property
    def names(self) -> list[str]:
        """What the sliders are called now, own ones last."""
        own = [name for name in slider_names(self.studio.engine) if name not in self.fixed]
        return [*self.fixed, *own[:OWN]]

    @property
    def components(self) -> list[Block]:
        return [*self.sliders, *self.columns[len(self.fixed) :]]

    def text(self, values: Values, before: str) -> str:
        """What `FacesRequest.sliders` takes: the sliders as they stand, and those of `before` that have no place."""
        amounts = dict(zip(self.names, (values[slider] for slider in self.sliders), strict=False))
        others = [part for part in before.split() if part.split("=")[0] not in amounts]
        return " ".join([*others, *(f"{name}={amount:g}" for name, amount in amounts.items() if amount)])

    def seen(self, text: str) -> Values:
        """The sliders as `text` has them, and a place for each own one."""
        amounts = dict(part.split("=") for part in text.split())
        names = self.names
        updates: Values = {}
        for index, slider in enumerate(self.sliders):
            name = names[index] if index < len(names) else ""
            value = float(amounts.get(name, 0))
            if index < len(self.fixed):
                updates[slider] = value
            else:
                updates[slider] = gr.update(value=value, label=name)
                updates[self.columns[index]] = gr.update(visible=bool(name))
        return updates

    def pictures(self, face: Callable[[str], np.ndarray]) -> list[str]:
        """What each slider does, left to right, as HTML; `face` draws the face for a slider text."""
        plain, strips = face(""), []
        for name in self.names:
            cells = [face(f"{name}={-PUSH:g}"), plain, face(f"{name}={PUSH:g}")]
            strips.append(f'<img alt="" src="{data_address(np.hstack(cells))}">')
        return strips + [""] * (len(self.strips) - len(strips))

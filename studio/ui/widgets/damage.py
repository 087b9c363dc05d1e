"""Damage of the picture on a canvas, put there as a mask that can be corrected."""

import base64
from dataclasses import dataclass, replace
from typing import Any

import cv2
import gradio as gr
import numpy as np

from studio.engine.tasks.damage import FINDS, DamageRequest, DamageResult, mask_of
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.picture_canvas import offered, painted_mask, to_size
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.task_panel import TaskPanel, Values

LONGEST = 2048  # px a side of a canvas's mask


@dataclass(frozen=True, eq=False)
class Found:
    """What was found in the picture `source`: chances, uint8 [h, w], of what, and the mask put on the canvas."""

    source: tuple[str, str]
    chance: np.ndarray
    find: str
    scale: float
    mask: np.ndarray


class FindDamage:
    """Draws the controls. A mask found before is replaced, what was painted by hand stays."""

    def __init__(self, studio: Studio, source: PictureInput) -> None:
        self.source = source
        self.found = gr.State(None)
        with gr.Accordion(t("damage.title"), open=False, elem_id="damage"):
            choices: Any = [(t(f"damage.find.{name}"), name) for name in FINDS]
            self.find = gr.Radio(label=t("damage.find"), choices=choices, value=FINDS[0], elem_id="damage-find")
            self.threshold = gr.Slider(
                label=t("damage.threshold"),
                info=t("damage.threshold_info"),
                step=0.05,
                **field_of(DamageRequest, "threshold"),
            )
            self.grow = gr.Slider(label=t("damage.grow"), step=1, **field_of(DamageRequest, "grow"))
            self.panel = TaskPanel(studio, "damage", "damage.go")
        inputs: Any = {*source.components, self.find, self.threshold, self.grow, self.found}
        outputs: Any = [source.canvas.component, self.found]
        self.panel.connect(inputs=inputs, outputs=outputs, build=self._build, show=self._show)
        for slider in (self.threshold, self.grow):
            slider.release(spoken(self._again), inputs, outputs, **LIGHT)

    def _build(self, values: Values) -> DamageRequest:
        return DamageRequest(
            picture=self.source.picture(values),
            find=values[self.find],
            threshold=float(values[self.threshold]),
            grow=int(values[self.grow]),
        )

    def _show(self, values: Values, done: DamageResult) -> Values:
        if not done.mask.any():
            gr.Info(here()("damage.none"))
        scale = min(1.0, LONGEST / max(done.chance.shape))
        chance = done.chance
        if scale < 1:
            chance = cv2.resize(chance, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        last: Found | None = values[self.found]
        same = last is not None and last.source == values[self.source.source]
        before = last.mask if last and same else np.zeros(chance.shape, bool)
        found = Found(values[self.source.source], chance, values[self.find], scale, before)
        return self._offered(values, found)

    def _again(self, values: Values) -> Values:
        """The mask anew by another threshold; the network need not look again."""
        found: Found | None = values[self.found]
        if found is None or found.source != values[self.source.source]:
            return {self.found: None}
        return self._offered(values, found)

    def _offered(self, values: Values, found: Found) -> Values:
        height, width = found.chance.shape
        px = round(int(values[self.grow]) * found.scale)
        mask = mask_of(found.chance, found.find, float(values[self.threshold]), px)
        painted = painted_mask(values[self.source.canvas.component])
        by_hand = np.zeros_like(mask) if painted is None else to_size(painted, width, height) & ~found.mask
        coded, data = cv2.imencode(".png", (by_hand | mask).astype(np.uint8) * 255)
        assert coded
        value = offered(values[self.source.canvas.component], base64.b64encode(data.tobytes()).decode())
        return {self.source.canvas.component: value, self.found: replace(found, mask=mask)}

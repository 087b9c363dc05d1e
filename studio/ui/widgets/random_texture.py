"""A random texture: its pattern, seed, size and colours."""

import secrets
from typing import Any

import gradio as gr

from studio.engine.tasks.texture import TextureRequest, TextureResult
from studio.engine.textures.colours import NATURAL, PALETTES
from studio.engine.textures.patterns import PATTERNS
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT
from studio.ui.i18n import t
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.texture_view import TextureView

SEEDS = 2**31


class RandomTexture:
    """Draws the controls, and the texture beside them."""

    def __init__(self, studio: Studio) -> None:
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300, elem_classes="ez-panel"):
                self._draw_controls(studio)
            with gr.Column(scale=4, min_width=320, elem_classes="ez-panel"):
                self.view = TextureView(studio, "texture")
        inputs: set[Any] = {self.pattern, self.palette, self.colours, self.seed, self.lock, *self.numbers.values()}
        self.panel.connect(
            inputs={*inputs, *self.view.settings},
            outputs=[self.seed, *self.view.components],
            build=self._build,
            show=self._show,
        )

    def _draw_controls(self, studio: Studio) -> None:
        self.panel = TaskPanel(studio, "texture", "texture.go")
        patterns: Any = [(t(f"texture.pattern.{name}"), name) for name in PATTERNS]
        self.pattern = gr.Dropdown(
            label=t("texture.pattern"),
            choices=patterns,
            value=field_of(TextureRequest, "pattern")["value"],
            elem_id="texture-pattern",
        )
        with gr.Row(elem_classes="ez-seed"):
            self.seed = gr.Number(
                label=t("faces.seed"), precision=0, scale=3, elem_id="texture-seed", **field_of(TextureRequest, "seed")
            )
            dice = gr.Button("⚄", elem_classes="ez-square", elem_id="texture-dice", scale=0)
        self.lock = gr.Checkbox(label=t("faces.lock"), info=t("texture.lock_info"), value=False)
        self.numbers = {
            name: gr.Slider(label=t(f"texture.{name}"), step=step, **field_of(TextureRequest, name))
            for name, step in (("width", 16), ("height", 16), ("scale", 0.05), ("light", 0.1))
        }
        palettes: Any = [(t(f"texture.palette.{name}"), name) for name in (NATURAL, *PALETTES)]
        self.palette = gr.Dropdown(
            label=t("texture.palette"), choices=palettes, value=NATURAL, elem_id="texture-palette"
        )
        self.colours = gr.Textbox(
            label=t("texture.colours"),
            info=t("texture.colours_info"),
            placeholder="#2b1d14 #93703f #e9dcb9",
            elem_id="texture-colours",
        )
        dice.click(lambda: secrets.randbelow(SEEDS), None, self.seed, **LIGHT)

    @property
    def restored(self) -> list[Any]:
        """What `restored_from` sets."""
        return [self.pattern, self.palette, self.colours, self.seed, self.lock, *self.numbers.values()]

    def restored_from(self, settings: dict[str, Any]) -> Values:
        """The controls as they made a texture, which the next press makes again."""
        controls = {"pattern": self.pattern, "palette": self.palette, "colours": self.colours, "seed": self.seed}
        known = {**controls, **self.numbers}
        restored: Values = {control: settings[name] for name, control in known.items() if name in settings}
        return restored | {self.lock: True}

    def _build(self, values: Values) -> TextureRequest:
        return TextureRequest(
            pattern=values[self.pattern],
            width=int(values[self.numbers["width"]]),
            height=int(values[self.numbers["height"]]),
            seed=int(values[self.seed] or 0),
            scale=float(values[self.numbers["scale"]]),
            light=float(values[self.numbers["light"]]),
            palette=values[self.palette],
            colours=values[self.colours] or "",
        )

    def _show(self, values: Values, made: TextureResult) -> Values:
        """The next press makes another one, unless the seed is locked."""
        shown = self.view.shown(made.picture, made.heights, values)
        return shown if values[self.lock] else shown | {self.seed: secrets.randbelow(SEEDS)}

"""A slider of one's own: mark faces that have something and faces that have it not, and let it be learned."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.engine.tasks.slider import LEAST, SliderRequest, keep_slider
from studio.ui.context import Studio
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.task_panel import Values

Marks = dict[str, bool]  # codes of faces, and whether they have it


class OwnSlider:
    """Draws the marks. The owner connects it: `face` gives the chosen face's code from `inputs`, `made` the new values
    of `outputs` once there is another slider."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.marks = gr.State({})
        with gr.Accordion(t("own.title"), open=False, elem_id="own-slider"):
            gr.Markdown(t("own.lead"))
            self.name = gr.Textbox(label=t("own.name"), placeholder="beard", max_lines=1, elem_id="own-name")
            with gr.Row():
                self.has = gr.Button(t("own.has"), size="sm", elem_id="own-has")
                self.has_not = gr.Button(t("own.has_not"), size="sm", elem_id="own-has-not")
                self.clear = gr.Button(t("own.clear"), size="sm", elem_id="own-clear")
            self.count = gr.Markdown(elem_id="own-count", elem_classes="ez-facts")
            self.make = gr.Button(t("own.make"), elem_id="own-make")

    def connect(
        self,
        model: ModelChoice,
        face: Callable[[Values], str],
        inputs: set[Block],
        made: Callable[[Values], Values],
        outputs: list[Block],
    ) -> None:
        def mark(has: bool) -> Callable[[Values], Values]:
            return lambda values: self._told(values[self.marks] | {face(values): has})

        def make(values: Values) -> Values:
            marks: Marks = values[self.marks]
            sides = [" ".join(code for code, has in marks.items() if has is side) for side in (True, False)]
            name = (values[self.name] or "").strip()
            if not name:
                raise BadInput("The slider has no name yet; write one, such as beard.")
            request = SliderRequest(name=name, has=sides[0], has_not=sides[1], model=model.chosen(values))
            done = self.studio.engine.run(request)
            keep_slider(self.studio.library, done)
            told = here()("own.done", name=name, auc=f"{done.auc:.2f}")
            return self._told({}, told) | {self.name: ""} | made(values)

        own: list[Block] = [self.marks, self.count]
        for button, has in ((self.has, True), (self.has_not, False)):
            button.click(spoken(mark(has)), {*inputs, self.marks}, own, **LIGHT)
        self.clear.click(lambda: self._told({}, ""), None, own, **LIGHT)
        options: dict[str, Any] = LIGHT | {"concurrency_limit": 1}
        needed: set[Block] = {*inputs, self.marks, self.name, model.component}
        self.make.click(spoken(make), needed, [*own, self.name, *outputs], **options)

    def _told(self, marks: Marks, told: str | None = None) -> Values:
        """The marks and how many there are, or what is `told` instead."""
        with_it = sum(marks.values())
        if told is None:
            told = here()("own.count", has=with_it, has_not=len(marks) - with_it, least=LEAST)
        return {self.marks: marks, self.count: told}

"""The choice of a model, seen only when there is a choice."""

from typing import Any

import gradio as gr

from studio.ui.context import SHIPPED, Studio
from studio.ui.i18n import t
from studio.ui.widgets.task_panel import Values


class ModelChoice:
    """A dropdown of a family's models, the shipped one by default."""

    def __init__(self, studio: Studio, family: str, label: str = "model.label", elem_id: str = "") -> None:
        self.studio, self.family = studio, family
        choices = studio.models(family)
        self.component = gr.Dropdown(
            label=t(label),
            choices=choices,
            value=choices[0][1] if choices else SHIPPED.get(family, family),
            visible=len(choices) > 1,
            allow_custom_value=True,  # or a model deleted meanwhile would break every event
            elem_id=elem_id or f"{family}-model",
        )

    def chosen(self, values: Values) -> str:
        """The name in `values`; the shipped model's when none is chosen."""
        return values[self.component] or SHIPPED.get(self.family, self.family)

    def refreshed(self, chosen: str | None) -> dict[str, Any]:
        """An update with the library's models as they are now; `chosen` stays while it exists."""
        choices = self.studio.models(self.family)
        names = [name for _, name in choices]
        value = chosen if chosen in names else (names or [SHIPPED.get(self.family, self.family)])[0]
        return gr.update(choices=choices, value=value, visible=len(choices) > 1)

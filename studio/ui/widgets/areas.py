"""Areas of a picture that stay as they are or take a style of their own: painted on the canvas, one after another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import Picture, read_mask, write_picture
from studio.engine.tasks.style import MOST_REGIONS, PHOTO, StyleRequest
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.picture_canvas import painted_mask, to_size
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.task_panel import Values

WIDEST = 64  # px of feathering on the slider
Kept = tuple[str, str]  # path of a mask as PNG, name of its style


class Areas:
    """Draws the controls; the masks are painted on `source`'s canvas."""

    def __init__(self, studio: Studio, source: PictureInput) -> None:
        self.studio, self.source = studio, source
        self.kept = gr.State([])
        with gr.Accordion(t("art.areas"), open=False, elem_id="art-areas"):
            gr.Markdown(t("art.areas_info"))
            first: Any = [(t("art.area.photo"), PHOTO)]
            self.style = gr.Dropdown(label=t("art.area"), choices=first, value=PHOTO, elem_id="art-area")
            self.add = gr.Button(t("art.area_add"), size="sm", elem_id="art-area-add")
            self.list = gr.Markdown(visible=False, elem_id="art-area-list")
            self.forget = gr.Button(t("art.area_forget"), size="sm", elem_id="art-area-forget", visible=False)
            limits: dict[str, Any] = field_of(StyleRequest, "feather") | {"maximum": WIDEST}
            self.feather = gr.Slider(label=t("art.feather"), step=1, **limits)
        shown: list[Block] = [self.kept, self.list, self.forget]
        self.add.click(spoken(self._add), self.components, [*shown, *source.outputs], **LIGHT)
        self.forget.click(spoken(lambda: self._told([])), None, shown, **LIGHT)

    @property
    def components(self) -> set[Block]:
        """What `regions` needs among the inputs of an event."""
        return {*self.source.components, self.kept, self.style, self.feather}

    def choices(self, presets: Sequence[tuple[str, str]]) -> Values:
        """The update that offers these styles, (title, name) each."""
        return {self.style: gr.update(choices=[(t("art.area.photo"), PHOTO), *presets])}

    def regions(self, values: Values, picture: Picture) -> dict[str, Any]:
        """The settings of a StyleRequest; areas kept for a picture of another size no longer count."""
        masks, names = [], []
        for path, name in values[self.kept]:
            mask = read_mask(path)
            if mask.shape == (picture.height, picture.width):
                masks.append(mask)
                names.append(name)
        painted = self._painted(values, picture)
        if painted is not None:
            masks.append(painted)
            names.append(values[self.style] or PHOTO)
        feather = int(values[self.feather])
        return {"regions": tuple(masks), "region_presets": ", ".join(names), "feather": feather}

    def _painted(self, values: Values, picture: Picture) -> np.ndarray | None:
        mask = painted_mask(values[self.source.canvas.component])
        return None if mask is None or not mask.any() else to_size(mask, picture.width, picture.height)

    def _add(self, values: Values) -> Values:
        """Keep what is painted, and show the picture without it."""
        picture = self.source.picture(values)
        mask = self._painted(values, picture)
        if mask is None:
            raise BadInput("Nothing is painted; paint over the area first.")
        if len(values[self.kept]) + 1 >= MOST_REGIONS:
            raise BadInput(f"There are {MOST_REGIONS} areas at most; forget some first.")
        grey = np.repeat((mask * np.uint8(255))[..., None], 3, 2)
        path = write_picture(self.studio.new_folder() / "area.png", Picture(rgb=grey), source=None)
        file, name = values[self.source.source]
        kept: list[Kept] = [*values[self.kept], (str(path), values[self.style] or PHOTO)]
        return self._told(kept) | self.source.taken(Path(file), name)

    def _told(self, kept: list[Kept]) -> Values:
        say = here()
        names = ", ".join(say("art.area.photo") if name == PHOTO else name for _, name in kept)
        return {
            self.kept: kept,
            self.list: gr.update(value=say("art.area_count", names=names), visible=bool(kept)),
            self.forget: gr.update(visible=bool(kept)),
        }

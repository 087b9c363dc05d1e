"""Step 2 of the wizard: the pictures looked through, what was left out and why, and what the person makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.engine.tasks.curate import Checked, CurateResult
from studio.engine.tasks.prepare import PrepareRequest
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import Words, t
from studio.ui.training_data import Choices, as_markdown, check_request
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.tiles import tiles

SHOWN = 60  # pictures of each gallery
OPTIONS = (("denoise", 1), ("equalise", 0.05), ("supplements", 1))
MODES = ("out", "has", "has_not")


@dataclass(frozen=True, kw_only=True)
class Board:
    """A check as one page shows it: what it was of, its result, the thumbnails' files, and what was decided."""

    sources: tuple[tuple[str, ...], str]
    done: CurateResult
    thumbs: dict[Path, str]
    changed: dict[Path, bool] = field(default_factory=dict)
    labels: dict[Path, dict[str, int]] = field(default_factory=dict)

    def sides(self) -> tuple[list[Checked], list[Checked]]:
        """The pictures that are used and those left out, as the galleries show them."""
        wanted = Choices(changed=self.changed).wanted(self.done)
        sides: tuple[list[Checked], list[Checked]] = ([], [])
        for one in self.done.pictures:
            sides[one.path not in wanted].append(one)
        return sides[0][:SHOWN], sides[1][:SHOWN]


class CheckPanel:
    """Draws the step; `sources` gives files and folder from the values of `inputs`."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.board = gr.State(None)
        self.panel = TaskPanel(studio, "check", "check.go")
        self.report = gr.Markdown(elem_classes="ez-check", elem_id="train-report")
        with gr.Column(visible=False) as self.details:
            self.used_title = gr.Markdown(t("check.used"), elem_classes="ez-title")
            self.used = tiles("faces", columns=4, elem_id="check-used")
            self.out_title = gr.Markdown(t("check.out"), elem_classes="ez-title")
            self.out = tiles("faces", columns=4, elem_id="check-out")
        with gr.Accordion(t("check.marks"), open=False):
            gr.Markdown(t("check.marks_info"))
            self.mode = gr.Radio(
                label=t("check.mode"),
                choices=[(t(f"check.mode.{mode}"), mode) for mode in MODES],
                value=MODES[0],
                elem_id="check-mode",
            )
            self.word = gr.Textbox(label=t("check.word"), placeholder="beard", max_lines=1, elem_id="check-word")
        with gr.Accordion(t("check.options"), open=False):
            self.options: dict[str, Block] = {
                name: gr.Slider(
                    label=t(f"prepare.{name}"),
                    info=t(f"prepare.{name}_info"),
                    step=step,
                    elem_id=f"check-{name}",
                    **field_of(PrepareRequest, name),
                )
                for name, step in OPTIONS
            }
            self.options["model"] = gr.Dropdown(
                label=t("prepare.model"),
                info=t("prepare.model_info"),
                choices=[*studio.models("faces"), *studio.models("vae")],
                value=field_of(PrepareRequest, "model")["value"],
                allow_custom_value=True,  # or a model deleted meanwhile would break every event
                elem_id="check-model",
            )

    @property
    def outputs(self) -> list[Block]:
        return [self.board, self.report, self.details, self.used, self.out, self.out_title]

    def connect(
        self, files: gr.File, folder: gr.Textbox, then: Callable[[Values], Values], needs: set[Block], more: list[Block]
    ) -> None:
        """Check on the button and as soon as there are pictures; after any change `then` gives the values of `more`
        from those of `needs` and the board."""

        def build(values: Values) -> Any:
            return check_request(self.studio, values[files] or [], values[folder] or "")

        def show(values: Values, done: CurateResult) -> Values:
            place = self.studio.new_folder()
            thumbs = {}
            for index, one in enumerate(done.pictures):
                if one.thumb:
                    thumbs[one.path] = str(place / f"{index}.jpg")
                    (place / f"{index}.jpg").write_bytes(one.thumb)
            sources = (tuple(values[files] or []), values[folder] or "")
            return changed(values, Board(sources=sources, done=done, thumbs=thumbs), here())

        def changed(values: Values, board: Board, say: Words) -> Values:
            return self._shown(board, say) | then(values | {self.board: board})

        inputs: set[Block] = {files, folder, self.board, *needs}
        outputs = [*self.outputs, *(block for block in more if block not in self.outputs)]
        self.panel.connect(
            inputs=inputs, outputs=outputs, build=build, show=show, triggers=(files.upload, folder.submit)
        )

        def pick(values: Values, event: gr.SelectData) -> Values:
            board: Board = values[self.board]
            one = board.sides()[0][event.index]
            if values[self.mode] == "out":
                now = {**board.changed, one.path: False}
                return changed(values, replace(board, changed=now), here())
            word = (values[self.word] or "").strip().lower()
            if not word:
                raise BadInput("There is no word to mark pictures with; write one, such as beard.")
            marks = {**board.labels.get(one.path, {}), word: int(values[self.mode] == "has")}
            return changed(values, replace(board, labels={**board.labels, one.path: marks}), here())

        def put_back(values: Values, event: gr.SelectData) -> Values:
            board: Board = values[self.board]
            one = board.sides()[1][event.index]
            if one.reason == "unreadable":
                raise BadInput("This file cannot be read, so it cannot be used; fetch or export it again.")
            return changed(values, replace(board, changed={**board.changed, one.path: True}), here())

        self.used.select(spoken(pick), inputs | {self.mode, self.word}, outputs, **LIGHT)
        self.out.select(spoken(put_back), inputs, outputs, **LIGHT)

    def choices(self, values: Values) -> Choices:
        """What the person decided."""
        board: Board | None = values[self.board]
        options = {name: values[block] for name, block in self.options.items() if values[block] is not None}
        return Choices(changed=board.changed if board else {}, labels=board.labels if board else {}, options=options)

    def cleared(self) -> Values:
        return {self.board: None, self.report: "", self.details: gr.update(visible=False)}

    def _shown(self, board: Board, say: Words) -> Values:
        used, out = board.sides()
        words = sorted({word for marks in board.labels.values() for word in marks})
        lines = [as_markdown(board.done, Choices(changed=board.changed), say)]
        for word in words:
            sides = [marks[word] for marks in board.labels.values() if word in marks]
            lines.append(say("check.marked", word=word, has=sum(sides), has_not=len(sides) - sum(sides)))
        return {
            self.board: board,
            self.report: "\n\n".join(lines),
            self.details: gr.update(visible=True),
            self.used: [(board.thumbs[one.path], _marks(board, one)) for one in used if one.path in board.thumbs],
            self.out: [(self._thumb(board, one), _why(one, say)) for one in out],
            self.out_title: gr.update(visible=bool(out)),
        }

    def _thumb(self, board: Board, one: Checked) -> str:
        return board.thumbs.get(one.path) or str(_blank(self.studio))


def _marks(board: Board, one: Checked) -> str:
    return ", ".join(f"{'+' if has else '-'}{word}" for word, has in board.labels.get(one.path, {}).items())


def _why(one: Checked, say: Words) -> str:
    why = say(f"reason.{one.reason}") if one.reason else say("check.removed")
    return f"{why}: {one.path.name}"


def _blank(studio: Studio) -> Path:
    """A grey tile for a file that holds no picture."""
    path = studio.served / "blank.png"
    if not path.is_file():
        write_picture(path, Picture(rgb=np.full((160, 160, 3), 128, np.uint8)), source=None)
    return path

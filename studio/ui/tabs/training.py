"""Training: fine-tune a model on one's own pictures, in the background, and follow it."""

import gradio as gr

from studio.ui.context import Studio
from studio.ui.events import spoken
from studio.ui.i18n import t, words_of
from studio.ui.widgets import guide
from studio.ui.widgets.board import Board
from studio.ui.widgets.task_panel import Values
from studio.ui.widgets.wizard import Wizard


def build(studio: Studio) -> tuple[Board, gr.File]:
    """Draw the tab; returns the board, which the app keeps up to date, and the pictures to train on."""
    gr.Markdown(t("train.lead"), elem_classes="ez-lead")
    guide.build()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320, elem_classes="ez-panel"):
            form = Wizard(studio)
        with gr.Column(scale=5, min_width=320, elem_classes="ez-panel"):
            board = Board(studio)

    @spoken
    def start(values: Values, request: gr.Request) -> Values:
        job = form.submitted(values)
        say = words_of(request)
        gr.Info(say("train.queued", name=job.name))
        return form.cleared | {board.selected: job.id} | board.refreshed(job.id, {}, say, studio.store.list())

    outputs = [*form.cleared, board.selected, *board.outputs]
    form.start.click(start, form.inputs, outputs, show_progress="minimal", api_visibility="private")

    board.connect()
    return board, form.files

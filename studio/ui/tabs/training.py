"""Training: fine-tune a model on one's own pictures, in the background, and follow it."""

from pathlib import Path
from typing import Any

import gradio as gr

from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job
from studio.ui import run_files
from studio.ui.context import Studio
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import Words, t, words_of
from studio.ui.widgets.job_list import JobList, render
from studio.ui.widgets.task_panel import Values
from studio.ui.widgets.wizard import Wizard


class Board:
    """The job list with the chosen job's details; `refreshed` is what the page's timer asks for."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.selected = gr.State(None)
        self.seen = gr.State({})  # what this page already shows of the details
        self.cards = JobList(elem_id="jobs")
        with gr.Column(visible=False, elem_classes="ez-panel") as self.details:
            self.plot = gr.LinePlot(x="images", y="value", color="loss", height=240, label=t("jobs.plot"))
            self.sheets = gr.Gallery(
                label=t("jobs.sheets"),
                columns=2,
                height="auto",
                object_fit="contain",
                interactive=False,
                buttons=["fullscreen"],
                elem_id="jobs-sheets",
                elem_classes="ez-sheets",
            )
            self.results = gr.Gallery(
                label=t("jobs.results"),
                columns=3,
                height="auto",
                object_fit="contain",
                interactive=False,
                buttons=["fullscreen", "download"],
                elem_id="jobs-results",
                elem_classes="ez-sheets",
            )
            self.files = gr.File(
                label=t("jobs.files"), file_count="multiple", interactive=False, elem_id="jobs-files", height=160
            )

    @property
    def inputs(self) -> list[Any]:
        return [self.selected, self.seen]

    @property
    def outputs(self) -> list[Any]:
        return [self.seen, self.cards.component, self.details, *self._shown]

    @property
    def _shown(self) -> list[Any]:
        return [self.plot, self.sheets, self.results, self.files]

    def refreshed(self, selected: int | None, seen: dict[str, Any], say: Words, jobs: list[Job]) -> Values:
        """The updates for what changed since `seen`."""
        chosen = self._chosen(jobs, selected)
        cards = render(jobs, chosen.id if chosen else None, say)
        now = {"cards": cards, "job": chosen.id if chosen else None, "files": run_files.stamp(chosen)}
        updates: Values = {self.seen: now}
        if cards != seen.get("cards"):
            updates[self.cards.component] = cards
        if (now["job"], now["files"]) != (seen.get("job"), seen.get("files")):
            updates |= self._details(chosen, say)
        return updates

    def _details(self, job: Job | None, say: Words) -> Values:
        """What the chosen job's folder shows: the one kind has losses and sheets, the other results."""
        training, task = (None, job) if job and job.is_task else (job, None)
        sheets = run_files.sheets(self.studio, training, say) if training else []
        losses = run_files.losses(training) if training else None
        files = run_files.results(self.studio, task) if task else []
        preview = run_files.preview(self.studio, task) if task else None
        seen = [path for path in files if Path(path).suffix.lower() in run_files.SEEN]
        pictures = [*([(preview, say("jobs.preview"))] if preview else []), *((path, None) for path in seen)]
        return {
            self.details: gr.update(visible=bool(sheets or files or preview) or losses is not None),
            self.plot: gr.update(
                value=losses, visible=losses is not None, x_title=say("jobs.plot_x"), y_title=say("jobs.plot_y")
            ),
            self.sheets: gr.update(value=sheets, visible=bool(sheets)),
            self.results: gr.update(value=pictures, visible=bool(pictures)),
            self.files: gr.update(value=files or None, visible=bool(files)),
        }

    @staticmethod
    def _chosen(jobs: list[Job], selected: int | None) -> Job | None:
        """The chosen job; without a choice the running one, or the newest."""
        running = (job for job in jobs if job.state == "running")
        return next((job for job in jobs if job.id == selected), None) or next(running, None) or next(iter(jobs), None)


def build(studio: Studio) -> tuple[Board, gr.File]:
    """Draw the tab; returns the board, which the app keeps up to date, and the pictures to train on."""
    gr.Markdown(t("train.lead"), elem_classes="ez-lead")
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

    @spoken
    def act(event: gr.EventData, request: gr.Request) -> Values:
        id, action, selected = int(event.id), event.action, int(event.id)
        if action == "delete":
            studio.store.delete(id)
            selected = None
        elif action != "select":
            studio.store.request(id, action)
        if action in ("resume", "retry"):
            ensure_worker(studio.home)
        say = words_of(request)
        return {board.selected: selected} | board.refreshed(selected, {}, say, studio.store.list())

    board.cards.on_job(act, inputs=None, outputs=[board.selected, *board.outputs], **LIGHT)
    return board, form.files

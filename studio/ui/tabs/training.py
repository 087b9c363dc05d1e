"""Training: fine-tune a model on one's own pictures, in the background, and follow it."""

from pathlib import Path
from typing import Any, cast

import gradio as gr

from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job
from studio.ui import run_files
from studio.ui.context import SHIPPED, Studio
from studio.ui.events import LIGHT, POLL, spoken, warn
from studio.ui.i18n import Words, t, words_of
from studio.ui.training_data import Choices, as_markdown, check_pictures
from studio.ui.training_form import EFFORTS, RECIPES, SUBJECTS, advanced_fields, submit
from studio.ui.widgets.job_list import JobList, render
from studio.ui.widgets.task_panel import Values


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
            form = _Form(studio)
        with gr.Column(scale=5, min_width=320, elem_classes="ez-panel"):
            board = Board(studio)

    @spoken
    def start(values: Values, request: gr.Request) -> Values:
        job = submit(
            studio,
            values[form.recipe],
            files=values[form.files] or [],
            folder=values[form.folder] or "",
            name=values[form.name] or "",
            effort=values[form.effort],
            base=values[form.base] or "",
            settings=form.settings(values),
        )
        say = words_of(request)
        gr.Info(say("train.queued", name=job.name))
        cleared = {form.files: None, form.folder: "", form.name: "", form.report: ""}
        return cleared | {board.selected: job.id} | board.refreshed(job.id, {}, say, studio.store.list())

    outputs = [form.files, form.folder, form.name, form.report, board.selected, *board.outputs]
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


class _Form:
    """What to train, on which pictures, for how long."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.recipe = gr.Radio(
            label=t("train.recipe"),
            choices=[(t(f"train.recipe.{recipe}"), recipe) for recipe in RECIPES],
            value=RECIPES[0],
            elem_id="train-recipe",
        )
        self.files = gr.File(
            label=t("train.files"),
            file_count="multiple",
            file_types=["image", ".zip", ".txt", ".csv"],
            height=150,
            elem_id="train-files",
        )
        self.folder = gr.Textbox(
            label=t("train.folder"),
            info=t("train.folder_info"),
            placeholder="/home/me/pictures",
            visible=studio.local,
            elem_id="train-folder",
        )
        self.report = gr.Markdown(elem_classes="ez-check", elem_id="train-report")
        self.name = gr.Textbox(label=t("train.name"), placeholder="my-faces", max_lines=1, elem_id="train-name")
        self.effort = gr.Radio(
            label=t("train.effort"),
            info=t("train.effort_info"),
            choices=[(t(f"train.effort.{effort}"), effort) for effort in EFFORTS],
            value=EFFORTS[0],
        )
        self.start = gr.Button(t("train.start"), variant="primary", size="lg", elem_id="train-start")
        with gr.Accordion(t("train.advanced"), open=False):
            self.base = gr.Dropdown(
                label=t("train.base"),
                info=t("train.base_info"),
                choices=studio.models(RECIPES[0]),
                value=None,
                allow_custom_value=True,
            )
            self.groups, self.numbers = {}, {}
            for recipe in RECIPES:
                with gr.Group(visible=recipe == RECIPES[0]) as group:
                    self.numbers[recipe] = {
                        item.name: gr.Number(
                            label=t(f"set.{item.name}"), info=t(f"help.{item.name}"), value=cast(float, item.default)
                        )
                        for item in advanced_fields(recipe)
                    }
                self.groups[recipe] = group
        self._connect()

    @property
    def inputs(self) -> set[Any]:
        numbers = {number for group in self.numbers.values() for number in group.values()}
        return {self.recipe, self.files, self.folder, self.name, self.effort, self.base} | numbers

    def settings(self, values: Values) -> dict[str, float]:
        """The advanced settings of the chosen recipe."""
        return {key: values[number] for key, number in self.numbers[values[self.recipe]].items()}

    def _connect(self) -> None:
        def choose(recipe: str) -> Values:
            choices = self.studio.models(recipe)
            value = SHIPPED[recipe] if SHIPPED[recipe] in [name for _, name in choices] else None
            groups = {group: gr.update(visible=key == recipe) for key, group in self.groups.items()}
            return groups | {
                self.base: gr.update(choices=choices, value=value),
                self.name: gr.update(placeholder=f"my-{recipe}"),
            }

        self.recipe.change(choose, self.recipe, [*self.groups.values(), self.base, self.name], **POLL)

        def check(recipe: str, files: list[str] | None, folder: str, request: gr.Request) -> str:
            if not files and not folder.strip():
                return ""
            try:
                done = check_pictures(self.studio, files or [], folder, subject=SUBJECTS[recipe])
                return as_markdown(done, Choices(), words_of(request))
            except Exception as error:
                warn(error)
                return ""

        for change in (self.files.change, self.folder.blur, self.folder.submit, self.recipe.change):
            change(
                check,
                [self.recipe, self.files, self.folder],
                self.report,
                show_progress="hidden",
                api_visibility="private",
            )

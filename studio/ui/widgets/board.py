"""The job list, and beside it what the chosen job shows."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData

from studio.jobs import health
from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job
from studio.ui import run_files
from studio.ui.context import Studio
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import Words, t, words_of
from studio.ui.widgets.job_list import JobList, render
from studio.ui.widgets.run_tools import RunTools
from studio.ui.widgets.scripted import scripted
from studio.ui.widgets.task_panel import Values

MOVES = {"up": -1, "down": 1}


class Board:
    """The job list with the chosen job's details; `refreshed` is what the page's timer asks for."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.selected = gr.State(None)
        self.seen = gr.State({})  # what this page already shows of the details
        self.cards = JobList(elem_id="jobs")
        with gr.Column(visible=False, elem_classes="ez-panel") as self.details:
            self.reading = gr.Markdown(elem_id="jobs-reading", elem_classes="ez-reading")
            self.plot = gr.LinePlot(x="images", y="value", color="loss", height=240, label=t("jobs.plot"))
            self.timeline = scripted("timeline", elem_id="jobs-timeline", words="timeline.")
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
            self.tools = RunTools(studio)

    @property
    def inputs(self) -> list[Any]:
        return [self.selected, self.seen, self.tools.other]

    @property
    def outputs(self) -> list[Any]:
        shown = [self.reading, self.plot, self.timeline, self.results, self.files, *self.tools.outputs]
        return [self.seen, self.cards.component, self.details, *shown]

    def connect(self) -> None:
        """Let the cards' buttons and the tools act."""
        studio = self.studio

        @spoken
        def act(event: gr.EventData, request: gr.Request) -> Values:
            id, action, selected = int(event.id), event.action, int(event.id)
            if action == "delete":
                studio.store.delete(id)
                selected = None
            elif action in MOVES:
                studio.store.move(id, MOVES[action])
            elif action != "select":
                studio.store.request(id, action)
            if action in ("resume", "retry"):
                ensure_worker(studio.home)
            return self._shown_now(selected, words_of(request))

        self.cards.on_job(act, inputs=None, outputs=[self.selected, *self.outputs], **LIGHT)
        self.tools.connect(self.selected, self.outputs, self._shown_now)

    def _shown_now(self, selected: int | None, say: Words, other: int | None = None) -> Values:
        """Everything as it is with that job chosen, whatever the page shows already."""
        return {self.selected: selected} | self.refreshed(selected, {}, say, self.studio.store.list(), other)

    def refreshed(
        self, selected: int | None, seen: dict[str, Any], say: Words, jobs: list[Job], other: int | None = None
    ) -> Values:
        """The updates for what changed since `seen`; `other` is the training that the chosen one is compared with."""
        chosen = self._chosen(jobs, selected)
        beside = next((job for job in jobs if job.id == other and chosen and job.id != chosen.id), None)
        cards = render(jobs, chosen.id if chosen else None, say)
        ids = (chosen.id if chosen else None, beside.id if beside else None)
        now = {"cards": cards, "job": ids, "files": (run_files.stamp(chosen), run_files.stamp(beside))}
        now["others"] = [(job.id, job.name) for job in jobs if not job.is_task]
        updates: Values = {self.seen: now}
        if cards != seen.get("cards"):
            updates[self.cards.component] = cards
        if any(now[key] != seen.get(key) for key in ("job", "files")):
            updates |= self._details(chosen, beside, say)
        if any(now[key] != seen.get(key) for key in ("job", "files", "others")):
            updates |= self.tools.refreshed(chosen, beside, jobs, say, changed=now["job"] != seen.get("job"))
        return updates

    def _details(self, job: Job | None, beside: Job | None, say: Words) -> Values:
        """What the chosen job's folder shows: the one kind has losses and sheets, the other results."""
        training, task = (None, job) if job and job.is_task else (job, None)
        runs = [one for one in (training, beside) if one]
        losses = run_files.losses(runs)
        sheets = [(run, run_files.sheets(self.studio, run, say)) for run in runs]
        files = run_files.results(self.studio, task) if task else []
        preview = run_files.preview(self.studio, task) if task else None
        seen = [path for path in files if Path(path).suffix.lower() in run_files.SEEN]
        pictures = [*([(preview, say("jobs.preview"))] if preview else []), *((path, None) for path in seen)]
        told = reading(training, say) if training and losses is not None else ""
        something = losses is not None or bool(files or preview) or any(found for _, found in sheets)
        return {
            self.details: gr.update(visible=something),
            self.reading: gr.update(value=told, visible=bool(told)),
            self.plot: gr.update(
                value=losses, visible=losses is not None, x_title=say("jobs.plot_x"), y_title=say("jobs.plot_y")
            ),
            self.timeline: timeline_value(sheets),
            self.results: gr.update(value=pictures, visible=bool(pictures)),
            self.files: gr.update(value=files or None, visible=bool(files)),
        }

    @staticmethod
    def _chosen(jobs: list[Job], selected: int | None) -> Job | None:
        """The chosen job; without a choice the running one, or the newest."""
        running = (job for job in jobs if job.state == "running")
        return next((job for job in jobs if job.id == selected), None) or next(running, None) or next(iter(jobs), None)


def timeline_value(sheets: list[tuple[Job, list[tuple[str, str]]]]) -> dict[str, Any] | None:
    """What the timeline's script shows; None hides it."""
    runs = [
        {
            "name": f"{job.name} {job.id}",
            "sheets": [{"file": FileData(path=path).model_dump(), "caption": caption} for path, caption in found],
        }
        for job, found in sheets
        if found
    ]
    return {"key": "+".join(run["name"] for run in runs), "runs": runs} if runs else None


def reading(job: Job, say: Words) -> str:
    """How a training is doing, in words, and its meters, as Markdown."""
    lines = health.metrics(job.run_dir)
    found = health.read(job.recipe, lines)
    facts = {key: f"{value:.2g}" if value < 10 else f"{value:.0f}" for key, value in found.facts.items()}
    parts = [f"**{say(f'health.{found.word}')}** {say(f'health.{found.word}_why', **facts)}"]
    rate = health.speed(lines)
    meters = [say("jobs.rate", rate=f"{rate:.1f}")] if rate else []
    if lines and (memory := lines[-1].get("memory")):
        meters.append(say("jobs.memory", size=f"{memory:,.0f}"))
    meters.append(say("jobs.disk", size=f"{run_files.disk_use(job) / 1e6:,.0f}"))
    return "\n\n".join([*parts, " · ".join(meters)])

"""The jobs as cards with buttons; it keeps itself small, so that polling costs little."""

import html
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from studio.core.settings import assets_dir
from studio.jobs.store import Job
from studio.ui.i18n import Words
from studio.ui.sentences import translate
from studio.ui.texts import TEXTS

_ACTIONS = {
    "queued": ("up", "down", "pause", "cancel"),
    "running": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
    "done": ("delete",),
    "failed": ("retry", "delete"),
    "cancelled": ("retry", "delete"),
}


class JobList:
    """Drawn by `component`, which takes the HTML of `render`.

    The event of `on_job` carries the `id` and an `action`: select, up, down, pause, resume, cancel, retry or
    delete.
    """

    def __init__(self, *, elem_id: str) -> None:
        script = (assets_dir() / "ui" / "jobs.js").read_text(encoding="utf-8")
        self.component = gr.HTML("", js_on_load=script, apply_default_css=False, elem_id=elem_id)

    def on_job(self, handler: Callable[..., Any], **options: Any) -> None:
        """Call `handler` with a gr.EventData on a click."""
        self.component.job(handler, **options)


def render(jobs: Sequence[Job], selected: int | None, say: Words) -> str:
    """The cards, newest first, and the page's title."""
    title = html.escape(page_title(jobs), quote=True)
    if not jobs:
        text = f"<strong>{html.escape(say('jobs.empty'))}</strong>{html.escape(say('jobs.empty_hint'))}"
        return f'<div class="ez-empty" data-page-title="{title}">{text}</div>'
    queue = sorted((job for job in jobs if job.state == "queued"), key=lambda job: (job.place, job.id))
    waiting = [job.id for job in queue]
    cards = "".join(_card(job, waiting, job.id == selected, say) for job in jobs)
    confirm = html.escape(say("jobs.confirm"), quote=True)
    return f'<div class="ez-jobs" data-page-title="{title}" data-confirm="{confirm}">{cards}</div>'


def page_title(jobs: Sequence[Job]) -> str:
    """The browser tab's title: how far the running job is."""
    running = next((job for job in jobs if job.state == "running" and job.total), None)
    return f"{_percent(running)}% · {running.name} · Easel" if running else "Easel"


def _percent(job: Job) -> int:
    return min(100, int(100 * job.step / job.total)) if job.total else 0


def _card(job: Job, waiting: list[int], selected: bool, say: Words) -> str:
    state = "stopping" if job.state == "running" and job.wanted else job.state
    lines = [f'<div class="line">{html.escape(_line(job, waiting, say))}</div>']
    if job.error and job.state in ("failed", "queued", "paused"):
        lines.append(f'<div class="error">{html.escape(translate(job.error, say.language))}</div>')
    percent = _percent(job)
    bar = (
        f'<div class="ez-bar" role="progressbar" aria-valuenow="{percent}"><i style="width:{percent}%"></i></div>'
        if job.state in ("running", "paused")
        else ""
    )
    actions = () if state == "stopping" else _ACTIONS[job.state]
    ends = {"up": waiting[:1], "down": waiting[-1:]}  # the first has none before it, the last none after it
    actions = tuple(action for action in actions if job.id not in ends.get(action, ()))
    buttons = "".join(
        f'<button type="button" data-action="{action}">{html.escape(say(f"jobs.{action}"))}</button>'
        for action in actions
    )
    news = say(f"jobs.news_{job.state}", name=job.model or job.name) if job.state in ("done", "failed") else ""
    return (
        f'<article class="ez-job {job.state}{" selected" if selected else ""}" data-job="{job.id}" tabindex="0"'
        f' data-state="{job.state}" data-news="{html.escape(news, quote=True)}">'
        f'<div class="head"><span class="ez-state {job.state}">{html.escape(say(_state_key(job, state)))}</span>'
        f'<span class="name">{html.escape(job.model or job.name)}</span>'
        f'<span class="kind">{html.escape(kind(job, say))}</span>'
        f'<span class="actions">{buttons}</span></div>{bar}{"".join(lines)}</article>'
    )


def kind(job: Job, say: Words) -> str:
    """What sort of job it is, in words; one that has none is called by its own name."""
    key = f"jobs.task.{job.recipe}" if job.is_task else f"recipe.{job.recipe}"
    return say(key) if key in TEXTS else job.recipe


def _state_key(job: Job, state: str) -> str:
    return "state.working" if state == "running" and job.is_task else f"state.{state}"


def _line(job: Job, waiting: list[int], say: Words) -> str:
    """What is to be said of the job's progress."""
    if job.state == "queued":
        return say("jobs.position", place=waiting.index(job.id) + 1, count=len(waiting))
    if job.is_task:
        return _task_line(job, say)
    if job.state == "done":
        return say("jobs.done", name=job.model, time=_clock(job.seconds))
    if not job.step:
        return say("jobs.starting") if job.state == "running" else ""
    seen = say("jobs.seen", step=f"{job.step:,}", total=f"{job.total:,}", percent=_percent(job))
    if job.state == "running" and job.remaining is not None:
        return seen + " · " + say("jobs.left", time=_clock(job.remaining))
    return seen


def _task_line(job: Job, say: Words) -> str:
    if job.state == "done":
        done = say("jobs.made", time=_clock(job.seconds))
        return f"{done} {say('jobs.not_all', what=job.message)}" if job.message else done
    if not job.total:
        return say("task.working") if job.state == "running" else ""
    if job.state == "running" and job.remaining is not None:
        return f"{_percent(job)}% · " + say("jobs.left", time=_clock(job.remaining))
    return f"{_percent(job)}%"


def _clock(seconds: float) -> str:
    """1:05 or 2:03:04."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"

"""The go and stop buttons of a tab and the progress beneath them."""

import html
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import Cancelled
from studio.core.progress import Progress
from studio.engine.tasks.base import Request
from studio.ui.context import Studio
from studio.ui.events import POLL, follow, spoken, warn
from studio.ui.i18n import Words, t, words_of
from studio.ui.inline import data_address

PREVIEW_SIDE = 480  # px
Values = dict[Block, Any]


class TaskPanel:
    """One task of one tab: its buttons, its progress with preview, and the event that runs it."""

    def __init__(self, studio: Studio, tab: str, go: str) -> None:
        self.studio, self.tab = studio, tab
        with gr.Row():
            self.go = gr.Button(t(go), variant="primary", size="lg", elem_id=f"{tab}-go", scale=3)
            self.stop = gr.Button(t("task.stop"), size="lg", visible=False, elem_id=f"{tab}-stop", scale=1)
        self.progress = gr.HTML(elem_id=f"{tab}-progress", elem_classes="ez-slot", apply_default_css=False)

    def connect(
        self,
        *,
        inputs: set[Block],
        outputs: list[Block],
        build: Callable[[Values], Request[Any]],
        show: Callable[[Values, Any], Values],
        triggers: Sequence[Callable[..., Any]] = (),
    ) -> None:
        """Run `build(values)` on go or a trigger and hand the result to `show`, which gives the outputs' new values.

        The engine takes one task at a time by its own lock; a task that waits for it can be seen and stopped.
        """

        @spoken
        def work(values: Values, request: gr.Request) -> Iterator[Values]:
            say, session = words_of(request), request.session_hash or ""
            control = self.studio.running.start(session, self.tab)
            preview = ""
            yield {self.go: gr.update(interactive=False), self.stop: gr.update(visible=True)} | self._bar(say, None)
            try:
                asked = build(values)
                for news in follow(self.studio.engine, asked, control):
                    if isinstance(news, Progress):
                        preview = data_address(news.preview, PREVIEW_SIDE) if news.preview is not None else preview
                        yield self._bar(say, news, preview)
                    else:
                        self._remember(asked, news)  # first: the page may be gone once it has the result
                        yield self._idle("") | show(values, news)
            except Cancelled:
                yield self._idle(_card(_row(say("task.stopped")), preview))
            except Exception:
                yield self._idle("")
                raise
            finally:
                self.studio.running.end(session, self.tab, control)

        def stop(request: gr.Request) -> None:
            self.studio.running.stop(request.session_hash or "", self.tab)

        for trigger in (self.go.click, *triggers):
            trigger(
                work,
                inputs,
                [self.go, self.stop, self.progress, *outputs],
                show_progress="hidden",
                concurrency_id="engine",
                concurrency_limit=8,
                api_visibility="private",
            )
        self.stop.click(stop, None, None, **POLL)

    def _remember(self, asked: Request[Any], done: Any) -> None:
        """That a result could not be kept is told, but stops nothing."""
        try:
            self.studio.remember(asked, done)
        except Exception as error:
            warn(error)

    def _idle(self, text: str) -> Values:
        return {self.go: gr.update(interactive=True), self.stop: gr.update(visible=False), self.progress: text}

    def _bar(self, say: Words, news: Progress | None, preview: str = "") -> Values:
        return {self.progress: _card(progress_rows(say, news), preview)}


def progress_rows(say: Words, news: Progress | None) -> str:
    """The line of words and the bar."""
    if news is None or not news.total:
        seconds = "" if news is None else say("task.seconds", seconds=round(news.seconds))
        return _row(say("task.working"), seconds) + '<div class="ez-bar waiting" role="progressbar"><i></i></div>'
    percent = round(100 * news.step / news.total)
    left = "" if news.remaining is None else say("task.left", seconds=max(1, round(news.remaining)))
    return (
        _row(say("task.step", step=news.step, total=news.total), left)
        + f'<div class="ez-bar" role="progressbar" aria-valuenow="{percent}"><i style="width:{percent}%"></i></div>'
    )


def _row(*cells: str) -> str:
    return '<div class="row">' + "".join(f"<span>{html.escape(cell)}</span>" for cell in cells) + "</div>"


def _card(rows: str, preview: str) -> str:
    picture = f'<img src="{preview}" alt="">' if preview else ""
    return f'<div class="ez-progress" role="status">{rows}{picture}</div>'

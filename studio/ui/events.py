"""Between the studio's errors and the page: the only place that raises gr.Error.

A StudioError becomes its own sentence; anything else is logged and becomes one sentence that says so.
"""

import functools
import inspect
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar

import gradio as gr
from gradio.context import LocalContext

from studio.core.errors import StudioError
from studio.core.progress import Progress, TaskControl
from studio.engine.engine import Engine
from studio.engine.tasks.base import Request
from studio.ui.i18n import Words, words_of
from studio.ui.sentences import translate

log = logging.getLogger("easel.ui")

R = TypeVar("R")
LIGHT: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
"""Options of quick events. They go through Gradio's queue all the same: only there an error's sentence arrives."""
POLL: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
"""Options of quick events that raise nothing."""
TICK = 0.25  # seconds between looks at a running task
IDLE_TICK = 1.0  # seconds between signs of life before its first step
Handler = Callable[..., Any]


def spoken(handler: Handler) -> Handler:
    """A handler, function or generator, whose errors reach the page as one sentence."""
    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def generator(*arguments: Any) -> Iterator[Any]:
            try:
                yield from handler(*arguments)
            except Exception as error:
                raise _to_gradio_error(error) from error

        return generator

    @functools.wraps(handler)
    def function(*arguments: Any) -> Any:
        try:
            return handler(*arguments)
        except Exception as error:
            raise _to_gradio_error(error) from error

    return function


def warn(error: Exception) -> None:
    """A note of `error` on the page, where it does not stop what is going on."""
    title, sentence = _said(error)
    gr.Warning(sentence, title=title, duration=10)


def _to_gradio_error(error: Exception) -> gr.Error:
    """What the page shows for `error`."""
    if isinstance(error, gr.Error):
        return error
    title, sentence = _said(error)
    return gr.Error(sentence, title=title, print_exception=False, duration=15)


def here() -> Words:
    """The words of the page whose event runs in this thread."""
    return words_of(LocalContext.request.get(None))


def _said(error: Exception) -> tuple[str, str]:
    """Title and sentence of `error`, in the language of the page whose event runs in this thread."""
    say = here()
    if isinstance(error, StudioError):
        return say("error.title"), translate(str(error), say.language)
    log.error("unexpected error", exc_info=error)
    return say("error.title"), say("error.unknown")


def follow(engine: Engine, request: Request[R], control: TaskControl) -> Iterator[Progress | R]:
    """Run `request` in a thread and yield its newest Progress, at last its result.

    Before the first step a Progress of step 0 comes once a second. Closing the iterator cancels the task.
    """
    newest: list[Progress] = []

    def listen(progress: Progress) -> None:
        newest[:] = [progress]

    control.listener = listen
    told = time.monotonic()
    with ThreadPoolExecutor(1, thread_name_prefix="task") as pool:
        future = pool.submit(engine.run, request, control)
        try:
            while not wait([future], TICK).done:
                now = time.monotonic()
                if newest:
                    yield newest.pop()
                elif now - told > IDLE_TICK:
                    yield Progress(step=0, total=0, seconds=now - control.started)
                else:
                    continue
                told = now
            yield future.result()
        finally:
            control.cancel()

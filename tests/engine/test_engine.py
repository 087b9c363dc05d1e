import dataclasses
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput, Cancelled, ModelMissing, OutOfMemory
from studio.core.progress import Progress, TaskControl
from studio.engine import engine as module
from studio.engine.engine import CACHED_MODELS, Engine
from studio.engine.tasks import TASKS
from studio.engine.tasks.base import Task
from studio.engine.tasks.faces import FacesRequest
from studio.library.store import Library
from tests.engine.conftest import publish


def test_model_is_loaded_once_and_the_least_used_one_is_dropped(engine: Engine, library: Library) -> None:
    names = [f"face{index}" for index in range(CACHED_MODELS)]
    for seed, name in enumerate(names):
        publish(library, "faces", name, seed)
    first = engine.model(names[0])
    for name in names[1:]:
        engine.model(name)
    assert engine.model(names[0]) is first
    engine.model("art")
    assert engine.model(names[0]) is first
    second = engine.model(names[1])
    assert second is engine.model(names[1])
    assert len(engine._models) == CACHED_MODELS


def test_another_model_of_the_same_name_is_loaded_afresh(engine: Engine, library: Library) -> None:
    before = engine.run(FacesRequest(count=1)).faces[0].picture.rgb
    library.delete("faces")
    publish(library, "faces", seed=5)
    assert not np.array_equal(before, engine.run(FacesRequest(count=1)).faces[0].picture.rgb)


def test_model_of_another_family_is_refused_by_naming_those_that_fit(engine: Engine) -> None:
    with pytest.raises(BadInput, match="'art' is for art, not for faces; models for faces: faces"):
        engine.run(FacesRequest(model="art"))
    with pytest.raises(ModelMissing, match="nobody"):
        engine.run(FacesRequest(model="nobody"))


def test_models_are_loaded_as_ordinary_tensors(engine: Engine) -> None:
    engine.run(FacesRequest(count=1))
    assert not any(parameter.is_inference() for parameter in engine.model("faces").parameters())


def test_one_task_runs_at_a_time(engine: Engine) -> None:
    running, most = 0, 0

    def listener(now: Progress) -> None:
        nonlocal running, most
        running += now.step == 1
        most = max(most, running)
        running -= now.step == now.total

    requests = [FacesRequest(count=3, seed=seed) for seed in range(4)]
    threads = [threading.Thread(target=engine.run, args=(r, TaskControl(listener=listener))) for r in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, running) == (1, 0)


def test_cancelling_stops_a_running_and_a_waiting_task_and_leaves_the_engine_free(engine: Engine) -> None:
    started, release = threading.Event(), threading.Event()
    errors: list[Exception] = []

    def listener(now: Progress) -> None:
        started.set()
        release.wait(10)

    def work(control: TaskControl) -> None:
        try:
            engine.run(FacesRequest(count=4), control)
        except Cancelled as error:
            errors.append(error)

    running, waiting = TaskControl(listener=listener), TaskControl()
    threads = [threading.Thread(target=work, args=(running,))]
    threads[0].start()
    started.wait(10)
    threads.append(threading.Thread(target=work, args=(waiting,)))
    threads[1].start()
    waiting.cancel()
    threads[1].join(5)
    assert len(errors) == 1
    running.cancel()
    release.set()
    threads[0].join(5)
    assert len(errors) == 2
    assert len(engine.run(FacesRequest(count=1)).faces) == 1


def fail_torch() -> None:
    torch.empty(2**60, dtype=torch.uint8)


def fail_cuda() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def fail_numpy() -> None:
    np.empty(2**60, dtype=np.uint8)


@pytest.mark.parametrize("fail", [fail_torch, fail_cuda, fail_numpy])
def test_want_of_memory_is_told_with_a_remedy(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fail: Callable[[], None]
) -> None:
    monkeypatch.setitem(module.TASKS, "faces", Task(FacesRequest, lambda request, models, control: fail()))
    with pytest.raises(OutOfMemory, match="use a smaller picture"):
        engine.run(FacesRequest())


def test_other_errors_pass_unchanged(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: Any) -> None:
        raise RuntimeError("a mistake in the code")

    monkeypatch.setitem(module.TASKS, "faces", Task(FacesRequest, fail))
    with pytest.raises(RuntimeError, match="a mistake"):
        engine.run(FacesRequest())


# tasks without a network, with several, or whose network is named otherwise
OTHERS = {"compose", "curate", "expand", "oldphoto"}
OTHERS |= {"texture", "texture_example", "texture_maps", "texture_seamless", "sprites_pack", "sprites_unpack"}


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_found_by_its_request_and_explains_its_settings(name: str) -> None:
    request = TASKS[name].request
    assert request.task == name
    assert request.__doc__
    assert all(item.metadata["help"] for item in request.explained())
    assert ("model" in {item.name for item in request.explained()}) == (name not in OTHERS)
    assert all(item.kw_only for item in dataclasses.fields(request))

"""One engine a process: it holds the loaded models, picks the device, and runs one task at a time."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import cv2
import torch
from torch import nn

from studio.core.device import choose_device, set_threads
from studio.core.errors import BadInput, OutOfMemory
from studio.core.progress import TaskControl
from studio.engine.tasks import TASKS
from studio.engine.tasks.base import Request
from studio.library.store import Library

R = TypeVar("R")

CACHED_MODELS = 12  # a face takes the generator, sliders, words, landmarks and the upscaler; most are tiny
_MEMORY_WORDS = ("not enough memory", "can't allocate memory", "out of memory", "insufficient memory")


class Engine:
    """Runs Requests on the models of a library; safe to share between threads."""

    def __init__(self, library: Library, device: str = "auto") -> None:
        set_threads()
        self.library = library
        self.device = choose_device(device)
        self._lock = threading.RLock()
        self._models: OrderedDict[str, nn.Module] = OrderedDict()

    @classmethod
    def default(cls, device: str = "auto") -> "Engine":
        """A new engine on the user's own library; make one and pass it on."""
        return cls(Library.default(), device)

    def model(self, name: str, family: str = "") -> nn.Module:
        """The network `name`, loaded once; the last CACHED_MODELS are kept. BadInput when it is of another family."""
        card = self.library.card(name)
        if family and card.family != family:
            names = ", ".join(other.name for other in self.library.cards(family)) or "none yet; train or import one"
            raise BadInput(f"The model '{name}' is for {card.family}, not for {family}; models for {family}: {names}.")
        with self._lock:
            if card.sha256 not in self._models:  # not by name: a model can be deleted and another take its name
                with torch.inference_mode(False):
                    network = self.library.load(name, self.device).requires_grad_(False)
                    # about a quarter faster on CPUs
                    self._models[card.sha256] = network.to(memory_format=torch.channels_last)
            self._models.move_to_end(card.sha256)
            while len(self._models) > CACHED_MODELS:
                self._models.popitem(last=False)
            return self._models[card.sha256]

    def names(self, family: str) -> tuple[str, ...]:
        """The family's models, shipped ones first."""
        return tuple(card.name for card in self.library.cards(family))

    def figures(self, name: str) -> dict[str, Any]:
        """What is measured of the model, as its card tells; {} when nothing is."""
        return self.library.card(name).metric

    def run(self, request: Request[R], control: TaskControl | None = None) -> R:
        """Carry out one request, after those before it.

        Raises BadInput, ModelMissing, ModelCorrupt, OutOfMemory, and Cancelled when `control` was cancelled.
        """
        control = control or TaskControl()
        task = TASKS[request.task]
        while not self._lock.acquire(timeout=0.1):
            control.check()
        try:
            with torch.inference_mode(), self._memory_errors():
                control.check()
                return task.run(request, self, control)
        finally:
            self._lock.release()

    @contextmanager
    def _memory_errors(self) -> Iterator[None]:
        """OutOfMemory for the many ways in which memory can run out."""
        try:
            yield
        except (MemoryError, RuntimeError, cv2.error) as error:
            if not is_memory_error(error):
                raise
            self._models.clear()
            if self.device.type == "cuda":
                torch.cuda.empty_cache()
            raise OutOfMemory(
                "There is not enough memory for this; close other programs, or use a smaller picture, and try again."
            ) from error


def is_memory_error(error: BaseException) -> bool:
    """Whether torch, OpenCV or Python says here that memory ran out; on the CPU torch has no type of its own for it."""
    words = str(error).lower()
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or any(word in words for word in _MEMORY_WORDS)

"""How long a training takes on this computer: a few real steps of it in a process of their own."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from studio.core.errors import BadInput
from studio.core.settings import Home
from studio.jobs.launch import child_environment
from studio.jobs.spec import TrainingSpec

SECONDS = 10.0  # of steps; starting and reading the pictures comes on top
PATIENCE = 600.0  # seconds until the process must have ended


@dataclass(frozen=True, kw_only=True)
class Probe:
    """`reading` seconds go by before the first step; then `rate` pictures are seen a second."""

    reading: float
    rate: float

    def seconds(self, images: int) -> float:
        """Estimate for a run of `images`."""
        return self.reading + images / self.rate


def probe(spec: TrainingSpec, home: Home, *, seconds: float = SECONDS) -> Iterator[float | Probe]:
    """The seconds gone by, several times a second, at last the Probe; closing the iterator ends the process.

    BadInput with the trainer's own sentence when it cannot begin. Nothing of the run is kept.
    """
    command = [
        sys.executable,
        "-P",
        "-m",
        "training.probe",
        "--home",
        str(home.root.resolve()),
        "--seconds",
        str(seconds),
    ]
    process = subprocess.Popen(
        command,
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(process.communicate(spec.to_json())[0]), daemon=True)
    reader.start()
    started = time.monotonic()
    try:
        while reader.is_alive() and time.monotonic() - started < PATIENCE:
            reader.join(0.25)
            yield time.monotonic() - started
    finally:
        process.kill()
        reader.join(5)
    try:
        answer = json.loads(found[0].strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise BadInput("The speed could not be measured; close other programs, or lower the batch.") from None
    if "error" in answer:
        raise BadInput(str(answer["error"]))
    yield Probe(reading=answer["reading"], rate=answer["rate"])

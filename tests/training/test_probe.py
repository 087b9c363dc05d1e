"""The speed of a training, measured by real steps."""

from pathlib import Path

import pytest

from studio.core.errors import BadInput
from studio.core.settings import Home
from studio.jobs.probe import Probe, probe
from studio.jobs.spec import FacesSpec
from studio.library.store import Library
from training.probe import measure
from training.trainers.faces import FacesTrainer


def small(folder: Path) -> FacesSpec:
    return FacesSpec(data=(str(folder),), size=32, width=16, batch=4, images=4000, warmup=2000)


def test_steps_are_taken_in_every_phase(folder: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, step = [], FacesTrainer.step
    monkeypatch.setattr(FacesTrainer, "step", lambda self: (seen.append(self.seen), step(self))[1])
    found = measure(small(folder), library, 0.01, "cpu")
    assert found["rate"] > 0 and found["reading"] > 0
    assert min(seen) == 0 and max(seen) > 3700 and any(2000 <= at < 3000 for at in seen)
    assert not list(library.user.glob("*.part"))


def test_a_process_measures_and_tells_why_it_cannot(folder: Path, home: Home, tmp_path: Path) -> None:
    *clock, found = list(probe(small(folder), home, seconds=0.1))
    assert isinstance(found, Probe) and clock and found.seconds(1000) > found.seconds(10) > found.reading
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no picture"):
        list(probe(small(tmp_path / "empty"), home, seconds=0.1))


def test_a_measurement_can_be_stopped(folder: Path, home: Home) -> None:
    going = probe(small(folder), home, seconds=500)
    next(going)
    going.close()
    assert going.gi_frame is None

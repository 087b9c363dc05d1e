"""TensorBoard's event files, where they are wanted."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from studio.jobs.spec import WordsSpec
from studio.library.store import Library
from training.events import Events
from training.loop import run_training

READ = """
import sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
print(*sorted({name.split("/")[0] for name in events.Tags()["scalars"]}), *events.Tags()["images"])
print(*[event.step for event in events.Scalars("loss/value")])
"""


@pytest.mark.skipif(importlib.util.find_spec("tensorboard") is None, reason="TensorBoard is not installed")
@pytest.mark.filterwarnings("ignore")  # those of TensorBoard's own imports
def test_losses_and_sheets_are_written_and_cut_back(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASEL_TENSORBOARD", "1")
    labels = (str(folder.parent / "labels.csv"),)
    spec = WordsSpec(data=(str(folder),), labels=labels, faces="small", sliders="some", images=16, batch=4)
    run = tmp_path / "run"
    pause = run_training(
        spec,
        run,
        library=library,
        device="cpu",
        control=lambda status: "pause" if status.images == 8 else "go",
        tell_seconds=0,
    )
    assert pause.state == "paused"
    run_training(spec, run, library=library, device="cpu", tell_seconds=0)
    done = subprocess.run([sys.executable, "-c", READ, str(run / "events")], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["loss samples", "4 8 12 16"]


def test_nothing_is_written_unless_it_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EASEL_TENSORBOARD", raising=False)
    events = Events(tmp_path)
    events.begin(0)
    events.losses({"a": 1.0}, 1)
    events.close()
    assert list(tmp_path.iterdir()) == []

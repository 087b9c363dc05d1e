"""`python -m training`: a signal ends it with a checkpoint, and --resume goes on from there."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.core.settings import assets_dir
from studio.library.store import Library


def command(folder: Path, run: Path, *more: str) -> list[str]:
    settings = ["--size", "32", "--width", "16", "--batch", "4", "--name", "stopped", "--warmup", "8"]
    return [sys.executable, "-m", "training", "faces", "--data", str(folder), "--run", str(run), *settings, *more]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_sigterm_leaves_a_checkpoint_that_resume_takes_up(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASEL_HOME", str(tmp_path / "home"))
    root, run = assets_dir().parent, tmp_path / "run"
    first = command(folder, run, "--images", "1000000", "--save-seconds", "3600")
    with subprocess.Popen(first, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "--resume" in errors
    assert (run / "state.safetensors").exists()
    seen = int(errors.split(" pictures")[0].split()[-1])
    again = command(folder, run, "--images", str(seen + 8), "--resume")
    done = subprocess.run(again, cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert f"done after {seen + 8} pictures" in done.stdout

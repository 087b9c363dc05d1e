"""What a run has told is cut back to its checkpoint; snapshots of its model are kept, few, and can be published."""

import json
from pathlib import Path

import pytest

from studio.core.errors import StorageFull
from studio.jobs.spec import FacesSpec, RepairSpec
from studio.library.store import Library
from training import history, loop
from training.history import cut_back, need_room
from training.loop import Status, run_training


def test_lines_sheets_and_snapshots_after_the_checkpoint_go(tmp_path: Path) -> None:
    lines = [json.dumps({"images": images, "seconds": images / 10, "loss": 1.0}) for images in (10, 20, 30)]
    (tmp_path / "metrics.jsonl").write_text("\n".join(lines) + '\n{"images": 4')
    for name in ("sheets/000000020.png", "sheets/000000030.png", "snapshots/000000030.safetensors"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    cut_back(tmp_path, 20)
    assert (tmp_path / "metrics.jsonl").read_text().splitlines() == lines[:2]
    left = sorted(path.name for path in tmp_path.glob("s*/*"))
    assert left == ["000000020.png"]
    cut_back(tmp_path / "nothing there", 0)


def test_snapshots_are_few_and_models(folder: Path, library: Library, tmp_path: Path) -> None:
    spec = RepairSpec(data=(str(folder),), size=64, width=8, batch=2, images=20, snapshots=3)
    run = tmp_path / "run"
    while True:  # a checkpoint every four pictures
        goal = min(history_seen(run) + 4, 20)

        def control(status: Status, goal: int = goal) -> loop.Action:
            return "pause" if status.images >= goal and status.images < 20 else "go"

        if run_training(spec, run, library=library, device="cpu", control=control, tell_seconds=0).state == "done":
            break
    kept = sorted((run / "snapshots").iterdir())
    assert [int(path.stem) for path in kept] == [8, 12, 16]
    card = library.import_model(kept[-1], "as-it-was")
    assert card.family == "repair" and card.images_seen == 16 and str(folder) not in card.recipe
    library.load("as-it-was")


def history_seen(run: Path) -> int:
    path = run / "metrics.jsonl"
    return json.loads(path.read_text().splitlines()[-1])["images"] if path.exists() else 0


def test_a_run_is_published_once(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = FacesSpec(data=(str(folder),), name="tiny", size=32, width=16, batch=4, images=8, warmup=4)
    first = run_training(spec, tmp_path / "run", library=library, device="cpu")
    again = run_training(spec, tmp_path / "run", library=library, device="cpu")  # as after a kill at the very end
    assert first.model == again.model == "tiny"
    assert run_training(spec, tmp_path / "other", library=library, device="cpu").model == "tiny-2"


def test_too_little_room_is_told_before_it_is_used_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state.safetensors"
    state.write_bytes(bytes(1000))
    need_room(state)
    monkeypatch.setattr(history, "SPARE", 10**18)
    with pytest.raises(StorageFull, match="free some disk space, then resume"):
        need_room(state)

"""What a run has told so far, cut back to where it goes on from, and the snapshots of its model."""

import json
import shutil
from pathlib import Path

import torch

from studio.core.atomic import write_atomic
from studio.core.errors import StorageFull
from studio.library.checkpoint import save_checkpoint
from studio.library.manifest import descent, public_facts
from training.trainer import Trainer

SNAPSHOTS = 10  # in the course of a run; the newest are kept
SPARE = 32_000_000  # bytes that stay free beside a checkpoint: for metrics, sheets and the list of jobs


def cut_back(folder: Path, seen: int) -> None:
    """Forget what a run told after `seen` pictures: lines of metrics.jsonl, sheets and snapshots.

    It goes on from there, and else its curves would jump back.
    """
    path = folder / "metrics.jsonl"
    if path.is_file():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        kept = [line for line in lines if _images(line) <= seen]
        if kept != lines:
            with write_atomic(path) as file:
                file.write("".join(f"{line}\n" for line in kept).encode())
    for name in ("sheets", "snapshots"):
        for file in (folder / name).glob("*"):
            if file.stem.isdigit() and int(file.stem) > seen:
                file.unlink(missing_ok=True)


def _images(line: str) -> float:
    """Pictures seen at a line; infinity for one that was cut off in the writing."""
    try:
        return float(json.loads(line)["images"])
    except (ValueError, KeyError, TypeError):
        return float("inf")


def need_room(state: Path) -> None:
    """StorageFull when the next checkpoint may not fit: now the list of jobs can still be written to."""
    size = state.stat().st_size if state.exists() else 0
    if shutil.disk_usage(state.parent).free < 2 * size + SPARE:
        raise StorageFull(f"There is no room left in {state.parent}; free some disk space, then resume the job.")


def snapshot(trainer: Trainer, folder: Path) -> None:
    """Keep the model as it stands in `snapshots`, one for each tenth of the run and the newest `spec.snapshots`."""
    known = sorted(folder.glob("snapshots/*.safetensors"))
    tenth = int(SNAPSHOTS * trainer.progress)
    last = int(SNAPSHOTS * int(known[-1].stem) / trainer.spec.images) if known else 0
    if not trainer.spec.snapshots or not last < tenth < SNAPSHOTS:
        return
    with torch.random.fork_rng(devices=[trainer.device] if trainer.device.type == "cuda" else []):
        product = trainer.product()  # it may draw samples, and the run is to go on as if it had not
    facts = {"recipe": trainer.spec.to_json(), "images_seen": trainer.seen}
    card = facts | descent(trainer.based_on) | product.card
    path = folder / "snapshots" / f"{trainer.seen:09d}.safetensors"
    save_checkpoint(path, product.module, family=trainer.family, config=product.config, card=public_facts(card))
    for old in [*known, path][: -trainer.spec.snapshots]:
        old.unlink(missing_ok=True)

"""From a finished run to a model of the library, once, with a card that tells where it comes from."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio.core.atomic import write_atomic
from studio.core.errors import StudioError
from studio.core.image import read_picture
from studio.jobs.spec import TrainingSpec
from studio.library.store import Library
from training.trainer import Trainer

DATA_CARD = "data-card.json"  # as studio.engine.tasks.prepare names it
CARDED = 1000  # pictures that a model's card names by their hashes


def publish(trainer: Trainer, run_dir: Path, run: str) -> str:
    """Hand the product to the library; returns the model's name. A `run` that was killed right after it did so already
    is known there by its id."""
    spec, library, base = trainer.spec, trainer.library, trainer.based_on
    name = next((card.name for card in library.cards(trainer.family) if card.run == run), "")
    if not name:
        product = trainer.product()
        card = {
            "run": run,
            "recipe": spec.to_json(),
            "images_seen": trainer.seen + (base.images_seen if base else 0),
            "hardware": str(trainer.device),
            **_data_card(spec, run_dir),
            **product.card,
        }
        name = library.publish(spec.model_name, product.module, trainer.family, product.config, card, base).name
        _keep_sample(library, name, run_dir)
    with write_atomic(run_dir / "published.json") as file:
        file.write(json.dumps({"model": name}).encode())
    return name


def published_model(run_dir: Path) -> str:
    """The model that this run has already published, "" if none: what follows it may have been interrupted."""
    try:
        return str(json.loads((run_dir / "published.json").read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, KeyError):
        return ""


def _keep_sample(library: Library, name: str, run_dir: Path) -> None:
    """The run's last sheet as the model's sample; a model without one is a model all the same."""
    sheets = sorted((run_dir / "sheets").glob("*.png"))
    with suppress(StudioError):
        if sheets:
            library.keep_sample(name, read_picture(sheets[-1]).rgb)


def _data_card(spec: TrainingSpec, run_dir: Path) -> dict[str, Any]:
    """The data card that lies with the pictures, if they were prepared; a copy stays with the run, and the model gets
    it without the files' names."""
    cards = [Path(folder) / DATA_CARD for folder in spec.sources]
    for path in cards:
        try:
            card = json.loads(path.read_text(encoding="utf-8"))
            pictures = [{k: v for k, v in row.items() if k != "file"} for row in card["pictures"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        with write_atomic(run_dir / DATA_CARD) as file:
            file.write(path.read_bytes())
        digest = hashlib.sha256("".join(sorted(row["sha256"] for row in pictures)).encode()).hexdigest()
        card |= {"pictures": pictures[:CARDED], "dropped": card.get("dropped", [])[:CARDED], "sha256": digest}
        return {"data_card": card}
    return {}

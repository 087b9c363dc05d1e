"""Training as people meet it: a fine-tune on 20 photos, a worker that is killed, two processes as one, few labels.

Without `--data` the photos are those of an invented person, and what labels are worth is not measured.
"""

import dataclasses
import json
import sys
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput
from studio.core.image import list_pictures
from studio.core.settings import Home
from studio.engine.engine import Engine
from studio.jobs.spec import EncoderSpec, FacesSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from training.evaluate.distribution import Distribution, drawn
from training.evaluate.labels import evaluate_sliders
from training.evaluate.lockstep import STEPS, weight_difference
from training.evaluate.person import GOAL, PHOTOS, faces_in, invented, likeness_figures, look_of, trained, wizard_spec
from training.evaluate.recovery import recovery

SAVE_SECONDS = 30  # between checkpoints of the job that is killed: the wizard's own 120 would only take longer
ENDLESS = 10_000_000  # pictures; the job that is killed is cancelled in the end
QUICK = {
    "photos": 9,
    "images": 16,
    "samples": 40,
    "save_seconds": 2,
    "steps": 2,
}  # to see that it works; the figures mean little
LABELS_BASELINE = "no labels: the direction along which faces differ most, its sign given for free"


def evaluate_training(library: Library, values: Namespace) -> dict[str, Any]:
    """The figures of training; `--quick` shrinks every part. Models and jobs lie in a folder that goes afterwards."""
    if bool(values.data) != bool(values.val):
        raise BadInput("Photos are taken from faces never trained on; give their folder with --val.")
    samples = min(values.samples, QUICK["samples"]) if values.quick else values.samples
    with tempfile.TemporaryDirectory(prefix="easel-") as name:
        folder = Path(name)
        figures = told(labels(library, values, samples))
        of_person, spec = person(library, values, samples, folder)
        figures |= told(of_person)
        figures["checkpoint_steps_wizard"] = round(spec.save_seconds * figures["images_per_s"] / spec.batch)
        often = tiny(spec) if values.quick else dataclasses.replace(spec, save_seconds=SAVE_SECONDS)
        figures |= told(killed(often, folder))
        head = EncoderSpec(data=spec.data, base=GOAL.base, batch=8, lr=0.1)
        return figures | told(weight_difference(head, library, folder, QUICK["steps"] if values.quick else STEPS))


def told(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures, which go to stderr at once: those that follow take long."""
    print(json.dumps(figures), file=sys.stderr, flush=True)
    return figures


def person(library: Library, values: Namespace, samples: int, folder: Path) -> tuple[dict[str, Any], FacesSpec]:
    """Figures of the fine-tune, and its settings as the wizard made them."""
    engine, base, points = Engine(library, "cpu"), library.load(GOAL.base), library.load("landmarks")
    assert isinstance(base, FaceGAN) and isinstance(points, LandmarkNet)
    size, count = base.config.size, QUICK["photos"] if values.quick else PHOTOS
    many = drawn(base, base.config.latent, samples)
    if values.data:
        many = list(faces_in(list_pictures(values.data)[:samples], size, points).values())
        photos = look_of(values.val, Distribution(library, many, many), size, points, count)
    else:
        photos = invented(engine, folder, count)
    held_out = list(faces_in(photos.held_out, size, points).values())
    distribution = Distribution(library, many, held_out)
    spec = wizard_spec(engine, photos, folder / "photos")
    shown = list(faces_in(list_pictures(spec.data), size, points).values())
    asked = dataclasses.replace(spec, images=QUICK["images"]) if values.quick else spec
    model, cost = trained(Home(root=folder / "home"), asked)
    likeness = likeness_figures(distribution, base, model, shown, samples)
    facts = {"photos": len(shown), "held_out": len(held_out), "photos_of": photos.whose, "samples": samples}
    return likeness | cost | facts | {"likeness_encoder": distribution.named, "quick": values.quick}, spec


def killed(spec: FacesSpec, folder: Path) -> dict[str, Any]:
    """Figures of recovery, by a training that never ends of itself."""
    endless = dataclasses.replace(spec, images=ENDLESS, warmup=ENDLESS)
    return recovery(Home(root=folder / "killed"), endless)


def tiny(spec: FacesSpec) -> FacesSpec:
    """A training from nothing on the same pictures, of many steps between two checkpoints."""
    return FacesSpec(
        data=spec.data, name="tiny", subject="any", size=16, width=8, batch=2, save_seconds=QUICK["save_seconds"]
    )


def labels(library: Library, values: Namespace, samples: int) -> dict[str, Any]:
    """What few labels are worth, or None where there is no table of labels."""
    if not values.labels:
        return {"label_gain_auc": None, "label_baseline": LABELS_BASELINE}
    own = Namespace(name="sliders", data=values.data, val=values.val, labels=values.labels, samples=samples)
    return {"label_baseline": LABELS_BASELINE} | evaluate_sliders(library, own)

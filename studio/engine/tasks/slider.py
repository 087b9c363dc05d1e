"""A slider of one's own, from faces that have something and faces that have it not."""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

import torch

from studio.core.errors import BadInput
from studio.core.names import check_name
from studio.core.progress import TaskControl
from studio.engine.steering.own_slider import learn_slider
from studio.engine.tasks.base import REQUIRED, Models, Request, Task, setting
from studio.engine.tasks.faces import SLIDERS, slider_names, source
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.sliders import Sliders

LEAST = 10  # marks
SURE = 0.7  # AUC below which a slider would do anything


@dataclass(frozen=True, kw_only=True, eq=False)
class SliderResult:
    """`auc`: how well it tells apart faces that it has not seen, 0.5 to 1."""

    slider: Sliders
    auc: float
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class SliderRequest(Request[SliderResult]):
    """What the slider is called, and the faces that tell what it means."""

    task: ClassVar[str] = "slider"
    name: str = setting(REQUIRED, "what the slider is called, such as hat")
    has: str = setting("", "seeds or codes of faces that have it, with spaces between")
    has_not: str = setting("", "seeds or codes of faces that have it not")
    variety: float = setting(0.7, "of faces given as seeds; 0: average, 1: as varied as the data", low=0.0, high=1.5)
    model: str = setting("faces", "model of the library")


def run(request: SliderRequest, models: Models, control: TaskControl) -> SliderResult:
    check_name(request.name)
    if request.name in slider_names(models):
        raise BadInput(f"There is already a slider '{request.name}'; choose another name.")
    generator = cast(FaceGAN, models.model(request.model, "faces")).generator
    sides = [text.replace(",", " ").split() for text in (request.has, request.has_not)]
    if sum(map(len, sides)) < LEAST or min(map(len, sides)) < 3:
        raise BadInput(
            f"{len(sides[0])} faces have it and {len(sides[1])} have it not; "
            f"mark at least {LEAST} in all and 3 of each side."
        )
    styles = torch.stack([source(face, generator, request.variety).mean(0) for side in sides for face in side])
    marks = torch.tensor([1.0] * len(sides[0]) + [-1.0] * len(sides[1]), device=styles.device)
    shipped = cast(Sliders, models.model(SLIDERS, "sliders")) if SLIDERS in models.names("sliders") else None
    known = shipped if shipped and shipped.config.style == styles.shape[1] else None
    with torch.inference_mode(False), torch.no_grad():  # what is kept must be usable by anyone
        slider = learn_slider(request.name, styles.clone(), marks.clone(), generator, known)
    found = slider.config.auc[0]
    if found < SURE:
        raise BadInput(
            f"These marks do not tell faces apart (AUC {found:.2f}; needed is {SURE:.2f}); "
            "mark more faces, or look at the marks again."
        )
    return SliderResult(slider=slider, auc=found, settings=request.settings())


def keep_slider(library: Library, done: SliderResult) -> str:
    """Put the slider into the library; returns the model's name."""
    name = done.slider.config.names[0]
    card = {"title": name, "notes": f"AUC {done.auc:.2f} on held-out marks"}
    return library.publish(f"slider-{name}"[:60], done.slider, "sliders", done.slider.config, card).name


TASK = Task(SliderRequest, run, save=None)

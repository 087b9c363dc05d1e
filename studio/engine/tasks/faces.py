"""Faces out of noise, and every way to steer them.

Face i of a request uses the seed `seed + i` alone, so each can be made again by itself; among several tries the best
one's own seed is told. Steering happens in the
generator's styles, in this order: another face is mixed in, words are followed, sliders move it, landmarks are met,
points are dragged. What was searched for step by step goes into the file as the code that was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.pixels import to_rgb, to_tensor
from studio.engine.steering.codes import RANGES, code_of_seed, from_text, layers_of, to_text
from studio.engine.steering.drag import drag, parse_circles, parse_drags
from studio.engine.steering.landmarks import locate, meet, parse_features
from studio.engine.steering.sliders import move, parse_sliders
from studio.engine.steering.words import Understood, follow_words, understand_all
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.upscale import FACES as UPSCALER
from studio.engine.tasks.upscale import enlarge
from studio.models.face_gan import FaceGAN, Generator
from studio.models.landmarks import LandmarkNet
from studio.models.sliders import Sliders, joined
from studio.models.upscale import UpscaleGAN
from studio.models.words import WordsNet

SEEDS = 2**32  # seeds wrap here, so that every face's own seed is a valid request
EDITS = ("code", "other", "prompt", "sliders", "landmarks", "drag", "movable")
SLIDERS, WORDS = "sliders", "words"
LANDMARKS = "landmarks"  # the net that measures where a face's features are


@dataclass(frozen=True, kw_only=True)
class Face:
    """One face at the network's own size and what makes it again; `large` is it enlarged, where that was asked for.

    `code` is what `FacesRequest.code` takes; `missed` tells by how many px each landmark or handle misses its goal,
    `understood` what the prompt asks, `score` which share of held-out "real" faces, and of those "made" by the
    model, the discriminator finds less convincing, if it was asked and is known.
    """

    picture: Picture
    seed: int
    code: str
    settings: dict[str, Any]
    large: Picture | None = None
    missed: dict[str, float] = field(default_factory=dict)
    understood: Understood | None = None
    score: dict[str, float] = field(default_factory=dict)

    @property
    def saved(self) -> Picture:
        """What goes into a file."""
        return self.large or self.picture


@dataclass(frozen=True, kw_only=True)
class FacesResult:
    faces: tuple[Face, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class FacesRequest(Request[FacesResult]):
    """How many faces, from which seed on, how far from the average face they may stray, and how they are steered."""

    task: ClassVar[str] = "faces"
    count: int = setting(6, "how many faces", low=1, high=64)
    seed: int = setting(0, "seed of the first face; each next face adds one", low=0, high=SEEDS - 1)
    variety: float = setting(0.7, "0: the average face; 1: as varied as the data", low=0.0, high=1.5)
    tries: int = setting(0, "make so many for each face and keep the most convincing; 0: not judged", low=0, high=32)
    code: str = setting("", "a face's code, as its file holds it, in place of a seed")
    other: str = setting("", "seed or code of a second face to mix in")
    share: float = setting(0.5, "how much of the second face: 0 none, 1 all", low=0.0, high=1.0)
    mix: str = setting(
        "all", "what of the second face: coarse (pose, shape), middle (features), fine (colours)", choices=tuple(RANGES)
    )
    sliders: str = setting("", "moves along directions, such as 'smile=1.5 form-1=2 part-3=-1', each from -5 to 5")
    landmarks: str = setting(
        "", "such as 'left_eye=30,10 right_eye=120,40 nose=100 mouth=20x40 size=150', px of a picture of that size"
    )
    drag: str = setting("", "points to pull, such as '40,60>48,60 88,60>80,60', in px of the face")
    movable: str = setting(
        "", "circles that may change when points are pulled, such as '64,80,20'; none: all of the face"
    )
    prompt: str = setting("", "words, such as 'smiling woman with light hair, dark background'")
    enlarge: int = setting(1, "times the network's own size; above 1 through the upscaler", low=1, high=4)
    model: str = setting("faces", "model of the library")

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "FacesRequest":
        """The request that made the face which has these settings; BadInput when they are not a face's."""
        if settings.get("task") != cls.task:
            raise BadInput("This file does not say how it was made; choose a face that Easel saved with its settings.")
        known = {item.name for item in cls.explained()}
        return cls(**{key: value for key, value in settings.items() if key in known})

    @property
    def seeds(self) -> list[int]:
        return [(self.seed + index) % SEEDS for index in range(self.count)]


def run(request: FacesRequest, models: Models, control: TaskControl) -> FacesResult:
    """One face a pass: a batch would round otherwise, and the same seed must give the same bytes."""
    network = cast(FaceGAN, models.model(request.model, "faces"))
    generator = network.generator
    sliders = named_sliders(models, generator)
    understood = None
    if request.prompt:
        understood = understand_all(words_nets(models, request.model), request.prompt)
    faces = []
    for index, seed in enumerate(request.seeds):
        own = replace(request, seed=seed, count=1, tries=min(request.tries, 1))
        tries = [replace(own, seed=(seed * max(request.tries, 1) + i) % SEEDS) for i in range(request.tries)]
        if len(tries) > 1:
            codes = [steered(one, generator, sliders, understood) for one in tries]
            marks = [network.discriminator(generator.synthesize(code[None])).item() for code in codes]
            own = tries[int(np.argmax(marks))]
        code = steered(own, generator, sliders, understood)
        code, missed = searched(own, code, generator, models, control)
        face = replace(face_of(generator, code, own), missed=missed, understood=understood)
        if request.tries:
            face = replace(
                face, score=judged(network, to_tensor(face.picture.rgb, models.device), models.figures(request.model))
            )
        if request.enlarge > 1:
            upscaler = cast(UpscaleGAN, models.model(UPSCALER, "upscale")).net
            rgb = enlarge(upscaler, models.device, face.picture.rgb, request.enlarge)
            face = replace(face, large=replace(face.picture, rgb=rgb))
        faces.append(face)
        control.report(index + 1, request.count, face.picture.rgb)
    return FacesResult(faces=tuple(faces))


def judged(network: FaceGAN, picture: Tensor, figures: dict[str, Any]) -> dict[str, float]:
    """Shares of held-out real and of made faces that the discriminator finds less convincing, where their marks are
    among the model's `figures`."""
    mark, found = network.discriminator(picture).item(), {}
    for kind in ("real", "made"):
        marks = figures.get(f"judge_{kind}")
        if isinstance(marks, list) and len(marks) > 1:
            found[kind] = float(np.interp(mark, marks, np.linspace(0, 1, len(marks))))
    return found


def slider_names(models: Models) -> tuple[str, ...]:
    """The library's named sliders, those that ship first."""
    found = [cast(Sliders, models.model(name, "sliders")).config.names for name in models.names("sliders")]
    return tuple(dict.fromkeys(name for names in found for name in names))


def words_nets(models: Models, model: str) -> list[WordsNet]:
    """What understands words for a face model: its own net, MODEL-words, if it has one, and the shipped one."""
    names = [name for name in (f"{model[:52]}-words", WORDS) if name in models.names("words")]
    return [cast(WordsNet, models.model(name, "words")) for name in names or [WORDS]]


def named_sliders(models: Models, generator: Generator) -> Sliders | None:
    """The library's sliders for styles as wide as the generator's, in one; a fine-tuned one understands them too."""
    found = [cast(Sliders, models.model(name, "sliders")) for name in models.names("sliders")]
    fitting = [part for part in found if part.config.style == generator.w_mean.shape[0]]
    return fitting[0] if len(fitting) == 1 else joined(fitting) if fitting else None


def steered(
    request: FacesRequest, generator: Generator, sliders: Sliders | None, understood: Understood | None
) -> Tensor:
    """The code [layers, style] of the request's first face, but for what has to be searched for."""
    code = source(request.code or str(request.seed), generator, request.variety)
    if request.other:
        second = source(request.other, generator, request.variety)
        layers = layers_of(request.mix, generator)
        code[layers] = torch.lerp(code[layers], second[layers], request.share)
    if understood:
        if sliders is None:
            raise BadInput(f"The face model '{request.model}' does not follow words; choose another model.")
        code = follow_words(code, understood.asked, sliders)
    return move(code, parse_sliders(request.sliders, sliders), generator, sliders)


def searched(
    request: FacesRequest, code: Tensor, generator: Generator, models: Models, control: TaskControl
) -> tuple[Tensor, dict[str, float]]:
    """The code that meets the landmarks and has the points dragged, and by how many px each still misses its goal.

    A drag that is stopped keeps what it has reached.
    """
    size = generator.config.size
    missed: dict[str, float] = {}
    if request.landmarks:
        net = cast(LandmarkNet, models.model(LANDMARKS, "landmarks"))
        code, shares = meet(generator, net, code, parse_features(request.landmarks, size), control)
        missed |= {key: share * size for key, share in shares.items()}
    if request.drag:
        handles, targets = (points.to(code.device) for points in parse_drags(request.drag, size))
        movable = parse_circles(request.movable, size)
        net = cast(LandmarkNet, models.model(LANDMARKS, "landmarks"))
        done = drag(
            generator,
            code,
            handles,
            targets,
            None if movable is None else movable.to(code.device),
            control,
            mesh=lambda picture: locate(net, picture)[0] * size,
        )
        code = done.code
        missed |= {f"point-{i + 1}": left for i, left in enumerate(done.left.tolist())}
    return code, missed


def source(text: str, generator: Generator, variety: float) -> Tensor:
    """The code [layers, style] that a seed or a code stands for; BadInput when it is neither."""
    if text.isascii() and text.isdigit():
        if int(text) >= SEEDS:
            raise BadInput(f"The seed {text} is too large; choose one from 0 to {SEEDS - 1}.")
        return code_of_seed(generator, int(text), variety)
    return from_text(text, generator)


def face_of(generator: Generator, code: Tensor, request: FacesRequest) -> Face:
    """The picture of `code` and the settings of `request`, which makes it again."""
    rgb = to_rgb(generator.synthesize(code[None]))
    settings = request.settings()
    if request.landmarks or request.drag:
        edits = {key: getattr(request, key) for key in EDITS}
        settings |= {**dict.fromkeys(EDITS, ""), "code": to_text(code)}
        settings["edits"] = {key: value for key, value in edits.items() if value}
    name = f"{request.model}-{request.seed}.png"
    picture = Picture(rgb=rgb, name=name, settings=settings, source=DigitalSource.GENERATED)
    return Face(picture=picture, seed=request.seed, code=to_text(code), settings=settings)


def save(done: FacesResult, path: Path) -> list[Path]:
    """Each face as a PNG beside `path`, under its own name."""
    source = DigitalSource.GENERATED
    return [
        write_picture(path.with_name(face.saved.name), face.saved, settings=face.settings, source=source)
        for face in done.faces
    ]


TASK = Task(FacesRequest, run, save)

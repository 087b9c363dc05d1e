"""A GAN and a VAE of the same faces side by side: samples, reconstructions, interpolation.

Both take the same noise for a seed. The GAN (Goodfellow et al., 2014) learnt to draw what a discriminator takes for a
photo: sharp, with a slip here and there. The VAE (Kingma & Welling, 2014) learnt to give back every picture it was
shown: nothing is left out, and what cannot be known is averaged, which is blur.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.core.image import Picture, resize, write_picture
from studio.core.likeness import psnr, sharpness
from studio.core.portrait import cut
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.generators import FaceGenerator, GANFaces, VAEFaces
from studio.engine.steering.codes import to_text
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.faces import SEEDS, FacesRequest
from studio.engine.tasks.portrait import PortraitRequest, find_square
from studio.models.face_gan import FaceGAN
from studio.models.vae import VAE

ROWS = ("samples", "reconstructions", "interpolation")
LINE = 26  # px of a line of words on the sheet
GAP = 4  # px


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one network made, left to right.

    `sharpness` is the mean Laplacian energy (squared levels), `psnr` (dB) that of each reconstruction; both at the size
    of the smaller network.
    """

    pictures: tuple[Picture, ...]
    sharpness: float
    psnr: tuple[float, ...] = ()

    @property
    def figures(self) -> dict[str, float]:
        """Sharpness, and the mean PSNR of reconstructions, rounded."""
        likeness = {"psnr": round(float(np.mean(self.psnr)), 2)} if self.psnr else {}
        return {"sharpness": round(self.sharpness, 1), **likeness}


@dataclass(frozen=True, kw_only=True)
class CompareResult:
    """`gan` and `vae` have a row for each of ROWS. `originals` is what was reconstructed: the photo's face, or, where
    `own`, the GAN's samples, which favours the GAN. `picture` is all of it on one sheet."""

    gan: dict[str, Row]
    vae: dict[str, Row]
    originals: tuple[Picture, ...]
    own: bool
    sharpness: float  # of the originals
    picture: Picture
    settings: dict[str, Any]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture of the networks, each with a name of its own."""
        return tuple(picture for rows in (self.gan, self.vae) for row in rows.values() for picture in row.pictures)


@dataclass(frozen=True, kw_only=True, eq=False)
class CompareRequest(Request[CompareResult]):
    """Seeds of the samples, a photo to reconstruct if there is one, and where the interpolation leads: from the photo's
    face, or that of `seed`, to that of `end`."""

    task: ClassVar[str] = "compare"
    picture: Picture | None = None
    seed: int = setting(0, "seed of the first face; each next face adds one", low=0, high=SEEDS - 1)
    count: int = setting(6, "how many faces of each network", low=1, high=16)
    variety: float = setting(0.7, "0: the average face; 1: as varied as the data", low=0.0, high=1.5)
    end: int = setting(1, "seed of the face at which the interpolation ends", low=0, high=SEEDS - 1)
    steps: int = setting(6, "pictures of the interpolation, with both ends", low=2, high=16)
    which: int = setting(0, "which face of the photo, 1 the largest; 0: the only one", low=0, high=99)
    model: str = setting("faces", "face model (GAN) of the library")
    vae: str = setting("vae", "VAE of the library")

    @property
    def seeds(self) -> list[int]:
        return [(self.seed + index) % SEEDS for index in range(self.count)]


def run(request: CompareRequest, models: Models, control: TaskControl) -> CompareResult:
    """All of the GAN, then all of the VAE; both are measured at the size of the smaller one."""
    gan = GANFaces(cast(FaceGAN, models.model(request.model, "faces")), models.device)
    vae = VAEFaces(cast(VAE, models.model(request.vae, "vae")), models.device)
    if request.picture is None:
        faces = [gan.rgb(gan.of_seed(seed, request.variety)) for seed in request.seeds]
        source = DigitalSource.GENERATED
    else:
        square = find_square(PortraitRequest(picture=request.picture, which=request.which), models)
        faces, source = [cut(request.picture.rgb, square, gan.size)], request.picture.source
    size, made = min(gan.size, vae.size), {}
    for index, (name, generator) in enumerate({request.model: gan, request.vae: vae}.items()):
        made[name] = drawn(request, name, generator, faces, size, control.part(index, 2))
    figures = {name: {row: made[name][row].figures for row in ROWS} for name in made}
    told = {"originals": "photo" if request.picture else "samples of the GAN", "figures": figures}
    settings = request.settings() | told
    originals = tuple(Picture(rgb=face, settings=settings, source=source) for face in faces)
    sheet = sheet_of(originals, made, gan.size)
    mark = DigitalSource.COMPOSITE if source is None else DigitalSource.GENERATED
    return CompareResult(
        gan=made[request.model],
        vae=made[request.vae],
        originals=originals,
        own=request.picture is None,
        sharpness=sharpness(at_size(faces, size)),
        picture=Picture(rgb=sheet, name="compare.png", settings=settings, source=mark),
        settings=settings,
    )


def drawn(
    request: CompareRequest,
    name: str,
    generator: FaceGenerator,
    faces: Sequence[np.ndarray],
    size: int,
    control: TaskControl,
) -> dict[str, Row]:
    """The rows of one network, measured at `size` px."""
    found = [generator.of_face(face) for face in faces]
    start = generator.of_seed(request.seed, request.variety) if request.picture is None else found[0]
    end = generator.of_seed(request.end, request.variety)
    codes = {
        "samples": [generator.of_seed(seed, request.variety) for seed in request.seeds],
        "reconstructions": found,
        "interpolation": [torch.lerp(start, end, share) for share in np.linspace(0, 1, request.steps).tolist()],
    }
    rows, done, total = {}, 0, sum(map(len, codes.values()))
    for row, wanted in codes.items():
        pictures = []
        for index, code in enumerate(wanted):
            pictures.append(picture_of(request, name, generator, code, row, index))
            done += 1
            control.report(done, total, pictures[-1].rgb)
        seen = at_size([picture.rgb for picture in pictures], size)
        likeness = tuple(map(psnr, at_size(faces, size), seen)) if row == "reconstructions" else ()
        rows[row] = Row(pictures=tuple(pictures), sharpness=sharpness(seen), psnr=likeness)
    return rows


def picture_of(
    request: CompareRequest, name: str, generator: FaceGenerator, code: Tensor, row: str, index: int
) -> Picture:
    """A face with what makes it again: a GAN's as the task `faces` does, to be steered further; a VAE's as here."""
    settings = request.settings()
    if isinstance(generator, GANFaces):
        seed, text = (request.seeds[index], "") if row == "samples" else (request.seed, to_text(code))
        own = FacesRequest(count=1, seed=seed, code=text, variety=request.variety, model=name)
        settings = own.settings() | {"comparison": settings}
    elif row == "samples":
        settings |= {"seed": request.seeds[index], "count": 1}
    return Picture(
        rgb=generator.rgb(code),
        name=f"{row}-{name}-{index}.png",
        settings=settings | {"row": row, "index": index, "by": name},
        source=DigitalSource.GENERATED,
    )


def at_size(faces: Sequence[np.ndarray], size: int) -> list[np.ndarray]:
    """Square uint8 faces at `size` px."""
    return [face if len(face) == size else resize(face, (size, size)) for face in faces]


def sheet_of(originals: Sequence[Picture], made: dict[str, dict[str, Row]], size: int) -> np.ndarray:
    """All rows below each other, a line of words above each, every face at `size` px."""
    rows = [(f"{row}, {name}", found[row].pictures) for row in ROWS for name, found in made.items()]
    rows.insert(len(made), ("originals", tuple(originals)))  # above their reconstructions
    width = max(len(pictures) for _, pictures in rows) * (size + GAP) + GAP
    parts = []
    for words, pictures in rows:
        line = np.full((LINE, width, 3), 255, np.uint8)
        cv2.putText(line, words, (GAP, LINE - 9), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (40, 40, 40), 1, cv2.LINE_AA)
        strip = np.full((size + GAP, width, 3), 255, np.uint8)
        for index, face in enumerate(at_size([picture.rgb for picture in pictures], size)):
            left = GAP + index * (size + GAP)
            strip[:size, left : left + size] = face
        parts += [line, strip]
    return np.concatenate(parts)


def save(done: CompareResult, path: Path) -> list[Path]:
    """The sheet at `path`, and every picture of a network beside it under its own name."""
    path = path.with_suffix(".png")
    files = [write_picture(path, done.picture, source=done.picture.source)]
    return files + [write_picture(path.with_name(one.name), one, source=one.source) for one in done.pictures]


TASK = Task(CompareRequest, run, save)

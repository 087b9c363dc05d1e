"""What a model makes, as one small picture: kept from its training, or made here once and then kept."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from studio import __version__
from studio.core.image import Picture, read_mask, read_picture, resize, write_picture
from studio.core.provenance import DigitalSource
from studio.engine.tasks.compare import CompareRequest
from studio.engine.tasks.compress import CompressRequest
from studio.engine.tasks.damage import DamageRequest
from studio.engine.tasks.enhance import EnhanceRequest
from studio.engine.tasks.expand import ExpandRequest
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.repair import RepairRequest
from studio.engine.tasks.style import StyleRequest
from studio.engine.tasks.upscale import UpscaleRequest
from studio.library.checkpoint import read_header
from studio.library.store import ModelCard
from studio.ui import thumbnails
from studio.ui.context import Studio
from studio.ui.widgets.samples import mask_of, sample_paths

SIDE = 384  # px of a sample's longer side, about
FACES, STYLES = 9, 4
NOISE, SHRUNK = 25, 4  # what is put right in the samples: levels of 255, times smaller


def kept(studio: Studio, card: ModelCard) -> Path | None:
    """A sample that is there already."""
    made = _place(studio, card)
    return studio.library.sample(card.name) or (made if made.is_file() else None)


def can_make(card: ModelCard) -> bool:
    """Whether `make` has what it needs: a maker, styles where they are painted, the pictures of assets/samples."""
    return card.family in MAKERS and (card.family != "art" or bool(_presets(card))) and bool(sample_paths(card.family))


def make(studio: Studio, card: ModelCard) -> Path:
    """Let the engine make a sample, in a few seconds; raises as the engine does."""
    rgb = MAKERS[card.family](studio, card)
    return write_picture(_place(studio, card), Picture(rgb=rgb), source=DigitalSource.GENERATED, strip=True, quality=90)


def _place(studio: Studio, card: ModelCard) -> Path:
    return studio.home.cache / "models" / f"{card.sha256[:24]}-{__version__}.jpg"


def _faces(studio: Studio, card: ModelCard) -> np.ndarray:
    done = studio.engine.run(FacesRequest(count=FACES, seed=1, model=card.name))
    return grid([face.picture.rgb for face in done.faces], 3, SIDE // 3)


def _art(studio: Studio, card: ModelCard) -> np.ndarray:
    paths = thumbnails.of_presets(studio, card.name, _presets(card)[:STYLES])
    return grid([read_picture(path).rgb for path in paths], min(2, len(paths)), SIDE // 2)


def _presets(card: ModelCard) -> tuple[str, ...]:
    return tuple(read_header(card.path).config.get("presets", ()))


def _any_style(studio: Studio, card: ModelCard) -> np.ndarray:
    """Left the style picture, right the landscape in its style."""
    style = square(read_picture(sample_paths("art")[-1]).rgb)
    request = StyleRequest(
        picture=Picture(rgb=square(_landscape())), style_picture=Picture(rgb=style), any_model=card.name
    )
    return halves(style, studio.engine.run(request).picture.rgb)


def _vae(studio: Studio, card: ModelCard) -> np.ndarray:
    done = studio.engine.run(CompareRequest(count=FACES, seed=1, vae=card.name))
    return grid([picture.rgb for picture in done.vae["samples"].pictures], 3, SIDE // 3)


def _codec(studio: Studio, card: ModelCard) -> np.ndarray:
    """The landscape, and on its right half what is left of it in the smallest file."""
    clean = square(_landscape())
    small = studio.engine.run(CompressRequest(picture=Picture(rgb=clean), quality=1, model=card.name))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.easel"
        file.write_bytes(small.data)
        return halves(clean, studio.engine.run(ExpandRequest(file=file)).picture.rgb)


def _repair(studio: Studio, card: ModelCard) -> np.ndarray:
    """The old photo before and after; a picture without a mask loses its middle."""
    sample = sample_paths("repair")[0]
    rgb, mask = square(read_picture(sample).rgb), None
    if path := mask_of(sample):
        picture = read_picture(sample)
        mask = square(read_mask(path, picture.size).astype(np.uint8) * 255) > 127
    if mask is None or not mask.any():
        mask = np.zeros(rgb.shape[:2], bool)
        mask[SIDE // 3 : SIDE // 2, SIDE // 3 : SIDE // 2] = True
    done = studio.engine.run(RepairRequest(picture=Picture(rgb=rgb), mask=mask, method="net", model=card.name))
    return halves(rgb, done.picture.rgb)


def _scratches(studio: Studio, card: ModelCard) -> np.ndarray:
    """The landscape crossed by white lines, and on its right half without them."""
    rgb, lines = square(_landscape()), np.zeros((SIDE, SIDE), np.uint8)
    for start in range(-SIDE // 2, SIDE, SIDE // 8):
        cv2.line(lines, (start, 0), (start + SIDE // 2, SIDE), 255, 3)
    scratched = np.where(lines[..., None] > 0, np.uint8(255), rgb)
    request = RepairRequest(picture=Picture(rgb=scratched), mask=lines > 0, scratch_model=card.name)
    return halves(scratched, studio.engine.run(request).picture.rgb)


def _upscale(studio: Studio, card: ModelCard) -> np.ndarray:
    """A coarse detail, and the same enlarged."""
    small = resize(square(_landscape()), (SIDE // SHRUNK, SIDE // SHRUNK))
    done = studio.engine.run(UpscaleRequest(picture=Picture(rgb=small), factor=SHRUNK, model=card.name))
    before = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    return halves(before, resize(done.picture.rgb, (SIDE, SIDE)))


def _restore(studio: Studio, card: ModelCard) -> np.ndarray:
    clean = square(_landscape())
    noise = np.random.default_rng(0).normal(0, NOISE, clean.shape)
    noisy = (clean + noise).clip(0, 255).astype(np.uint8)
    done = studio.engine.run(EnhanceRequest(picture=Picture(rgb=noisy), denoise=NOISE, model=card.name))
    return halves(noisy, done.picture.rgb)


def _damage(studio: Studio, card: ModelCard) -> np.ndarray:
    """The old photo, and on its right half what was found."""
    rgb = square(read_picture(sample_paths("repair")[0]).rgb)
    mask = studio.engine.run(DamageRequest(picture=Picture(rgb=rgb), model=card.name)).mask
    marked = rgb.copy()
    marked[mask] = (255, 96, 160)
    return halves(rgb, marked)


MAKERS: dict[str, Callable[[Studio, ModelCard], np.ndarray]] = {
    "faces": _faces,
    "vae": _vae,
    "art": _art,
    "anystyle": _any_style,
    "repair": _repair,
    "scratches": _scratches,
    "upscale": _upscale,
    "restore": _restore,
    "damage": _damage,
    "codec": _codec,
}
"""family -> what shows it; others, such as words or landmarks, make no pictures."""


def _landscape() -> np.ndarray:
    return read_picture(sample_paths("art")[0]).rgb


def square(pixels: np.ndarray) -> np.ndarray:
    """The middle square of uint8 [H, W, ...] at SIDE px."""
    side = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    return resize(np.ascontiguousarray(pixels[top : top + side, left : left + side]), (SIDE, SIDE))


def halves(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Left `before`, right `after`, a white line between."""
    middle = before.shape[1] // 2
    both = np.concatenate([before[:, :middle], after[:, middle:]], 1)
    both[:, middle - 1 : middle + 1] = 255
    return both


def grid(pictures: list[np.ndarray], columns: int, side: int) -> np.ndarray:
    """Square pictures in rows of `columns`, each `side` px; the last row may stay short."""
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * side, columns * side, 3), 128, np.uint8)
    for index, rgb in enumerate(pictures):
        top, left = side * (index // columns), side * (index % columns)
        sheet[top : top + side, left : left + side] = resize(rgb, (side, side))
    return sheet

"""Styles judged by what trained none of them: an encoder of random weights, pixel patches, and edges kept.

A ratio is the distance to the style picture, made over photo: 1 for the photo left as it is, 0 for the style itself.
"""

import json
import time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import cv2
import numpy as np
import torch

from studio.core.image import Picture
from studio.engine.colours import transport
from studio.engine.engine import Engine
from studio.engine.tasks.style import StyleRequest
from studio.jobs.goals import goal_of
from studio.jobs.spec import ArtSpec
from studio.models.likeness import style_distance
from studio.models.perceptual import PerceptualConfig, PerceptualEncoder
from studio.models.style import StyleNet
from training.data import to_tensor
from training.loop import run_training
from training.metrics import patches, sliced_wasserstein

PATCHES = 4000
PHOTOS = 3  # photos that every style picture is tried on
BANDS = 5  # of the Laplacian pyramid whose statistics the AdaIN-like baseline matches
OWN_STEPS = goal_of("art").images[0] // ArtSpec.batch  # of a style of one's own in the Training tab's short effort
TIMED_STEPS = 6


def patch_distance(made: np.ndarray, painting: np.ndarray) -> float:
    """Sliced Wasserstein distance of 7x7 patches at full and at quarter size."""
    total = 0.0
    for scale in (1.0, 0.25):
        sets = []
        for picture in (made, painting):
            small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            rng = np.random.default_rng(0)
            centres = np.stack([rng.integers(0, side, PATCHES) for side in small.shape[:2]], 1)
            sets.append(patches(small, centres))
        total += sliced_wasserstein(*sets) / 2
    return total


def edge_agreement(x: np.ndarray, y: np.ndarray) -> float:
    """Correlation of gradient magnitudes after a light blur: 1 keeps what is drawn, 0 loses it."""
    edges = []
    for picture in (x, y):
        grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 2)
        edges.append(np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)).ravel())
    return float(np.corrcoef(edges[0], edges[1])[0, 1])


class Judge:
    """An encoder whose weights no training has seen, and pixel patches."""

    def __init__(self) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(20)
            self.encoder = PerceptualEncoder(PerceptualConfig()).eval().requires_grad_(False)

    @torch.inference_mode()
    def distances(self, made: np.ndarray, painting: np.ndarray) -> np.ndarray:
        """Of the encoder's four maps, and of pixel patches, float [5]."""
        maps = [self.encoder(to_tensor([picture])) for picture in (made, painting)]
        with torch.random.fork_rng():
            torch.manual_seed(0)
            found = [float(style_distance(a, b)) ** 0.5 for a, b in zip(*maps, strict=True)]
        return np.array([*found, patch_distance(made, painting)])

    def ratio(self, made: np.ndarray, photo: np.ndarray, painting: np.ndarray) -> float:
        """Half of it the encoder's, half the patches'."""
        shares = self.distances(made, painting) / np.maximum(self.distances(photo, painting), 1e-9)
        return float(shares[:4].mean() + shares[4]) / 2


def statistics_matched(photo: np.ndarray, painting: np.ndarray) -> np.ndarray:
    """The photo with the style's mean and deviation a channel in every band of a Laplacian pyramid.

    What AdaIN does to features (Huang & Belongie, 2017), done without a network: the baseline.
    """
    made: np.ndarray | None = None
    for ours, theirs in zip(_bands(photo), _bands(painting), strict=True):
        matched = (ours - ours.mean((0, 1))) / (ours.std((0, 1)) + 1e-3) * theirs.std((0, 1)) + theirs.mean((0, 1))
        made = matched if made is None else cv2.pyrUp(made, dstsize=matched.shape[1::-1]) + matched
    assert made is not None
    return made.clip(0, 255).round().astype(np.uint8)


def _bands(rgb: np.ndarray) -> list[np.ndarray]:
    """The coarsest average, then what each finer level adds to it."""
    levels = [rgb.astype(np.float32)]
    for _ in range(BANDS):
        levels.append(cv2.pyrDown(levels[-1]).astype(np.float32))
    finer = [low - cv2.pyrUp(high, dstsize=low.shape[1::-1]) for low, high in pairwise(levels)]
    return [levels[-1], *reversed(finer)]


def style_figures(
    engine: Engine, photos: list[np.ndarray], paintings: dict[str, np.ndarray], presets: str
) -> dict[str, Any]:
    """Presets, the any-style net, and both baselines on the same pairs; without that net its figures are None."""
    known = cast(StyleNet, engine.model(presets)).config.presets
    judge, net = Judge(), bool(engine.names("anystyle"))
    held = held_out(engine) if net else ()
    rows: dict[str, list[float]] = {
        key: [] for key in ("preset", "any", "held", "adain", "colour", "edges", "any_edges")
    }
    for name, painting in paintings.items():
        style = Picture(rgb=painting)
        for photo in photos[:PHOTOS]:
            rows["adain"].append(judge.ratio(statistics_matched(photo, painting), photo, painting))
            rows["colour"].append(judge.ratio(transport(photo, painting)(photo), photo, painting))
            if name in known:
                made = engine.run(StyleRequest(picture=Picture(rgb=photo), preset=name, model=presets)).picture.rgb
                rows["preset"].append(judge.ratio(made, photo, painting))
                rows["edges"].append(edge_agreement(made, photo))
            if net:
                made = engine.run(StyleRequest(picture=Picture(rgb=photo), style_picture=style)).picture.rgb
                rows["any"].append(judge.ratio(made, photo, painting))
                rows["any_edges"].append(edge_agreement(made, photo))
                rows["held"] += rows["any"][-1:] if name in held else []
    mean = {key: round(float(np.mean(found)), 4) if found else None for key, found in rows.items()}
    return {
        "style_ratio": mean["preset"],
        "style_ratio_any": mean["any"],
        "style_ratio_any_held_out": mean["held"],
        "style_ratio_adain": mean["adain"],
        "style_ratio_colour": mean["colour"],
        "edge_similarity": mean["edges"],
        "edge_similarity_any": mean["any_edges"],
        "any_512_s": any_seconds(engine, photos[0], next(iter(paintings.values()))) if net else None,
        "own_style_minutes": own_style_minutes(engine, photos[0], next(iter(paintings.values())), presets),
    }


def held_out(engine: Engine) -> tuple[str, ...]:
    """The style pictures that the any-style net was not trained on."""
    try:
        return tuple(json.loads(engine.library.card("anystyle").recipe)["held"])
    except (ValueError, KeyError, TypeError):
        return ()


def any_seconds(engine: Engine, photo: np.ndarray, painting: np.ndarray) -> float:
    """Median seconds for 512 px, looking at the style picture included."""
    photo = cv2.resize(photo, (512, 512), interpolation=cv2.INTER_AREA)
    request = StyleRequest(picture=Picture(rgb=photo), style_picture=Picture(rgb=painting))
    found = []
    for _ in range(4):
        started = time.perf_counter()
        engine.run(request)
        found.append(time.perf_counter() - started)
    return round(float(np.median(found[1:])), 3)


def own_style_minutes(engine: Engine, photo: np.ndarray, painting: np.ndarray, base: str) -> float:
    """Minutes that OWN_STEPS steps of a style of one's own take here, from the seconds of TIMED_STEPS."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, rgb in (("photo", photo), ("painting", painting)):
            cv2.imwrite(str(root / f"{name}.png"), rgb[..., ::-1])
        spec = ArtSpec(
            data=(str(root / "photo.png"),), styles=(str(root / "painting.png"),), base=base, images=1_000_000
        )
        seconds: list[float] = []

        def control(status: Any) -> Any:
            seconds.append(status.seconds)
            return "cancel" if len(seconds) > TIMED_STEPS else "go"

        run_training(spec, root / "run", library=engine.library, device="cpu", control=control, tell_seconds=0)
    return round((seconds[-1] - seconds[0]) / TIMED_STEPS * OWN_STEPS / 60, 2)

"""What is measured: each task at several sizes beside its baseline, on pictures made from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from studio.core.device import set_threads
from studio.core.image import Picture
from studio.engine.colours import transport
from studio.engine.engine import Engine
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.repair import RepairRequest
from studio.engine.tasks.style import StyleRequest, presets
from studio.engine.tasks.upscale import UpscaleRequest
from studio.library.store import Library
from studio.models.face_gan import FaceGANConfig
from studio.models.families import FAMILIES
from studio.models.inpaint import InpaintConfig
from studio.models.style import StyleConfig
from studio.models.upscale import UpscaleConfig
from tests.bench import measure
from tests.bench.baselines import TransformNet, WideGenerator
from tests.bench.measure import Work
from tests.pictures import scene

MODELS = ("faces", "repair", "art", "upscale-faces")
RANDOM = {
    "faces": FaceGANConfig(),
    "repair": InpaintConfig(),
    "upscale-faces": UpscaleConfig(),
    "art": StyleConfig(presets=("one", "two", "three", "four", "five", "six")),
}


@dataclass(frozen=True)
class Case:
    """A task at a size (width, height) beside a baseline; `works` makes both, in this order."""

    task: str
    size: tuple[int, int]
    baseline: str
    works: Callable[[Engine, tuple[int, int]], tuple[Work, Work]]
    quick: bool = False
    rounds: int = 5  # at least, of the long form

    @property
    def label(self) -> str:
        return f"{self.task} {self.size[0]} x {self.size[1]}"


def repair(engine: Engine, size: tuple[int, int]) -> tuple[Work, Work]:
    """One round hole, a quarter of the height wide: about 5 % of a square picture."""
    width, height = size
    rgb = scene(width, height)
    mask = np.zeros((height, width), np.uint8)
    cv2.circle(mask, (width // 2, height // 2), height // 8, 1, -1)
    request = RepairRequest(picture=Picture(rgb=rgb), mask=mask.astype(bool))
    return lambda: engine.run(request), lambda: cv2.inpaint(rgb, mask, 5, cv2.INPAINT_TELEA)


def worn(method: str) -> Callable[[Engine, tuple[int, int]], tuple[Work, Work]]:
    """An old photo: 40 scratches of 2 to 6 px across the picture, and a box of at most 512 px."""

    def works(engine: Engine, size: tuple[int, int]) -> tuple[Work, Work]:
        width, height = size
        rgb, mask, random = scene(width, height), np.zeros((height, width), np.uint8), np.random.default_rng(0)
        for _ in range(40):
            x, y = random.integers(0, size, (2, 2)).T.tolist()
            cv2.line(mask, (x[0], y[0]), (x[1], y[1]), 1, int(random.integers(2, 7)))
        side = min(512, height // 4)
        mask[height // 2 :, width // 2 :][:side, :side] = 1
        request = RepairRequest(picture=Picture(rgb=rgb), mask=mask.astype(bool), method=method)
        return lambda: engine.run(request), lambda: cv2.inpaint(rgb, mask, 5, cv2.INPAINT_TELEA)

    return works


def art(engine: Engine, size: tuple[int, int]) -> tuple[Work, Work]:
    rgb = scene(*size)
    request = StyleRequest(picture=Picture(rgb=rgb), preset=presets(engine, "art")[-1])
    network = TransformNet().eval()

    @torch.inference_mode()
    def baseline() -> np.ndarray:
        x = torch.from_numpy(rgb).permute(2, 0, 1)[None].float().div(127.5).sub(1)
        return network(x)[0].clamp(-1, 1).add(1).mul(127.5).byte().permute(1, 2, 0).numpy()

    return lambda: engine.run(request), baseline


def large_art(engine: Engine, size: tuple[int, int]) -> tuple[Work, Work]:
    """The wide net would need some 30 GB here; the baseline is what classical means offer at this size."""
    rgb = scene(*size)
    request = StyleRequest(picture=Picture(rgb=rgb), preset=presets(engine, "art")[-1])
    palette = scene(512, 512, seed=1)
    return lambda: engine.run(request), lambda: transport(rgb, palette)(rgb)


def look(engine: Engine, size: tuple[int, int]) -> tuple[Work, Work]:
    rgb = scene(*size)
    request = StyleRequest(picture=Picture(rgb=rgb), preset="oil")
    return lambda: engine.run(request), lambda: cv2.stylization(rgb, sigma_s=60, sigma_r=0.45)


def faces(engine: Engine, size: tuple[int, int]) -> tuple[Work, Work]:
    network = WideGenerator().eval()

    @torch.inference_mode()
    def baseline() -> np.ndarray:
        return network(torch.randn(1, 512))[0].clamp(-1, 1).add(1).mul(127.5).byte().permute(1, 2, 0).numpy()

    return lambda: engine.run(FacesRequest(count=1)), baseline


def upscale(engine: Engine, size: tuple[int, int]) -> tuple[Work, Work]:
    rgb = scene(*size, seed=1)
    request = UpscaleRequest(picture=Picture(rgb=rgb), factor=2)

    def baseline() -> np.ndarray:
        return cv2.resize(rgb, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_LANCZOS4)

    return lambda: engine.run(request), baseline


TELEA, TRANSFORM, WIDE = "cv2.inpaint, Telea, radius 5", "transform net 32/64/128", "generator of StyleGAN2's widths"
CASES = (
    Case("faces", (128, 128), WIDE, faces, quick=True),
    Case("upscale", (128, 128), "cv2.resize, Lanczos", upscale, quick=True),
    Case("upscale", (512, 512), "cv2.resize, Lanczos", upscale),
    Case("repair", (512, 512), TELEA, repair, quick=True),
    Case("repair", (1024, 1024), TELEA, repair, quick=True),
    Case("repair", (3000, 2000), TELEA, repair),
    Case("repair", (6000, 4000), TELEA, repair),
    Case("repair worn, net", (6000, 4000), TELEA, worn("net"), rounds=1),
    Case("repair worn, hq", (1024, 1024), TELEA, worn("hq")),
    Case("repair worn, hq", (6000, 4000), TELEA, worn("hq"), rounds=1),
    Case("art", (512, 512), TRANSFORM, art, quick=True),
    Case("art", (1024, 1024), TRANSFORM, art),
    Case("art", (3000, 2000), TRANSFORM, art),
    Case("art", (6000, 4000), "linear colour transfer", large_art),
    Case("look: oil", (512, 512), "cv2.stylization", look),
    Case("look: oil", (1024, 1024), "cv2.stylization", look),
    Case("look: oil", (6000, 4000), "cv2.stylization", look),
)


def find_library(folder: Path) -> tuple[Library, str]:
    """The shipped models, or random networks of the default sizes, put into `folder`; and "shipped" or "random"."""
    shipped = Library(Library.default().shipped, folder)
    if {card.name for card in shipped.cards()} >= set(MODELS):
        return shipped, "shipped"
    library = Library(folder / "none", folder / "random")
    for name in MODELS:
        torch.manual_seed(0)
        family = name.split("-")[0]
        library.publish(name, FAMILIES[family].network(RANDOM[name]), family, RANDOM[name], {})
    return library, "random"


def time_case(index: int, library: Library, quick: bool) -> dict[str, dict[str, float]]:
    """Seconds of case `index` and its baseline; for a process of its own, as is the next."""
    ours, baseline = _works(index, library)
    least, budget = (3, 3.0) if quick else (CASES[index].rounds, 20.0)
    return measure.seconds({"ours": ours, "baseline": baseline}, least=least, budget=budget)


def memory_case(index: int, library: Library, which: int) -> float:
    return measure.peak_megabytes(_works(index, library)[which])


def _works(index: int, library: Library) -> tuple[Work, Work]:
    engine = Engine(library, "cpu")
    cv2.setNumThreads(set_threads())
    for name in MODELS:
        engine.model(name)
    return CASES[index].works(engine, CASES[index].size)

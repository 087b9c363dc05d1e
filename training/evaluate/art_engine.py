"""Figures of painting that no training decides: strength 0, tiles, films without flicker, seconds.

Films are judged on clips whose motion is known: a photo under a moving and zooming camera, another photo's cut-out that
crosses it, and noise. Neither the flow nor the occlusion test of the engine has a part in the judgement.
"""

import statistics
import time
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.motion import Steadier, warp
from studio.engine.painters import NetPainter, Painter
from studio.engine.pixels import tiles
from studio.engine.tasks.style import StyleRequest, painter_of, presets

FRAMES = 12
SIZE = (384, 288)  # width, height of the clips
TILE = 192  # px, of a picture of 512
MOST = 99.0  # dB: no difference at all


def engine_figures(engine: Engine, pictures: Sequence[np.ndarray], model: str) -> dict[str, Any]:
    """Of the model's first presets on the first pictures (uint8 [512, 512, 3]); two of each do."""
    names = [name for name in presets(engine, model) if isinstance(_painter(engine, model, name), NetPainter)][:2]
    near, raw, fits = [], [], []
    for name in names:
        for picture in pictures[:2]:
            near.append(psnr(_whole(engine, _painter(engine, model, name, 1e-4), picture), picture))
            raw.append(psnr(_identity(engine, model, name, picture), picture))
            fits.append(_tiled(engine, _painter(engine, model, name), picture))
    errors = [_warp_errors(engine, model, name, *pair) for name in names for pair in [pictures[:2], pictures[2:4]]]
    frames, steady = (sum(each[i] for each in errors) for i in (0, 1))
    large = [cv2.resize(picture, (1024, 1024), interpolation=cv2.INTER_CUBIC) for picture in pictures[:1]]
    return {
        "strength0_psnr": round(min(near), 2),
        "strength0_psnr_network": round(min(raw), 2),
        "tile_psnr": round(min(fits), 2),
        "warp_error_ratio": round(steady / frames, 4),
        "warp_error_frames": round(frames / len(errors), 3),
        "detail_ratio": round(float(np.mean([each[2] for each in errors])), 4),
        "preset_512_s": _seconds(engine, model, names[0], pictures[0]),
        "preset_1024_s": _seconds(engine, model, names[0], large[0]),
    }


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = float(np.square(a.astype(np.float32) - b).mean())
    return MOST if error == 0 else min(MOST, 10 * float(np.log10(255**2 / error)))


def _painter(engine: Engine, model: str, preset: str, strength: float = 1.0) -> Painter:
    request = StyleRequest(picture=Picture(rgb=np.zeros((1, 1, 3), np.uint8)), preset=preset, model=model)
    painter = painter_of(request, engine)
    if isinstance(painter, NetPainter):
        painter.strength = strength
    return painter


def _whole(engine: Engine, painter: Painter, rgb: np.ndarray, facts: Any = None) -> np.ndarray:
    return painter.paint(rgb, slice(0, rgb.shape[0]), slice(0, rgb.shape[1]), facts)


def _identity(engine: Engine, model: str, preset: str, rgb: np.ndarray) -> np.ndarray:
    """What the network itself makes of a picture at its identity, uncorrected."""

    class Plain(NetPainter):
        def forward(self, x: Any, statistics: Any) -> Any:
            return self.network(x, self.network.mixture(self.weights, 0.0), statistics)

    return _whole(engine, Plain(**vars(_painter(engine, model, preset))), rgb)


def _tiled(engine: Engine, painter: Painter, rgb: np.ndarray) -> float:
    facts, tiled = painter.measure(rgb), np.zeros_like(rgb)
    for window in tiles(rgb.shape[1], rgb.shape[0], TILE):
        tiled[window] = painter.paint(rgb, *window, facts)
    return psnr(_whole(engine, painter, rgb), tiled)


def _seconds(engine: Engine, model: str, preset: str, rgb: np.ndarray) -> float:
    taken = []
    for _ in range(6):
        before = time.perf_counter()
        engine.run(StyleRequest(picture=Picture(rgb=rgb), preset=preset, model=model))
        taken.append(time.perf_counter() - before)
    return round(statistics.median(taken[1:]), 3)


Clip = tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]


def moving(background: np.ndarray, thing: np.ndarray, count: int = FRAMES, size: tuple[int, int] = SIZE) -> Clip:
    """Frames uint8 [H, W, 3]; each one's true motion to the frame before, px [H, W, 2]; where that was seen, bool."""
    width, height = size
    rng = np.random.default_rng(0)
    thing = cv2.resize(thing, (110, 90), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    frames, flows, seen, layers = [], [], [], []
    for t in range(count):
        zoom, cx, cy = 1 + 0.006 * t, background.shape[1] / 2 - 30 + 3.0 * t, background.shape[0] / 2 + 1.3 * t
        below = np.dstack([(x - width / 2) / zoom + cx, (y - height / 2) / zoom + cy]).astype(np.float32)
        above = np.dstack([x - (40 + 5.0 * t), y - (90 + 9 * np.sin(t / 3))]).astype(np.float32)
        inside = np.hypot((above[..., 0] - 55) / 54, (above[..., 1] - 45) / 44) < 1
        frame = np.where(
            inside[..., None],
            cv2.remap(thing, above[..., 0], above[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101),
            cv2.remap(background, below[..., 0], below[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101),
        )
        frames.append((frame + rng.normal(0, 3, frame.shape)).clip(0, 255).astype(np.uint8))
        layers.append((inside, zoom, cx, cy, 40 + 5.0 * t, 90 + 9 * np.sin(t / 3)))
        if t:
            was, zoom0, cx0, cy0, left0, top0 = layers[t - 1]
            behind = np.dstack([(below[..., 0] - cx0) * zoom0 + width / 2, (below[..., 1] - cy0) * zoom0 + height / 2])
            there = np.where(inside[..., None], np.dstack([above[..., 0] + left0, above[..., 1] + top0]), behind)
            flow = (there - np.dstack([x, y])).astype(np.float32)
            same = warp(was.astype(np.float32), flow, cv2.INTER_NEAREST) == inside
            on = (there >= 0).all(-1) & (there[..., 0] < width - 1) & (there[..., 1] < height - 1)
            flows.append(flow)
            seen.append(same & on)
    return frames, flows, seen


def warp_error(made: Sequence[np.ndarray], flows: Sequence[np.ndarray], seen: Sequence[np.ndarray]) -> float:
    """Root mean square difference, in levels, to the moved frame before, where that was seen."""
    total = [
        np.square(now.astype(np.float32) - warp(before, flow).astype(np.float32))[mask].mean()
        for before, now, flow, mask in zip(made, made[1:], flows, seen, strict=False)
    ]
    return float(np.sqrt(np.mean(total)))


def _warp_errors(
    engine: Engine, model: str, preset: str, background: np.ndarray, thing: np.ndarray
) -> tuple[float, float, float]:
    """Frame by frame; held steady; and how much fine detail the steady film keeps of the other's."""
    frames, flows, seen = moving(background, thing)
    painter = _painter(engine, model, preset)
    alone = [_whole(engine, painter, frame) for frame in frames]
    steadier = Steadier(painter)
    steady = [steadier.paint(frame) for frame in frames]
    sharp = [np.mean([cv2.Laplacian(f, cv2.CV_32F).std() for f in film[2:]]) for film in (alone, steady)]
    return warp_error(alone, flows, seen), warp_error(steady, flows, seen), float(sharp[1] / sharp[0])

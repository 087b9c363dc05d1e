"""The codec beside JPEG (Pillow, optimised) and WebP on photos: rate saved at equal PSNR, and time."""

import time
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from studio.core.image import resize
from studio.core.likeness import psnr
from studio.core.progress import TaskControl
from studio.engine.codec.coder import decode, encode
from studio.engine.codec.container import QUALITIES
from studio.engine.codec.fit import STEPS
from studio.engine.codec.rivals import coded
from studio.library.store import Library
from studio.models.codec import Codec
from training.data import Pictures

RATES = 0.15, 1.0  # bits per pixel between which rates are compared
RIVAL_QUALITIES = (3, 6, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 95)
SIZE = 768, 512
Curve = list[tuple[float, float]]  # (bits per pixel, PSNR in dB)


def bd_rate(curve: Curve, anchor: Curve) -> float:
    """Mean difference of rate in % at equal PSNR, negative where `curve` needs less (Bjontegaard, 2001).

    The logarithm of the rate is interpolated between the measured points, over the PSNRs that both have within RATES;
    nan when there are none.
    """
    lines = []
    for points in (curve, anchor):
        rates, values = np.array(sorted(points)).T
        ends = np.interp(np.log(RATES), np.log(rates), values)
        lines.append((values, np.log(rates), *ends))
    low, high = max(line[2] for line in lines), min(line[3] for line in lines)
    if low >= high:
        return float("nan")
    at = np.linspace(low, high, 200)
    ours, theirs = (np.interp(at, np.maximum.accumulate(values), rates) for values, rates, *_ in lines)
    return float(100 * np.expm1((ours - theirs).mean()))


def curves(net: Codec, rgb: np.ndarray) -> dict[str, Curve]:
    """Rate and PSNR of a photo, uint8 [H, W, 3], by the codec, fitted or not, and its rivals at all qualities."""
    height, width = rgb.shape[:2]
    found: dict[str, Curve] = {"codec": [], "unfitted": [], "JPEG": [], "WEBP": []}
    for level in range(QUALITIES[1] - QUALITIES[0] + 1):
        for name, steps in (("codec", STEPS), ("unfitted", 0)):
            data = encode(net, rgb, level, TaskControl(), steps)
            made = decode(net, data, width, height, level, TaskControl())
            found[name].append((8 * len(data) / (width * height), psnr(rgb, made)))
    for kind in ("JPEG", "WEBP"):
        for quality in RIVAL_QUALITIES:
            rival = coded(rgb, kind, quality)
            found[kind].append((8 * rival.size / (width * height), psnr(rgb, rival.rgb)))
    return found


@torch.no_grad()
def evaluate_codec(library: Library, values: Namespace) -> dict[str, Any]:
    """BD-rates in % averaged over the pictures, seconds for a photo of SIZE, and the codec's own curve.

    Photos are brought to a long side of 768 px, as Kodak's are, so that rates compare with the field's.
    """
    net = library.load(values.name)
    assert isinstance(net, Codec)
    found = []
    photos = [at_size(rgb, SIZE[0]) for rgb in Pictures.read(values.data, smallest=64, side=4096).arrays]
    for rgb in photos:
        found.append(curves(net, rgb))
    table = [np.mean([each["codec"][level] for each in found], axis=0) for level in range(len(found[0]["codec"]))]
    return {
        "pictures": len(photos),
        **{
            f"bd_rate_{name.lower()}": mean(bd_rate(each["codec"], each[name]) for each in found)
            for name in ("JPEG", "WEBP", "unfitted")
        },
        **seconds(net, resize(photos[0], SIZE)),
        "bpp_psnr": [[round(float(number), 3) for number in row] for row in table],
    }


def at_size(rgb: np.ndarray, side: int) -> np.ndarray:
    """A photo whose long side is at most `side` px."""
    scale = min(1.0, side / max(rgb.shape[:2]))
    return resize(rgb, (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))) if scale < 1 else rgb


def seconds(net: Codec, rgb: np.ndarray, level: int = 4) -> dict[str, float]:
    """The shortest of three times each way."""
    times: dict[str, list[float]] = {"encode_s": [], "decode_s": []}
    for _ in range(3):
        started = time.perf_counter()
        data = encode(net, rgb, level, TaskControl())
        between = time.perf_counter()
        decode(net, data, rgb.shape[1], rgb.shape[0], level, TaskControl())
        times["encode_s"].append(between - started)
        times["decode_s"].append(time.perf_counter() - between)
    return {key: round(min(found), 3) for key, found in times.items()}


def mean(numbers: Iterable[float]) -> float | None:
    """Of those that are numbers, rounded; None when none is."""
    known = [number for number in numbers if not np.isnan(number)]
    return round(float(np.mean(known)), 2) if known else None

"""Repair as users get it, through the engine, beside OpenCV's Telea on the same pictures and masks."""

import time
from argparse import Namespace
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import torch

from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.patchmatch import patch_fill
from studio.engine.tasks.repair import RepairRequest
from studio.library.store import Library
from training.data import Pictures, random_crop
from training.evaluate.restore import measure_restoration
from training.masks import scratches, thick_mask
from training.metrics import detail_ratio, patch_swd, psnr

SIZE = 512
CROPS = 3  # a picture
SCORES = ("hole_psnr", "patch_swd", "detail_ratio", "seam", "seconds")
SHARES = {"thick": (0.14, 0.18), "thin": (0.035, 0.045)}


def mask_of(kind: str, rng: np.random.Generator) -> np.ndarray:
    """bool [SIZE, SIZE]: masks of the training's own kinds joined until their share is right."""
    low, high = SHARES[kind]
    while True:
        mask = np.zeros((SIZE, SIZE), bool)
        while mask.mean() < low:
            if kind == "thin":
                mask |= scratches(SIZE, rng).astype(bool)
            else:
                mask |= thick_mask(SIZE, rng).astype(bool)
        if mask.mean() <= high:
            return mask


def seam(made: np.ndarray, real: np.ndarray, mask: np.ndarray) -> float:
    """Mean gradient across the hole's edge, over that of the original there: 1 is neither an edge nor a smear."""
    ring = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)) > 0

    def steepness(picture: np.ndarray) -> float:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
        return float(np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))[ring].mean())

    return steepness(made) / max(steepness(real), 1e-6)


def telea(crop: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return cv2.inpaint(crop, mask.astype(np.uint8), 5, cv2.INPAINT_TELEA)


def patchmatch(crop: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """What high quality makes of Telea's filling, without the network."""
    hidden = np.zeros_like(mask)
    with torch.inference_mode():
        return patch_fill(telea(crop, mask), mask, hidden, torch.device("cpu"), lambda share, now: None)


def evaluate_repair(library: Library, values: Namespace) -> dict[str, Any]:
    """Over 512 px crops of pictures never trained on: hole PSNR (dB), patch-SWD, detail ratio, seams, seconds."""
    engine = Engine(library, device="cpu")

    def ours(method: str) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
        def fill(crop: np.ndarray, mask: np.ndarray) -> np.ndarray:
            request = RepairRequest(picture=Picture(rgb=crop), mask=mask, method=method, model=values.name)
            return engine.run(request).picture.rgb

        return fill

    methods = {
        "thin": {"auto": ours("auto"), "telea": telea},
        "thick": {"net": ours("net"), "telea": telea, "hq": ours("hq"), "patchmatch": patchmatch},
    }
    arrays = Pictures.read(values.data, smallest=SIZE, side=1024).arrays
    rows: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    outside = 0
    for kind in SHARES:
        rng = np.random.default_rng(0)
        for array in arrays:
            for _ in range(CROPS):
                crop, mask = np.ascontiguousarray(random_crop(array, SIZE, rng)), mask_of(kind, rng)
                for name, fill in methods[kind].items():
                    began = time.perf_counter()
                    made = fill(crop, mask)
                    seconds = time.perf_counter() - began
                    outside = max(outside, int(np.abs(made.astype(int) - crop)[~mask].max()))
                    scores = psnr(made, crop, mask), patch_swd(made, crop, mask), detail_ratio(made, crop, mask)
                    rows.setdefault((kind, name), []).append((*scores, seam(made, crop, mask), seconds))
    means = {key: dict(zip(SCORES, np.mean(found, axis=0), strict=True)) for key, found in rows.items()}
    medians = {key: dict(zip(SCORES, np.median(found, axis=0), strict=True)) for key, found in rows.items()}
    plain = means["thick", "telea"]["patch_swd"]
    figures = {
        "thin_gain_db": means["thin", "auto"]["hole_psnr"] - means["thin", "telea"]["hole_psnr"],
        "thick_swd_ratio": means["thick", "net"]["patch_swd"] / plain,
        "thick_swd_ratio_hq": means["thick", "hq"]["patch_swd"] / plain,
        "thick_swd_ratio_patchmatch": means["thick", "patchmatch"]["patch_swd"] / plain,
        "thick_detail": medians["thick", "net"]["detail_ratio"],  # a hole in the sky has next to no detail to share
        "thick_detail_hq": medians["thick", "hq"]["detail_ratio"],
        "thick_detail_telea": medians["thick", "telea"]["detail_ratio"],
        "seam_ratio": medians["thick", "net"]["seam"],
        "seam_ratio_hq": medians["thick", "hq"]["seam"],
        "net_512_s": medians["thick", "net"]["seconds"],
        "hq_512_s": medians["thick", "hq"]["seconds"],
    }
    figures |= {f"{kind}_{name}_{key}": means[kind, name][key] for kind, name in rows for key in SCORES[:2]}
    rounded = {key: round(float(value), 4) for key, value in figures.items()}
    rounded |= measure_restoration(engine, arrays, values.set14)
    return {"pictures": len(arrays), "crops": len(arrays) * CROPS, "size": SIZE, "outside_diff": outside, **rounded}

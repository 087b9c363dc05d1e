"""Repair as users get it, through the engine, beside OpenCV's Telea on the same pictures and masks."""

from argparse import Namespace
from typing import Any

import cv2
import numpy as np

from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.tasks.repair import RepairRequest
from studio.library.store import Library
from training.data import Pictures, random_crop
from training.masks import scratches, thick_mask
from training.metrics import detail_ratio, patch_swd, psnr

SIZE = 512
CROPS = 3  # a picture
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


def evaluate_repair(library: Library, values: Namespace) -> dict[str, Any]:
    """Mean hole PSNR (dB), patch-SWD and detail ratio over 512 px crops of pictures never trained on."""
    engine = Engine(library, device="cpu")
    arrays = Pictures.read(values.data, smallest=SIZE, side=1024).arrays
    figures: dict[str, Any] = {"pictures": len(arrays), "crops": len(arrays) * CROPS, "size": SIZE}
    for kind in SHARES:
        rng = np.random.default_rng(0)
        rows: dict[str, list[tuple[float, float, float]]] = {"net": [], "telea": []}
        for array in arrays:
            for _ in range(CROPS):
                crop, mask = np.ascontiguousarray(random_crop(array, SIZE, rng)), mask_of(kind, rng)
                request = RepairRequest(picture=Picture(rgb=crop), mask=mask, method="net", model=values.name)
                made = {
                    "net": engine.run(request).picture.rgb,
                    "telea": cv2.inpaint(crop, mask.astype(np.uint8), 5, cv2.INPAINT_TELEA),
                }
                for name, result in made.items():
                    scores = psnr(result, crop, mask), patch_swd(result, crop, mask), detail_ratio(result, crop, mask)
                    rows[name].append(scores)
        for name, scores in rows.items():
            means = np.mean(scores, axis=0)
            for key, value in zip(("hole_psnr", "patch_swd", "detail_ratio"), means, strict=True):
                figures[f"{kind}_{key}_{name}"] = round(float(value), 4)
    figures["thick_patch_swd_ratio"] = round(figures["thick_patch_swd_net"] / figures["thick_patch_swd_telea"], 4)
    return figures

"""How well faces obey: landmarks asked for, points dragged, sliders, words, and faces found again."""

# ruff: noqa: RUF001 (Chinese has its own commas)

import time
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.engine.engine import Engine
from studio.engine.steering.invert import encode, invert, tuned
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.landmarks import LandmarksRequest, LandmarksResult
from studio.models.face_gan import FaceGAN
from studio.models.refiner import Refiner
from studio.models.sliders import Sliders
from training.attributes import FaceFeatures, Judge, learn_judge
from training.data import to_pixels, to_tensor

PULLED = (61, 291, 33, 263, 1, 152, 105, 334)  # mesh points that are dragged: mouth, eyes, nose, chin, brows
FAR, ARRIVED = 10.0, 3.0  # px of a 128 px face
PUSH = 2.0  # deviations of a slider when its side effects are measured
PROMPTS = (
    ("smiling woman", {"smile": 1, "female": 1}),
    ("serious older man", {"smile": -1, "age": 1, "female": -1}),
    ("young woman with glasses, dark background", {"age": -1, "female": 1, "glasses": 1, "bg_l": -1}),
    ("man with a beard, blonde, light background", {"female": -1, "facial_hair": 1, "hair_l": 1, "bg_l": 1}),
    ("微笑的年轻男人，深色背景", {"smile": 1, "age": -1, "female": -1, "bg_l": -1}),
    ("严肃的老年女人，浅色背景", {"smile": -1, "age": 1, "female": 1, "bg_l": 1}),
)


def text_of(found: LandmarksResult, size: int) -> str:
    """What `FacesRequest.landmarks` takes to ask for these features."""
    f = found.features
    (a, b), (c, d) = f["left_eye"], f["right_eye"]  # pyright: ignore
    mouth = f"{f['mouth_width']:.2f}x{f['mouth_height']:.2f}"
    return f"left_eye={a:.2f},{b:.2f} right_eye={c:.2f},{d:.2f} nose={f['nose']:.2f} mouth={mouth} size={size}"


def measure_requests(engine: Engine, model: str, faces: Sequence[np.ndarray]) -> dict[str, float]:
    """Mean and worst miss, in px at 128, of made faces asked for the features of real `faces`, uint8 of one size."""
    errors = []
    for seed, face in enumerate(faces):
        found = engine.run(LandmarksRequest(picture=Picture(rgb=face)))
        request = FacesRequest(count=1, seed=seed, landmarks=text_of(found, len(face)), model=model)
        (made,) = engine.run(request).faces
        errors.append(np.mean(list(made.missed.values())) * 128 / made.picture.width)
    return {
        "landmark_request_error_px": round(float(np.mean(errors)), 3),
        "landmark_request_error_px_worst": round(float(max(errors)), 3),
    }


def measure_drags(engine: Engine, model: str, count: int) -> dict[str, float]:
    """Share of drags of FAR px that end within ARRIVED px, by the landmark net and by optical flow.

    The net guides the drags too; the flow between the two pictures is the independent witness, if a blunter one.
    """
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    rng = np.random.default_rng(0)
    left, seen, steps = [], [], []
    for seed in range(count):
        (face,) = engine.run(FacesRequest(count=1, seed=seed, model=model)).faces
        before = engine.run(LandmarksRequest(picture=face.picture))
        unit = face.picture.width / 128
        index = before.mesh.index(PULLED[seed % len(PULLED)])
        start, angle = before.points[index], rng.uniform(0, 2 * np.pi)
        goal = np.clip(start + FAR * unit * np.array([np.cos(angle), np.sin(angle)]), 0, face.picture.width)
        drag = f"{start[0]:.1f},{start[1]:.1f}>{goal[0]:.1f},{goal[1]:.1f}"
        began = time.perf_counter()
        (moved,) = engine.run(FacesRequest(count=1, seed=seed, drag=drag, model=model)).faces
        steps.append(time.perf_counter() - began)
        after = engine.run(LandmarksRequest(picture=moved.picture)).points[index]
        left.append(float(np.linalg.norm(after - goal)) / unit)
        greys = [cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2GRAY) for picture in (face.picture, moved.picture)]
        moves = flow.calc(greys[0], greys[1], None)  # pyright: ignore
        there = start + moves[int(start[1]), int(start[0])]
        seen.append(float(np.linalg.norm(there - goal)) / unit)
    return {
        "drag_success": round(float(np.mean(np.array(left) <= ARRIVED)), 4),
        "drag_left_px": round(float(np.median(left)), 3),
        "drag_left_px_by_flow": round(float(np.median(seen)), 3),
        "drag_seconds": round(float(np.median(steps)), 3),
    }


def measure_inversion(
    network: FaceGAN,
    refiner: Refiner,
    faces: Sequence[np.ndarray],
    count: int,
    steps: int = 120,
    tuning: int = 100,
) -> dict[str, float]:
    """Mean PSNR in dB of real faces as the encoder draws them all, and as the search and a tuned copy draw `count`.

    The encoder's is that with the refiner's passes, beside its first guess alone. What is searched is spread evenly
    over `faces`, as their sources come one after the other; the seconds are of all that is done to one.
    """

    def psnr(net: FaceGAN, code: Tensor, face: Tensor) -> float:
        made = torch.from_numpy(to_pixels(net.generator.synthesize(code[None]))).float()
        real = torch.from_numpy(to_pixels(face)).float()
        return float(10 * torch.log10(255**2 / (made - real).square().mean()))

    searched = set(np.linspace(0, len(faces) - 1, count).round().astype(int).tolist())
    guesses, rows = [], []
    with torch.inference_mode():
        for index, face in enumerate(faces):
            x, began = to_tensor([face]), time.perf_counter()
            code = encode(network, refiner, x)
            encoding = time.perf_counter() - began
            guesses.append([psnr(network, network.code(x)[0], x), psnr(network, code, x), encoding])
            if index not in searched:
                continue
            began = time.perf_counter()
            code = invert(network, refiner, x, steps, TaskControl())
            net = tuned(network, code, x, tuning, TaskControl())
            seconds = time.perf_counter() - began
            rows.append([psnr(network, code, x), psnr(net, code, x), seconds])
    names = ("encoder_psnr_first", "encoder_psnr", "encoder_seconds")
    names += ("optimised_psnr", "tuned_psnr", "inversion_seconds")
    means = (*np.mean(guesses, axis=0), *np.mean(rows, axis=0))
    return {name: round(float(value), 3) for name, value in zip(names, means, strict=True)}


def measure_speed(engine: Engine, model: str, count: int = 60) -> dict[str, float]:
    seconds = []
    for seed in range(count):
        began = time.perf_counter()
        engine.run(FacesRequest(count=1, seed=seed, model=model))
        seconds.append(time.perf_counter() - began)
    return {"face_ms_p95": round(1000 * float(np.quantile(seconds[5:], 0.95)), 2)}


class Jury:
    """Attributes of pictures, by a judge learned from labelled real faces."""

    def __init__(self, features: FaceFeatures, faces: Sequence[np.ndarray], values: np.ndarray) -> None:
        self.features = features
        found = [self.features(to_tensor(faces[i : i + 32])) for i in range(0, len(faces), 32)]
        self.judge: Judge = learn_judge(torch.cat(found).numpy(), values, self.features.parts, self.features.groups)

    def __call__(self, engine: Engine, requests: Sequence[FacesRequest]) -> np.ndarray:
        """[N, K] of the first face of each request."""
        pictures = [engine.run(request).faces[0].picture.rgb for request in requests]
        return self.judge(self.features(to_tensor(pictures))).numpy()


def measure_sliders(engine: Engine, model: str, sliders: Sliders, jury: Jury, names: Sequence[str]) -> dict[str, Any]:
    """The least AUC, and the most that a slider moves another attribute beside its own."""
    seeds = range(48)  # of fewer, the attributes' deviations are chance
    plain = jury(engine, [FacesRequest(count=1, seed=s, model=model) for s in seeds])
    leaks, moves = {}, {}
    own = [names.index(name) for name in sliders.config.names]
    for name, index in zip(sliders.config.names, own, strict=True):
        sides = [
            jury(engine, [FacesRequest(count=1, seed=s, sliders=f"{name}={push}", model=model) for s in seeds])
            for push in (PUSH, -PUSH)
        ]
        change = np.abs((sides[0] - sides[1]).mean(0)) / plain.std(0).clip(1e-6)
        moves[name] = round(float((sides[0] - sides[1]).mean(0)[index]), 3)
        others = [change[other] for other in own if other != index]
        leaks[name] = round(float(max(others, default=0) / max(change[index], 1e-6)), 3)
    return {"slider_auc_min": min(sliders.config.auc), "slider_moves": moves, "slider_leaks": leaks}


def measure_prompts(engine: Engine, model: str, jury: Jury, names: Sequence[str]) -> dict[str, float]:
    """Share of what prompts ask that made faces show, against the same faces without a prompt."""
    seeds = range(8)
    plain = jury(engine, [FacesRequest(count=1, seed=seed, model=model) for seed in seeds])
    middle = plain.mean(0)
    hits: dict[str, list[bool]] = {"prompt_agreement": [], "prompt_agreement_without": []}
    for prompt, asked in PROMPTS:
        made = jury(engine, [FacesRequest(count=1, seed=seed, prompt=prompt, model=model) for seed in seeds])
        for name, sign in asked.items():
            if name in names:
                index = names.index(name)
                hits["prompt_agreement"] += list((made[:, index] - middle[index]) * sign > 0)
                hits["prompt_agreement_without"] += list((plain[:, index] - middle[index]) * sign > 0)
    return {key: round(float(np.mean(values)), 4) for key, values in hits.items()}

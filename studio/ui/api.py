"""Named endpoints for gradio_client: the same Requests as the tabs build.

client.predict(count=4, seed=1, api_name="/faces")
"""

import dataclasses
from collections.abc import Callable
from typing import Any

import gradio as gr

from studio.core.image import Picture, read_mask, read_picture, write_picture
from studio.core.provenance import DigitalSource
from studio.core.video import write_video
from studio.engine.tasks.base import Request
from studio.engine.tasks.enhance import EnhanceRequest
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.portrait import PortraitRequest
from studio.engine.tasks.repair import RepairRequest
from studio.engine.tasks.style import StyleRequest
from studio.engine.tasks.upscale import UpscaleRequest
from studio.engine.tasks.walk import WalkRequest
from studio.jobs.store import Job
from studio.ui.context import Studio
from studio.ui.events import spoken
from studio.ui.face_files import write_face
from studio.ui.training_form import EFFORTS, RECIPES, submit


def build(studio: Studio) -> None:
    """Add the endpoints; nothing of them is seen on the page."""
    _add_faces(studio)
    _add_pictures(studio)
    _add_training(studio)


def _add_faces(studio: Studio) -> None:
    def faces(
        count: float,
        seed: float,
        variety: float,
        tries: float,
        code: str,
        other: str,
        share: float,
        mix: str,
        prompt: str,
        sliders: str,
        landmarks: str,
        drag: str,
        movable: str,
        enlarge: float,
        model: str,
    ) -> list[str]:
        request = FacesRequest(**_settings(FacesRequest, locals()))
        folder = studio.new_folder()
        return [str(write_face(face, folder).file) for face in studio.engine.run(request).faces]

    def walk(
        faces: str, seconds: float, fps: float, easing: str, one_way: bool, variety: float, enlarge: float, model: str
    ) -> str:
        request = WalkRequest(**_settings(WalkRequest, locals()))
        film = studio.engine.run(request)
        path = studio.new_folder() / "walk.mp4"
        source = DigitalSource.GENERATED
        return str(write_video(path, film.frames, film.fps, settings=film.settings, source=source))

    settings = _inputs(WalkRequest, "faces", "seconds", "fps", "easing", "one_way", "variety", "enlarge", "model")
    _endpoint(walk, settings, gr.File(label="film", visible=False))
    many = gr.File(label="faces", file_count="multiple", visible=False)
    steering = ("code", "other", "share", "mix", "prompt", "sliders", "landmarks", "drag", "movable")
    _endpoint(faces, _inputs(FacesRequest, "count", "seed", "variety", "tries", *steering, "enlarge", "model"), many)


def _add_pictures(studio: Studio) -> None:
    def repair(picture: str, mask: str, method: str, grow: float, feather: float, seed: float, model: str) -> str:
        found = read_picture(picture)
        request = RepairRequest(
            picture=found,
            mask=read_mask(mask, found.size),
            method=method,
            grow=int(grow),
            feather=int(feather),
            seed=int(seed),
            model=model,
        )
        return _written(studio, studio.engine.run(request).picture)

    def enhance(picture: str, balance: float, denoise: float, deblur: float, contrast: str, amount: float) -> str:
        request = EnhanceRequest(picture=read_picture(picture), **_settings(EnhanceRequest, locals()))
        return _written(studio, studio.engine.run(request).picture)

    settings = _inputs(EnhanceRequest, "balance", "denoise", "deblur", "contrast", "amount")
    _endpoint(enhance, [_file("picture"), *settings], gr.File(label="picture", visible=False))

    def style(picture: str, preset: str, strength: float, keep_colours: bool, model: str) -> str:
        request = StyleRequest(
            picture=read_picture(picture), preset=preset, strength=strength, keep_colours=keep_colours, model=model
        )
        return _written(studio, studio.engine.run(request).picture)

    def portrait(
        picture: str,
        which: float,
        steps: float,
        tune: float,
        other: str,
        share: float,
        mix: str,
        prompt: str,
        sliders: str,
        landmarks: str,
        drag: str,
        movable: str,
        model: str,
    ) -> str:
        request = PortraitRequest(picture=read_picture(picture), **_settings(PortraitRequest, locals()))
        return _written(studio, studio.engine.run(request).picture)

    def upscale(picture: str, factor: float, model: str) -> str:
        request = UpscaleRequest(picture=read_picture(picture), factor=int(factor), model=model)
        return _written(studio, studio.engine.run(request).picture)

    settings = _inputs(UpscaleRequest, "factor", "model")
    _endpoint(upscale, [_file("picture"), *settings], gr.File(label="picture", visible=False))
    steering = ("other", "share", "mix", "prompt", "sliders", "landmarks", "drag", "movable")
    settings = _inputs(PortraitRequest, "which", "steps", "tune", *steering, "model")
    _endpoint(portrait, [_file("picture"), *settings], gr.File(label="picture", visible=False))
    one = gr.File(label="picture", visible=False)
    settings = _inputs(RepairRequest, "method", "grow", "feather", "seed", "model")
    _endpoint(repair, [_file("picture"), _file("mask"), *settings], one)
    settings = _inputs(StyleRequest, "preset", "strength", "keep_colours", "model")
    _endpoint(style, [_file("picture"), *settings], gr.File(label="picture", visible=False))


def _add_training(studio: Studio) -> None:
    def train(recipe: str, files: list[str] | None, folder: str, name: str, effort: str) -> dict[str, Any]:
        return job_facts(submit(studio, recipe, files=files or [], folder=folder, name=name, effort=effort))

    def jobs() -> list[dict[str, Any]]:
        return [job_facts(job) for job in studio.store.list()]

    form = [
        gr.Textbox(RECIPES[0], label="recipe", visible=False),
        gr.File(label="files", file_count="multiple", visible=False),
        gr.Textbox("", label="folder", visible=False),
        gr.Textbox("", label="name", visible=False),
        gr.Textbox(EFFORTS[0], label="effort", visible=False),
    ]
    _endpoint(train, form, gr.JSON(label="job", visible=False))
    _endpoint(jobs, [], gr.JSON(label="jobs", visible=False))


def job_facts(job: Job) -> dict[str, Any]:
    """A job as JSON, without what is only the worker's business."""
    keys = ("id", "recipe", "name", "state", "step", "total", "seconds", "message", "error", "model", "created")
    return {key: getattr(job, key) for key in keys} | {"remaining": job.remaining}


def _endpoint(function: Callable[..., Any], inputs: list[Any], output: Any) -> None:
    """Make `function` callable under its name; its parameters name the endpoint's."""
    trigger = gr.Button(visible=False)
    options: dict[str, Any] = {"concurrency_id": "engine", "concurrency_limit": 8}
    trigger.click(spoken(function), inputs, output, api_name=function.__name__, **options)


def _settings(request: type[Request[Any]], given: dict[str, Any]) -> dict[str, Any]:
    """The Request's settings among an endpoint's arguments, whole numbers as such: JSON has one kind of number."""
    known = {item.name: item.default for item in request.explained() if item.name in given}
    return {
        name: type(default)(given[name]) if type(default) is int else given[name] for name, default in known.items()
    }


def _file(label: str) -> gr.File:
    return gr.File(label=label, visible=False)


def _inputs(request: type[Request[Any]], *names: str) -> list[Any]:
    """Hidden inputs with the defaults of the Request's settings."""
    found = {item.name: item.default for item in dataclasses.fields(request)}
    return [_input(name, "" if found[name] is dataclasses.MISSING else found[name]) for name in names]


def _input(name: str, default: Any) -> Any:
    if isinstance(default, bool):
        return gr.Checkbox(default, label=name, visible=False)
    if isinstance(default, int | float):
        return gr.Number(default, label=name, visible=False)
    return gr.Textbox(default, label=name, visible=False)


def _written(studio: Studio, picture: Picture) -> str:
    return str(write_picture(studio.new_folder() / "result.png", picture, source=None))

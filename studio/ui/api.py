"""Named endpoints for gradio_client: the same Requests as the tabs build.

client.predict(count=4, seed=1, api_name="/faces")
"""

import dataclasses
import inspect
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gradio as gr

from studio.core.archive import zip_files
from studio.core.errors import StudioError
from studio.engine.requests import request_from
from studio.engine.tasks import TASKS, texture, texture_maps
from studio.engine.tasks.base import Request, save_picture
from studio.engine.tasks.compare import CompareRequest
from studio.engine.tasks.compose import ComposeRequest
from studio.engine.tasks.compress import CompressRequest, CompressResult
from studio.engine.tasks.compress import save as save_compressed
from studio.engine.tasks.curate import told
from studio.engine.tasks.damage import DamageRequest
from studio.engine.tasks.enhance import EnhanceRequest
from studio.engine.tasks.expand import ExpandRequest
from studio.engine.tasks.explain import ExplainRequest, ExplainResult
from studio.engine.tasks.explain import told as origin_told
from studio.engine.tasks.faces import FacesRequest, FacesResult
from studio.engine.tasks.film import FilmRequest, FilmResult
from studio.engine.tasks.film import save as save_painted
from studio.engine.tasks.oldphoto import OldPhotoRequest
from studio.engine.tasks.outpaint import OutpaintRequest
from studio.engine.tasks.portrait import PortraitRequest
from studio.engine.tasks.props import PropsRequest
from studio.engine.tasks.repair import RepairRequest
from studio.engine.tasks.slider import SliderRequest, SliderResult, keep_slider
from studio.engine.tasks.sprites_pack import SpritesPackRequest
from studio.engine.tasks.sprites_style import SpritesStyleRequest
from studio.engine.tasks.sprites_unpack import SpritesUnpackRequest
from studio.engine.tasks.style import StyleRequest
from studio.engine.tasks.texture import TextureRequest
from studio.engine.tasks.texture_example import TextureExampleRequest
from studio.engine.tasks.texture_maps import TextureMapsRequest, TextureMapsResult
from studio.engine.tasks.texture_seamless import TextureSeamlessRequest
from studio.engine.tasks.upscale import UpscaleRequest
from studio.engine.tasks.walk import WalkRequest, WalkResult
from studio.engine.tasks.walk import save as save_film
from studio.jobs.store import Job
from studio.ui import model_api
from studio.ui.context import Studio, asking_user
from studio.ui.events import spoken
from studio.ui.face_files import write_face
from studio.ui.training_data import check_pictures
from studio.ui.training_form import EFFORTS, RECIPES, submit

ADDRESS = "/endpoints"  # of what lists them
OTHERS = ("train", "check", "jobs", "history", *model_api.NAMES)  # endpoints that are no task's
MANY = ("regions", "sprites")  # fields that take several files


@dataclass(frozen=True)
class Endpoint:
    """A Request as an endpoint: its files come first, then its settings. `answer` makes of the result a path, paths or
    facts, as `output` says."""

    request: type[Request[Any]]
    answer: Callable[[Studio, Any], Any]
    files: tuple[str, ...] = ("picture",)
    output: Literal["file", "files", "facts"] = "file"

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.files, *(item.name for item in self.request.explained()))

    def asked(self, given: dict[str, Any]) -> Request[Any]:
        """The Request of an endpoint's arguments."""
        files = {name: given[name] for name in self.files}
        return request_from(self.request, files, {item.name: given[item.name] for item in self.request.explained()})


def _picture(studio: Studio, done: Any) -> str:
    return str(save_picture(done, studio.new_folder() / "result.png")[0])


def _faces(studio: Studio, done: FacesResult) -> list[str]:
    folder = studio.new_folder()
    return [str(write_face(face, folder).file) for face in done.faces]


def _film(studio: Studio, done: WalkResult) -> str:
    return str(save_film(done, studio.new_folder() / "walk.mp4")[0])


def _painted_film(studio: Studio, done: FilmResult) -> str:
    return str(save_painted(done, studio.new_folder() / "film.mp4")[0])


def _origin(studio: Studio, done: ExplainResult) -> dict[str, Any]:
    return origin_told(done)


def _slider(studio: Studio, done: SliderResult) -> dict[str, Any]:
    return {"slider": done.settings["name"], "auc": done.auc, "model": keep_slider(studio.library, done)}


def _files(studio: Studio, done: Any) -> list[str]:
    """A texture and its maps (16-bit heights, normals), or the maps alone."""
    path = studio.new_folder() / "texture.png"
    files = texture_maps.save(done, path) if isinstance(done, TextureMapsResult) else texture.save(done, path)
    return [str(file) for file in files]


def _compressed(studio: Studio, done: CompressResult) -> str:
    return str(save_compressed(done, studio.new_folder() / (done.picture.name or "picture"))[0])


def _sheet(studio: Studio, done: Any) -> list[str]:
    """A sheet and its JSON, then what else there is."""
    return [str(file) for file in _saved(done, studio.new_folder() / "sheet.png")]


def _zipped(studio: Studio, done: Any) -> str:
    """Many sprites, under their names."""
    folder = studio.new_folder()
    return str(zip_files(folder / "sprites.zip", _saved(done, folder / "sprites.png"), folder / "sprites"))


def _saved(done: Any, path: Path) -> list[Path]:
    save = TASKS[done.settings["task"]].save
    assert save is not None
    return save(done, path)


ENDPOINTS: dict[str, Endpoint] = {
    "faces": Endpoint(FacesRequest, _faces, files=(), output="files"),
    "explain": Endpoint(ExplainRequest, _origin, files=(), output="facts"),
    "slider": Endpoint(SliderRequest, _slider, files=(), output="facts"),
    "walk": Endpoint(WalkRequest, _film, files=()),
    "compare": Endpoint(CompareRequest, _sheet, files=(), output="files"),
    "compare_photo": Endpoint(CompareRequest, _sheet, output="files"),
    "portrait": Endpoint(PortraitRequest, _picture),
    "upscale": Endpoint(UpscaleRequest, _picture),
    "repair": Endpoint(RepairRequest, _picture, files=("picture", "mask")),
    "outpaint": Endpoint(OutpaintRequest, _picture),
    "compose": Endpoint(ComposeRequest, _picture, files=("picture", "cutout")),
    "enhance": Endpoint(EnhanceRequest, _picture),
    "damage": Endpoint(DamageRequest, _picture),
    "oldphoto": Endpoint(OldPhotoRequest, _picture),
    "texture": Endpoint(TextureRequest, _files, files=(), output="files"),
    "texture_example": Endpoint(TextureExampleRequest, _files, output="files"),
    "texture_seamless": Endpoint(TextureSeamlessRequest, _files, output="files"),
    "texture_maps": Endpoint(TextureMapsRequest, _files, output="files"),
    "style": Endpoint(StyleRequest, _picture),
    "style_like": Endpoint(StyleRequest, _picture, files=("picture", "style_picture")),
    "film": Endpoint(FilmRequest, _painted_film, files=("video",)),
    "sprites_style": Endpoint(SpritesStyleRequest, _zipped, files=("sprites",)),
    "sprites_like": Endpoint(SpritesStyleRequest, _zipped, files=("sprites", "style_picture")),
    "sprites_pack": Endpoint(SpritesPackRequest, _sheet, files=("sprites",), output="files"),
    "sprites_unpack": Endpoint(SpritesUnpackRequest, _zipped, files=("sprites",)),
    "props": Endpoint(PropsRequest, _sheet, files=(), output="files"),
    "props_like": Endpoint(PropsRequest, _sheet, output="files"),
    "regions": Endpoint(StyleRequest, _picture, files=("picture", "regions")),
    "compress": Endpoint(CompressRequest, _compressed),
    "expand": Endpoint(ExpandRequest, _picture, files=("file",)),
}


def build(studio: Studio) -> None:
    """Add the endpoints; nothing of them is seen on the page."""
    for name, endpoint in ENDPOINTS.items():
        inputs = [*map(_file, endpoint.files), *_inputs(endpoint.request)]
        _endpoint(_called(studio, name, endpoint), inputs, _output(endpoint.output))
    _add_training(studio)
    for function, inputs, output in model_api.functions(studio):
        _endpoint(function, inputs, output)


def _called(studio: Studio, name: str, endpoint: Endpoint) -> Callable[..., Any]:
    """A function `name` of the endpoint's arguments, by whose signature Gradio names them."""

    def call(*values: Any) -> Any:
        request = endpoint.asked(dict(zip(endpoint.names, values, strict=True)))
        done = studio.engine.run(request)
        with suppress(StudioError):  # what could not be kept is still answered
            studio.remember(request, done)
        return endpoint.answer(studio, done)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    call.__name__, call.__doc__ = name, _described(endpoint.request)
    call.__signature__ = inspect.Signature([inspect.Parameter(each, kind) for each in endpoint.names])  # type: ignore[attr-defined]
    return call


def _described(request: type[Request[Any]]) -> str:
    """The task's own words and its settings', where Gradio looks for them: in the API's pages and for MCP."""
    about = (inspect.getdoc(sys.modules[request.__module__]) or "").split("\n\n")[0]
    settings = [f"    {item.name}: {item.metadata['help']}" for item in request.explained()]
    return "\n".join([about, "", "Args:", *settings])


def _add_training(studio: Studio) -> None:
    def train(recipe: str, files: list[str] | None, folder: str, name: str, effort: str) -> dict[str, Any]:
        return job_facts(submit(studio, recipe, files=files or [], folder=folder, name=name, effort=effort))

    def check(files: list[str] | None, folder: str, subject: str) -> dict[str, Any]:
        return told(check_pictures(studio, files or [], folder, subject=subject))

    def jobs() -> list[dict[str, Any]]:
        return [job_facts(job) for job in studio.store.list()]

    def history(search: str, starred: bool, most: int) -> list[dict[str, Any]]:
        found = studio.history.list(search, starred=starred, owner=asking_user() or "", most=max(0, int(most)))
        return [entry.facts() for entry in found]

    form = [
        gr.Textbox(RECIPES[0], label="recipe", visible=False),
        gr.File(label="files", file_count="multiple", visible=False),
        gr.Textbox("", label="folder", visible=False),
        gr.Textbox("", label="name", visible=False),
        gr.Textbox(EFFORTS[0], label="effort", visible=False),
    ]
    _endpoint(train, form, gr.JSON(label="job", visible=False))
    _endpoint(check, [*form[1:3], gr.Textbox("auto", label="subject", visible=False)], gr.JSON(visible=False))
    _endpoint(jobs, [], gr.JSON(label="jobs", visible=False))
    wanted = [gr.Textbox("", label="search", visible=False), gr.Checkbox(False, label="starred", visible=False)]
    _endpoint(history, [*wanted, gr.Number(500, label="most", visible=False)], gr.JSON(visible=False))


def job_facts(job: Job) -> dict[str, Any]:
    """A job as JSON, without what is only the worker's business."""
    keys = ("id", "recipe", "name", "state", "step", "total", "seconds", "message", "error", "model", "created")
    return {key: getattr(job, key) for key in keys} | {"remaining": job.remaining}


def _endpoint(function: Callable[..., Any], inputs: list[Any], output: Any) -> None:
    """Make `function` callable under its name; its parameters name the endpoint's."""
    trigger = gr.Button(visible=False)
    options: dict[str, Any] = {"concurrency_id": "engine", "concurrency_limit": 8}
    trigger.click(spoken(function), inputs, output, api_name=function.__name__, **options)


def _file(label: str) -> gr.File:
    return gr.File(label=label, file_count="multiple" if label in MANY else "single", visible=False)


def _inputs(request: type[Request[Any]]) -> list[Any]:
    """Hidden inputs with the defaults of the Request's settings."""
    found = {item.name: item.default for item in request.explained()}
    return [_input(name, "" if value is dataclasses.MISSING else value) for name, value in found.items()]


def _output(kind: str) -> Any:
    if kind == "facts":
        return gr.JSON(label="result", visible=False)
    return gr.File(label="result", file_count="multiple" if kind == "files" else "single", visible=False)


def _input(name: str, default: Any) -> Any:
    if isinstance(default, bool):
        return gr.Checkbox(default, label=name, visible=False)
    if isinstance(default, int | float):
        return gr.Number(default, label=name, visible=False)
    return gr.Textbox(default, label=name, visible=False)

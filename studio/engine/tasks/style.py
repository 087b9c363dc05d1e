"""A picture in a style, a model's painted one or a drawn look, at the picture's own size.

Large pictures are painted in tiles that show no seams, for two reasons. What depends on the whole picture (the norms'
statistics, tones, palettes) is measured once on a small copy and then frozen. And each tile is read with a rim as wide
as its painter can see, which is cut off again: every pixel that is kept has seen exactly what it would see in one pass
over the whole picture, so there is nothing left to blend.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.any_painter import AnyPainter, ColourPainter, style_pixels
from studio.engine.best_style import Optimiser
from studio.engine.colours import lightness_only, transport
from studio.engine.looks import LOOKS
from studio.engine.painters import (
    STATISTICS_SIDE,
    KeepsPalette,
    KeepsPlaces,
    LookPainter,
    Mixed,
    NetPainter,
    Painter,
)
from studio.engine.pixels import copy_within, preview, tiles, to_rgb, to_tensor, visible_colours
from studio.engine.tasks.base import Models, R, Request, Task, setting
from studio.models.any_style import AnyStyleNet
from studio.models.perceptual import PerceptualEncoder
from studio.models.style import StyleNet

COLOURS = ("style", "places", "palette")
PHOTO = "photo"  # a region's preset that leaves it as it is
MOST_REGIONS = 16
METHODS = ("fast", "best")
Layer = tuple[Painter | None, np.ndarray | None]  # what paints, None for the photo; its weight, None for all of it
BEST_SIDE = 1024  # px of the long side at which the best quality is made; larger pictures are enlarged from there


@dataclass(frozen=True, kw_only=True, eq=False)
class Styled(Request[R]):
    """What is said of a style wherever one is used: in pictures, films, sprites."""

    style_picture: Picture | None = None
    preset: str = setting("", "style to paint in; left out when a style picture is given")
    other: str = setting("", "a second style to mix in; none when left out")
    share: float = setting(0.5, "of the second style in the mixture", low=0.0, high=1.0)
    strength: float = setting(1.0, "0: the picture itself; 1: the full style", low=0.0, high=1.0)
    colours: str = setting(
        "style",
        "style: the style's; places: every place keeps its own, only lightness and brushwork change; "
        "palette: the style's pattern in the picture's palette",
        choices=COLOURS,
    )
    model: str = setting("art", "model of the library")
    any_model: str = setting("anystyle", "model of the library that paints like a style picture")


@dataclass(frozen=True, kw_only=True, eq=False)
class StyleResult:
    picture: Picture
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class StyleRequest(Styled[StyleResult]):
    """A picture, the style, and how far to go towards it. `regions`, masks bool [H, W], have styles of their own."""

    task: ClassVar[str] = "style"
    picture: Picture
    regions: tuple[np.ndarray, ...] = ()
    region_presets: str = setting("", f"styles of the masks, in order, with commas between; {PHOTO}: left as it is")
    feather: int = setting(8, "soft edge of the masks, px inwards", low=0, high=512)
    method: str = setting(
        "fast",
        "fast: at once, by a network; best: the picture itself is optimised towards the style picture, in minutes",
        choices=METHODS,
    )


def presets(models: Models, name: str) -> tuple[str, ...]:
    """The styles that can be painted with the model `name`: the looks, then its own."""
    return with_looks(cast(StyleNet, models.model(name, "art")).config.presets)


def with_looks(painted: tuple[str, ...]) -> tuple[str, ...]:
    """The looks and a model's presets; a preset keeps its name from a look that has the same."""
    return (*(look for look in LOOKS if look not in painted), *painted)


def check_preset(models: Models, name: str, preset: str) -> None:
    """BadInput when the model `name` does not know the style."""
    known = presets(models, name)
    if preset not in known:
        raise BadInput(f"The model '{name}' has no style '{preset}'; choose one of: {', '.join(known)}.")


def painter_of(request: Styled[Any], models: Models, preset: str = "") -> Painter:
    """The painter that a request asks for; `preset` in place of its own, unmixed, for a region."""
    names = {preset or request.preset: 1.0}
    if not preset and request.other not in ("", request.preset) and request.share > 0:
        names = {request.other: request.share} | {request.preset: 1 - request.share}
    for name in filter(None, names):
        check_preset(models, request.model, name)
    if "" in names:
        painter = _like(request, models)
        if request.other and request.share > 0:
            painter = Mixed(painter, _plain(request, models, {request.other: 1.0}), request.share)
    else:
        painter = _plain(request, models, {name: weight for name, weight in names.items() if weight})
    if request.colours == "style":
        return painter
    return KeepsPlaces(painter) if request.colours == "places" else KeepsPalette(painter)


def _like(request: Styled[Any], models: Models) -> Painter:
    """The painter that paints like the style picture."""
    if request.style_picture is None:
        raise BadInput("There is no style; choose one of the styles, or give a style picture.")
    style = style_pixels(request.style_picture)
    best = getattr(request, "method", "fast") == "best"
    if best and request.any_model not in models.names("anystyle"):  # a start is all that it needs
        return ColourPainter(style, request.strength)
    network = cast(AnyStyleNet, models.model(request.any_model, "anystyle"))
    encoder = cast(PerceptualEncoder, models.model("perceptual", "perceptual"))
    return AnyPainter(network, encoder, models.device, style, request.strength)


def _plain(request: Styled[Any], models: Models, weights: dict[str, float]) -> Painter:
    network = cast(StyleNet, models.model(request.model, "art"))
    if all(name in network.config.presets for name in weights):
        return NetPainter(network, models.device, weights, request.strength)
    if len(weights) == 1:
        return LookPainter(LOOKS[next(iter(weights))], request.strength)
    (second, share), (first, _) = weights.items()
    return Mixed(_plain(request, models, {first: 1.0}), _plain(request, models, {second: 1.0}), share)


def mark(request: Styled[Any], models: Models, names: tuple[str, ...] = ()) -> DigitalSource | None:
    """The AI mark of what is made: only a network's presets ask for one."""
    if request.style_picture is not None:
        return DigitalSource.COMPOSITE
    painted = cast(StyleNet, models.model(request.model, "art")).config.presets
    return DigitalSource.COMPOSITE if {request.preset, request.other, *names} & set(painted) else None


def run(request: StyleRequest, models: Models, control: TaskControl) -> StyleResult:
    """Alpha, colour profile and size stay; at strength 0, and in regions left as they are, so do the very pixels."""
    names = region_names(request)
    check_method(request)
    picture, settings = request.picture, request.settings()
    layers: list[Layer] = [(painter_of(request, models), None)]
    layers += [
        (None if name == PHOTO else painter_of(request, models, name), weight_of(mask, request.feather, picture))
        for name, mask in zip(names, request.regions, strict=True)
    ]
    if request.strength == 0:
        return StyleResult(picture=replace(picture, settings=settings), settings=settings)
    rgb = visible_colours(picture)
    height, width = rgb.shape[:2]
    small = max(height, width) <= STATISTICS_SIDE
    painters = [painter for painter, _ in layers if painter]
    facts = {id(painter): None if small else painter.measure(rgb) for painter in painters}
    side = max(height, width) if small else max(painter.tile(rgb.shape) for painter in painters)
    windows = list(tiles(width, height, side))
    result = rgb.copy()
    for index, window in enumerate(windows):
        result[window] = _layered(rgb, window, layers, facts)
        control.report(index + 1, len(windows), preview(result) if control.listener else None)
    if request.method == "best":
        result = optimised(request, models, control, rgb, result)
    source = picture.source or mark(request, models, names)
    painted = replace(picture, rgb=result, settings=settings, source=source)
    return StyleResult(picture=painted, settings=settings)


def check_method(request: StyleRequest) -> None:
    """BadInput for a method that does not fit what is given."""
    if request.method == "best" and request.style_picture is None:
        raise BadInput("The best quality needs a style picture to come near to; give one.")
    if request.method == "best" and request.regions:
        raise BadInput("The best quality paints the whole picture; leave the areas out, or choose the fast method.")
    if request.method == "fast" and request.style_picture is not None and request.preset:
        raise BadInput("There are a style and a style picture; give one of them.")


def optimised(
    request: Styled[Any], models: Models, control: TaskControl, rgb: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """`start`, uint8 [H, W, 3], optimised towards the style picture."""
    style = style_pixels(cast(Picture, request.style_picture))
    encoder = cast(PerceptualEncoder, models.model("perceptual", "perceptual"))
    height, width = rgb.shape[:2]
    with torch.inference_mode(False), torch.enable_grad():
        photo, style_x, start_x = (
            to_tensor(part, models.device)
            for part in (copy_within(rgb, BEST_SIDE), style, copy_within(start, BEST_SIDE))
        )
        made = to_rgb(Optimiser(encoder, photo, style_x, request.strength).run(start_x, control))
    if made.shape[:2] != (height, width):
        made = cv2.resize(made, (width, height), interpolation=cv2.INTER_LANCZOS4)
    if request.colours == "places":
        return lightness_only(made, rgb)
    return transport(made, rgb)(made) if request.colours == "palette" else made


def _layered(rgb: np.ndarray, window: tuple[slice, slice], layers: list[Layer], facts: dict[int, Any]) -> np.ndarray:
    """The window with every layer on the one before, each as far as its weight (uint8, 255 is all) says."""
    made = rgb[window]
    for painter, weight in layers:
        share = None if weight is None else weight[window]
        if share is not None and not share.any():
            continue
        piece = rgb[window] if painter is None else painter.paint(rgb, *window, facts[id(painter)])
        if share is None or share.min() == 255:
            made = piece
        else:
            part = (share / np.float32(255))[..., None]
            made = np.where(part < 1, np.rint(made + part * (piece.astype(np.float32) - made)), piece).astype(np.uint8)
    return made


def region_names(request: StyleRequest) -> tuple[str, ...]:
    """The styles of the regions, one each."""
    names = tuple(name.strip() for name in request.region_presets.split(",") if name.strip())
    if len(names) != len(request.regions):
        raise BadInput(f"There are {len(request.regions)} masks and {len(names)} styles for them; give one for each.")
    if len(names) > MOST_REGIONS:
        raise BadInput(f"{len(names)} masks are too many; give at most {MOST_REGIONS}.")
    return names


def weight_of(mask: np.ndarray, feather: int, picture: Picture) -> np.ndarray:
    """A mask's weight, uint8 [H, W], that rises to 255 over `feather` px from its edge inwards."""
    if mask.shape != (picture.height, picture.width):
        raise BadInput(
            f"A mask is {mask.shape[1]} x {mask.shape[0]} pixels but the picture is {picture.width} x "
            f"{picture.height}; give masks of the picture's size."
        )
    if feather == 0 or mask.all():
        return mask.astype(np.uint8) * 255
    depth = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
    return (depth * (255 / (feather + 1))).clip(0, 255).astype(np.uint8)


TASK = Task(StyleRequest, run)

"""A face with arrows to pull its points, or marks on its features to move; what is set travels back as numbers."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from gradio.data_classes import FileData

from studio.core.errors import BadInput
from studio.engine.steering.landmarks import LEFT_CORNER, LIP_CORNERS, LIPS, NOSE, RIGHT_CORNER
from studio.engine.tasks.landmarks import LandmarksResult
from studio.ui.widgets.scripted import scripted

Marks = dict[str, list[float]]
MESH = {
    "left_eye": LEFT_CORNER,
    "right_eye": RIGHT_CORNER,
    "bridge": NOSE[0],
    "nose": NOSE[1],
    "mouth_left": LIP_CORNERS[0],
    "mouth_right": LIP_CORNERS[1],
    "lip_top": LIPS[0],
    "lip_bottom": LIPS[1],
}
FIELDS = ("left_eye_x", "left_eye_y", "right_eye_x", "right_eye_y", "nose", "mouth_width", "mouth_height")
LENGTHS = {
    "nose": ("bridge", "nose"),
    "mouth_width": ("mouth_left", "mouth_right"),
    "mouth_height": ("lip_top", "lip_bottom"),
}


class FacePoints:
    """Drawn by `component`, which takes what `points_value` gives."""

    def __init__(self, *, elem_id: str) -> None:
        self.component = scripted("face_points", elem_id=elem_id, words="points.")

    def on_moved(self, handler: Callable[..., Any], inputs: Any, outputs: Any, **options: Any) -> None:
        """Call `handler` when a point was moved."""
        self.component.moved(handler, inputs, outputs, **options)


def points_value(face: Path, found: LandmarksResult, size: int, mode: str = "pull") -> dict[str, Any]:
    """What the component takes to show the picture `face` of a face of `size` px."""
    marks = {name: [round(float(v), 1) for v in found.points[found.mesh.index(i)]] for name, i in MESH.items()}
    return {
        "picture": FileData(path=str(face)).model_dump(),
        "size": size,
        "mode": mode,
        "pulls": [],
        "area": [],
        "marks": marks,
        "found": marks,
    }


def marks_of(value: dict[str, Any] | None) -> Marks:
    """The marks in a component's value; BadInput when it holds none."""
    try:
        marks = {name: [float(number) for number in (value or {})["marks"][name]] for name in MESH}
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("There is no face to steer yet; make some and choose one.") from error
    return marks


def drag_text(value: dict[str, Any] | None) -> str:
    """The arrows as `FacesRequest.drag` takes them."""
    try:
        pulls = [[float(number) for number in pull] for pull in (value or {}).get("pulls") or []]
        return " ".join(f"{x:.1f},{y:.1f}>{u:.1f},{v:.1f}" for x, y, u, v in pulls)
    except (TypeError, ValueError) as error:
        raise BadInput("The points arrived damaged; set them anew.") from error


def area_text(value: dict[str, Any] | None) -> str:
    """The painted area as `FacesRequest.movable` takes it."""
    try:
        circles = [[float(number) for number in circle] for circle in (value or {}).get("area") or []]
        return " ".join(f"{x:.1f},{y:.1f},{radius:.1f}" for x, y, radius in circles)
    except (TypeError, ValueError) as error:
        raise BadInput("The points arrived damaged; set them anew.") from error


def landmarks_text(value: dict[str, Any] | None) -> str:
    """The marks as `FacesRequest.landmarks` takes them."""
    marks = marks_of(value)
    (a, b), (c, d) = marks["left_eye"], marks["right_eye"]
    nose, width, height = (math.dist(marks[start], marks[end]) for start, end in LENGTHS.values())
    eyes = f"left_eye={a:.1f},{b:.1f} right_eye={c:.1f},{d:.1f}"
    return f"{eyes} nose={nose:.1f} mouth={width:.1f}x{height:.1f} size={int((value or {})['size'])}"


def numbers_of(marks: Marks) -> list[float]:
    """The marks as the values of FIELDS, px."""
    places = [*marks["left_eye"], *marks["right_eye"]]
    return [round(number, 1) for number in (*places, *(math.dist(marks[a], marks[b]) for a, b in LENGTHS.values()))]


def marks_from(marks: Marks, numbers: list[float]) -> Marks:
    """The marks moved so that `numbers_of` gives `numbers`: the nose from its bridge, the mouth about its middle."""
    made = {name: list(place) for name, place in marks.items()}
    made["left_eye"], made["right_eye"] = list(numbers[:2]), list(numbers[2:4])
    for (start, end), length in zip(LENGTHS.values(), numbers[4:], strict=True):
        a, b = np.array(marks[start]), np.array(marks[end])
        way = b - a
        unit = way / max(float(np.hypot(*way)), 1e-6)
        first = a if start == "bridge" else (a + b) / 2 - unit * length / 2
        made[start], made[end] = first.tolist(), (first + unit * length).tolist()
    return made

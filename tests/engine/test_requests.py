"""Requests of files and settings, and back."""

from pathlib import Path

import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.engine.requests import file_fields, keep_request, request_from, request_kind
from studio.engine.tasks import TASKS
from studio.engine.tasks.enhance import EnhanceRequest
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.repair import RepairRequest
from tests.pictures import scene


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_picture(tmp_path / "photo.png", Picture(rgb=scene(24, 16, seed=1)), source=None)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_tells_which_files_it_needs(task: str) -> None:
    kind = request_kind(task)
    assert not set(file_fields(kind)) & {item.name for item in kind.explained()}


def test_files_and_settings_make_the_request(photo: Path) -> None:
    made = request_from(EnhanceRequest, {"picture": str(photo)}, {"balance": 0.5, "contrast": "clahe"})
    assert isinstance(made, EnhanceRequest)
    assert (made.picture.name, made.balance, made.contrast, made.denoise) == ("photo.png", 0.5, "clahe", 0.0)
    faces = request_from(FacesRequest, {}, {"count": 2.0})
    assert isinstance(faces, FacesRequest) and faces.count == 2 and isinstance(faces.count, int)


def test_a_kept_request_comes_back_as_it_was(tmp_path: Path) -> None:
    mask = np.zeros((16, 24), bool)
    mask[2:5, 3:9] = True
    alpha = np.arange(16 * 24, dtype=np.uint16).reshape(16, 24).astype(np.uint8)
    picture = Picture(rgb=scene(24, 16, seed=2), alpha=alpha, name="cat.jpg")
    request = RepairRequest(picture=picture, mask=mask, grow=5)
    files = keep_request(request, tmp_path / "kept")
    settings = {item.name: getattr(request, item.name) for item in request.explained()}
    again = request_from(RepairRequest, files, settings)
    assert isinstance(again, RepairRequest)
    assert (again.mask == mask).all() and (again.picture.rgb == picture.rgb).all()
    assert again.picture.alpha is not None and (again.picture.alpha == alpha).all()
    assert again.picture.name == "cat.png" and again.settings() == request.settings()


def test_what_is_wrong_is_named(photo: Path) -> None:
    with pytest.raises(BadInput, match="no task 'fly'"):
        request_kind("fly")
    with pytest.raises(BadInput, match="no setting 'speed'"):
        request_from(EnhanceRequest, {"picture": photo}, {"speed": 1})
    with pytest.raises(BadInput, match="needs a file for 'mask'"):
        request_from(RepairRequest, {"picture": photo}, {})
    with pytest.raises(BadInput, match="balance"):
        request_from(EnhanceRequest, {"picture": photo}, {"balance": 7.0})

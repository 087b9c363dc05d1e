"""Landmarks asked for: read from text, measured, and met by gradient steps."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput, Cancelled
from studio.core.progress import TaskControl
from studio.engine.steering.codes import code_of_seed
from studio.engine.steering.landmarks import Features, locate, measure, meet, misses, parse_features
from studio.models.face_gan import FaceGANConfig, Generator
from studio.models.landmarks import MESH, LandmarkConfig, LandmarkNet


def nets() -> tuple[Generator, LandmarkNet]:
    torch.manual_seed(1)
    generator = Generator(FaceGANConfig(latent=16, style=16, channels=(16, 16, 16)))
    net = LandmarkNet(LandmarkConfig(size=32, widths=(8, 8, 8)))
    with torch.no_grad():
        for parameter in (*generator.parameters(), *net.parameters()):
            parameter.add_(torch.randn_like(parameter) * 0.1)
        net.head.weight.mul_(30)  # heat that differs from face to face
    return generator.eval().requires_grad_(False), net.eval().requires_grad_(False)


def test_the_classic_request_is_read() -> None:
    wanted = parse_features("left_eye=30,10 right_eye=120,40 nose=100 mouth=20x40 size=150", 128)
    assert wanted.left_eye == (0.2, pytest.approx(10 / 150)) and wanted.right_eye == (0.8, pytest.approx(40 / 150))
    assert (wanted.nose, wanted.mouth_width, wanted.mouth_height) == pytest.approx((2 / 3, 20 / 150, 40 / 150))
    assert parse_features("nose=32", 128) == Features(nose=0.25)


@pytest.mark.parametrize(
    "text", ["eye=1,2", "left_eye=1", "left_eye=1,2,3", "mouth=3", "nose=a", "nose", "nose=5;x", "left_eye=(1,2)"]
)
def test_what_is_no_landmark_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no landmark"):
        parse_features(text, 128)


@pytest.mark.parametrize("text", ["left_eye=130,10", "nose=-3", "nose=5 size=0", "left_eye=30,10 size=20"])
def test_landmarks_outside_the_picture_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="outside"):
        parse_features(text, 128)


@given(st.integers(0, 128), st.integers(0, 128), st.integers(1, 999))
def test_sizes_scale(x: int, y: int, side: int) -> None:
    if max(x, y) <= side:
        assert parse_features(f"left_eye={x},{y} size={side}", 64).left_eye == pytest.approx((x / side, y / side))


def test_measures_are_distances_between_mesh_points() -> None:
    points = torch.zeros(1, len(MESH), 2)
    points[0, MESH.index(61)], points[0, MESH.index(291)] = torch.tensor([0.4, 0.6]), torch.tensor([0.7, 0.6])
    found = measure(points, MESH)
    assert found["mouth_width"].item() == pytest.approx(0.3, abs=1e-4)
    off = misses(found, Features(mouth_width=0.5, left_eye=(0.3, 0.4)))
    assert off["mouth_width"].item() == pytest.approx(0.2, abs=1e-4) and off["left_eye"].item() == pytest.approx(0.5)
    assert set(off) == {"mouth_width", "left_eye"}


def test_a_face_meets_what_another_face_measures() -> None:
    generator, net = nets()
    with torch.no_grad():
        other = generator.synthesize(code_of_seed(generator, 5, 1.0)[None])
        there = {key: value[0].tolist() for key, value in measure(locate(net, other), net.config.points).items()}
    wanted = Features(left_eye=tuple(there["left_eye"]), mouth_width=there["mouth_width"])
    start = code_of_seed(generator, 0, 1.0)
    with torch.no_grad():
        before = misses(measure(locate(net, generator.synthesize(start[None])), net.config.points), wanted)
    code, left = meet(generator, net, start, wanted, TaskControl())
    first = sum(value.item() for value in before.values())
    assert sum(left.values()) < max(0.5 * first, 0.01)
    with torch.no_grad():
        again = misses(measure(locate(net, generator.synthesize(code[None])), net.config.points), wanted)
    assert {key: value.item() for key, value in again.items()} == pytest.approx(left, abs=1e-5), "it is said truly"


def test_meeting_can_be_stopped() -> None:
    generator, net = nets()
    control = TaskControl()
    control.cancel()
    with pytest.raises(Cancelled):
        meet(generator, net, code_of_seed(generator, 0, 1.0), Features(nose=0.9), control)

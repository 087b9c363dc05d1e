"""Dragging: what is read between cells, and handles that come closer to their targets."""

import pytest
import torch

from studio.core.errors import BadInput
from studio.core.progress import TaskControl
from studio.engine.steering.codes import code_of_seed
from studio.engine.steering.drag import disc, drag, parse_drags, read_at
from studio.models.face_gan import FaceGANConfig, Generator


class Blob(Generator):
    """A generator whose style's first two numbers say where a blob lies: what dragging should find out."""

    def __init__(self) -> None:
        super().__init__(FaceGANConfig(latent=8, style=8, channels=(8, 8, 8, 8), mapping=1))
        self.mapping = torch.nn.Sequential(torch.nn.Identity())

    def style(self, z, variety=1.0):
        return z / 4

    def stages(self, w):
        found = []
        for i in range(4):
            side = 4 * 2**i
            places = (torch.arange(side) + 0.5) / side
            centre = 0.5 + 0.2 * w[:, 2 * i, :2]  # [B, 2]
            across = (places[None, None, :] - centre[:, 0, None, None]) * 8
            down = (places[None, :, None] - centre[:, 1, None, None]) * 8
            scales = torch.linspace(0.5, 2.0, 8)[None, :, None, None]
            shape = torch.exp(-(across**2 + down**2)[:, None] * scales) + 0.2 * torch.tanh(across[:, None] * scales)
            found.append(shape)
        return found


def test_features_are_read_at_px_of_the_picture() -> None:
    places = (torch.arange(8) + 0.5) / 8 * 64
    features = torch.stack(torch.meshgrid(places, places, indexing="xy"))[None]  # x and y of each cell
    found = read_at(features, torch.tensor([[12.0, 40.5], [20.0, 33.0]]), 64)
    assert torch.allclose(found, torch.tensor([[12.0, 40.5], [20.0, 33.0]]), atol=1e-4)


def test_a_disc_starts_at_its_middle() -> None:
    offsets = disc(3.0)
    assert offsets[0].tolist() == [0, 0] and len(offsets) == 29 and offsets.norm(dim=1).max() <= 3


def test_a_handle_arrives() -> None:
    generator = Blob().eval().requires_grad_(False)
    size = generator.config.size
    code = torch.zeros(8, 8)
    start, goal = torch.tensor([[size / 2, size / 2]]), torch.tensor([[size / 2 + 5, size / 2 - 3]])
    done = drag(generator, code, start, goal, None, TaskControl(), 200)
    assert done.left.max() < 1.5 and done.steps < 200
    centre = 0.5 + 0.2 * done.code[6, :2]
    assert torch.allclose(centre * size, goal[0], atol=3.0), "the blob itself has moved"


def test_a_handle_that_cannot_move_stops_in_time_and_says_where_it_is() -> None:
    generator = Generator(FaceGANConfig(latent=8, style=8, channels=(8, 8))).eval().requires_grad_(False)
    with torch.no_grad():
        generator.entry.weight.zero_()
        for block in generator.blocks:
            block.film1.affine.weight.zero_()
            block.film2.affine.weight.zero_()
    done = drag(
        generator,
        code_of_seed(generator, 0, 1.0),
        torch.tensor([[4.0, 4.0]]),
        torch.tensor([[12.0, 12.0]]),
        torch.ones(16, 16),
        TaskControl(),
        100,
    )
    assert done.steps < 60 and done.left.min() > 5


def test_a_stopped_drag_keeps_what_it_has_reached() -> None:
    control = TaskControl(listener=lambda news: control.cancel() if news.step == 8 else None)
    start, goal = torch.tensor([[32.0, 32.0]]), torch.tensor([[48.0, 32.0]])
    done = drag(Blob().requires_grad_(False), torch.zeros(8, 8), start, goal, None, control)
    assert done.steps == 8 and 0 < done.left.item() < 16


def test_points_are_read_from_text() -> None:
    handles, targets = parse_drags("40,60>48.5,60; 88,60>80,0", 128)
    assert handles.tolist() == [[40, 60], [88, 60]] and targets.tolist() == [[48.5, 60], [80, 0]]


@pytest.mark.parametrize("text", ["", " ", "40,60", "40,60>", "a,b>c,d", "1.2.3,4>5,6", "-1,2>3,4", "40,60>400,60"])
def test_other_points_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="point"):
        parse_drags(text, 128)

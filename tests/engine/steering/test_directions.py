"""Directions without labels: across each other, as long as styles deviate, and strongest first."""

import pytest
import torch

from studio.core.errors import BadInput
from studio.engine.steering.directions import closed_form, principal, style_sample
from studio.engine.steering.sliders import move, parse_sliders
from studio.models.face_gan import FaceGANConfig, Generator
from studio.models.sliders import Sliders, SlidersConfig, solve_directions

torch.manual_seed(0)
GENERATOR = Generator(FaceGANConfig(latent=16, style=16, channels=(8, 8))).eval().requires_grad_(False)


@pytest.mark.parametrize("find", [closed_form, principal])
def test_directions_lie_across_each_other(find) -> None:
    found = find(GENERATOR, 5)
    lengths = found.norm(dim=1)
    angles = (found / lengths[:, None]) @ (found / lengths[:, None]).T
    assert torch.allclose(angles, torch.eye(5), atol=1e-4)
    along = style_sample(GENERATOR) @ (found / lengths[:, None]).T
    assert torch.allclose(along.std(0), lengths, rtol=1e-3)
    assert torch.equal(found, find(GENERATOR, 5))


def test_principal_directions_fall_in_strength() -> None:
    lengths = principal(GENERATOR, 8).norm(dim=1)
    assert (lengths[:-1] >= lengths[1:] - 1e-5).all()


def test_the_closed_form_finds_what_the_layers_listen_to() -> None:
    net = Generator(FaceGANConfig(latent=16, style=16, channels=(8, 8))).eval().requires_grad_(False)
    with torch.no_grad():
        for block in net.blocks:
            for film in (block.film1, block.film2):
                film.affine.weight.mul_(0.05)[:, 3] += 1.0
        net.entry.weight.mul_(0.05)[:, 3] += 1.0
    first = closed_form(net, 1)[0]
    assert first.abs().argmax() == 3 and first[3] > 0


def test_sliders_move_a_code_by_their_amounts_and_back() -> None:
    code = torch.randn(4, 16)
    there = move(code, parse_sliders("form-1=2, part-3=-1.5", None), GENERATOR, None)
    assert not torch.allclose(there, code)
    back = move(there, parse_sliders("form-1=-2 part-3=1.5", None), GENERATOR, None)
    assert torch.allclose(back, code, atol=1e-4)
    assert torch.equal(move(code, parse_sliders("", None), GENERATOR, None), code)


WRONG = ["smile", "form-1", "form-1=x", "form-0=1", "form-99=1", "form-1=9", "form-1=nan", "=1"]


@pytest.mark.parametrize("text", WRONG)
def test_other_sliders_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="slider"):
        parse_sliders(text, None)


def test_named_sliders_move_their_attribute_and_no_other() -> None:
    named = Sliders(SlidersConfig(names=("smile", "age"), auc=(0.9, 0.9), style=16)).requires_grad_(False)
    styles = style_sample(GENERATOR)
    named.weights.copy_(torch.randn(16, 2, generator=torch.Generator().manual_seed(0)))
    named.directions.copy_(solve_directions(named.weights, styles.T.cov()))
    code = styles[:1].repeat(4, 1)
    moved = move(code, parse_sliders("smile=1.5 form-2=0", named), GENERATOR, named)
    change = named.attributes(moved) - named.attributes(code)
    assert torch.allclose(change[:, 0], torch.tensor(1.5), atol=1e-3) and change[:, 1].abs().max() < 0.5
    with pytest.raises(BadInput, match="smile, age, form-1"):
        parse_sliders("grin=1", named)

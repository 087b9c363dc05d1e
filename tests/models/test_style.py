"""The style net's colours: each preset's own whatever the photo's are, the photo's own where nothing is painted."""

import pytest
import torch

from studio.models.style import QUIET, StyleConfig, StyleNet, moments
from tests.models.test_families import pictures


@pytest.fixture
def net() -> StyleNet:
    torch.manual_seed(0)
    made = StyleNet(StyleConfig(presets=("a", "b"), width=4, blocks=1, toned=True))
    torch.nn.init.zeros_(made.head.bias)  # pyright: ignore[reportArgumentType]
    made.set_tone(0, torch.tensor([0.5, -0.5, 0.0]).view(1, 3, 1, 1) + 0.2 * torch.randn(1, 3, 40, 40))
    return made


def test_a_photo_takes_the_colours_of_the_preset(net: StyleNet) -> None:
    photo = 0.3 * pictures(1, 32, 48) + torch.tensor([-0.6, 0.7, 0.1]).view(1, 3, 1, 1)
    assert moments(photo)[1].min() > QUIET
    with torch.no_grad():
        mean, deviation = moments(net(photo, net.mixture({"a": 1.0})))
    assert mean.flatten().tolist() == pytest.approx([0.5, -0.5, 0.0], abs=0.03)
    assert deviation.flatten().tolist() == pytest.approx([0.2] * 3, abs=0.03)


def test_strength_goes_from_the_photo_to_the_preset(net: StyleNet) -> None:
    photo = pictures(1, 32, 48)
    with torch.no_grad():
        none, half, full = (net(photo, net.mixture({"a": 1.0}, strength)) for strength in (0.0, 0.5, 1.0))
    torch.testing.assert_close(none, photo)
    torch.testing.assert_close(half, (photo + full) / 2)


def test_what_is_nearly_flat_is_not_stretched(net: StyleNet) -> None:
    photo = 0.3 + 0.004 * torch.randn(1, 3, 32, 32)
    with torch.no_grad():
        made = net(photo, net.mixture({"a": 1.0}))
    assert made.std((2, 3)).max() < 0.02

"""The closed forms of the any-style net: colours, and what a photo's own colours mean."""

import torch

from studio.models.any_style import AnyStyleConfig, AnyStyleNet, colour_map, colour_moments, describe, recoloured
from studio.models.style import Statistics


def pictures(seed: int) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    mixing = torch.randn(2, 3, 3, generator=random) * 0.3
    return torch.einsum("bij,bjhw->bihw", mixing, torch.randn(2, 3, 24, 24, generator=random)) + 0.1 * seed


def test_a_photo_takes_the_mean_and_covariance_of_the_style() -> None:
    photo, style = pictures(1), pictures(2)
    found, wanted = colour_moments(recoloured(photo, colour_map(photo, style))), colour_moments(style)
    torch.testing.assert_close(found[0], wanted[0], rtol=0, atol=1e-4)
    torch.testing.assert_close(found[1], wanted[1], rtol=0.05, atol=5e-3)


def test_its_own_colours_leave_a_photo_as_it_is() -> None:
    photo = pictures(3)
    torch.testing.assert_close(recoloured(photo, colour_map(photo, photo)), photo, rtol=0, atol=1e-3)


def test_a_flat_photo_is_not_blown_up() -> None:
    photo = torch.full((1, 3, 16, 16), 0.2) + torch.randn(1, 3, 16, 16) * 1e-3
    assert recoloured(photo, colour_map(photo, pictures(1)[:1])).std() < 0.1


def test_an_untrained_net_only_recolours_and_conditions_can_be_mixed() -> None:
    net = AnyStyleNet(AnyStyleConfig(described=6, width=4, blocks=1, deep=8, deep_blocks=1, hidden=8)).eval()
    photo, style = pictures(1), pictures(2)
    style_condition = net.condition(photo, style, describe([style]))
    own = net.condition(photo, photo, describe([photo]))
    with torch.inference_mode():
        torch.testing.assert_close(net(photo, own), photo, rtol=0, atol=1e-3)
        half = net(photo, 0.5 * (own + style_condition))
        torch.testing.assert_close(half, 0.5 * (photo + net(photo, style_condition)), rtol=0, atol=2e-3)


def test_the_rim_covers_all_that_a_pixel_sees() -> None:
    net = AnyStyleNet(AnyStyleConfig(described=6, width=4, blocks=1, deep=8, deep_blocks=1, hidden=8)).double().eval()
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    x = torch.randn(1, 3, 256, 256, dtype=torch.double)
    statistics = Statistics()
    with torch.no_grad():
        condition = net.condition(x, x, torch.zeros(1, 6)).double()
        first = net(x, condition, statistics)
        x[..., 128, 128] += 1
        changed = (net(x, condition, statistics.freeze()) - first).abs().amax(1)[0] > 1e-12
    rows = changed.any(1).nonzero().flatten()
    assert 128 - net.rim <= rows.min() and rows.max() <= 128 + net.rim

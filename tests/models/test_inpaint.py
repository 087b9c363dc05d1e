"""What the inpainting net starts from, and what it borrows: known cells, and nothing of the hole itself."""

import torch

from studio.models.inpaint import Borrow, InpaintConfig, InpaintNet, smooth_filling


def stripes(height: int, width: int) -> torch.Tensor:
    """Fine stripes on the right half, nothing on the left."""
    x = torch.zeros(1, 3, height, width)
    x[..., width // 2 :] = torch.tensor([1.0, -1.0]).repeat(width // 4)
    return x


def test_what_is_borrowed_comes_from_cells_with_like_features() -> None:
    torch.manual_seed(0)
    borrow = Borrow(2, 2)
    with torch.no_grad():
        for side in (borrow.query, borrow.key):
            side.weight.copy_(torch.eye(2)[:, :, None, None])
            side.bias.zero_()
        borrow.sharpness.fill_(60.0)
    picture = stripes(64, 128)
    features = torch.zeros(1, 2, 8, 16)
    features[:, 0, :, :7], features[:, 1, :, 9:], features[..., 7:9] = 1, 1, -1
    mask = torch.zeros(1, 1, 64, 128)
    mask[..., 24:40, 88:104] = 1  # a hole amid the stripes
    holed = torch.where(mask > 0, torch.zeros(()), picture)
    with torch.no_grad():
        found = borrow(features, holed, mask)
    inside = found[..., 28:36, 92:100]
    assert inside.abs().mean() > 0.8, "stripes are back"
    assert (inside[..., 1:] * inside[..., :-1] < 0).all(), "in step"
    mask = torch.roll(mask, -64, 3)  # the same hole where the picture is plain
    with torch.no_grad():
        assert borrow(features, picture, mask)[..., 28:36, 28:36].abs().max() < 0.1


def test_a_hole_that_leaves_no_cell_untouched_is_filled_smoothly() -> None:
    net = InpaintNet(InpaintConfig(width=4, dilations=(1,))).eval()
    mask = torch.ones(1, 1, 32, 32)
    mask[..., :2, :2] = 0
    with torch.no_grad():
        filled = net(torch.full((1, 3, 32, 32), 0.25), mask)
    assert torch.isfinite(filled).all()
    assert (filled - 0.25).abs().max() < 0.2


def test_a_smooth_filling_keeps_what_is_known_and_the_contrast_of_two_sides() -> None:
    picture = torch.rand(2, 3, 64, 96) * 0.1
    picture[:, :, :, 48:] += 0.8
    mask = torch.zeros(2, 1, 64, 96)
    mask[0, :, 16:50, 20:76], mask[1, :, :, 40:56] = 1, 1
    filled = smooth_filling(torch.where(mask > 0, torch.full((), 9.0), picture), mask)
    assert torch.equal(filled * (1 - mask), picture * (1 - mask)), "nothing of the hole is seen, nothing else changed"
    assert filled[0, :, 24:40, 24:36].max() < 0.2 and filled[0, :, 24:40, 60:72].min() > 0.7
    assert filled[1].min() >= 0 and filled[1].max() <= 0.9 + 1e-5

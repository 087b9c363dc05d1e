"""The smooth filling that the inpainting net starts from."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.models.inpaint import push_pull


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 1000))
def test_known_pixels_are_kept_and_the_hole_stays_within_their_range(height: int, width: int, seed: int) -> None:
    draw = torch.Generator().manual_seed(seed)
    picture = torch.rand(2, 3, height, width, generator=draw)
    mask = (torch.rand(2, 1, height, width, generator=draw) < 0.6).float()
    mask[:, :, 0, 0] = 0  # something is known
    filled = push_pull(picture, mask)
    assert torch.equal(filled * (1 - mask), picture * (1 - mask))
    assert filled.min() >= -1e-5 and filled.max() <= 1 + 1e-5


def test_a_hole_in_one_colour_gets_that_colour_and_what_lies_beneath_does_not_count() -> None:
    picture, mask = torch.full((1, 3, 33, 20), 0.25), torch.zeros(1, 1, 33, 20)
    mask[:, :, 5:25, 3:15] = 1
    soiled = torch.where(mask > 0, torch.ones_like(picture), picture)
    torch.testing.assert_close(push_pull(soiled, mask), picture)

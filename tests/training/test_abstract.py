import numpy as np
import pytest

from training.abstract import KINDS, abstract, palette


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [48, 96])
def test_every_kind_draws_in_its_palette_and_again_from_the_same_seed(kind, size: int) -> None:  # pyright: ignore
    first, second = (kind(size, palette(np.random.default_rng(4)), np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (size, size, 3) and first.dtype == np.uint8
    assert np.array_equal(first, second)
    assert first.std() > 3


def test_abstract_pictures_differ() -> None:
    rng = np.random.default_rng(0)
    means = np.array([abstract(64, rng).mean((0, 1)) for _ in range(12)])
    assert means.std(0).min() > 15

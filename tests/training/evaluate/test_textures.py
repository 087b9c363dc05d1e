"""The baselines of textures, and what the figures are made of."""

import numpy as np

from studio.engine.textures.seams import seam_ratio
from tests.pictures import scene
from training.evaluate.textures import EXAMPLE, EXAMPLES, SIZE, evenest, likeness, mirrored, random_patches


def test_baselines_have_the_size_and_what_they_promise() -> None:
    example = scene(EXAMPLE, EXAMPLE)
    twin, mixed = mirrored(example), random_patches(example, np.random.default_rng(0))
    assert twin.shape == mixed.shape == (SIZE, SIZE, 3)
    assert np.array_equal(twin[:EXAMPLE, :EXAMPLE], example) and np.array_equal(twin, twin[::-1, ::-1])
    assert seam_ratio(mixed) < 3
    assert likeness(twin, example) < likeness(mixed, example), "a copy is the likest"


def test_even_pictures_are_the_examples() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    halves = np.zeros((300, 300, 3), np.uint8)
    halves[:, 150:] = 255
    chosen = evenest([halves] * EXAMPLES + [noise])
    assert len(chosen) == EXAMPLES and np.array_equal(chosen[0], noise[22:278, 22:278])

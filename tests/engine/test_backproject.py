"""Back-projection: what has the colours of a part is likelier to be of it, what has others less so."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.engine.backproject import CELL, CELLS, colour_odds, spread
from tests.pictures import noise


def test_the_colour_of_a_part_is_told_everywhere() -> None:
    rgb = np.full((60, 90, 3), (40, 120, 60), np.uint8)
    rgb[:, :30] = 250, 240, 225
    chance = np.full((60, 90), 0.02)
    chance[:20, :30] = 0.9  # a third of the light part is known
    odds = colour_odds(chance, rgb)
    assert (odds[:, :30] > 1).all() and (odds[:, 30:] < -1).all()


def test_a_part_that_is_anywhere_is_told_by_no_colour() -> None:
    rgb = noise(80, 70)
    assert np.abs(colour_odds(np.full((70, 80), 0.3), rgb)).max() < 1e-3


@given(level=st.integers(0, 255), chance=st.floats(0, 1), most=st.floats(0.1, 4))
def test_odds_are_finite_and_within_bounds(level: int, chance: float, most: float) -> None:
    rgb = np.full((4, 5, 3), level, np.uint8)
    rgb[0] = 255
    chances = np.zeros((4, 5))
    chances[0] = chance
    odds = colour_odds(chances, rgb, most)
    assert odds.shape == (4, 5) and odds.dtype == np.float32 and (np.abs(odds) <= most + 1e-6).all()


def test_counts_are_spread_to_neighbours_and_not_around_the_end() -> None:
    counts = np.zeros((CELLS,) * 3)
    counts[0, 0, 255 // CELL] = 64
    mixed = spread(counts)
    assert mixed.sum() == 64 and mixed[0, 0, 255 // CELL] == 8 and mixed[1, 0, 255 // CELL] == 4
    assert 255 // CELL == CELLS - 2 and mixed[0, 0, 0] == 0

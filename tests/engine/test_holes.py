"""Holes are cut into pieces that cover them once, and pieces near each other share a window."""

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.core.mask import Box
from studio.engine.holes import NARROW, REACH, VIEW, WIDEST, joined, split, wide_rest


def blot(width: int, height: int, left: int, top: int, right: int, bottom: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[top:bottom, left:right] = True
    return mask


def test_a_long_stroke_stays_at_full_scale_and_a_large_blot_does_not() -> None:
    stroke, large = blot(2000, 600, 50, 100, 1950, 130), blot(2000, 600, 50, 50, 1050, 550)
    assert {piece.scale for piece in split(stroke, "auto")} == {1.0}
    (piece,) = {round(piece.scale, 2) for piece in split(large, "auto")}
    assert piece == round(WIDEST / 500, 2)


@given(st.integers(0, 1000), st.sampled_from(["auto", "net", "telea"]))
def test_the_pieces_cover_the_hole_once(seed: int, method: str) -> None:
    random = np.random.default_rng(seed)
    mask = np.zeros((700, 900), bool)
    for _ in range(int(random.integers(1, 6))):
        left, top = random.integers(0, 880), random.integers(0, 680)
        mask[top : top + random.integers(1, 500), left : left + random.integers(1, 500)] = True
    pieces = split(mask, method)
    rest, count = wide_rest(mask, pieces), np.zeros((2, *mask.shape), int)
    for piece in pieces:
        count[int(piece.narrow)][piece.box.slices] += 1
    assert (count[0][rest] == 1).all() and (count[1][mask & ~rest] == 1).all() and not count[1][rest].any()


def test_high_quality_leaves_a_scratch_in_the_corner_of_a_blot_alone() -> None:
    angle = blot(900, 700, 300, 300, 340, 500) | blot(900, 700, 300, 460, 500, 500)
    mask = angle | blot(900, 700, 420, 320, 426, 420)
    *narrow, wide = pieces = split(mask, "hq")
    assert all(piece.narrow for piece in narrow) and wide.box == Box(300, 300, 500, 500)
    (window,) = joined(pieces, (900, 700))
    assert np.array_equal(wide_rest(mask, pieces), angle)
    assert window.hole(angle).sum() == angle.sum() < window.hole(mask).sum()


def test_a_scratch_that_meets_a_blot_stays_at_full_scale() -> None:
    mask = blot(1600, 600, 0, 300, 1600, 306) | blot(1600, 600, 1100, 50, 1600, 550)
    pieces = split(mask, "net")
    assert {piece.scale for piece in pieces if piece.box.right < 1000} == {1.0}
    assert round(min(piece.scale for piece in pieces), 2) == round(WIDEST / 500, 2)


@given(st.integers(0, 1000))
def test_windows_hold_every_piece_with_what_is_around_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    mask = np.zeros((1000, 1500), bool)
    for _ in range(int(random.integers(1, 40))):
        left, top = random.integers(0, 1490), random.integers(0, 990)
        mask[top : top + random.integers(1, 60), left : left + random.integers(1, 60)] = True
    pieces = split(mask, "net")
    windows = joined(pieces, (1500, 1000))
    assert len(windows) <= 4 and sorted(p.box for w in windows for p in w.pieces) == sorted(p.box for p in pieces)
    filled = np.zeros_like(mask)
    for window in windows:
        filled[window.box.slices] |= window.hole(mask)
        for piece in window.pieces:
            around = piece.box.padded(REACH, (1500, 1000))
            assert around.left >= window.box.left and around.bottom <= window.box.bottom
    assert np.array_equal(filled, mask)


def test_scratches_need_no_window() -> None:
    mask = blot(300, 200, 20, 50, 200, 53)
    assert joined(split(mask, "hq"), (300, 200)) == []


@given(st.integers(1, 40), st.integers(20, 900))
def test_narrow_is_what_is_narrow_all_the_way(width: int, length: int) -> None:
    mask = blot(1000, 100, 50, 30, 50 + length, 30 + width)
    pieces = split(mask, "auto")
    assert {piece.narrow for piece in pieces} == {min(width, length) <= NARROW}
    assert not any(piece.narrow for piece in split(mask, "net"))
    assert all(max(piece.box.width, piece.box.height) <= VIEW for piece in pieces)


def test_specks_are_filled_together_and_apart_from_a_blot() -> None:
    mask = blot(1000, 1000, 600, 600, 800, 800)
    mask[::40, ::40] = True
    pieces = split(mask, "auto")
    wide = [piece for piece in pieces if not piece.narrow]
    assert len(pieces) < 80 and wide
    assert all(piece.box.left > 500 and piece.box.top > 500 for piece in wide)


def test_the_rim_of_a_blot_is_no_scratch() -> None:
    mask = np.zeros((700, 700), np.uint8)
    cv2.circle(mask, (400, 400), 150, 1, -1)  # its rim lies just beyond the squares that scratches are cut into
    assert not any(piece.narrow for piece in split(mask > 0, "auto"))


def test_a_small_picture_is_filled_at_one_go_if_its_holes_can_be_seen_past() -> None:
    stroke, large = blot(512, 512, 20, 200, 500, 240), blot(512, 512, 100, 20, 400, 500)
    assert [piece.box for piece in split(stroke, "net")] == [Box(20, 200, 500, 240)]
    assert [piece.scale < 1 for piece in split(large, "net")] == [True]

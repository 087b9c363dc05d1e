"""The measures of styles: what they say of the photo itself, of the style itself, and of the baselines."""

import numpy as np

from studio.engine.colours import transport
from tests.pictures import noise, scene
from training.evaluate.style import Judge, edge_agreement, statistics_matched

PHOTO, PAINTING = scene(96, 96, seed=1), (scene(96, 96, seed=6) // 2 + noise(96, 96) // 4).astype(np.uint8)


def test_the_photo_is_1_the_style_itself_is_near_0() -> None:
    judge = Judge()
    assert judge.ratio(PHOTO, PHOTO, PAINTING) == 1
    assert judge.ratio(PAINTING[:, ::-1].copy(), PHOTO, PAINTING) < 0.35
    assert Judge().ratio(PAINTING, PHOTO, PAINTING) == judge.ratio(PAINTING, PHOTO, PAINTING)


def test_the_baselines_come_nearer_and_keep_the_drawing() -> None:
    judge = Judge()
    matched = statistics_matched(PHOTO, PAINTING)
    coloured = transport(PHOTO, PAINTING)(PHOTO)
    assert judge.ratio(matched, PHOTO, PAINTING) < 0.8
    assert judge.ratio(coloured, PHOTO, PAINTING) < 1
    assert edge_agreement(coloured, PHOTO) > 0.6
    assert edge_agreement(PHOTO, PHOTO) > 0.999
    before, after = (np.abs(picture.mean((0, 1)) - PAINTING.mean((0, 1))).mean() for picture in (PHOTO, matched))
    assert after < 0.5 * before

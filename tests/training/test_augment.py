import numpy as np

from tests.pictures import scene
from training.augment import aged, alike, bleached, exposed, recoloured


def drawing(lightest: int, rng: np.random.Generator) -> np.ndarray:
    return np.repeat(rng.integers(60, lightest, (32, 32, 1), dtype=np.uint8), 3, 2)


def test_recolouring_changes_colours_and_keeps_the_drawing() -> None:
    rng = np.random.default_rng(1)
    rgb = drawing(200, rng)
    changed = recoloured(rgb, rng)
    assert np.abs(changed.astype(int) - rgb).mean() > 5
    assert all(np.corrcoef(rgb[..., 0].ravel(), changed[..., c].ravel())[0, 1] > 0.95 for c in range(3))


def test_exposure_keeps_what_is_lighter_lighter_up_to_white() -> None:
    rng = np.random.default_rng(2)
    rgb = drawing(256, rng)
    taken = [exposed(rgb, rng) for _ in range(40)]
    darkest, lightest = (choose(taken, key=np.mean) for choose in (min, max))
    assert darkest.mean() < 0.8 * rgb.mean() and lightest.mean() > 1.3 * rgb.mean()
    assert (lightest == 255).mean() > 0.3
    order = np.argsort(rgb, axis=None)
    for picture in taken:
        assert (np.diff(picture.ravel()[order].astype(int)) >= 0).all() and picture.dtype == np.uint8


def test_an_aged_print_has_less_contrast_and_less_blue_and_lighter_stays_lighter() -> None:
    rgb = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2)
    rng = np.random.default_rng(3)
    for _ in range(20):
        made = aged(rgb, rng)[0].astype(int)
        assert (np.diff(made, axis=0) >= 0).all()
        assert 100 < made[255, 0] - made[0, 0] <= 255
        assert (made[:, 0] >= made[:, 1]).all() and (made[:, 1] >= made[:, 2]).all()
    assert made[255, 2] < 255


def test_what_is_alike_is_one_connected_thing() -> None:
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[5:15, 5:20] = rgb[25:35, 5:20] = 200
    rng = np.random.default_rng(3)
    found = {int(alike(rgb, rng).sum()) for _ in range(60)}
    assert found == {150, 60 * 40 - 300}


def test_things_are_bleached_where_there_is_texture_and_keep_it() -> None:
    rng = np.random.default_rng(4)
    flat = np.full((64, 64, 3), 90, np.uint8)
    assert np.array_equal(bleached(flat, rng), flat)
    rgb = flat.copy()
    rgb[20:40, 20:40] = (120, 60, 60)
    rgb[20:40, 20:40] += rng.integers(0, 30, (20, 20, 1), dtype=np.uint8)
    changed = next(made for made in (bleached(rgb, rng) for _ in range(60)) if made[20:40, 20:40].mean() > 150)
    assert np.abs(changed[:14].astype(int) - rgb[:14]).max() == 0
    inside = slice(24, 36)
    before, after = (np.diff(picture[inside, inside, 1].astype(float), axis=1).ravel() for picture in (rgb, changed))
    assert np.corrcoef(before, after)[0, 1] > 0.8


def test_a_bleached_photo_is_the_same_from_the_same_seed() -> None:
    first, second = (bleached(scene(96, 64), np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (64, 96, 3) and first.dtype == np.uint8 and np.array_equal(first, second)

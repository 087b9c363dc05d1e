"""What tells good pictures from bad ones, and copies from the like."""

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.core.curation import copies, fingerprint, grey_of, light, sharpness
from tests.pictures import noise, scene


def test_blur_and_darkness_are_measured_whatever_the_size() -> None:
    for width, height in ((200, 150), (900, 700)):
        picture = scene(width, height, seed=3)
        soft = cv2.GaussianBlur(picture, (0, 0), width / 30)
        assert sharpness(grey_of(soft)) < 0.02 < sharpness(grey_of(picture))
        assert sharpness(grey_of((picture // 4 + 90).astype(np.uint8))) > 0.02, "little contrast is no blur"
        assert light(grey_of(picture // 8)) < 0.2 < light(grey_of(picture))
    assert sharpness(grey_of(np.zeros((50, 50, 3), np.uint8))) == 0


def textured(seed: int) -> np.ndarray:
    """A scene with large and small patches, as photographs have them."""
    patches = cv2.resize(noise(20, 15, seed=seed), (160, 120), interpolation=cv2.INTER_CUBIC)
    return scene(160, 120, seed) // 2 + patches // 2


def prints_of(seed: int, quality: int, scale: float) -> np.ndarray:
    """Fingerprints of a scene, of its copy as a JPEG of another size, and of another scene."""
    picture = textured(seed)
    again = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = cv2.imdecode(cv2.imencode(".jpg", again, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    assert found is not None
    return np.stack([fingerprint(one) for one in (picture, found, textured(seed + 1000))])


@given(seed=st.integers(0, 500), quality=st.integers(30, 95), scale=st.floats(0.4, 2.0))
def test_copies_are_more_alike_than_others(seed: int, quality: int, scale: float) -> None:
    prints = prints_of(seed, quality, scale)
    copy, *others = (int(np.bitwise_count(prints[a] ^ prints[b]).sum()) for a, b in ((0, 1), (0, 2), (1, 2)))
    assert 2 * copy < min(others)
    assert copies(prints, np.arange(3), 30)[2] == -1


@given(seed=st.integers(0, 500), quality=st.integers(50, 95), scale=st.floats(0.5, 2.0))
def test_copies_are_found_within_the_usual_limit(seed: int, quality: int, scale: float) -> None:
    """JPEGs of 64 x 48 px and quality 30 differ from their originals by up to 41 bits."""
    assert copies(prints_of(seed, quality, scale), np.arange(3), 30) == [-1, 0, -1]


def test_of_copies_the_first_in_order_stays() -> None:
    prints = np.zeros((4, 4), np.uint64)
    prints[2] = ~np.uint64(0)
    assert copies(prints, np.array([3, 2, 1, 0]), 10) == [3, 3, -1, -1]
    assert copies(prints[:0], np.array([], int), 10) == []

"""Small pictures of what each preset does, painted once for each model and kept."""

from pathlib import Path

import numpy as np

from studio import __version__
from studio.core.image import Picture, read_picture, resize, write_picture
from studio.engine.tasks.style import StyleRequest
from studio.library.manifest import digest
from studio.ui.context import Studio
from studio.ui.widgets.samples import sample_paths

PAINTED, SIDE = 384, 256  # px; painted larger than shown, as strokes are as wide on any picture


def of_presets(studio: Studio, model: str, presets: tuple[str, ...]) -> list[Path]:
    """One thumbnail a preset, in order; raises as the engine does."""
    folder = studio.served / "presets" / f"{studio.library.card(model).sha256[:24]}-{__version__}"
    paths = {preset: folder / f"{digest(preset.encode())[:16]}.jpg" for preset in presets}  # names can be any text
    missing = [preset for preset, path in paths.items() if not path.is_file()]
    if missing:
        picture = _subject()
        for preset in missing:
            done = studio.engine.run(StyleRequest(picture=picture, preset=preset, model=model))
            small = Picture(rgb=resize(done.picture.rgb, (SIDE, SIDE)))
            write_picture(paths[preset], small, source=done.picture.source, strip=True, quality=88)
    return list(paths.values())


def _subject() -> Picture:
    """The first sample's middle square; without samples, a drawn landscape."""
    found = sample_paths("art")
    if not found:
        return Picture(rgb=_landscape())
    rgb = read_picture(found[0]).rgb
    side = min(rgb.shape[:2])
    top, left = (rgb.shape[0] - side) // 2, (rgb.shape[1] - side) // 2
    return Picture(rgb=resize(rgb[top : top + side, left : left + side], (PAINTED, PAINTED)))


def _landscape() -> np.ndarray:
    """Sky, sun and three ridges, uint8 [PAINTED, PAINTED, 3]."""
    y, x = np.mgrid[:PAINTED, :PAINTED] / PAINTED
    sky = np.stack([0.55 + 0.4 * y, 0.7 + 0.15 * y, 0.95 - 0.2 * y], -1)
    sky[np.hypot(x - 0.7, y - 0.3) < 0.1] = (1.0, 0.85, 0.5)
    for level, colour in ((0.55, (0.45, 0.55, 0.6)), (0.68, (0.3, 0.45, 0.35)), (0.82, (0.2, 0.3, 0.15))):
        sky[y > level + 0.05 * np.sin(14 * level * x * 2 + 9 * level)] = colour
    return (255 * sky.clip(0, 1)).astype(np.uint8)

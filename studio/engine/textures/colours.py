"""Colours of a texture: a ramp from its darkest to its lightest tone."""

import re

import cv2
import numpy as np

from studio.core.errors import BadInput

NATURAL = "natural"  # the pattern's own
PALETTES: dict[str, tuple[str, ...]] = {
    "grey": ("#0c0c0c", "#f4f4f4"),
    "earth": ("#2b1d14", "#5d4028", "#93703f", "#c8a871", "#e9dcb9"),
    "forest": ("#10180c", "#2b4420", "#557035", "#97a85c", "#d9dba4"),
    "ocean": ("#04182b", "#0b4a6f", "#1f87a3", "#74c4c4", "#e2f5ef"),
    "ice": ("#2c4562", "#6f9cc0", "#b5d6e8", "#f6fbff"),
    "sunset": ("#22133d", "#6d2457", "#c4434f", "#ee8f55", "#fbdc9c"),
    "fire": ("#0d0402", "#5c1005", "#c53c08", "#f79d1e", "#fff2ab"),
    "night": ("#05060f", "#141b3a", "#31406f", "#6d7fb0", "#c9d3ee"),
    "candy": ("#5b3a8c", "#d05fa4", "#f7a1b6", "#fcd9c0", "#fff7e8"),
    "slate": ("#15191d", "#333b43", "#5b666f", "#8d979c", "#c8cdce"),
}
STEPS = 1024
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def stops_of(palette: str, colours: str, natural: tuple[str, ...]) -> tuple[str, ...]:
    """The colours asked for, from dark to light: those written out, or the palette's, or the pattern's own."""
    if colours.strip():
        found = tuple(re.split(r"[\s,;]+", colours.strip()))
        wrong = next((colour for colour in found if not _HEX.fullmatch(colour)), None)
        if wrong is not None or len(found) < 2:
            raise BadInput(
                f"'{wrong or colours}' is no row of colours; write two or more as #rrggbb, from dark to light."
            )
        return found
    return natural if palette == NATURAL else PALETTES[palette]


def painted(tone: np.ndarray, stops: tuple[str, ...]) -> np.ndarray:
    """Tones [H, W] of 0 to 1 in the colours of a ramp, float32 [H, W, 3] of 0 to 1; mixed in CIELAB."""
    levels = np.array([[int(part[i : i + 2], 16) for i in (0, 2, 4)] for part in (stop[-6:] for stop in stops)])
    lab = cv2.cvtColor((levels / 255).astype(np.float32)[None], cv2.COLOR_RGB2LAB)[0]
    places, at = np.linspace(0, 1, len(stops)), np.linspace(0, 1, STEPS)
    ramp = np.stack([np.interp(at, places, lab[:, channel]) for channel in range(3)], -1).astype(np.float32)
    table = cv2.cvtColor(ramp[None], cv2.COLOR_LAB2RGB)[0]
    return table[(tone.clip(0, 1) * (STEPS - 1)).round().astype(np.int32)]

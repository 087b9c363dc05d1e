"""Small pictures inside HTML."""

import base64
import io

import numpy as np
from PIL import Image


def data_address(rgb: np.ndarray, side: int = 0, quality: int = 85) -> str:
    """uint8 [H, W, 3] as the data: address of a JPEG, of at most `side` px if that is given."""
    image, buffer = Image.fromarray(rgb), io.BytesIO()
    if side:
        image.thumbnail((side, side))
    image.save(buffer, "JPEG", quality=quality, subsampling=0 if quality > 90 else 2)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()

"""Small pictures inside HTML."""

import base64
import io

import numpy as np
from PIL import Image


def data_address(rgb: np.ndarray) -> str:
    """uint8 [H, W, 3] as a data: address."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()

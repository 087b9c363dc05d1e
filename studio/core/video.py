"""Moving pictures out: H.264 in MP4, or GIF; written whole or not at all, with the settings and the AI mark."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput
from studio.core.provenance import PNG_KEY, DigitalSource

WRITTEN_VIDEO = (".mp4", ".gif")
QUALITY = "17"  # x264's constant rate factor: no loss that is seen


def write_video(
    path: Path | str,
    frames: Sequence[np.ndarray],
    fps: int,
    *,
    settings: Mapping[str, Any] | None = None,
    source: DigitalSource | None = None,
) -> Path:
    """Frames, uint8 [H, W, 3] of one even size, as the format that the suffix of `path` names; a GIF repeats for ever.

    The MP4's comment, or the GIF's, holds {"easel": settings, "digital_source_type": source} as JSON. Raises BadInput
    on other suffixes, StorageFull when it cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in WRITTEN_VIDEO:
        raise BadInput(f'{path.name} cannot be written as "{kind}"; use {", ".join(WRITTEN_VIDEO)}.')
    facts = ({PNG_KEY: dict(settings)} if settings else {}) | ({"digital_source_type": str(source)} if source else {})
    comment = json.dumps(facts) if facts else ""
    with write_atomic(path) as file:
        if kind == ".mp4":
            _write_mp4(file, frames, fps, comment)
        else:
            _write_gif(file, frames, fps, comment)
    return path


def _write_mp4(file: Any, frames: Sequence[np.ndarray], fps: int, comment: str) -> None:
    with av.open(file, "w", format="mp4") as container:
        if comment:
            container.metadata["comment"] = comment
        stream = container.add_stream("libx264", rate=Fraction(fps), options={"crf": QUALITY, "preset": "medium"})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"  # what every player shows
        for frame in frames:
            for packet in stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def _write_gif(file: Any, frames: Sequence[np.ndarray], fps: int, comment: str) -> None:
    first, *rest = (Image.fromarray(frame).quantize(256, dither=Image.Dither.FLOYDSTEINBERG) for frame in frames)
    facts: dict[str, Any] = {"comment": comment.encode()} if comment else {}
    first.save(file, "GIF", save_all=True, append_images=rest, duration=1000 / fps, loop=0, **facts)

"""Films that any player shows, with what made them inside."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.core.errors import BadInput
from studio.core.provenance import DigitalSource
from studio.core.video import write_video

SETTINGS = {"task": "walk", "seconds": 1.0}


def film(count: int = 12, size: int = 64) -> list[np.ndarray]:
    """A bright square that moves to the right."""
    frames = []
    for index in range(count):
        frame = np.full((size, size, 3), 40, np.uint8)
        frame[20:36, 2 + 3 * index : 18 + 3 * index] = (220, 120, 60)
        frames.append(frame)
    return frames


def test_an_mp4_holds_every_frame_at_its_time(tmp_path: Path) -> None:
    frames = film()
    path = write_video(tmp_path / "a.mp4", frames, 12, settings=SETTINGS, source=DigitalSource.GENERATED)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264" and stream.codec_context.pix_fmt == "yuv420p"
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        facts = json.loads(container.metadata["comment"])
        assert container.duration is not None and abs(container.duration / 1e6 - 1.0) < 0.1
    assert facts == {"easel": SETTINGS, "digital_source_type": "trainedAlgorithmicMedia"}
    assert len(shown) == len(frames)
    for made, real in zip(shown, frames, strict=True):
        assert np.abs(made.astype(int) - real).mean() < 4


def test_a_gif_repeats_for_ever(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.gif", film(), 10, settings=SETTINGS)
    with Image.open(path) as image:
        assert image.n_frames == 12 and image.info["loop"] == 0 and image.info["duration"] == 100
        assert json.loads(image.info["comment"]) == {"easel": SETTINGS}
        image.seek(5)
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - film()[5]).mean() < 6


def test_without_settings_there_is_no_comment(tmp_path: Path) -> None:
    with av.open(str(write_video(tmp_path / "a.mp4", film(), 10))) as container:
        assert "comment" not in container.metadata


def test_other_formats_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.mp4, \.gif"):
        write_video(tmp_path / "a.avi", film(), 10)
    with pytest.raises(av.FFmpegError):
        write_video(tmp_path / "b.mp4", [np.zeros((63, 63, 3), np.uint8)], 10)
    assert list(tmp_path.iterdir()) == []

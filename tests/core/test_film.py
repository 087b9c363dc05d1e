"""Films in: sizes, rates, sound, damage; parts joined again."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.film import even, film_frames, join, open_film, write_part
from studio.core.video import write_video
from tests.pictures import scene


def moving_frames(count: int, width: int = 64, height: int = 48) -> list[np.ndarray]:
    wide = scene(width + 2 * count, height)
    return [np.ascontiguousarray(wide[:, 2 * i : 2 * i + width]) for i in range(count)]


def sounding_film(path: Path, count: int = 30, codec: str = "aac") -> Path:
    """A film of 10 frames a second with a tone as long."""
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("libx264" if path.suffix == ".mp4" else "mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio: Any = container.add_stream(codec, rate=44100)
        for frame in moving_frames(count):
            container.mux(video.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(video.encode())
        tone = (0.3 * np.sin(np.arange(4410 * count) * 0.06)).astype(np.float32)
        sound = av.AudioFrame.from_ndarray(tone[None], format="fltp", layout="mono")
        sound.rate = 44100
        wanted = audio.codec_context.format.name if audio.codec_context.format else "fltp"
        for one in av.AudioResampler(format=wanted, layout="mono", rate=44100).resample(sound):
            container.mux(audio.encode(one))
        container.mux(audio.encode())
    return path


def sound_seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def test_a_films_facts_and_frames(tmp_path: Path) -> None:
    frames = moving_frames(12)
    film = open_film(write_video(tmp_path / "a.mp4", frames, 12))
    assert (film.size, film.fps, film.frames, film.sound) == ((64, 48), 12, 12, False)
    found = list(film_frames(film))
    assert len(found) == 12
    assert all(np.abs(a.astype(int) - b).mean() < 4 for a, b in zip(found, frames, strict=True))
    assert np.array_equal(next(film_frames(film, 5)), found[5])


def test_a_gif_is_a_film_too(tmp_path: Path) -> None:
    film = open_film(write_video(tmp_path / "a.gif", moving_frames(6, 33, 21), 10))
    assert film.size == (33, 21) and not film.sound
    assert len(list(film_frames(film))) == 6


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "aac"), ("b.mkv", "pcm_s16le")])
def test_parts_are_joined_with_the_sound(tmp_path: Path, name: str, codec: str) -> None:
    film = open_film(sounding_film(tmp_path / name, codec=codec))
    assert film.sound
    frames = [even(frame) for frame in film_frames(film)]
    assert len(frames) == 30
    counts = (13, 10, 7)
    parts = [tmp_path / f"part{index}.mp4" for index in range(3)]
    for part, count, start in zip(parts, counts, (0, 13, 23), strict=True):
        write_part(part, frames[start : start + count], film.fps)
    join(tmp_path / "whole.mp4", parts, film, counts, '{"easel": 1}')
    whole = open_film(tmp_path / "whole.mp4")
    assert whole.sound and whole.fps == film.fps
    made = list(film_frames(whole))
    assert len(made) == 30
    assert all(np.abs(a.astype(int) - b).mean() < 4 for a, b in zip(made, frames, strict=True))
    assert abs(sound_seconds(tmp_path / "whole.mp4") - 3.0) < 0.15
    join(tmp_path / "short.mp4", parts[:1], film, counts[:1])
    assert abs(sound_seconds(tmp_path / "short.mp4") - 1.3) < 0.15  # as long as the picture
    assert len(list(film_frames(open_film(tmp_path / "short.mp4")))) == 13


def test_what_is_no_film_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film at all")
    (tmp_path / "empty.mp4").write_bytes(b"")
    for name in ("text.mp4", "empty.mp4"):
        with pytest.raises(BadInput, match=f"{name} is damaged or no film"):
            open_film(tmp_path / name)
    with pytest.raises(BadInput, match="does not exist"):
        open_film(tmp_path / "none.mp4")
    with av.open(str(tmp_path / "sound.m4a"), "w", format="mp4") as container:
        stream: Any = container.add_stream("aac", rate=44100)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), format="fltp", layout="mono")
        silence.rate = 44100
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    with pytest.raises(BadInput, match="holds no moving picture"):
        open_film(tmp_path / "sound.m4a")


def test_of_a_film_cut_short_what_is_there_is_read(tmp_path: Path) -> None:
    path = sounding_film(tmp_path / "a.mkv", codec="pcm_s16le")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    found = list(film_frames(open_film(path)))
    assert 1 <= len(found) <= 30


def test_odd_sides_are_made_even() -> None:
    frame = scene(33, 21)
    made = even(frame)
    assert made.shape == (22, 34, 3)
    assert np.array_equal(made[:21, :33], frame) and np.array_equal(made[:21, 33], frame[:, 32])
    assert even(made) is made


def test_uneven_times_become_an_even_rate(tmp_path: Path) -> None:
    path = tmp_path / "uneven.mp4"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 64, 48, "yuv420p", Fraction(1, 100)
        for place, frame in zip((0, 10, 40, 50), moving_frames(4), strict=True):
            one = av.VideoFrame.from_ndarray(frame, format="rgb24")
            one.pts, one.time_base = place, Fraction(1, 100)
            container.mux(stream.encode(one))
        container.mux(stream.encode())
    film = open_film(path)
    frames = list(film_frames(film))
    assert len(frames) >= 4
    assert abs(len(frames) / float(film.fps) - 0.6) < 0.2  # as long as it was

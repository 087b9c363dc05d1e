"""Films in, and their sound out again: frames one by one, upright, at an even rate; never the whole film in memory."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.error import FFmpegError

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput

FASTEST = 120  # frames a second; some files claim thousands
COPIED = ("aac", "mp3", "ac3", "eac3", "alac")  # sound that goes into an MP4 as it is
SAMPLES = 1024  # of sound in a packet
QUALITY = "17"  # x264's constant rate factor: no loss that is seen


@dataclass(frozen=True, kw_only=True)
class Film:
    """What a film file says of itself; `frames` is an estimate, 0 when it does not tell."""

    path: Path
    size: tuple[int, int]  # width, height, as shown
    fps: Fraction
    frames: int
    sound: bool


def open_film(path: Path) -> Film:
    """The facts of an MP4, MOV, MKV, WebM, AVI or GIF file; BadInput when no picture can be had from it."""
    frame, fps, frames, sound = _looked_at(path)
    return Film(path=path, size=(frame.shape[1], frame.shape[0]), fps=fps, frames=frames, sound=sound)


def film_frames(film: Film, start: int = 0) -> Iterator[np.ndarray]:
    """The frames from number `start` on, uint8 [H, W, 3], `fps` a second: one that lasts longer comes several times.

    What is damaged is left out.
    """
    number = 0
    last: np.ndarray | None = None
    for seconds, frame in _decoded(film.path):
        shape = frame.shape[1::-1]
        if shape != film.size:  # some films change it on the way
            frame = cv2.resize(frame, film.size, interpolation=cv2.INTER_AREA)
        while last is not None and Fraction(2 * number + 1, 2) / film.fps <= seconds:
            if number >= start:
                yield last
            number += 1
        last = frame
    if last is not None and number >= start:
        yield last


def write_part(path: Path, frames: Sequence[np.ndarray], fps: Fraction) -> None:
    """Frames of one even size as a silent MP4 that `join` can put beside others."""
    with write_atomic(path) as file, av.open(file, "w", format="mp4") as container:
        # without B-frames a packet's times are its place, so that parts can be joined by moving them
        options = {"crf": QUALITY, "preset": "medium", "bf": "0"}
        stream: Any = container.add_stream("libx264", rate=fps, options=options)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"  # what every player shows
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


def join(path: Path, parts: Sequence[Path], film: Film, counts: Sequence[int], comment: str = "") -> None:
    """The parts as one MP4, with the film's sound for as long as they last; written whole or not at all."""
    with write_atomic(path) as file, av.open(file, "w", format="mp4") as container:
        if comment:
            container.metadata["comment"] = comment
        with av.open(str(parts[0])) as first:
            video = container.add_stream_from_template(first.streams.video[0])
        streams = [_video_packets(parts, counts, film.fps, video)]
        if film.sound:
            streams.append(_sound_packets(film, container, Fraction(sum(counts)) / film.fps))
        for _, packet in heapq.merge(*streams, key=lambda pair: pair[0]):
            container.mux(packet)


def even(frame: np.ndarray) -> np.ndarray:
    """The frame with its last row or column doubled where a side is odd: H.264 wants even ones."""
    bottom, right = frame.shape[0] % 2, frame.shape[1] % 2
    return cv2.copyMakeBorder(frame, 0, bottom, 0, right, cv2.BORDER_REPLICATE) if bottom or right else frame


def _looked_at(path: Path) -> tuple[np.ndarray, Fraction, int, bool]:
    """First frame, rate, estimate of frames, sound."""
    if not path.exists():
        raise BadInput(f"{path} does not exist; check the path.")
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise BadInput(f"{path.name} holds no moving picture; choose a film.")
            stream = container.streams.video[0]
            rate = stream.average_rate or stream.guessed_rate or Fraction(25)
            fps = min(max(Fraction(rate), Fraction(1)), Fraction(FASTEST))
            length = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
            if not length and container.duration:
                length = container.duration / av.time_base
            sound = bool(container.streams.audio)
    except (FFmpegError, OSError, ValueError) as error:
        raise _unreadable(path) from error
    for _, frame in _decoded(path):
        return frame, fps, max(0, round(length * float(fps))), sound
    raise _unreadable(path)


def _unreadable(path: Path) -> BadInput:
    return BadInput(f"{path.name} is damaged or no film that Easel reads; convert it to MP4, WebM or GIF.")


def _decoded(path: Path) -> Iterator[tuple[Fraction, np.ndarray]]:
    """Every frame that can be decoded, upright, and when it is shown, in seconds from the first."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        begin: Fraction | None = None
        for frame in _frames(container, stream):
            at = frame.pts * frame.time_base if frame.pts is not None and frame.time_base else None
            begin = at if begin is None else begin
            turned = frame.to_ndarray(format="rgb24")
            turns = round(getattr(frame, "rotation", 0) / 90) % 4
            yield (at or Fraction(0)) - (begin or Fraction(0)), np.ascontiguousarray(np.rot90(turned, turns))


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):  # the end, or a file cut short
            return
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _video_packets(
    parts: Sequence[Path], counts: Sequence[int], fps: Fraction, stream: Any
) -> Iterator[tuple[float, Any]]:
    before = 0
    for part, count in zip(parts, counts, strict=True):
        with av.open(str(part)) as container:
            for packet in container.demux(container.streams.video[0]):
                if packet.pts is None:
                    continue
                assert packet.time_base
                shift = round(Fraction(before) / fps / packet.time_base)
                packet.pts, packet.dts = packet.pts + shift, packet.pts + shift
                packet.stream = stream
                yield float(packet.pts * packet.time_base), packet
        before += count


def _sound_packets(film: Film, container: Any, seconds: Fraction) -> Iterator[tuple[float, Any]]:
    """The film's sound from its picture's beginning: as it is, or as AAC where MP4 does not take it."""
    with av.open(str(film.path)) as source:
        begin = Fraction(source.streams.video[0].start_time or 0) * (source.streams.video[0].time_base or 0)
    with av.open(str(film.path)) as source:
        heard = source.streams.audio[0]
        if heard.codec_context.name in COPIED:
            stream = container.add_stream_from_template(heard)
            yield from _copied(source, heard, stream, begin, seconds)
        else:
            stream = container.add_stream("aac", rate=heard.rate or 44100)
            yield from _encoded(source, heard, stream, begin, seconds)


def _copied(source: Any, heard: Any, stream: Any, begin: Fraction, seconds: Fraction) -> Iterator[tuple[float, Any]]:
    shift = round(begin / heard.time_base)
    try:
        for packet in source.demux(heard):
            if packet.pts is None or packet.pts < shift:
                continue
            packet.pts, packet.dts = packet.pts - shift, packet.pts - shift
            at = packet.pts * packet.time_base
            if at >= seconds:
                return
            packet.stream = stream
            yield float(at), packet
    except FFmpegError:  # damaged from here on
        return


def _encoded(source: Any, heard: Any, stream: Any, begin: Fraction, seconds: Fraction) -> Iterator[tuple[float, Any]]:
    rate = stream.rate
    start, done, most = 0, 0, round(seconds * rate)
    made = av.AudioResampler(format="fltp", layout=heard.layout, rate=rate)
    waiting = av.AudioFifo()
    for frame in _frames(source, heard):
        if frame.pts is None or frame.pts * frame.time_base < begin:
            continue
        if not done and not waiting.samples:
            start = round((frame.pts * frame.time_base - begin) * rate)
        frame.pts = None
        for part in made.resample(frame):
            waiting.write(part)
        while start + done < most and (chunk := waiting.read(min(SAMPLES, most - start - done), partial=False)):
            chunk.pts, chunk.time_base = start + done, Fraction(1, rate)
            done += chunk.samples
            yield from _timed(stream.encode(chunk))
    yield from _timed(stream.encode(None))


def _timed(packets: Sequence[Any]) -> Iterator[tuple[float, Any]]:
    for packet in packets:
        yield float((packet.pts or 0) * packet.time_base), packet

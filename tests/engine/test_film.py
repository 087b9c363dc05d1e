"""Films in a style: what is done is kept, what holds still does not flicker, a cut is seen."""

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from studio.core.errors import BadInput, Cancelled
from studio.core.film import film_frames, open_film
from studio.core.progress import Progress, TaskControl
from studio.core.video import write_video
from studio.engine.engine import Engine
from studio.engine.motion import Steadier, is_cut, motion_between
from studio.engine.painters import KeepsPlaces
from studio.engine.tasks import film
from studio.engine.tasks.film import FilmRequest, fitted, hangs_on_the_page, save
from studio.engine.tasks.style import painter_of
from tests.core.test_film import moving_frames, sound_seconds, sounding_film
from tests.pictures import noise, scene
from training.evaluate.art_engine import moving, warp_error


def paint(engine: Engine, path: Path, control: TaskControl | None = None, **settings: Any) -> Any:
    return engine.run(FilmRequest(video=path, **{"preset": "reeds"} | settings), control)


def test_a_film_keeps_its_size_rate_sound_and_settings(engine: Engine, tmp_path: Path) -> None:
    seen: list[Progress] = []
    done = paint(engine, sounding_film(tmp_path / "a.mp4"), TaskControl(listener=seen.append))
    (path,) = save(done, tmp_path / "out" / "a.png")
    made = open_film(path)
    assert path.suffix == ".mp4" and (made.size, made.fps, made.sound) == ((64, 48), 10, True)
    assert len(list(film_frames(made))) == 30 and abs(sound_seconds(path) - 3) < 0.15
    assert [now.step for now in seen] == list(range(1, 31)) and seen[-1].total == 30
    with av.open(str(path)) as container:
        facts = json.loads(container.metadata["comment"])
    assert facts["easel"]["preset"] == "reeds" and "composite" in facts["digital_source_type"]
    folder = done.folder
    assert folder.exists()  # as it can be saved again
    del done
    assert not folder.exists()


def test_odd_sizes_gifs_and_looks(engine: Engine, tmp_path: Path) -> None:
    path = write_video(tmp_path / "odd.gif", moving_frames(5, 33, 21), 10)
    (gif,) = save(paint(engine, path, preset="comic", colours="places"), tmp_path / "out.gif")
    assert open_film(gif).size == (34, 22) and len(list(film_frames(open_film(gif)))) == 5
    (small,) = save(paint(engine, sounding_film(tmp_path / "b.mp4"), longest=64, flicker=True), tmp_path / "b.mp4")
    assert open_film(small).size == (64, 48)
    assert fitted((1920, 1081), 960) == (960, 540) and fitted((33, 21), 64) == (33, 21)


def stopping_after(frames: int, folder: Path | None = None) -> TaskControl:
    def listen(now: Progress) -> None:
        if now.step == frames:
            control.cancel()

    control = TaskControl(listener=listen, folder=folder)
    return control


def test_a_stop_keeps_what_is_done(engine: Engine, tmp_path: Path) -> None:
    done = paint(engine, sounding_film(tmp_path / "a.mp4"), stopping_after(7))
    assert not done.whole and done.frames == 7
    (path,) = save(done, tmp_path / "out.mp4")
    assert len(list(film_frames(open_film(path)))) == 7 and abs(sound_seconds(path) - 0.7) < 0.15


def test_a_job_goes_on_where_it_was_stopped(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "PART", 4)
    path, folder = sounding_film(tmp_path / "a.mp4", 12), tmp_path / "state"
    with pytest.raises(Cancelled):
        paint(engine, path, stopping_after(6, folder))
    seen: list[Progress] = []
    done = paint(engine, path, TaskControl(listener=seen.append, folder=folder))
    assert done.whole and done.frames == 12 and seen[0].step == 7
    (made,) = save(done, tmp_path / "out.mp4")
    whole = save(paint(engine, path), tmp_path / "whole.mp4")[0]
    pairs = zip(film_frames(open_film(made)), film_frames(open_film(whole)), strict=True)
    assert max(np.abs(a.astype(int) - b).mean() for a, b in pairs) < 12


def test_bad_films_are_told_of(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(BadInput, match=r"text\.mp4 is damaged"):
        paint(engine, tmp_path / "text.mp4")
    with pytest.raises(BadInput, match="no style 'fog'"):
        paint(engine, sounding_film(tmp_path / "a.mp4", 3), preset="fog")


def test_a_steady_film_flickers_less(engine: Engine) -> None:
    frames, flows, seen = moving(scene(400, 300), noise(40, 40, seed=4), 6, (192, 144))
    painter = painter_of(FilmRequest(video=Path("a"), preset="reeds"), engine)
    mixed = painter_of(FilmRequest(video=Path("a"), preset="reeds", other="oil", colours="places"), engine)
    assert hangs_on_the_page(mixed) and not hangs_on_the_page(KeepsPlaces(painter))
    steadier = Steadier(painter)
    whole = slice(0, 144), slice(0, 192)
    steady = warp_error([steadier.paint(frame) for frame in frames], flows, seen)
    assert steady < 0.8 * warp_error([painter.paint(frame, *whole, None) for frame in frames], flows, seen)


def test_a_cut_begins_anew(engine: Engine) -> None:
    frames = [*moving_frames(3, 128, 96), *(255 - frame for frame in moving_frames(3, 128, 96))]
    painter = painter_of(FilmRequest(video=Path("a"), preset="reeds"), engine)
    steadier = Steadier(painter)
    made = [steadier.paint(frame) for frame in frames]
    assert steadier.cuts == [0, 3]
    alone = painter.paint(frames[3], slice(0, 96), slice(0, 128), painter.measure(frames[3]))
    assert np.array_equal(made[3], alone)


def test_motion_is_found_and_what_is_covered_is_not_trusted() -> None:
    grey = cv2.GaussianBlur(noise(200, 120, 1, seed=2)[..., 0], (0, 0), 2) * 3
    now, before = grey[:, 8:168], grey[:, 4:164]
    motion = motion_between(np.ascontiguousarray(before), np.ascontiguousarray(now))
    assert np.abs(np.median(motion.flow, (0, 1)) - (4, 0)).max() < 0.5
    assert motion.trust[:, :140].mean() > 0.8 > 0.5 > motion.trust[:, -3:].mean()
    assert not is_cut(before, now, motion) and is_cut(None, now, motion)

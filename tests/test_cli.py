import errno
import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import numpy as np
import pytest
import torch
from PIL import Image

from studio import __version__, cli
from studio.commands import jobs as jobs_verb
from studio.commands import train as train_verb
from studio.core.image import read_picture
from studio.core.settings import Home
from studio.core.users import Users
from studio.core.video import write_video
from studio.engine.looks import LOOKS
from studio.engine.tasks import TASKS
from studio.jobs.store import JobStore
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from tests.engine.conftest import publish
from tests.pictures import scene


@pytest.fixture
def models(home: Home) -> None:
    """Small random networks in the data folder, each as tiny-FAMILY."""
    for family in ("faces", "repair", "art", "upscale"):
        publish(Library.default(), family, f"tiny-{family}")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two pictures of one stem, one of them in a folder below, and a text that says it is a picture."""
    folder = tmp_path / "photos"
    (folder / "below").mkdir(parents=True)
    Image.fromarray(scene(60, 40)).save(folder / "a.jpg")
    Image.fromarray(scene(50, 70, 1)).save(folder / "below" / "a.png")
    (folder / "text.png").write_text("not a picture")
    return folder


@pytest.fixture
def masks(tmp_path: Path) -> Path:
    folder = tmp_path / "masks"
    (folder / "below").mkdir(parents=True)
    for name, (width, height) in {"a.png": (60, 40), "below/a.png": (50, 70), "text.png": (9, 9)}.items():
        mask = np.zeros((height, width), np.uint8)
        mask[5:25, 10:30] = 255
        Image.fromarray(mask).save(folder / name)
    return folder


class Easel:
    """Runs command lines and keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *argv: Any) -> int:
        try:
            code = cli.run([str(word) for word in argv])
        except SystemExit as error:
            code = int(error.code or 0)
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.err
        return code

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def easel(capsys: pytest.CaptureFixture[str]) -> Easel:
    return Easel(capsys)


def test_help_names_every_verb(easel: Easel) -> None:
    assert easel("--help") == 0
    assert all(f"  {verb} " in easel.out for verb in cli.VERBS)
    assert easel("--version") == 0
    assert easel.out == f"easel {__version__}\n"


@pytest.mark.parametrize(("verb", "task"), [("faces", "faces"), ("repair", "repair"), ("art", "style")])
def test_help_of_a_verb_tells_every_setting_and_its_default(easel: Easel, verb: str, task: str) -> None:
    assert easel(verb, "--help") == 0
    words = " ".join(easel.out.split())
    for item in TASKS[task].request.explained():
        assert f"--{item.name.replace('_', '-')}" in words
        assert item.metadata["help"] in words
        if isinstance(item.default, int | float | str) and not isinstance(item.default, bool):
            assert f"default: {item.default})" in words


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_has_a_help(easel: Easel, verb: str) -> None:
    assert easel(verb, "--help") == 0
    assert easel.out.startswith(f"usage: easel {verb}")


@pytest.mark.parametrize(
    "line", ["", "paint", "faces", "faces --count x -o out", "art", "repair a.png -o out", "jobs", "jobs show x"]
)
def test_wrong_usage_is_2(easel: Easel, line: str) -> None:
    assert easel(*line.split()) == 2
    assert easel.err.startswith("usage: easel")


def test_faces_are_written_with_the_settings_that_make_them_again(easel: Easel, models: None, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert easel("faces", "--model", "tiny-faces", "--count", 3, "--seed", 7, "-o", out, "--json") == 0
    assert [line["output"] for line in easel.lines] == [str(out / f"tiny-faces-{seed}.png") for seed in (7, 8, 9)]
    assert all(line["input"] is None and line["error"] is None and line["seconds"] > 0 for line in easel.lines)
    settings = read_picture(out / "tiny-faces-9.png").settings
    assert settings == easel.lines[2]["settings"]
    again = ["--count", settings["count"], "--seed", settings["seed"], "--variety", settings["variety"]]
    assert easel("faces", "--model", settings["model"], *again, "-o", tmp_path / "again", "--strip") == 0
    copy = read_picture(tmp_path / "again" / "tiny-faces-9.png")
    assert np.array_equal(copy.rgb, read_picture(out / "tiny-faces-9.png").rgb)
    assert copy.settings == {}
    assert copy.source is not None


def test_a_saved_face_is_explained(easel: Easel, models: None, tmp_path: Path) -> None:
    library = Library.default()
    net = library.load("tiny-faces")
    assert isinstance(net, FaceGAN)
    net = net.remembering(torch.nn.functional.normalize(torch.randn(5, net.config.latent)))
    library.publish("known", net, "faces", net.config, {})
    made = ["--model", "known", "--count", 1, "--seed", 7, "--sliders", "form-1=2", "-o", tmp_path]
    assert easel("faces", *made) == 0
    file, near = tmp_path / "known-7.png", tmp_path / "near"
    assert easel("explain", file, "--count", 2, "-o", near, "--json") == 0
    (told,) = easel.lines
    assert [row["file"] for row in told["neighbours"]] == [str(near / f"neighbour-{k}.png") for k in (1, 2)]
    assert read_picture(near / "neighbour-1.png").size == (16, 16) and sum(told["changed"].values()) > 0
    assert easel("explain", "7", "--model", "known") == 0 and "degrees away" in easel.out
    Image.fromarray(scene(20, 20)).save(tmp_path / "foreign.png")
    assert easel("explain", tmp_path / "foreign.png", "--model", "known") == 1
    assert easel.err.strip().endswith("choose a face that Easel saved with its settings.")


def test_nothing_is_overwritten_unless_told_so(easel: Easel, models: None, tmp_path: Path) -> None:
    line = ["faces", "--model", "tiny-faces", "--count", 1, "-o", tmp_path]
    for name in ("tiny-faces-0.png", "tiny-faces-0-2.png", "tiny-faces-0-3.png"):
        assert easel(*line) == 0
        assert easel.out.startswith(str(tmp_path / name))
    assert easel(*line, "--overwrite") == 0
    assert len(list(tmp_path.glob("*.png"))) == 3


def test_repair_of_a_folder_matches_masks_by_name_and_passes_over_a_bad_picture(
    easel: Easel, models: None, photos: Path, masks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    line = ["repair", photos, "--mask", masks, "--model", "tiny-repair", "-o", out, "--json"]
    assert easel(*line) == 1
    sentence, summary = easel.err.splitlines()
    said = "text.png is not a picture that Easel reads; convert it to PNG, JPEG, WebP, TIFF, BMP or GIF."
    assert sentence == f"easel: {said}" and summary == "easel: of 3 pictures 2 made, 0 there already, 1 failed."
    found = {line["input"]: line for line in easel.lines}
    assert found[str(photos / "text.png")]["error"] == said
    assert found[str(photos / "text.png")]["output"] is None
    for name in ("a.jpg", "below/a.png"):
        before = read_picture(photos / name)
        after = read_picture(found[str(photos / name)]["output"])
        hole = np.zeros((before.height, before.width), bool)
        hole[5:25, 10:30] = True
        assert np.array_equal(before.rgb[~hole], after.rgb[~hole])
        assert not np.array_equal(before.rgb[hole], after.rgb[hole])
        assert after.settings["task"] == "repair"
    assert (out / "a.png").exists() and (out / "below" / "a.png").exists()


def test_repair_takes_up_an_interrupted_folder(
    easel: Easel, models: None, photos: Path, masks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (photos / "text.png").unlink()
    Image.fromarray(scene(60, 40, 2)).save(photos / "a.png")  # of the same stem as a.jpg
    line = ["repair", photos, "--mask", masks, "--model", "tiny-repair", "-o", out, "--json", "--resume"]
    assert easel(*line) == 0 and easel.err == "easel: of 3 pictures 3 made, 0 there already, 0 failed.\n"
    first = {line["input"]: line["output"] for line in easel.lines}
    assert len(set(first.values())) == 3
    Path(first[str(photos / "below" / "a.png")]).unlink()
    assert easel(*line) == 0 and easel.err == "easel: of 3 pictures 1 made, 2 there already, 0 failed.\n"
    assert {line["input"]: line["output"] for line in easel.lines} == first
    assert {line["settings"]["task"] for line in easel.lines} == {"repair"}
    later = Path(first[str(photos / "a.jpg")]).stat().st_mtime + 9
    os.utime(masks / "a.png", (later, later))
    assert easel(*line) == 0 and "2 made, 1 there already" in easel.err, "by another mask it is another picture"
    assert easel(*line, "--feather", 2) == 0 and "3 made, 0 there already" in easel.err, "so it is by other settings"
    assert easel(*line, "--strip") == 1 and "leave out --strip or --resume" in easel.err


def test_repair_tells_of_masks_that_do_not_fit(
    easel: Easel, models: None, photos: Path, masks: Path, tmp_path: Path
) -> None:
    line = ["--model", "tiny-repair", "-o", tmp_path / "out"]
    assert easel("repair", photos, "--mask", masks / "a.png", *line) == 1
    assert "a.png is 60 x 40 pixels but the picture is 50 x 70" in easel.err
    assert "of 3 pictures 1 made, 0 there already, 2 failed" in easel.err, "one mask does for all of its size"
    assert easel("repair", photos / "below", "--mask", masks / "a.png", *line) == 1
    assert "a.png is 60 x 40 pixels but the picture is 50 x 70" in easel.err
    (masks / "below" / "a.png").unlink()
    assert easel("repair", photos / "below" / "a.png", photos, "--mask", masks, *line) == 1
    assert "below/a.png has no mask" in easel.err or "a.png is 60 x 40" in easel.err
    assert easel("repair", tmp_path / "gone.png", "--mask", masks, *line) == 1
    assert "gone.png does not exist" in easel.err
    black = tmp_path / "black.png"
    Image.new("L", (60, 40)).save(black)
    assert easel("repair", photos / "a.jpg", "--mask", black, *line) == 1
    assert "The mask is empty" in easel.err


def test_art_paints_files_and_folders_and_leaves_earlier_results_alone(
    easel: Easel, models: None, photos: Path, tmp_path: Path
) -> None:
    (photos / "text.png").unlink()
    line = ["art", photos, "--model", "tiny-art", "--preset", "reeds", "-o", photos / "art", "--format", "same"]
    for _ in range(2):
        assert easel(*line) == 0
    files = {str(path.relative_to(photos / "art")) for path in (photos / "art").rglob("*.*")}
    assert files == {"a.jpg", "a-2.jpg", "below/a.png", "below/a-2.png"}
    assert read_picture(photos / "art" / "a.jpg").size == (60, 40)
    assert (
        easel("art", photos / "a.jpg", photos / "below" / "a.png", *line[2:6], "-o", tmp_path / "flat", "--overwrite")
        == 0
    )
    assert {path.name for path in (tmp_path / "flat").iterdir()} == {"a.png", "a-2.png"}


@pytest.mark.parametrize(
    ("line", "size"),
    [
        ("upscale --model tiny-upscale --factor 3", (180, 120)),
        ("enhance --contrast stretch", (60, 40)),
        ("outpaint --model tiny-repair --right 0.5", (90, 40)),
        ("compose --cutout CUTOUT --width 0.2", (60, 40)),
    ],
)
def test_verbs_that_change_pictures_go_through_folders(
    easel: Easel, models: None, photos: Path, tmp_path: Path, line: str, size: tuple[int, int]
) -> None:
    words = line.replace("CUTOUT", str(photos / "a.jpg")).split()
    assert easel(*words, photos, "-o", tmp_path / "out", "--json") == 1, "one of the files is no picture"
    assert [bool(told["error"]) for told in easel.lines].count(False) == 2
    assert read_picture(tmp_path / "out" / "a.png").size == size
    assert read_picture(tmp_path / "out" / "below" / "a.png").settings["task"] == words[0]
    assert "text.png" in easel.err


def test_art_lists_its_presets_and_refuses_others(easel: Easel, models: None, photos: Path, tmp_path: Path) -> None:
    assert easel("art", "--list-presets", "--model", "tiny-art") == 0
    assert easel.out.split() == [*LOOKS, "reeds", "embers"]
    line = ["art", photos / "a.jpg", "--model", "tiny-art", "-o", tmp_path]
    assert easel(*line, "--preset", "fog", "--json") == 1
    assert (
        easel.err
        == f"easel: The model 'tiny-art' has no style 'fog'; choose one of: {', '.join(LOOKS)}, reeds, embers.\n"
    )
    assert easel.lines == [{"error": easel.err.removeprefix("easel: ").strip()}]
    assert easel(*line, "--preset", "reeds", "--strength", 2) == 1
    assert "'strength' is 2.0; it must be a number from 0.0 to 1.0" in easel.err


def test_a_film_is_painted_here_or_as_a_job(
    easel: Easel, models: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = write_video(tmp_path / "clip.mp4", [scene(64, 48, seed) for seed in range(3)], 10)
    line = ["style", clip, "--model", "tiny-art", "--preset", "embers", "-o", tmp_path / "out", "--json"]
    assert easel(*line, "--format", "gif") == 0
    (told,) = easel.lines
    assert told["frames"] == 3 and told["whole"] and told["settings"]["preset"] == "embers"
    assert Path(told["output"]) == tmp_path / "out" / "clip.gif" and Path(told["output"]).is_file()
    (tmp_path / "text.mp4").write_text("no film")
    assert easel(*[tmp_path / "text.mp4" if word is clip else word for word in line]) == 1
    assert "text.mp4 is damaged" in easel.err
    monkeypatch.setattr("studio.commands.background.ensure_worker", lambda home: None)
    assert easel(*line, "--background") == 0
    assert easel.lines[-1]["recipe"] == "film"


def test_a_missing_model_and_an_empty_folder_are_told_once(
    easel: Easel, models: None, photos: Path, masks: Path, tmp_path: Path
) -> None:
    assert easel("repair", photos, "--mask", masks, "--model", "nobody", "-o", tmp_path / "out") == 1
    assert easel.err.count("\n") == 1 and "There is no model 'nobody'" in easel.err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert easel("art", empty, "--model", "tiny-art", "--preset", "reeds", "-o", tmp_path / "out") == 1
    assert f"There is no picture in {empty}" in easel.err


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    easel: Easel, models: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert easel("faces", "--model", "tiny-faces", "-o", tmp_path / "out") == 1
    assert easel.err.count("\n") == 1 and "no room left" in easel.err
    assert list((tmp_path / "out").iterdir()) == []


def test_ctrl_c_is_130(easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(values: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs_verb, "run", interrupted)
    assert easel("jobs", "list") == 130
    assert easel.err == "easel: stopped.\n"


def test_models_are_listed_exported_imported_and_deleted(easel: Easel, models: None, tmp_path: Path) -> None:
    assert easel("models", "export", "tiny-art", tmp_path / "copy.safetensors") == 0
    assert easel("models", "import", tmp_path / "copy.safetensors", "--name", "mine") == 0
    assert easel.out == "Added the model 'mine' (art).\n"
    assert easel("models", "list", "--json") == 0
    cards = {card["name"]: card for card in easel.lines}
    assert cards["mine"]["sha256"] == cards["tiny-art"]["sha256"]
    assert easel("models", "delete", "mine") == 0
    assert easel("models", "list") == 0
    assert "tiny-art" in easel.out and "mine" not in easel.out
    assert easel("models", "delete", "mine") == 1
    assert "There is no model 'mine'" in easel.err
    (tmp_path / "evil.pt").write_bytes(b"\x80\x04")
    assert easel("models", "import", tmp_path / "evil.pt") == 1
    assert "pickle" in easel.err


def test_a_model_is_renamed_shown_checked_deleted_and_brought_back(easel: Easel, models: None) -> None:
    assert easel("models", "rename", "tiny-art", "mine") == 0
    assert easel.out == "The model 'tiny-art' is now called 'mine'.\n"
    assert easel("models", "rename", "mine", "tiny-faces") == 1
    assert "There is already a model 'tiny-faces'" in easel.err
    assert easel("models", "show", "mine") == 0
    assert "Small art" in easel.out and "goes back to: its card names no base" in easel.out
    assert easel("models", "delete", "mine") == 0
    assert easel("models", "list", "--deleted", "--json") == 0
    assert [deleted["name"] for deleted in easel.lines] == ["mine"]
    assert easel("models", "undelete") == 0
    assert easel.out == "The model 'mine' is back.\n"
    assert easel("models", "check", "mine") == 0
    assert easel.out == "mine: ok.\n"
    assert easel("models", "delete", "mine", "--forever", "--json") == 0
    assert easel.lines == [{"deleted": "mine", "forever": True}]
    assert easel("models", "undelete", "mine") == 1
    assert "There is no deleted model 'mine'" in easel.err


def test_a_deleted_model_can_be_removed_for_good_later(easel: Easel, models: None) -> None:
    assert easel("models", "delete", "tiny-art") == 0
    assert easel("models", "delete", "tiny-art", "--forever") == 0
    assert easel("models", "list", "--deleted") == 0
    assert easel.out == "No model was deleted.\n"
    assert easel("models", "delete", "tiny-art", "--forever") == 1
    assert "There is no model 'tiny-art'" in easel.err


def test_the_check_names_what_is_damaged_and_its_exit_code_says_so(easel: Easel, models: None) -> None:
    assert easel("models", "check") == 0
    path = Library.default().card("tiny-art").path
    path.write_bytes(path.read_bytes()[:-1])
    assert easel("models", "check", "--json") == 1
    states = {one["name"]: one["state"] for one in easel.lines}
    assert states.pop("tiny-art") == "damaged" and set(states.values()) == {"ok"}
    assert easel("models", "check", "tiny-art") == 1
    assert "delete it and import or train it again" in easel.out
    assert easel("models", "check", "never") == 1
    assert "There is no model 'never'" in easel.err


def test_the_chain_is_shown_and_a_missing_link_said_plainly(easel: Easel, models: None) -> None:
    library = Library.default()
    base = library.card("tiny-faces")
    net = library.load("tiny-faces")
    library.publish("tuned", net, "faces", net.config, {"title": "tuned"}, base)  # type: ignore[arg-type]
    assert easel("models", "show", "tuned") == 0
    assert "goes back to: 'tiny-faces'" in easel.out
    assert easel("models", "rename", "tiny-faces", "renamed") == 0
    assert easel("models", "show", "tuned", "--json") == 0
    assert easel.lines[0]["ancestry"][0] == {"name": "tiny-faces", "sha256": base.sha256, "model": "renamed"}
    assert easel("models", "delete", "renamed") == 0
    assert easel("models", "show", "tuned") == 0
    assert "goes back to: 'tiny-faces' (not in the library)" in easel.out


def test_a_model_travels_under_a_password(
    easel: Easel, models: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["long enough", "long enough", "long enough", "other words"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    assert easel("models", "export", "tiny-art", tmp_path, "--encrypt") == 0
    file = tmp_path / "tiny-art.easel-model"
    assert easel.out == f"{file}\n"
    assert easel("models", "export", "tiny-art", tmp_path, "--encrypt") == 1
    assert "passwords differ" in easel.err
    assert easel("models", "import", file) == 1
    assert "is encrypted; give the password" in easel.err
    for word, code in (("wrong words", 1), ("long enough", 0)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{word}\n"))
        assert easel("models", "import", file, "--name", "again", "--password-stdin") == code
        assert code == 0 or "The password is not that of tiny-art.easel-model" in easel.err
    assert easel.out == "Added the model 'again' (art).\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert easel("models", "export", "tiny-art", tmp_path, "--password-stdin") == 1
    assert "The password is empty" in easel.err


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Home]:
    """The homes a worker was asked for, of which none is started."""
    asked: list[Home] = []
    monkeypatch.setattr(train_verb, "ensure_worker", asked.append)
    monkeypatch.setattr(jobs_verb, "ensure_worker", asked.append)
    return asked


def test_a_training_is_queued_and_steered(easel: Easel, photos: Path, started: list[Home], home: Home) -> None:
    line = ["train", "faces", "--data", photos, "--name", "family", "--images", 500, "--gamma", 3.5, "--base", "faces"]
    assert easel(*line) == 0
    assert easel.out.startswith("Job 1 is queued")
    assert started == [home]
    (job,) = JobStore(home.jobs_db).list()
    assert (job.recipe, job.name, job.spec.images, job.spec.data) == ("faces", "family", 500, (str(photos),))
    assert vars(job.spec)["gamma"] == 3.5
    for action, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled"), ("retry", "queued")):
        assert easel("jobs", action, 1, "--json") == 0
        assert easel.lines[0]["state"] == state
    assert len(started) == 3
    assert easel("jobs", "list") == 0
    assert "family" in easel.out
    assert easel("jobs", "delete", 1) == 1
    assert "cancel it before you delete it" in easel.err
    assert easel("jobs", "cancel", 1) == easel("jobs", "delete", 1) == 0
    assert easel("jobs", "list") == 0
    assert easel.out == "There are no jobs yet.\n"


def test_a_training_without_pictures_is_refused_at_once(easel: Easel, tmp_path: Path, started: list[Home]) -> None:
    assert easel("train", "art", "--data", tmp_path / "gone") == 1
    assert "gone does not exist" in easel.err
    assert easel("train", "faces", "--data", tmp_path, "--images", 0) == 1
    assert "'images' is 0" in easel.err
    assert started == []


def test_waiting_follows_a_training_to_its_end(
    easel: Easel, photos: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(home: Home) -> None:
        store = JobStore(home.jobs_db)
        job = store.claim("me")
        assert job is not None
        store.beat(job.id, "me", step=job.total, total=job.total, seconds=3.0, message="loss 1")
        if job.name == "broken":
            store.fail(job.id, "me", "The pictures are too small; use larger ones.")
        else:
            store.finish(job.id, "me", model="family")

    monkeypatch.setattr(train_verb, "ensure_worker", work)
    line = ["train", "faces", "--data", photos, "--wait"]
    assert easel(*line, "--json") == 0
    assert [job["state"] for job in easel.lines] == ["queued", "done"]
    assert easel.lines[1]["model"] == "family"
    assert easel(*line, "--name", "broken") == 1
    assert "easel: The pictures are too small" in easel.err


def test_ctrl_c_while_waiting_leaves_the_job_running(
    easel: Easel, photos: Path, home: Home, started: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(train_verb.time, "sleep", interrupted)
    assert easel("train", "repair", "--data", photos, "--wait") == 130
    assert "Job 1 goes on in the background; stop it with `easel jobs cancel 1`." in easel.err
    assert JobStore(home.jobs_db).get(1).state == "queued"


def test_the_studio_is_for_this_computer_unless_there_are_users(
    easel: Easel, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[Home, dict[str, Any]]] = []
    fake = SimpleNamespace(launch=lambda *given: calls.append(given), Serving=lambda **given: given)
    monkeypatch.setitem(sys.modules, "studio.ui.server", fake)  # pyright: ignore[reportArgumentType]
    for verb in ("ui", "serve"):
        for host in ("0.0.0.0", "192.168.1.5", "::", "example.org"):
            assert easel(verb, "--host", host) == 1
            assert "`easel users add NAME` and give --auth" in easel.err
    assert easel("serve", "--rate", 0) == 1 and "--rate must be at least 1" in easel.err
    assert calls == []
    assert easel("ui", "--port", 8000, "--no-browser") == 0
    assert easel("serve", "--host", "0.0.0.0", "--auth", "--api-only", "--allow-origin", "https://a.example") == 0
    (where, local), (_, public) = calls
    assert where == home and local["port"] == 8000 and local["show"] == "" and local["users"] is None
    assert public["port"] is None  # the first that is free
    assert public["users"].path == home.users and public["api_only"] and public["origins"] == ("https://a.example",)


def test_users_are_added_listed_and_removed(easel: Easel, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long word\n"))
    assert easel("users", "add", "ann", "--password-stdin") == 0
    assert Users(home.users).accepts("ann", "a long word")
    assert easel("users", "list", "--json") == 0 and json.loads(easel.out) == {"users": ["ann"]}
    typed = iter(["one long word", "another word"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert easel("users", "add", "ann") == 1 and "differ" in easel.err
    assert easel("users", "remove", "ann") == 0
    assert easel("users", "remove", "ann") == 1 and "no user 'ann'" in easel.err


def test_pictures_are_checked_and_put_together(easel: Easel, photos: Path, tmp_path: Path) -> None:
    publish(Library.default(), "landmarks")
    assert easel("check", photos, "--subject", "any", "--smallest", 16, "--blurred", 0, "--json") == 0
    (facts,) = easel.lines
    assert (facts["usable"], facts["counts"]) == (2, {"unreadable": 1})
    clean = tmp_path / "clean"
    command = ["check", photos, "--subject", "any", "--smallest", 45, "--blurred", 0, "-o", clean]
    assert easel(*command, "--put-back", "a.jpg", "--equalise", 0.5) == 0
    assert sorted(path.name for path in clean.iterdir()) == ["00000-a.png", "00001-a.png", "data-card.json"]
    assert easel(*command) == 1 and "exists already" in easel.err
    assert easel(*command[:-1], tmp_path / "new", "--put-back", "z.jpg") == 1 and "z.jpg" in easel.err


def test_textures_of_nothing_and_of_pictures(easel: Easel, home: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sizes = ("--width", 64, "--height", 64)
    assert easel("texture", "random", "--seed", 3, "--count", 2, *sizes, "--maps", "-o", out, "--json") == 0
    assert [line["settings"]["seed"] for line in easel.lines] == [3, 4]
    wood = out / "wood-3.png"
    assert (out / "wood-3-height.png").is_file() and (out / "wood-4-normal.png").is_file()
    assert easel("texture", "seamless", wood, "-o", tmp_path / "seamless") == 0
    assert easel("texture", "example", wood, *sizes, "-o", tmp_path / "more", "--maps", "--json") == 0
    assert easel.lines[0]["settings"]["task"] == "texture_example"
    assert easel("texture", "maps", wood, "-o", tmp_path / "maps") == 0
    assert {path.name for path in (tmp_path / "maps").iterdir()} == {"wood-3-height.png", "wood-3-normal.png"}
    assert easel("texture", "example", tmp_path / "none.png", "-o", out) == 1

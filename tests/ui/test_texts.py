"""The words of the page: complete in both languages, and every one of them used."""

import re
from pathlib import Path
from string import Formatter

import pytest

from studio.jobs.spec import SPECS
from studio.ui import i18n
from studio.ui.texts import PARTS, TEXTS
from studio.ui.training_form import RECIPES, advanced_fields

ROOT = Path(__file__).parents[2]
SAME = {"header.other_language"}  # names the other language


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_it(key: str) -> None:
    english, chinese = TEXTS[key]
    assert english.strip() and chinese.strip()
    assert {f[1] for f in Formatter().parse(english)} - {None} == {f[1] for f in Formatter().parse(chinese)} - {None}
    if key not in SAME:
        assert not re.search(r"[\u4e00-\u9fff]", english)
        assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_no_key_stands_twice() -> None:
    assert sum(map(len, PARTS)) == len(TEXTS)


def test_tables_have_the_same_keys() -> None:
    tables = i18n.gradio_texts().translations
    assert set(tables) == {"en", "zh-CN", "zh"}
    assert tables["en"].keys() == tables["zh-CN"].keys() == tables["zh"].keys()


def test_every_setting_of_the_form_has_words() -> None:
    for recipe in RECIPES:
        assert recipe in SPECS
        for item in advanced_fields(recipe):
            assert f"set.{item.name}" in TEXTS and f"help.{item.name}" in TEXTS


def test_every_word_of_a_template_is_there() -> None:
    prefixes = {
        "picture_canvas": "canvas.",
        "compare": "compare.",
        "header": "header.",
        "tiling": "tiling.",
        "timeline": "timeline.",
    }
    for name, prefix in prefixes.items():
        template = (ROOT / "assets" / "ui" / f"{name}.html").read_text(encoding="utf-8")
        script = (ROOT / "assets" / "ui" / f"{name}.js").read_text(encoding="utf-8")
        names = re.findall(r'data-(?:text|title)="(\w+)"', template) + re.findall(r"words\.(\w+)", script)
        assert names
        for word in names:
            assert prefix + word in TEXTS


def test_no_word_is_left_over() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "studio" / "ui").rglob("*.py"))
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assets" / "ui").iterdir())
    made = ("set.", "help.", "state.", "recipe.", "train.effort.", "repair.method.", "jobs.", "health.")
    made += ("steer.range.", "steer.left_eye_", "steer.right_eye_", "steer.nose", "steer.mouth_")
    made += ("walk.easing.", "slider.", "send.", "enhance.", "outpaint.", "compose.")
    made += ("texture.", "reason.", "damage.find.", "oldphoto.", "upscale.subject.", "art.colours.")
    made += ("generators.", "model.", "preset.")
    made += ("texture.", "reason.", "goal.", "plan.", "prepare.", "train.step", "check.mode.")
    made += ("seamless.", "example.", "history.", "look.", "sprites.cut.", "sprites.give.", "props.")
    made += ("texture.", "reason.", "damage.find.", "oldphoto.", "upscale.subject.", "art.colours.", "art.method.")
    made += ("metric.", "models.state.", "models.data_")
    for key in TEXTS:
        short = key.split(".", 1)[1]
        used = f'"{key}"' in code.replace(f'"{key}": ', "") or f"'{key}'" in code or key.startswith(made)
        in_script = key.startswith(("canvas.", "compare.", "header.", "points.", "tiling.", "timeline.")) and re.search(
            rf"\b{re.escape(short)}\b", scripts
        )
        assert used or in_script, key


def test_words_fill_in_and_unknown_keys_are_errors() -> None:
    assert i18n.Words("en")("task.step", step=1, total=2) == "Step 1 of 2"
    assert "2" in i18n.Words("zh-CN")("task.step", step=1, total=2)
    with pytest.raises(KeyError):
        i18n.t("no.such.key")


def test_the_page_asks_for_nothing_outside() -> None:
    for path in (ROOT / "assets" / "ui").iterdir():
        found = re.findall(r"(?:https?:)?//[\w.]+\.[a-z]{2,}", path.read_text(encoding="utf-8"))
        assert set(found) <= {"http://www.w3.org"}, path

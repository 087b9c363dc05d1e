"""The errors' sentences in Chinese: one for each that is raised, and none left over."""

# ruff: noqa: RUF001 (Chinese has its own commas)

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from gradio.context import LocalContext

from studio.core import errors
from studio.core.errors import BadInput, StudioError
from studio.core.image import Picture, read_mask, read_picture
from studio.core.names import check_name
from studio.core.settings import Home
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.repair import RepairRequest
from studio.jobs.spec import FacesSpec
from studio.jobs.store import JobStore
from studio.library.store import Library
from studio.ui.events import spoken
from studio.ui.i18n import COOKIE, Words
from studio.ui.sentences import PARTS, SENTENCES, translate
from studio.ui.widgets.job_list import render

ROOT = Path(__file__).parents[2]
COMMAND_LINE = (
    "studio/commands/",
    "studio/ui/server.py",
    "studio/core/users.py",
    "training/average.py",
    "training/evaluate/",
    "training/samples/",
    "training/ship.py",
)
SHIPPING = "shipped model may have", "the shipped models have", "There is no file"  # said by training.ship alone
WORDED = {"say", "str"}  # calls that give a sentence worded elsewhere: in the page's language, or by another error
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, StudioError)}
ODD = ["图 (1).png", "a'b, c.*+?", "{0} {} {x}", "", "50% \\1 <b>", 'two\nlines "x"']


def templates(node: ast.expr, module: ast.Module) -> Iterator[str]:
    """The sentences an expression can be, values as {}: through this module's own constants and functions."""
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(_piece(part, module) for part in node.values)
    elif isinstance(node, ast.Name):
        yield from templates(_constants(module)[node.id], module)
    elif called not in WORDED:
        function = next(item for item in module.body if isinstance(item, ast.FunctionDef) and item.name == called)
        for item in ast.walk(function):
            if isinstance(item, ast.Return) and item.value:
                yield from templates(item.value, module)


def _constants(module: ast.Module) -> dict[str, ast.expr]:
    return {ast.unparse(item.targets[0]): item.value for item in module.body if isinstance(item, ast.Assign)}


def _piece(part: ast.expr, module: ast.Module) -> str:
    if isinstance(part, ast.FormattedValue):
        part = _constants(module).get(ast.unparse(part.value), part)
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}"


def spots(module: ast.Module) -> Iterator[ast.expr]:
    """Where a module says what went wrong: in an error, or in the job store as a job's error."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func).split(".")
            if called[-1] in KINDS:
                yield node.args[0]
            elif called[-1] == "fail" and len(called) > 1:
                yield node.args[-1]
        elif isinstance(node, ast.Dict):
            yield from (
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "error" and isinstance(value, ast.Name)
            )


def said() -> set[str]:
    """Every sentence that can reach the page."""
    found = set()
    for path in (path for top in ("studio", "training") for path in (ROOT / top).rglob("*.py")):
        if not path.relative_to(ROOT).as_posix().startswith(COMMAND_LINE):
            module = ast.parse(path.read_text(encoding="utf-8"))
            found |= {template for spot in spots(module) for template in templates(spot, module)}
    return {template for template in found if not any(words in template for words in SHIPPING)}


def test_every_sentence_has_its_chinese_and_none_is_left_over() -> None:
    assert said() == set(SENTENCES)


@pytest.mark.parametrize("english", [*SENTENCES, *PARTS])
def test_the_chinese_has_the_same_values(english: str) -> None:
    chinese = (SENTENCES | PARTS)[english]
    assert re.search(r"[\u4e00-\u9fff]|true", chinese)
    fields = [(name, spec) for _, name, spec, _ in Formatter().parse(chinese) if name is not None]
    assert sorted(name for name, _ in fields) == [str(index) for index in range(english.count("{}"))]
    assert {spec for _, spec in fields} <= {"", "part"}


@pytest.mark.parametrize("english", SENTENCES)
def test_odd_values_pass_as_they_are(english: str) -> None:
    for start in range(len(ODD)):
        values = [ODD[(start + index) % len(ODD)] for index in range(english.count("{}"))]
        message = english.replace("{}", "\0")
        for value in values:
            message = message.replace("\0", value, 1)
        plain = SENTENCES[english].replace(":part", "")
        assert translate(message, "zh-CN") == plain.format(*values)
        assert translate(message, "en") == message


def test_what_is_unknown_stays_english() -> None:
    assert translate("Nobody ever said this; ask.", "zh-CN") == "Nobody ever said this; ask."


def jobs(folder: Path) -> JobStore:
    store = JobStore(Home(root=folder).jobs_db)
    store.submit(FacesSpec(data=("here",)))
    return store


def repair(**settings: object) -> RepairRequest:
    picture = Picture(rgb=np.zeros((4, 4, 3), np.uint8))
    return RepairRequest(picture=picture, mask=np.ones((4, 4), bool), **settings)  # type: ignore[arg-type]


EXAMPLES: list[tuple[Callable[[Path], object], str]] = [
    (lambda folder: read_picture(folder / "猫 {0}.png"), "/猫 {0}.png 不存在；请检查路径。"),
    (lambda folder: read_picture(b""), "图片：文件为空（0 字节）；请重新下载或导出。"),
    (lambda folder: read_mask(b"x", name="The mask"), "蒙版：不是 Easel 能读取的图片"),
    (lambda folder: check_name("My Face's"), "只用小写英文字母、数字、- 和 _，例如“my-face-s”。"),
    (lambda folder: check_name("脸"), "不能使用名称 '脸'；最多 60 个字符，只用小写英文字母、数字、- 和 _。"),
    (lambda folder: FacesRequest(count=0), "设置“count”的值为 0；应为 1 到 64 之间的整数。"),
    (lambda folder: FacesRequest(variety=9), "设置“variety”的值为 9；应为 0.0 到 1.5 之间的数。"),
    (lambda folder: FacesRequest(model=1), "应为文字。"),  # type: ignore[arg-type]
    (lambda folder: repair(method="magic"), "设置“method”的值为 'magic'；应为以下之一：auto, net, hq, telea。"),
    (lambda folder: FacesSpec(data=("x",), batch=0), "设置“batch”的值为 0；应至少为 1。"),
    (lambda folder: FacesSpec(data=("x",), lr=2), "设置“lr”的值为 2；应大于 0 且不超过 1。"),
    (lambda folder: Library(folder, folder).card("done"), "没有模型“done”；请另选一个"),
    (lambda folder: jobs(folder).request(1, "retry"), "任务 1 的状态为“等待”，不能“重试”；可以暂停或取消。"),
    (lambda folder: jobs(folder).delete(1), "任务 1 的状态为“等待”；请先取消再删除。"),
]


@pytest.mark.parametrize(("fails", "chinese"), EXAMPLES, ids=[chinese for _, chinese in EXAMPLES])
def test_errors_as_they_are_raised(fails: Callable[[Path], object], chinese: str, tmp_path: Path) -> None:
    with pytest.raises(StudioError) as caught:
        fails(tmp_path)
    assert chinese in translate(str(caught.value), "zh-CN")


@pytest.mark.parametrize("state", ["queued", "running", "paused", "done", "failed", "cancelled"])
def test_every_refusal_is_wholly_chinese(state: str, tmp_path: Path) -> None:
    store = jobs(tmp_path)
    with store._connection() as db:
        db.execute("UPDATE jobs SET state = ?", (state,))
    refused = 0
    for action in ("pause", "resume", "cancel", "retry"):
        try:
            store.request(1, action)  # type: ignore[arg-type]
        except BadInput as error:
            refused += 1
            assert not re.search(r"[a-z]", translate(str(error), "zh-CN"))
        with store._connection() as db:
            db.execute("UPDATE jobs SET state = ?", (state,))
    assert refused


def test_an_error_speaks_the_pages_language() -> None:
    @spoken
    def bad() -> None:
        raise BadInput("The mask is empty; paint over what is to be filled.")

    token = LocalContext.request.set(SimpleNamespace(cookies={COOKIE: "zh-CN"}))  # type: ignore[arg-type]
    try:
        with pytest.raises(gr.Error) as caught:
            bad()
    finally:
        LocalContext.request.reset(token)
    assert (caught.value.title, caught.value.message) == ("操作未成功", "蒙版为空；请涂抹要填充的部分。")


def test_a_jobs_error_speaks_the_pages_language(tmp_path: Path) -> None:
    store = jobs(tmp_path)
    store.claim("w")
    store.fail(1, "w", "No picture of at least 48 px could be read in /a <b>; add larger pictures.")
    cards = render(store.list(), None, Words("zh-CN"))
    assert "/a &lt;b&gt; 中没有可读取的、边长至少 48 像素的图片；请添加更大的图片。" in cards

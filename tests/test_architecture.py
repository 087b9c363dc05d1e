"""The house rules, held by reading the source: who may import whom, and what nobody does."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.core.settings import assets_dir
from studio.engine.tasks import TASKS
from studio.jobs.spec import SPECS
from studio.models.families import FAMILIES
from training.recipes import RECIPES

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"pyproject.toml", "README.md", "README.zh-CN.md", "LICENSE", "studio", "training", "assets", "tests"}
MAY_EXIST = {"CHANGELOG.md"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60

# A part of the house (the longest prefix of a module's name counts) and the parts it may import.
_LIBRARIES = {"studio.models", "studio.library", "studio.jobs", "studio.core"}
_APPLICATION = {"studio.ui", "studio.engine", "studio.library", "studio.jobs", "studio.core"}
ARROWS: dict[str, set[str]] = {
    "studio": set(),
    "studio.__main__": {"studio.cli"},
    "studio.cli": {"studio.commands"} | _APPLICATION,
    "studio.commands": _APPLICATION,
    "studio.ui": _APPLICATION - {"studio.ui"},
    "studio.engine": {"studio.library", "studio.models", "studio.core"},
    "studio.library": {"studio.models", "studio.core"},
    "studio.models": {"studio.core"},
    "studio.jobs": {"studio.core"},
    "studio.core": set(),
    "training": _LIBRARIES,
    "training.worker": _LIBRARIES | {"training", "studio.engine"},
    "training.evaluate": _LIBRARIES | {"training", "studio.engine"},
}


def modules() -> dict[str, Path]:
    """Every module of studio and training by its dotted name."""
    files = (path for top in ("studio", "training") for path in sorted((ROOT / top).rglob("*.py")))
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files}
    return {name.removesuffix(".__init__"): path for path, name in names.items() if "assets" not in path.parts}


MODULES = modules()
TREES = {name: ast.parse(path.read_text(encoding="utf-8"), str(path)) for name, path in MODULES.items()}


def part(module: str) -> str:
    """The part of the house that a module belongs to."""
    return max((name for name in ARROWS if f"{module}.".startswith(f"{name}.")), key=len)


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module imports; of `from a import b` both a and a.b, as b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(tree: ast.AST) -> set[str]:
    """The parts of the house that a module imports, but for the version number."""
    found = {name for name in imports(tree) if name.split(".")[0] in ("studio", "training")}
    return {part(name) for name in found if name not in ("studio", "studio.__version__")}


def roots(tree: ast.AST) -> set[str]:
    return {name.split(".")[0] for name in imports(tree)}


def calls(tree: ast.AST) -> set[str]:
    """The names of all that is called, as written: `open`, `sys.exit`, `path.open`."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("name", TREES)
def test_a_module_imports_only_what_its_arrows_allow(name: str) -> None:
    home = part(name)
    assert ours(TREES[name]) <= ARROWS[home] | {home}


@pytest.mark.parametrize("name", TREES)
def test_what_nobody_does(name: str) -> None:
    tree = TREES[name]
    assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), "no `global`"
    assert not {"pickle", "dill", "joblib", "shelve"} & roots(tree), "weights are safetensors, nothing is pickled"
    assert not {"torch.load", "torch.save"} & calls(tree), "weights are safetensors, nothing is pickled"
    assert not {"eval", "exec"} & calls(tree)


@pytest.mark.parametrize("name", [name for name in TREES if part(name) != "studio.ui"])
def test_only_the_ui_imports_gradio(name: str) -> None:
    assert "gradio" not in roots(TREES[name])


@pytest.mark.parametrize("name", [name for name in TREES if part(name) == "studio.ui" and name != "studio.ui.events"])
def test_only_events_turns_an_error_into_one_of_gradio(name: str) -> None:
    written = {ast.unparse(node) for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute)}
    assert not {"gr.Error", "gradio.Error"} & (written | set(imports(TREES[name])))


@pytest.mark.parametrize("name", [name for name in TREES if name not in ("studio.cli", "studio.__main__")])
def test_only_the_command_exits(name: str) -> None:
    tree = TREES[name]
    tree = ast.Module(body=[node for node in tree.body if not _is_main_guard(node)], type_ignores=[])
    exits = {"sys.exit", "exit", "quit", "os._exit", "SystemExit"}
    raised = {ast.unparse(node.exc) for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc}
    assert not exits & (calls(tree) | raised)


@pytest.mark.parametrize("name", [name for name in TREES if part(name) == "studio.models"])
def test_models_open_no_file_and_pick_no_device(name: str) -> None:
    tree = TREES[name]
    assert not {"os", "io", "pathlib", "safetensors", "cv2", "PIL"} & roots(tree)
    assert "open" not in calls(tree)
    forbidden = (".cuda", ".open", "torch.device", "torch.load", ".is_available")
    assert not [call for call in calls(tree) if call.endswith(forbidden)]


@pytest.mark.parametrize("name", [name for name in TREES if part(name) == "studio.jobs"])
def test_jobs_need_no_torch(name: str) -> None:
    assert not {"torch", "torchvision", "safetensors"} & roots(TREES[name])


@pytest.mark.parametrize("name", TREES)
def test_importing_reads_and_writes_nothing(name: str) -> None:
    doing = (".read_text", ".read_bytes", ".write_text", ".write_bytes", ".mkdir", ".open", ".exists", ".is_file")
    for statement in TREES[name].body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) or _is_main_guard(statement):
            continue
        assert not [call for call in calls(statement) if call == "open" or call.endswith(doing)]


@pytest.mark.parametrize("name", TREES)
def test_files_and_functions_stay_short(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) < LONGEST_FILE
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length < LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("name", TREES)
def test_a_key_stands_once_in_a_dict(name: str) -> None:
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Dict):
            keys = [ast.unparse(key) for key in node.keys if isinstance(key, ast.Constant)]
            assert len(keys) == len(set(keys)), f"line {node.lineno}"


def test_registries_agree() -> None:
    assert set(RECIPES) == set(SPECS)
    assert {kind.recipe for kind in SPECS.values()} == set(SPECS)
    assert {trainer.family for trainer in RECIPES.values()} == set(FAMILIES), "each family has a recipe"
    assert {task.request.task for task in TASKS.values()} == set(TASKS)
    assert len({task.request for task in TASKS.values()}) == len(TASKS)


def test_the_command_answers_without_torch_or_gradio() -> None:
    heavy = "{'torch', 'gradio', 'cv2', 'numpy', 'PIL'}"
    code = f"import sys, studio.cli; print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == []


def test_the_top_level_is_as_laid_out() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True)
    top = {line.split("/")[0] for line in done.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} - MAY_EXIST == TOP_LEVEL


def test_models_that_ship_are_no_pickles() -> None:
    shipped = assets_dir() / "models"
    assert {path.suffix for path in shipped.glob("*")} <= {".safetensors", ".json", ".md"}


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"

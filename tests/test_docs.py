"""What the READMEs say is so: the table of models, the commands, the API and the links; both have one shape."""

import argparse
import ast
import dataclasses
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from torch.distributed.run import get_args_parser

from studio import cli
from studio.core.settings import assets_dir
from studio.jobs.spec import SPECS
from studio.library.manifest import read_manifest
from studio.ui.api import ENDPOINTS
from training.ship import MARKS, model_table

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = {
    "picture",
    "style_picture",
    "mask",
    "regions",
    "sprites",
    "video",
    "cutout",
    "files",
    "file",
}  # gradio_client demands them
BOTH = pytest.mark.parametrize("text", [README, CHINESE], ids=["English", "Chinese"])


def command_lines(text: str) -> list[list[str]]:
    """Every shell command of the code blocks, as words."""
    scripts = [code for language, code in BLOCK.findall(text) if language == "sh"]
    lines = (line for script in scripts for line in script.splitlines() if line)
    return [shlex.split(part) for line in lines for part in line.split(" && ")]


def inline_code(text: str) -> list[str]:
    """The `code` between the words; not the code blocks."""
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))


def easel_commands(text: str) -> list[list[str]]:
    found = command_lines(text) + [shlex.split(code) for code in inline_code(text) if code.startswith("easel ")]
    return [words[1:] for words in found if words[0] == "easel" and "VERB" not in words]


def option_strings(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every option of a parser and of the parsers below it."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from option_strings(below)


@BOTH
def test_the_models_table_is_that_of_the_manifest(text: str) -> None:
    table = text.split(MARKS[0])[1].split(MARKS[1])[0]
    assert table == model_table(read_manifest(assets_dir() / "models")), (
        "run python -m training.ship --table README.md README.zh-CN.md"
    )


@BOTH
def test_every_easel_command_parses(text: str) -> None:
    commands = easel_commands(text)
    assert {words[0] for words in commands} == set(cli.VERBS)
    for words in commands:
        cli._parser(words).parse_args(words)


@BOTH
def test_every_option_named_in_the_text_exists(text: str) -> None:
    known = {option for verb in cli.VERBS for option in option_strings(cli._parser([verb]))} | {"--resume", "--table"}
    named = {word for code in inline_code(text) for word in code.split() if word.startswith("--")}
    assert named and named <= known


@BOTH
def test_every_training_command_names_a_recipe_and_its_settings(text: str) -> None:
    trainings = [words[3:] for words in command_lines(text) if words[:3] == ["python", "-m", "training"]]
    assert {words[0] for words in trainings} == set(SPECS)
    for recipe, *words in trainings:
        settings = {item.name for item in dataclasses.fields(SPECS[recipe])} | {"run", "resume", "device"}
        assert {word[2:].replace("-", "_") for word in words if word.startswith("--")} <= settings


@BOTH
def test_torchrun_leaves_the_settings_to_the_training(text: str) -> None:
    """It has options of its own, and takes `--run` for the start of one of them."""
    ours = [words for words in command_lines(text) if words[0] == "torchrun"]
    assert ours
    for words in ours:
        taken = get_args_parser().parse_args(words[1:])
        assert (taken.module, taken.training_script) == (True, "training")
        assert taken.training_script_args[0] in SPECS and "--run" in taken.training_script_args


@BOTH
def test_every_module_named_exists(text: str) -> None:
    commands = command_lines(text) + [code.split() for code in inline_code(text)]
    modules = {words[2] for words in commands if words[:2] == ["python", "-m"]} - {"pip", "pytest"}
    for module in modules:
        path = ROOT.joinpath(*module.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


@BOTH
def test_the_api_takes_what_the_example_gives(text: str) -> None:
    functions = {}
    for module, group in (("api", "_add_training"), ("model_api", "functions")):
        tree = ast.parse((ROOT / "studio" / "ui" / f"{module}.py").read_text(encoding="utf-8"))
        (found,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == group)
        inner = [node for node in found.body if isinstance(node, ast.FunctionDef)]
        functions |= {node.name: {arg.arg for arg in node.args.args} for node in inner}
    functions |= {name: set(endpoint.names) for name, endpoint in ENDPOINTS.items()}
    (example,) = (code for language, code in BLOCK.findall(text) if language == "python")
    calls = [node for node in ast.walk(ast.parse(example)) if isinstance(node, ast.Call)]
    used = {}
    for call in calls:
        given = {str(word.arg): word.value for word in call.keywords}
        if "api_name" in given:
            used[ast.literal_eval(given["api_name"])] = set(given) - {"api_name"}
    assert set(used) == {f"/{name}" for name in functions}
    for name, parameters in functions.items():
        assert FILES & parameters <= used[f"/{name}"] <= parameters


@BOTH
def test_every_link_to_a_file_leads_somewhere(text: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    files = [link for link in links if not link.startswith(("https://", "http://"))]
    assert files
    for link in files:
        assert (ROOT / link).exists(), link


def test_both_readmes_have_one_shape() -> None:
    def shape(text: str) -> tuple[list[str], list[str], int]:
        code = BLOCK.findall(text)
        headings = re.findall(r"^(#+) ", BLOCK.sub("", text), re.MULTILINE)
        return headings, [language for language, _ in code], len(re.findall(r"^\*\*", text, re.MULTILINE))

    assert shape(README) == shape(CHINESE)
    for (language, ours), (_, theirs) in zip(BLOCK.findall(README), BLOCK.findall(CHINESE), strict=True):
        assert ours == theirs or language == "text"  # the layout's words are translated


def test_the_checks_run_the_commands_of_the_readme() -> None:
    install, tests = (" && ".join(map(shlex.join, command_lines(README)[2:4]))).split(" && ")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert tests in script
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    installed = {
        extra for found in re.findall(r"pip install -q -e \"\.\[([\w,]+)\]\"", script) for extra in found.split(",")
    }
    assert installed == set(extras), "or tests of what is optional would be skipped"
    assert install.replace("'", '"').replace("install -e", "install -q -e") in script

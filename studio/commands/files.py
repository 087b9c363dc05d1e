"""What the verbs share that turn one file into another: names of results, errors that do not stop the others."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from studio.commands.output import progress
from studio.core.batch import free_path
from studio.core.errors import BadInput, OutOfMemory
from studio.core.progress import TaskControl

Work = Callable[[Path, TaskControl], Any]


def add_file_output(parser: argparse.ArgumentParser, kind: str) -> None:
    """Where a verb's files go; `kind` says what a single one may be."""
    parser.add_argument("-o", "--output", required=True, metavar="PATH", help=f"{kind}, or a folder")
    parser.add_argument("--overwrite", action="store_true", help="replace files of that name, instead of adding -2")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def each_file(
    values: argparse.Namespace,
    inputs: Sequence[tuple[Path, Path]],
    work: Work,
    save: Callable[[Any, Path], list[Path]],
    suffixes: Collection[str],
) -> int:
    """Save `work(path, control)` for each input (path, name); the exit code.

    The output is one file if it ends in one of `suffixes`, else a folder in which results end in the first of them.
    """
    output, (suffix, *_) = Path(values.output), suffixes
    single = output.suffix.lower() in suffixes and not output.is_dir()
    if single and len(inputs) > 1:
        raise BadInput(f"{output} is one file for {len(inputs)} results; give a folder.")
    code = 0
    for path, name in inputs:
        started = time.monotonic()
        place = output if single else (output / name).with_suffix(suffix)
        facts: dict[str, Any] = {"input": str(path), "output": None, "error": None}
        try:
            with progress(path.name) as control:
                done = work(path, control)
            (written,) = save(done, place if values.overwrite else free_path(place))
            facts |= {"output": str(written), "bytes": written.stat().st_size}
        except (BadInput, OutOfMemory) as error:
            code, sentence = 1, str(error)
            facts["error"] = sentence if path.name in sentence else f"{path}: {sentence}"
            print(f"easel: {facts['error']}", file=sys.stderr, flush=True)
        facts["seconds"] = round(time.monotonic() - started, 3)
        if values.json:
            print(json.dumps(facts), flush=True)
        elif facts["output"]:
            print(f"{path} -> {facts['output']}  {facts['bytes']:,} bytes, {facts['seconds']:.1f} s", flush=True)
    return code

"""Look through pictures for a training, and put a clean set together.

Tells which pictures are unreadable, small, dark, blurred, copies of others or, where faces are wanted, without one.
With -o the others are written to a new folder as a training takes them, with a data card; NAME.txt or captions.csv
beside them are taken along. Zip files are opened.
  easel check photos party.zip -o clean --put-back anna.jpg
"""

import argparse
import json
import tempfile
from pathlib import Path

from studio.commands.listing import table
from studio.commands.options import add_json, add_settings, settings_from
from studio.commands.output import progress
from studio.core.archive import gather
from studio.core.captions import read_captions
from studio.core.errors import BadInput
from studio.engine.engine import Engine
from studio.engine.tasks.curate import Checked, CurateRequest, CurateResult, need_some, told
from studio.engine.tasks.prepare import PrepareRequest

SHARED = "subject"  # a setting of both requests


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, zip files, or folders of pictures")
    add_settings(parser, CurateRequest)
    parser.add_argument("-o", "--output", default="", metavar="DIR", help="new folder for the clean set")
    parser.add_argument("--put-back", nargs="+", default=[], metavar="NAME", help="pictures to use all the same")
    parser.add_argument("--leave-out", nargs="+", default=[], metavar="NAME", help="further pictures not to use")
    clean = parser.add_argument_group("the clean set")
    for item in PrepareRequest.explained():
        if item.name != SHARED:
            kind, low, high = type(item.default), item.metadata["low"], item.metadata["high"]
            span = "" if low is None else f"{low} to {high}; "
            help = f"{item.metadata['help']} ({span}default: {item.default})"
            clean.add_argument(f"--{item.name}", type=kind, default=item.default, metavar="X", help=help)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    add_json(parser)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(CurateRequest, values)
    engine = Engine.default(values.device)
    with tempfile.TemporaryDirectory(prefix="easel-") as scratch:
        paths = tuple(gather(values.input, Path(scratch)))
        with progress("Checked") as control:
            done = engine.run(CurateRequest(paths=paths, **settings), control)
        facts = told(done)
        if values.output:
            need_some(done)
            facts["output"] = _prepare(engine, done, values)
        _say(facts, values.json)
    return 0


def _prepare(engine: Engine, done: CurateResult, values: argparse.Namespace) -> str:
    """Write the clean set; returns its folder."""
    folder = Path(values.output)
    if folder.exists():
        raise BadInput(f"{folder} exists already; give a new folder for the clean set.")
    known = {one.path for one in done.pictures}
    back, out = (_named(done.pictures, names) for names in (values.put_back, values.leave_out))
    settings = {item.name: getattr(values, item.name) for item in PrepareRequest.explained() if item.name != SHARED}
    request = PrepareRequest(
        pictures=done.pictures,
        folder=folder,
        wanted=frozenset({one.path for one in done.usable} | back) - out,
        captions=read_captions(sorted(known), values.input),
        subject=done.subject,
        **settings,
    )
    with progress("Written") as control:
        return str(engine.run(request, control).folder)


def _named(pictures: tuple[Checked, ...], names: list[str]) -> frozenset[Path]:
    """The pictures of these names or paths; BadInput for a name that is not there."""
    found = set()
    for name in names:
        fitting = {one.path for one in pictures if name in (one.path.name, str(one.path))}
        if not fitting:
            raise BadInput(f"There is no picture '{name}' among those given; check the name.")
        found |= fitting
    return frozenset(found)


def _say(facts: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(facts))
        return
    left_out = facts["left_out"]
    assert isinstance(left_out, list)
    if left_out:
        print(table(["left out", "because"], [[row["file"], row["reason"]] for row in left_out]))
    print(f"{facts['usable']} of {facts['pictures']} pictures can be used, as a set of {facts['subject']} pictures.")
    if "output" in facts:
        print(f"The clean set lies in {facts['output']}; train with --data {facts['output']}")

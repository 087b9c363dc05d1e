"""Tell where a made face comes from: the training pictures nearest to it, what it shows, what its edits changed.

The face is a file that Easel saved with its settings, or a seed or code. Neighbours are drawn from what the model
remembers of its training pictures, and saved into the folder given with -o.
"""

import argparse
import dataclasses
import json
from pathlib import Path

from studio.commands.options import add_json
from studio.core.image import Picture, read_picture, write_picture
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks.explain import ExplainRequest, told
from studio.engine.tasks.faces import FacesRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("face", metavar="FACE", help="a saved face, or a seed or code")
    defaults = {item.name: item.default for item in ExplainRequest.explained()}
    for name, kind in (("variety", float), ("count", int), ("model", str)):
        parser.add_argument(f"--{name}", type=kind, default=defaults[name], help="(default: %(default)s)")
    parser.add_argument("-o", "--output", default="", metavar="DIR", help="folder for pictures of the neighbours")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    add_json(parser)


def run(values: argparse.Namespace) -> int:
    engine, request = Engine.default(values.device), request_for(values)
    if not request.face:  # a file's face has its code only once it is made
        saved = FacesRequest.of(read_picture(values.face).settings)
        (face,) = engine.run(dataclasses.replace(saved, count=1, enlarge=1)).faces
        request = dataclasses.replace(
            request, face=face.code, before=str(saved.seed), variety=saved.variety, model=saved.model
        )
    found = engine.run(request)
    facts = told(found)
    rows = facts["neighbours"]
    if values.output:
        for number, (row, neighbour) in enumerate(zip(rows, found.neighbours, strict=True), 1):
            place, source = Path(values.output) / f"neighbour-{number}.png", DigitalSource.GENERATED
            row["file"] = str(write_picture(place, Picture(rgb=neighbour.rgb), source=source))
    if values.json:
        print(json.dumps(facts))
        return 0
    for row in rows:
        share = f"{100 * row['closer']:.0f} % of training pictures have a nearer neighbour of their own"
        print(
            f"training picture {row['picture']}: {row['degrees']} degrees away; {share}  {row.get('file', '')}".rstrip()
        )
    print("shows (deviations): " + ", ".join(f"{key} {value:+.1f}" for key, value in facts["attributes"].items()))
    if any(facts["changed"].values()):
        print(
            "changed by edits (levels): " + ", ".join(f"{key} {value:.1f}" for key, value in facts["changed"].items())
        )
    return 0


def request_for(values: argparse.Namespace) -> ExplainRequest:
    """The request, with no face yet when a file is given."""
    face = "" if Path(values.face).is_file() else values.face
    return ExplainRequest(face=face, variety=values.variety, count=values.count, model=values.model)

"""Make portraits out of nothing. Face i uses the seed SEED + i, so `--seed` of a file makes that face again."""

import argparse
import time
from dataclasses import replace
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results
from studio.engine.engine import Engine
from studio.engine.tasks.faces import FacesRequest


def configure(parser: argparse.ArgumentParser) -> None:
    add_settings(parser, FacesRequest)
    add_output(parser, same=False)


def run(values: argparse.Namespace) -> int:
    request = FacesRequest(**settings_from(FacesRequest, values))
    engine, results = Engine.default(values.device), Results(values)
    for seed in request.seeds:  # one by one, so that each is there as soon as it is made
        started = time.monotonic()
        (face,) = engine.run(replace(request, seed=seed, count=1)).faces
        results.tell(None, results.write(face.saved, Path(face.saved.name)), face.saved, started)
    return results.code

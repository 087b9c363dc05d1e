"""Make a slider for faces from marks of your own. It then works in `easel faces --sliders NAME=1` and in the tab."""

import argparse
import json

from studio.commands.options import add_json, add_settings, settings_from
from studio.engine.engine import Engine
from studio.engine.tasks.slider import SliderRequest, keep_slider


def configure(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(refuse=parser.error)
    add_settings(parser, SliderRequest)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    add_json(parser)


def run(values: argparse.Namespace) -> int:
    if not values.name:
        values.refuse("give --name NAME")
    engine = Engine.default(values.device)
    done = engine.run(SliderRequest(**settings_from(SliderRequest, values)))
    model = keep_slider(engine.library, done)
    if values.json:
        print(json.dumps({"slider": values.name, "auc": done.auc, "model": model}))
    else:
        print(
            f"The slider '{values.name}' tells held-out faces apart with an AUC of {done.auc:.2f}; kept as '{model}'."
        )
    return 0

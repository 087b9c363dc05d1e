"""python -m training.ship NAME --from FILE [--title ...] [--licence ...] [--data ...] [--notes ...] [--metric FILE]

For maintainers: copies a trained model into assets/models and lists it in manifest.json, whose facts come from the
model's own card and from the options. At most 16 MB a model and 60 MB in all.
    python -m training.ship faces --from runs/faces-3.safetensors --title "Faces" --licence "CC BY 4.0"
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput, StudioError
from studio.core.settings import assets_dir
from studio.library.manifest import add_shipped


def read_metric(path: Path) -> dict[str, Any]:
    """The figures in a JSON file, as `python -m training.evaluate` prints them; BadInput when it holds no object."""
    try:
        metric = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as JSON; give the output of training.evaluate.") from error
    if not isinstance(metric, dict):
        raise BadInput(f"{path} holds no JSON object; give the output of training.evaluate.")
    return metric


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ship", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("name", help="name of the shipped model; one of that name is replaced")
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE", help="a model file")
    parser.add_argument("--into", type=Path, default=None, metavar="DIR", help="folder (default: assets/models)")
    for option in ("title", "licence", "data", "notes", "hardware"):
        parser.add_argument(f"--{option}", default="", help=f"{option} on the card (default: the file's own)")
    parser.add_argument("--metric", type=Path, default=None, metavar="FILE", help="JSON of training.evaluate")
    values = parser.parse_args(arguments)
    facts = {key: getattr(values, key) for key in ("title", "licence", "data", "notes", "hardware")}
    facts = {key: value for key, value in facts.items() if value}
    try:
        if values.metric:
            facts["metric"] = read_metric(values.metric)
        card = add_shipped(values.into or assets_dir() / "models", values.source, values.name, **facts)
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{card.path}: {card.bytes / 1e6:.1f} MB, sha256 {card.sha256}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

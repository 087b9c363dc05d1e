"""python -m training.evaluate NAME --data DIR [DIR ...] [settings]

Measures a model of the library beside a baseline in the same process and prints one JSON object as its last line.
A folder that holds faces/, photos/, paintings/ and eval/ in the places that PLACES names will do as the only --data.
    python -m training.evaluate perceptual --data objects/
    python -m training.evaluate faces --data faces/train --val faces/val --labels attributes.csv tags.csv
    python -m training.evaluate vae --data faces/train --val faces/val
    python -m training.evaluate repair --data photos/val
    python -m training.evaluate art --data photos/val --styles paintings/
    python -m training.evaluate landmarks --data faces/val --landmarks landmarks.npz
    python -m training.evaluate upscale-faces --data faces/val
    python -m training.evaluate codec --data photos/val
    python -m training.evaluate textures --data photos/details
    python -m training.evaluate training --data faces/train --val faces/val --labels attributes.csv
"training" takes a quarter of an hour on two cores, --quick a minute; without --data it trains on an invented person.
"""

import argparse
import json
import sys
from pathlib import Path

from studio.core.device import set_threads
from studio.core.errors import BadInput, StudioError
from studio.library.store import Library
from training.evaluate.art import evaluate_art
from training.evaluate.codec import evaluate_codec
from training.evaluate.faces import evaluate_faces
from training.evaluate.labels import evaluate_sliders
from training.evaluate.landmarks import evaluate_landmarks
from training.evaluate.perceptual import evaluate_perceptual
from training.evaluate.repair import evaluate_repair
from training.evaluate.textures import evaluate_textures
from training.evaluate.training import evaluate_training
from training.evaluate.upscale import evaluate_upscale
from training.evaluate.vae import evaluate_vae

EVALUATIONS = {
    "perceptual": evaluate_perceptual,
    "faces": evaluate_faces,
    "repair": evaluate_repair,
    "art": evaluate_art,
    "landmarks": evaluate_landmarks,
    "upscale": evaluate_upscale,
    "sliders": evaluate_sliders,
    "codec": evaluate_codec,
    "vae": evaluate_vae,
}

TOOLS = {"textures": evaluate_textures, "training": evaluate_training}  # what has figures and no model

PLACES: dict[str, dict[str, list[str]]] = {
    "perceptual": {"data": ["objects"]},
    "faces": {
        "data": ["faces/train"],
        "val": ["faces/val"],
        "labels": ["faces/attributes.csv", "faces/tags.csv"],
        "landmarks": ["faces/landmarks.npz"],
        "teacher": ["teacher/squeezenet1_1-features.safetensors"],
    },
    "repair": {"data": ["photos/val"], "set14": ["eval/set14"]},
    "art": {"data": ["photos/val"], "styles": ["paintings"]},
    "landmarks": {"data": ["faces/val"], "landmarks": ["faces/landmarks.npz"]},
    "upscale": {"data": ["eval/set14"]},
    "textures": {"data": ["photos/details"]},
    "sliders": {"data": ["faces/train"], "val": ["faces/val"], "labels": ["faces/attributes.csv", "faces/tags.csv"]},
    "codec": {"data": ["photos/val"]},
    "vae": {"data": ["faces/train"], "val": ["faces/val"]},
    "training": {"data": ["faces/train"], "val": ["faces/val"], "labels": ["faces/attributes.csv", "faces/tags.csv"]},
}
NEED_NO_DATA = ("training",)
ONE_FILE = ("landmarks", "teacher")
DISPENSABLE = ("teacher",)


def placed(values: argparse.Namespace, family: str) -> None:
    """Fill in what a lone data folder holds in the places of PLACES, unless it was given."""
    if len(values.data) != 1:
        return
    root = Path(values.data[0])
    places = {
        option: found
        for option, found in PLACES[family].items()
        if option not in DISPENSABLE or all((root / place).exists() for place in found)
    }
    if not all((root / place).exists() for found in places.values() for place in found):
        return
    for option, found in places.items():
        paths = [str(root / place) for place in found]
        if option == "data" or not getattr(values, option):
            setattr(values, option, paths[0] if option in ONE_FILE else paths)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="a model of the library, textures or training")
    parser.add_argument("--data", nargs="+", default=[], metavar="DIR", help="pictures to measure on")
    parser.add_argument(
        "--val", nargs="+", default=[], metavar="DIR", help="faces, vae, training: pictures never trained on"
    )
    parser.add_argument("--styles", nargs="+", default=[], metavar="DIR", help="art: the presets' own pictures")
    parser.add_argument("--set14", nargs="+", default=[], metavar="DIR", help="repair: pictures to enlarge")
    parser.add_argument("--landmarks", default="", metavar="FILE", help="landmarks, faces: points of --data or --val")
    parser.add_argument(
        "--samples", type=int, default=500, help="faces, vae, training: pictures to make (default: 500)"
    )
    parser.add_argument("--steering", type=int, default=50, help="faces: requests and drags to try (default: 50)")
    parser.add_argument("--labels", nargs="+", default=[], metavar="FILE", help="faces: tables of --data, for sliders")
    parser.add_argument("--teacher", default="", metavar="FILE", help="faces: squeezenet1_1 features to tell labels by")
    parser.add_argument("--quick", action="store_true", help="training: tiny sizes, to see that it works")
    values = parser.parse_args()
    if not values.data and values.name not in NEED_NO_DATA:
        parser.error(f"{values.name} is measured on pictures; give them with --data")
    try:
        set_threads()
        library = Library.default()
        if values.name in TOOLS:
            placed(values, values.name)
            print(json.dumps({"tool": values.name, **TOOLS[values.name](library, values)}))
            return 0
        card = library.card(values.name)
        if card.family not in EVALUATIONS:
            raise BadInput(f"There are no figures for models of the family '{card.family}'.")
        placed(values, card.family)
        figures = EVALUATIONS[card.family](library, values)
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"model": card.name, "family": card.family, "sha256": card.sha256[:12], **figures}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

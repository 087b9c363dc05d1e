"""The `easel` command: one verb a capability, each in a module of studio/commands that is imported when it is named.

Exit codes: 0 fine, 1 an error (one sentence on stderr), 2 wrong usage, 130 stopped with Ctrl-C.
"""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from studio import __version__
from studio.core.errors import StudioError

# A module of studio/commands has configure(parser) and run(arguments) -> exit code.
VERBS = {
    "ui": "open the studio in the browser",
    "serve": "serve the studio to programs, web sites and other people",
    "users": "say who may log in",
    "faces": "make portraits out of nothing",
    "slider": "make a slider for faces from marks of your own",
    "explain": "tell where a made face comes from",
    "portrait": "change the face in photos",
    "walk": "make a film that walks from face to face",
    "compare": "a GAN and a VAE of faces side by side",
    "outpaint": "make pictures larger at their sides",
    "compose": "paste one picture into others",
    "enhance": "better light, colour, noise and blur of pictures",
    "damage": "find the damage of old prints, as masks",
    "oldphoto": "make old photos whole in one go",
    "upscale": "enlarge pictures without blur",
    "repair": "fill the marked parts of pictures from their surroundings",
    "art": "paint pictures in a style",
    "style": "paint films in a style",
    "sprites": "sprites and sprite sheets for games: in one look, packed, unpacked",
    "props": "make props with transparency for games, and variations of one",
    "texture": "make textures that repeat without a seam",
    "compress": "make small files of pictures",
    "expand": "open files that compress made",
    "check": "look through pictures for a training and put a clean set together",
    "train": "train or fine-tune a model on your pictures, in the background",
    "jobs": "list, pause, resume, cancel, retry and delete background jobs",
    "history": "find, star, export and delete what was made in the page",
    "models": "list, show, check, rename, export, import and delete models",
}


def main() -> NoReturn:
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Carry out one command line and return its exit code; wrong usage and --help raise SystemExit."""
    values = _parser(argv).parse_args(argv)
    try:
        return importlib.import_module(f"studio.commands.{values.verb}").run(values)
    except StudioError as error:
        print(f"easel: {error}", file=sys.stderr)
        if getattr(values, "json", False):
            print(json.dumps({"error": str(error)}))
        return 1
    except KeyboardInterrupt:
        print("easel: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read us has seen enough; keep Python from complaining when it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser, with the options of the verb in `argv` only: the others' modules stay unloaded."""
    parser = argparse.ArgumentParser(
        prog="easel",
        description="A creative studio: faces, repair, art and fine-tuning, offline and on your own computer.",
        epilog="`easel VERB --help` tells more. Data lies in the user's data folder, or in EASEL_HOME if that is set.",
    )
    parser.add_argument("--version", action="version", version=f"easel {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, help in VERBS.items():
        verb = verbs.add_parser(name, help=help)
        if name in argv[:1]:
            module = importlib.import_module(f"studio.commands.{name}")
            verb.description = module.__doc__
            verb.formatter_class = argparse.RawDescriptionHelpFormatter
            module.configure(verb)
    return parser

"""python -m training.ship NAME --from FILE [--title ...] [--licence ...] [--data ...] [--notes ...] [--metric FILE]

For maintainers: copies a trained model into assets/models and lists it in manifest.json, whose facts come from the
model's own card and from the options. At most 16 MB a model and 60 MB in all. With --table: prints the table of the
shipped models, or writes it into files between the marks <!-- models:begin --> and <!-- models:end -->.
    python -m training.ship faces --from runs/faces-3.safetensors --title "Faces" --licence "CC BY 4.0"
    python -m training.ship --table README.md README.zh-CN.md
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, StudioError
from studio.core.settings import assets_dir
from studio.library.manifest import ModelCard, add_shipped, read_manifest

MARKS = ("<!-- models:begin -->\n", "<!-- models:end -->")


def model_table(cards: list[ModelCard]) -> str:
    """The cards as a Markdown table, a line each, without settings and notes."""
    head = ("Model", "Family", "Size", "Pictures seen", "Trained on", "Hardware", "Figures", "Licence")
    rows = [head, ("---", "---", "---:", "---:", "---", "---", "---", "---")]
    for card in cards:
        name = f"`{card.name}`" if card.title == card.name else f"`{card.name}`: {card.title}"
        figures = (f"{key.replace('_', ' ')} {value}" for key, value in card.metric.items() if _is_figure(value))
        size, seen = f"{card.bytes / 1e6:.1f} MB", f"{card.images_seen:,}"
        rows.append((name, card.family, size, seen, card.data, card.hardware, "; ".join(figures), card.licence))
    return "".join(f"| {' | '.join(_cell(cell) for cell in row)} |\n" for row in rows)


def write_table(path: Path, table: str) -> None:
    """Put the table between the marks of a Markdown file; BadInput when the file lacks them."""
    try:
        before, rest = path.read_text(encoding="utf-8").split(MARKS[0])
        _, after = rest.split(MARKS[1])
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} lacks the lines {MARKS[0].strip()} and {MARKS[1]}; add them, once each.") from error
    with write_atomic(path) as file:
        file.write((before + MARKS[0] + table + MARKS[1] + after).encode())


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def read_metric(path: Path) -> dict[str, Any]:
    """The figures in a JSON file, as `python -m training.evaluate` prints them, but not which model they are of.

    BadInput when it holds no object.
    """
    try:
        metric = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as JSON; give the output of training.evaluate.") from error
    if not isinstance(metric, dict):
        raise BadInput(f"{path} holds no JSON object; give the output of training.evaluate.")
    return {key: value for key, value in metric.items() if key not in ("model", "family", "sha256")}


def show_table(table: str, files: list[Path]) -> int:
    """Write the table into `files`, or print it when there are none; returns the exit code."""
    for path in files:
        write_table(path, table)
    if not files:
        print(table, end="")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ship", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("name", nargs="?", help="name of the shipped model; one of that name is replaced")
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help="a model file")
    parser.add_argument("--into", type=Path, default=None, metavar="DIR", help="folder (default: assets/models)")
    for option in ("title", "licence", "data", "notes", "hardware"):
        parser.add_argument(f"--{option}", default="", help=f"{option} on the card (default: the file's own)")
    parser.add_argument(
        "--images-seen", type=int, default=0, metavar="N", help="pictures seen (default: the file's own)"
    )
    parser.add_argument("--metric", type=Path, default=None, metavar="FILE", help="JSON of training.evaluate")
    parser.add_argument("--table", nargs="*", type=Path, metavar="FILE", help="print the table, or write it into files")
    values = parser.parse_args(arguments)
    if values.table is None and not (values.name and values.source):
        parser.error("give NAME and --from FILE, or --table")
    folder = values.into or assets_dir() / "models"
    facts = {key: getattr(values, key) for key in ("title", "licence", "data", "notes", "hardware", "images_seen")}
    facts = {key: value for key, value in facts.items() if value}
    try:
        if values.table is not None:
            return show_table(model_table(read_manifest(folder)), values.table)
        if values.metric:
            facts["metric"] = read_metric(values.metric)
        card = add_shipped(folder, values.source, values.name, **facts)
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{card.path}: {card.bytes / 1e6:.1f} MB, sha256 {card.sha256}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

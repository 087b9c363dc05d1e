"""Find, mark, export and delete what was made in the page and by the API. Results of the command line lie where you
put them, and are not in the history.

easel history list --search wood
easel history star 12
easel history export 12 13 -o textures.zip
easel history delete 12
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from studio.commands.listing import table
from studio.core.settings import Home
from studio.jobs.history import Entry, History

ACTIONS = {
    "star": "keep results whatever the quota",
    "unstar": "let results go when the quota is reached",
    "export": "write results and their settings as a zip",
    "delete": "remove results and their files",
}


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="results, newest first")
    listing.add_argument("--search", default="", metavar="WORDS", help="only those whose task or settings hold these")
    listing.add_argument("--starred", action="store_true", help="only those with a star")
    listing.add_argument("--most", type=int, default=500, metavar="N", help="how many (default: %(default)s)")
    verbs = {name: actions.add_parser(name, help=help) for name, help in ACTIONS.items()}
    for action in verbs.values():
        action.add_argument("id", nargs="+", type=int, metavar="ID", help="numbers of results, as in the list")
    verbs["export"].add_argument("-o", "--output", required=True, metavar="FILE", help="the zip; replaced if there")
    for action in (listing, *verbs.values()):
        action.add_argument("--user", default="", metavar="NAME", help="whose, where people log in")
        action.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(values: argparse.Namespace) -> int:
    history = History(Home.default())
    if values.action == "list":
        most = max(0, values.most)
        _show(history.list(values.search, starred=values.starred, owner=values.user, most=most), values.json)
    elif values.action == "export":
        path = history.export(values.id, Path(values.output), values.user)
        print(json.dumps({"output": str(path), "results": values.id}) if values.json else path)
    else:
        for id in values.id:
            if values.action == "delete":
                history.delete(id, values.user)
                facts: dict[str, Any] = {"deleted": id}
            else:
                facts = history.star(id, values.action == "star", values.user).facts()
            print(json.dumps(facts) if values.json else f"{id}: {values.action}")
    return 0


def _show(entries: list[Entry], as_json: bool) -> None:
    if as_json:
        for entry in entries:
            print(json.dumps(entry.facts()))
        return
    rows = [
        [
            str(entry.id),
            "*" if entry.star else "",
            entry.task,
            time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.created)),
            f"{entry.bytes / 1e6:.1f} MB",
            str(entry.files[0]),
        ]
        for entry in entries
    ]
    print(table(["id", "star", "task", "made", "size", "file"], rows) if rows else "The history is empty.")

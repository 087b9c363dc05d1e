"""Who may log in to a studio that other computers can reach: users are added, listed and removed."""

import argparse
import json
from pathlib import Path

from studio.commands.passwords import new_password
from studio.core.settings import Home
from studio.core.users import Users


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="add a user, or give another password")
    remove = actions.add_parser("remove", help="remove a user")
    for action in (add, remove):
        action.add_argument("name", help="the user's name")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    for action in (add, remove, actions.add_parser("list", help="list the users")):
        action.add_argument("--file", type=Path, help="file of users (default: in the data folder)")
        action.add_argument("--json", action="store_true", help="print JSON")


def run(values: argparse.Namespace) -> int:
    users = Users(values.file or Home.default().users)
    if values.action == "add":
        users.put(values.name, new_password(values.password_stdin))
    elif values.action == "remove":
        users.remove(values.name)
    print(json.dumps({"users": users.names()}) if values.json else "\n".join(users.names()))
    return 0

"""Open the studio in the browser, or in a window of its own.

It listens on this computer only, unless --host says otherwise.
"""

import argparse

from studio.commands.serve import add_address, users_of
from studio.core.settings import Home


def configure(parser: argparse.ArgumentParser) -> None:
    add_address(parser)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    shown.add_argument("--window", action="store_true", help="a window of its own, without the browser's bars")


def run(values: argparse.Namespace) -> int:
    home = Home.default()
    users = users_of(values, home)
    from studio.ui.server import Serving, launch  # takes seconds to import: not for --help or a refusal

    show = "" if values.no_browser else "window" if values.window else "browser"
    launch(home, Serving(host=values.host, port=values.port, device=values.device, users=users, show=show))
    return 0

"""Serve the studio to programs, web sites and other people.

It listens on this computer only, unless --host says otherwise.
"""

import argparse
from pathlib import Path

from studio.core.errors import BadInput
from studio.core.network import is_loopback
from studio.core.settings import Home
from studio.core.users import Users


def configure(parser: argparse.ArgumentParser) -> None:
    add_address(parser)
    parser.add_argument("--api-only", action="store_true", help="the endpoints alone, without the page")
    parser.add_argument("--mcp", action="store_true", help="the endpoints as tools of an MCP server, too")
    parser.add_argument(
        "--allow-origin", action="append", default=[], metavar="URL", help="a web site whose pages may call the studio"
    )
    parser.add_argument(
        "--rate",
        type=int,
        default=600,
        metavar="N",
        help="requests a minute for each user or address of other computers (default: %(default)s)",
    )
    parser.add_argument(
        "--max-upload", type=int, default=200, metavar="MB", help="largest file that is taken (default: %(default)s)"
    )
    parser.add_argument(
        "--max-jobs", type=int, default=20, metavar="N", help="trainings that may wait at once (default: %(default)s)"
    )
    parser.add_argument("--read-only", action="store_true", help="no model is added, renamed or deleted")


def add_address(parser: argparse.ArgumentParser) -> None:
    """What `serve` and `ui` share: where, on what, and for whom."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, metavar="N", help="port to listen on (default: the first free one from 7860)"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    parser.add_argument(
        "--auth",
        nargs="?",
        const="",
        metavar="FILE",
        help="ask for a user and password; needed for other hosts than this one. FILE of users (default: in the data "
        "folder, see `easel users`)",
    )


def users_of(values: argparse.Namespace, home: Home) -> Users | None:
    """The users that --auth names; BadInput when others could come in without."""
    if values.auth is None and not is_loopback(values.host):
        raise BadInput(
            f"With --host {values.host} anyone on the network could use this studio; add users with "
            "`easel users add NAME` and give --auth as well."
        )
    return None if values.auth is None else Users(Path(values.auth) if values.auth else home.users)


def run(values: argparse.Namespace) -> int:
    for name in ("rate", "max_upload", "max_jobs"):
        if getattr(values, name) < 1:
            raise BadInput(f"The option --{name.replace('_', '-')} must be at least 1.")
    home = Home.default()
    users = users_of(values, home)
    from studio.ui.server import Serving, launch  # takes seconds to import: not for --help or a refusal

    serving = Serving(
        host=values.host,
        port=values.port,
        device=values.device,
        users=users,
        api_only=values.api_only,
        mcp=values.mcp,
        origins=tuple(values.allow_origin),
        rate=values.rate,
        upload_mb=values.max_upload,
        jobs=values.max_jobs,
        read_only=values.read_only,
    )
    launch(home, serving)
    return 0

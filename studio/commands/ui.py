"""Open the studio in the browser. It listens on this computer only, unless --host says otherwise."""

import argparse

from studio.core.errors import BadInput
from studio.core.network import is_loopback
from studio.core.settings import Home


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, metavar="N", help="port to listen on (default: the first free one from 7860)"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="ask for these; needed for other hosts than this one")


def run(values: argparse.Namespace) -> int:
    user, _, password = (values.auth or "").partition(":")
    if values.auth is not None and not (user and password):
        raise BadInput("The option --auth needs a name and a password; write --auth USER:PASSWORD.")
    if values.auth is None and not is_loopback(values.host):
        raise BadInput(
            f"With --host {values.host} anyone on the network could use this studio; give --auth USER:PASSWORD as well."
        )
    from studio.ui.app import launch_app  # takes seconds to import: not for --help or a refusal

    launch_app(
        home=Home.default(),
        host=values.host,
        port=values.port,
        device=values.device,
        open_browser=not values.no_browser,
        auth=(user, password) if values.auth else None,
    )
    return 0

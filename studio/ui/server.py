"""The server behind the page: where it listens, who may come in, and what lies beside the page.

GET /health tells whether the studio works, without a login; GET /endpoints lists the endpoints, with `api_only` GET /
does, too.
"""

import importlib.util
import logging
import shutil
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from typing import Any

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from studio import __version__
from studio.core.errors import BadInput
from studio.core.network import is_loopback
from studio.core.settings import Home, assets_dir
from studio.core.users import Users
from studio.engine.engine import Engine
from studio.jobs.launch import ensure_worker, worker_runs
from studio.jobs.store import JobStore
from studio.library.store import Library
from studio.ui.api import ADDRESS, ENDPOINTS, OTHERS
from studio.ui.app import build_api, build_app
from studio.ui.context import Studio, results_dir, served_dir, use_served_dir
from studio.ui.early import EarlyScript
from studio.ui.guard import OwnFiles, RateLimit, SameOrigin, reply
from studio.ui.i18n import gradio_texts
from studio.ui.theme import make_theme
from studio.ui.window import open_window

FIRST_PORT = 7860
LOG_BYTES = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Serving:
    """How the studio is served; the words are those of `easel serve --help`."""

    host: str = "127.0.0.1"
    port: int | None = None
    device: str = "auto"
    users: Users | None = None
    api_only: bool = False
    mcp: bool = False
    origins: tuple[str, ...] = ()
    rate: int = 600
    upload_mb: int = 200
    jobs: int = 20
    read_only: bool = False
    show: str = ""  # "browser", "window" or nothing

    @property
    def local(self) -> bool:
        return is_loopback(self.host)


def launch(home: Home, serving: Serving) -> None:
    """Serve until interrupted.

    BadInput for a host that others can reach without users, a port that is taken, or a missing MCP package.
    """
    _check(serving)
    _keep_log(home)
    use_served_dir(home)
    library = Library(assets_dir() / "models", home.models, read_only=serving.read_only)
    studio = Studio(
        engine=Engine(library, serving.device),
        library=library,
        store=JobStore(home.jobs_db),
        home=home,
        local=serving.local,
        most_jobs=serving.jobs,
    )
    page = build_api(studio) if serving.api_only else build_app(studio)
    ensure_worker(home)
    try:
        page.launch(
            server_name=serving.host,
            server_port=serving.port,
            inbrowser=serving.show == "browser",
            auth=serving.users.accepts if serving.users else None,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            mcp_server=serving.mcp,
            **launch_options(studio, serving),
        )
    except OSError as error:
        port = serving.port or FIRST_PORT
        raise BadInput(f"The port {port} is taken; close the other program, or give another --port.") from error
    address = str(page.local_url)
    print(f"Easel runs at {address}", flush=True)
    if serving.show == "window":
        open_window(address)
    page.block_thread()


def _check(serving: Serving) -> None:
    if not serving.local and serving.users is None:
        raise BadInput(f"{serving.host} can be reached by other computers; add users and give --auth.")
    if serving.users is not None and not serving.users.names():
        raise BadInput(f"There are no users in {serving.users.path} yet; add one with `easel users add NAME`.")
    if serving.mcp and importlib.util.find_spec("mcp") is None:
        raise BadInput("The option --mcp needs the package 'mcp'; install it with pip install 'easel[mcp]'.")


def _keep_log(home: Home) -> None:
    """Refusals and damaged models into the data folder's log, besides the console."""
    home.root.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(home.log, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.getLogger("easel").addHandler(handler)


def launch_options(studio: Studio, serving: Serving) -> dict[str, Any]:
    """What `launch` needs besides an address: looks, words, limits, and what stands before the page."""
    home, folder = studio.home, assets_dir() / "ui"
    script = (folder / "page.js").read_text(encoding="utf-8")
    served_dir(home).mkdir(parents=True, exist_ok=True)
    private = (home.models, home.uploads, home.runs, home.favourites, home.history, home.jobs_db, home.users, home.log)
    middleware = [
        Middleware(SameOrigin, origins=serving.origins, local=serving.local),
        Middleware(RateLimit, rate=0 if serving.local else serving.rate),
        Middleware(OwnFiles, results=results_dir(home)),
        Middleware(Facts, studio=studio, api_only=serving.api_only),
        Middleware(EarlyScript, script=script),
    ]
    return {
        "theme": make_theme(),
        "css_paths": [folder / "easel.css"],
        "app_kwargs": {"middleware": middleware},
        "i18n": gradio_texts(),
        "favicon_path": str(folder / "favicon.svg"),
        "footer_links": [],
        "max_file_size": f"{serving.upload_mb}mb",
        "allowed_paths": [],
        "blocked_paths": [str(path) for path in private],
        "strict_cors": True,
        "ssr_mode": False,
        "enable_monitoring": False,
        "show_error": False,
        "run_history": False,
        "pwa": not serving.api_only,
    }


class Facts:
    """ASGI middleware: /health, and in place of the page what there is to call."""

    def __init__(self, app: ASGIApp, studio: Studio, api_only: bool) -> None:
        self.app, self.studio, self.api_only = app, studio, api_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["path"] if scope["type"] == "http" and scope["method"] == "GET" else ""
        if asked.rstrip("/") == "/health":
            await reply(send, self.health(), cache_control="no-store")
        elif scope["type"] == "http" and scope["method"] == "HEAD" and scope["path"] == "/":
            await reply(send, {})  # Gradio gives up at the start after 3 s, which a busy computer needs for its page
        elif asked.rstrip("/") == ADDRESS or (asked == "/" and self.api_only):
            names = [f"/{name}" for name in (*ENDPOINTS, *OTHERS)]
            await reply(send, {"easel": __version__, "endpoints": names, "described": "/gradio_api/info"})
        else:
            await self.app(scope, receive, send)

    def health(self) -> dict[str, Any]:
        """Whether the studio works, in numbers that give nothing away."""
        states = [job.state for job in self.studio.store.list()]
        free = shutil.disk_usage(self.studio.home.root).free
        return {
            "status": "ok" if free > 200e6 else "disk nearly full",
            "easel": __version__,
            "device": str(self.studio.engine.device),
            "worker": worker_runs(self.studio.home),
            "jobs": {state: states.count(state) for state in ("queued", "running")},
            "free_gb": round(free / 1e9, 1),
        }

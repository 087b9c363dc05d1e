"""The page: five tabs on one engine, kept up to date by one timer; and the server behind it."""

from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from studio.core.errors import BadInput
from studio.core.network import is_loopback
from studio.core.settings import Home, assets_dir
from studio.engine.engine import Engine
from studio.jobs.launch import ensure_worker
from studio.jobs.store import JobStore
from studio.library.store import Library
from studio.ui import api
from studio.ui.context import Studio, served_dir, use_served_dir
from studio.ui.early import EarlyScript
from studio.ui.events import POLL
from studio.ui.i18n import gradio_texts, t, words_of
from studio.ui.tabs import training
from studio.ui.tabs.art import ArtTab
from studio.ui.tabs.create import CreateTab
from studio.ui.tabs.faces import FacesTab
from studio.ui.tabs.repair import RepairTab
from studio.ui.theme import make_theme
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.scripted import scripted
from studio.ui.widgets.task_panel import Values

POLL_SECONDS = 1.5
MAX_UPLOAD = "200mb"
CACHE_SECONDS = (3600, 86_400)  # how often Gradio's files are looked through, and how old they may grow


def build_app(engine: Engine, library: Library, store: JobStore, home: Home, *, local: bool = True) -> gr.Blocks:
    """The whole page. `local`: only this computer can open it, so folders of it may be named."""
    use_served_dir(home)
    studio = Studio(engine=engine, library=library, store=store, home=home, local=local)
    with gr.Blocks(title="Easel", analytics_enabled=False, delete_cache=CACHE_SECONDS) as page:
        scripted("header", elem_id="header", words="header.")
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab(t("tab.faces"), id="faces"):
                faces = FacesTab(studio, page)
            with gr.Tab(t("tab.repair"), id="repair"):
                repair = RepairTab(studio)
            with gr.Tab(t("tab.art"), id="art"):
                art = ArtTab(studio, page)
            with gr.Tab(t("tab.training"), id="training"):
                board, pictures = training.build(studio)
            with gr.Tab(t("tab.create"), id="create"):
                CreateTab(studio)
        faces.steering.on_send(tabs, {"repair": repair.input, "art": art.input}, pictures)
        api.build(studio)
        _keep_up_to_date(page, studio, board, [faces.model, repair.model, art.model])
    return page


def _keep_up_to_date(page: gr.Blocks, studio: Studio, board: training.Board, models: list[ModelChoice]) -> None:
    """Once at load and then every POLL_SECONDS: the jobs, and the models of every tab when the library changed."""
    known = gr.State(None)
    choices = [model.component for model in models]

    def poll(values: Values, request: gr.Request) -> Values:
        jobs = studio.store.list()
        updates = board.refreshed(values[board.selected], values[board.seen], words_of(request), jobs)
        names = [studio.models(model.family) for model in models]
        if names != values[known]:
            updates[known] = names
            updates |= {model.component: model.refreshed(values[model.component]) for model in models}
        return updates

    inputs, outputs = {known, *board.inputs, *choices}, [known, *board.outputs, *choices]
    page.load(poll, inputs, outputs, **POLL)
    gr.Timer(POLL_SECONDS).tick(poll, inputs, outputs, **POLL)


def launch_app(
    *,
    home: Home,
    host: str = "127.0.0.1",
    port: int | None = None,
    device: str = "auto",
    open_browser: bool = True,
    auth: tuple[str, str] | None = None,
) -> None:
    """Serve the studio until it is interrupted. `port` None takes the first free one from 7860 on.

    BadInput for a host that other computers can reach without `auth` (user, password), or a port that is taken.
    """
    local = is_loopback(host)
    if not local and auth is None:
        raise BadInput(f"{host} can be reached by other computers; give a user and a password, or use 127.0.0.1.")
    use_served_dir(home)
    library = Library(assets_dir() / "models", home.models)
    store = JobStore(home.jobs_db)
    page = build_app(Engine(library, device), library, store, home, local=local)
    ensure_worker(home)
    try:
        page.launch(
            server_name=host,
            server_port=port,
            inbrowser=open_browser,
            auth=auth,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            **launch_options(home),
        )
    except OSError as error:
        raise BadInput(f"The port {port or 7860} is taken; close the other program, or give another --port.") from error
    print(f"Easel runs at {page.local_url}", flush=True)
    page.block_thread()


def launch_options(home: Home) -> dict[str, Any]:
    """What `launch` needs besides an address: looks, words and limits."""
    folder = assets_dir() / "ui"
    script = (folder / "page.js").read_text(encoding="utf-8")
    served_dir(home).mkdir(parents=True, exist_ok=True)
    return {
        "theme": make_theme(),
        "css_paths": [folder / "easel.css"],
        "app_kwargs": {"middleware": [Middleware(EarlyScript, script=script)]},
        "i18n": gradio_texts(),
        "favicon_path": str(folder / "favicon.svg"),
        "footer_links": [],
        "max_file_size": MAX_UPLOAD,
        "allowed_paths": [],
        "blocked_paths": [str(path) for path in (home.models, home.uploads, home.runs, home.favourites, home.jobs_db)],
        "strict_cors": True,
        "ssr_mode": False,
        "enable_monitoring": False,
        "show_error": False,
        "run_history": False,
    }

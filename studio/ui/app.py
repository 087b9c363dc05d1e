"""The page: seven tabs on one engine, kept up to date by one timer."""

import gradio as gr

from studio.ui import api
from studio.ui.context import Studio, use_served_dir
from studio.ui.events import POLL
from studio.ui.i18n import t, words_of
from studio.ui.tabs import training
from studio.ui.tabs.art import ArtTab
from studio.ui.tabs.create import CreateTab
from studio.ui.tabs.faces import FacesTab
from studio.ui.tabs.history import HistoryTab, Taker
from studio.ui.tabs.models import ModelsTab
from studio.ui.tabs.repair import RepairTab
from studio.ui.widgets.board import Board
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.scripted import scripted
from studio.ui.widgets.task_panel import Values

POLL_SECONDS, IDLE_SECONDS = 1.5, 4.0  # while a job waits or runs, and else: each look costs the browser work
CACHE_SECONDS = (3600, 86_400)  # how often Gradio's files are looked through, and how old they may grow


def build_api(studio: Studio) -> gr.Blocks:
    """The endpoints without a page."""
    use_served_dir(studio.home)
    with gr.Blocks(title="Easel", analytics_enabled=False, delete_cache=CACHE_SECONDS) as page:
        api.build(studio)
    return page


def build_app(studio: Studio) -> gr.Blocks:
    """The whole page."""
    use_served_dir(studio.home)
    page = gr.Blocks(title="Easel", analytics_enabled=False, delete_cache=CACHE_SECONDS)
    home = page.current_page
    # A page of their own spares the browser their components, a third of all. They come first: of equal names Gradio
    # numbers the later ones, and a handler may bear an endpoint's.
    with page.route("Endpoints", api.ADDRESS, show_in_navbar=False):
        api.build(studio)
    page.current_page = home
    with page:
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
                create = CreateTab(studio)
            with gr.Tab(t("tab.history"), id="history"):
                takers = {"repair": Taker.canvas(repair.input), "art": Taker.canvas(art.input)}
                takers["faces"] = Taker(faces.restored, lambda file, settings: faces.restored_from(file))
                takers["create"] = Taker(create.restored, create.restored_from)
                HistoryTab(studio, page, tabs, takers)
            with gr.Tab(t("tab.models"), id="models") as models:
                ModelsTab(studio, models)
        faces.steering.on_send(tabs, {"repair": repair.input, "art": art.input}, pictures)
        choices = [faces.model, repair.model, art.model, create.props.model, *create.generators.models]
        _keep_up_to_date(page, studio, board, choices)
    return page


def _keep_up_to_date(page: gr.Blocks, studio: Studio, board: Board, models: list[ModelChoice]) -> None:
    """Once at load and then again and again: the jobs, and the models of every tab when the library changed."""
    known, timer = gr.State(None), gr.Timer(POLL_SECONDS)
    choices = [model.component for model in models]

    def poll(values: Values, request: gr.Request) -> Values:
        jobs = studio.store.list()
        updates = board.refreshed(
            values[board.selected], values[board.seen], words_of(request), jobs, values[board.tools.other]
        )
        wanted = POLL_SECONDS if any(job.state in ("queued", "running") for job in jobs) else IDLE_SECONDS
        if values[timer] != wanted:
            updates[timer] = gr.Timer(wanted)
        names = [studio.models(model.family) for model in models]
        if names != values[known]:
            updates[known] = names
            updates |= {model.component: model.refreshed(values[model.component]) for model in models}
        return updates

    inputs, outputs = {known, timer, *board.inputs, *choices}, [known, timer, *board.outputs, *choices]
    page.load(poll, inputs, outputs, **POLL)
    timer.tick(poll, inputs, outputs, **POLL)

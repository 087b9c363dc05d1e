"""History: what was made in every tab, to find again, to mark, to go on with, to take along or to throw away."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block, BlockContext
from gradio.components import Component

from studio.core.errors import BadInput
from studio.jobs.history import Entry
from studio.ui.context import Studio, asking_user
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.texts import TEXTS
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.task_panel import Values
from studio.ui.widgets.tiles import tiles

MOST = 500  # shown; a search finds older ones
CREATED = ("texture", "texture_example", "texture_seamless", "compare")
PLACES = {"faces": "faces", "style": "art"} | dict.fromkeys(CREATED, "create")
"""task -> the tab that takes its result up again; others go on in Repair."""
UNSHOWN = ("task", "easel")  # settings that say nothing of the result


@dataclass(frozen=True)
class Taker:
    """How a tab takes a result up again: `take(file, settings)` gives the new values of `outputs`."""

    outputs: list[Any]
    take: Callable[[Path, dict[str, Any]], Values]

    @classmethod
    def canvas(cls, target: PictureInput) -> "Taker":
        """One that lays the result on a canvas."""
        return cls(target.outputs, lambda file, settings: target.taken(file, file.name))


class HistoryTab:
    """Draws the tab. `takers` (tab -> its taker) take results up again."""

    def __init__(self, studio: Studio, page: gr.Blocks, tabs: gr.Tabs, takers: dict[str, Taker]) -> None:
        self.studio, self.tabs, self.takers = studio, tabs, takers
        self.ids, self.chosen, self.deleted = gr.State([]), gr.State(None), gr.State(None)
        gr.Markdown(t("history.lead"), elem_classes="ez-lead")
        with gr.Row(equal_height=False):
            self.search = gr.Textbox(label=t("history.search"), info=t("history.search_info"), elem_id="history-search")
            self.starred = gr.Checkbox(label=t("history.starred"), value=False, elem_id="history-starred")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320):
                self.gallery = tiles("faces", columns=8, elem_id="history-gallery", label=t("tab.history"))
                self.count = gr.Markdown(elem_id="history-count", elem_classes="ez-facts")
            with gr.Column(scale=2, min_width=280, visible=False, elem_classes="ez-panel") as self.panel:
                self._draw_chosen()
        self.listed: list[Component | BlockContext] = [self.gallery, self.ids, self.chosen, self.count, self.panel]
        self._connect(page)

    def _draw_chosen(self) -> None:
        self.picture = gr.Image(show_label=False, interactive=False, buttons=[], elem_id="history-picture")
        self.facts = gr.Markdown(elem_id="history-facts", elem_classes="ez-facts")
        self.restore = gr.Button(t("history.restore"), variant="primary", elem_id="history-restore")
        self.star = gr.Button(t("history.star"), size="sm", elem_id="history-star")
        self.save = gr.DownloadButton(t("history.export"), size="sm", elem_id="history-export")
        self.delete = gr.Button(t("history.delete"), size="sm", elem_id="history-delete")

    def _connect(self, page: gr.Blocks) -> None:
        asked: Any = {self.search, self.starred, self.chosen}
        # one event, which waits for its own last answer: of several lists asked for, the last is what stays
        causes = [page.load, self.tabs.select, self.search.change, self.starred.input, self.deleted.change]
        gr.on(causes, spoken(self._list), asked, self.listed, trigger_mode="always_last", **LIGHT)
        shown: list[Block] = [self.chosen, self.panel, self.picture, self.facts, self.star, self.save]
        self.gallery.select(spoken(self._choose), {self.ids}, shown, **LIGHT)
        self.star.click(spoken(self._star), {self.chosen}, shown, **LIGHT)
        self.delete.click(spoken(self._delete), {self.chosen}, [self.deleted, self.chosen, self.panel], **LIGHT)
        targets = [block for taker in self.takers.values() for block in taker.outputs]
        self.restore.click(spoken(self._restore), {self.chosen}, [self.tabs, *targets], **LIGHT)

    def _list(self, values: Values) -> Values:
        """The results as they are now; one that is chosen stays so as long as it is among them."""
        chosen, search, starred = values[self.chosen], values[self.search] or "", bool(values[self.starred])
        owner = asking_user() or ""
        entries = self.studio.history.list(search, starred=starred, owner=owner, most=MOST)
        folder = self.studio.new_folder()
        items = [str(_beside(entry.thumbnail, folder / f"{entry.id}.webp")) for entry in entries]
        words = here()("history.count", count=len(entries), megabytes=round(self.studio.history.size() / 1e6))
        ids = [entry.id for entry in entries]
        there = chosen in ids
        shown: Values = {
            self.gallery: gr.update(value=items, selected_index=ids.index(chosen) if there else None),
            self.ids: ids,
            self.count: words,
        }
        return shown if there or chosen is None else shown | self._none_chosen()

    def _none_chosen(self) -> Values:
        return {self.chosen: None, self.panel: gr.update(visible=False)}

    def _choose(self, values: Values, event: gr.SelectData) -> Values:
        return self._shown(self.studio.history.get(values[self.ids][event.index], asking_user() or ""))

    def _shown(self, entry: Entry) -> Values:
        folder, say = self.studio.new_folder(), here()
        zipped = self.studio.history.export([entry.id], folder / f"easel-{entry.id}.zip", entry.owner)
        picture = _beside(entry.files[0], folder / entry.files[0].name)
        viewable = picture.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp", ".gif")
        return {
            self.chosen: entry.id,
            self.panel: gr.update(visible=True),
            self.picture: gr.update(value=str(picture) if viewable else None, visible=viewable),
            self.facts: _facts(entry),
            self.star: gr.update(value=say("history.unstar" if entry.star else "history.star")),
            self.save: str(zipped),
        }

    def _entry(self, values: Values) -> Entry:
        if values[self.chosen] is None:
            raise BadInput("No result is chosen; choose one of the history.")
        return self.studio.history.get(values[self.chosen], asking_user() or "")

    def _star(self, values: Values) -> Values:
        entry = self._entry(values)
        return self._shown(self.studio.history.star(entry.id, not entry.star, entry.owner))

    def _delete(self, values: Values) -> Values:
        entry = self._entry(values)
        self.studio.history.delete(entry.id, entry.owner)
        return self._none_chosen() | {self.deleted: entry.id}

    def _restore(self, values: Values) -> Values:
        """The result back in the tab that made it."""
        entry = self._entry(values)
        place = PLACES.get(entry.task, "repair")
        file = _beside(entry.files[0], self.studio.new_folder() / entry.files[0].name)
        return self.takers[place].take(file, entry.settings) | {self.tabs: gr.update(selected=place)}


def _beside(file: Path, path: Path) -> Path:
    """The file where the browser may fetch it, by a link where the disk has them."""
    try:
        os.link(file, path)
    except OSError:
        shutil.copyfile(file, path)
    return path


def _facts(entry: Entry) -> str:
    """When it was made, by which task, with which settings; Markdown."""
    key = f"history.task.{entry.task}"
    title = here()(key) if key in TEXTS else entry.task
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.created))
    made = {name: value for name, value in entry.settings.items() if name not in UNSHOWN and value not in ("", None)}
    lines = [f"- {name}: `{str(value)[:60]}`" for name, value in made.items()]
    return "\n".join([f"**{title}** · {when}", "", *lines])

"""Models: what the library holds, where each comes from, and its keeping: names, files, integrity, undo."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import BadInput, StudioError
from studio.core.image import read_picture
from studio.library import encryption, trash
from studio.library.store import Integrity, ModelCard
from studio.ui import model_samples
from studio.ui.context import Studio
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import Words, t
from studio.ui.inline import data_address
from studio.ui.sentences import translate
from studio.ui.widgets.model_cards import ModelCards, Tile, facts, render
from studio.ui.widgets.task_panel import Values

TILE_SIDE, SHOWN_SIDE = 300, 640  # px of the samples in the cards and beside them


class ModelsTab:
    """Draws the tab; `tab` is the gr.Tab it is drawn in. What changes the library is hidden where that may not be."""

    def __init__(self, studio: Studio, tab: gr.Tab) -> None:
        self.studio, self.may_change = studio, not studio.library.read_only
        self.chosen, self.states, self.removed = gr.State(""), gr.State({}), gr.State("")
        with gr.Row(equal_height=False, elem_classes="ez-headline"):
            gr.Markdown(t("models.lead" if self.may_change else "models.read_only"), elem_classes="ez-lead")
            self.check_all = gr.Button(t("models.check_all"), size="sm", scale=0, elem_id="models-check-all")
        self.report = gr.Markdown(visible=False, elem_id="models-report")
        with gr.Row(visible=False, equal_height=True, elem_classes="ez-undo") as self.undo_row:
            self.deleted = gr.Markdown(elem_id="models-deleted")
            self.undo = gr.Button(t("models.undo"), size="sm", min_width=90, scale=0, elem_id="models-undo")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320):
                self.cards = ModelCards(elem_id="models-cards")
                self._draw_import()
                self._draw_trash()
            with gr.Column(scale=3, min_width=320, visible=False, elem_classes="ez-panel") as self.panel:
                self._draw_chosen()
        self._connect(tab)

    def _draw_chosen(self) -> None:
        self.facts = ModelCards(elem_id="models-facts")
        with gr.Row(equal_height=True, elem_classes="ez-field") as self.rename_row:
            self.name = gr.Textbox(
                label=t("models.new_name"), info=t("models.new_name_info"), max_lines=1, elem_id="models-name"
            )
            self.rename = gr.Button(t("models.rename"), min_width=110, scale=0, elem_id="models-rename")
        with gr.Row(equal_height=True, elem_classes="ez-field"):
            self.password = gr.Textbox(
                label=t("models.password"),
                info=t("models.password_info"),
                type="password",
                max_lines=1,
                elem_id="models-password",
            )
            self.export = gr.Button(t("models.export"), min_width=110, scale=0, elem_id="models-export")
        self.file = gr.DownloadButton(visible=False, variant="primary", elem_id="models-download")
        with gr.Row():
            self.check = gr.Button(t("models.check"), size="sm", elem_id="models-check")
            self.delete = gr.Button(t("models.delete"), size="sm", elem_id="models-delete")

    def _draw_import(self) -> None:
        with gr.Accordion(t("models.import"), open=False, visible=self.may_change, elem_id="models-import"):
            self.given = gr.File(
                label=t("models.import_file"),
                file_types=[".safetensors", encryption.SUFFIX],
                height=130,
                elem_id="models-file",
            )
            self.given_name = gr.Textbox(label=t("models.import_name"), max_lines=1, elem_id="models-import-name")
            self.given_password = gr.Textbox(
                label=t("models.import_password"),
                type="password",
                max_lines=1,
                visible=False,
                elem_id="models-import-password",
            )
            self.take = gr.Button(t("models.import_go"), variant="primary", elem_id="models-import-go")

    def _draw_trash(self) -> None:
        with gr.Accordion(t("models.trash"), open=False, visible=False, elem_id="models-trash") as self.trash:
            self.trash_info = gr.Markdown(elem_classes="ez-facts")
            self.trashed = gr.Dropdown(label=t("models.trash_choice"), choices=[], elem_id="models-trashed")
            with gr.Row():
                self.undelete = gr.Button(t("models.undelete"), size="sm", elem_id="models-undelete")
                self.forget = gr.Button(t("models.forget"), size="sm", elem_id="models-forget")

    @property
    def _shown(self) -> list[Block]:
        """What `_panel` sets."""
        parts: list[Block] = [self.chosen, self.panel, self.facts.component, self.rename_row, self.name]
        return [*parts, self.password, self.file, self.delete]

    @property
    def _listed(self) -> list[Block]:
        """What `_listing` sets."""
        parts: list[Block] = [self.states, self.removed, self.cards.component, self.report, self.undo_row, self.deleted]
        return [*self._shown, *parts, self.trash, self.trash_info, self.trashed]

    def _connect(self, tab: gr.Tab) -> None:
        known: Any = {self.chosen, self.states}
        tab.select(spoken(self._open), known, self._listed, **LIGHT)
        self.cards.on_model(spoken(self._choose), inputs={self.states}, outputs=self._shown, **LIGHT)
        self.facts.on_model(spoken(self._follow), inputs={self.states}, outputs=self._listed, **LIGHT)
        checks: Any = [(self.check_all, lambda values: self.studio.library.names()), (self.check, self._one)]
        for button, names in checks:
            self._on(button, lambda values, names=names: self._checked(values, names(values)), known)
        self._on(self.rename, self._rename, {self.chosen, self.name})
        self.export.click(spoken(self._export), {self.chosen, self.password}, [self.file, self.password], **LIGHT)
        self._on(self.delete, self._delete, {self.chosen})
        self._on(self.undo, self._undo, {self.removed})
        self._on(self.undelete, self._undelete, {self.trashed})
        confirm = "(name) => confirm(document.querySelector('[data-forget]').dataset.forget) ? name : null"
        self.forget.click(spoken(self._forget), {self.trashed}, self._listed, js=confirm, **LIGHT)
        given: list[Block] = [self.given, self.given_name, self.given_password]
        self.take.click(spoken(self._import), set(given), [*self._listed, *given], **LIGHT)
        for change in (self.given.upload, self.given.clear):
            change(spoken(self._sealed), {self.given}, [self.given_password], **LIGHT)

    def _on(self, button: gr.Button, handler: Any, inputs: Any) -> None:
        button.click(spoken(handler), inputs, self._listed, **LIGHT)

    def _open(self, values: Values) -> Iterator[Values]:
        """The models at once; then, drawn anew once, with the samples that had to be made."""
        states = values[self.states]
        yield self._listing(values[self.chosen], states=states)
        lacking = [tile.card for tile in self._tiles(states) if tile.card and not tile.sample]
        made = [card.name for card in lacking if self._made(card)]
        if made:
            yield {self.cards.component: render(self._tiles(states), here())}

    def _made(self, card: ModelCard) -> bool:
        """Whether a sample could be made; a card without one shows a letter."""
        with suppress(StudioError):
            return model_samples.can_make(card) and bool(model_samples.make(self.studio, card))
        return False

    def _tiles(self, states: dict[str, str]) -> list[Tile]:
        """Every model, own ones first and of these the newest."""
        tiles = [self._tile(name, states.get(name, "")) for name in self.studio.library.names()]
        return sorted(tiles, key=lambda tile: tile.card.created if tile.is_own and tile.card else "", reverse=True)

    def _tile(self, name: str, state: str, side: int = TILE_SIDE) -> Tile:
        try:
            card = self.studio.library.card(name)
        except StudioError:
            return Tile(name=name, card=None, state=state or self.studio.library.check(name).state)
        if not card.path.is_file():
            return Tile(name=name, card=card, state="missing")
        return Tile(name=name, card=card, sample=self._sample(card, side), state=state)

    def _sample(self, card: ModelCard, side: int) -> str:
        path = model_samples.kept(self.studio, card)
        try:
            return data_address(read_picture(path).rgb, side) if path else ""
        except StudioError:
            return ""

    def _listing(self, chosen: str = "", *, states: dict[str, str] | None = None, removed: str = "") -> Values:
        """Everything as the library is now, with the model `chosen` open; `removed` can be undone."""
        say, library, states = here(), self.studio.library, states or {}
        names = [deleted.name for deleted in library.deleted()]
        choices = list(dict.fromkeys(names)) if self.may_change else []
        return {
            self.states: states,
            self.removed: removed,
            self.cards.component: render(self._tiles(states), say, chosen),
            self.report: gr.update(visible=False),
            self.undo_row: gr.update(visible=bool(removed)),
            self.deleted: say("models.deleted", name=removed) if removed else "",
            self.trash: gr.update(visible=bool(choices)),
            self.trash_info: say("models.trash_info", gigabytes=f"{trash.MOST_BYTES / 1e9:g}"),
            self.trashed: gr.update(choices=choices, value=choices[0] if choices else None),
        } | self._panel(chosen, states, say)

    def _panel(self, name: str, states: dict[str, str], say: Words) -> Values:
        """The model `name` beside the cards; nothing there when it is no longer in the library."""
        there = name in self.studio.library.names()
        tile = self._tile(name, states.get(name, ""), SHOWN_SIDE) if there else Tile(name="", card=None)
        own = there and tile.is_own and self.may_change
        chain = self.studio.library.ancestry(name) if tile.card else []
        return {
            self.chosen: tile.name,
            self.panel: gr.update(visible=there),
            self.facts.component: facts(tile, chain, say) if there else "",
            self.rename_row: gr.update(visible=own and tile.card is not None),
            self.name: name,
            self.password: "",
            self.file: gr.update(value=None, visible=False),
            self.delete: gr.update(visible=own),
        }

    def _choose(self, values: Values, event: gr.EventData) -> Values:
        return self._panel(str(event.name), values[self.states], here())

    def _follow(self, values: Values, event: gr.EventData) -> Values:
        """A model of a chain was clicked."""
        return self._listing(str(event.name), states=values[self.states])

    def _one(self, values: Values) -> list[str]:
        if not values[self.chosen]:
            raise BadInput("No model is chosen; choose one of the list.")
        return [values[self.chosen]]

    def _checked(self, values: Values, names: list[str]) -> Values:
        """The files of these models compared with their checksums; what is wrong stands above the cards."""
        found = [self.studio.library.check(name) for name in names]
        states = values[self.states] | {one.name: one.state for one in found}
        report = _report(found, here())
        tell = gr.Info if all(one.state == "ok" for one in found) else gr.Warning
        tell(report.splitlines()[0])
        return self._listing(values[self.chosen], states=states) | {self.report: gr.update(value=report, visible=True)}

    def _rename(self, values: Values) -> Values:
        (name,) = self._one(values)
        return self._listing(self.studio.library.rename(name, (values[self.name] or "").strip()).name)

    def _export(self, values: Values) -> Values:
        (name,) = self._one(values)
        path = self.studio.library.export_model(name, self.studio.new_folder(), values[self.password] or "")
        label = here()("models.download", file=path.name)
        return {self.file: gr.update(value=str(path), label=label, visible=True), self.password: ""}

    def _delete(self, values: Values) -> Values:
        (name,) = self._one(values)
        self.studio.library.delete(name)
        return self._listing(removed=name if any(one.name == name for one in self.studio.library.deleted()) else "")

    def _undo(self, values: Values) -> Values:
        return self._back(values[self.removed])

    def _undelete(self, values: Values) -> Values:
        return self._back(values[self.trashed] or "")

    def _back(self, name: str) -> Values:
        back = self.studio.library.undelete(name)
        gr.Info(here()("models.back", name=back))
        return self._listing(back)

    def _forget(self, values: Values) -> Values:
        name = values[self.trashed]
        if not name:  # the page asked, and the answer was no
            return {self.trash: gr.skip()}
        self.studio.library.forget(name)
        gr.Info(here()("models.gone", name=name))
        return self._listing()

    def _sealed(self, values: Values) -> Values:
        """A password is asked for where the file has one."""
        sealed = bool(values[self.given]) and encryption.is_encrypted_file(Path(values[self.given]))
        return {self.given_password: gr.update(value="", visible=sealed)}

    def _import(self, values: Values) -> Values:
        if not values[self.given]:
            raise BadInput("No file is chosen yet; choose one that Easel exported.")
        path, name = self.studio.uploaded(values[self.given]), (values[self.given_name] or "").strip()
        card = self.studio.library.import_model(path, name, values[self.given_password] or "")
        gr.Info(here()("models.imported", name=card.name))
        cleared = {self.given: None, self.given_name: "", self.given_password: gr.update(value="", visible=False)}
        return self._listing(card.name) | cleared


def _report(found: list[Integrity], say: Words) -> str:
    """What a check found, as Markdown."""
    bad = [one for one in found if one.state != "ok"]
    if bad:
        lines = [f"- {translate(one.remedy, say.language)}" for one in bad]
        return "\n".join([say("models.some_bad", bad=len(bad), count=len(found)), "", *lines])
    return say("models.one_ok", name=found[0].name) if len(found) == 1 else say("models.all_ok", count=len(found))

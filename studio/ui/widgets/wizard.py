"""The wizard of trainings: 1 pictures, 2 check, 3 what to make, 4 speed against quality. The tab has 5, watching."""

from typing import Any, cast

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.jobs.goals import EFFORTS, GOALS, goal_of, plan_for
from studio.jobs.spec import TrainingSpec
from studio.jobs.store import Job
from studio.ui.context import Studio
from studio.ui.events import POLL, here
from studio.ui.i18n import t
from studio.ui.training_form import RECIPES, advanced_fields, spec_for, submit
from studio.ui.widgets.check_panel import Board, CheckPanel
from studio.ui.widgets.probe_panel import ProbePanel
from studio.ui.widgets.task_panel import Values

PROBED = 64  # pictures that a measurement of speed reads


class Wizard:
    """What to train, on which pictures, for how long."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._step(1)
        self.files = gr.File(
            label=t("train.files"),
            file_count="multiple",
            file_types=["image", ".zip", ".txt", ".csv"],
            height=150,
            elem_id="train-files",
        )
        self.folder = gr.Textbox(
            label=t("train.folder"),
            info=t("train.folder_info"),
            placeholder="/home/me/pictures",
            visible=studio.local,
            elem_id="train-folder",
        )
        self._step(2)
        self.check = CheckPanel(studio)
        self._step(3)
        self.goal = gr.Radio(
            label=t("train.goal"),
            choices=[(t(f"goal.{goal}"), goal) for goal in GOALS],
            value=next(iter(GOALS)),
            elem_id="train-goal",
        )
        self.plan = gr.Markdown(elem_id="train-plan", elem_classes="ez-check")
        self.name = gr.Textbox(label=t("train.name"), placeholder="my-person", max_lines=1, elem_id="train-name")
        self._step(4)
        self.probe = ProbePanel(studio)
        self._advanced()
        self.start = gr.Button(t("train.start"), variant="primary", size="lg", elem_id="train-start")
        self._connect()

    def _step(self, number: int) -> None:
        gr.Markdown(t(f"train.step{number}"), elem_classes="ez-title", elem_id=f"train-step{number}")

    def _advanced(self) -> None:
        """Every number of each recipe, explained; what a plan sets is shown in them."""
        first = goal_of(self.goal.value).recipe
        with gr.Accordion(t("train.advanced"), open=False, elem_id="train-advanced"):
            self.base = gr.Dropdown(
                label=t("train.base"),
                info=t("train.base_info"),
                choices=self.studio.models(first),
                value=None,
                allow_custom_value=True,
            )
            self.groups: dict[str, gr.Group] = {}
            self.numbers: dict[str, dict[str, gr.Number]] = {}
            for recipe in RECIPES:
                with gr.Group(visible=recipe == first) as group:
                    self.numbers[recipe] = {
                        item.name: gr.Number(
                            label=t(f"set.{item.name}"), info=t(f"help.{item.name}"), value=cast(float, item.default)
                        )
                        for item in advanced_fields(recipe)
                    }
                self.groups[recipe] = group

    @property
    def inputs(self) -> set[Any]:
        numbers = {number for group in self.numbers.values() for number in group.values()}
        own = {self.files, self.folder, self.goal, self.name, self.base, self.probe.effort, self.check.board}
        return own | numbers | set(self.check.options.values())

    @property
    def cleared(self) -> Values:
        """The values that make room for another training."""
        return {self.files: None, self.folder: "", self.name: "", self.plan: ""} | self.check.cleared()

    def submitted(self, values: Values) -> Job:
        """Queue what was chosen."""
        board = self._board(values)
        return submit(
            self.studio,
            values[self.goal],
            files=values[self.files] or [],
            folder=values[self.folder] or "",
            name=values[self.name] or "",
            effort=values[self.probe.effort],
            base=values[self.base] or "",
            settings=self._settings(values) if board else {},
            done=board.done if board else None,
            choices=self.check.choices(values),
        )

    def _board(self, values: Values) -> Board | None:
        """The check, if it is of the pictures that are there now."""
        board: Board | None = values[self.check.board]
        now = (tuple(values[self.files] or []), values[self.folder] or "")
        return board if board and board.sources == now else None

    def _settings(self, values: Values) -> dict[str, float]:
        """The advanced settings of the chosen goal's recipe."""
        return {key: values[number] for key, number in self.numbers[goal_of(values[self.goal]).recipe].items()}

    def _connect(self) -> None:
        planned = [self.plan, self.name, self.base, *self.groups.values()]
        planned += [number for group in self.numbers.values() for number in group.values()]
        needs: set[Block] = {self.goal, self.probe.effort}
        self.check.connect(self.files, self.folder, self._planned_after_check, needs, [self.goal, *planned])
        inputs: set[Block] = {*needs, self.check.board}
        for change in (self.goal.input, self.probe.effort.input):
            change(self._planned, inputs, planned, **POLL)
        self.probe.connect(self.inputs, self._probed)

    def _planned_after_check(self, values: Values) -> Values:
        """A set of faces suggests a goal for faces, any other one for pictures."""
        board: Board = values[self.check.board]
        goal = values[self.goal]
        if board.done.subject == "any" and goal_of(goal).subject == "faces":
            goal = "art"
        return {self.goal: goal} | self._planned(values | {self.goal: goal})

    def _planned(self, values: Values) -> Values:
        """What the goal, the effort and the number of pictures call for."""
        name, effort, board = values[self.goal], values[self.probe.effort], values[self.check.board]
        goal = goal_of(name)
        count = len(self._wanted(board, goal.subject)) if board else 0
        plan = plan_for(name, max(count, goal.least), effort)
        choices = self.studio.models(goal.recipe)
        known = [model for _, model in choices]
        updates: Values = {group: gr.update(visible=recipe == goal.recipe) for recipe, group in self.groups.items()}
        for item in advanced_fields(goal.recipe):
            updates[self.numbers[goal.recipe][item.name]] = plan.settings.get(item.name, item.default)
        words = here()(plan.why, count=count) if count else ""
        base = goal.base if goal.base in known else None
        return updates | {
            self.plan: words,
            self.name: gr.update(placeholder=f"my-{name}"),
            self.base: gr.update(choices=choices, value=base, visible=bool(goal.base)),
        }

    @staticmethod
    def _wanted(board: Board, subject: str) -> list[str]:
        """Paths of the pictures to train on, if each is to have a face or not."""
        done = board.done.taken_as(subject)
        return [str(one.path) for one in done.pictures if board.changed.get(one.path, not one.reason)]

    def _probed(self, values: Values) -> tuple[TrainingSpec, dict[str, int], float]:
        """What ProbePanel measures: the chosen training on some of its pictures."""
        board = self._board(values)
        if board is None:
            raise BadInput("The pictures are not checked yet; check them first.")
        goal = values[self.goal]
        paths = self._wanted(board, goal_of(goal).subject)
        if not paths:
            raise BadInput("No picture is left to train on; put some back, or add others.")
        some = paths[:: -(-len(paths) // PROBED)]
        effort, settings = values[self.probe.effort], self._settings(values)
        spec = spec_for(
            self.studio, goal, some, len(paths), effort=effort, base=values[self.base] or "", settings=settings
        )
        images = {each: plan_for(goal, len(paths), each).settings["images"] for each in EFFORTS}
        return spec, images | {effort: spec.images}, len(paths) / len(some)

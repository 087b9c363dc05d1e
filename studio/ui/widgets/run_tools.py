"""What can be made of a job: compared with another, a snapshot published, run again with other settings."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.jobs.changes import changed as with_changes
from studio.jobs.changes import settings_of
from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job
from studio.ui.context import Studio
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import Words, t, words_of
from studio.ui.widgets.task_panel import Values

Show = Callable[..., Values]


class RunTools:
    """Drawn below the details of a job; `refreshed` fits it to the job that is chosen."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.other = gr.Dropdown(
            label=t("jobs.compare"), info=t("jobs.compare_info"), choices=[], value=None, elem_id="jobs-compare"
        )
        with gr.Row(visible=False, equal_height=True) as self.snapshots:
            self.snapshot = gr.Dropdown(label=t("jobs.snapshot"), choices=[], elem_id="jobs-snapshot")
            self.name = gr.Textbox(label=t("jobs.publish_name"), max_lines=1, elem_id="jobs-publish-name")
            self.publish = gr.Button(t("jobs.publish"), elem_id="jobs-publish")
        with gr.Accordion(t("jobs.clone_title"), open=False, visible=False, elem_id="jobs-again") as self.again:
            self.settings = gr.Dataframe(
                headers=["-", "-"],
                datatype="str",
                column_count=2,
                interactive=True,
                static_columns=[0],
                type="array",
                max_height=280,
                show_label=False,
                elem_id="jobs-settings",
            )
            self.clone = gr.Button(t("jobs.clone"), elem_id="jobs-clone")

    @property
    def outputs(self) -> list[Any]:
        return [self.other, self.snapshots, self.snapshot, self.name, self.again, self.settings]

    def refreshed(self, job: Job | None, beside: Job | None, jobs: list[Job], say: Words, *, changed: bool) -> Values:
        """The choices of the chosen job; what somebody types is kept as long as it is the same job (not `changed`)."""
        if job is None:
            parts: list[Block] = [self.other, self.snapshots, self.again]
            return {part: gr.update(visible=False) for part in parts}
        others = [(f"{one.name} {one.id}", one.id) for one in jobs if one.id != job.id and not one.is_task]
        found = [(say("jobs.snapshot_at", images=f"{seen:,}"), seen) for seen in reversed(job.snapshots)]
        updates: Values = {
            self.other: gr.update(
                choices=others, value=beside.id if beside else None, visible=bool(others) and not job.is_task
            ),
            self.snapshots: gr.update(visible=bool(found)),
            self.again: gr.update(visible=True),
        }
        if changed:
            rows = [[key, value] for key, value in settings_of(job.spec).items()]
            headers = [say("jobs.clone_setting"), say("jobs.clone_value")]
            updates[self.settings] = gr.update(value={"data": rows, "headers": headers})
            updates[self.snapshot] = gr.update(choices=found, value=found[0][1] if found else None)
            updates[self.name] = job.name
        else:
            updates[self.snapshot] = gr.update(choices=found)
        return updates

    def connect(self, selected: gr.State, outputs: list[Any], show: Show) -> None:
        """`show(selected, say, other)` gives the values of `selected` and `outputs` with that job chosen."""
        studio = self.studio

        def chosen(id: int | None) -> Job:
            job = studio.store.get(id) if id is not None else next(iter(studio.store.list()), None)
            if job is None:
                raise BadInput("No job is chosen; choose one in the list.")
            return job

        @spoken
        def compare(id: int | None, other: int | None, request: gr.Request) -> Values:
            return show(chosen(id).id, words_of(request), other)

        @spoken
        def publish(id: int | None, images: int | None, name: str, request: gr.Request) -> None:
            job = chosen(id)
            card = studio.library.import_model(job.snapshot(images or 0), (name or job.name).strip())
            gr.Info(words_of(request)("jobs.published", name=card.name))

        @spoken
        def clone(id: int | None, rows: list[list[str]], request: gr.Request) -> Values:
            spec = with_changes(chosen(id).spec, {str(key): str(value) for key, value in rows if key})
            job = studio.store.submit(spec)
            ensure_worker(studio.home)
            gr.Info(words_of(request)("train.queued", name=job.name))
            return show(job.id, words_of(request))

        self.other.input(compare, [selected, self.other], [selected, *outputs], **LIGHT)
        self.publish.click(publish, [selected, self.snapshot, self.name], None, **LIGHT)
        self.clone.click(clone, [selected, self.settings], [selected, *outputs], **LIGHT)

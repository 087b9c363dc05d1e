"""Step 4 of the wizard: speed against quality, with the time that this computer really takes."""

from collections.abc import Callable, Iterator

import gradio as gr
from gradio.blocks import Block

from studio.core.progress import Progress
from studio.jobs.goals import EFFORTS
from studio.jobs.probe import SECONDS, Probe, probe
from studio.jobs.spec import TrainingSpec
from studio.ui.context import Studio
from studio.ui.events import here, spoken
from studio.ui.i18n import Words, t
from studio.ui.widgets.task_panel import Values, progress_rows


class ProbePanel:
    """Draws the choice and the measurement; the owner gives the training to measure."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.effort = gr.Radio(
            label=t("train.effort"),
            info=t("train.effort_info"),
            choices=[(t(f"train.effort.{effort}"), effort) for effort in EFFORTS],
            value=EFFORTS[0],
            elem_id="train-effort",
        )
        with gr.Row():
            self.go = gr.Button(t("probe.go"), elem_id="probe-go")
            self.stop = gr.Button(t("task.stop"), visible=False, elem_id="probe-stop")
        self.told = gr.HTML(elem_id="probe-told", elem_classes="ez-slot", apply_default_css=False)
        self.answer = gr.Markdown(elem_id="probe-answer", elem_classes="ez-facts")

    def connect(
        self, inputs: set[Block], asked: Callable[[Values], tuple[TrainingSpec, dict[str, int], float]]
    ) -> None:
        """Measure the spec that `asked` gives, with the pictures seen by effort, and how many times its data are
        read in the end."""

        @spoken
        def measure(values: Values) -> Iterator[Values]:
            say = here()
            spec, images, times = asked(values)
            yield {self.go: gr.update(interactive=False), self.stop: gr.update(visible=True), self.answer: ""}
            try:
                for news in probe(spec, self.studio.home):
                    if isinstance(news, Probe):
                        yield {self.answer: estimates(news, images, times, say)}
                    else:
                        done = min(round(news), round(SECONDS))
                        step = Progress(step=done, total=round(SECONDS), seconds=news)
                        yield {self.told: f'<div class="ez-progress" role="status">{progress_rows(say, step)}</div>'}
            finally:
                yield {self.go: gr.update(interactive=True), self.stop: gr.update(visible=False), self.told: ""}

        outputs = [self.go, self.stop, self.told, self.answer]
        event = self.go.click(
            measure, inputs, outputs, show_progress="hidden", concurrency_limit=1, api_visibility="private"
        )
        idle = {self.go: gr.update(interactive=True), self.stop: gr.update(visible=False), self.told: ""}
        self.stop.click(
            lambda: idle, None, outputs[:3], cancels=[event], show_progress="hidden", api_visibility="private"
        )


def estimates(found: Probe, images: dict[str, int], times: float, say: Words) -> str:
    """The time of each effort in words."""
    lines = [say("probe.rate", rate=f"{found.rate:.1f}")]
    for effort, count in images.items():
        time = duration(found.reading * times + count / found.rate, say)
        lines.append(f"- {say(f'train.effort.{effort}')}: " + say("probe.time", time=time, images=f"{count:,}"))
    return "\n".join([lines[0], "", *lines[1:], "", say("probe.honest")])


def duration(seconds: float, say: Words) -> str:
    """As coarse as the estimate is."""
    if seconds < 5400:
        return say("probe.minutes", count=max(1, round(seconds / 60)))
    return say("probe.hours", count=f"{seconds / 3600:.1f}")

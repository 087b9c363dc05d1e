"""A GAN and a VAE of faces side by side: what both draw from the same seeds, of the same face, and in between."""

import html
import secrets
from collections.abc import Sequence
from typing import Any

import gradio as gr
import numpy as np
from gradio.blocks import Block

from studio.core.archive import zip_files
from studio.core.image import Picture
from studio.engine.tasks.compare import ROWS, CompareRequest, CompareResult, save
from studio.engine.tasks.faces import SEEDS
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, here
from studio.ui.i18n import Words, t
from studio.ui.inline import data_address
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.task_panel import TaskPanel, Values

QUALITY = 95  # of the JPEGs on the page, lest their blocks be taken for the networks'
COLUMNS = 8  # faces in a line


class Generators:
    """Draws the section: controls, and the rows of both networks beside them."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        with gr.Row():
            for kind in ("gan", "vae"):
                gr.Markdown(t(f"generators.about_{kind}"), elem_classes="ez-lead")
        if not studio.library.cards("vae"):
            gr.Markdown(t("generators.missing"), elem_id="generators-missing")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300, elem_classes="ez-panel"):
                self._draw_controls()
            with gr.Column(scale=4, min_width=320, elem_classes="ez-panel"):
                self.empty = gr.HTML(t("generators.empty"), apply_default_css=False)
                self.view = gr.HTML(
                    visible=False, elem_id="generators-view", elem_classes="ez-generators", apply_default_css=False
                )
                self.save = gr.DownloadButton(
                    t("generators.save"), variant="primary", visible=False, elem_id="generators-save"
                )
        controls: set[Block] = {self.seed, self.end, self.use, self.which, *self.sliders.values()}
        self.panel.connect(
            inputs=controls | {model.component for model in self.models} | self.photo.components,
            outputs=[self.empty, self.view, self.save],
            build=self._build,
            show=self._show,
        )

    def _draw_controls(self) -> None:
        self.panel = TaskPanel(self.studio, "generators", "generators.go")
        self.seed, self.end = (
            self._draw_seed(name, label) for name, label in (("seed", "faces.seed"), ("end", "generators.end"))
        )
        self.sliders = {
            name: gr.Slider(
                label=t(f"generators.{name}"),
                info=t("generators.variety_info") if name == "variety" else None,
                step=step,
                elem_id=f"generators-{name}",
                **field_of(CompareRequest, name),
            )
            for name, step in (("count", 1), ("variety", 0.05), ("steps", 1))
        }
        self.gan = ModelChoice(self.studio, "faces", "generators.gan", "generators-gan")
        self.vae = ModelChoice(self.studio, "vae", "generators.vae", "generators-vae")
        with gr.Accordion(t("generators.photo"), open=False, elem_id="generators-photo"):
            self.photo = PictureInput(self.studio, "generators", paint=False)
            self.use = gr.Checkbox(
                False, label=t("generators.use"), info=t("generators.use_info"), elem_id="generators-use"
            )
            self.which = gr.Number(
                label=t("generators.which"),
                info=t("generators.which_info"),
                precision=0,
                elem_id="generators-which",
                **field_of(CompareRequest, "which"),
            )
        self.photo.source.change(lambda: True, None, self.use, **LIGHT)

    def _draw_seed(self, name: str, label: str) -> gr.Number:
        with gr.Row(elem_classes="ez-seed"):
            seed = gr.Number(
                label=t(label), precision=0, scale=3, elem_id=f"generators-{name}", **field_of(CompareRequest, name)
            )
            dice = gr.Button("⚄", elem_classes="ez-square", elem_id=f"generators-{name}-dice", scale=0)
        dice.click(lambda: secrets.randbelow(SEEDS), None, seed, **LIGHT)
        return seed

    @property
    def models(self) -> list[ModelChoice]:
        """The choices that follow the library."""
        return [self.gan, self.vae]

    @property
    def restored(self) -> list[Block]:
        """What `restored_from` sets."""
        return [self.seed, self.end, self.use, *self.sliders.values()]

    def restored_from(self, settings: dict[str, Any]) -> Values:
        """The controls as they made a comparison; a photo is not kept."""
        known: dict[str, Block] = {"seed": self.seed, "end": self.end, **self.sliders}
        restored: Values = {control: settings[name] for name, control in known.items() if name in settings}
        return restored | {self.use: False}

    def _build(self, values: Values) -> CompareRequest:
        return CompareRequest(
            picture=self.photo.picture(values) if values[self.use] else None,
            seed=int(values[self.seed] or 0),
            end=int(values[self.end] or 0),
            which=int(values[self.which] or 0),
            count=int(values[self.sliders["count"]]),
            variety=float(values[self.sliders["variety"]]),
            steps=int(values[self.sliders["steps"]]),
            model=self.gan.chosen(values),
            vae=self.vae.chosen(values),
        )

    def _show(self, values: Values, done: CompareResult) -> Values:
        folder = self.studio.new_folder()
        files = save(done, folder / "compare" / "compare.png")
        return {
            self.empty: gr.update(visible=False),
            self.view: gr.update(visible=True, value=page(done, here())),
            self.save: gr.update(visible=True, value=str(zip_files(folder / "compare.zip", files, folder / "compare"))),
        }


def page(done: CompareResult, say: Words) -> str:
    """The comparison as HTML: for each of ROWS a heading, what to look at, and the rows of both networks."""
    infos = {
        "samples": say("generators.samples_info"),
        "reconstructions": say("generators.of_samples" if done.own else "generators.of_photo"),
        "interpolation": say("generators.interpolation_info"),
    }
    parts = []
    for row in ROWS:
        lines = _reconstructions(done, say) if row == "reconstructions" else _drawn(done, row, say)
        title, info = html.escape(say(f"generators.{row}")), html.escape(infos[row])
        parts.append(f'<section data-row="{row}"><h3>{title}</h3><p>{info}</p>{lines}</section>')
    return "".join(parts) + f"<p>{html.escape(say('generators.sharp_info'))}</p>"


def _drawn(done: CompareResult, row: str, say: Words) -> str:
    """What both networks drew by themselves, the VAE's sharpness beside the GAN's."""
    gan, vae = done.gan[row], done.vae[row]
    share = round(100 * vae.sharpness / max(gan.sharpness, 1e-9))
    return _line("GAN", [], gan.pictures) + _line("VAE", [say("generators.sharp_gan", share=share)], vae.pictures)


def _reconstructions(done: CompareResult, say: Words) -> str:
    """Those of several originals in lines below them, those of one beside it."""
    original, lines, beside = say("generators.original"), [], [done.originals[0]]
    captions = [original]
    for name, rows in (("GAN", done.gan), ("VAE", done.vae)):
        found = rows["reconstructions"]
        share = round(100 * found.sharpness / max(done.sharpness, 1e-9))
        sharp, mean = say("generators.sharp_original", share=share), f"{np.mean(found.psnr):.1f}"
        figures = [say("generators.mean_db", psnr=mean), sharp]
        lines.append(_line(name, figures, found.pictures, [f"{psnr:.1f} dB" for psnr in found.psnr]))
        beside.append(found.pictures[0])
        captions.append(f"{name}, {mean} dB. {sharp}")
    if len(done.originals) == 1:
        return _line("", [], beside, captions)
    return "".join([_line(original, [], done.originals), *lines])


def _line(name: str, figures: list[str], pictures: Sequence[Picture], captions: Sequence[str] = ()) -> str:
    """A name and figures, and the faces beside them, each with its caption if there are any."""
    told = "".join(f"<span>{html.escape(figure)}</span>" for figure in figures)
    faces = []
    for index, picture in enumerate(pictures):
        caption = f"<figcaption>{html.escape(captions[index])}</figcaption>" if captions else ""
        address, told_of = (
            data_address(picture.rgb, quality=QUALITY),
            f"{name} {index + 1}" if name else captions[index],
        )
        faces.append(f'<figure><img src="{address}" alt="{html.escape(told_of)}">{caption}</figure>')
    columns = min(len(pictures), COLUMNS)
    return (
        f'<div class="line"><div class="who"><b>{html.escape(name)}</b>{told}</div>'
        f'<div class="strip" style="--columns: {columns}">{"".join(faces)}</div></div>'
    )

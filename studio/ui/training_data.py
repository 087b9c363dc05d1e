"""Pictures before a training: looked through, told of, and kept as a clean set where a worker finds them for days."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.archive import gather
from studio.core.captions import read_captions
from studio.core.errors import BadInput
from studio.core.progress import TaskControl
from studio.engine.tasks.curate import CurateRequest, CurateResult, need_some
from studio.engine.tasks.prepare import PrepareRequest, PrepareResult
from studio.ui.context import Studio
from studio.ui.i18n import Words

THIN = 20  # pictures below which a set is called thin


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a person made of a check: pictures put back (True) and taken out (False), marks, and options by name."""

    changed: Mapping[Path, bool] = field(default_factory=dict)
    labels: Mapping[Path, Mapping[str, int]] = field(default_factory=dict)
    options: Mapping[str, float | str] = field(default_factory=dict)

    def wanted(self, done: CurateResult) -> frozenset[Path]:
        """The pictures to train on."""
        return frozenset(one.path for one in done.pictures if self.changed.get(one.path, not one.reason))


def sources_of(studio: Studio, files: Sequence[str | Path], folder: str) -> list[str | Path]:
    """Uploads and a folder of this computer; BadInput where there is neither, or the folder may not be named."""
    folder = folder.strip()
    if folder and not studio.local:
        raise BadInput("Folders can be given on the studio's own computer only; upload the pictures.")
    sources = [*files, *([folder] if folder else [])]
    if not sources:
        raise BadInput("There are no pictures yet; add some, or give a folder.")
    return sources


def check_request(studio: Studio, files: Sequence[str | Path], folder: str, subject: str = "auto") -> CurateRequest:
    """The check of these pictures; zip files are unpacked into the studio's own results, which pass after a day."""
    paths = gather(sources_of(studio, files, folder), studio.new_folder())
    return CurateRequest(paths=tuple(paths), subject=subject)


def check_pictures(
    studio: Studio,
    files: Sequence[str | Path],
    folder: str,
    *,
    subject: str = "auto",
    control: TaskControl | None = None,
) -> CurateResult:
    return studio.engine.run(check_request(studio, files, folder, subject), control)


def keep_pictures(
    studio: Studio, done: CurateResult, files: Sequence[str | Path], subject: str, choices: Choices
) -> PrepareResult:
    """The chosen pictures as a clean set in a new folder of the data folder; BadInput when there is none."""
    wanted = choices.wanted(done)
    if not wanted:
        need_some(done)
    request = PrepareRequest(
        pictures=done.pictures,
        folder=studio.home.uploads / uuid.uuid4().hex[:12],
        wanted=wanted,
        captions=read_captions(sorted(wanted), files),
        labels=choices.labels,
        subject=subject,
        **{name: type(PrepareRequest.__dataclass_fields__[name].default)(v) for name, v in choices.options.items()},
    )
    return studio.engine.run(request)


def as_markdown(done: CurateResult, choices: Choices, say: Words) -> str:
    """The result of a check in words: what can be used, what was left out and why, how to widen a thin set."""
    count = len(choices.wanted(done))
    lines = ["**" + say("check.usable", count=count, total=len(done.pictures)) + "**"]
    if done.counts:
        told = ", ".join(f"{say(f'reason.{reason}')}: {number}" for reason, number in done.counts.items())
        lines.append(say("check.left_out", reasons=told))
    if made := sum(one.made for one in done.usable):
        lines.append(say("check.made", count=made))
    if not count:
        lines.append(say("check.none"))
    elif count < THIN:
        lines.append(say("check.thin" if done.subject == "faces" else "check.few", count=THIN))
    return "\n\n".join(lines)

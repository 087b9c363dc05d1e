"""A long work of the engine with results on disk: one Request, or one for each of many pictures; it can be taken up."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.core.batch import Entry, Ledger, companion, find_pictures, free_path
from studio.core.errors import BadInput, OutOfMemory
from studio.core.progress import TaskControl
from studio.engine.engine import Engine
from studio.engine.requests import Files, request_from, request_kind
from studio.engine.tasks import TASKS

LEDGER = "results.jsonl"  # in the job's folder
SAME = "same"  # as format: each picture's own


@dataclass(frozen=True, kw_only=True)
class Batch:
    """`task` on each of `pictures` (files and folders) as the Request's picture, or once when there are none.

    `files` are the Request's other files, the same for each, or folders with one of each picture's name. `folder` is
    the job's: it keeps what is done, and its `results` when `output` is None. `format` is the suffix of results that
    are pictures.
    """

    task: str
    folder: Path
    settings: Mapping[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    output: Path | None = None
    format: str = "png"

    @property
    def results(self) -> Path:
        return self.output or self.folder / "results"

    def inputs(self) -> list[tuple[str, Path]]:
        """Each picture, and its result's place below `results`; "" for a task that is done once."""
        suffix = "" if self.format == SAME else f".{self.format}"
        if not self.pictures:
            return [("", Path(self.task + (suffix or ".png")))]
        found = find_pictures(self.pictures, str(self.results))
        return [(str(path), name.with_suffix(suffix) if suffix else name) for path, name in found]


def run_batch(engine: Engine, batch: Batch, control: TaskControl) -> list[Entry]:
    """Carry out what is not done yet, and return what became of every input.

    Where there are several, one that cannot be used is noted and the others go on; BadInput when none can be, or the
    only one. A second call with the same folder goes on where the first was stopped or killed.
    """
    if TASKS[request_kind(batch.task).task].save is None:
        raise BadInput(f"The task '{batch.task}' makes no files; choose another.")
    ledger, inputs = Ledger(batch.folder / LEDGER), batch.inputs()
    done = {entry.source: entry for entry in ledger}
    state = batch.folder / "state"
    control.folder = state
    for index, (source, name) in enumerate(inputs):
        control.check()
        if source not in done:
            part = control if len(inputs) == 1 else control.part(index, len(inputs))
            entry = _carry_out(engine, batch, source, name, part, alone=len(inputs) == 1)
            ledger.add(entry)
            done[source] = entry
            shutil.rmtree(part.folder or state, ignore_errors=True)
    entries = [done[source] for source, _ in inputs]
    if not any(entry.files for entry in entries):
        raise BadInput(str(entries[0].error))  # its own words
    shutil.rmtree(state, ignore_errors=True)
    return entries


def _carry_out(engine: Engine, batch: Batch, source: str, name: Path, control: TaskControl, *, alone: bool) -> Entry:
    """One Request from files to files."""
    task, picture = TASKS[batch.task], {"picture": source} if source else {}
    try:
        files: Files = batch.files
        if source:  # of a folder the file of the picture's name
            files = {key: file if isinstance(file, list) else companion(file, name) for key, file in files.items()}
        request = request_from(task.request, {**files, **picture}, batch.settings)
        result = engine.run(request, control)
    except (BadInput, OutOfMemory) as error:
        if alone:
            raise
        sentence = str(error)
        return Entry(source, error=sentence if Path(source).name in sentence else f"{Path(source).name}: {sentence}")
    assert task.save is not None
    path = batch.results / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return Entry(source, tuple(task.save(result, path if batch.output is None else free_path(path))))

"""What the picture verbs share: finding pictures, naming results without loss, and telling what became of each."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.core.batch import made_already
from studio.core.errors import BadInput, OutOfMemory
from studio.core.image import WRITTEN, Picture, picture_settings, write_picture
from studio.core.progress import Progress, TaskControl


class Results:
    """Writes results into a folder and reports each on stdout, failures on stderr."""

    def __init__(self, values: argparse.Namespace) -> None:
        self._values = values
        self._written: set[Path] = set()
        self.made = self.kept = self.failed = 0

    def write(self, picture: Picture, name: Path) -> Path:
        """Save as `name` below the output folder, in the chosen format, under a name that is free."""
        path = self._free(self._place(name))
        write_picture(path, picture, source=picture.source, strip=self._values.strip)
        self._written.add(path)
        return path

    def each(
        self,
        pictures: Sequence[tuple[Path, Path]],
        work: Callable[[Path, Path], Picture],
        settings: Mapping[str, Any],
        further: Callable[[Path], Sequence[Path]] = lambda name: (),
    ) -> int:
        """Write `work(path, name)` for each picture; one that cannot be used is told of, and the others go on.

        With --resume a picture stays that has a result by these `settings` (with the task's name), made after it and
        the `further(name)` files it was made of. Returns the exit code.
        """
        if self._values.resume and self._values.strip:
            raise BadInput("Results without settings cannot be told apart; leave out --strip or --resume.")
        for path, name in pictures:
            started = time.monotonic()
            try:
                sources = (path, *further(name))
                done = None
                if self._values.resume:
                    done = made_already(self._place(name), settings, sources, self._written)
                if done is None:
                    result = work(path, name)
                    written = self.write(result, name)
                    self.tell(path, written, result, started)
                    self.made += 1
                else:
                    self._skipped(path, done)
            except (BadInput, OutOfMemory) as error:
                self._failed(path, error, started)
        if len(pictures) > 1:
            counts = f"{self.made} made, {self.kept} there already, {self.failed} failed"
            print(f"easel: of {len(pictures)} pictures {counts}.", file=sys.stderr, flush=True)
        return self.code

    @property
    def code(self) -> int:
        """The exit code."""
        return 1 if self.failed else 0

    def _place(self, name: Path) -> Path:
        """Where the result of this name belongs, were it free."""
        suffix = name.suffix.lower() if self._values.format == "same" else f".{self._values.format}"
        return (Path(self._values.output) / name).with_suffix(suffix if suffix in WRITTEN else ".png")

    def _skipped(self, source: Path, done: Path) -> None:
        self.kept += 1
        self._written.add(done)
        if self._values.json:
            self._line(source, done, 0.0, picture_settings(done), None)
        else:
            print(f"{source} -> {done}  there already", flush=True)

    def tell(self, source: Path | None, written: Path, picture: Picture, started: float) -> None:
        """Report one result, made since `started` (time.monotonic)."""
        seconds = time.monotonic() - started
        if self._values.json:
            self._line(source, written, seconds, dict(picture.settings), None)
        else:
            print(f"{source} -> {written}  {seconds:.1f} s" if source else f"{written}  {seconds:.1f} s", flush=True)

    def _failed(self, source: Path, error: Exception, started: float) -> None:
        self.failed += 1
        sentence = str(error)
        if source.name not in sentence:
            sentence = f"{source}: {sentence}"
        print(f"easel: {sentence}", file=sys.stderr, flush=True)
        if self._values.json:
            self._line(source, None, time.monotonic() - started, None, sentence)

    def _line(self, source: Path | None, written: Path | None, seconds: float, settings: Any, error: Any) -> None:
        paths = {"input": source and str(source), "output": written and str(written)}
        print(json.dumps({**paths, "seconds": round(seconds, 3), "settings": settings, "error": error}), flush=True)

    def _free(self, path: Path) -> Path:
        """The path, or the first of NAME-2, NAME-3 ... that is free; --overwrite frees all but this run's own."""
        free, number = path, 1
        while free in self._written or (free.exists() and not self._values.overwrite):
            number += 1
            free = path.with_stem(f"{path.stem}-{number}")
        return free


@contextmanager
def progress(label: str) -> Iterator[TaskControl]:
    """A control that shows steps on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield TaskControl()
        return

    def show(now: Progress) -> None:
        left = "" if now.remaining is None else f", {now.remaining:.0f} s left"
        print(f"\r\033[K{label}: {now.step} of {now.total}{left}", end="", file=sys.stderr, flush=True)

    try:
        yield TaskControl(listener=show)
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)

"""What the picture verbs share: finding pictures, naming results without loss, and telling what became of each."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput, OutOfMemory
from studio.core.image import SUFFIXES, WRITTEN, Picture, list_pictures, write_picture
from studio.core.progress import Progress, TaskControl


class Results:
    """Writes results into a folder and reports each on stdout, failures on stderr; `code` is the exit code."""

    def __init__(self, values: argparse.Namespace) -> None:
        self._values = values
        self._written: set[Path] = set()
        self.code = 0

    def write(self, picture: Picture, name: Path) -> Path:
        """Save as `name` below the output folder, in the chosen format, under a name that is free."""
        suffix = name.suffix.lower() if self._values.format == "same" else f".{self._values.format}"
        path = self._free((Path(self._values.output) / name).with_suffix(suffix if suffix in WRITTEN else ".png"))
        write_picture(path, picture, source=picture.source, strip=self._values.strip)
        self._written.add(path)
        return path

    def each(self, pictures: Sequence[tuple[Path, Path]], work: Callable[[Path, Path], Picture]) -> int:
        """Write `work(path, name)` for each picture; one that cannot be used is told of, and the others go on."""
        for path, name in pictures:
            started = time.monotonic()
            try:
                result = work(path, name)
                written = self.write(result, name)
            except (BadInput, OutOfMemory) as error:
                self._failed(path, error, started)
            else:
                self.tell(path, written, result, started)
        return self.code

    def tell(self, source: Path | None, written: Path, picture: Picture, started: float) -> None:
        """Report one result, made since `started` (time.monotonic)."""
        seconds = time.monotonic() - started
        if self._values.json:
            self._line(source, written, seconds, dict(picture.settings), None)
        else:
            print(f"{source} -> {written}  {seconds:.1f} s" if source else f"{written}  {seconds:.1f} s", flush=True)

    def _failed(self, source: Path, error: Exception, started: float) -> None:
        self.code = 1
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


def masks_for(pictures: Sequence[tuple[Path, Path]], given: str) -> Callable[[Path], Path]:
    """Picture's name -> its mask: the file given, or in the folder given the file of that name, whatever its suffix."""
    place = Path(given)
    if not place.is_dir():
        if len(pictures) > 1:
            raise BadInput(
                f"{place} is one mask for {len(pictures)} pictures; give a folder with a mask of each picture's name."
            )
        return lambda name: place
    masks = {mask.relative_to(place).with_suffix(""): mask for mask in list_pictures([place])}

    def find(name: Path) -> Path:
        if name.with_suffix("") not in masks:
            suffixes = ", ".join(sorted(SUFFIXES))
            raise BadInput(f"{name} has no mask in {place}; name it {name.with_suffix('')} with one of {suffixes}.")
        return masks[name.with_suffix("")]

    return find

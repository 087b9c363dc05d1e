"""A look at pictures before a training: how many there are, which are too small, which cannot be read."""

import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.errors import BadInput, StorageFull, StudioError
from studio.core.image import list_pictures, read_picture
from studio.core.settings import Home
from studio.ui.i18n import Words

SMALLEST = {"faces": 48, "repair": 64, "art": 64}  # px, short side
FEW = {"faces": 20, "repair": 20, "art": 1}
LOOKED_AT = 300  # pictures decoded for the check; of more, the first ones speak for the rest
NAMED = 5  # files named in a message


@dataclass(frozen=True)
class Check:
    """Names of the pictures looked at, by what can be done with them; `total` counts all."""

    total: int
    usable: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    def as_markdown(self, recipe: str, say: Words) -> str:
        """The result in words."""
        looked = len(self.usable) + len(self.small) + len(self.unreadable)
        lines = ["**" + say("check.usable", count=len(self.usable)) + "**"]
        if looked < self.total:
            lines.append(say("check.first", looked=looked, total=self.total))
        for key, names in (("check.small", self.small), ("check.unreadable", self.unreadable)):
            if names:
                listed = ", ".join(f"`{name}`" for name in names[:NAMED]) + (" …" if len(names) > NAMED else "")
                lines.append(say(key, count=len(names), px=SMALLEST[recipe], names=listed))
        if not self.usable:
            lines.append(say("check.none"))
        elif looked == self.total and len(self.usable) < FEW[recipe]:
            lines.append(say("check.few", count=FEW[recipe]))
        return "\n\n".join(lines)


def check_pictures(sources: Sequence[str | Path], recipe: str) -> Check:
    """Decode the pictures of `sources` (files and folders); BadInput when there is none."""
    paths = list_pictures(sources)
    check = Check(total=len(paths))
    for path in paths[:LOOKED_AT]:
        try:
            size = read_picture(path).size
        except StudioError:
            check.unreadable.append(path.name)
            continue
        (check.usable if min(size) >= SMALLEST[recipe] else check.small).append(path.name)
    return check


def copy_uploads(home: Home, files: Sequence[str | Path]) -> Path:
    """Copy uploaded pictures to a new folder of the data folder, where a training can find them for days."""
    if not files:
        raise BadInput("There are no pictures yet; add some.")
    folder = home.uploads / uuid.uuid4().hex[:12]
    try:
        folder.mkdir(parents=True)
        for index, file in enumerate(map(Path, files)):
            shutil.copyfile(file, folder / f"{index:05d}-{file.name}")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StorageFull("The pictures could not be kept; free some disk space and try again.") from error
    return folder

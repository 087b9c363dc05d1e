"""What comes after a face model of one's own: sliders from marks and captions, and words from captions.

The pictures' folders may hold labels.csv (a column `file`, and one a word with 1 or 0) and captions (NAME.txt or
captions.csv). A word of the captions counts as a mark: pictures whose caption has it have it, those with another
caption have it not.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from studio.core.atomic import write_atomic
from studio.core.captions import read_captions
from studio.core.image import list_pictures
from studio.core.names import LONGEST
from studio.jobs.spec import FacesSpec, SlidersSpec, TrainingSpec, WordsSpec
from training.captions import FILLERS, tokens

LABELS = "labels.csv"
LEAST, LEAST_SIDE = 10, 3  # marked pictures of a word, in all and of either side
MOST = 24  # words that become sliders, those of the captions that split the pictures most evenly
FACES = 3_000  # made to learn sliders from


def followers(spec: TrainingSpec, name: str, run_dir: Path) -> list[TrainingSpec]:
    """The trainings that go on from the face model `name` of the run `spec`; none without marks and captions."""
    if not isinstance(spec, FacesSpec) or spec.recipe != FacesSpec.recipe:
        return []
    pictures = list_pictures(spec.data)
    captioned = words_of_captions(read_captions(pictures))
    marks = {**captioned, **read_marks(pictures)}
    if not marks:
        return []
    table, stem = run_dir / LABELS, name[: LONGEST - 8]
    write_marks(table, marks)
    sliders = SlidersSpec(
        data=spec.data, faces=name, labels=(str(table),), attributes=tuple(marks), name=f"{stem}-sliders", images=FACES
    )
    if not captioned:
        return [sliders]
    words = WordsSpec(
        data=spec.data, faces=name, sliders=sliders.name, labels=(str(table),), name=f"{stem}-words", images=40_000
    )
    return [sliders, words]


def read_marks(pictures: Sequence[Path]) -> dict[str, dict[str, int]]:
    """Word -> file name -> 1 or 0, from the tables beside the pictures; words with too few marks are left out."""
    found: dict[str, dict[str, int]] = {}
    for table in sorted({picture.parent / LABELS for picture in pictures}):
        if not table.is_file():
            continue
        with table.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                for word, cell in row.items():
                    if word and word != "file" and cell in ("0", "1"):
                        found.setdefault(word, {})[Path(row["file"]).name] = int(cell)
    return {word: marks for word, marks in found.items() if enough(marks)}


def words_of_captions(captions: dict[Path, str]) -> dict[str, dict[str, int]]:
    """Word -> file name -> whether its caption has it; of words that tell pictures apart."""
    said = {path.name: set(tokens(text)) for path, text in captions.items()}
    plain = {word for text in FILLERS for phrase in text for word in tokens(phrase)}
    words = sorted({word for found in said.values() for word in found} - plain)
    marks = {word: {name: int(word in found) for name, found in said.items()} for word in words}
    useful = [word for word in words if enough(marks[word])]
    useful.sort(key=lambda word: abs(sum(marks[word].values()) - len(said) / 2))
    return {word: marks[word] for word in useful[:MOST]}


def enough(marks: dict[str, int]) -> bool:
    has = sum(marks.values())
    return len(marks) >= LEAST and LEAST_SIDE <= has <= len(marks) - LEAST_SIDE


def write_marks(path: Path, marks: dict[str, dict[str, int]]) -> None:
    """The table of `marks` as training.attributes.read_labels takes it."""
    names = sorted({name for column in marks.values() for name in column})
    rows = [[name, *(column.get(name, "") for column in marks.values())] for name in names]
    with write_atomic(path) as file:
        text = [["file", *marks], *rows]
        file.write("\n".join(",".join(map(str, row)) for row in text).encode() + b"\n")

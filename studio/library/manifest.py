"""The cards of models, and the list of those that ship with Easel (assets/models/manifest.json)."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, ModelCorrupt
from studio.core.names import check_name
from studio.library.checkpoint import check_checkpoint, parse_header, replace_card

FORMAT = 1
MANIFEST = "manifest.json"
SUFFIX = ".safetensors"
MODEL_LIMIT = 16_000_000  # bytes a shipped model
TOTAL_LIMIT = 60_000_000  # bytes of all shipped models
_TEXTS = ("title", "licence", "data", "recipe", "hardware", "notes", "created", "run")
_TEXT_LIMIT = 4000
_MOST_ANCESTORS = 64


@dataclass(frozen=True, kw_only=True)
class Ancestor:
    """A model that another goes back to, as it was called then; `sha256` is "" where its name alone was kept."""

    name: str
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """What is known of a model; `bytes` and `sha256` are those of the file at `path`."""

    name: str
    family: str
    title: str
    bytes: int
    sha256: str
    origin: Literal["shipped", "user"]
    path: Path
    licence: str = ""
    data: str = ""
    recipe: str = ""
    images_seen: int = 0
    metric: dict[str, Any] = field(default_factory=dict)
    hardware: str = ""
    notes: str = ""
    created: str = ""  # ISO 8601, UTC
    data_card: dict[str, Any] = field(default_factory=dict)  # hashes, counts, reasons of the pictures, if told
    run: str = ""  # of which training it is the result
    ancestors: tuple[Ancestor, ...] = ()  # the models it was trained on from, the first of all first

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it, without where the file lies."""
        return {key: value for key, value in dataclasses.asdict(self).items() if key != "path"}


def card_from(facts: dict[str, Any], **known: Any) -> ModelCard:
    """A card from a header's or manifest's `facts`, which anyone may have written; `known` fields are trusted."""
    values: dict[str, Any] = {key: _text(facts.get(key)) for key in _TEXTS}
    values["title"] = values["title"] or known["name"]
    metric, seen = facts.get("metric"), facts.get("images_seen")
    values["metric"] = metric if isinstance(metric, dict) else {}
    told = facts.get("data_card")
    values["data_card"] = told if isinstance(told, dict) else {}
    values["images_seen"] = seen if isinstance(seen, int) else 0
    values["ancestors"] = ancestors(facts)
    return ModelCard(**values, **known)


def descent(base: ModelCard | None) -> dict[str, Any]:
    """What the card of a model tells that was trained on from `base`; {} for one from scratch."""
    if base is None:
        return {}
    line = (*base.ancestors, Ancestor(name=base.name, sha256=base.sha256))
    return {"ancestors": [dataclasses.asdict(ancestor) for ancestor in line]}


def public_facts(card: dict[str, Any]) -> dict[str, Any]:
    """`card` as it may be passed on: of the recipe's files and folders only the names, as paths tell of a person."""
    try:
        recipe = {key: _bare(value) for key, value in json.loads(card["recipe"]).items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return card
    return card | {"recipe": json.dumps(recipe)}


def _bare(value: Any) -> Any:
    """A setting, or list of settings, without the folders that lead to a file."""
    if isinstance(value, list):
        return [_bare(entry) for entry in value]
    return Path(value).name if isinstance(value, str) else value


def digest(data: bytes) -> str:
    """SHA-256 of `data`, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(folder: Path) -> list[ModelCard]:
    """The shipped models in the manifest's order, [] without a manifest; ModelCorrupt when it cannot be read."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise ValueError("another format")
        return [_shipped(folder, entry) for entry in found["models"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, BadInput) as error:
        raise ModelCorrupt(f"The list of shipped models, {path}, cannot be read; install Easel again.") from error


def write_manifest(folder: Path, cards: list[ModelCard]) -> None:
    """Write the manifest of `cards`, atomically."""
    entries = []
    for card in cards:
        entry = dataclasses.asdict(card) | {"file": card.path.name}
        entries.append({key: value for key, value in entry.items() if key not in ("origin", "path", "run")})
    text = json.dumps({"format": FORMAT, "models": entries}, indent=2, ensure_ascii=False)
    with write_atomic(folder / MANIFEST) as file:
        file.write(text.encode() + b"\n")


def add_shipped(folder: Path, source: Path, name: str, **facts: Any) -> ModelCard:
    """Copy the model file `source` into `folder` as `name` and list it there, in place of one of that name.

    `facts` (title, licence, data, notes, metric ...) go over those of the file's own card, into header and manifest.
    Raises BadInput when the file is missing or too large to ship, ModelCorrupt when it does not load.
    """
    check_name(name)
    if not source.is_file():
        raise BadInput(f"There is no file {source}; give a model that Easel exported.")
    data = source.read_bytes()
    header = parse_header(data[:8], lambda count: data[8 : 8 + count], source.name)
    merged = public_facts(header.card | facts)
    data = replace_card(data, merged, source.name)
    check_checkpoint(data, source.name)
    others = read_manifest(folder)
    total = len(data) + sum(card.bytes for card in others if card.name != name)
    if len(data) > MODEL_LIMIT:
        raise BadInput(
            f"{source.name} has {len(data) / 1e6:.1f} MB; a shipped model may have {MODEL_LIMIT / 1e6:.0f} MB."
        )
    if total > TOTAL_LIMIT:
        raise BadInput(
            f"With {source.name} the shipped models have {total / 1e6:.1f} MB; together they may have "
            f"{TOTAL_LIMIT / 1e6:.0f} MB, so ship a smaller one."
        )
    path = folder / f"{name}{SUFFIX}"
    card = card_from(
        merged, name=name, family=header.family, bytes=len(data), sha256=digest(data), origin="shipped", path=path
    )
    with write_atomic(path) as file:
        file.write(data)
    names = [other.name for other in others]
    if name in names:
        others[names.index(name)] = card
    else:
        others.append(card)
    write_manifest(folder, others)
    return card


def _shipped(folder: Path, entry: dict[str, Any]) -> ModelCard:
    name = check_name(entry["name"])
    if entry["file"] != Path(entry["file"]).name:
        raise ValueError("a file outside the folder")
    known = {key: entry[key] for key in ("family", "bytes", "sha256")}
    return card_from(entry, name=name, origin="shipped", path=folder / entry["file"], **known)


def ancestors(facts: dict[str, Any]) -> tuple[Ancestor, ...]:
    """Those that the facts of a card tell; one from before they were kept names its base in the recipe."""
    told = facts.get("ancestors")
    if isinstance(told, list):
        found = (entry for entry in told[-_MOST_ANCESTORS:] if isinstance(entry, dict))
        return tuple(Ancestor(name=_text(entry.get("name")), sha256=_text(entry.get("sha256"))) for entry in found)
    try:
        base = json.loads(facts["recipe"])["base"]
    except (KeyError, TypeError, ValueError):
        return ()
    return (Ancestor(name=base),) if isinstance(base, str) and base else ()


def _text(value: object) -> str:
    return value[:_TEXT_LIMIT] if isinstance(value, str) else ""

"""What a model may be called: the name is also its file's name, so nothing that could leave the folder passes."""

import re

from studio.core.errors import BadInput

LONGEST = 60
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)


def check_name(name: str) -> str:
    """`name` itself if it is 1 to 60 lower-case letters, digits, - and _, the first not a sign; else BadInput."""
    if is_name(name):
        return name
    suggestion = suggest_name(name)
    remedy = f", such as '{suggestion}'" if suggestion else ""
    raise BadInput(
        f"The name {name[:80]!r} cannot be used; use up to {LONGEST} lower-case letters, digits, - and _{remedy}."
    )


def is_name(text: str) -> bool:
    """Whether `check_name` takes it."""
    return bool(_NAME.fullmatch(text)) and len(text) <= LONGEST


def suggest_name(text: str) -> str:
    """The nearest usable name, "" when nothing of `text` can be kept."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-_")[:LONGEST].strip("-_")

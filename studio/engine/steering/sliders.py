"""Sliders: named amounts along directions of the styles."""

import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.engine.steering.directions import COUNT, closed_form, principal
from studio.models.face_gan import Generator

LIMIT = 5.0  # deviations
FOUND = {"form": closed_form, "part": principal}  # what no label taught, numbered from 1


def parse_sliders(text: str) -> dict[str, float]:
    """ "form-1=2 part-3=-1.5" -> amounts by name; BadInput on unknown names and amounts beyond LIMIT."""
    amounts: dict[str, float] = {}
    for part in text.replace(",", " ").split():
        name, _, number = part.partition("=")
        kind, _, index = name.partition("-")
        try:
            amount = float(number)
        except ValueError:
            raise BadInput(f"'{part}' is no slider; write NAME=AMOUNT, such as form-1=2.") from None
        if kind not in FOUND or not index.isdigit() or not 1 <= int(index) <= COUNT:
            known = " and ".join(f"{kind}-1 to {kind}-{COUNT}" for kind in FOUND)
            raise BadInput(f"There is no slider '{name}'; there are {known}.")
        if not -LIMIT <= amount <= LIMIT:
            raise BadInput(f"The slider '{name}' is {number}; choose from {-LIMIT:g} to {LIMIT:g}.")
        amounts[name] = amount
    return amounts


def move(code: Tensor, amounts: dict[str, float], generator: Generator) -> Tensor:
    """The code [layers, style] moved by `amounts` along their directions, all layers alike."""
    found: dict[str, Tensor] = {}
    for name, amount in amounts.items():
        kind, _, index = name.partition("-")
        if kind not in found:
            found[kind] = FOUND[kind](generator)
        code = torch.add(code, found[kind][int(index) - 1], alpha=amount)
    return code

"""Sliders: amounts along directions of the styles, named ones and those that no label taught."""

import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.engine.steering.directions import COUNT, closed_form, principal
from studio.models.face_gan import Generator
from studio.models.sliders import Sliders

LIMIT = 5.0  # deviations
FOUND = {"form": closed_form, "part": principal}  # what no label taught, numbered from 1


def parse_sliders(text: str, named: Sliders | None) -> dict[str, float]:
    """ "smile=1 form-1=2" -> amounts by name; BadInput on unknown names and amounts beyond LIMIT."""
    amounts: dict[str, float] = {}
    for part in text.replace(",", " ").split():
        name, _, number = part.partition("=")
        kind, _, index = name.partition("-")
        try:
            amount = float(number)
        except ValueError:
            raise BadInput(f"'{part}' is no slider; write NAME=AMOUNT, such as form-1=2.") from None
        numbered = kind in FOUND and index.isdigit() and 1 <= int(index) <= COUNT
        if not numbered and (named is None or name not in named.config.names):
            names = [*(named.config.names if named else ()), *(f"{kind}-1 to {kind}-{COUNT}" for kind in FOUND)]
            raise BadInput(f"There is no slider '{name}'; there are {', '.join(names)}.")
        if not -LIMIT <= amount <= LIMIT:
            raise BadInput(f"The slider '{name}' is {number}; choose from {-LIMIT:g} to {LIMIT:g}.")
        amounts[name] = amount
    return amounts


def move(code: Tensor, amounts: dict[str, float], generator: Generator, named: Sliders | None) -> Tensor:
    """The code [layers, style] moved by `amounts` along their directions, all layers alike."""
    tables: dict[str, Tensor] = {}
    for name, amount in amounts.items():
        if named is not None and name in named.config.names:
            direction = named.directions[named.config.names.index(name)]
        else:
            kind, _, index = name.partition("-")
            if kind not in tables:
                tables[kind] = FOUND[kind](generator)
            direction = tables[kind][int(index) - 1]
        code = torch.add(code, direction.to(code.device), alpha=amount)
    return code

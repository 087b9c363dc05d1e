"""Words that steer a face: what a prompt asks for, and what each of its words adds to that."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from studio.core.errors import BadInput
from studio.models.sliders import Sliders
from studio.models.words import WordsNet

FELT = 0.15  # deviations below which a word has no effect worth telling


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What a prompt asks, by attribute; what each word adds, in order; and the words that mean nothing here."""

    asked: dict[str, float]
    effects: tuple[tuple[str, dict[str, float]], ...]
    unknown: tuple[str, ...]


def understand(net: WordsNet, prompt: str) -> Understood:
    """BadInput when no word of the prompt is known, or none asks for anything."""
    known, unknown = net.read(prompt)
    if not known:
        words = ", ".join(unknown) or "-"
        raise BadInput(f"None of these words is known here: {words}; describe the face, its age or hair.")
    without = [known[:index] + known[index + 1 :] for index in range(len(known))]
    rows = net.ask([known, *without])
    names = net.config.names
    asked = {name: value for name, value in zip(names, rows[0].tolist(), strict=True) if not math.isnan(value)}
    if not asked:
        raise BadInput(f"These words ask for nothing that a face can show: {' '.join(known)}; describe the face.")
    change = rows[0].nan_to_num()[None] - rows[1:].nan_to_num()  # [words, K]
    effects = tuple(
        (word, {name: value for name, value in zip(names, row.tolist(), strict=True) if abs(value) > FELT})
        for word, row in zip(known, change, strict=True)
    )
    return Understood(asked=asked, effects=effects, unknown=tuple(unknown))


def understand_all(nets: Sequence[WordsNet], prompt: str) -> Understood:
    """What several nets make of a prompt together; what the first of them understands goes before the others.

    BadInput when none understands any of it.
    """
    found: list[Understood] = []
    refused: BadInput | None = None
    for net in nets:
        try:
            found.append(understand(net, prompt))
        except BadInput as error:
            refused = error
    if refused is not None and not found:
        raise refused
    if len(found) == 1:
        return found[0]
    asked = {name: value for one in reversed(found) for name, value in one.asked.items()}
    effects: dict[str, dict[str, float]] = {}
    for one in found:
        for word, effect in one.effects:
            effects.setdefault(word, effect)
    known = set(effects)
    unknown = tuple(word for word in found[-1].unknown if word not in known)
    return Understood(asked=asked, effects=tuple(effects.items()), unknown=unknown)


def follow_words(code: Tensor, asked: dict[str, float], sliders: Sliders) -> Tensor:
    """The code [layers, style], all layers moved alike so that its mean style has what is asked."""
    mean = code.mean(0, keepdim=True)
    return code + (sliders.towards(mean, asked) - mean)

"""Whole numbers to bytes and back by a range coder, each with the probabilities of one of 64 scales.

The probabilities are computed by additions, multiplications and divisions alone, so that all machines agree on them.
"""

import functools
import itertools
from typing import Any

import constriction
import numpy as np

from studio.models.codec import FINEST, RATIO, SCALES

_stream: Any = constriction.stream  # pyright: ignore[reportAttributeAccessIssue] (of a binary module)

FARTHEST = 1023  # beyond it, or beyond REACH scales, a number is escaped
REACH = 12
LIMIT = 32_767  # the largest number there is


@functools.cache
def models() -> tuple[tuple[Any, int], ...]:
    """For each scale its model of -n to n and an escape, and n."""
    found, scale = [], FINEST
    for _ in range(SCALES):
        steepness = 1 / scale
        scale *= RATIO
        reach = min(FARTHEST, int(REACH / steepness) + 1)
        found.append((_stream.model.Categorical(_masses(steepness, reach), perfect=False), reach))
    return tuple(found)


def _exp(x: float) -> float:
    """e ** x to five digits, by squaring: libraries differ in the last bit of theirs."""
    y = 1 + x / 2**20
    for _ in range(20):
        y *= y
    return y


def _masses(steepness: float, reach: int) -> np.ndarray:
    """[2 * reach + 2] masses of a logistic within half a step of each number; the last is of all numbers beyond."""
    below = [1 / _exp((n - 0.5) * steepness) for n in range(1, reach + 2)]  # odds of lying past n - 1/2
    tails = [odds / (1 + odds) for odds in below]
    right = [(a - b) / ((1 + a) * (1 + b)) for a, b in itertools.pairwise(below)]
    return np.array([*right[::-1], 1 - 2 * tails[0], *right, 2 * tails[-1]], np.float64)


def groups(indices: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Each scale in use with the places, in order, of the numbers that have it."""
    order = np.argsort(indices, kind="stable")
    ends = np.searchsorted(indices[order], np.arange(SCALES + 1))
    return [(k, order[ends[k] : ends[k + 1]]) for k in range(SCALES) if ends[k + 1] > ends[k]]


class SymbolWriter:
    """Collects numbers; `bytes` gives the stream."""

    def __init__(self) -> None:
        self._coder = _stream.queue.RangeEncoder()

    def put(self, numbers: np.ndarray, indices: np.ndarray) -> None:
        """int32 [N], at most LIMIT either way, each with its scale, uint8 [N]."""
        for index, places in groups(indices):
            model, reach = models()[index]
            some = numbers[places]
            escaped = np.abs(some) > reach
            self._coder.encode(np.where(escaped, 2 * reach + 1, some + reach).astype(np.int32), model)
            if escaped.any():
                self._coder.encode((some[escaped] + LIMIT).astype(np.int32), _uniform())

    def bytes(self) -> bytes:
        return self._coder.get_compressed().astype("<u4").tobytes()


class SymbolReader:
    """Gives back what a SymbolWriter was given, if asked for the same numbers in the same order.

    ValueError when the stream cannot have been written so.
    """

    def __init__(self, data: bytes) -> None:
        self._coder = _stream.queue.RangeDecoder(np.frombuffer(data, "<u4").astype(np.uint32))

    def get(self, indices: np.ndarray) -> np.ndarray:
        """The numbers, int32 [N], of the scales uint8 [N]."""
        numbers = np.empty(len(indices), np.int32)
        for index, places in groups(indices):
            model, reach = models()[index]
            some = self._decoded(model, len(places)) - reach
            escaped = some > reach
            if escaped.any():
                some[escaped] = self._decoded(_uniform(), int(escaped.sum())) - LIMIT
            numbers[places] = some
        return numbers

    def _decoded(self, model: Any, count: int) -> np.ndarray:
        try:
            return self._coder.decode(model, count)
        except BaseException as error:  # a broken promise of the stream panics in the library
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise ValueError("not a stream of these probabilities") from error


@functools.cache
def _uniform() -> Any:
    return _stream.model.Uniform(2 * LIMIT + 1)

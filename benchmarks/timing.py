"""Times taken in turns, and what is made of them: medians, paired ratios, exponents."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import linear_regression, median, quantiles
from time import perf_counter
from typing import TypeVar

WARM_UP = -1
"""The number of the round that comes first and does not count."""

Taker = Callable[[int], float]
"""The number of a round to what was measured in it."""

_T = TypeVar("_T")


def timed(action: Callable[[], _T]) -> tuple[float, _T]:
    """Seconds that an action takes, and its answer. What lies about is collected before."""
    gc.collect()
    begun = perf_counter()
    answer = action()
    return perf_counter() - begun, answer


def in_turns(takers: Mapping[str, Taker], rounds: int) -> dict[str, list[float]]:
    """What each taker measures in each round, A B C A B C …, after a warm-up round.

    A machine that slows down for a while slows down neighbours in the same round alike.
    """
    for take in takers.values():
        take(WARM_UP)
    times: dict[str, list[float]] = {name: [] for name in takers}
    for number in range(rounds):
        for name, take in takers.items():
            times[name].append(take(number))
    return times


def paired_ratio(yardstick: Sequence[float], ours: Sequence[float]) -> float:
    """How many times as fast as the yardstick ours is: the median of the rounds' own ratios.

    Raises:
        ValueError: they are not of the same rounds, or there is no round.
    """
    return median([theirs / mine for theirs, mine in zip(yardstick, ours, strict=True)])


def ratios(
    times: Mapping[str, Sequence[float]], name: str, yardsticks: Sequence[str] = ("naive",)
) -> dict[str, float]:
    """The paired ratio of one who took turns to each yardstick that did too, itself left out."""
    return {
        other: paired_ratio(times[other], times[name])
        for other in yardsticks
        if other in times and other != name
    }


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Exponent of growth: the slope of the least-squares line through the logarithms."""
    return linear_regression([*map(math.log, sizes)], [*map(math.log, seconds)]).slope


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that this percentage of the values does not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


@dataclass
class Caller:
    """Calls a coder with so many units at a time and keeps the seconds of every call."""

    code: Callable[[list[str]], object]
    size: int
    calls: list[float] = field(default_factory=list)

    def seconds_a_unit(self, texts: Sequence[str]) -> float:
        """Seconds a unit, over all of the texts."""
        batches = [list(texts[at : at + self.size]) for at in range(0, len(texts), self.size)]
        gc.collect()
        first = len(self.calls)
        for batch in batches:
            begun = perf_counter()
            self.code(batch)
            self.calls.append(perf_counter() - begun)
        return sum(self.calls[first:]) / len(texts)

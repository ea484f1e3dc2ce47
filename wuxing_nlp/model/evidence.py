"""Why a code was given: the words of a unit that carry its score.

A linear score is the sum of its features' parts, so every part is known exactly. Each is spread over
the characters that made the feature; the strongest stretches of words are then the maximal scoring
subsequences of the words' sums (Ruzzo & Tompa 1999, ISMB) less a price a word, so that a stretch
goes on only while it says something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.text.characters import han_count

try:
    from wuxing_nlp.model import _native
except ImportError:  # built without a compiler
    _native = None  # type: ignore[assignment]

Span = tuple[int, int, float]
"""Start and end in the canonical text, and weight."""

MOST_SPANS = 3
PRICE_OF_A_WORD = 1.25
"""Of what the words that speak for a tag say on average."""
STRONGEST = 0.9
"""Of what the word that says most says: the highest price."""


class Attribution:
    """The features of one unit at their places, ready to be weighed for any output.

    Args:
        space: the model's features.
        text: the unit's canonical text, and ``words`` its words.
    """

    def __init__(self, space: FeatureSpace, text: str, words: Sequence[str]) -> None:
        self._text = text
        self._edges = list(accumulate(map(len, words), initial=0))
        self._places = space.reader.places(text, words)
        self.columns = self._places.columns

    def by_character(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Parts of the score (n_characters,); ``weights`` (n_places,) are one output's at ``columns``."""
        places = self._places
        return _by_character(places.starts, places.ends, places.parts * weights, len(self._text))

    def spans(self, weights: NDArray[np.float64]) -> list[Span]:
        """The strongest stretches of words, strongest first, at most MOST_SPANS."""
        found = stretches(self.by_character(weights), self._edges, PRICE_OF_A_WORD, STRONGEST)
        han = (span for span in found if han_count(self._text[span[0] : span[1]]))
        return sorted(han, key=lambda span: (-span[2], span[0]))[:MOST_SPANS]


def strongest(
    space: FeatureSpace, machines: Machines, text: str, words: Sequence[str], tags: Sequence[list[int]]
) -> list[list[Span]]:
    """The strongest stretches of words of each tag of one unit, strongest first, at most MOST_SPANS.

    Args:
        space, machines: the parts of the model that gave the tags.
        text: the unit's canonical text, and ``words`` its words.
        tags: of each tag, the outputs whose machines, added up, make its score.
    """
    reader = space.reader
    if _native is None or not isinstance(reader, _native.NativeReader):
        return plain_strongest(space, machines, text, words, tags)
    weights, scales = machines.weights, machines.scales
    return reader.strongest(text, words, list(tags), weights, scales, PRICE_OF_A_WORD, STRONGEST, MOST_SPANS)


def plain_strongest(
    space: FeatureSpace, machines: Machines, text: str, words: Sequence[str], tags: Iterable[Sequence[int]]
) -> list[list[Span]]:
    """The same without compiled code."""
    attribution = Attribution(space, text, words)
    return [attribution.spans(tag_weights(machines, tag, attribution.columns)) for tag in tags]


def _by_character(
    starts: NDArray[np.int32], ends: NDArray[np.int32], parts: NDArray[np.float64], length: int
) -> NDArray[np.float64]:
    """Parts of a score (n_characters,), each spread over the characters from its start to its end."""
    steps = np.bincount(starts, parts, length + 1) - np.bincount(ends, parts, length + 1)
    found: NDArray[np.float64] = np.cumsum(steps)[:-1]
    return found


def stretches(parts: NDArray[np.float64], edges: Sequence[int], of_mean: float, of_most: float) -> list[Span]:
    """The maximal stretches of words, in order.

    Args:
        parts: of a score, what falls on each character (n_characters,).
        edges: where the words begin, and the end of the last one.
        of_mean, of_most: the price of a word; see :func:`_price`.
    """
    upto = [0.0, *np.cumsum(parts).tolist()]
    sums = [upto[end] - upto[start] for start, end in pairwise(edges)]
    price = _price(sums, of_mean, of_most)
    return [
        (edges[first], edges[last + 1], sum(sums[first : last + 1]))
        for first, last in _maximal([value - price for value in sums])
    ]


def _price(sums: Sequence[float], of_mean: float, of_most: float) -> float:
    """What a word costs a stretch: a little more than the words that speak for the tag say on average,
    and a little less than the one that says most, which is evidence even where it stands alone."""
    said = [value for value in sums if value > 0]
    return min(of_mean * sum(said) / len(said), of_most * max(said)) if said else 0.0


def tag_weights(machines: Machines, tag: Sequence[int], features: NDArray[np.int32]) -> NDArray[np.float64]:
    """What each of the features adds to a tag's score: (n,) for ``features`` (n,)."""
    sums = np.zeros(len(features))
    for output in tag:
        sums += machines.weights[features, output] * float(machines.scales[output])
    return sums


def _maximal(scores: Sequence[float]) -> list[tuple[int, int]]:
    """All maximal scoring subsequences, as (first, last); Ruzzo & Tompa's linear algorithm."""
    # First, last, sum before it, sum through it, and the nearest entry below with a smaller sum before.
    stack: list[tuple[int, int, float, float, int]] = []
    total = 0.0
    for at, score in enumerate(scores):
        first, before, total = at, total, total + score
        if score <= 0:
            continue
        below = len(stack) - 1
        while True:
            while below >= 0 and stack[below][2] >= before:
                below = stack[below][4]
            if below < 0 or stack[below][3] >= total:
                break
            first, _, before, _, next_below = stack[below]
            del stack[below:]
            below = next_below
        stack.append((first, at, before, total, below))
    return [(first, last) for first, last, *_ in stack]

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
from wuxing_nlp.model.outputs import Outputs
from wuxing_nlp.text.characters import han_count

Span = tuple[int, int, float]
"""Start and end in the canonical text, and weight."""

MOST_SPANS = 3
_PRICE_OF_A_WORD = 1.25
_STRONGEST = 0.9


class Attribution:
    """The features of one unit at their places, ready to be weighed for any output.

    Args:
        space: the model's features.
        text: the unit's canonical text, and ``words`` its words.
    """

    def __init__(self, space: FeatureSpace, text: str, words: list[str]) -> None:
        self._text = text
        self._edges = list(accumulate(map(len, words), initial=0))
        self._places = space.reader.places(text, words)
        self.columns = self._places.columns

    def by_character(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Parts of the score (n_characters,); ``weights`` (n_places,) are one output's at ``columns``."""
        places, most = self._places, len(self._text) + 1
        parts = places.parts * weights
        steps = np.bincount(places.starts, parts, most) - np.bincount(places.ends, parts, most)
        by_character: NDArray[np.float64] = np.cumsum(steps)[:-1]
        return by_character

    def spans(self, weights: NDArray[np.float64]) -> list[Span]:
        """The strongest stretches of words, strongest first, at most MOST_SPANS."""
        sums = self._by_word(weights)
        price = _price(sums)
        stretches = (
            (self._edges[first], self._edges[last + 1], sum(sums[first : last + 1]))
            for first, last in _maximal([value - price for value in sums])
        )
        found = [span for span in stretches if han_count(self._text[span[0] : span[1]])]
        return sorted(found, key=lambda span: (-span[2], span[0]))[:MOST_SPANS]

    def _by_word(self, weights: NDArray[np.float64]) -> list[float]:
        upto = [0.0, *np.cumsum(self.by_character(weights)).tolist()]
        return [upto[end] - upto[start] for start, end in pairwise(self._edges)]


def _price(sums: Sequence[float]) -> float:
    """What a word costs a stretch: a little more than the words that speak for the tag say on average,
    and a little less than the one that says most, which is evidence even where it stands alone."""
    said = [value for value in sums if value > 0]
    return min(_PRICE_OF_A_WORD * sum(said) / len(said), _STRONGEST * max(said)) if said else 0.0


def tag_weights(
    machines: Machines, outputs: Outputs, codes: Iterable[str], features: NDArray[np.int32]
) -> NDArray[np.float64]:
    """What each of the features adds to a tag's score: the machines of the tag's letter, base codes
    and stances, added up; (n,) for ``features`` (n,)."""
    weights = np.zeros(len(features))
    for column in sorted({column for code in codes for column in outputs.columns(code)}):
        weights += machines.weights[features, column] * float(machines.scales[column])
    return weights


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

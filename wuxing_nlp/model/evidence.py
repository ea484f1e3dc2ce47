"""Why a code was given: the words of a unit that carry its score.

A linear score is the sum of its features' parts, so every part is known exactly. Each is spread over
the characters that made the feature; the strongest stretches of words are then the maximal scoring
subsequences of the words' sums (Ruzzo & Tompa 1999, ISMB) less a price a word, so that a stretch
goes on only while it says something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

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
        upto = np.concatenate([[0.0], np.cumsum(self.by_character(weights))])
        edges, sums = self._edges, np.diff(upto[self._edges])
        price = _price(sums)
        stretches = (
            (edges[first], edges[last + 1], float(sums[first : last + 1].sum()))
            for first, last in _maximal((sums - price).tolist())
        )
        found = [span for span in stretches if han_count(self._text[span[0] : span[1]])]
        return sorted(found, key=lambda span: (-span[2], span[0]))[:MOST_SPANS]


def _price(sums: NDArray[np.float64]) -> float:
    """What a word costs a stretch: a little more than the words that speak for the tag say on average,
    and a little less than the one that says most, which is evidence even where it stands alone."""
    said = sums[sums > 0]
    return float(min(_PRICE_OF_A_WORD * said.mean(), _STRONGEST * said.max())) if said.size else 0.0


def tag_weights(
    machines: Machines, outputs: Outputs, codes: Iterable[str], features: NDArray[np.int32]
) -> NDArray[np.float64]:
    """What each of the features adds to a tag's score: the machines of the tag's letter, base codes
    and stances, added up; (n,) for ``features`` (n,)."""
    columns = sorted({column for code in codes for column in outputs.columns(code)})
    weights: NDArray[np.float64] = machines.weights[features][:, columns] @ machines.scales[columns].astype(
        float
    )
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

"""Why a code was given: the words of a unit that carry its score.

A linear score is the sum of its features' parts, so every part is known exactly. Each is spread over
the characters that made the feature; the strongest stretches of words are then the maximal scoring
subsequences of the words' sums (Ruzzo & Tompa 1999, ISMB), a little dearer a word, so that a stretch
goes on only while it says something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from wuxing_nlp.model.classifier import Machines
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.outputs import Outputs
from wuxing_nlp.text.characters import han_count

Span = tuple[int, int, float]
"""Start and end in the canonical text, and weight."""

MOST_SPANS = 3
_PRICE_OF_A_WORD = 0.9


class Attribution:
    """The features of one unit at their places, ready to be weighed for any output.

    Args:
        space: the model's features.
        row: the unit's feature values, a matrix of one row.
        text: the unit's canonical text, and ``words`` its words.
    """

    def __init__(self, space: FeatureSpace, row: csr_matrix, text: str, words: Sequence[str]) -> None:
        self._text = text
        self._words = _word_spans(words)
        values = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        places = [place for place in space.occurrences(text, words) if place[0] in values]
        counts = Counter(column for column, _, _ in places)
        self.columns = np.array([column for column, _, _ in places], dtype=np.intp)
        self._starts = np.array([start for _, start, _ in places], dtype=np.intp)
        self._ends = np.array([end for _, _, end in places], dtype=np.intp)
        parts = [values[column] / counts[column] / (end - start) for column, start, end in places]
        self._parts = np.array(parts, dtype=np.float64)

    def by_character(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Parts of the score (n_characters,); ``weights`` (n_places,) are one output's at ``columns``."""
        steps = np.zeros(len(self._text) + 1)
        np.add.at(steps, self._starts, self._parts * weights)
        np.add.at(steps, self._ends, -self._parts * weights)
        return np.cumsum(steps)[:-1]

    def spans(self, weights: NDArray[np.float64]) -> list[Span]:
        """The strongest stretches of words, strongest first, at most MOST_SPANS."""
        parts = self.by_character(weights)
        sums = [float(parts[start:end].sum()) for start, end in self._words]
        said = [value for value in sums if value > 0]
        price = _PRICE_OF_A_WORD * sum(said) / len(said) if said else 0.0
        stretches = (
            (self._words[first][0], self._words[last][1], sum(sums[first : last + 1]))
            for first, last in _maximal([value - price for value in sums])
        )
        found = [span for span in stretches if han_count(self._text[span[0] : span[1]])]
        return sorted(found, key=lambda span: (-span[2], span[0]))[:MOST_SPANS]


def tag_weights(
    machines: Machines, outputs: Outputs, codes: Iterable[str], features: NDArray[np.intp]
) -> NDArray[np.float64]:
    """What each of the features adds to a tag's score: the machines of the tag's letter, base codes
    and stances, added up; (n,) for ``features`` (n,)."""
    columns = sorted({column for code in codes for column in outputs.columns(code)})
    weights: NDArray[np.float64] = machines.weights[features][:, columns] @ machines.scales[columns].astype(
        float
    )
    return weights


def _word_spans(words: Sequence[str]) -> list[tuple[int, int]]:
    spans, at = [], 0
    for word in words:
        spans.append((at, at + len(word)))
        at += len(word)
    return spans


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

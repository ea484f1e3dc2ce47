"""What to code next: units that a model doubts, that are unlike others, or that may carry rare labels.

A unit that was chosen so has no known probability of being drawn: it serves to teach a model, never to
estimate a share. Units that say almost the same are taken once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.sampling import RANDOM, whole

UNCERTAINTY = "uncertainty"
DIVERSITY = "diversity"
RARITY = "rarity"

MIX: Mapping[str, float] = {RANDOM: 0.3, UNCERTAINTY: 0.4, DIVERSITY: 0.2, RARITY: 0.1}
"""Shares of a file where nothing else is said: enough at random for an estimate and an honest test."""

NEAR = 0.8
"""The cosine of two texts' n-grams, figures left out of account, from which on they say almost the same."""

LIKELY = 0.1
"""The probability from which on a unit is worth coding for the sake of a rare label."""

MOST = 20_000
"""Units that are compared with each other; of more these are listed first (:func:`shortlist`)."""

_AT_ONCE = 256
_FAR = 1e9
"""A squared distance from nothing: farther than any."""
_FEATURES = 2**18
_FIGURE = re.compile(r"[0-9]+")

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def portions(size: int, mix: Mapping[str, float]) -> dict[str, int]:
    """How many of ``size`` units each share of a mix gets, in proportion.

    Raises:
        EvaluationError: a share of another name, one below 0 or none above it, or a size below 1.
    """
    if unknown := [name for name in mix if name not in MIX]:
        raise EvaluationError(f"a mix has no share {unknown[0]!r}; there are {', '.join(MIX)}")
    shares = np.array(list(mix.values()), dtype=np.float64)
    if not (np.isfinite(shares).all() and (shares >= 0).all() and shares.any()):
        raise EvaluationError("the shares of a mix are numbers from 0, and one of them is above 0")
    if size < 1:
        raise EvaluationError(f"{size} units cannot be drawn; draw 1 or more")
    takes = whole(size * (shares / shares.sum()), size)
    return dict(zip(mix, takes.tolist(), strict=True))


def text_vectors(texts: Sequence[str]) -> Any:
    """Character n-grams (1–3) of texts, hashed, as rows of unit length: a sparse matrix (n_texts,
    2**18). Figures count as such, not by their value. Two texts' product is their cosine."""
    # Here, for scikit-learn takes seconds to load.
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    if not texts:
        return csr_matrix((0, _FEATURES), dtype=np.float32)
    hashed = HashingVectorizer(
        analyzer="char", ngram_range=(1, 3), n_features=_FEATURES, alternate_sign=False, dtype=np.float32
    )
    return hashed.transform([_FIGURE.sub("0", text) for text in texts])


def shortlist(doubts: Floats, likely: NDArray[np.floating], seed: int, most: int = MOST) -> Places:
    """Places of the units to choose from, in order: all, or of more than ``most`` half by doubt, a
    quarter by how high they rank for any label, and the rest at random.

    Args:
        doubts: (n_units,) what a decision leaves open.
        likely: (n_units, n_labels) probabilities of labels that may be rare.
        seed: of what is random.
        most: how many are listed.
    """
    count = len(doubts)
    if count <= most:
        return np.arange(count)
    ranks = np.argsort(np.argsort(-likely, axis=0, kind="stable"), axis=0, kind="stable").min(axis=1)
    listed = np.zeros(count, dtype=np.bool_)
    listed[np.argsort(-doubts, kind="stable")[: most // 2]] = True
    listed[np.argsort(ranks, kind="stable")[: most // 4]] = True
    others = np.random.default_rng(seed).permutation(np.flatnonzero(~listed))
    return np.sort(np.concatenate([np.flatnonzero(listed), others[: most - listed.sum()]]))


class Candidates:
    """Units to choose from; what is near a chosen one is chosen no more.

    Args:
        vectors: rows of :func:`text_vectors`, a unit each.
    """

    def __init__(self, vectors: Any) -> None:
        self.vectors = vectors
        self.free: NDArray[np.bool_] = np.ones(vectors.shape[0], dtype=np.bool_)

    def leave_out(self, others: Any) -> None:
        """Leave out what is near any of other texts, given as rows of :func:`text_vectors`."""
        for start in range(0, others.shape[0], _AT_ONCE):
            likeness = self.vectors @ others[start : start + _AT_ONCE].T
            self.free &= likeness.toarray().max(axis=1) < NEAR

    def take(self, place: int) -> None:
        """Choose a unit."""
        self.leave_out(self.vectors[[place]])
        self.free[place] = False  # a text of white space alone is near nothing


def uncertain(doubts: ArrayLike, candidates: Candidates, count: int) -> list[int]:
    """Choose (at most ``count``) the units of the most doubt (n_units,) that are unlike each other."""
    chosen: list[int] = []
    for place in np.argsort(-np.asarray(doubts), kind="stable").tolist():
        if len(chosen) == count:
            break
        if candidates.free[place]:
            candidates.take(place)
            chosen.append(place)
    return chosen


def rare(likely: Floats, have: ArrayLike, candidates: Candidates, count: int) -> list[tuple[int, int]]:
    """Choose units so that every label gets positives: each time, of the label that has the fewest, the
    unit that most probably carries it. Units are counted as they come, by their probabilities.

    Args:
        likely: (n_units, n_labels) probabilities.
        have: (n_labels,) how many units with each label there are already, expected ones too.
        candidates: what is left to choose from.
        count: how many to choose; fewer are where no label is :data:`LIKELY` any more.

    Returns:
        The unit's place and that of the label.
    """
    counts = np.array(have, dtype=np.float64)
    chosen: list[tuple[int, int]] = []
    while len(chosen) < count and (found := _most_wanted(likely, counts, candidates.free)):
        place, _ = found
        candidates.take(place)
        counts += likely[place]
        chosen.append(found)
    return chosen


def _most_wanted(likely: Floats, counts: Floats, free: NDArray[np.bool_]) -> tuple[int, int] | None:
    for label in np.argsort(counts, kind="stable").tolist():
        chances = np.where(free, likely[:, label], -1.0)
        if len(chances) and chances.max() >= LIKELY:
            return int(chances.argmax()), label
    return None


def spread(
    likely: Floats, candidates: Candidates, others: tuple[Any, Floats], count: int, seed: int
) -> list[int]:
    """Choose units that are unlike each other and unlike others, but like many that are left: by the seeding
    of k-means++ (Arthur and Vassilvitskii 2007), greedy. Each time a few are drawn in proportion to the
    square of their distance from the nearest that is there, and the one is chosen that brings all nearest.

    Not the farthest each time (k-center): those are headings, tables gone wrong and other odd text. The
    distance is that of texts' n-grams and of probabilities together.

    Args:
        likely: (n_units, n_labels) probabilities.
        candidates: what is left to choose from.
        others: vectors and probabilities of what is chosen already, possibly of none.
        count: how many to choose at most.
        seed: of what is random.
    """
    generator, chosen = np.random.default_rng(seed), list[int]()
    squares = _nearest(candidates, likely, *others)
    while len(chosen) < count and candidates.free.any():
        tried = _drawn(squares, candidates.free, 2 + int(np.log(count)), generator)
        nearer = np.minimum(
            squares[:, None], _squares(candidates, likely, candidates.vectors[tried], likely[tried])
        )
        best = int(nearer.sum(axis=0).argmin())
        chosen.append(int(tried[best]))
        candidates.take(chosen[-1])
        squares = nearer[:, best]
    return chosen


def _nearest(candidates: Candidates, likely: Floats, texts: Any, probable: Floats) -> Floats:
    """Squared distances (n_units,) from the nearest of others."""
    nearest = np.full(len(likely), _FAR)
    for start in range(0, len(probable), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        nearest = np.minimum(nearest, _squares(candidates, likely, texts[part], probable[part]).min(axis=1))
    return nearest


def _squares(candidates: Candidates, likely: Floats, texts: Any, probable: Floats) -> Floats:
    """Squared distances (n_units, n_others) from others; those of texts follow from the cosine."""
    cosines = (candidates.vectors @ texts.T).toarray()
    own, other = (likely**2).sum(axis=1), (probable**2).sum(axis=1)
    # Rounding may take a unit's distance from itself below 0.
    squares: Floats = np.maximum(2 - 2 * cosines + own[:, None] + other - 2 * likely @ probable.T, 0.0)
    return squares


def _drawn(squares: Floats, free: NDArray[np.bool_], times: int, generator: np.random.Generator) -> Places:
    """Some that are free, in proportion to their squares; any where all are as near as can be."""
    weights = np.where(free, squares, 0.0)
    if not weights.any():
        weights = free.astype(np.float64)
    return generator.choice(len(weights), size=times, p=weights / weights.sum())

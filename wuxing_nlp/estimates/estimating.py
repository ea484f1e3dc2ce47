"""The shares of a run's labels, overall and by group, by every estimator side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.estimates.counts import Counts
from wuxing_nlp.estimates.joining import Sample
from wuxing_nlp.evaluation.prevalence import (
    About,
    Shares,
    adjusted_count,
    hand_coded,
    naive_count,
    powered,
)

Predictions = Literal["probabilities", "codes"]
"""What of the model is put right by codings. Probabilities say more: on held-out coded units of real
documents the intervals were narrower with them for nine of ten letters."""


@dataclass(frozen=True, slots=True)
class Row:
    """A label's shares in a group, between 0 and 1; nan where there is none.

    Attributes:
        by: the grouping; "" for the whole.
        group: its group, "" where documents do not say.
        label: a letter or base code, ``name`` its Chinese name.
        counted: units (or documents) of the group.
        coded: those of them that a person coded, ``positives`` those of these that carry the label.
        naive: share of those that the model gave the label.
        hand, hand_low, hand_high: from the codings alone, with interval.
        adjusted, adjusted_low, adjusted_high: adjusted classify and count.
        share, low, high: prediction-powered, the one to report.
        power: how much predictions count in it, 0 to 1.
        gain: variance of ``hand`` over that of ``share``: codings count as if there were so many times more.
    """

    by: str
    group: str
    label: str
    name: str
    counted: int
    coded: int
    positives: int
    naive: float
    hand: float
    hand_low: float
    hand_high: float
    adjusted: float
    adjusted_low: float
    adjusted_high: float
    share: float
    low: float
    high: float
    power: float
    gain: float


def estimate(
    counts: Counts,
    sample: Sample,
    *,
    predictions: Predictions = "probabilities",
    about: About = "corpus",
    level: float = 0.95,
) -> list[Row]:
    """All rows: the whole, then the groups of every grouping in the order of their names, those without
    a name last; in each the labels in order.

    A group is estimated from its own codings. Without any, or where part of it was drawn and none of that
    coded, there is no estimate: to borrow the model's errors from other groups would take for granted what
    the estimate is for.
    """
    estimator = _Estimator(counts, sample, predictions, about, level)
    rows = list(estimator.rows("", "", np.ones(len(counts.names), dtype=bool)))
    for by, keys in counts.groups.items():
        column = np.array(keys, dtype=object)
        for key in sorted(set(keys), key=lambda key: (not key, key)):
            rows += estimator.rows(by, key, column == key)
    return rows


@dataclass(frozen=True)
class _Estimator:
    counts: Counts
    sample: Sample
    predictions: Predictions
    about: About
    level: float

    def rows(self, by: str, group: str, members: NDArray[np.bool_]) -> Iterator[Row]:
        """The rows of a group of documents; none where nothing in them was judged."""
        counts, coded = self.counts, self.sample.codes
        if not counts.sizes[members].any():
            return
        own = members[coded.documents]
        naive = naive_count(counts.predicted(probable=False).of(members))
        hand, adjusted, best = self._shares(members)
        gains = np.divide(hand.variance, best.variance, out=np.ones_like(naive), where=best.variance > 0)
        for at, label in enumerate(counts.labels):
            yield Row(
                by,
                group,
                label,
                counts.book.name(label),
                int(counts.counted[members].sum()),
                int(own.sum()),
                int(coded.truth[own, at].sum()),
                float(naive[at]),
                *_cells(hand, at),
                *_cells(adjusted, at),
                *_cells(best, at),
                float(best.power[at]),
                float(gains[at]) if not np.isnan(hand.variance[at]) else float("nan"),
            )

    def _shares(self, members: NDArray[np.bool_]) -> tuple[Shares, Shares, Shares]:
        """From codings alone, adjusted, and prediction-powered."""
        sample, probable = self.sample, self.predictions == "probabilities"
        if not members[sample.codes.documents].any() or sample.waiting[members].any():
            nothing = Shares(*(np.full(len(self.counts.labels), np.nan) for _ in range(5)))
            return nothing, nothing, nothing
        codes = self.counts.predicted(probable=False)
        counted = self.counts.predicted(probable=probable).of(members)
        coded = sample.probabilities if probable else sample.codes
        return (
            hand_coded(counted, coded, about=self.about, level=self.level),
            adjusted_count(codes.of(members), codes, sample.codes, about=self.about, level=self.level),
            powered(counted, coded, about=self.about, level=self.level),
        )


def _cells(shares: Shares, at: int) -> tuple[float, float, float]:
    return float(shares.share[at]), float(shares.low[at]), float(shares.high[at])

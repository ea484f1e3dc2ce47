"""An old and a new model on the same units: which is better, and is the difference more than luck?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from wuxing_nlp.evaluation.bootstrap import Interval, IntervalTable, bootstrap_difference
from wuxing_nlp.evaluation.scores import LabelSets, ScoreTable, score_labels


@dataclass(frozen=True, slots=True)
class Comparison:
    """Scores of two models, and the differences new − old of their F1 with intervals, resampled by
    document: above 0 the new one is better."""

    units: int
    documents: int
    old: ScoreTable
    new: ScoreTable
    difference: IntervalTable

    @property
    def losses(self) -> dict[str, Interval]:
        """The averages (``micro-F1``, ``macro-F1``) whose whole interval lies below 0. Single labels do
        not count here: among twenty comparisons, one lies outside its interval by luck."""
        averages = {"micro-F1": self.difference.micro, "macro-F1": self.difference.macro}
        return {name: interval for name, interval in averages.items() if interval.high < 0}

    @property
    def worse_labels(self) -> dict[str, Interval]:
        """The labels whose whole interval lies below 0, the greatest loss first."""
        worse = [(label, row) for label, row in self.difference.labels.items() if row.high < 0]
        return dict(sorted(worse, key=lambda entry: entry[1].point))


def compare(
    truth: LabelSets,
    old: LabelSets,
    new: LabelSets,
    documents: Sequence[Hashable],
    labels: Sequence[str],
    *,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Comparison:
    """Compare two models on the same units.

    Raises:
        EvaluationError: sequences of different length or empty, bad labels, draws or level.
    """
    difference = bootstrap_difference(truth, new, old, documents, labels, draws=draws, level=level, seed=seed)
    return Comparison(
        len(truth),
        len(set(documents)),
        score_labels(truth, old, labels),
        score_labels(truth, new, labels),
        difference,
    )

"""Two systems on the same units: the differences of their F1, with intervals and p values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.evaluation.bootstrap import Interval
from wuxing_nlp.evaluation.comparing import compare
from wuxing_nlp.evaluation.levels import score_levels
from wuxing_nlp.evaluation.scoring.answers import Answers
from wuxing_nlp.evaluation.scoring.table import AVERAGES, DEFAULT, Coded, Resampling, without_spread
from wuxing_nlp.evaluation.significance import randomisation_test


@dataclass(frozen=True, slots=True)
class ContrastRow:
    """A label, or an average, of both systems.

    Attributes:
        label: a letter or base code, or one of :data:`wuxing_nlp.evaluation.scoring.table.AVERAGES`.
        support: units that truly carry it.
        f1: of the system that is scored, ``other`` of the one that it is compared with.
        difference: ``f1 − other``, with an interval of a paired bootstrap; nan where one of them is.
        p: of a randomisation test, two-sided; ``adjusted`` after Holm's correction over the labels of the
            level, nan of averages.
    """

    label: str
    support: int
    f1: float
    other: float
    difference: Interval
    p: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """The comparison of two systems: name of every level to its labels and averages; how it was made."""

    levels: Mapping[str, tuple[ContrastRow, ...]]
    resampling: Resampling


def contrast(
    coded: Coded, answers: Answers, other: Answers, book: Codebook, resampling: Resampling = DEFAULT
) -> Contrast:
    """Compare answers with other ones to the same units.

    Of one document neither interval nor p value says anything about others: they are nan.

    Raises:
        EvaluationError: sequences of different length, bad draws.
    """
    levels = score_levels(book).items()
    rows = {name: _rows(labels, coded, answers, other, resampling) for name, labels in levels}
    return Contrast(rows, resampling)


def _rows(
    labels: tuple[str, ...], coded: Coded, answers: Answers, other: Answers, resampling: Resampling
) -> tuple[ContrastRow, ...]:
    several = coded.number_of_documents > 1
    drawn = {"draws": resampling.draws, "seed": resampling.seed}
    found = compare(
        coded.labels, other.labels, answers.labels, coded.documents, labels, level=resampling.level, **drawn
    )
    tested = randomisation_test(coded.labels, answers.labels, other.labels, coded.documents, labels, **drawn)
    values = [*tested.labels.values(), tested.micro, tested.macro, tested.weighted]
    adjusted = [*tested.adjusted.values(), *[math.nan] * len(AVERAGES)]
    new, old = found.new, found.old
    sizes = [*new.labels.values(), *[new.micro] * len(AVERAGES)]
    return tuple(
        ContrastRow(
            label,
            size.support,
            mine.f1,
            its.f1,
            difference if several else without_spread(difference),
            p if several else math.nan,
            corrected if several else math.nan,
        )
        for label, size, mine, its, difference, p, corrected in zip(
            (*labels, *AVERAGES),
            sizes,
            new.rows,
            old.rows,
            found.difference.rows,
            values,
            adjusted,
            strict=True,
        )
    )

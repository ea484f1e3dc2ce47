"""The tables of scores: their figures are those of scores, bootstrap and calibration."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import Interval, bootstrap_f1, bootstrap_stance
from wuxing_nlp.evaluation.calibration import brier_score, expected_calibration_error
from wuxing_nlp.evaluation.levels import score_levels
from wuxing_nlp.evaluation.scores import indicators, score_labels, score_stances
from wuxing_nlp.evaluation.scoring import Answers, Coded, Resampling, Scored, score
from wuxing_nlp.evaluation.scoring.answers import with_letters
from wuxing_nlp.evaluation.scoring.table import AVERAGES, ScoreRow

BOOK = load_codebook()
LABELS = (*BOOK.letters, *BOOK.codes)
FEW = Resampling(draws=40)


def invented(documents: int = 20, *, seed: int = 1, sure: bool = True) -> tuple[Coded, Answers]:
    """Units with one or two codes each, and answers to them with errors, with probabilities or without."""
    generator = np.random.default_rng(seed)
    true = generator.random((documents * 8, len(BOOK.codes))) < 0.05
    given = true ^ (generator.random(true.shape) < 0.01)
    sets = [with_letters(as_codes(rows), BOOK) for rows in (true, given)]
    names = [f"d{at // 8}" for at in range(len(true))]
    likely = indicators(sets[1], LABELS) * 0.7 + generator.random((len(true), len(LABELS))) * 0.3
    probabilities = dict(zip(LABELS, likely.T, strict=True)) if sure else {}
    return Coded(sets[0], names), Answers(sets[1], probabilities)


def as_codes(rows: np.ndarray) -> Iterator[list[str]]:
    return ([code for code, has in zip(BOOK.codes, row, strict=True) if has] for row in rows)


def rows_of(found: Scored) -> list[ScoreRow]:
    return [row for table in found.levels.values() for row in table.rows]


def test_a_table_for_every_level() -> None:
    found = score(*invented(), BOOK, FEW)
    assert list(found.levels) == ["letters", "types", "problems", "codes", "measures", "stances"]
    for name, labels in score_levels(BOOK).items():
        assert [row.label for row in found.levels[name].labels] == list(labels)
        assert [row.label for row in found.levels[name].averages] == list(AVERAGES)
    # As in model cards, the type as a whole is no measure.
    assert len(found.levels["measures"].labels) == 15
    assert (found.units, found.documents) == (160, 20)


def test_figures_are_those_of_scores_and_bootstrap() -> None:
    coded, answers = invented()
    found = score(coded, answers, BOOK, FEW)
    for name, labels in score_levels(BOOK).items():
        table = score_labels(coded.labels, answers.labels, labels)
        drawn = bootstrap_f1(coded.labels, answers.labels, coded.documents, labels, draws=40)
        rows = found.levels[name].rows
        np.testing.assert_allclose(
            [row.precision.point for row in rows], [row.precision for row in table.rows]
        )
        np.testing.assert_allclose([row.recall.point for row in rows], [row.recall for row in table.rows])
        assert [(row.f1.low, row.f1.high) for row in rows] == [(i.low, i.high) for i in drawn.rows]
        assert [(row.support, row.predicted) for row in rows[: len(labels)]] == [
            (row.support, row.predicted) for row in table.labels.values()
        ]
    assert found.found == score_stances(coded.labels, answers.labels).found
    assert found.stance == bootstrap_stance(coded.labels, answers.labels, coded.documents, draws=40)


def test_figures_of_probabilities_are_those_of_calibration_and_scikit_learn() -> None:
    coded, answers = invented(60)
    labels = BOOK.letters
    rows = score(coded, answers, BOOK, FEW).levels["letters"].rows
    true = indicators(coded.labels, labels).astype(int)
    likely = np.stack([answers.probabilities[label] for label in labels], axis=1)
    for at, row in enumerate(rows[: len(labels)]):
        assert row.brier == brier_score(likely[:, at], true[:, at])
        assert row.calibration_error == expected_calibration_error(likely[:, at], true[:, at])
    for row in rows[len(labels) :]:
        expected = average_precision_score(true, likely, average=row.label)
        assert row.average_precision == pytest.approx(expected)
    micro, macro, _ = rows[len(labels) :]
    assert micro.brier == pytest.approx(macro.brier) == pytest.approx(((likely - true) ** 2).mean())


def test_codes_alone_have_no_figures_of_probabilities() -> None:
    found = score(*invented(sure=False), BOOK, FEW)
    assert all(
        math.isnan(value)
        for row in rows_of(found)
        for value in (row.average_precision, row.calibration_error, row.brier)
    )
    sure = score(*invented(), BOOK, FEW)
    assert [row.f1.point for row in rows_of(found)] == [row.f1.point for row in rows_of(sure)]


def test_the_order_of_units_changes_nothing() -> None:
    coded, answers = invented(1)
    order = np.random.default_rng(3).permutation(len(coded.labels)).tolist()
    there, back = score(coded, answers, BOOK), score(coded.take(order), answers.take(order), BOOK)
    for one, other in zip(rows_of(there), rows_of(back), strict=True):
        for name in ("average_precision", "calibration_error", "brier"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True)
        assert one.f1.point == pytest.approx(other.f1.point, nan_ok=True)


def test_of_one_document_there_are_no_intervals() -> None:
    found = score(*invented(1), BOOK, FEW)
    assert found.documents == 1
    for interval in (i for row in rows_of(found) for i in (row.precision, row.recall, row.f1)):
        assert math.isnan(interval.low)
        assert math.isnan(interval.high)
    assert math.isnan(found.stance.low)
    assert not math.isnan(found.levels["letters"].averages[0].f1.point)


def test_of_two_documents_there_are_intervals() -> None:
    found = score(*invented(2), BOOK, FEW)
    assert (found.documents, found.resampling) == (2, FEW)
    assert not math.isnan(found.stance.low)
    assert all(not math.isnan(table.averages[0].f1.low) for table in found.levels.values())


def test_perfect_answers() -> None:
    coded, _ = invented()
    likely = {label: indicators(coded.labels, [label])[:, 0].astype(float) for label in LABELS}
    found = score(coded, Answers(coded.labels, likely), BOOK, FEW)
    for row in (row for row in rows_of(found) if row.support):
        assert row.f1 == Interval(1, 1, 1)
        assert (row.average_precision, row.calibration_error, row.brier) == (1, 0, 0)


def test_bad_input_is_refused_in_one_line() -> None:
    coded, answers = invented()
    with pytest.raises(EvaluationError, match="coded 160, answered 159"):
        score(coded, answers.take(range(159)), BOOK)
    with pytest.raises(EvaluationError, match="labels 160, documents 1"):
        Coded(coded.labels, ["d"])
    with pytest.raises(EvaluationError, match="there are no units"):
        Coded([], [])
    with pytest.raises(EvaluationError, match="draws is 0"):
        score(coded, answers, BOOK, Resampling(draws=0))
    likely = {**answers.probabilities, "Z": np.full(160, 1.5)}
    with pytest.raises(EvaluationError, match="outside 0 to 1"):
        score(coded, Answers(answers.labels, likely), BOOK, FEW)

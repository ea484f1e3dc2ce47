"""Scores of the whole and of groups, curves, and two systems compared."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.test_scoring_table import BOOK, FEW, LABELS, invented
from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.calibration import reliability_curve, risk_coverage
from wuxing_nlp.evaluation.comparing import compare
from wuxing_nlp.evaluation.levels import score_levels
from wuxing_nlp.evaluation.scores import indicators
from wuxing_nlp.evaluation.scoring import Answers, contrast, curves, score
from wuxing_nlp.evaluation.scoring.findings import findings
from wuxing_nlp.evaluation.significance import randomisation_test


def test_groups_are_scored_each_by_itself() -> None:
    coded, answers = invented()
    keys = ["b" if at < 40 else "a" for at in range(160)]
    found = findings(coded, {"one": answers}, BOOK, groups={"kind": keys}, resampling=FEW)
    assert list(found.groups) == [("kind", "a"), ("kind", "b")]
    first = found.groups["kind", "b"]
    assert (first.units, first.documents) == (40, 5)
    alone = score(coded.take(range(40)), answers.take(range(40)), BOOK, FEW)
    assert first.levels["letters"].averages[0] == alone.levels["letters"].averages[0]
    assert (found.system, found.other, found.contrast) == ("one", "", None)


def test_two_systems_are_named_and_compared() -> None:
    coded, answers = invented(2)
    found = findings(coded, {"one": answers, "another": answers}, BOOK, groups={}, resampling=FEW)
    assert (found.system, found.other) == ("one", "another")
    assert found.contrast


def test_curves_of_every_label() -> None:
    coded, answers = invented()
    found = curves(coded, answers, BOOK)
    assert found
    assert list(found.precision_recall) == list(found.reliability) == list(LABELS)
    true = indicators(coded.labels, ["Z"])[:, 0].astype(float)
    expected = reliability_curve(answers.probabilities["Z"], true)
    assert found.reliability["Z"].observed.tolist() == expected.observed.tolist()
    confidence = answers.confidence(BOOK.letters)
    assert confidence is not None
    [whole] = risk_coverage(coded.labels, answers.labels, confidence, BOOK.letters, coverages=[1.0])
    assert found.coverage[0] == whole
    assert [point.units for point in found.coverage] == sorted(
        {point.units for point in found.coverage}, reverse=True
    )


def test_codes_alone_have_no_curves() -> None:
    coded, answers = invented(sure=False)
    assert answers.confidence(BOOK.letters) is None
    assert curves(coded, answers, BOOK) is None


def test_a_contrast_is_a_comparison_with_p_values() -> None:
    coded, answers = invented()
    _, other = invented(seed=1, sure=False)
    other = Answers([frozenset() if at % 5 == 0 else unit for at, unit in enumerate(other.labels)])
    found = contrast(coded, answers, other, BOOK, FEW)
    for name, labels in score_levels(BOOK).items():
        rows = found.levels[name]
        compared = compare(coded.labels, other.labels, answers.labels, coded.documents, labels, draws=40)
        tested = randomisation_test(
            coded.labels, answers.labels, other.labels, coded.documents, labels, draws=40
        )
        np.testing.assert_equal([row.difference for row in rows], list(compared.difference.rows))
        np.testing.assert_equal([row.p for row in rows[: len(labels)]], list(tested.labels.values()))
        np.testing.assert_equal([row.adjusted for row in rows[: len(labels)]], list(tested.adjusted.values()))
        assert [row.p for row in rows[len(labels) :]] == [tested.micro, tested.macro, tested.weighted]
        micro = rows[len(labels)]
        assert micro.f1 - micro.other == pytest.approx(micro.difference.point)
        assert micro.difference.point > 0
        assert math.isnan(micro.adjusted)


def test_of_one_document_nothing_is_said_about_others() -> None:
    coded, answers = invented(1)
    rows = contrast(coded, answers, Answers([frozenset()] * 8), BOOK, FEW).levels["letters"]
    assert all(math.isnan(value) for row in rows for value in (row.difference.low, row.p, row.adjusted))


def test_groups_must_be_of_the_same_units() -> None:
    coded, answers = invented()
    with pytest.raises(EvaluationError, match="coded 160, groups 1"):
        findings(coded, {"one": answers}, BOOK, groups={"kind": ["a"]}, resampling=FEW)

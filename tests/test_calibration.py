"""Calibration figures against constructed data and scikit-learn; risk–coverage by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.calibration import (
    brier_score,
    expected_calibration_error,
    reliability_curve,
    risk_coverage,
)
from wuxing_nlp.evaluation.scores import score_labels

BINNINGS = ("width", "mass")
probability = st.floats(0, 1, allow_subnormal=False)
predictions = st.lists(st.tuples(probability, st.booleans()), min_size=1, max_size=60)


def calibrated() -> tuple[list[float], list[int]]:
    """Of 20 units with probability k/20, k have the label."""
    probabilities = [k / 20 for k in range(21) for _ in range(20)]
    return probabilities, [int(unit < k) for k in range(21) for unit in range(20)]


@pytest.mark.parametrize("binning", BINNINGS)
def test_calibrated_probabilities_have_no_error(binning):
    probabilities, outcomes = calibrated()
    assert expected_calibration_error(probabilities, outcomes, binning=binning) == pytest.approx(0, abs=1e-12)
    curve = reliability_curve(probabilities, outcomes, binning=binning)
    np.testing.assert_allclose(curve.probability, curve.observed, atol=1e-12)
    assert curve.count.sum() == len(probabilities)


@pytest.mark.parametrize("binning", BINNINGS)
@pytest.mark.parametrize(("said", "positives"), [(0.9, 5), (0.2, 8), (0.0, 10), (1.0, 0)])
def test_one_probability_errs_by_its_distance_from_the_observed_share(said, positives, binning):
    outcomes = [1] * positives + [0] * (10 - positives)
    error = expected_calibration_error([said] * 10, outcomes, binning=binning)
    assert error == pytest.approx(abs(said - positives / 10))


def test_bins_weigh_as_many_units_as_they_hold():
    # Three units at 0.1, all false (distance 0.1); one at 0.9, false (distance 0.9).
    assert expected_calibration_error([0.1, 0.1, 0.1, 0.9], [0, 0, 0, 0]) == pytest.approx(0.3)


def test_a_bin_holds_its_upper_edge():
    curve = reliability_curve([0.0, 0.5, 0.50001, 1.0], [0, 1, 0, 1], bins=2)
    assert curve.count.tolist() == [2, 2]
    assert curve.probability == pytest.approx([0.25, 0.750005])
    assert curve.observed.tolist() == [0.5, 0.5]


@given(predictions, st.integers(1, 20))
def test_the_curve_is_that_of_scikit_learn(pairs, bins):
    probabilities, outcomes = [p for p, _ in pairs], [int(o) for _, o in pairs]
    curve = reliability_curve(probabilities, outcomes, bins=bins)
    observed, predicted = calibration_curve(outcomes, probabilities, pos_label=1, n_bins=bins)
    np.testing.assert_allclose(curve.observed, observed)
    np.testing.assert_allclose(curve.probability, predicted)
    assert curve.count.sum() == len(pairs)


@given(predictions, st.sampled_from(BINNINGS), st.randoms())
def test_the_order_of_units_does_not_matter(pairs, binning, random):
    shuffled = random.sample(pairs, len(pairs))
    errors = [
        expected_calibration_error([p for p, _ in some], [o for _, o in some], binning=binning)
        for some in (pairs, shuffled)
    ]
    assert errors[0] == pytest.approx(errors[1], abs=1e-9)
    assert 0 <= errors[0] <= 1


@given(st.lists(probability, min_size=1, max_size=60, unique=True), st.integers(1, 20))
def test_bins_of_equal_mass_hold_equally_many(probabilities, bins):
    curve = reliability_curve(probabilities, [0] * len(probabilities), bins=bins, binning="mass")
    assert len(curve.count) == min(bins, len(probabilities))
    assert curve.count.max() - curve.count.min() <= 1
    assert (np.diff(curve.probability) > 0).all()


def test_bins_of_equal_mass_do_not_part_equal_probabilities():
    curve = reliability_curve([0.1, 0.3, 0.3, 0.3, 0.9], [0, 1, 0, 0, 1], bins=5, binning="mass")
    assert curve.count.tolist() == [1, 3, 1]
    assert curve.observed == pytest.approx([0, 1 / 3, 1])


@given(predictions)
def test_brier_is_that_of_scikit_learn(pairs):
    probabilities, outcomes = [p for p, _ in pairs], [int(o) for _, o in pairs]
    expected = brier_score_loss(outcomes, probabilities, pos_label=1, labels=[0, 1])
    assert brier_score(probabilities, outcomes) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("probabilities", "outcomes", "message"),
    [
        ([0.2], [1, 0], "shape"),
        ([], [], "at least one unit"),
        ([[0.2]], [[1]], "shape"),
        ([1.2], [1], "outside 0 to 1"),
        ([math.nan], [1], "outside 0 to 1"),
        ([0.2], [2], "neither 0 nor 1"),
    ],
)
def test_bad_probabilities_are_refused(probabilities, outcomes, message):
    for figure in (reliability_curve, expected_calibration_error, brier_score):
        with pytest.raises(EvaluationError, match=message):
            figure(probabilities, outcomes)


def test_bad_bins_are_refused():
    with pytest.raises(EvaluationError, match="bins is 0"):
        reliability_curve([0.2], [1], bins=0)
    with pytest.raises(EvaluationError, match="width and mass"):
        reliability_curve([0.2], [1], binning="equal")  # type: ignore[arg-type]


TRUTH = [frozenset("Z"), frozenset("Z"), frozenset("C"), frozenset("C")]
PREDICTED = [frozenset("Z"), frozenset("C"), frozenset("C"), frozenset()]


def test_risk_coverage_by_hand():
    points = risk_coverage(TRUTH, PREDICTED, [0.9, 0.2, 0.8, 0.5], "ZC", coverages=(1, 0.75, 0.5))
    assert [(p.coverage, p.threshold, p.units) for p in points] == [
        (1, 0.2, 4),
        (0.75, 0.5, 3),
        (0.5, 0.8, 2),
    ]
    assert [p.micro_f1 for p in points] == pytest.approx([4 / 7, 4 / 5, 1])


def test_full_coverage_is_the_score_of_all_units():
    (point,) = risk_coverage(TRUTH, PREDICTED, [3, 1, 2, -4], "ZC", coverages=[1.0])
    assert point.micro_f1 == score_labels(TRUTH, PREDICTED, "ZC").micro.f1


def test_units_of_equal_confidence_stay_together():
    (point,) = risk_coverage(TRUTH, PREDICTED, [0.5, 0.5, 0.9, 0.1], "ZC", coverages=[0.5])
    assert (point.coverage, point.units) == (0.75, 3)


def test_a_coverage_of_55_percent_keeps_55_of_100():
    (point,) = risk_coverage(TRUTH * 25, PREDICTED * 25, np.arange(100), "ZC", coverages=[0.55])
    assert point.units == 55


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40), st.floats(0.01, 1))
def test_the_coverage_asked_for_is_reached(confidence, coverage):
    truth = [frozenset("Z")] * len(confidence)
    (point,) = risk_coverage(truth, truth, confidence, "Z", coverages=[coverage])
    assert point.coverage >= coverage - 1e-6
    above = sum(value > point.threshold for value in confidence)
    assert above < point.units == sum(value >= point.threshold for value in confidence)
    assert above < math.ceil(coverage * len(confidence))  # one unit fewer would be too few


@pytest.mark.parametrize(
    ("confidence", "coverages", "message"),
    [
        ([0.1, 0.2], [1.0], "confidence 2"),
        ([0.1, 0.2, 0.3, math.nan], [1.0], "finite"),
        (0.5, [1.0], "one finite number a unit"),
        ([0.1, 0.2, 0.3, 0.4], [0.0], "coverage is 0"),
        ([0.1, 0.2, 0.3, 0.4], [80], "coverage is 80"),
    ],
)
def test_bad_confidence_is_refused(confidence, coverages, message):
    with pytest.raises(EvaluationError, match=message):
        risk_coverage(TRUTH, PREDICTED, confidence, "ZC", coverages=coverages)


def test_no_units_cannot_be_covered():
    with pytest.raises(EvaluationError, match="at least one unit"):
        risk_coverage([], [], [], "ZC")

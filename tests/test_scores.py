"""Scores against scikit-learn's, and the rules for what is undefined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.scores import (
    Scores,
    confusion_counts,
    indicators,
    mean_of_defined,
    score_labels,
    score_stances,
    stance_counts,
)

LABELS = ("Z", "C", "P", "M")
label_sets = st.frozensets(st.sampled_from((*LABELS, "other")))
unit_pairs = st.lists(st.tuples(label_sets, label_sets), min_size=1, max_size=40)


def sets(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text.split()) for text in texts]


@given(unit_pairs)
def test_scores_are_those_of_scikit_learn(pairs):
    truth, predicted = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    table = score_labels(truth, predicted, LABELS)
    y_true, y_pred = indicators(truth, LABELS), indicators(predicted, LABELS)
    expected = precision_recall_fscore_support(y_true, y_pred, zero_division=np.nan)
    rows = list(table.labels.values())
    found = [[getattr(row, name) for row in rows] for name in ("precision", "recall", "f1", "support")]
    np.testing.assert_allclose(found, expected)


@given(unit_pairs)
def test_averages_are_those_of_scikit_learn(pairs):
    truth, predicted = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    table = score_labels(truth, predicted, LABELS)
    y_true, y_pred = indicators(truth, LABELS), indicators(predicted, LABELS)
    for average, row in (("micro", table.micro), ("macro", table.macro)):
        expected = precision_recall_fscore_support(y_true, y_pred, average=average, zero_division=np.nan)
        np.testing.assert_allclose([row.precision, row.recall, row.f1], expected[:3])


@given(unit_pairs)
def test_the_weighted_mean_is_that_of_scikit_learn(pairs):
    truth, predicted = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    table = score_labels(truth, predicted, LABELS)
    y_true, y_pred = indicators(truth, LABELS), indicators(predicted, LABELS)
    expected = precision_recall_fscore_support(y_true, y_pred, average="weighted", zero_division=np.nan)
    for at, name in enumerate(("precision", "recall", "f1")):
        rows = [(getattr(row, name), row.support) for row in table.labels.values()]
        if sum(weight for value, weight in rows if not math.isnan(value)):
            assert getattr(table.weighted, name) == pytest.approx(expected[at])
        else:  # scikit-learn takes the plain mean where nothing has any weight
            assert math.isnan(getattr(table.weighted, name))


@given(unit_pairs)
def test_every_mean_lies_between_the_extremes(pairs):
    table = score_labels([pair[0] for pair in pairs], [pair[1] for pair in pairs], LABELS)
    for average in (table.micro, table.macro, table.weighted):
        for name in ("precision", "recall", "f1"):
            values = [getattr(row, name) for row in table.labels.values()]
            mean = getattr(average, name)
            if not math.isnan(mean):
                assert np.nanmin(values) - 1e-12 <= mean <= np.nanmax(values) + 1e-12


@given(unit_pairs)
def test_exchanging_truth_and_prediction_exchanges_precision_and_recall(pairs):
    truth, predicted = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    there, back = score_labels(truth, predicted, LABELS), score_labels(predicted, truth, LABELS)
    for label in LABELS:
        one, other = there.labels[label], back.labels[label]
        np.testing.assert_equal(
            (one.precision, one.recall, one.f1), (other.recall, other.precision, other.f1)
        )


def test_a_small_table_by_hand():
    table = score_labels(sets("Z", "Z C", "", "C"), sets("Z P", "C", "Z", "C"), ("Z", "C", "P"))
    assert table.labels == {"Z": Scores(1, 1, 1), "C": Scores(2, 0, 0), "P": Scores(0, 1, 0)}
    assert table.micro == Scores(3, 2, 1)
    assert (table.labels["Z"].support, table.labels["Z"].predicted) == (2, 2)
    assert table.macro.f1 == pytest.approx((0.5 + 1 + 0) / 3)
    assert table.macro.recall == pytest.approx((0.5 + 1) / 2)  # P is nowhere true: no recall
    assert table.weighted.f1 == pytest.approx((2 * 0.5 + 2 * 1) / 4)
    assert table.rows == (*table.labels.values(), table.micro, table.macro, table.weighted)


def test_a_label_without_truth_and_prediction_is_left_out_of_the_macro():
    table = score_labels(sets("Z", "Z"), sets("Z", ""), ("Z", "M"))
    assert math.isnan(table.labels["M"].f1)
    assert table.macro.f1 == table.labels["Z"].f1 == pytest.approx(2 / 3)


def test_a_label_that_was_missed_altogether_counts_as_zero():
    table = score_labels(sets("Z", "M"), sets("Z", ""), ("Z", "M"))
    assert table.labels["M"].f1 == 0
    assert math.isnan(table.labels["M"].precision)
    assert table.macro.f1 == 0.5


def test_no_units_have_no_scores():
    table = score_labels([], [], ("Z", "M"))
    assert table.micro == Scores(0, 0, 0)
    assert all(map(math.isnan, (table.micro.f1, table.macro.precision, table.macro.recall, table.macro.f1)))
    assert math.isnan(table.weighted.f1)


def test_labels_outside_those_asked_for_do_not_count():
    assert score_labels(sets("Z1 P!"), sets("P-"), ("Z1",)).micro == Scores(0, 0, 1)


def test_labels_keep_the_order_given():
    assert list(score_labels([], [], ("M", "Z", "C")).labels) == ["M", "Z", "C"]


def test_units_that_do_not_pair_are_refused():
    with pytest.raises(EvaluationError, match="truth 1, predicted 2"):
        score_labels(sets("Z"), sets("Z", "C"), LABELS)
    with pytest.raises(EvaluationError, match="truth 2, predicted 1"):
        score_stances(sets("P!", "P-"), sets("P!"))


@pytest.mark.parametrize("labels", [(), ("Z", "C", "Z")])
def test_labels_must_be_given_once(labels):
    with pytest.raises(EvaluationError, match="each once"):
        score_labels(sets("Z"), sets("Z"), labels)


def test_stances_of_found_problems():
    truth = sets("P!", "P! P-", "M-", "J!", "S-", "Z1")
    predicted = sets("P!", "P!", "M! M-", "Y!", "S- Z1", "Z1")
    score = score_stances(truth, predicted)
    assert (score.found, score.right) == (4, 2)  # J was not found, Z1 has no stance
    assert score.share == 0.5


def test_stances_of_two_problems_in_one_unit_count_apart():
    score = score_stances(sets("P! M- Y!"), sets("P- M- S!"))
    assert (score.found, score.right) == (2, 1)


def test_stances_are_counted_unit_by_unit():
    counts = stance_counts(sets("P! M- Y!", "J!", "Z1"), sets("P- M- S!", "J!", "Z1"))
    assert counts.tolist() == [[2, 1], [1, 1], [0, 0]]
    assert stance_counts([], []).shape == (0, 2)


def test_written_and_base_codes_say_the_same_stance():
    assert score_stances(sets("J!-"), sets("J! J-")).share == 1
    assert score_stances(sets("J!-"), sets("J!")).share == 0


def test_stance_of_nothing_is_undefined():
    assert math.isnan(score_stances(sets("P!", "Z1 J"), sets("M!", "Z1 J")).share)


@given(unit_pairs)
def test_each_unit_falls_into_one_case_or_none(pairs):
    true, given_ = indicators([pair[0] for pair in pairs], LABELS), indicators([p[1] for p in pairs], LABELS)
    counts = confusion_counts(true, given_)
    assert counts.shape == (len(pairs), 3, len(LABELS))
    np.testing.assert_array_equal(counts.sum(axis=1), true | given_)


def test_the_mean_leaves_out_what_is_undefined():
    means = mean_of_defined([[1.0, math.nan, 0.0], [math.nan, math.nan, math.nan]])
    np.testing.assert_equal(means, [0.5, math.nan])


def test_a_weighted_mean_weighs_what_is_defined():
    means = mean_of_defined([[1.0, math.nan, 0.0], [math.nan, 0.5, math.nan]], [3, 5, 1])
    np.testing.assert_equal(means, [0.75, 0.5])
    np.testing.assert_equal(mean_of_defined([1.0, math.nan], [0, 2]), math.nan)

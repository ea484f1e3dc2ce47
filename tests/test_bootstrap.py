"""Bootstrap intervals: what they contain, how they narrow, and that documents are the unit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation import bootstrap
from wuxing_nlp.evaluation.bootstrap import (
    IntervalTable,
    bootstrap_difference,
    bootstrap_f1,
    bootstrap_scores,
    bootstrap_stance,
)
from wuxing_nlp.evaluation.scores import LabelSets, score_labels

LABELS = ("Z", "C", "P")


def invented(documents: int, *, units: int = 5, error: float = 0.25, seed: int = 3):
    """Truth, a prediction with a share of errors, and the documents of the units."""
    generator = np.random.default_rng(seed)
    true = generator.random((documents * units, len(LABELS))) < 0.4
    given = true ^ (generator.random(true.shape) < error)
    names = [f"d{number // units}" for number in range(len(true))]
    return as_sets(true), as_sets(given), names


def as_sets(rows) -> LabelSets:
    return [frozenset(label for label, has in zip(LABELS, row, strict=True) if has) for row in rows]


def intervals_of(table: IntervalTable):
    return table.rows


def test_points_are_the_scores_and_lie_inside():
    truth, predicted, documents = invented(60)
    table = bootstrap_f1(truth, predicted, documents, LABELS)
    scores = score_labels(truth, predicted, LABELS)
    points = [row.f1 for row in scores.rows]
    assert [interval.point for interval in intervals_of(table)] == pytest.approx(points)
    assert list(table.labels) == list(LABELS)
    assert all(interval.low < interval.point < interval.high for interval in intervals_of(table))


def test_draws_are_those_of_resampled_documents():
    """The matrix product gives what copying whole documents by hand gives."""
    truth, predicted, documents = invented(8)
    table = bootstrap_f1(truth, predicted, documents, LABELS, draws=50, seed=5)
    generator = np.random.default_rng(5)
    names = list(dict.fromkeys(documents))
    macros, weighted = [], []
    for _ in range(50):
        times = dict(zip(names, generator.multinomial(8, [1 / 8] * 8), strict=True))
        drawn = [i for i, name in enumerate(documents) for _ in range(times[name])]
        scores = score_labels([truth[i] for i in drawn], [predicted[i] for i in drawn], LABELS)
        macros.append(scores.macro.f1)
        weighted.append(scores.weighted.f1)
    assert [table.macro.low, table.macro.high] == pytest.approx(np.quantile(macros, [0.025, 0.975]))
    assert [table.weighted.low, table.weighted.high] == pytest.approx(np.quantile(weighted, [0.025, 0.975]))


def test_more_documents_narrow_the_interval():
    few, many = (bootstrap_f1(*invented(count), LABELS) for count in (20, 500))
    for wide, narrow in zip(intervals_of(few), intervals_of(many), strict=True):
        assert narrow.high - narrow.low < (wide.high - wide.low) / 2


def test_units_of_one_document_are_no_independent_evidence():
    truth, predicted, documents = invented(20, units=1)
    copies = 10
    repeated = bootstrap_f1(truth * copies, predicted * copies, documents * copies, LABELS)
    once = bootstrap_f1(truth, predicted, documents, LABELS)
    for there, here in zip(intervals_of(repeated), intervals_of(once), strict=True):
        assert (there.point, there.low, there.high) == pytest.approx((here.point, here.low, here.high))
    alone = bootstrap_f1(truth * copies, predicted * copies, range(20 * copies), LABELS)
    assert alone.macro.high - alone.macro.low < (repeated.macro.high - repeated.macro.low) / 2


def test_most_intervals_hold_the_value_of_the_population():
    # Errors are flips of a quarter: F1 = 2·0.4·0.75 / (0.4 + 0.4·0.75 + 0.6·0.25).
    value = 2 * 0.3 / (0.4 + 0.3 + 0.15)
    tables = [bootstrap_f1(*invented(60, seed=seed), LABELS, draws=200) for seed in range(100)]
    held = sum(table.micro.low <= value <= table.micro.high for table in tables)
    assert 88 <= held <= 99


def test_one_seed_one_result_and_another_seed_another():
    data = invented(30)
    assert bootstrap_f1(*data, LABELS, seed=1) == bootstrap_f1(*data, LABELS, seed=1)
    assert bootstrap_f1(*data, LABELS, seed=1) != bootstrap_f1(*data, LABELS, seed=2)
    truth, predicted, documents = data
    nothing = [frozenset[str]()] * len(truth)
    one, same, other = (
        bootstrap_difference(truth, predicted, nothing, documents, LABELS, seed=seed) for seed in (1, 1, 2)
    )
    assert one == same != other


def test_blocks_do_not_change_the_result(monkeypatch):
    data = invented(30)
    whole = bootstrap_f1(*data, LABELS, draws=100)
    monkeypatch.setattr(bootstrap, "_BLOCK", 30 * 7)
    assert bootstrap_f1(*data, LABELS, draws=100) == whole


def test_a_lower_level_is_narrower():
    data = invented(30)
    wide, narrow = (bootstrap_f1(*data, LABELS, level=level) for level in (0.95, 0.5))
    assert narrow.level == 0.5
    assert wide.macro.low < narrow.macro.low < narrow.macro.high < wide.macro.high


def test_one_document_has_no_spread():
    truth, predicted, documents = invented(1)
    for interval in intervals_of(bootstrap_f1(truth, predicted, documents, LABELS)):
        assert interval.low == interval.point == interval.high


def test_a_label_that_never_occurs_has_no_interval():
    truth, predicted, documents = invented(20)
    table = bootstrap_f1(truth, predicted, documents, (*LABELS, "M"))
    absent = table.labels["M"]
    assert all(map(math.isnan, (absent.point, absent.low, absent.high)))
    assert table.macro == bootstrap_f1(truth, predicted, documents, LABELS).macro


def test_draws_without_a_rare_label_are_left_out_of_its_interval():
    truth = [frozenset({"Z"}), *[frozenset({"C"})] * 4]
    table = bootstrap_f1(truth, truth, range(5), ("Z", "C"))
    assert (table.labels["Z"].low, table.labels["Z"].high, table.macro.low) == (1, 1, 1)


def test_the_difference_of_equal_predictions_is_zero():
    truth, predicted, documents = invented(30)
    table = bootstrap_difference(truth, predicted, predicted, documents, LABELS)
    assert all((i.point, i.low, i.high) == (0, 0, 0) for i in intervals_of(table))


def test_the_difference_has_the_sign_of_the_better_prediction():
    truth, worse, documents = invented(100, error=0.35)
    _, better, _ = invented(100, error=0.1)
    table = bootstrap_difference(truth, better, worse, documents, LABELS)
    assert table.macro.low > 0
    back = bootstrap_difference(truth, worse, better, documents, LABELS)
    for there, here in zip(intervals_of(table), intervals_of(back), strict=True):
        assert (here.point, here.low, here.high) == pytest.approx((-there.point, -there.high, -there.low))
    points = [score_labels(truth, given, LABELS).macro.f1 for given in (better, worse)]
    assert table.macro.point == pytest.approx(points[0] - points[1])


def test_the_difference_is_paired():
    """Two predictions that err on the same units differ by less than their own intervals are wide."""
    truth, predicted, documents = invented(60)
    baseline = [frozenset() if number % 29 == 0 else given for number, given in enumerate(predicted)]
    difference = bootstrap_difference(truth, predicted, baseline, documents, LABELS).micro
    alone = bootstrap_f1(truth, predicted, documents, LABELS).micro
    assert difference.high - difference.low < (alone.high - alone.low) / 2


def test_precision_and_recall_are_drawn_as_f1_is():
    truth, predicted, documents = invented(40)
    found = bootstrap_scores(truth, predicted, documents, LABELS, draws=200, seed=4)
    scores = score_labels(truth, predicted, LABELS)
    for name in ("precision", "recall", "f1"):
        table = getattr(found, name)
        assert [i.point for i in table.rows] == pytest.approx([getattr(row, name) for row in scores.rows])
        assert all(i.low < i.point < i.high for i in table.rows)
    assert found.f1 == bootstrap_f1(truth, predicted, documents, LABELS, draws=200, seed=4)
    back = bootstrap_scores(predicted, truth, documents, LABELS, draws=200, seed=4)
    assert found.precision.labels == back.recall.labels
    assert found.precision.micro == back.recall.micro


def test_the_share_of_right_stances_is_resampled_by_document():
    truth = [frozenset({"P!"}), frozenset({"P!"}), frozenset({"P-"}), frozenset({"Z1"})] * 20
    given = [frozenset({"P!"}), frozenset({"P-"}), frozenset({"P-"}), frozenset({"P!"})] * 20
    alone = bootstrap_stance(truth, given, range(80))
    assert alone.point == pytest.approx(2 / 3)
    assert alone.low < 2 / 3 < alone.high
    # Of documents that are all alike any draw has the same share.
    together = bootstrap_stance(truth, given, [at // 4 for at in range(80)])
    assert (together.low, together.high) == pytest.approx((2 / 3, 2 / 3))
    nothing = bootstrap_stance([frozenset()] * 3, [frozenset()] * 3, range(3))
    assert all(map(math.isnan, (nothing.point, nothing.low, nothing.high)))


def test_bad_input_is_refused_in_one_line():
    truth, predicted, documents = invented(3)
    with pytest.raises(EvaluationError, match="documents 14"):
        bootstrap_f1(truth, predicted, documents[1:], LABELS)
    with pytest.raises(EvaluationError, match="baseline 14"):
        bootstrap_difference(truth, predicted, predicted[1:], documents, LABELS)
    with pytest.raises(EvaluationError, match="documents 14"):
        bootstrap_difference(truth, predicted, predicted, documents[1:], LABELS)
    with pytest.raises(EvaluationError, match="no units"):
        bootstrap_f1([], [], [], LABELS)
    with pytest.raises(EvaluationError, match="documents 14"):
        bootstrap_stance(truth, predicted, documents[1:])
    with pytest.raises(EvaluationError, match="draws is 0"):
        bootstrap_f1(truth, predicted, documents, LABELS, draws=0)
    with pytest.raises(EvaluationError, match="level is 95"):
        bootstrap_f1(truth, predicted, documents, LABELS, level=95)

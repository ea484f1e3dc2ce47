"""The randomisation test by document, against exact enumeration, and Holm's correction."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation import bootstrap, significance
from wuxing_nlp.evaluation.bootstrap import document_counts, f1_figures
from wuxing_nlp.evaluation.scores import LabelSets
from wuxing_nlp.evaluation.significance import holm, randomisation_test

LABELS = ("Z", "C", "P")
Data = tuple[LabelSets, LabelSets, LabelSets, list[str]]


def invented(documents: int, first: float, second: float, seed: int = 0) -> Data:
    """Truth, the answers of two systems with so many errors, and the documents of five units each."""
    generator = np.random.default_rng(seed)
    true = generator.random((documents * 5, len(LABELS))) < 0.4
    answers = [true ^ (generator.random(true.shape) < error) for error in (first, second)]
    return (*(as_sets(rows) for rows in (true, *answers)), [f"d{at // 5}" for at in range(len(true))])


def as_sets(rows: np.ndarray) -> LabelSets:
    return [frozenset(label for label, has in zip(LABELS, row, strict=True) if has) for row in rows]


def figures(found: significance.PValues) -> list[float]:
    return [*found.labels.values(), found.micro, found.macro, found.weighted]


def test_p_values_are_those_of_all_exchanges() -> None:
    """scipy enumerates all 2⁹ of them."""
    truth, first, second, documents = invented(9, 0.1, 0.25)
    counts = np.concatenate(
        [np.stack(document_counts(truth, given, documents, LABELS)) for given in (first, second)], axis=1
    )
    expected = []
    for at in range(len(LABELS) + 3):

        def difference(one: np.ndarray, other: np.ndarray, at: int = at) -> float:
            sums = (counts[:, rows.astype(int)].sum(axis=1) for rows in (one, other))
            mine, its = (f1_figures(*sum_)[at] for sum_ in sums)
            return float(mine - its)

        pairs = (np.arange(9.0), np.arange(9.0, 18.0))
        done = stats.permutation_test(pairs, difference, permutation_type="samples", n_resamples=np.inf)
        expected.append(done.pvalue)
    found = randomisation_test(truth, first, second, documents, LABELS, draws=20_000)
    assert figures(found) == pytest.approx(expected, abs=0.012)
    assert min(expected) < 0.2


def test_the_same_answers_differ_by_nothing() -> None:
    truth, first, _, documents = invented(20, 0.2, 0.2)
    found = randomisation_test(truth, first, first, documents, LABELS, draws=50)
    assert set(figures(found)) == {1.0}
    assert set(found.adjusted.values()) == {1.0}


def test_a_clear_difference_has_the_smallest_p_there_is_and_no_sign() -> None:
    truth, better, worse, documents = invented(80, 0.05, 0.35)
    found = randomisation_test(truth, better, worse, documents, LABELS, draws=200)
    assert set(figures(found)) == {1 / 201}
    assert found == randomisation_test(truth, worse, better, documents, LABELS, draws=200)


def test_equal_systems_are_seldom_called_different() -> None:
    """Of 200 comparisons of equals some 5 % have p ≤ 0.05; whole documents are easy or hard."""
    hits = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        true = generator.random((100, 3)) < 0.4
        hard = np.repeat(generator.random((2, 20)) < 0.3, 5, axis=1)
        first, second = (
            true ^ (generator.random(true.shape) < np.where(row, 0.6, 0.05)[:, None]) for row in hard
        )
        sets = [as_sets(rows) for rows in (true, first, second)]
        found = randomisation_test(*sets, [at // 5 for at in range(100)], LABELS, draws=199, seed=seed)
        hits += found.micro <= 0.05
    assert 2 <= hits <= 20


def test_units_of_one_document_are_exchanged_together() -> None:
    """Ten copies of every unit in its document are no further evidence; as documents they would be."""
    truth, first, second, documents = invented(12, 0.15, 0.3)
    once = randomisation_test(truth, first, second, documents, LABELS)
    copied = randomisation_test(truth * 10, first * 10, second * 10, documents * 10, LABELS)
    assert figures(copied) == pytest.approx(figures(once))
    alone = randomisation_test(truth * 10, first * 10, second * 10, range(600), LABELS)
    assert alone.micro < once.micro


def test_a_label_on_no_unit_has_no_p_value() -> None:
    truth, first, second, documents = invented(10, 0.1, 0.2)
    found = randomisation_test(truth, first, second, documents, (*LABELS, "M"), draws=20)
    assert math.isnan(found.labels["M"])
    assert math.isnan(found.adjusted["M"])
    without = randomisation_test(truth, first, second, documents, LABELS, draws=20)
    assert found.adjusted | {"M": 0.0} == without.adjusted | {"M": 0.0}


def test_a_label_has_one_p_value_whatever_labels_stand_beside_it() -> None:
    data = invented(30, 0.1, 0.2)
    several, alone = (randomisation_test(*data, labels, draws=100) for labels in (LABELS, LABELS[:1]))
    assert several.labels["Z"] == alone.labels["Z"] == alone.micro


def test_one_seed_one_result_and_blocks_do_not_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = invented(15, 0.1, 0.2)
    whole = randomisation_test(*data, LABELS, draws=100)
    assert whole != randomisation_test(*data, LABELS, draws=100, seed=1)
    monkeypatch.setattr(bootstrap, "_BLOCK", 15 * 7)
    assert randomisation_test(*data, LABELS, draws=100) == whole


def test_holm_by_hand() -> None:
    values = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005, "e": math.nan}
    found = holm(values)
    assert list(found) == list(values)
    assert [found[name] for name in "abcd"] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert math.isnan(found["e"])
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_bad_input_is_refused_in_one_line() -> None:
    truth, first, second, documents = invented(3, 0.1, 0.1)
    with pytest.raises(EvaluationError, match="second 14"):
        randomisation_test(truth, first, second[1:], documents, LABELS)
    with pytest.raises(EvaluationError, match="draws is 0"):
        randomisation_test(truth, first, second, documents, LABELS, draws=0)
    with pytest.raises(EvaluationError, match="no units"):
        randomisation_test([], [], [], [], LABELS)

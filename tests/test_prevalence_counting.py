"""Counts, held to ``quapy``."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from quapy.functional import solve_adjustment_binary
from quapy.method.aggregative import ACC, CC
from sklearn.dummy import DummyClassifier

from wuxing_nlp.evaluation.prevalence import About, Coded, Counted, adjusted_count, naive_count

UNITS, CODED = 3000, 600
RNG = np.random.default_rng(8)


# Quantifiers want a classifier, though it has answered already: it only tells them the classes.
CLASSES = DummyClassifier().fit([[0], [0]], [0, 1])


def world(share: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    truth = (RNG.random(UNITS) < share).astype(float)
    codes = np.where(truth == 1, RNG.random(UNITS) < 0.8, RNG.random(UNITS) < 0.1).astype(float)
    return truth, codes


def coded(truth: NDArray[np.float64], codes: NDArray[np.float64], number: int = CODED) -> Coded:
    return Coded(
        np.arange(number),
        truth[:number, None],
        codes[:number, None],
        np.full(number, number / UNITS),
        np.zeros(number, dtype=np.intp),
        np.arange(number),
    )


@pytest.mark.parametrize("share", [0.05, 0.2, 0.7])
def test_both_counts_are_those_of_quapy(share: float) -> None:
    truth, codes = world(share)
    counted = Counted(np.ones(UNITS), codes[:, None])
    naive = CC(CLASSES, fit_classifier=False).aggregate(codes.astype(int))
    assert naive_count(counted) == pytest.approx(naive[1:])
    adjusting = ACC(CLASSES, fit_classifier=False, val_split=None, solver="exact-raise")
    adjusting.aggregation_fit(codes[:CODED].astype(int), truth[:CODED].astype(int))
    found = adjusted_count(counted, counted, coded(truth, codes))
    assert found.share == pytest.approx(adjusting.aggregate(codes.astype(int))[1:])
    assert found.low[0] < truth.mean() < found.high[0]


def test_a_count_below_the_false_positives_is_0_as_in_quapy() -> None:
    truth, codes = world(0.3)
    few = Counted(np.ones(UNITS), np.zeros((UNITS, 1)))
    found = adjusted_count(few, Counted(np.ones(UNITS), codes[:, None]), coded(truth, codes))
    assert found.share[0] == solve_adjustment_binary(0.0, 0.8, 0.1) == 0
    assert found.low[0] == pytest.approx(0, abs=1e-12)
    assert found.high[0] > 0


def test_weights_make_the_rates_those_of_all_units() -> None:
    truth, codes = world(0.3)
    sample = coded(truth, codes)
    # Those with the label were drawn twice as likely: without weights too many of them would count.
    likely = np.where(truth[:CODED] == 1, 0.4, 0.2)
    weighted = Coded(**{**vars(sample), "inclusion": likely})
    counted = Counted(np.ones(UNITS), codes[:, None])
    assert adjusted_count(counted, counted, weighted).share == pytest.approx(
        adjusted_count(counted, counted, sample).share
    )


def test_every_label_is_estimated_as_if_it_were_alone() -> None:
    worlds = [world(0.3), world(0.1)]
    alone = [coded(truth, codes) for truth, codes in worlds]
    pairs = {name: np.hstack([getattr(one, name) for one in alone]) for name in ("truth", "predicted")}
    both = Counted(np.ones(UNITS), np.column_stack([codes for _, codes in worlds]))
    found = adjusted_count(both, both, Coded(**{**vars(alone[0]), **pairs}))
    for at, sample in enumerate(alone):
        counted = Counted(np.ones(UNITS), worlds[at][1][:, None])
        one = adjusted_count(counted, counted, sample)
        for name, figures in vars(found).items():
            assert figures[at] == pytest.approx(vars(one)[name][0]), name


def test_a_model_that_never_erred_is_not_taken_for_certain() -> None:
    """Half a unit is added to each cell of truth by code."""
    truth, _ = world(0.3)
    counted = Counted(np.ones(UNITS), truth[:, None])
    found = adjusted_count(counted, counted, coded(truth, truth))
    share, with_label = truth.mean(), truth[:CODED].sum()
    added = (share / (with_label + 2)) ** 2 + ((1 - share) / (CODED - with_label + 2)) ** 2
    assert found.share == pytest.approx(share)
    assert found.variance == pytest.approx((1 - CODED / UNITS) * added)


@pytest.mark.parametrize("about", ["corpus", "population"])
def test_intervals_hold_the_share_in_about_95_of_100_samples(about: About) -> None:
    covered = []
    fixed = world(0.2)
    for _ in range(400):
        truth, codes = fixed if about == "corpus" else world(0.2)
        order = RNG.permutation(UNITS)
        truth, codes = truth[order], codes[order]
        counted = Counted(np.ones(UNITS), codes[:, None])
        found = adjusted_count(counted, counted, coded(truth, codes), about=about)
        true = truth.mean() if about == "corpus" else 0.2
        covered.append(found.low[0] <= true <= found.high[0])
    assert 0.92 <= np.mean(covered) <= 0.985


def test_rates_of_too_few_or_the_wrong_way_round_give_nothing() -> None:
    truth, codes = world(0.3)
    counted = Counted(np.ones(UNITS), codes[:, None])
    assert np.isnan(adjusted_count(counted, counted, coded(truth, codes, 6)).share).all()
    wrong = Counted(np.ones(UNITS), 1 - codes[:, None])
    assert np.isnan(adjusted_count(wrong, wrong, coded(truth, 1 - codes)).high).all()
    everywhere = Counted(np.ones(UNITS), np.ones((UNITS, 1)))
    assert np.isnan(adjusted_count(everywhere, everywhere, coded(truth, np.ones(UNITS))).share).all()
    all_of_them = coded(np.ones(UNITS), codes)
    assert np.isnan(adjusted_count(counted, counted, all_of_them).share).all()

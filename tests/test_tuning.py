"""What is fitted: Platt's sigmoid, and the threshold of the best F_β."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize

from wuxing_nlp.model.calibration import sigmoid
from wuxing_nlp.model.tuning import UNLEARNT, best_threshold, cross_cut, fit_sigmoid

Floats = NDArray[np.float64]


BETAS = st.integers(1, 24).map(lambda eighths: eighths / 8)
"""Values of β whose squares are exact, so that ties are ties in floating point, too."""


def platt_loss(slope: float, intercept: float, margins: Floats, truth: NDArray[np.bool_]) -> float:
    """Platt's cross-entropy, term by term, with his targets for small counts."""
    positives = int(truth.sum())
    negatives = len(truth) - positives
    total = 0.0
    for margin, true in zip(margins.tolist(), truth.tolist(), strict=True):
        target = (positives + 1) / (positives + 2) if true else 1 / (negatives + 2)
        z = slope * margin + intercept
        # log p and log (1 - p), each in the form that does not overflow
        log_p = -math.log1p(math.exp(-z)) if z > 0 else z - math.log1p(math.exp(z))
        total -= target * log_p + (1 - target) * (log_p - z)
    return total / len(truth)


def f_from(threshold: float, probabilities: Floats, truth: NDArray[np.bool_], beta: float) -> float:
    """F_β as van Rijsbergen defines it: the weighted harmonic mean of precision and recall."""
    given_ = probabilities >= threshold
    hits = int((given_ & truth).sum())
    if not hits:
        return 0.0
    alpha = 1 / (1 + beta**2)
    return 1 / (alpha * int(given_.sum()) / hits + (1 - alpha) * int(truth.sum()) / hits)


def some_margins(seed: int, n: int, *, shift: float, noise: float) -> tuple[Floats, NDArray[np.bool_]]:
    generator = np.random.default_rng(seed)
    margins = generator.normal(shift, 1, n)
    return margins, margins + generator.normal(0, noise, n) > 0


@pytest.mark.parametrize(
    ("seed", "n", "shift", "noise"),
    [(0, 200, 0.0, 0.5), (1, 500, -1.5, 1.0), (2, 40, 0.5, 0.1), (3, 2000, -2.0, 2.0)],
)
def test_the_fit_is_platts_minimum(seed: int, n: int, shift: float, noise: float) -> None:
    margins, truth = some_margins(seed, n, shift=shift, noise=noise)
    slope, intercept = fit_sigmoid(margins, truth)
    best = minimize(lambda p: platt_loss(p[0], p[1], margins, truth), [1.0, 0.0], method="Nelder-Mead")
    assert platt_loss(slope, intercept, margins, truth) <= best.fun + 1e-6
    assert (slope, intercept) == pytest.approx(tuple(best.x), abs=0.02, rel=0.01)


def test_the_fit_finds_the_minimum_that_a_grid_finds() -> None:
    margins, truth = some_margins(4, 60, shift=-0.5, noise=0.8)
    grid = min(
        (platt_loss(slope, intercept, margins, truth), slope, intercept)
        for slope in np.arange(0.1, 6, 0.1)
        for intercept in np.arange(-4, 4, 0.1)
    )
    slope, intercept = fit_sigmoid(margins, truth)
    assert platt_loss(slope, intercept, margins, truth) <= grid[0]
    assert (slope, intercept) == pytest.approx(grid[1:], abs=0.11)


def test_separable_margins_never_reach_certainty() -> None:
    margins = np.array([-2.0, -1.5, -1.0, 1.0, 1.5, 2.0])
    slope, intercept = fit_sigmoid(margins, margins > 0)
    likely = sigmoid(slope * margins + intercept)
    assert likely[:3].max() < 0.35
    assert likely[:3].min() > 0.1
    assert likely[3:].min() > 0.65
    assert likely[3:].max() < 0.9


def test_a_column_without_positives_gets_low_probabilities() -> None:
    margins = np.full(98, -1.0)
    slope, intercept = fit_sigmoid(margins, np.zeros(98, dtype=bool))
    assert sigmoid(slope * margins + intercept) == pytest.approx(np.full(98, 0.01), abs=1e-3)


def test_the_slope_stays_positive_where_margins_mislead() -> None:
    """A label never becomes less likely by a higher margin, whatever the sample says."""
    slope, _ = fit_sigmoid(np.array([-1.0, -0.5, 0.5, 1.0] * 10), np.array([True, True, False, False] * 10))
    assert slope > 0


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40), BETAS)
def test_no_threshold_gives_a_better_f(pairs: list[tuple[int, bool]], beta: float) -> None:
    probabilities = np.array([p / 20 for p, _ in pairs])
    truth = np.array([true for _, true in pairs])
    threshold = best_threshold(probabilities, truth, beta)
    if not truth.any():
        assert threshold == 0.5
        return
    assert f_from(threshold, probabilities, truth, beta) == pytest.approx(
        max(f_from(candidate, probabilities, truth, beta) for candidate in {*probabilities.tolist(), 0.0})
    )


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1, max_size=40), BETAS)
def test_no_threshold_gives_a_better_f_on_any_probabilities(
    pairs: list[tuple[float, bool]], beta: float
) -> None:
    probabilities = np.array([p for p, _ in pairs])
    truth = np.array([true for _, true in pairs])
    if truth.any():
        found = f_from(best_threshold(probabilities, truth, beta), probabilities, truth, beta)
        best = max(f_from(candidate, probabilities, truth, beta) for candidate in probabilities)
        assert found >= best - 1e-12


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40),
    st.lists(BETAS, min_size=2, max_size=2).map(sorted),
)
def test_a_higher_beta_never_gives_a_higher_threshold(
    pairs: list[tuple[int, bool]], betas: list[float]
) -> None:
    """Many equal probabilities and ties of F: where two cuts are equally good, the choice is the same
    for every β, or the order would not hold."""
    probabilities = np.array([p / 12 for p, _ in pairs])
    truth = np.array([true for _, true in pairs])
    low, high = (best_threshold(probabilities, truth, beta) for beta in betas)
    assert high <= low


def test_thresholds_of_an_example() -> None:
    """Cuts after 1, 3 and 6 units have precision 1, 2/3, 1/2 and recall 1/3, 2/3, 1."""
    probabilities = np.array([0.9, 0.7, 0.7, 0.5, 0.5, 0.5, 0.1])
    truth = np.array([True, True, False, True, False, False, False])
    assert [best_threshold(probabilities, truth, beta) for beta in (0.5, 2.0)] == pytest.approx([0.8, 0.3])


def test_of_equally_good_cuts_the_shallowest_is_taken() -> None:
    """One hit among one unit, or both among four: F1 is 2/3 either way, and F2 is not."""
    probabilities = np.array([0.9, 0.5, 0.5, 0.5])
    truth = np.array([True, True, False, False])
    assert best_threshold(probabilities, truth) == pytest.approx(0.7)
    assert best_threshold(probabilities, truth, 2.0) == pytest.approx(0.5)


def test_the_threshold_lies_between_the_cut_and_the_next_lower_probability() -> None:
    assert best_threshold(np.array([0.9, 0.8, 0.4, 0.2]), np.array([True, True, False, False])) == (
        pytest.approx(0.6)
    )
    assert best_threshold(np.array([0.2, 0.9]), np.array([True, True])) == pytest.approx(0.2)


def test_a_fold_is_cut_where_the_others_say() -> None:
    margins = np.array([[0.9], [0.5], [0.1], [0.8], [0.3], [0.2]])
    truth = np.array([[True], [True], [False], [True], [False], [False]])
    folds = np.array([0, 0, 0, 1, 1, 1])
    # Fold 1 has its best cut between 0.8 and 0.3, fold 0 between 0.5 and 0.1: both are middles.
    given = cross_cut(margins, truth, folds)
    assert given.ravel().tolist() == [True, False, False, True, True, False]


def test_what_a_fold_says_of_its_own_units_is_no_matter_to_them() -> None:
    generator = np.random.default_rng(0)
    margins, truth = generator.normal(size=(60, 2)), generator.random((60, 2)) < 0.4
    folds = np.arange(60) % 3
    turned = np.where((folds == 0)[:, None], ~truth, truth)
    first = folds == 0
    assert np.array_equal(cross_cut(margins, truth, folds)[first], cross_cut(margins, turned, folds)[first])
    assert not np.array_equal(
        cross_cut(margins, truth, folds)[~first], cross_cut(margins, turned, folds)[~first]
    )


def test_a_label_that_was_not_learnt_is_never_given() -> None:
    margins, truth = np.full((6, 1), UNLEARNT), np.ones((6, 1), dtype=bool)
    assert not cross_cut(margins, truth, np.arange(6) % 2).any()

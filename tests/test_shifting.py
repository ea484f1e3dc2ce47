"""A machine moved by new units: it fits them, and stays where they say nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from wuxing_nlp.model.shifting import shift

RANDOM = np.random.default_rng(0)
X = csr_matrix(np.where(RANDOM.random((200, 30)) < 0.2, RANDOM.random((200, 30)), 0).astype(np.float32))
Y = np.asarray(X[:, 0].toarray().ravel() > X[:, 1].toarray().ravel())
ONES = np.ones(200)


def test_without_an_old_machine_it_is_a_support_vector_machine() -> None:
    moved, bias = shift(X, Y, np.zeros(200), ONES, c=0.3)
    svc = LinearSVC(C=0.3, dual=False, tol=1e-8).fit(X, Y)
    assert moved == pytest.approx(svc.coef_.ravel(), abs=1e-3)
    assert bias == pytest.approx(svc.intercept_[0], abs=1e-3)


def test_units_that_the_old_machine_gets_right_move_nothing() -> None:
    moved, bias = shift(X, Y, np.where(Y, 1.5, -1.5), ONES, c=0.3)
    assert not moved.any()
    assert bias == 0.0


def test_units_that_it_gets_wrong_move_it_their_way() -> None:
    old = np.where(Y, -1.0, 1.0)
    moved, bias = shift(X, Y, old, ONES, c=10.0)
    new = old + X @ moved + bias
    assert ((new > 0) == Y).mean() > 0.9
    weaker, _ = shift(X, Y, old, ONES, c=0.01)
    assert np.linalg.norm(weaker) < np.linalg.norm(moved)


def test_only_features_of_the_units_are_moved() -> None:
    x = X.tolil()
    x[:, 7] = 0
    moved, _ = shift(x.tocsr(), Y, np.zeros(200), ONES, c=0.3)
    assert moved[7] == 0.0


def test_weights_say_whom_it_follows() -> None:
    """Two units that differ in the label alone: the heavier one has its way."""
    x = csr_matrix(np.ones((4, 1), dtype=np.float32))
    y = np.array([True, True, False, False])
    for weights, positive in (([5.0, 5.0, 1.0, 1.0], True), ([1.0, 1.0, 5.0, 5.0], False)):
        moved, bias = shift(x, y, np.zeros(4), np.array(weights), c=1.0)
        assert (moved[0] + bias > 0) == positive


@pytest.mark.parametrize("y", [np.zeros(200, dtype=bool), np.ones(200, dtype=bool)])
def test_where_there_is_nothing_to_tell_apart_nothing_moves(y: np.ndarray) -> None:
    moved, bias = shift(X, y, np.zeros(200), ONES, c=0.3)
    assert not moved.any()
    assert bias == 0.0

"""Held-out answers along a learning curve: nested shares of own documents, and all that holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.model.curve import SHARES, own_outlook
from wuxing_nlp.model.own import own_set
from wuxing_nlp.model.training_set import TrainingSet

BOOK = load_codebook()
P = BOOK.letters.index("P")


@pytest.fixture(scope="module")
def data(own_units: list[CodedUnit], small_set: TrainingSet) -> TrainingSet:
    holding = replace(small_set, real=np.zeros(len(small_set.units), dtype=bool))
    return TrainingSet.joined([own_set(BOOK, own_units, 0), holding])


def taught_by(data: TrainingSet, seed: int) -> list[np.ndarray]:
    """What the learner was given, call by call."""
    seen: list[np.ndarray] = []
    x = csr_matrix(np.ones((len(data.units), 1), dtype=np.float32))

    def learn(at: int, taught: np.ndarray) -> tuple[np.ndarray, float]:
        assert at == P
        seen.append(taught)
        return np.zeros(1), -1.0

    own_outlook({"P": P}, x, data, learn, seed)
    return seen


def test_every_fold_is_learnt_at_three_shares_that_hold_each_other(data: TrainingSet) -> None:
    seen = taught_by(data, 0)
    folds = sorted({unit.fold for unit in data.units if unit.fold is not None})
    assert len(seen) == len(SHARES) * len(folds)
    documents = np.array(data.documents)
    for place, fold in enumerate(folds):
        quarter, half, whole = seen[3 * place : 3 * place + 3]
        held = np.array([unit.fold == fold for unit in data.units])
        assert not (whole & held).any()
        assert (whole == ~held).all()
        assert (quarter <= half).all()
        assert (half <= whole).all()
        assert quarter[~data.real].all()
        counts = [len(set(documents[taught & data.real])) for taught in (quarter, half, whole)]
        assert counts[0] < counts[1] < counts[2]
        assert counts[1] == -(-counts[2] // 2)


def test_the_seed_says_which_documents_come_first(data: TrainingSet) -> None:
    first, again, other = (taught_by(data, seed)[0] for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_answers_of_the_learner_are_scored_on_own_units_alone(data: TrainingSet) -> None:
    """A learner that knows the truth only after all codings gains by the second half all that giving the
    label to every unit, the best that one who knows nothing can do, leaves to gain."""
    x = csr_matrix(data.truth[:, [P]].astype(np.float32))
    most = {fold: sum(u.fold != fold for u in data.units) for fold in {u.fold for u in data.units}}

    def learn(_: int, taught: np.ndarray) -> tuple[np.ndarray, float]:
        return (np.ones(1), -0.5) if taught.sum() in most.values() else (np.zeros(1), -1.0)

    seen = own_outlook({"P": P}, x, data, learn, 0)
    carried = data.truth[data.real, P]
    blind = 2 * carried.sum() / (carried.sum() + len(carried))
    assert seen.f1 == pytest.approx((blind, blind, 1.0))
    assert seen.gained.point == pytest.approx(1 - blind)
    assert seen.gained.low > 0
    assert seen.advice == "code more"

"""A model adapted to codings of the same labels: it learns what they say, and keeps the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.adapting import Adaptation, adapt, fit
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.classifier import FEWEST_POSITIVES
from wuxing_nlp.model.outputs import Calibration
from wuxing_nlp.model.own import Trained, letters_given, own_set
from wuxing_nlp.model.training_set import TrainingSet

BOOK = load_codebook()
QUICK = Adaptation(inner_folds=2)


def learnt(own: TrainingSet) -> np.ndarray:
    flags: np.ndarray = own.truth.sum(axis=0) >= FEWEST_POSITIVES
    return flags


@pytest.fixture(scope="module")
def own(own_units: list[CodedUnit]) -> TrainingSet:
    return own_set(BOOK, own_units, 0)


def test_labels_with_few_units_stay_as_they_are(
    small_model: Model, own: TrainingSet, adapted: Trained
) -> None:
    new, flags = adapted.model, learnt(own)
    letters = len(BOOK.letters)
    assert 0 < flags[:letters].sum() < letters
    old_weights = small_model.machines.weights * small_model.machines.scales
    new_weights = new.machines.weights * new.machines.scales
    for at, changed in enumerate(flags):
        same = np.allclose(new_weights[:, at], old_weights[:, at], atol=1e-6)
        assert same != changed, new.outputs.names[at]
    kept = ~flags[:letters]
    before, after = small_model.calibration, new.calibration
    assert np.array_equal(after.letters[kept], before.letters[kept])
    assert np.array_equal(after.letter_thresholds[:, kept], before.letter_thresholds[:, kept])
    assert not np.array_equal(after.letters[~kept], before.letters[~kept])


def test_only_features_of_the_own_units_change(
    small_model: Model, own: TrainingSet, adapted: Trained
) -> None:
    x = small_model.space.matrix(own.texts, own.words)
    unseen = np.setdiff1d(np.arange(x.shape[1]), x.indices)
    assert unseen.size
    before = small_model.machines.weights * small_model.machines.scales
    after = adapted.model.machines.weights * adapted.model.machines.scales
    # Both are rounded to 8 bits, an output by the scale of its largest weight.
    steps = small_model.machines.scales + adapted.model.machines.scales
    assert (np.abs(after - before)[unseen] <= 0.51 * steps + 1e-9).all()


def test_vocabulary_and_trained_labels_stay(small_model: Model, adapted: Trained) -> None:
    assert adapted.model.space is small_model.space
    assert (adapted.model.trained >= small_model.trained).all()


def test_two_adaptations_are_equal(small_model: Model, own: TrainingSet) -> None:
    first, second = (adapt(small_model, own, QUICK) for _ in range(2))
    assert np.array_equal(first.machines.weights, second.machines.weights)
    assert np.array_equal(first.calibration.letter_thresholds, second.calibration.letter_thresholds)


def test_heavier_own_units_are_followed_more_closely(
    small_model: Model, small_set: TrainingSet, own: TrainingSet
) -> None:
    """On the very units that teach; how well it does on others is for cross-validation."""
    holding = replace(small_set, real=np.zeros(len(small_set.units), dtype=bool))
    data = TrainingSet.joined([own, holding])
    right = []
    for weight in (0.05, 20.0):
        model = adapt(small_model, data, replace(QUICK, own_weight=weight))
        given = letters_given(model, own)
        right.append(sum(unit.letters == letters for unit, letters in zip(own.units, given, strict=True)))
    assert right[0] < right[1]


def test_too_few_units_of_every_label(small_model: Model, own: TrainingSet) -> None:
    few = own.take(np.arange(len(own.units)) < 12)
    with pytest.raises(TrainingError, match="no label has 10 units of your own; code more units"):
        fit(small_model, few, QUICK)


def test_a_model_of_the_first_format_cannot_be_adapted(small_model: Model, own: TrainingSet) -> None:
    known = small_model.calibration
    balanced = Calibration(
        known.letters, known.shares, known.letter_thresholds[:1], known.share_thresholds, known.doubts[:1]
    )
    old = small_model.facts | {"fingerprint": "0" * 64}
    with pytest.raises(TrainingError, match=r"is of wuxing_nlp 0\.1\.0; adapt a model of a later version"):
        fit(replace(small_model, calibration=balanced, facts=old), own, QUICK)

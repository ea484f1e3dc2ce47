"""Corpus to model: the one recipe, used for the shipped bundle and in cross-validation alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding import SELECTED
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.classifier import PolicyClassifier
from wuxing_nlp.model.features import FeatureSpace, Frequencies
from wuxing_nlp.model.outputs import Calibration, Outputs, Predictions
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.training_set import TrainingSet

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is chosen by hand; it stands in the manifest, so that training can be repeated.

    ``authored_weight``: weight of a unit written for the project beside a real one; ``min_units``:
    coded units that an n-gram must occur in; ``c``: inverse regularisation.
    """

    authored_weight: float = 0.5
    min_units: int = 3
    c: float = 0.3
    inner_folds: int = 3
    seed: int = 0


def fit(
    codebook: Codebook, data: TrainingSet, background: Frequencies, recipe: Recipe
) -> tuple[FeatureSpace, PolicyClassifier]:
    """Learn features and classifier from a training set.

    Raises:
        TrainingError: too few documents or labels.
    """
    space = FeatureSpace.learn(codebook, Frequencies.of(data.pairs()), background, min_units=recipe.min_units)
    classifier = PolicyClassifier(
        Outputs.of(codebook), c=recipe.c, inner_folds=recipe.inner_folds, seed=recipe.seed
    )
    classifier.fit(
        space.matrix(data.texts, data.words),
        data.truth,
        groups=data.documents,
        weights=np.where(data.real, 1.0, recipe.authored_weight),
        tuned=data.measured,
    )
    return space, classifier


def train(codebook: Codebook, data: TrainingSet, background: Frequencies, recipe: Recipe) -> Model:
    """A model of all units; its facts hold the recipe and what it was trained on."""
    space, classifier = fit(codebook, data, background, recipe)
    facts = {
        "recipe": asdict(recipe),
        "training": {
            "units": len(data.units),
            "real_units": int(data.real.sum()),
            "selected_units": sum(unit.sample == SELECTED for unit in data.units),
            "documents": len(set(data.documents)),
            "background_units": background.count,
        },
    }
    return Model(codebook, space, classifier.machines_, classifier.calibration_, classifier.trained_, facts)


@dataclass(frozen=True)
class HeldOut:
    """Answers for units whose documents the model had not seen, one row a unit of ``data``.

    ``decisions`` flags (n_preferences, n_units, n_codes) of the codes given under each preference;
    ``abstained`` flags (n_units,) of units left to a human and ``confidence`` (n_units,), see
    :meth:`Predictions.confidence`, go with the balanced ones.
    """

    data: TrainingSet
    predictions: Predictions
    decisions: NDArray[np.bool_]
    abstained: NDArray[np.bool_]
    confidence: NDArray[np.float64]

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Flags (n_units, n_codes) of the codes given under the balanced preference."""
        flags: NDArray[np.bool_] = self.decisions[Preference.BALANCED.row]
        return flags


def cross_validate(
    codebook: Codebook,
    data: TrainingSet,
    background: Frequencies,
    recipe: Recipe,
    *,
    folds: Sequence[int],
    progress: Progress = lambda _: None,
) -> HeldOut:
    """Held-out answers for every measured unit, by its document's fold; the others only teach.

    Vocabulary, weights, calibration and thresholds of a fold see nothing of its documents.

    Raises:
        TrainingError: a real unit has no fold.
    """
    of_unit = np.array([-1 if unit.fold is None else unit.fold for unit in data.units])
    if (data.real & (of_unit < 0)).any():
        raise TrainingError("a real unit has no fold; cross-validation needs one a document")
    outputs = Outputs.of(codebook)
    order: list[NDArray[np.intp]] = []
    answers: list[tuple[Predictions, Calibration]] = []
    for fold in folds:
        held = (of_unit == fold) & data.measured
        space, classifier = fit(codebook, data.take(of_unit != fold), background, recipe)
        part = data.take(held)
        answers.append(
            (classifier.predictions(space.matrix(part.texts, part.words)), classifier.calibration_)
        )
        order.append(np.flatnonzero(held))
        progress(f"fold {fold}: {int(held.sum())} units of {len(set(part.documents))} documents")
    return _joined(data, outputs, order, answers)


def _joined(
    data: TrainingSet,
    outputs: Outputs,
    order: Sequence[NDArray[np.intp]],
    answers: Sequence[tuple[Predictions, Calibration]],
) -> HeldOut:
    at = np.concatenate(order)
    back = np.argsort(at, kind="stable")
    kept = np.zeros(len(data.units), dtype=bool)
    kept[at] = True

    def rows(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        joined: NDArray[np.float64] = np.concatenate(parts)[back]
        return joined

    decisions = np.stack(
        [np.concatenate([p.decide(c.rule(wish)) for p, c in answers])[back] for wish in Preference]
    )
    balanced = [(p, c.rule(Preference.BALANCED)) for p, c in answers]
    near = rows([p.nearness(rule) - rule.doubt for p, rule in balanced]) >= 0
    return HeldOut(
        data.take(kept),
        Predictions(outputs, rows([p.letters for p, _ in answers]), rows([p.shares for p, _ in answers])),
        decisions,
        near & ~decisions[Preference.BALANCED.row].any(axis=1),
        rows([p.confidence(rule) for p, rule in balanced]),
    )

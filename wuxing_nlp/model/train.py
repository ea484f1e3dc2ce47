"""Corpus to model: the one recipe, used for the shipped bundle and in cross-validation alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.cues import cue_lexicon
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.classifier import MILD, PolicyClassifier
from wuxing_nlp.model.faithfulness import Faithfulness, deletion_test
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.outputs import Calibration, Outputs, Predictions
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.training_set import TrainingSet

Progress = Callable[[str], None]

Learnt = tuple[FeatureSpace, PolicyClassifier]
"""What training gives: features, and the classifier over them."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is chosen by hand; it stands in the manifest, so that training can be repeated.

    ``authored_weight``: weight of a unit written for the project beside a real one; ``min_units``:
    coded units that an n-gram must occur in, those that a model selected not counted; ``c``: inverse
    regularisation.
    """

    authored_weight: float = 0.5
    min_units: int = 3
    c: float = MILD
    inner_folds: int = 5
    seed: int = 0


def fit(codebook: Codebook, data: TrainingSet, background: Frequencies, recipe: Recipe) -> Learnt:
    """Learn features and classifier from a training set.

    Raises:
        TrainingError: too few documents or labels.
        LexiconError: the cue lexicon is not sound.
    """
    space = learn_space(codebook, data, background, recipe)
    classifier = PolicyClassifier(
        Outputs.of(codebook), c=recipe.c, inner_folds=recipe.inner_folds, seed=recipe.seed
    )
    classifier.fit(
        space.matrix(data.texts, data.words),
        data.truth,
        groups=data.documents,
        weights=unit_weights(data, recipe),
        tuned=data.measured,
    )
    return space, classifier


def learn_space(
    codebook: Codebook, data: TrainingSet, background: Frequencies, recipe: Recipe
) -> FeatureSpace:
    """The features that a training set teaches. Raises LexiconError: the cue lexicon is not sound."""
    cue_lexicon().check()
    # Selected units stand in the background already. They are many and of few kinds: n-grams that
    # only they have made the model larger and not better.
    counted = Frequencies.of(data.take(data.measured | ~data.real).pairs())
    return FeatureSpace.learn(codebook, counted, background, min_units=recipe.min_units)


def unit_weights(data: TrainingSet, recipe: Recipe) -> NDArray[np.float64]:
    """Weight (n_units,) of each unit in the machines."""
    return np.where(data.real, 1.0, recipe.authored_weight)


def unit_folds(data: TrainingSet) -> NDArray[np.intp]:
    """Fold (n_units,) of each unit's document, -1 for none. Raises TrainingError: a real unit has none."""
    folds = np.array([-1 if unit.fold is None else unit.fold for unit in data.units], dtype=np.intp)
    if (data.real & (folds < 0)).any():
        raise TrainingError("a real unit has no fold; cross-validation needs one a document")
    return folds


def train(codebook: Codebook, data: TrainingSet, background: Frequencies, recipe: Recipe) -> Model:
    """A model of all units; its facts hold the recipe and what it was trained on."""
    space, classifier = fit(codebook, data, background, recipe)
    facts = {
        "recipe": asdict(recipe),
        "training": {
            "units": len(data.units),
            "real_units": int(data.real.sum()),
            "selected_units": int(data.selected.sum()),
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
    :meth:`Predictions.confidence`, go with the balanced ones, as does ``faithfulness``, the deletion
    test of tags of every fold, see :func:`deletion_test`.
    """

    data: TrainingSet
    predictions: Predictions
    decisions: NDArray[np.bool_]
    abstained: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    faithfulness: Faithfulness

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

    def learn(taught: TrainingSet) -> Learnt:
        return fit(codebook, taught, background, recipe)

    outputs = Outputs.of(codebook)
    return held_out_answers(outputs, data, learn, folds=folds, seed=recipe.seed, progress=progress)


def held_out_answers(
    outputs: Outputs,
    data: TrainingSet,
    learn: Callable[[TrainingSet], Learnt],
    *,
    folds: Sequence[int],
    seed: int,
    progress: Progress = lambda _: None,
) -> HeldOut:
    """The same by whatever learns from the units outside a fold."""
    of_unit = unit_folds(data)
    order: list[NDArray[np.intp]] = []
    answers: list[_Answer] = []
    for fold in folds:
        held = (of_unit == fold) & data.measured
        space, classifier = learn(data.take(of_unit != fold))
        part = data.take(held)
        answers.append(_answer(space, classifier, part, seed))
        order.append(np.flatnonzero(held))
        progress(f"fold {fold}: {int(held.sum())} units of {len(set(part.documents))} documents")
    return _joined(data, outputs, order, answers)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the model of a fold answers for the fold's units."""

    predictions: Predictions
    calibration: Calibration
    faithfulness: Faithfulness

    def decide(self, wish: Preference) -> NDArray[np.bool_]:
        return self.predictions.decide(self.calibration.rule(wish))


def _answer(space: FeatureSpace, classifier: PolicyClassifier, part: TrainingSet, seed: int) -> _Answer:
    predictions = classifier.predictions(space.matrix(part.texts, part.words))
    tested = deletion_test(space, classifier, part.texts, part.words, predictions, seed=seed)
    return _Answer(predictions, classifier.calibration_, tested)


def _joined(
    data: TrainingSet,
    outputs: Outputs,
    order: Sequence[NDArray[np.intp]],
    answers: Sequence[_Answer],
) -> HeldOut:
    at = np.concatenate(order)
    back = np.argsort(at, kind="stable")
    kept = np.zeros(len(data.units), dtype=bool)
    kept[at] = True

    def rows(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        joined: NDArray[np.float64] = np.concatenate(parts)[back]
        return joined

    predicted = [answer.predictions for answer in answers]
    decisions = np.stack(
        [np.concatenate([answer.decide(wish) for answer in answers])[back] for wish in Preference]
    )
    balanced = [(answer.predictions, answer.calibration.rule(Preference.BALANCED)) for answer in answers]
    near = rows([p.nearness(rule) - rule.doubt for p, rule in balanced]) >= 0
    return HeldOut(
        data.take(kept),
        Predictions(outputs, rows([p.letters for p in predicted]), rows([p.shares for p in predicted])),
        decisions,
        near & ~decisions[Preference.BALANCED.row].any(axis=1),
        rows([p.confidence(rule) for p, rule in balanced]),
        sum((answer.faithfulness for answer in answers), Faithfulness()),
    )

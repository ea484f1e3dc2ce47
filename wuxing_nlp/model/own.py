"""A researcher's own codings to a model, measured before it may replace the one that there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.evaluation.comparing import Comparison, compare
from wuxing_nlp.evaluation.learning import Outlook
from wuxing_nlp.model.adapting import Adaptation, AdaptedClassifier, adapt, cross_adapt
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.classifier import FEWEST_POSITIVES, fit_machine
from wuxing_nlp.model.curve import own_outlook
from wuxing_nlp.model.figures import figures
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.outputs import Flags, Predictions, codes_of
from wuxing_nlp.model.own_card import comparison_facts, outlook_facts
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.train import HeldOut, Progress, Recipe, cross_validate, learn_space, train
from wuxing_nlp.model.training_set import TrainingSet

MOST_HOLDING = 3000
"""Units of the corpus that hold an adapted model where it is."""

MOST_FOLDS = 5

OWN, SHIPPED = "own", "shipped"
"""The two sets of a comparison: the researcher's codings, and the corpus of the old model."""


class Known(NamedTuple):
    """What the old model was trained on, so far as its text is here; ``source`` says which part that is."""

    source: str
    units: Sequence[CodedUnit]


@dataclass(frozen=True)
class Trained:
    """A new model and what was found out about it; ``comparisons`` with the old one by set, empty where
    there is no old model of the codebook. The model's facts hold all of it as plain values."""

    model: Model
    comparisons: dict[str, Comparison]
    outlook: Outlook

    @property
    def losses(self) -> list[str]:
        """Where the new model is worse than the old beyond the interval, and by how much."""
        return [
            f"{name} on {_SETS[key]} is lower by {-interval.point:.3f} "
            f"(95 % interval {-interval.high:.3f} to {-interval.low:.3f})"
            for key, comparison in self.comparisons.items()
            for name, interval in comparison.losses.items()
        ]


_SETS = {OWN: "your codings", SHIPPED: "the shipped corpus"}


def own_set(codebook: Codebook, units: Sequence[CodedUnit], seed: int) -> TrainingSet:
    """Own codings ready to learn from, all of them real, their documents in folds drawn by lot.

    Raises:
        TrainingError: there is no unit.
    """
    documents = np.random.default_rng(seed).permutation(sorted({unit.document for unit in units})).tolist()
    folds = min(MOST_FOLDS, len(documents) // 2)
    fold_of = {document: at % folds for at, document in enumerate(documents)}
    data = TrainingSet.of(
        codebook, [replace(unit, fold=fold_of[unit.document], codebook=codebook) for unit in units]
    )
    return replace(data, real=np.ones(len(units), dtype=bool))


def added(
    base: Model, own: TrainingSet, known: Known, adaptation: Adaptation, progress: Progress = lambda _: None
) -> Trained:
    """The base adapted to own codings. Half of the known documents, by lot, hold it where it is; on the
    other half it is compared with the base.

    Raises:
        TrainingError: the own units are too few, or the base is of 0.1.0.
    """
    book = base.codebook
    holding, rest = _halves(TrainingSet.of(book, known.units), adaptation.seed)
    adaptation = replace(adaptation, inner_folds=_inner_folds(own))
    data = TrainingSet.joined([own, replace(holding, real=np.zeros(len(holding.units), dtype=bool))])
    held_out = cross_adapt(base, data, adaptation, folds=_folds(own), progress=progress)
    model = adapt(base, data, adaptation)
    progress("learning curve")
    facts = {"recipe": asdict(adaptation), "training": _training(data, own, 0)}
    found = _compared(book, base, model, held_out, rest, adaptation.seed)
    seen = _curve_of_adapting(base, data, adaptation)
    return _trained(replace(model, facts=facts), held_out, found, seen, known.source)


def alone(
    codebook: Codebook,
    own: TrainingSet,
    background: Frequencies,
    recipe: Recipe,
    *,
    base: Model | None = None,
    known: Known | None = None,
    progress: Progress = lambda _: None,
) -> Trained:
    """A model of own codings alone; compared with the base where that is of the same codebook.

    Raises:
        TrainingError: too few documents or labels.
    """
    recipe = replace(recipe, inner_folds=_inner_folds(own))
    held_out = cross_validate(codebook, own, background, recipe, folds=_folds(own), progress=progress)
    model = train(codebook, own, background, recipe)
    progress("learning curve")
    found: dict[str, Comparison] = {}
    if base and known:
        rest = TrainingSet.of(codebook, known.units)
        found = _compared(codebook, base, model, held_out, rest, recipe.seed)
    facts = {**model.facts, "training": _training(own, own, background.count)}
    seen = _curve_alone(codebook, own, background, recipe)
    return _trained(replace(model, facts=facts), held_out, found, seen, known.source if known else "")


def _folds(own: TrainingSet) -> list[int]:
    return sorted({unit.fold for unit in own.units if unit.fold is not None})


def _inner_folds(own: TrainingSet) -> int:
    """As many as the documents outside the largest fold allow, and no more than three: they are walked
    through in every fold."""
    largest = max(len({u.document for u in own.units if u.fold == fold}) for fold in _folds(own))
    return min(3, len(set(own.documents)) - largest)


def _halves(data: TrainingSet, seed: int) -> tuple[TrainingSet, TrainingSet]:
    """Documents that hold, no more than :data:`MOST_HOLDING` units, and the other half."""
    documents = np.random.default_rng(seed).permutation(sorted(set(data.documents)))
    first = set(documents[: len(documents) // 2].tolist())
    in_first = np.array([document in first for document in data.documents])
    return data.take(in_first & (in_first.cumsum() <= MOST_HOLDING)), data.take(~in_first)


def letters_given(model: Model, data: TrainingSet) -> list[frozenset[str]]:
    """Letters that a model gives to each unit, precision and recall balanced."""
    margins = model.machines.margins(model.space.rows(data.texts, data.words))
    predicted = Predictions.of(model.outputs, model.calibration, margins)
    decided = predicted.decide(model.calibration.rule(Preference.BALANCED))
    return _letters(model.codebook, model, decided)


def _letters(codebook: Codebook, model: Model, decided: Flags) -> list[frozenset[str]]:
    return [codebook.letters_of(codes) for codes in codes_of(model.outputs, decided)]


def _compared(
    codebook: Codebook, base: Model, model: Model, held_out: HeldOut, rest: TrainingSet, seed: int
) -> dict[str, Comparison]:
    """Old and new on the own codings, where the new one's answers are held out, and on known units."""
    own = held_out.data
    pairs = {
        OWN: (own, _letters(codebook, model, held_out.decided)),
        SHIPPED: (rest, letters_given(model, rest)),
    }
    return {
        key: compare(
            [unit.letters for unit in data.units],
            letters_given(base, data),
            given,
            data.documents,
            codebook.letters,
            seed=seed,
        )
        for key, (data, given) in pairs.items()
    }


def _learnt_letters(codebook: Codebook, own: TrainingSet) -> dict[str, int]:
    counts = own.truth.sum(axis=0)
    letters = enumerate(codebook.letters)
    return {letter: at for at, letter in letters if FEWEST_POSITIVES <= counts[at] < len(own.units)}


def _curve_of_adapting(base: Model, data: TrainingSet, adaptation: Adaptation) -> Outlook:
    x = base.space.matrix(data.texts, data.words)
    weights = np.where(data.real, adaptation.own_weight, 1.0)
    classifier = AdaptedClassifier(base, adaptation)

    def learn(at: int, taught: Flags) -> tuple[Floats, float]:
        classifier.look_at(x[taught], data.truth[taught], data.real[taught])
        carried = data.truth[taught, at]
        return classifier.machine(at, x[taught], carried, weights[taught], data.real[taught])

    letters = _learnt_letters(base.codebook, data.take(data.real))
    return own_outlook(letters, x, data, learn, adaptation.seed)


def _curve_alone(codebook: Codebook, own: TrainingSet, background: Frequencies, recipe: Recipe) -> Outlook:
    # One vocabulary for the whole curve, which is compared with itself alone.
    x = learn_space(codebook, own, background, recipe).matrix(own.texts, own.words)
    measured = own.measured

    def learn(at: int, taught: Flags) -> tuple[Floats, float]:
        carried = own.truth[taught, at]
        weights = np.ones(len(carried))
        return fit_machine(x[taught], carried, weights, measured[taught], c=recipe.c, seed=recipe.seed)

    return own_outlook(_learnt_letters(codebook, own), x, own, learn, recipe.seed)


def _training(data: TrainingSet, own: TrainingSet, background: int) -> dict[str, int]:
    return {
        "units": len(data.units),
        "own_units": len(own.units),
        "own_documents": len(set(own.documents)),
        "documents": len(set(data.documents)),
        "background_units": background,
    }


def _trained(
    model: Model, held_out: HeldOut, found: dict[str, Comparison], seen: Outlook, source: str
) -> Trained:
    measured: dict[str, Any] = figures(model.codebook, held_out) | {"own_codings": True}
    facts = {
        **model.facts,
        "scores": measured,
        "comparisons": {key: comparison_facts(comparison) for key, comparison in found.items()},
        "known": source if found else "",
        "outlook": outlook_facts(seen),
    }
    return Trained(replace(model, facts=facts), found, seen)

"""Corpus to model: deterministic, honest cross-validation, and what the facts say."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import SELECTED, CodedUnit
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model import train as training
from wuxing_nlp.model.bundle import Model
from wuxing_nlp.model.faithfulness import MOST_TAGS, deletion_test
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.outputs import Predictions, codes_of
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.train import HeldOut, Recipe, cross_validate, train
from wuxing_nlp.model.training_set import TrainingSet

BOOK = load_codebook()
RECIPE = Recipe(inner_folds=2)
NOTHING = Frequencies()
FOLDS = 3


def as_real(units: list[CodedUnit]) -> list[CodedUnit]:
    """Two units in three made real ones, with a fold a document."""
    documents = sorted({unit.document for unit in units})
    place = {document: at for at, document in enumerate(documents)}
    return [
        dataclasses.replace(unit, document=f"{place[unit.document]:012x}", fold=place[unit.document] % FOLDS)
        if place[unit.document] % 3
        else unit
        for unit in units
    ]


@pytest.fixture(scope="module")
def real_set(small_set: TrainingSet) -> TrainingSet:
    return TrainingSet.of(BOOK, as_real(list(small_set.units)))


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What cross-validation says of its progress."""
    return []


@pytest.fixture(scope="module")
def held_out(real_set: TrainingSet, told: list[str]) -> HeldOut:
    return cross_validate(BOOK, real_set, NOTHING, RECIPE, folds=[2, 0, 1], progress=told.append)


def arrays(model: Model) -> dict[str, np.ndarray]:
    return {
        **{field.name: getattr(model.machines, field.name) for field in dataclasses.fields(model.machines)},
        **{f.name: getattr(model.calibration, f.name) for f in dataclasses.fields(model.calibration)},
        "idf": model.space.idf,
        "trained": model.trained,
    }


def test_two_trainings_with_one_seed_are_equal(small_set: TrainingSet, small_model: Model) -> None:
    again = train(BOOK, small_set, NOTHING, RECIPE)
    for vocabulary in ("words", "characters", "cues", "classes"):
        assert getattr(again.space, vocabulary) == getattr(small_model.space, vocabulary)
    for name, array in arrays(again).items():
        assert np.array_equal(array, arrays(small_model)[name]), name


def test_the_model_learns_its_units(small_set: TrainingSet, small_model: Model) -> None:
    x = small_model.space.rows(small_set.texts, small_set.words)
    predicted = Predictions.of(small_model.outputs, small_model.calibration, small_model.machines.margins(x))
    given = predicted.decide(small_model.calibration.rule(Preference.BALANCED))
    letters = len(small_model.outputs.letters)
    right = given == small_set.truth[:, letters : letters + given.shape[1]]
    assert right.mean() > 0.97


def test_the_facts_hold_recipe_and_training(small_set: TrainingSet, small_model: Model) -> None:
    assert small_model.facts["recipe"] == dataclasses.asdict(RECIPE)
    assert small_model.facts["training"] == {
        "units": len(small_set.units),
        "real_units": 0,
        "selected_units": 0,
        "documents": len(set(small_set.documents)),
        "background_units": 0,
    }


def test_background_frequencies_make_words_common(small_set: TrainingSet, small_model: Model) -> None:
    background = Frequencies.of([("坚决整治", ["坚决", "整治"])] * 500)
    space, _ = training.fit(BOOK, small_set, background, RECIPE)
    assert space.words == small_model.space.words
    common, other = space.words.index("整治"), space.words.index("群众")
    assert space.idf[common] < small_model.space.idf[common] - 0.5
    assert space.idf[other] > small_model.space.idf[other]


def test_every_recipe_setting_counts(small_set: TrainingSet, small_model: Model) -> None:
    for change in ({"min_units": 4}, {"c": 1.0}):
        other = train(BOOK, small_set, NOTHING, dataclasses.replace(RECIPE, **change))
        assert not np.array_equal(other.machines.weights, small_model.machines.weights), change


def test_authored_units_weigh_less(real_set: TrainingSet, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, np.ndarray] = {}

    def fit(self: object, x: csr_matrix, y: np.ndarray, **given: np.ndarray) -> object:
        seen.update(given)
        return self

    monkeypatch.setattr(training.PolicyClassifier, "fit", fit)
    training.fit(BOOK, real_set, NOTHING, dataclasses.replace(RECIPE, authored_weight=0.25))
    assert np.array_equal(seen["weights"], np.where(real_set.real, 1.0, 0.25))
    assert np.array_equal(seen["tuned"], real_set.real)
    assert list(seen["groups"]) == real_set.documents


def test_every_real_unit_is_answered_once_and_in_order(real_set: TrainingSet, held_out: HeldOut) -> None:
    real = [unit for unit, flag in zip(real_set.units, real_set.real, strict=True) if flag]
    assert list(held_out.data.units) == real
    n = len(real)
    assert held_out.predictions.letters.shape == (n, 10)
    assert held_out.decided.shape == held_out.predictions.codes.shape == (n, 30)
    assert held_out.decisions.shape == (3, n, 30)
    assert held_out.abstained.shape == held_out.confidence.shape == (n,)
    assert not (held_out.abstained & held_out.decided.any(axis=1)).any()
    assert held_out.abstained.any()


def test_held_out_answers_are_those_of_a_model_without_the_fold(
    real_set: TrainingSet, held_out: HeldOut
) -> None:
    """Nothing of a fold's documents, not even its words, is in the model that answers for it."""
    fold = np.array([unit.fold == 1 for unit in real_set.units])
    space, classifier = training.fit(BOOK, real_set.take(~fold), NOTHING, RECIPE)
    part = real_set.take(fold)
    expected = classifier.predictions(space.matrix(part.texts, part.words))
    rows = np.array([unit.fold == 1 for unit in held_out.data.units])
    assert np.array_equal(held_out.predictions.letters[rows], expected.letters)
    assert np.array_equal(held_out.predictions.codes[rows], expected.codes)
    for preference, decided in zip(Preference, held_out.decisions, strict=True):
        assert np.array_equal(decided[rows], expected.decide(classifier.calibration_.rule(preference)))
    rule = classifier.calibration_.rule(Preference.BALANCED)
    assert np.array_equal(held_out.decided[rows], expected.decide(rule))
    near = expected.nearness(rule) >= rule.doubt
    assert np.array_equal(held_out.abstained[rows], near & ~held_out.decided[rows].any(axis=1))
    assert np.array_equal(held_out.confidence[rows], expected.confidence(rule))


def test_evidence_is_tested_with_the_folds_own_model_and_the_recipes_seed(real_set: TrainingSet) -> None:
    recipe = dataclasses.replace(RECIPE, seed=1)
    held_out = cross_validate(BOOK, real_set, NOTHING, recipe, folds=[1])
    fold = np.array([unit.fold == 1 for unit in real_set.units])
    fitted = training.fit(BOOK, real_set.take(~fold), NOTHING, recipe)
    answered = held_out.data
    expected, other = (
        deletion_test(*fitted, answered.texts, answered.words, held_out.predictions, seed=seed)
        for seed in (1, 0)
    )
    assert held_out.faithfulness == expected != other


def test_the_tags_of_every_fold_are_tested(held_out: HeldOut) -> None:
    given = codes_of(held_out.predictions.outputs, held_out.decided)
    tags = Counter[int | None]()
    for unit, codes in zip(held_out.data.units, given, strict=True):
        tags[unit.fold] += len(BOOK.letters_of(codes))
    assert len(tags) > 1
    assert held_out.faithfulness.tags == sum(min(n, MOST_TAGS) for n in tags.values())


def test_a_preference_moves_the_share_of_labels_given(held_out: HeldOut) -> None:
    balanced, precision, recall = held_out.decisions.sum(axis=(1, 2))
    assert precision < balanced < recall


def test_held_out_answers_are_better_than_chance_and_worse_than_training(
    small_set: TrainingSet, small_model: Model, held_out: HeldOut
) -> None:
    given_codes = codes_of(held_out.predictions.outputs, held_out.decided)
    right = [
        bool(BOOK.letters_of(codes) & unit.letters)
        for codes, unit in zip(given_codes, held_out.data.units, strict=True)
        if unit.letters
    ]
    assert 0.4 < np.mean(right) < 0.95


def test_a_selected_unit_teaches_other_folds_only(
    real_set: TrainingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [
        dataclasses.replace(unit, sample=SELECTED) if unit.fold is not None and at % 4 == 0 else unit
        for at, unit in enumerate(real_set.units)
    ]
    taught: list[TrainingSet] = []
    fit = training.fit
    monkeypatch.setattr(
        training, "fit", lambda book, data, *rest: taught.append(data) or fit(book, data, *rest)
    )
    held_out = cross_validate(BOOK, TrainingSet.of(BOOK, units), NOTHING, RECIPE, folds=[1])
    assert {unit.sample for unit in held_out.data.units} == {""}
    assert 1 not in {unit.fold for unit in taught[0].units}
    assert SELECTED in {unit.sample for unit in taught[0].units}


@pytest.mark.usefixtures("held_out")
def test_progress_is_told_a_fold(real_set: TrainingSet, told: list[str]) -> None:
    assert [line.split(":")[0] for line in told] == ["fold 2", "fold 0", "fold 1"]
    counts = [int(line.split()[2]) for line in told]
    assert counts == [sum(unit.fold == fold for unit in real_set.units) for fold in (2, 0, 1)]


def test_a_real_unit_without_a_fold_is_refused(real_set: TrainingSet) -> None:
    units = [dataclasses.replace(unit, fold=None) for unit in real_set.units]
    with pytest.raises(TrainingError, match="a real unit has no fold"):
        cross_validate(BOOK, TrainingSet.of(BOOK, units), NOTHING, RECIPE, folds=[0])


def test_a_corpus_of_one_document_is_refused(small_set: TrainingSet) -> None:
    units = [dataclasses.replace(unit, document="authored:one") for unit in small_set.units]
    with pytest.raises(TrainingError, match="documents are too few"):
        train(BOOK, TrainingSet.of(BOOK, units), NOTHING, RECIPE)


def test_a_fold_that_knows_a_unit_would_be_seen(real_set: TrainingSet, held_out: HeldOut) -> None:
    """The control of the test above: a vocabulary learnt on all units is another one."""
    fold = np.array([unit.fold == 1 for unit in real_set.units])
    everything = FeatureSpace.learn(BOOK, Frequencies.of(real_set.pairs()), NOTHING)
    rest = FeatureSpace.learn(BOOK, Frequencies.of(real_set.take(~fold).pairs()), NOTHING)
    assert everything.words != rest.words

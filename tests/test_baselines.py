"""The plain models beside ours: they learn, from other folds alone, and decide by their own thresholds."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.evaluation.dictionary import KeywordDictionary
from wuxing_nlp.evaluation.scores import score_labels
from wuxing_nlp.model.baselines import (
    DICTIONARY,
    FASTTEXT,
    INNER_FOLDS,
    Pair,
    baseline_labels,
    held_out_flags,
    learners,
)
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.outputs import Flags
from wuxing_nlp.model.training_set import TrainingSet

BOOK = load_codebook()
MEASURES = [measure.code for measure in BOOK.measures]
FOLDS = 3
LEARNERS = ["words + logistic regression", "complement naive Bayes", "reference model", FASTTEXT]

Given = dict[str, list[frozenset[str]]]


@pytest.fixture(scope="module")
def data(small_set: TrainingSet) -> TrainingSet:
    """Authored units in the place of measured ones, with a fold a document."""
    names = sorted(set(small_set.documents))
    units = [dataclasses.replace(unit, fold=names.index(unit.document) % FOLDS) for unit in small_set.units]
    return dataclasses.replace(small_set, units=units)


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What the baselines say of their progress."""
    return []


@pytest.fixture(scope="module")
def given(data: TrainingSet, told: list[str]) -> Given:
    return baseline_labels(BOOK, data, told.append)


def installed(name: str) -> str:
    """The name, where the learner is here."""
    if name == FASTTEXT and not find_spec("fasttext"):
        pytest.skip("needs fastText (the extra 'bench')")
    return name


def numbered(data: TrainingSet) -> TrainingSet:
    """The set with each unit's number for its text, so that a learner can tell which unit it sees."""
    return dataclasses.replace(data, texts=[str(at) for at in range(len(data.texts))])


def numbers(pairs: Sequence[Pair]) -> list[int]:
    return [int(text) for text, _ in pairs]


def test_fasttext_is_measured_only_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(learners(BOOK)) == LEARNERS[: 4 if find_spec("fasttext") else 3]
    monkeypatch.setitem(sys.modules, "fasttext", None)
    assert list(learners(BOOK)) == LEARNERS[:3]


@pytest.mark.usefixtures("given")
def test_progress_names_every_baseline_that_learns(told: list[str]) -> None:
    assert told == [f"baseline: {name}" for name in learners(BOOK)]


def test_every_unit_gets_letters_and_measures_only(data: TrainingSet, given: Given) -> None:
    assert list(given) == [DICTIONARY, *learners(BOOK)]
    for name, labels in given.items():
        assert len(labels) == len(data.units)
        assert frozenset.union(*labels) == {*BOOK.letters, *MEASURES}, name


@pytest.mark.parametrize("name", LEARNERS)
def test_a_baseline_learns_what_carries_over_to_other_documents(
    data: TrainingSet, given: Given, name: str
) -> None:
    """Against the F1 of one who gives every label to every unit, which is the best of the blind."""
    labels = given[installed(name)]
    truth = [BOOK.base(unit.codes) | unit.letters for unit in data.units]
    for level in (BOOK.letters, MEASURES):
        found = score_labels(truth, labels, level).macro.f1
        blind = score_labels(truth, [frozenset(level)] * len(truth), level).macro.f1
        assert found > blind + 0.15


def test_the_dictionary_is_the_codebooks(data: TrainingSet, given: Given) -> None:
    dictionary = KeywordDictionary(BOOK)
    assert given[DICTIONARY] == [dictionary.letters(text) | dictionary.measures(text) for text in data.texts]


@pytest.mark.parametrize("name", LEARNERS)
def test_one_seed_and_a_label_that_cannot_be_learnt(data: TrainingSet, name: str) -> None:
    learner = learners(BOOK)[installed(name)]
    pairs = list(data.pairs())
    truth = data.truth[:, :3].copy()
    truth[:, 1], truth[:, 2] = False, True
    scores = learner(pairs[:300], truth[:300], pairs[300:400])
    assert scores.shape == (100, 3)
    assert np.array_equal(scores, learner(pairs[:300], truth[:300], pairs[300:400]))
    assert len(set(scores[:, 0])) > 50
    assert scores[:, 1].max() < scores[:, 0].min()


def test_a_fold_is_asked_of_what_the_others_taught(data: TrainingSet) -> None:
    """No document stands on both sides, in the folds or in the splits for thresholds."""
    lessons: list[tuple[list[int], list[int]]] = []

    def learner(taught: Sequence[Pair], truth: Flags, asked: Sequence[Pair]) -> Floats:
        assert np.array_equal(truth, data.truth[numbers(taught)])
        lessons.append((numbers(taught), numbers(asked)))
        return np.zeros((len(asked), truth.shape[1]))

    held_out_flags(learner, numbered(data), data.truth)
    assert len(lessons) == FOLDS * (INNER_FOLDS + 1)
    folds = np.array([unit.fold for unit in data.units])
    for fold in range(FOLDS):
        *inner, (taught, asked) = lessons[fold * (INNER_FOLDS + 1) :][: INNER_FOLDS + 1]
        assert asked == np.flatnonzero(folds == fold).tolist()
        assert taught == np.flatnonzero(folds != fold).tolist()
        assert sorted(at for _, held in inner for at in held) == taught
        for rest, held in inner:
            assert sorted(rest + held) == taught
            assert not {data.documents[at] for at in rest} & {data.documents[at] for at in held}


@pytest.mark.parametrize("height", [-7.0, 0.2, 1000.0])
def test_a_label_is_given_from_the_score_that_was_best_on_other_documents(
    data: TrainingSet, height: float
) -> None:
    """Whatever the scale of a learner's scores, the cut is found between those of yes and no."""

    def learner(taught: Sequence[Pair], truth: Flags, asked: Sequence[Pair]) -> Floats:
        return np.where(data.truth[numbers(asked)], height + 0.5, height)

    assert np.array_equal(held_out_flags(learner, numbered(data), data.truth), data.truth)


def test_too_few_documents_are_refused(data: TrainingSet) -> None:
    three = sorted(set(data.documents))[:3]
    few = data.take(np.array([document in three for document in data.documents]))
    with pytest.raises(TrainingError, match="would learn from 2 documents; at least 3 real ones"):
        baseline_labels(BOOK, few)

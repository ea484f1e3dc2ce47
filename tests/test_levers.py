"""Levers: each variant leaves out what it says and nothing else, and the figures follow."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import SELECTED, CodedUnit
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.levers import SHARES, WITHOUT, Lesson, held_out_margins, lessons, levers
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.train import Recipe, learn_space
from wuxing_nlp.model.training_set import TrainingSet
from wuxing_nlp.model.tuning import UNLEARNT

BOOK = load_codebook()
RECIPE = Recipe()
FOLDS = (0, 1)


def placed(unit: CodedUnit, place: int) -> CodedUnit:
    """A document in five stays authored, one is selected, three are measured; folds take turns."""
    if place % 5 == 0:
        return unit
    sample = SELECTED if place % 5 == 1 else "enriched"
    return dataclasses.replace(unit, document=f"{place:012x}", fold=place // 5 % len(FOLDS), sample=sample)


@pytest.fixture(scope="module")
def data(small_set: TrainingSet) -> TrainingSet:
    names = sorted(set(small_set.documents))
    units = [placed(unit, names.index(unit.document)) for unit in small_set.units]
    real = np.array([unit.fold is not None for unit in units])
    return dataclasses.replace(small_set, units=units, real=real)


@pytest.fixture(scope="module")
def background(data: TrainingSet) -> Frequencies:
    return Frequencies.of(list(data.pairs())[:200])


@pytest.fixture(scope="module")
def rest(data: TrainingSet) -> np.ndarray:
    """The units outside fold 0."""
    return np.array([unit.fold != 0 for unit in data.units])


@pytest.fixture(scope="module")
def space(data: TrainingSet, background: Frequencies, rest: np.ndarray) -> FeatureSpace:
    return learn_space(BOOK, data.take(rest), background, RECIPE)


@pytest.fixture(scope="module")
def taught(data: TrainingSet, background: Frequencies, rest: np.ndarray) -> dict[str, Lesson]:
    return {lesson.name: lesson for lesson in lessons(BOOK, data, background, RECIPE, rest)}


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What is said of the progress."""
    return []


@pytest.fixture(scope="module")
def found(data: TrainingSet, background: Frequencies, told: list[str]) -> dict[str, Any]:
    return levers(BOOK, data, background, RECIPE, folds=FOLDS, progress=told.append)


def same(one: csr_matrix, other: csr_matrix) -> bool:
    return bool(one.shape == other.shape and (one != other).nnz == 0)


def test_figures_are_plain_values_and_every_lever_has_some(found: dict[str, Any]) -> None:
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found) == ["whole", "without", "learning_curve"]
    assert list(found["without"]) == list(WITHOUT)
    for row in (found["whole"], *found["without"].values()):
        assert list(row) == ["macro_f1", "micro_f1"]
        assert 0 < row["macro_f1"] < 1


def test_the_curve_rises_to_the_whole(data: TrainingSet, found: dict[str, Any]) -> None:
    units = [row.pop("units") for row in json.loads(json.dumps(found["learning_curve"]))]
    assert len(units) == len(SHARES)
    assert units == sorted(set(units))
    # With two folds each measured unit teaches once.
    assert units[-1] == round(data.measured.sum() / len(FOLDS))
    assert found["learning_curve"][-1] == {"units": units[-1]} | found["whole"]


@pytest.mark.usefixtures("found")
def test_progress_names_fold_and_variant(told: list[str], taught: dict[str, Lesson]) -> None:
    assert told == [f"levers: fold {fold}, {name}" for fold in FOLDS for name in taught]


def test_the_same_seed_gives_the_same_figures(
    data: TrainingSet, background: Frequencies, found: dict[str, Any]
) -> None:
    assert levers(BOOK, data, background, RECIPE, folds=FOLDS) == found


def test_columns_are_left_out_by_block(
    data: TrainingSet, space: FeatureSpace, taught: dict[str, Lesson], rest: np.ndarray
) -> None:
    whole = space.matrix(data.texts, data.words)
    assert same(taught["everything"].x, whole)
    words, characters, cues = (len(block) for block in (space.words, space.characters, space.cues))
    letters = slice(len(space.idf), len(space.idf) + len(BOOK.letters))
    columns = np.arange(len(space))
    for name, kept in (
        ("word n-grams", columns[words:]),
        ("character n-grams", np.delete(columns, slice(words, words + characters))),
        ("cues", np.concatenate([columns[: words + characters], columns[letters]])),
    ):
        assert 0 < len(kept) < len(columns)
        assert same(taught[f"without {name}"].x, whole[:, kept]), name
        assert np.array_equal(taught[f"without {name}"].taught, rest)
    assert cues > 0


def test_rows_are_left_out_by_origin(data: TrainingSet, taught: dict[str, Lesson], rest: np.ndarray) -> None:
    for name, left_out in (("authored units", ~data.real), ("selected units", data.selected)):
        lesson = taught[f"without {name}"]
        assert (rest & left_out).any()
        assert np.array_equal(lesson.taught, rest & ~left_out)
        assert same(lesson.x, taught["everything"].x)


def test_uncoded_text_lends_weights_not_features(
    data: TrainingSet, space: FeatureSpace, taught: dict[str, Lesson], rest: np.ndarray
) -> None:
    bare = learn_space(BOOK, data.take(rest), Frequencies(), RECIPE)
    assert bare.words == space.words
    lesson = taught["without uncoded text"]
    assert same(lesson.x, bare.matrix(data.texts, data.words))
    assert not same(lesson.x, taught["everything"].x)
    assert np.array_equal(lesson.taught, rest)


def test_the_curve_leaves_out_whole_measured_documents(
    data: TrainingSet, taught: dict[str, Lesson], rest: np.ndarray
) -> None:
    documents = np.array(data.documents)
    every = set(documents[rest & data.measured])
    quarter, half = (taught[f"{share} of the documents"].taught for share in ("25%", "50%"))
    for share, flags in ((0.25, quarter), (0.5, half)):
        kept = set(documents[flags & data.measured])
        assert len(kept) == np.ceil(share * len(every))
        assert np.array_equal(flags, rest & (~data.measured | np.isin(documents, list(kept))))
    assert not (quarter & ~half).any()


@pytest.mark.parametrize("only", ["authored units", "selected units"])
def test_what_only_some_units_teach_is_not_found_without_them(data: TrainingSet, only: str) -> None:
    """Outside the fold, the other units lose their labels, and most of them go."""
    teachers = ~data.real if only == "authored units" else data.selected
    held = np.array([unit.fold == 0 for unit in data.units]) & data.measured
    unlabelled = dataclasses.replace(data, truth=data.truth & (teachers | held)[:, None])
    few = unlabelled.take(teachers | held | (np.arange(len(data.units)) % 10 == 0))
    in_fold = np.array([unit.fold == 0 for unit in few.units])
    letters = len(BOOK.letters)
    taught = {
        lesson.name: (held_out_margins(lesson, few, letters, in_fold, RECIPE) > UNLEARNT).all(axis=0)
        for lesson in lessons(BOOK, few, Frequencies(), RECIPE, ~in_fold)
    }
    assert not taught.pop(f"without {only}").any()
    assert all(letters.any() for letters in taught.values())


def test_letters_are_learnt_for_the_measured_units(
    data: TrainingSet, taught: dict[str, Lesson], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[np.ndarray] = []

    def fit(
        x: csr_matrix, y: np.ndarray, weights: Floats, target: np.ndarray, **_: float
    ) -> tuple[Floats, float]:
        told.append(target)
        return np.zeros(x.shape[1]), 0.0

    monkeypatch.setattr("wuxing_nlp.model.levers.fit_machine", fit)
    lesson = taught["everything"]
    held_out_margins(lesson, data, len(BOOK.letters), ~lesson.taught, RECIPE)
    assert len(told) > 1
    assert all(np.array_equal(target, data.measured[lesson.taught]) for target in told)
    assert 0 < told[0].sum() < len(told[0])


def test_a_label_with_few_units_is_never_given(data: TrainingSet) -> None:
    """As in the model: nine positive units teach nothing."""
    few = np.zeros_like(data.truth)
    for at, column in enumerate(data.truth.T):
        few[np.flatnonzero(column)[:9], at] = True
    found = levers(BOOK, dataclasses.replace(data, truth=few), Frequencies(), RECIPE, folds=FOLDS)
    assert found["whole"] == {"macro_f1": 0.0, "micro_f1": 0.0}


def test_a_real_unit_without_fold_is_refused(data: TrainingSet) -> None:
    units = [dataclasses.replace(unit, fold=None) for unit in data.units]
    with pytest.raises(TrainingError, match="a real unit has no fold"):
        levers(BOOK, dataclasses.replace(data, units=units), Frequencies(), RECIPE, folds=FOLDS)

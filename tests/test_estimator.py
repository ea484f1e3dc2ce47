"""The estimator of texts: what it learns is what training learns, and scikit-learn can work with it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, MultiLabelBinarizer
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import check_is_fitted, validate_data

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.errors import PreferenceError, TrainingError
from wuxing_nlp.model.bundle import save
from wuxing_nlp.model.estimator import CodeClassifier
from wuxing_nlp.model.ngrams import Frequencies
from wuxing_nlp.model.tagger import Tagger, load
from wuxing_nlp.model.train import Recipe, train
from wuxing_nlp.model.training_set import TrainingSet

DATA = Path(__file__).parent / "data"
BOOK = load_codebook()
LABELS = ["P!", "D2", "F1"]
UNITS = [
    unit
    for unit in Corpus(default_root()).authored()
    if set(unit.codes) <= {*LABELS} and (unit.codes or unit.id[-1] in "05")
][::2]
TEXTS = [unit.text for unit in UNITS]
SETS = [frozenset(unit.codes) for unit in UNITS]
MATRIX = MultiLabelBinarizer(classes=LABELS).fit_transform(SETS)


def fresh(**parameters: Any) -> CodeClassifier:
    return CodeClassifier(**{"labels": LABELS, "inner_folds": 2, **parameters})


@pytest.fixture(scope="module")
def fitted() -> CodeClassifier:
    return fresh().fit(TEXTS, MATRIX)


def test_it_learns_what_training_learns(fitted: CodeClassifier) -> None:
    data = TrainingSet.of(BOOK, UNITS)
    alike = TrainingSet(data.units, data.texts, data.words, data.truth, np.ones(len(UNITS), dtype=bool))
    model = train(BOOK, alike, Frequencies(), Recipe(inner_folds=2))
    documents = [unit.document for unit in UNITS]
    tagger = Tagger(fresh().fit(TEXTS, MATRIX, groups=documents).model_)
    assert np.array_equal(tagger.probabilities(TEXTS), Tagger(model).probabilities(TEXTS))
    assert np.array_equal(tagger.model.machines.weights, fitted.model_.machines.weights)


def test_what_is_learnt_is_found_again(fitted: CodeClassifier) -> None:
    given, likely = fitted.predict(TEXTS), fitted.predict_proba(TEXTS)
    assert given.shape == likely.shape == fitted.decision_function(TEXTS).shape == MATRIX.shape
    assert fitted.classes_.tolist() == LABELS
    assert set(np.unique(given)) == {0, 1}
    assert (given == MATRIX).mean(axis=0).min() > 0.9
    assert fitted.score(TEXTS, MATRIX) == (given == MATRIX).all(axis=1).mean() == fitted.score(TEXTS, SETS)


def test_predictions_are_those_of_a_tagger_of_the_model(fitted: CodeClassifier, tmp_path: Path) -> None:
    fitted.model_.facts.update(name="own", version="1")
    save(fitted.model_, tmp_path / "bundle", "card")
    for prefer in ("balanced", "recall"):
        tagger = load(tmp_path / "bundle", prefer=prefer)
        columns = [tagger.codes.index(label) for label in LABELS]
        wanted = clone(fitted).set_params(prefer=prefer).fit(TEXTS, MATRIX)
        given = [set(BOOK.base(codes)) & set(LABELS) for codes in tagger.code_units(TEXTS)]
        assert wanted.predict(TEXTS).tolist() == [
            [int(label in codes) for label in LABELS] for codes in given
        ]
        assert np.allclose(wanted.predict_proba(TEXTS), tagger.probabilities(TEXTS)[:, columns])


def test_log_odds_rank_as_probabilities_do(fitted: CodeClassifier) -> None:
    texts = [*TEXTS[:50], "ok", ""]
    likely, scores = fitted.predict_proba(texts), fitted.decision_function(texts)
    assert np.allclose(1 / (1 + np.exp(-scores)), likely)
    assert np.isfinite(scores).all()
    assert not likely[-2:].any()
    assert not fitted.predict(texts)[-2:].any()


def test_no_text_is_no_row(fitted: CodeClassifier) -> None:
    assert fitted.predict([]).shape == fitted.predict_proba([]).shape == (0, 3)


def test_every_feature_has_a_name(fitted: CodeClassifier) -> None:
    names = fitted.feature_names_
    assert len(names) == len(set(names)) == len(fitted.model_.machines.weights)
    kinds = [name.partition(":")[0] for name in names]
    assert list(dict.fromkeys(kinds)) == ["word", "character", "cue", "terms", "class"]


# ------------------------------------------------------------------------------ what X and y may be


@pytest.mark.parametrize("column", [pd.Series, pl.Series, np.array, tuple])
def test_texts_may_come_in_many_forms(column: Callable[[Any], Any], fitted: CodeClassifier) -> None:
    assert np.array_equal(fitted.predict(column(TEXTS)), fitted.predict(TEXTS))


def test_a_frame_names_its_labels_as_tables_of_units_do() -> None:
    names = ["P_exists", "D2", "F1"]
    assert (
        CodeClassifier(inner_folds=2).fit(TEXTS, pd.DataFrame(MATRIX, columns=names)).classes_.tolist()
        == LABELS
    )


def test_sets_have_a_column_for_every_code_whatever_they_hold() -> None:
    learnt = CodeClassifier(inner_folds=2).fit(TEXTS, SETS)
    assert tuple(learnt.classes_) == BOOK.codes
    assert learnt.predict(TEXTS).any(axis=0).sum() == 3


def test_codings_of_another_number_are_told() -> None:
    with pytest.raises(TrainingError, match=f"there are {len(TEXTS)} texts, but y has 5 rows"):
        fresh().fit(TEXTS, MATRIX[:5])
    with pytest.raises(TrainingError, match="y is one NoneType"):
        fresh().fit(TEXTS, None)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ("坚决整治推诿扯皮。", "X is one str; give several texts"),
        (None, "X is one NoneType"),
        ([*TEXTS[:-1], None], f"text {len(TEXTS)} is None, a NoneType; give strings"),
        ([" ", *TEXTS[1:]], "text 1: the text is empty"),
        (np.array([TEXTS, TEXTS]).T, r"X has the shape \(\d+, 2\); give one column"),
        (pd.DataFrame({"正文": TEXTS}), "give one column of texts"),
    ],
)
def test_texts_that_are_none_are_told(x: Any, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        fresh().fit(x, MATRIX)


def test_what_cannot_be_learnt_is_told() -> None:
    with pytest.raises(TrainingError, match="no label has 10 positive units"):
        fresh().fit(TEXTS, MATRIX * (np.arange(len(TEXTS)) < 8)[:, None])
    with pytest.raises(TrainingError, match="1 documents are too few"):
        fresh().fit(TEXTS, MATRIX, groups=["one"] * len(TEXTS))
    with pytest.raises(TrainingError, match="but groups has 1 rows"):
        fresh().fit(TEXTS, MATRIX, groups=["one"])
    with pytest.raises(PreferenceError, match="speed"):
        fresh(prefer="speed").fit(TEXTS, MATRIX)
    with pytest.raises(NotFittedError):
        fresh().predict(TEXTS)


# ----------------------------------------------------------------------------- scikit-learn at work


def test_cross_validation_answers_for_texts_that_it_had_not_seen() -> None:
    likely = cross_val_predict(fresh(), TEXTS, MATRIX, cv=3, method="predict_proba")
    assert likely.shape == MATRIX.shape
    chance = MATRIX.mean(axis=0).max()
    assert average_precision_score(MATRIX, likely, average="macro") > 2 * chance
    assert cross_val_predict(fresh(), TEXTS, MATRIX, cv=2).shape == MATRIX.shape


def test_a_grid_is_searched_in_a_pipeline() -> None:
    steps = [("trim", FunctionTransformer(_trimmed)), ("codes", fresh())]
    grid = {"codes__c": [0.0001, 0.3], "codes__min_units": [2]}
    found = GridSearchCV(Pipeline(steps), grid, cv=2, scoring="f1_micro", error_score="raise").fit(
        TEXTS, MATRIX
    )
    assert found.best_params_ == {"codes__c": 0.3, "codes__min_units": 2}
    assert found.predict([f"  {text}" for text in TEXTS]).tolist() == found.predict(TEXTS).tolist()


def _trimmed(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts]


def test_a_clone_is_unfitted_and_a_pickle_answers_alike(fitted: CodeClassifier) -> None:
    assert clone(fitted).get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        check_is_fitted(clone(fitted))
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
    assert fresh(c=7).set_params(c=0.5, seed=3).get_params()["c"] == 0.5


def test_a_codebook_of_ones_own_is_learnt() -> None:
    tools = load_codebook(DATA / "policy_tools.toml")
    coded = pd.read_csv(DATA / "policy_tools.csv", dtype=str)
    estimator = clone(CodeClassifier(codebook=tools, inner_folds=2))
    learnt = estimator.fit(coded["text"], coded["codes"], groups=coded["document"])
    assert learnt.classes_.tolist() == ["S0", "D0", "E0"]
    assert learnt.predict(coded["text"]).sum(axis=0).min() >= 10
    assert learnt.score(coded["text"], coded["codes"]) > 0.5


def test_tagging_does_not_load_it() -> None:
    code = "import wuxing_nlp, sys; wuxing_nlp.load(); print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# ------------------------------------------------------------------- scikit-learn's estimator checks

_ONE_CLASS = (
    "one class a row is asked for; a text has any number of labels, and predict answers with a matrix"
)
_FEW = "its few rows are too few: a label needs ten texts that carry it, and calibration its folds"
_NUMBERS = "it is about numbers, and X is text"
_WORDS = "the error says what is wrong in other words than scikit-learn's"

DO_NOT_APPLY = {
    "check_classifier_data_not_an_array": _ONE_CLASS,
    "check_classifiers_one_label": _ONE_CLASS,
    "check_classifiers_classes": _ONE_CLASS,
    "check_classifiers_train": _ONE_CLASS,
    "check_decision_proba_consistency": _ONE_CLASS,
    "check_classifier_multioutput": "classes are expected to be numbers; here they are codes",
    "check_estimators_nan_inf": _FEW,
    "check_fit2d_1sample": _FEW,
    "check_fit2d_1feature": _NUMBERS,
    "check_classifiers_regression_target": _WORDS,
    "check_classifier_not_supporting_multiclass": _WORDS,
}
"""The checks that cannot pass, and why; each of them must indeed fail."""


class WrittenOut(CodeClassifier):
    """The estimator for checks, which know numbers only: rows are written out as text, a character for
    each number, and columns of ``y`` are called by the codebook's first codes."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = False
        tags.input_tags.two_d_array = True
        return tags

    def fit(self, X: Any, y: Any, groups: Any = None) -> WrittenOut:
        X, y = validate_data(self, X, y, multi_output=True)
        y = y.reshape(len(X), -1)
        if len(values := np.unique(y)) == 2:  # some checks call the two 1 and 2
            y = (y == values[-1]).astype(int)
        super().fit(_written(X), pd.DataFrame(y, columns=list(BOOK.codes[: y.shape[1]])), groups)
        return self

    def predict(self, X: Any) -> Any:
        return super().predict(self._read(X))

    def predict_proba(self, X: Any) -> Any:
        return super().predict_proba(self._read(X))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        return super().score(X, np.reshape(y, (len(y), -1)), sample_weight)

    def _read(self, X: Any) -> list[str]:
        check_is_fitted(self)
        return _written(validate_data(self, X, reset=False))


def _written(rows: Any) -> list[str]:
    return [
        "本项指标"
        + "".join(chr(0x4E00 + 100 * at + round(4 * float(value)) % 100) for at, value in enumerate(row))
        for row in rows
    ]


@parametrize_with_checks(  # type: ignore[untyped-decorator]
    [WrittenOut(inner_folds=2, min_units=1)],
    expected_failed_checks=lambda _: DO_NOT_APPLY,
    xfail_strict=True,
)
def test_scikit_learns_checks(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)


def test_without_the_writing_out_scikit_learn_has_no_check_for_texts() -> None:
    tags = CodeClassifier().__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.classifier_tags.multi_label

"""Codings in all the forms that people have them in, as one matrix of flags."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.preprocessing import MultiLabelBinarizer

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import TrainingError
from wuxing_nlp.model.targets import Targets

BOOK = load_codebook()
LABELS = ["P!", "D2", "F1"]
SETS = [{"P!"}, {"D2", "F1"}, set(), {"F1"}]
MATRIX = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    "y",
    [
        SETS,
        ["P!", "D2，F1", "0", "F1"],
        np.array(["P!", "D2, F1", "", "F1"], dtype=object),
        pd.Series(["P!", "D2,F1", "0", "F1"]),
        [sorted(codes) for codes in SETS],
        MATRIX.tolist(),
        MATRIX.astype(bool),
        MATRIX.astype(float),
        csr_matrix(MATRIX),
        pd.DataFrame(MATRIX, columns=LABELS),
        pl.DataFrame(MATRIX, schema=LABELS),
    ],
    ids=lambda y: type(y).__name__,
)
def test_codings_may_come_in_many_forms(y: Any) -> None:
    targets = Targets.of(y, LABELS, BOOK)
    assert targets.labels == tuple(LABELS)
    assert targets.flags.tolist() == MATRIX.astype(bool).tolist()
    assert targets.sets() == SETS


@given(st.lists(st.sets(st.sampled_from(BOOK.codes)), min_size=1))
def test_sets_matrix_and_written_codes_say_the_same(sets: list[set[str]]) -> None:
    binary = MultiLabelBinarizer(classes=BOOK.codes).fit_transform(sets)
    written = [",".join(BOOK.written(codes)) for codes in sets]
    for y in (sets, written, binary):
        assert Targets.of(y, BOOK.codes, BOOK).sets() == sets


def test_sets_have_a_column_for_every_code_whatever_they_hold() -> None:
    targets = Targets.of(SETS, None, BOOK)
    assert targets.labels == BOOK.codes
    assert targets.sets() == SETS


def test_a_frame_names_its_labels_as_tables_of_units_do() -> None:
    frame = pd.DataFrame(MATRIX, columns=["P_exists", "D2", "F1"])
    assert Targets.of(frame, None, BOOK).labels == tuple(LABELS)


def test_both_stances_written_as_one_are_two_labels() -> None:
    assert Targets.of(["P!-", "0"], ["P!", "P-"], BOOK).flags.tolist() == [[True, True], [False, False]]


@pytest.mark.parametrize(
    ("y", "labels", "message"),
    [
        (MATRIX, None, "nothing says which labels"),
        (MATRIX, ["P!", "D2"], "y has 3 columns for 2 labels"),
        (MATRIX, ["P!", "D2", "Q9"], "'Q9' is no base code; these are Z0"),
        (MATRIX, ["P!", "P_exists", "D2"], "a label has two columns"),
        (pd.DataFrame(MATRIX), None, "0 is no base code"),
        (MATRIX * 2, LABELS, "y holds 2; give 1"),
        (MATRIX * float("nan"), LABELS, "y holds nan; give 1"),
        (SETS, ["P!", "D2"], "text 2 carries F1, which is not among the labels"),
        (["0", "Q9"], None, "the label set of text 2: unknown code 'Q9'"),
        ([set(), {"P"}], None, "the label set of text 2: unknown code 'P'"),
        ([7], None, "the label set of text 1 is 7; give codes"),
        ([{"P!"}, None], None, "the label set of text 2 is None"),
        ([[1, "P!"]], None, "the label set of text 1"),
        ("P!", None, "y is one str"),
        (None, None, "y is one NoneType"),
    ],
)
def test_codings_that_are_none_are_told(y: Any, labels: list[str] | None, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        Targets.of(y, labels, BOOK)

"""Cells of CSV that a spreadsheet would run: guarded, and read again as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.documents.tables.formulas import bare, safe

LIVE = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "-0.5 A", "=", "-——"]
LIVE += ["＝1+1", "＋A1", "－A1", "＠SUM(A1)", "\n=1", "\0=1", " =1", "\ufeff=1", "\u3000\u202e=1", "\x1f@a"]


@given(text=st.text() | st.from_regex(r"[-+=@＝＋－＠'\0 \t\r\n][-0-9.,%A ]*", fullmatch=True))
def test_no_cell_begins_like_a_formula_and_no_text_is_lost(text: str) -> None:
    cell = safe(text)
    assert cell in (text, f"'{text}")
    number = cell.lstrip("+-").replace(",", "").replace(".", "").removesuffix("%")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or not number or number.isdecimal()


@given(text=st.text() | st.from_regex(r"[-+=@＝＋－＠\0 \t\r\n][-0-9.,%A ]*", fullmatch=True))
def test_a_guarded_cell_is_read_as_it_was(text: str) -> None:
    if safe(text) != text or not text.startswith("'"):
        assert bare(safe(text)) == text


def test_an_apostrophe_of_the_text_stays() -> None:
    assert [bare(cell) for cell in ("'t is", "'", "''=1", "'-0.5", "'7")] == [
        "'t is",
        "'",
        "''=1",
        "'-0.5",
        "'7",
    ]


@pytest.mark.parametrize("cell", LIVE)
def test_a_cell_like_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["-0.5", "+3", "-12%", "-1,234.5", "-", "——", "7", "", " -1 ", "－3", "　　一、"]
)
def test_numbers_and_dashes_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell

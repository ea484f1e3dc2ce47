"""Reading what coders filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import DocumentError, EvaluationError
from wuxing_nlp.estimates.codings import read_codings

BOOK = load_codebook()
HEADER = "document,unit,text,codes,why,drawn,stratum,inclusion,seed,sha1"


def sheet(tmp_path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8-sig") -> Path:
    path = tmp_path / "coded.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_rows_are_read_as_they_were_written(tmp_path: Path, encoding: str) -> None:
    rows = (
        "'-甲.txt,3,'=不是公式。,\"F2，J!-\",random: x,unit,江西省,0.25,7,abc",
        "乙.txt,1,,,random,document,,1,7,",
    )
    codings = read_codings(sheet(tmp_path, *rows, encoding=encoding), BOOK)
    first, second = codings.rows
    assert (first.document, first.unit, first.text) == ("-甲.txt", 3, "=不是公式。")
    assert first.codes == frozenset({"F2", "J!", "J-"})
    assert (first.inclusion, first.stratum, first.whole, first.sha1) == (0.25, "江西省", False, "abc")
    assert first.place.endswith("row 2")
    assert (second.codes, second.whole, second.inclusion) == (None, True, 1.0)


def test_a_workbook_is_read_too(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER.split(","))
    book.active.append(["甲.txt", 3, "一句话。", "0", "random", "unit", "all", 0.125, 0, ""])
    book.save(tmp_path / "coded.xlsx")
    [row] = read_codings(tmp_path / "coded.xlsx", BOOK).rows
    assert (row.document, row.unit, row.codes, row.inclusion) == ("甲.txt", 3, frozenset(), 0.125)


def test_rows_that_were_not_drawn_at_random_are_counted(tmp_path: Path) -> None:
    rows = ("a,1,,P!,random: y,,,0.5,,", "a,2,,P!,uncertain,,,,,", "a,3,,P!,uncertain,,,,,", "a,4,,P!,,,,,,")
    codings = read_codings(sheet(tmp_path, *rows), BOOK)
    assert len(codings.rows) == 1
    assert codings.others == {"uncertain": 2, "not said": 1}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,1,,Q9,random,,,0.5,,", "row 2: unknown code 'Q9'; allowed are"),
        ("a,one,,0,random,,,0.5,,", "row 2: the column unit holds 'one'"),
        ("a,0,,0,random,,,0.5,,", "row 2: the column unit holds '0'"),
        ("a,1,,0,random,,,1.5,,", "row 2: the column inclusion holds '1.5'; a probability above 0"),
        ("a,1,,0,random,,,0,,", "row 2: the column inclusion holds '0'"),
        ("a,1,,0,random,,,nan,,", "row 2: the column inclusion holds 'nan'"),
        ("a,1,,0,random,,,,,", "row 2: the column inclusion holds ''"),
        ("a,1,,0,uncertain,,,0.5,,", "no row that was drawn at random"),
    ],
)
def test_what_cannot_be_understood_is_one_line(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(EvaluationError, match=said) as caught:
        read_codings(sheet(tmp_path, row), BOOK)
    assert "\n" not in str(caught.value)


def test_all_rows_that_cannot_be_understood_are_named_at_once(tmp_path: Path) -> None:
    good, random = "a,1,,F2；J!,random,,,0.5,,", "random,,,0.5,,"
    rows = [good, f"a,2,,Q9;X1,{random}", f"a,x,,0,{random}", "a,4,,Q8,uncertain,,,,,", f"a,5,,Q7,{random}"]
    with pytest.raises(EvaluationError) as caught:
        read_codings(sheet(tmp_path, *rows), BOOK)
    first, others = str(caught.value).removesuffix(")").split(" (2 more rows of this file cannot ")
    assert "row 3: unknown code 'Q9', 'X1'; allowed are Z0 " in first
    assert others == "be understood: row 4: the column unit holds 'x', row 6: unknown code 'Q7'"


def test_of_very_many_such_rows_the_first_are_named(tmp_path: Path) -> None:
    rows = [f"a,{unit},,Q{unit},random,,,0.5,," for unit in range(1, 14)]
    with pytest.raises(EvaluationError) as caught:
        read_codings(sheet(tmp_path, *rows), BOOK)
    said = str(caught.value)
    assert said.count("unknown code") == 6
    assert said.endswith("row 7: unknown code 'Q6', and 7 more)")


@pytest.mark.parametrize("missing", ["document", "unit", "why", "inclusion"])
def test_a_missing_column_is_named(tmp_path: Path, missing: str) -> None:
    header = HEADER.replace(missing, "other", 1)
    with pytest.raises(EvaluationError, match=f"there is no column '{missing}'"):
        read_codings(sheet(tmp_path, "a,1,,0,random,,,0.5,,", header=header), BOOK)


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="gone"):
        read_codings(tmp_path / "gone.csv", BOOK)
    (tmp_path / "note.txt").write_text("一句话。", encoding="utf-8")
    with pytest.raises(DocumentError, match="is no table"):
        read_codings(tmp_path / "note.txt", BOOK)
    with pytest.raises(DocumentError, match="row 2"):
        read_codings(sheet(tmp_path, "a,1"), BOOK)

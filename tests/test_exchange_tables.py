"""Tables of codings, one column a label: CSV and Excel."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.coding import CodedUnit
from wuxing_nlp.coding.exchange import Suggestions, export_units, flaws, import_units
from wuxing_nlp.coding.exchange.long_csv import guarded, unguarded
from wuxing_nlp.errors import CorpusError

BOOK = load_codebook()
LABELS = [label_name(code, BOOK) for code in BOOK.codes]
TEXT = "渡口的船票改成了网上买。"
UNIT = CodedUnit("S1", TEXT, ("F2", "J!-"), "notice", "d1", fold=3)

Rows = Sequence[Sequence[object]]
Save = Callable[[Path, Rows], Path]


def save_csv(folder: Path, rows: Rows) -> Path:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    path = folder / "a.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return path


def save_xlsx(folder: Path, rows: Rows) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    path = folder / "a.xlsx"
    book.save(path)
    return path


BOTH = pytest.mark.parametrize("save", [save_csv, save_xlsx])


def cells(*codes: str, value: object = 1, zero: object = 0) -> list[object]:
    return [value if code in codes else zero for code in BOOK.codes]


def read(path: Path) -> list[CodedUnit]:
    return list(import_units(path.suffix[1:], path).units[""])


def only_flaw(path: Path) -> str:
    """The one flaw of the file, which import_units must raise word for word."""
    [flaw] = flaws(path.suffix[1:], path)
    with pytest.raises(CorpusError, match=re.escape(str(flaw))):
        read(path)
    return f"{flaw.place}: {flaw.what}"


# ------------------------------------------------------------------------------------------------- export


def test_the_table_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert export_units([UNIT], "csv", path) == [path]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        [row] = csv.DictReader(stream)
    assert list(row) == ["id", "document", "text", "kind", "source", "path", "fold", "sample", *LABELS]
    assert {name for name, cell in row.items() if cell == "1"} == {"F2", "J_exists", "J_tackled"}
    assert (row["fold"], row["Z0"], row["source"]) == ("3", "0", "")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_table_in_excel_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        export_units([UNIT, CodedUnit("=2", "=1+1", (), "k", "d")], "xlsx", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    header, first, second = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows()
    assert [cell.value for cell in header][-2:] == ["S_exists", "S_tackled"]
    assert dict(zip([cell.value for cell in header], [cell.value for cell in first], strict=True))["F2"] == 1
    assert [cell.data_type for cell in second[:3]] == ["s", "s", "s"]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_a_table_has_no_place_for_suggestions(name: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="a table has no place for suggestions"):
        export_units([UNIT], name, tmp_path / "a", suggestions=Suggestions("m", [()]))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["=1+1", "+a", "-a", "@a", "\ta", "\ra", "=", "'=1", "''=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "'", "''", "'引文'", "甲", "1", "-1", "'1", "—", "a=1"])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


# ------------------------------------------------------------------------------------------------- import


@BOTH
def test_a_table_with_text_and_labels_alone(save: Save, tmp_path: Path) -> None:
    header: list[object] = ["note", "text", *BOOK.codes]
    rows: Rows = [header, ["x", TEXT, *cells("F2", "J!")]]
    path = save(tmp_path, rows)
    assert read(path) == [CodedUnit("a-0002", TEXT, ("F2", "J!"), "other", "a-0002")]


@BOTH
@pytest.mark.parametrize(("value", "zero"), [(1, 0), ("1", "0"), (1.0, 0.0), ("TRUE", "False"), (" 1", "0 ")])
def test_how_decisions_may_be_written(save: Save, value: object, zero: object, tmp_path: Path) -> None:
    [unit] = read(save(tmp_path, [["text", *LABELS], [TEXT, *cells("D1", value=value, zero=zero)]]))
    assert unit.codes == ("D1",)


@BOTH
def test_labels_may_be_named_in_chinese(save: Save, tmp_path: Path) -> None:
    header: list[object] = ["text", *map(BOOK.name, BOOK.codes)]
    rows: Rows = [header, [TEXT, *cells("P-", "Z0")]]
    [unit] = read(save(tmp_path, rows))
    assert unit.codes == ("P-", "Z0")


@BOTH
def test_a_row_without_decisions_is_not_coded(save: Save, tmp_path: Path) -> None:
    rows: Rows = [["text", *LABELS], [TEXT, *cells(zero="", value="")], ["码头在修。", *cells()]]
    path = save(tmp_path, rows)
    imported = import_units(path.suffix[1:], path)
    assert [(unit.text, unit.codes) for unit in imported.units[""]] == [("码头在修。", ())]
    assert imported.left == {"not coded": 1}


@BOTH
def test_a_column_of_coders_tells_them_apart(save: Save, tmp_path: Path) -> None:
    rows: Rows = [
        ["id", "coder", "text", *LABELS],
        [7, "anna", TEXT, *cells("D1")],
        [7, "ben", TEXT, *cells()],
    ]
    path = save(tmp_path, rows)
    found = import_units(path.suffix[1:], path).units
    assert {coder: [(unit.id, unit.codes) for unit in units] for coder, units in found.items()} == {
        "anna": [("7", ("D1",))],
        "ben": [("7", ())],
    }


@BOTH
@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([TEXT, 2, *cells()[1:]], "row 2: '2' stands under Z0; 0 or 1 is expected"),
        ([TEXT, "", *cells()[1:]], "row 2: nothing stands under Z0; write 0 or 1, or leave all"),
        ([" ", *cells()], "row 2: the text is empty"),
    ],
)
def test_bad_rows(save: Save, row: list[object], message: str, tmp_path: Path) -> None:
    assert only_flaw(save(tmp_path, [["text", *LABELS], row])).startswith(message)


@BOTH
def test_every_bad_row_is_listed(save: Save, tmp_path: Path) -> None:
    rows = [[f"第{number}句", "?", *cells()[1:]] for number in range(3)]
    rows += [["第四句", *cells()], ["第四句", *cells("D1")]]
    path = save(tmp_path, [["text", *LABELS], *rows])
    found = flaws(path.suffix[1:], path)
    assert [flaw.place for flaw in found] == ["row 2", "row 3", "row 4", "row 6"]
    assert found[-1].what == "the text of row 5 again ('第四句'); keep one"


@BOTH
@pytest.mark.parametrize(
    ("header", "message"),
    [
        (["content", *LABELS], "no column 'text'"),
        (["text", *LABELS[:-2]], "no column for the labels S_exists, S_tackled; give each label a column"),
        (["text", "D1", *LABELS], r"columns given twice: D1"),
        (["text", "D1 抓落实", *LABELS], "columns given twice: D1 抓落实, D1"),
        (["text", "text", *LABELS], "columns given twice: text"),
    ],
)
def test_headers_that_lack_what_is_needed(
    save: Save, header: list[object], message: str, tmp_path: Path
) -> None:
    path = save(tmp_path, [header, ["x" for _ in header]])
    with pytest.raises(CorpusError, match=message) as raised:
        flaws(path.suffix[1:], path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_save_it(encoding: str, delimiter: str, tmp_path: Path) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([["text", *LABELS], [TEXT, *cells("D1")], []])
    path = tmp_path / "a.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    assert [unit.codes for unit in read(path)] == [("D1",)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("甲,1", "row 2: 2 cells where the header has 31"),
        ('"甲"x,' + "0," * 29 + "0", "row 2: not CSV"),
    ],
)
def test_bad_lines_of_csv(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(["text", *LABELS]) + "\n" + line + "\n", encoding="utf-8")
    assert only_flaw(path).startswith(message)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"text\n"])
def test_files_that_are_no_table(content: bytes, tmp_path: Path) -> None:
    for name in ("csv", "xlsx"):
        path = tmp_path / f"a.{name}"
        path.write_bytes(content)
        with pytest.raises(CorpusError, match=re.escape(str(path))):
            flaws(name, path)


def test_without_the_library_a_workbook_is_neither_written_nor_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    export_units([UNIT], "xlsx", path)
    for library in ("xlsxwriter", "python_calamine"):
        monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "wuxing_nlp.documents.tables.workbook", raising=False)
    with pytest.raises(CorpusError, match=r"xlsxwriter is needed: pip install 'wuxing_nlp\[documents\]'"):
        export_units([UNIT], "xlsx", tmp_path / "b.xlsx")
    with pytest.raises(
        CorpusError, match=r"python_calamine is needed; pip install 'wuxing_nlp\[documents\]'"
    ):
        import_units("xlsx", path)
    assert not (tmp_path / "b.xlsx").exists()

"""Rows of tables for those who need no documents of them: every format, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wuxing_nlp.documents import ReadOptions, read_table
from wuxing_nlp.documents.formats import FORMATS, Maker
from wuxing_nlp.documents.tables.table import Row, Table
from wuxing_nlp.errors import CorpusError, DocumentError

ROWS = [{"编号": "1", "值": "甲"}, {"编号": "2", "值": ""}]
TABLES = [suffix for suffix, form in FORMATS.items() if form.table]

Found = tuple[str, list[str], list[Row | DocumentError], str]


def whole(table: Table) -> list[Found]:
    """A table as it is handed over."""
    return [(table.name, list(table.columns), list(table.rows), table.encoding)]


def write(path: Path) -> Path:
    """ROWS as a file of the path's suffix."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in (list(ROWS[0]), *(list(row.values()) for row in ROWS)):
            book.active.append(row)
        book.save(path)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix in (".jsonl", ".ndjson"):
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    else:
        mark = "\t" if path.suffix == ".tsv" else ","
        lines = [mark.join(ROWS[0]), *(mark.join(row.values()) for row in ROWS)]
        path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", TABLES)
def test_every_table_gives_its_rows_without_a_column_of_text(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}")
    [(table, names, rows, encoding)] = read_table(path, whole)
    assert table == path.as_posix()
    assert names in ([], ["编号", "值"])
    first = 1 if suffix in (".jsonl", ".ndjson", ".parquet") else 2
    assert rows == [(first, ROWS[0]), (first + 1, ROWS[1])]
    assert encoding == ("" if suffix in (".xlsx", ".parquet") else "utf-8")


def test_a_broken_row_is_an_error_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n1,2,3\n5,6\n", encoding="utf-8")
    [(_, _, rows, _)] = read_table(path, whole)
    assert [type(row) for row in rows] == [tuple, DocumentError, tuple]
    with pytest.raises(DocumentError, match="row 3: 3 cells where the header names 2"):
        read_table(path, lambda table: table.sound())


def test_a_sheet_that_the_maker_refuses_is_left_out_and_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["x", "y"])
    book.active.append([1, 2])
    book.create_sheet("other").append(["p", "q"])
    book.save(tmp_path / "a.xlsx")
    told: list[str] = []
    found = read_table(tmp_path / "a.xlsx", _only_x, ReadOptions(notify=told.append))
    assert (len(found), len(told)) == (1, 1)
    assert "a.xlsx/other: left out, no x" in told[0]


def _only_x(table: Table) -> Iterator[str]:
    if "x" not in table.columns:
        raise DocumentError(table.name, "no x", "give one")
    yield from table.columns[:1]


def _raising(error: Exception) -> Maker[str]:
    def make(table: Table) -> Iterator[str]:
        raise error

    return make


def test_what_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv")
    with pytest.raises(CorpusError, match="ours"):
        read_table(path, _raising(CorpusError("ours")))
    with pytest.raises(DocumentError, match="its reader failed"):
        read_table(path, _raising(ZeroDivisionError("theirs")))
    with pytest.raises(DocumentError, match="there is no such file"):
        read_table(tmp_path / "gone.csv", whole)
    for name in ("a.txt", "a.docx"):
        path = tmp_path / name
        path.write_bytes(b"x")
        with pytest.raises(DocumentError, match=r"is no table; save the rows as one of \.csv, \.tsv"):
            read_table(path, whole)

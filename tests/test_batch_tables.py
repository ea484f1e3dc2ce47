"""Every table format: what is written comes back, and no cell is ever run."""

from __future__ import annotations

import csv
import errno
import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.batch.columns import Column, Row
from wuxing_nlp.batch.tables import FORMATS, table_format
from wuxing_nlp.batch.tables import csv as csv_format
from wuxing_nlp.batch.tables import xlsx as xlsx_format
from wuxing_nlp.documents.tables.excel import LONGEST_CELL, MOST_COLUMNS
from wuxing_nlp.errors import OutputError

COLUMNS = [Column("name", "text"), Column("n", "count"), Column("p", "share")]
ROWS: list[Row] = [
    ["=HYPERLINK(1)", 1, 0.25],
    ["-有的干部，“不敢”担当\n下一行", 0, None],
    [None, -3, 1.0],
    ["007", 12, 0.1],
    ["https://example.org", 1, 0.0],
]
LIVE = ["=1+1", "+1+1", "-1-1", "-a", "@sum", "\t=1", "\r=1", "-1,2e", "--1"]
_CELLS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5)


def written(name: str, batches: list[list[Row]], columns: list[Column] = COLUMNS) -> bytes:
    form = table_format(name)
    stream = io.BytesIO()
    with form.writer(stream, columns, "units") as writer:
        for rows in batches:
            writer.write(form.encode(rows, columns))
    return stream.getvalue()


def read(name: str, data: bytes) -> list[list[object]]:
    if name == "csv":
        return [list(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    if name == "jsonl":
        lines = [json.loads(line) for line in data.splitlines()]
        return [list(lines[0]), *(list(line.values()) for line in lines)]
    if name == "parquet":
        found = pq.read_table(io.BytesIO(data))
        return [found.column_names, *(list(row.values()) for row in found.to_pylist())]
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("name", ["jsonl", "parquet", "xlsx"])
@pytest.mark.parametrize("cut", [1, 2, 5])
def test_rows_come_back_however_they_were_batched(name: str, cut: int) -> None:
    batches = [ROWS[at : at + cut] for at in range(0, len(ROWS), cut)]
    assert read(name, written(name, [*batches, []])) == [["name", "n", "p"], *ROWS]


def test_a_csv_comes_back_with_its_formulas_made_text() -> None:
    header, *rows = read("csv", written("csv", [ROWS[:2], ROWS[2:]]))
    assert header == ["name", "n", "p"]
    assert rows == [
        ["'=HYPERLINK(1)", "1", "0.25"],
        ["'-有的干部，“不敢”担当\n下一行", "0", ""],
        ["", "-3", "1.0"],
        ["007", "12", "0.1"],
        ["https://example.org", "1", "0.0"],
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_are_the_same_bytes(name: str) -> None:
    assert written(name, [ROWS]) == written(name, [ROWS])


@pytest.mark.parametrize("name", FORMATS)
def test_a_table_without_rows_is_a_table(name: str) -> None:
    data = written(name, [[], []])
    assert data == b"" if name == "jsonl" else read(name, data) == [["name", "n", "p"]]


@pytest.mark.parametrize("name", FORMATS)
def test_half_a_surrogate_pair_costs_no_table(name: str) -> None:
    rows: list[Row] = [["bad\udcff.txt", 1, 0.5]]
    assert "bad" in str(read(name, written(name, [rows]))[1][0])


def test_a_csv_begins_with_the_mark_that_excel_needs() -> None:
    data = written("csv", [ROWS])
    assert data.startswith(b"\xef\xbb\xbfname,n,p\r\n")
    assert data.count(b"\xef\xbb\xbf") == 1


@given(cells=_CELLS)
def test_a_line_of_csv_is_read_back_as_the_safe_cells(cells: list[str]) -> None:
    columns = [Column(name, "text") for name in map(str, range(len(cells)))]
    line = csv_format.encode([list(cells)], columns).decode()
    assert line.endswith("\r\n")
    assert list(csv.reader(io.StringIO(line, newline=""))) == [[csv_format.safe(cell) for cell in cells]]


@pytest.mark.parametrize("cell", LIVE)
def test_no_workbook_has_a_formula(cell: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", [[[cell, 1, None]]])))
    [found] = [row[0] for row in book["units"].iter_rows(min_row=2)]
    assert found.data_type == "s"


def test_a_workbook_goes_on_in_further_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_format, "MOST_ROWS", 2)
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", [ROWS])))
    assert book.sheetnames == ["units", "units 2", "units 3"]
    assert [sheet.max_row for sheet in book] == [3, 3, 2]
    assert [next(sheet.iter_rows(values_only=True)) for sheet in book] == [("name", "n", "p")] * 3


def test_a_cell_of_a_workbook_keeps_what_excel_can_hold() -> None:
    [_, [text, *_]] = read("xlsx", written("xlsx", [[["整" * 40_000, 1, 0.5]]]))
    assert text == "整" * (LONGEST_CELL - 1) + "…"
    [_, [text, *_]] = read("xlsx", written("xlsx", [[["𠮷" * 20_000, 1, 0.5]]]))
    assert text == "𠮷" * (LONGEST_CELL // 2) + "…"


class Full(io.BytesIO):
    """A stream to a disk that is full."""

    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_is_an_error_of_the_system(name: str) -> None:
    form = table_format(name)

    def fill() -> None:
        with form.writer(Full(), COLUMNS, "units") as writer:
            writer.write(form.encode(ROWS, COLUMNS))

    with pytest.raises(OSError, match="No space left"):
        fill()


def test_more_columns_than_a_sheet_holds_are_refused() -> None:
    columns = [Column(str(number), "text") for number in range(MOST_COLUMNS + 1)]
    with pytest.raises(OutputError, match=r"16,385 columns do not fit .*--tables"):
        xlsx_format.writer(io.BytesIO(), columns, "units")


def test_an_unknown_format_says_which_there_are() -> None:
    with pytest.raises(OutputError, match="no table format 'ods'; there are csv, jsonl, xlsx, parquet"):
        table_format("ods")


@pytest.mark.parametrize(
    ("name", "library", "extra"), [("xlsx", "xlsxwriter", "documents"), ("parquet", "pyarrow", "parquet")]
)
def test_a_missing_library_is_named_with_what_brings_it(
    tmp_path: Path, name: str, library: str, extra: str
) -> None:
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from wuxing_nlp.batch.tables import table_format\n"
        f"table_format({name!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert f"the library {library} is needed; pip install 'wuxing_nlp[{extra}]'" in done.stderr

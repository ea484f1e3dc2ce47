"""Excel workbooks, written by openpyxl and xlsxwriter; broken, locked and hostile ones are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.documents import Document, ReadOptions, Source, read_documents
from wuxing_nlp.documents.tables.sheets import MAX_CELLS
from wuxing_nlp.errors import DocumentError

TEXT = "窗口收了材料三个月没有下文，群众来问，只说“还在研究”。"
OTHER = "县里把断头路修通了，\n把拖欠的工钱要回来了。"

Rows = Sequence[Sequence[object]]


def _book(sheets: Mapping[str, Rows], hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return stream.getvalue()


def _read(data: bytes, **options: object) -> list[Document | DocumentError]:
    return list(read_documents(Source("t.xlsx", data=data), ReadOptions(**options)))  # type: ignore[arg-type]


def _texts(found: Sequence[Document | DocumentError]) -> list[str]:
    return [item.text if isinstance(item, Document) else "!" for item in found]


def test_rows_are_documents_and_values_are_shown_as_the_sheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["编号", "内容", "代码", "数", "日期", "时刻", "钟点", "是否", "算", "文字数"])
    sheet.write_number(1, 0, 7)
    sheet.write_string(1, 1, OTHER)
    sheet.write_string(1, 2, "007")
    sheet.write_number(1, 3, 1.5)
    sheet.write_datetime(1, 4, datetime(2024, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_datetime(
        1, 5, datetime(2024, 3, 5, 14, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    )
    sheet.write_datetime(1, 6, time(14, 30), book.add_format({"num_format": "hh:mm:ss"}))
    sheet.write_boolean(1, 7, True)
    sheet.write_formula(1, 8, "=1+1", None, 2)
    sheet.write_string(1, 9, "1.0")
    book.close()
    [document] = read_documents(path)
    assert isinstance(document, Document)
    assert document.name == f"{path.as_posix()}#7"
    assert document.text == OTHER
    assert document.encoding == ""
    assert list(document.fields.values()) == [
        "7", "007", "1.5", "2024-03-05", "2024-03-05T14:30:00", "14:30:00", "TRUE", "2", "1.0",
    ]  # fmt: skip
    assert document.metadata.date == "2024-03-05"


def test_na_and_dates_of_openpyxl() -> None:
    [document] = _read(_book({"S": [["内容", "a", "b", "c"], [TEXT, "NA", None, date(2024, 3, 5)]]}))
    assert isinstance(document, Document)
    assert dict(document.fields) == {"a": "NA", "b": "", "c": "2024-03-05"}


def test_rows_are_numbered_as_excel_numbers_them_and_blank_ones_are_none() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for place, value in {"C4": "内容", "D4": "x", "C6": TEXT, "C9": TEXT, "D7": " "}.items():
        sheet[place] = value
    book.save(stream := io.BytesIO())
    book.close()
    found = _read(stream.getvalue())
    assert [item.name for item in found] == ["t.xlsx#row 6", "t.xlsx#row 9"]


def test_nameless_columns_are_called_by_their_place_in_the_sheet() -> None:
    book = openpyxl.Workbook()
    for place, value in {"B1": "内容", "B2": TEXT, "C2": "a", "D1": "x", "D2": "b"}.items():
        book.worksheets[0][place] = value
    book.save(stream := io.BytesIO())
    book.close()
    [document] = _read(stream.getvalue())
    assert isinstance(document, Document)
    assert dict(document.fields) == {"column 3": "a", "x": "b"}


@pytest.mark.parametrize(
    "above",
    [
        [["青溪县2024年群众来信台账"]],
        [["青溪县2024年群众来信台账"], ["填报单位：县信访局", None, "2024年3月"]],
        [[None], ["台账"], []],
    ],
)
def test_a_title_may_stand_above_the_header(above: list[list[object]]) -> None:
    rows: Rows = [*above, ["编号", "来信内容", "乡镇"], ["甲", TEXT, "东乡"], ["乙", OTHER, "西乡"]]
    found = _read(_book({"S": rows}))
    assert _texts(found) == [TEXT, OTHER]
    assert [item.name for item in found] == ["t.xlsx#甲", "t.xlsx#乙"]
    named = _read(_book({"S": rows}), text_column="来信内容", id_column="乡镇")
    assert [item.name for item in named] == ["t.xlsx#东乡", "t.xlsx#西乡"]


def test_all_sheets_with_text_are_read_and_the_others_told() -> None:
    told: list[str] = []
    sheets: dict[str, Rows] = {
        "一月": [["id", "内容"], ["1", TEXT]],
        "人员": [["姓名", "数"], ["王启明", 3]],
        "空": [],
        "二月": [["内容", "id"], [OTHER, "1"]],
        "藏": [["内容"], [TEXT]],
    }
    found = _read(_book(sheets, hidden="藏"), notify=told.append)
    assert [item.name for item in found] == ["t.xlsx/一月#1", "t.xlsx/二月#1"]
    assert _texts(found) == [TEXT, OTHER]
    assert [line.split(":")[0] for line in told] == [
        f"t.xlsx/{name}" for name in ("一月", "二月", "人员", "空")
    ]
    assert "no column of Chinese text; its columns are '姓名', '数'" in told[2]


def test_a_workbook_without_text_names_what_each_sheet_has() -> None:
    [error] = _read(_book({"a": [["x", "y"], [1, 2]], "b": []}))
    assert "sheet 'a': no column of Chinese text; its columns are 'x', 'y'" in str(error)
    assert "sheet 'b': an empty sheet" in str(error)
    [error] = _read(_book({"a": [["内容", "y"], [TEXT, 2]]}), text_column="正文")
    assert str(error).startswith("t.xlsx: there is no column '正文'; its columns are '内容', 'y'")


def test_of_many_sheets_without_text_a_few_are_told() -> None:
    [error] = _read(_book({f"s{number}": [["x", "y"], [1, 2]] for number in range(40)}))
    assert "sheet 's2': no column of Chinese text" in str(error)
    assert "and 37 more)" in str(error)
    assert "'s3'" not in str(error)


def test_a_sheet_without_header_is_read_from_its_first_row() -> None:
    found = _read(_book({"S": [[TEXT], [OTHER]]}))
    assert _texts(found) == [TEXT, OTHER]
    assert [item.name for item in found] == ["t.xlsx#row 1", "t.xlsx#row 2"]


def test_rows_without_text_are_errors_in_their_places() -> None:
    found = _read(_book({"S": [["内容", "x"], [TEXT, 1], [None, 2], [TEXT, 3]]}))
    assert _texts(found) == [TEXT, "!", TEXT]
    assert found[1].name == "t.xlsx#row 3"


def test_a_chart_and_no_rows() -> None:
    book = xlsxwriter.Workbook(stream := io.BytesIO())
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=S!$A$1:$A$2"})
    sheet = book.add_chartsheet("图")
    sheet.set_chart(chart)
    book.add_worksheet("S").write(0, 0, 1)
    book.close()
    [error] = _read(stream.getvalue())
    assert isinstance(error, DocumentError)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(stream := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


@cache
def _shared() -> tuple[dict[str, bytes], str]:
    """The parts of a workbook with a table of one long shared string, and the name of its sheet."""
    book = xlsxwriter.Workbook(stream := io.BytesIO())
    book.add_worksheet("S").write_column(0, 0, ["内容", TEXT * 400])
    book.close()
    return _parts(stream.getvalue()), "xl/worksheets/sheet1.xml"


def _with_sheet(rows: str) -> bytes:
    parts, sheet = _shared()
    head, _, rest = parts[sheet].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    return _packed(parts | {sheet: head + b"<sheetData>" + rows.encode() + b"</sheetData>" + tail})


def test_the_way_of_making_hostile_sheets_makes_a_sound_one() -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c t="s"><v>1</v></c></row>'
    assert _texts(_read(_with_sheet(rows))) == [TEXT * 400]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
        '<row><c><v>1</v></c></row><row r="999999"><c r="XFD999999" t="inlineStr"><is/></c></row>',
        "<row>" + "<c><v>1</v></c>" * 4000 + "</row>" + "<row><c><v>1</v></c></row>" * 4000,
        '<row><c a=">" r="ZZ1"><v>1</v></c><c r="A999999"><v>1</v></c></row>',
    ],
)
def test_a_sheet_whose_grid_would_fill_the_memory_is_refused(rows: str) -> None:
    [error] = _read(_with_sheet(rows))
    assert f"the limit is {MAX_CELLS:,}" in str(error)


def test_one_long_string_used_very_often_is_refused() -> None:
    cells = "".join(f'<row><c t="s"><v>{number % 2}</v></c></row>' for number in range(20_000))
    [error] = _read(_with_sheet(cells))
    assert "characters, the limit is 100,000,000" in str(error)


def _bomb() -> bytes:
    return _packed(_parts(_book({"S": [["内容"]]})) | {"xl/media/a.bin": bytes(30_000_000)})


def _entities() -> bytes:
    parts, sheet = _shared()
    doctype = b'?><!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return _packed(parts | {sheet: parts[sheet].replace(b"?>", doctype, 1)})


@pytest.mark.parametrize(
    ("make", "seen"),
    [
        (lambda: b"", "empty (0 bytes)"),
        (lambda: b"PK\x03\x04 and nothing", "a broken workbook"),
        (lambda: _book({"S": [["内容"], [TEXT]]})[:-200], "a broken workbook"),
        (lambda: _packed({"a.txt": b"x"}), "a broken workbook"),
        (lambda: b"<html><table>", "no Excel workbook, whatever its suffix says"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel or WPS workbook"),
        (
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (_bomb, "as in a ZIP bomb"),
        (_entities, "a document type declaration"),
        (lambda: _with_sheet("<row><c></row>"), "a broken workbook"),
    ],
)
def test_what_is_no_sound_workbook_is_refused(make: Callable[[], bytes], seen: str) -> None:
    [error] = _read(make())
    assert isinstance(error, DocumentError)
    assert error.name == "t.xlsx"
    assert seen in str(error)


def test_every_truncation_is_an_error_or_a_table() -> None:
    data = _book({"S": [["内容"], [TEXT]]})
    for length in range(1, len(data), 97):
        assert [type(item) for item in _read(data[:length])] == [DocumentError]


@given(st.data())
def test_no_damage_ends_the_process_or_is_left_without_a_reason(data: st.DataObject) -> None:
    parts, _ = _shared()
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name]) - 1))
    put, cut = data.draw(st.binary(max_size=4)), data.draw(st.integers(0, 12))
    damaged = parts | {name: parts[name][:at] + put + parts[name][at + cut :]}
    for item in _read(_packed(damaged)):
        assert isinstance(item, Document) or "reader failed" not in item.seen


def test_a_workbook_over_the_limit_is_refused_unread() -> None:
    [error] = _read(_book({"S": [["内容"], [TEXT]]}), max_bytes=1000)
    assert "the limit is 1,000" in str(error)

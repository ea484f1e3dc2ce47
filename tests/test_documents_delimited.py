"""Delimited tables: whatever the csv module writes comes back; what is broken is named by its row."""

from __future__ import annotations

import csv
import io
import tracemalloc
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.documents import Document, ReadOptions, Source, read_documents
from wuxing_nlp.documents.source import one_line
from wuxing_nlp.errors import DocumentError

TEXT = "窗口收了材料三个月没有下文，群众来问，只说“还在研究”。"
OTHER = "县里把断头路修通了，\n把拖欠的工钱要回来了。"


def _read(data: bytes | Path, name: str = "t.csv", **options: object) -> list[Document | DocumentError]:
    source = Source(name, data=data) if isinstance(data, bytes) else Source.of(data)
    return list(read_documents(source, ReadOptions(**options)))  # type: ignore[arg-type]


def _written(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def _texts(found: Sequence[Document | DocumentError]) -> list[str]:
    return [item.text if isinstance(item, Document) else "!" for item in found]


_CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\t\n\r"), max_size=12
)


@st.composite
def _tables(draw: st.DrawFn) -> list[list[str]]:
    others = draw(st.lists(_CELLS, max_size=3))
    at = draw(st.integers(0, len(others)))
    header = [*others[:at], "正文", *others[at:]]
    texts = draw(st.lists(_CELLS, min_size=1, max_size=5))
    return [header, *([*draw(_lists(at)), text, *draw(_lists(len(others) - at))] for text in texts)]


def _lists(size: int) -> st.SearchStrategy[list[str]]:
    return st.lists(_CELLS, min_size=size, max_size=size)


@given(_tables(), st.booleans())
def test_any_table_that_csv_writes_comes_back(table: list[list[str]], named: bool) -> None:
    place = table[0].index("正文")
    key = {"id_column": table[0][0]} if named and place and table[0][0].strip() else {}
    found = _read(_written(table).encode(), text_column="正文", **key)
    rows = [(number, row) for number, row in enumerate(table[1:], 2) if any(map(str.strip, row))]
    for item, (number, row) in zip(found, rows, strict=bool(rows)):
        if key:
            cell = one_line(row[0].strip())
            assert item.name == f"t.csv#{cell or f'row {number}'}"
        if isinstance(item, Document):
            assert item.text == row[place]
            assert list(item.fields.values()) == [*row[:place], *row[place + 1 :]]
            assert len(item.fields) == len(table[0]) - 1
        else:
            assert not any(unicodedata.category(character)[0] in "LNPS" for character in row[place])


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_delimiter_in_every_encoding(delimiter: str, codec: str) -> None:
    rows = [["id", "内容", "x"], ["a1", TEXT, "007"], ["a2", OTHER + "a,b;c|d\te", "1.0"]]
    found = _read(_written(rows, delimiter).encode(codec))
    assert _texts(found) == [TEXT, OTHER + "a,b;c|d\te"]
    assert [item.name for item in found] == ["t.csv#a1", "t.csv#a2"]
    assert isinstance(found[0], Document)
    assert dict(found[0].fields) == {"id": "a1", "x": "007"}
    assert found[0].encoding == codec


def test_traditional_text_in_big5() -> None:
    text = "政府會檢討發牌制度，把審批時間縮短，並於網上公開每宗個案的進度。"
    found = _read(_written([["編號", "內容"], ["1", text], ["2", text]]).encode("big5"))
    assert _texts(found) == [text, text]
    assert [item.name for item in found] == ["t.csv#1", "t.csv#2"]


def test_a_tsv_is_split_at_tabs_where_commas_would_do_too() -> None:
    data = f"a,b\t内容\n1,2\t{TEXT}\n".encode()
    assert _texts(_read(data, "t.tsv")) == [TEXT]
    assert _texts(_read(data, "t.TSV", text_column="内容")) == [TEXT]


def test_what_pandas_writes_survives_as_it_was_written(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "编号": ["007", "008"],
            "内容": [TEXT, OTHER],
            "空": ["NA", ""],
            "数": ["1.0", "123456789012345678901"],
        }
    )
    frame.to_csv(path := tmp_path / "t.csv", index=False, encoding="utf-8-sig")
    found = _read(path)
    assert [item.name for item in found] == [f"{path.as_posix()}#007", f"{path.as_posix()}#008"]
    assert [dict(item.fields) for item in found if isinstance(item, Document)] == [
        {"编号": "007", "空": "NA", "数": "1.0"},
        {"编号": "008", "空": "", "数": "123456789012345678901"},
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_and_rows_counted_as_a_person_does(end: str) -> None:
    data = end.join(["内容,x", f"{TEXT},1", "", ",", f'"两{end}行",2', ""]).encode()
    found = _read(data)
    assert _texts(found) == [TEXT, f"两{end}行"]
    assert [item.name for item in found] == ["t.csv#row 2", "t.csv#row 5"]


def test_duplicate_and_empty_headers() -> None:
    [document] = _read(f"内容,x,x,,内容\n{TEXT},1,2,3,4\n".encode())
    assert isinstance(document, Document)
    assert dict(document.fields) == {"x": "1", "x (2)": "2", "column 4": "3", "内容 (2)": "4"}


def test_a_list_of_sentences_without_header_or_quotes_is_read_line_by_line() -> None:
    lines = ["着力提升窗口服务水平, 年内见效。", "严肃问责不作为。", "修路 5 公里, 架桥 2 座。"]
    told: list[str] = []
    found = _read("\n".join(lines).encode(), notify=told.append)
    assert _texts(found) == lines
    assert [item.name for item in found] == [f"t.csv#row {number}" for number in (1, 2, 3)]
    assert "no header" in told[0]


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        (f"3,{TEXT}", "2 cells where the header names 3"),
        (f"3,{TEXT},1,2", "4 cells where the header names 3"),
        (f'3,"{TEXT}"尾,1', "not as a table is quoted"),
        (f'3,"{TEXT},1', "a quotation mark that is not closed; read on at the next line"),
        (f"3,{TEXT}\0,1", "NUL characters"),
        ("3,,1", "no text in column '内容'"),
    ],
)
def test_a_broken_row_is_named_and_the_others_are_read(row: str, seen: str) -> None:
    lines = ["id,内容,x", f"2,{TEXT},1", row, f"4,{TEXT},1", f'5,"{TEXT}",1', f"6,{TEXT},1"]
    found = _read("\n".join(lines).encode(), id_column="x")
    assert [type(item) is DocumentError for item in found] == [False, True, False, False, False]
    assert seen in str(found[1])
    named = _read("\n".join(lines).encode())
    assert [item.name for item in named if isinstance(item, Document)] == [f"t.csv#{n}" for n in (2, 4, 5, 6)]
    assert named[1].name in ("t.csv#row 3", "t.csv#3")


def test_more_cells_that_are_all_empty_do_no_harm() -> None:
    assert _texts(_read(f"内容,x,\n{TEXT},1\n{TEXT},1,,,\n".encode())) == [TEXT, TEXT]


def test_a_quotation_mark_open_to_the_end_loses_its_own_row_only() -> None:
    lines = ["内容,x", f'"{TEXT},1', *(f"{TEXT},{number}" for number in range(30))]
    found = _read("\n".join(lines).encode())
    assert _texts(found) == ["!", *[TEXT] * 30]
    assert found[-1].name == "t.csv#row 32"


def test_a_last_row_with_an_open_quotation_mark() -> None:
    found = _read(f'内容,x\n{TEXT},1\n"{TEXT},1'.encode())
    assert _texts(found) == [TEXT, "!"]
    assert "unexpected end of data" in str(found[1])


def test_a_text_over_the_limit_is_an_error_of_its_row(tmp_path: Path) -> None:
    long = "长" * 101
    found = _read(_written([["内容"], [TEXT], [long], ["长" * 100]]).encode(), max_characters=100)
    assert _texts(found) == [TEXT, "!", "长" * 100]
    assert "101 characters, the limit is 100" in str(found[1])


def test_a_line_of_fifty_megabytes_is_passed_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as stream:
        stream.write(f"内容,x\n{TEXT},1\n".encode())
        for _ in range(50):
            stream.write(b"a" * 1_000_000)
        stream.write(f",1\n{TEXT},2\n".encode())
    tracemalloc.start()
    found = _read(path, max_characters=100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert _texts(found) == [TEXT, "!", TEXT]
    assert "more than 1,200,000 characters in one row" in str(found[1])
    assert found[2].name.endswith("#row 4")
    assert peak < 25_000_000


def test_open_quotation_marks_in_many_rows_lose_those_rows_only() -> None:
    lines = ["内容,x", *(f'"{TEXT},{number}' if number % 3 == 0 else f"{TEXT},1" for number in range(300))]
    found = _read("\n".join(lines).encode())
    assert _texts(found) == ["!", TEXT, TEXT] * 100


def test_broken_bytes_are_an_error_of_their_row_wherever_they_are() -> None:
    good = f"{TEXT},1\n".encode() * 30
    for data in (good + b"\xe7\xaa,2\n" + good, good * 500 + b"ab\xff\xfe,2\n" + good):
        found = _read("内容,x\n".encode() + data)
        errors = [item for item in found if isinstance(item, DocumentError)]
        assert len(errors) == 1
        assert "bytes that are no utf-8" in str(errors[0])
        assert len(found) == data.count(b"\n")


def test_broken_bytes_in_gb18030() -> None:
    good = f"{TEXT},1\n".encode("gb18030") * 30
    found = _read("内容,x\n".encode("gb18030") + good + b"\xff\xff,2\n" + good)
    assert [type(item) for item in found].count(DocumentError) == 1
    assert _texts(found)[-1] == TEXT


def test_a_file_cut_inside_its_last_character() -> None:
    data = _written([["内容", "x"], [TEXT, "1"], ["1", TEXT]]).encode().rstrip()
    found = _read(data[:-1])
    assert _texts(found) == [TEXT, "!"]


def test_the_encoding_is_found_where_the_first_megabyte_ends_inside_a_character() -> None:
    for codec in ("utf-8", "gb18030", "utf-16-le"):
        for shift in range(4):
            data = (f"内容,x\n{'a' * shift},1\n" + f"{TEXT},1\n" * 30_000).encode(codec)
            found = read_documents(Source("t.csv", data=data))
            assert [item.text for item in (next(found), next(found)) if isinstance(item, Document)][-1] in (
                TEXT,
                "aaa",
            )


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"", "empty (0 bytes)"),
        (b"\n\n", "blank rows only"),
        ("内容,x\n".encode(), "no row with anything in it"),
        ("内容,x\n,\n".encode(), "no row with anything in it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "a PNG image"),
        (bytes(range(256)) * 40, "not plain text"),
        (b"PK\x03\x04" + bytes(range(256)), "a ZIP archive"),
        (b'"\xe5\x86\x85', "header cannot be read"),
        ("编号,数\n1,2\n".encode(), "no column of Chinese text; its columns are '编号', '数'"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data: bytes, seen: str) -> None:
    [error] = _read(data)
    assert isinstance(error, DocumentError)
    assert seen in str(error)
    assert error.name == "t.csv"


def test_a_missing_column_is_the_only_thing_said() -> None:
    [error] = _read(f"id,内容\n1,{TEXT}\n".encode(), text_column="全文")
    assert str(error).startswith("t.csv: there is no column '全文'; its columns are 'id', '内容'")


def test_the_limit_of_the_csv_module_is_not_lowered_for_others() -> None:
    assert csv.field_size_limit() >= 131_072
    assert len(next(csv.reader(["长" * 200_000]))[0]) == 200_000


def test_reading_may_be_left_early(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"内容\n{TEXT}\n{TEXT}\n", encoding="utf-8")
    documents = read_documents(path)
    next(documents)
    del documents
    path.unlink()


_SCRAPS = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xe5", "内容".encode(), TEXT.encode(), b";"]
)


@given(st.lists(_SCRAPS, max_size=40), st.sampled_from(["t.csv", "t.tsv", "t.jsonl"]))
def test_no_scraps_are_left_without_a_reason(scraps: list[bytes], name: str) -> None:
    for item in _read(b"".join(scraps), name, max_characters=200):
        assert isinstance(item, Document) or "reader failed" not in item.seen


def test_broken_bytes_in_the_header_cost_no_row() -> None:
    [document] = _read("内容,甲".encode() + b"\xe4\xb8,\0\n" + f"{TEXT},1,2\n".encode())
    assert isinstance(document, Document)
    assert document.fields == {"甲\ufffd": "1", "\ufffd": "2"}


def test_what_is_wrong_with_quotation_is_one_printable_line() -> None:
    found = _read(f'内容\tx\n{TEXT}\t1\n"甲"乙\t2\n'.encode(), name="t.tsv")
    assert str(found[1]).isprintable()
    assert "not as a table is quoted" in str(found[1])


def test_columns_without_a_name_at_the_end_are_few() -> None:
    [document] = _read(f"内容{',' * 500}\n{TEXT}\n".encode())
    assert isinstance(document, Document)
    assert len(document.fields) == 100

"""JSON lines: an object a line; a line that is none is named, and the others are read."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.documents import Document, ReadOptions, Source, read_documents
from wuxing_nlp.errors import DocumentError

TEXT = "窗口收了材料三个月没有下文，群众来问，只说“还在研究”。"


def _read(data: bytes | Path, **options: object) -> list[Document | DocumentError]:
    source = Source("t.jsonl", data=data) if isinstance(data, bytes) else Source.of(data)
    return list(read_documents(source, ReadOptions(**options)))  # type: ignore[arg-type]


def _line(**cells: object) -> str:
    return json.dumps({"内容": TEXT, **cells}, ensure_ascii=False)


def _failed(found: list[Document | DocumentError]) -> list[bool]:
    return [isinstance(item, DocumentError) for item in found]


_STRINGS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.dictionaries(_STRINGS, _STRINGS, max_size=4), min_size=1, max_size=5), st.booleans())
def test_any_objects_of_strings_come_back(rows: list[dict[str, str]], ascii_only: bool) -> None:
    rows = [{**row, "正文": f"修路{number}"} for number, row in enumerate(rows)]
    data = "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows).encode()
    found = _read(data, text_column="正文")
    for item, row in zip(found, rows, strict=True):
        assert isinstance(item, Document)
        assert item.text == row["正文"]
        assert list(item.fields.items()) == [(key, cell) for key, cell in row.items() if key != "正文"]


def test_values_of_every_type_as_they_were_written() -> None:
    line = (
        '{"id": 12345678901234567890, "内容": "' + TEXT + '", "a": 1.10, "b": 1e5, "c": null, "d": true, '
        '"e": "007", "f": {"甲": [1, 2.50]}, "g": "NA", "h": -0}'
    )
    [document] = _read(line.encode())
    assert isinstance(document, Document)
    assert document.name == "t.jsonl#12345678901234567890"
    assert list(document.fields.values()) == [
        "12345678901234567890", "1.10", "1e5", "", "true", "007", '{"甲": [1, 2.5]}', "NA", "0",
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_suffixes(tmp_path: Path, suffix: str, codec: str) -> None:
    path = tmp_path / f"t{suffix}"
    path.write_bytes((_line(编号="甲") + "\r\n\r\n" + _line(编号="乙")).encode(codec))
    found = _read(path)
    assert [item.name.rpartition("#")[2] for item in found] == ["甲", "乙"]
    assert all(isinstance(item, Document) and item.text == TEXT for item in found)


def test_what_pandas_writes(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    frame = pd.DataFrame({"内容": [TEXT, TEXT], "x": ["007", None]})
    frame.to_json(path, orient="records", lines=True, force_ascii=False)
    found = _read(path)
    assert [dict(item.fields) for item in found if isinstance(item, Document)] == [{"x": "007"}, {"x": ""}]
    assert [item.name.rpartition("#")[2] for item in found] == ["row 1", "row 2"]


def test_rows_may_have_different_keys() -> None:
    found = _read((_line(a=1) + "\n" + _line(b=2) + '\n{"a": 3}\n').encode())
    assert [dict(item.fields) for item in found if isinstance(item, Document)] == [{"a": "1"}, {"b": "2"}]
    assert "t.jsonl#row 3: no text in column '内容'" in str(found[2])


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ('{"内容": "x"', "no valid JSON (Expecting"),
        ("[1, 2]", "JSON, but no object (list)"),
        ('"' + TEXT + '"', "JSON, but no object"),
        ("[" * 100_000, "no valid JSON"),
        ('{"a": ' * 100_000, "no valid JSON"),
        ('{"内容": ' + "9" * 5000 + "}", "no valid JSON"),
        ('{"内容": "\\ud800 x"}', "half a surrogate pair"),
        ('{"\\udfff": 1}', "half a surrogate pair"),
        ("{}", "no text in column '内容'"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(line: str, seen: str) -> None:
    found = _read("\n".join([_line(), line, _line()]).encode())
    assert _failed(found) == [False, True, False]
    assert seen in str(found[1])
    assert found[1].name == "t.jsonl#row 2"
    assert len(str(found[1])) < 400


def test_broken_bytes_cost_one_line() -> None:
    good = (_line() + "\n").encode()
    found = _read(good * 9 + good[:-8] + b"\xff" + good[-8:] + good * 9)
    assert _failed(found) == [False] * 9 + [True] + [False] * 9
    assert "bytes that are no utf-8" in str(found[9])


def test_nul_bytes_cost_one_line() -> None:
    good = (_line() + "\n").encode()
    found = _read(good * 9 + b"\0\0\0\n" + good)
    assert _failed(found) == [False] * 9 + [True, False]


def test_a_line_of_fifty_megabytes_is_passed_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    with path.open("wb") as stream:
        stream.write(f'{_line()}\n{{"内容": "'.encode())
        for _ in range(50):
            stream.write(b"a" * 1_000_000)
        stream.write(f'"}}\n{_line()}\n'.encode())
    tracemalloc.start()
    found = _read(path, max_characters=100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert _failed(found) == [False, True, False]
    assert "more than 1,600,000 characters in one line" in str(found[1])
    assert found[2].name.endswith("#row 3")
    assert peak < 25_000_000


def test_the_longest_text_may_be_written_in_escapes() -> None:
    text = "长" * 400_000
    [document] = _read(json.dumps({"内容": text}).encode(), max_characters=400_000)
    assert isinstance(document, Document)
    assert document.text == text


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"", "empty (0 bytes)"),
        (b"\n \n", "no row with anything in it"),
        (json.dumps([{"内容": TEXT}], indent=1).encode(), "one JSON value over many lines"),
        (json.dumps({"内容": TEXT}, indent=1).encode(), "one JSON value over many lines"),
        (b"\x1f\x8b\x08\x00abc", "a gzip archive"),
        (b'{"a": 1}\n', "no column of Chinese text; its columns are 'a'"),
    ],
)
def test_a_file_that_holds_no_json_lines_is_refused(data: bytes, seen: str) -> None:
    [error] = _read(data)
    assert isinstance(error, DocumentError)
    assert error.name == "t.jsonl"
    assert seen in str(error)


def test_one_line_that_holds_a_whole_list_says_how_to_split_it() -> None:
    [error] = _read(json.dumps([{"内容": TEXT}]).encode())
    assert "no object" in str(error)
    assert "jq -c" in str(error)

"""The door for every format: which reader, and what is said where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wuxing_nlp.documents import (
    Document,
    ReadOptions,
    Source,
    format_of,
    read_document,
    read_documents,
    read_stream,
)
from wuxing_nlp.documents.formats import ARCHIVES, FORMATS, REFUSED, Format, suffixes
from wuxing_nlp.errors import DocumentError

TEXT = "青溪县2024年政府工作报告\r\n各位代表：\r\n县里把断头路修通了，把拖欠的工钱要回来了。\r\n"


def _write(path: Path, text: str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.md", "a.text", "工作报告.v2.Txt"])
def test_plain_suffixes_are_read_in_any_case(tmp_path: Path, name: str) -> None:
    path = _write(tmp_path / name)
    document = read_document(path)
    assert (document.name, document.text, document.encoding) == (path.as_posix(), TEXT, "utf-8")
    assert document.title == "青溪县2024年政府工作报告"
    assert dict(document.fields) == {}
    assert read_document(str(path)) == document
    assert list(read_documents(path)) == list(read_documents(str(path))) == [document]
    assert list(read_documents(Source.of(path))) == [document]


def test_the_name_is_relative_to_the_root_where_the_file_lies_in_it(tmp_path: Path) -> None:
    path = _write(tmp_path / "2024" / "report.txt")
    assert read_document(path, root=tmp_path).name == "2024/report.txt"
    assert read_document(path, root=tmp_path / "2023").name == path.as_posix()


@pytest.mark.parametrize("suffix", sorted(REFUSED))
def test_a_format_that_is_not_read_says_what_to_do(tmp_path: Path, suffix: str) -> None:
    path = _write(tmp_path / f"report{suffix.upper()}")
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    error = caught.value
    assert (error.name, error.seen) == (path.as_posix(), f"the format {suffix} is not read")
    assert error.advice == REFUSED[suffix]
    assert [str(found) for found in read_documents(path)] == [str(error)]


@pytest.mark.parametrize(
    ("name", "seen"),
    [("photo.heic", "the format .heic is not read"), ("README", "a name without a suffix tells no format")],
)
def test_an_unknown_suffix_is_refused(tmp_path: Path, name: str, seen: str) -> None:
    with pytest.raises(DocumentError, match=f"{name}: {seen}.*read are {suffixes()}"):
        read_document(_write(tmp_path / name))


def test_no_suffix_is_read_and_refused_at_once() -> None:
    assert not set(FORMATS) & set(REFUSED)
    assert not ARCHIVES & {*FORMATS, *REFUSED}


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_every_format_has_a_reader(suffix: str) -> None:
    assert callable(format_of(Source(f"a{suffix}")).reader("a"))


def test_a_missing_library_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "wuxing_nlp.documents.tables.parquet", raising=False)
    [error] = read_documents(Source("a.parquet", data=b"x"))
    assert isinstance(error, DocumentError)
    assert error.seen == "to read a Parquet file the library pyarrow is needed"
    assert error.advice == "pip install 'wuxing_nlp[parquet]'"


def test_a_table_and_an_archive_are_no_single_document(tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet", "a.zip"):
        with pytest.raises(DocumentError, match=f"{name}: a file of many documents; use read_documents"):
            read_document(_write(tmp_path / name))
    found = list(read_documents(_write(tmp_path / "b.csv", "id,内容\n1,路修通了。\n2,\n3,桥架好了。\n")))
    assert [type(item) for item in found] == [Document, DocumentError, Document]


def test_options_reach_the_reader(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt")
    [error] = read_documents(path, ReadOptions(max_characters=10))
    assert "the limit is 10" in str(error)


def test_a_failure_that_nobody_foresaw_is_an_error_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(source: Source, options: ReadOptions) -> Iterator[Document]:
        yield Document("first", "text")
        raise ZeroDivisionError("in a library\nof \x1b[1mothers")

    monkeypatch.setattr(Format, "reader", lambda *_: failing)
    first, error = read_documents(_write(tmp_path / "a.txt"))
    assert first.name == "first"
    assert "its reader failed (ZeroDivisionError: in a library of \ufffd[1mothers)" in str(error)


def test_what_is_missing_is_called_missing_whatever_its_suffix(tmp_path: Path) -> None:
    for name in ("gone.txt", "gone.docx", "gone", "gone.zip", "gone.doc"):
        with pytest.raises(DocumentError, match=f"{name}: there is no such file"):
            read_document(tmp_path / name)
    with pytest.raises(DocumentError, match="a folder, not a document"):
        read_document(tmp_path)


def test_the_size_limit_reaches_the_reader(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt")
    with pytest.raises(DocumentError, match="the limit is 10;"):
        read_document(path, max_bytes=10)


def test_a_stream_is_a_document_without_a_path() -> None:
    document = read_stream(TEXT.encode("gb18030"))
    assert (document.name, document.text, document.encoding) == ("-", TEXT, "gb18030")
    assert document.title == "青溪县2024年政府工作报告"
    assert list(read_documents(Source("-", data=TEXT.encode("gb18030")))) == [document]


def test_a_stream_is_refused_under_its_name() -> None:
    with pytest.raises(DocumentError, match=r"^-: empty"):
        read_stream(b"")
    with pytest.raises(DocumentError, match=r"^upload: holds white space only"):
        read_stream(b" \n", "upload")
    with pytest.raises(DocumentError, match=r"^-: 6 bytes, the limit is 5"):
        read_stream(b"abcdef", max_bytes=5)
    with pytest.raises(DocumentError, match=r"^upload: a gzip archive"):
        read_stream(b"\x1f\x8b\x08\x00", "upload")

"""The door for every format, and the way from folders to documents."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wuxing_nlp.documents import Document, find_documents, read_document, read_stream
from wuxing_nlp.errors import DocumentError

TEXT = "青溪县2024年政府工作报告\r\n各位代表：\r\n县里把断头路修通了，把拖欠的工钱要回来了。\r\n"


def _write(path: Path, text: str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.md", "a.text", "工作报告.v2.Txt"])
def test_plain_suffixes_are_read_in_any_case(tmp_path: Path, name: str) -> None:
    path = _write(tmp_path / name)
    expected = Document(path.as_posix(), TEXT, "青溪县2024年政府工作报告", "utf-8", path)
    assert read_document(path) == expected
    assert read_document(str(path)) == expected


def test_the_name_is_relative_to_the_root_where_the_file_lies_in_it(tmp_path: Path) -> None:
    path = _write(tmp_path / "2024" / "report.txt")
    assert read_document(path, root=tmp_path).name == "2024/report.txt"
    assert read_document(path, root=tmp_path / "2023").name == path.as_posix()


@pytest.mark.parametrize("suffix", [".doc", ".docx", ".PDF", ".html", ".xlsx", ".wps"])
def test_a_format_without_a_reader_says_so_and_what_to_do(tmp_path: Path, suffix: str) -> None:
    path = _write(tmp_path / f"report{suffix}")
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    message = str(caught.value)
    assert f"{path.as_posix()}: the format {suffix.lower()} is not read yet" in message
    assert ".md, .text, .txt" in message
    assert "save the document as .txt (UTF-8)" in message


@pytest.mark.parametrize(
    ("name", "seen"), [("photo.heic", "no reader for '.heic'"), ("README", "no reader for ''")]
)
def test_an_unknown_suffix_is_refused(tmp_path: Path, name: str, seen: str) -> None:
    with pytest.raises(DocumentError, match=f"{name}: {seen}"):
        read_document(_write(tmp_path / name))


def test_what_is_missing_is_called_missing_whatever_its_suffix(tmp_path: Path) -> None:
    for name in ("gone.txt", "gone.docx", "gone"):
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
    assert document == Document("-", TEXT, "青溪县2024年政府工作报告", "gb18030", None)


def test_a_stream_is_refused_under_its_name() -> None:
    with pytest.raises(DocumentError, match=r"^-: empty"):
        read_stream(b"")
    with pytest.raises(DocumentError, match=r"^upload: holds white space only"):
        read_stream(b" \n", "upload")
    with pytest.raises(DocumentError, match=r"^-: 6 bytes, the limit is 5"):
        read_stream(b"abcdef", max_bytes=5)
    with pytest.raises(DocumentError, match=r"^upload: a gzip archive"):
        read_stream(b"\x1f\x8b\x08\x00", "upload")


def test_folders_are_searched_sorted_without_hidden_and_unreadable_formats(tmp_path: Path) -> None:
    wanted = [_write(tmp_path / name) for name in ("a.txt", "b/1.md", "b/c/2.TXT", "d.text")]
    for name in (".hidden.txt", ".git/e.txt", "b/.cache/f.txt", "b/photo.png", "notes.docx"):
        _write(tmp_path / name)
    assert find_documents([tmp_path]) == wanted
    assert find_documents([str(tmp_path)]) == wanted


def test_files_stay_as_given_and_in_their_order(tmp_path: Path) -> None:
    given = [_write(tmp_path / name) for name in ("z.txt", "a.docx", ".hidden.txt")]
    given.insert(1, tmp_path / "gone.txt")
    assert find_documents(given) == given


def test_the_same_file_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(tmp_path / "b" / "a.txt")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.txt").symlink_to(path)
    assert find_documents(["b/a.txt", path, tmp_path, "b/../b/a.txt", "link.txt"]) == [Path("b/a.txt")]
    assert find_documents(["gone.txt", "gone.txt"]) == [Path("gone.txt")]


def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    inside = _write(tmp_path / "given" / "a.txt")
    _write(tmp_path / "elsewhere" / "b.txt")
    (tmp_path / "given" / "circle").symlink_to(tmp_path / "given")
    (tmp_path / "given" / "other").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path)
    assert find_documents([tmp_path / "given"]) == [inside, tmp_path / "given" / "other" / "b.txt"]


def test_a_link_to_itself_and_a_dead_link_are_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "dead.txt").symlink_to(tmp_path / "gone.txt")
    found = find_documents([tmp_path])
    assert found == [tmp_path / "dead.txt", tmp_path / "self.txt"]
    for path in found:
        with pytest.raises(DocumentError, match=path.name):
            read_document(path)


def test_a_folder_without_documents_says_what_is_read(tmp_path: Path) -> None:
    _write(tmp_path / "reports" / "a.pdf")
    with pytest.raises(DocumentError, match=r"reports: no document .*\.md, \.text, \.txt"):
        find_documents([tmp_path / "reports"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_left_to_the_reader(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert find_documents([tmp_path]) == [path, closed]
    with pytest.raises(DocumentError, match="closed: permission denied"):
        read_document(closed)
    closed.chmod(0o700)

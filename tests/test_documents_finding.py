"""From paths to documents: folders, archives, links, patterns."""

from __future__ import annotations

import io
import os
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from wuxing_nlp.documents import Found, Source, find_sources, read_documents
from wuxing_nlp.errors import DocumentError

TEXT = "县里把断头路修通了，把拖欠的工钱要回来了。\n"


def _write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT, encoding="utf-8")
    return path


def _zip(*names: str, **archives: bytes) -> bytes:
    with zipfile.ZipFile(stream := io.BytesIO(), "w") as archive:
        for name in names:
            archive.writestr(name, TEXT)
        for name, data in archives.items():
            archive.writestr(f"{name}.zip", data)
    return stream.getvalue()


def _paths(found: Found) -> list[Path | None]:
    assert found.failures == []
    return [source.path for source in found.sources]


def _names(found: Found, root: Path) -> list[str]:
    return [source.name.removeprefix(f"{root.as_posix()}/") for source in found.sources]


def test_the_folder_of_results_is_not_looked_into(tmp_path: Path) -> None:
    for name in ("a.txt", "out/units.csv", "out/deeper/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = find_sources([tmp_path], leave_out=tmp_path / "b" / ".." / "out")
    assert [source.path for source in found.sources] == [tmp_path / "a.txt"]
    assert len(find_sources([tmp_path], leave_out=tmp_path / "elsewhere").sources) == 3


def test_folders_are_searched_sorted_without_hidden_files_and_what_is_no_document(
    tmp_path: Path,
) -> None:
    wanted = [_write(tmp_path / name) for name in ("a.txt", "b/1.md", "b/c/2.TXT", "d.docx", "e.wps")]
    for name in (".hidden.txt", ".git/e.txt", "b/.cache/f.txt", "b/photo.png", "b/~$a.docx", "c/x.PNG"):
        _write(tmp_path / name)
    found = find_sources([tmp_path])
    assert _paths(found) == wanted
    assert _paths(find_sources([str(tmp_path)])) == wanted
    assert found.skipped == Counter({".png": 2})


def test_files_stay_as_given_and_in_their_order(tmp_path: Path) -> None:
    given = [_write(tmp_path / name) for name in ("z.txt", "a.heic", ".hidden.txt")]
    given.insert(1, tmp_path / "gone.txt")
    assert _paths(find_sources(given)) == given
    assert _paths(find_sources(given, include=["*.md"], exclude=["*"])) == given


def test_a_source_is_taken_as_it_is(tmp_path: Path) -> None:
    stream = Source("-", data=TEXT.encode())
    path = _write(tmp_path / "a.txt")
    assert find_sources([stream, path, stream]).sources == [stream, Source.of(path), stream]


def test_the_same_file_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(tmp_path / "b" / "a.txt")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.txt").symlink_to(path)
    found = find_sources(["b/a.txt", path, tmp_path, "b/../b/a.txt", "link.txt"])
    assert _paths(found) == [Path("b/a.txt")]
    assert _paths(find_sources(["gone.txt", "gone.txt"])) == [Path("gone.txt")]
    assert [source.name for source in find_sources(["."]).sources] == ["b/a.txt"]


def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    inside = _write(tmp_path / "given" / "a.txt")
    _write(tmp_path / "elsewhere" / "b.txt")
    (tmp_path / "given" / "circle").symlink_to(tmp_path / "given")
    (tmp_path / "given" / "other").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path)
    assert _paths(find_sources([tmp_path / "given"])) == [inside, tmp_path / "given" / "other" / "b.txt"]


def test_a_link_to_itself_and_a_dead_link_are_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "dead.txt").symlink_to(tmp_path / "gone.txt")
    found = find_sources([tmp_path])
    assert _paths(found) == [tmp_path / "dead.txt", tmp_path / "self.txt"]
    for source in found.sources:
        [error] = read_documents(source)
        assert isinstance(error, DocumentError)
        assert error.name == source.name


def test_a_folder_without_documents_says_what_is_read_and_stops_no_other(tmp_path: Path) -> None:
    _write(tmp_path / "photos" / "a.png")
    path = _write(tmp_path / "reports" / "a.txt")
    found = find_sources([tmp_path / "photos", tmp_path / "reports"])
    [error] = found.failures
    assert "photos: no document in this folder or below" in str(error)
    assert ".docx" in str(error)
    assert [source.path for source in found.sources] == [path]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_left_to_the_reader(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    found = find_sources([tmp_path])
    assert _paths(found) == [path, closed]
    [error] = read_documents(found.sources[1])
    assert "permission denied" in str(error)
    closed.chmod(0o700)


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        ({"include": ["*.txt"]}, ["2023/a.txt", "2024/a.txt", "z.zip/2024/c.txt", "z.zip/d.txt"]),
        ({"include": ["2024/*"]}, ["2024/a.txt", "2024/b.md"]),
        ({"include": ["*2024/*"], "exclude": ["*.md"]}, ["2024/a.txt", "z.zip/2024/c.txt"]),
        ({"exclude": ["2023/*", "z.zip"]}, ["2024/a.txt", "2024/b.md"]),
        ({"exclude": ["z.zip/2024/*", "a.txt"]}, ["2024/b.md", "z.zip/d.txt"]),
    ],
)
def test_patterns_fit_names_and_paths_below_the_folder(
    tmp_path: Path, patterns: Mapping[str, list[str]], names: list[str]
) -> None:
    for name in ("2023/a.txt", "2024/a.txt", "2024/b.md"):
        _write(tmp_path / name)
    (tmp_path / "z.zip").write_bytes(_zip("2024/c.txt", "d.txt"))
    assert _names(find_sources([tmp_path], **patterns), tmp_path) == names


def test_patterns_fit_paths_below_an_archive_that_is_given(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(_zip("2024/c.txt", "d.txt"))
    assert _names(find_sources([tmp_path / "z.zip"], include=["2024/*"]), tmp_path) == ["z.zip/2024/c.txt"]


def test_archives_give_what_is_in_them_and_in_archives_within(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(_zip("b.txt", "a.png", old=_zip("x.md", "~$x.docx")))
    _write(tmp_path / "zz.txt")
    found = find_sources([tmp_path])
    assert _names(found, tmp_path) == ["z.zip/b.txt", "z.zip/old.zip/x.md", "zz.txt"]
    assert found.failures == []
    assert found.skipped == Counter({".png": 1})
    for source in found.sources:
        [document] = read_documents(source)
        assert document.name == source.name
        assert not isinstance(document, DocumentError)


def test_a_broken_archive_and_broken_entries_are_failures_and_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no archive")
    data = bytearray(_zip("a.txt", "b.txt", "c.png"))
    for name in (b"a.txt", b"c.png"):
        data[data.rindex(name) - 46 + 8] |= 1  # encrypted
    (tmp_path / "b.zip").write_bytes(data)
    found = find_sources([tmp_path])
    assert _names(found, tmp_path) == ["b.zip/b.txt"]
    assert [error.name.removeprefix(f"{tmp_path.as_posix()}/") for error in found.failures] == [
        "a.zip",
        "b.zip/a.txt",
    ]
    assert found.skipped == Counter({".png": 1})


def test_an_archive_that_is_given_and_holds_no_document_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(_zip("a.png"))
    [error] = find_sources([tmp_path / "z.zip"]).failures
    assert "z.zip: no document in this archive" in str(error)
    _write(tmp_path / "a.txt")
    assert find_sources([tmp_path]).failures == []
    [error] = find_sources([tmp_path / "gone.zip"]).failures
    assert "there is no such file" in str(error)

"""Files that are whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.atomic import atomic_file, check_unfilled, sweep, write_file
from wuxing_nlp.errors import OutputError


@given(chunks=st.lists(st.binary(max_size=50)))
def test_the_file_holds_the_chunks(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("atomic") / "file"
    write_file(path, chunks)
    assert path.read_bytes() == b"".join(chunks)
    assert list(path.parent.iterdir()) == [path]


def test_missing_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.txt"
    write_file(path, [b"x"])
    assert path.read_bytes() == b"x"


def test_the_old_file_stands_until_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with atomic_file(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_an_error_in_the_block_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def broken() -> None:
        with atomic_file(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(type(error)):
        broken()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_chunks_that_break_off_leave_no_file(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_file(tmp_path / "file", chunks())
    assert list(tmp_path.iterdir()) == []


def test_two_writers_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with atomic_file(path) as first, atomic_file(path) as second:
        first.write(b"first")
        second.write(b"second")
    # The inner block ended first, the outer one last.
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(OutputError, match=r"file/new\.txt cannot be written: \w+"):
        write_file(tmp_path / "file" / "new.txt", [b"x"])
    assert (tmp_path / "file").read_bytes() == b"old"


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="folder cannot be written: Is a directory"):
        write_file(tmp_path / "folder", [b"x"])
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_only_what_was_left_half_written_is_swept(tmp_path: Path) -> None:
    kept = ["units.csv", ".hidden.part", "a.0123abcd.part", ".a.0123abcd.partial"]
    for name in (*kept, ".units.csv.0123abcd.part"):
        (tmp_path / name).write_bytes(b"x")
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    sweep(tmp_path / "gone")


def test_a_file_that_was_filled_in_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    check_unfilled(path, b"empty")
    path.write_bytes(b"empty")
    check_unfilled(path, b"empty")
    path.write_bytes(b"filled")
    with pytest.raises(OutputError, match="may hold codings"):
        check_unfilled(path, b"empty")
    with pytest.raises(OutputError, match="cannot be read"):
        check_unfilled(tmp_path, b"empty")

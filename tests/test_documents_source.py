"""Sources: files, members of archives, streams; what cannot be opened is refused with the reason."""

from __future__ import annotations

import gc
import io
import os
import pickle
import subprocess
import sys
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from wuxing_nlp.documents import Source
from wuxing_nlp.errors import DocumentError

TEXT = "县里把断头路修通了，把拖欠的工钱要回来了。".encode()


def _zip(path: Path | io.BytesIO, members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def _member(path: Path, *numbers: int) -> Source:
    return Source(f"{path.name}/member", path, numbers)


def test_a_file_a_stream_and_a_member_give_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    _zip(tmp_path / "a.zip", {"b.txt": b"x", "a.txt": TEXT})
    for source in (Source.of(tmp_path / "a.txt"), Source("-", data=TEXT), _member(tmp_path / "a.zip", 1)):
        source.check()
        assert source.size() == len(TEXT)
        assert source.read(1000) == TEXT
        with source.open() as stream:
            assert stream.seek(3) == 3
            assert stream.read() == TEXT[3:]


def test_the_suffix_is_that_of_the_name() -> None:
    assert Source("a.zip/b.TXT").suffix == ".txt"
    assert Source.of("x/README").suffix == ""


def test_members_of_nested_archives(tmp_path: Path) -> None:
    inner = io.BytesIO()
    _zip(inner, {"a.txt": TEXT})
    middle = io.BytesIO()
    _zip(middle, {"x": b"", "inner.zip": inner.getvalue()})
    _zip(tmp_path / "a.zip", {"middle.zip": middle.getvalue()})
    assert _member(tmp_path / "a.zip", 0, 1, 0).read(1000) == TEXT


def test_members_of_an_archive_that_is_no_file(tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    _zip(inner, {"a.txt": TEXT})
    _zip(outer, {"x": b"", "inner.zip": inner.getvalue()})
    source = Source("upload.zip/inner.zip/a.txt", members=(1, 0), data=outer.getvalue())
    assert source.read(1000) == TEXT
    assert source.size() == len(TEXT)
    with pytest.raises(DocumentError, match=r"^upload\.zip/x: cannot be unpacked"):
        Source("upload.zip/x", members=(0, 0), data=outer.getvalue()).open()


def test_a_large_nested_archive_is_closed_when_it_is_let_go(tmp_path: Path) -> None:
    inner = io.BytesIO()
    _zip(inner, {"noise": os.urandom(9_000_000), "a.txt": TEXT}, zipfile.ZIP_STORED)
    for name in ("a", "b", "c", "d"):
        _zip(tmp_path / f"{name}.zip", {"inner.zip": inner.getvalue()}, zipfile.ZIP_STORED)
        assert _member(tmp_path / f"{name}.zip", 0, 1).read(1000) == TEXT
    gc.collect()  # a stream left open would warn here, and warnings are errors


def test_an_archive_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for text in (TEXT, TEXT * 2, TEXT * 3):
        _zip(path, {"a.txt": text})
        assert _member(path, 0).read(1000) == text
    path.unlink()
    with pytest.raises(DocumentError, match="there is no such file"):
        _member(path, 0).open()


def test_a_member_that_is_no_longer_there_is_refused(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"a.txt": TEXT})
    for ask in (Source.open, Source.size):
        with pytest.raises(DocumentError, match="cannot be unpacked"):
            ask(_member(tmp_path / "a.zip", 5))


def test_every_member_of_ten_thousand_is_opened_from_one_table_of_contents(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    _zip(path, {f"{number}.txt": str(number).encode() for number in range(10_000)}, zipfile.ZIP_STORED)
    for number in range(10_000):
        assert _member(path, number).read(10) == str(number).encode()


def test_threads_read_members_of_one_archive_together(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        _zip(tmp_path / f"{name}.zip", {str(number): str(number).encode() * 999 for number in range(50)})
    wrong: list[int] = []

    def read(seed: int) -> None:
        for number in range(150):
            source = _member(tmp_path / f"{'abc'[(number + seed) % 3]}.zip", number % 50)
            if source.read(10_000) != str(number % 50).encode() * 999:
                wrong.append(number)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_does_not_move_its_parents_place_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    _zip(path, {str(number): os.urandom(100_000) for number in range(30)})
    expected = [_member(path, number).read(200_000) for number in range(30)]
    script = f"""
import os, sys
from pathlib import Path
from wuxing_nlp.documents import Source
sources = [Source("m", Path({str(path)!r}), (number,)) for number in range(30)]
first = [source.read(200_000) for source in sources]
child = os.fork()
same = all([source.read(200_000) for source in sources] == first for _ in range(20))
if child == 0:
    os._exit(not same)
sys.exit(not same or os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert subprocess.run([sys.executable, "-W", "error", "-c", script], check=False).returncode == 0
    assert [_member(path, number).read(200_000) for number in range(30)] == expected


def test_a_source_travels_to_another_process(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"a.txt": TEXT})
    source = _member(tmp_path / "a.zip", 0)
    assert source.read(1000) == TEXT
    assert pickle.loads(pickle.dumps(source)) == source
    script = "import pickle, sys; sys.stdout.buffer.write(pickle.load(sys.stdin.buffer).read(1000))"
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        input=pickle.dumps(source),
        capture_output=True,
        check=True,
    )
    assert result.stdout == TEXT
    assert result.stderr == b""


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_damaged_bytes_of_a_member_are_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    _zip(path, {"a.txt": os.urandom(3000), "b.txt": TEXT}, method)
    data = bytearray(path.read_bytes())
    data[300:400] = bytes(byte ^ 0xFF for byte in data[300:400])
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=r"^a\.zip/member: cannot be unpacked"):
        _member(path, 0).open()
    assert _member(path, 1).read(1000) == TEXT


def test_an_encrypted_member_and_no_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    _zip(path, {"a.txt": TEXT})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(DocumentError, match="encrypted"):
        _member(path, 0).open()
    path.write_bytes(b"no archive")
    with pytest.raises(DocumentError, match="cannot be unpacked"):
        _member(path, 0).open()


def test_reading_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"a.txt": b"x" * 1001, "empty.txt": b""})
    with pytest.raises(DocumentError, match=r"1,001 bytes, the limit is 1,000"):
        _member(tmp_path / "a.zip", 0).read(1000)
    with pytest.raises(DocumentError, match=r"empty \(0 bytes\)"):
        _member(tmp_path / "a.zip", 1).read(1000)

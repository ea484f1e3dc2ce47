"""Archives: names in every encoding, nothing hidden, and what is hostile or broken is explained."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.documents import Source, read_documents
from wuxing_nlp.documents.archives.directory import MAX_ENTRIES
from wuxing_nlp.documents.archives.entries import MAX_DEPTH, entries
from wuxing_nlp.errors import DocumentError

TEXT = "县里把断头路修通了，把拖欠的工钱要回来了。".encode()


def _zip(members: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(stream := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return stream.getvalue()


def _raw(*names: bytes) -> bytes:
    """An archive whose names are these bytes, without the flag for UTF-8, as old packers write it."""
    with zipfile.ZipFile(stream := io.BytesIO(), "w") as target:
        for number, _ in enumerate(names):
            target.writestr(f"{number:04}".ljust(len(names[number]), "x"), TEXT)
    data = stream.getvalue()
    for number, name in enumerate(names):
        data = data.replace(f"{number:04}".ljust(len(name), "x").encode(), name)
    return data


def _entries(path: Path, data: bytes) -> list[Source | DocumentError]:
    path.write_bytes(data)
    return list(entries(Source("a.zip", path)))


def _names(found: list[Source | DocumentError]) -> list[str]:
    return [entry.name for entry in found]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.zip"


def test_entries_are_sorted_sources_that_can_be_read(path: Path) -> None:
    found = _entries(path, _zip({"b/2.txt": TEXT + b"2", "a.txt": TEXT, "b/": b"", "b/1.txt": TEXT + b"1"}))
    assert _names(found) == ["a.zip/a.txt", "a.zip/b/1.txt", "a.zip/b/2.txt"]
    assert [entry.read(1000) for entry in found if isinstance(entry, Source)] == [
        TEXT,
        TEXT + b"1",
        TEXT + b"2",
    ]
    [document] = read_documents(found[0] if isinstance(found[0], Source) else "")
    assert document.name == "a.zip/a.txt"


def test_what_systems_leave_behind_is_left_out(path: Path) -> None:
    rubbish = (
        "__MACOSX/._a.txt",
        ".hidden.txt",
        ".git/a.txt",
        "b/~$a.docx",
        "b/.DS_Store",
        "x/__MACOSX/y.txt",
    )
    assert _names(_entries(path, _zip(dict.fromkeys((*rubbish, "a.txt"), TEXT)))) == ["a.zip/a.txt"]


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "big5"])
def test_names_without_the_flag_are_read_in_the_encoding_of_their_maker(path: Path, codec: str) -> None:
    names = ["工作报告/縣府.txt", "工作报告/通知.txt"] if codec == "utf-8" else ["通知.txt", "工作方案.txt"]
    names = ["縣政府工作報告.txt", "通知.txt"] if codec == "big5" else names
    found = _entries(path, _raw(*(name.encode(codec) for name in names)))
    assert sorted(_names(found)) == sorted(f"a.zip/{name}" for name in names)
    assert all(isinstance(entry, Source) and entry.read(1000) == TEXT for entry in found)


def test_one_encoding_is_found_for_all_names_even_where_one_of_them_is_short(path: Path) -> None:
    names = ["县.txt", "关于清理积压办件的通知.txt", "青溪县人民政府工作报告.txt"]
    found = _entries(path, _raw(*(name.encode("gbk") for name in names)))
    assert sorted(_names(found)) == sorted(f"a.zip/{name}" for name in names)


def test_western_names_of_old_packers_stay(path: Path) -> None:
    assert _names(_entries(path, _raw("café.txt".encode("cp437")))) == ["a.zip/café.txt"]


def test_names_with_the_flag_are_as_they_say(path: Path) -> None:
    assert _names(_entries(path, _zip({"通知.txt": TEXT}))) == ["a.zip/通知.txt"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/a.txt", "a.zip/_/_/etc/a.txt"),
        ("/etc/a.txt", "a.zip/etc/a.txt"),
        ("C:\\x\\a.txt", "a.zip/C:/x/a.txt"),
        ("报告\\a.txt", "a.zip/报告/a.txt"),
        ("./a.txt", "a.zip/a.txt"),
        ("a\nb.txt", "a.zip/a\ufffdb.txt"),
    ],
)
def test_names_that_point_outwards_are_shown_without_that(path: Path, name: str, shown: str) -> None:
    [entry] = _entries(path, _zip({name: TEXT}))
    assert entry.name == shown
    assert isinstance(entry, Source)
    assert entry.read(1000) == TEXT


def test_of_two_entries_with_one_name_the_last_counts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("a.txt", b"old")
        with pytest.warns(UserWarning, match="Duplicate name"):
            target.writestr("a.txt", TEXT)
    [entry] = entries(Source("a.zip", path))
    assert isinstance(entry, Source)
    assert entry.read(1000) == TEXT


def test_archives_in_archives_are_opened_to_a_depth(path: Path) -> None:
    data = TEXT
    for depth in range(MAX_DEPTH + 1):
        data = _zip({f"{depth}.txt": TEXT, "in.zip": data} if depth else {"0.txt": data})
    found = _entries(path, data)
    assert _names(found) == [
        "a.zip/3.txt",
        "a.zip/in.zip/2.txt",
        "a.zip/in.zip/in.zip/1.txt",
        "a.zip/in.zip/in.zip/in.zip",
    ]
    assert isinstance(found[-1], DocumentError)
    assert "more than 3 deep" in str(found[-1])
    assert isinstance(found[2], Source)
    assert found[2].read(1000) == TEXT


def _with_flag(data: bytes, flag: int) -> bytes:
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(signature) + offset] |= flag
    return bytes(changed)


def _with_declared(data: bytes, size: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<L", changed, changed.index(b"PK\x01\x02") + 24, size)
    return bytes(changed)


def test_entries_that_are_not_to_be_unpacked_are_named_and_the_others_are_given(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        link = zipfile.ZipInfo("link.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
        target.writestr("bomb.txt", bytes(50_000_000))
        target.writestr("good.txt", TEXT)
    found = list(entries(Source("a.zip", path)))
    assert _names(found) == ["a.zip/bomb.txt", "a.zip/good.txt", "a.zip/link.txt"]
    assert "as in a ZIP bomb; the limit is a ratio of 200" in str(found[0])
    assert isinstance(found[1], Source)
    assert "a link or a device in its archive" in str(found[2])


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (_with_flag(_zip({"a.txt": TEXT}), 1), "a.zip/a.txt: encrypted in its archive; unpack"),
        (_with_declared(_zip({"a.txt": TEXT}), 2_000_000_001), "a.zip/a.txt: 2,000,000,001 bytes unpacked"),
        (
            _zip({"a.txt": TEXT}).replace(b"\x08\x00", b"\x09\x00"),
            "a.zip/a.txt: packed in a way that is not read (method 9)",
        ),
        (b"", "a.zip: no ZIP archive, or a broken one"),
        (b"Rar!\x1a\x07\x00", "a.zip: no ZIP archive, or a broken one"),
        (_zip({"a.txt": TEXT})[:-30], "a.zip: no ZIP archive, or a broken one"),
        (_zip({"in.zip": b"no archive"}), "a.zip/in.zip: no ZIP archive, or a broken one"),
    ],
)
def test_what_cannot_be_unpacked_is_explained(path: Path, data: bytes, seen: str) -> None:
    [entry] = _entries(path, data)
    assert isinstance(entry, DocumentError)
    assert str(entry).startswith(seen)


def test_an_archive_without_its_beginning_fails_where_it_is_broken(path: Path) -> None:
    [entry] = _entries(path, _zip({"a.txt": TEXT})[60:])
    assert isinstance(entry, Source)
    with pytest.raises(DocumentError, match="cannot be unpacked"):
        entry.open()


def test_a_name_that_breaks_its_own_flag_is_explained(path: Path) -> None:
    data = bytearray(_raw(b"\xff\xfe\xfd.txt"))
    for signature, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.index(signature) + offset] |= 8
    [entry] = _entries(path, bytes(data))
    assert isinstance(entry, DocumentError)
    assert "no ZIP archive, or a broken one" in str(entry)


def test_a_missing_archive_is_called_missing(path: Path) -> None:
    [entry] = entries(Source("a.zip", path))
    assert "there is no such file" in str(entry)


def _many(number: int) -> bytes:
    with zipfile.ZipFile(stream := io.BytesIO(), "w") as target:
        for place in range(number):
            target.writestr(zipfile.ZipInfo(str(place)), b"")
    return stream.getvalue()


def test_more_entries_than_the_limit_are_refused_before_they_are_listed(path: Path) -> None:
    data = _many(MAX_ENTRIES + 1)
    [entry] = _entries(path, data)
    assert str(entry) == "a.zip: more than 100,000 entries; unpack it yourself and give the folder"
    lying = bytearray(data)
    struct.pack_into("<HH", lying, data.rindex(b"PK\x05\x06") + 8, 1, 1)
    [entry] = _entries(path, bytes(lying))
    assert "more than 100,000 entries" in str(entry)


def test_the_limits_hold_for_an_archive_with_all_that_is_in_it(path: Path) -> None:
    inner = _zip({f"{number}.txt": TEXT for number in range(10)})
    path.write_bytes(_zip({"a.zip": inner, "b.zip": inner, "c.txt": TEXT}))
    source = Source("a.zip", path)
    assert len(list(entries(source))) == 21
    found = list(entries(source, max_entries=15))
    assert _names(found)[-2:] == ["a.zip/b.zip", "a.zip/c.txt"]
    assert "more than 15 entries" in str(found[-2])
    [error] = entries(source, max_bytes=900)
    assert "more than 900 bytes unpacked" in str(error)


SOUND = _zip({"a.txt": TEXT, "通知.txt": TEXT, "in.zip": _zip({"b.txt": TEXT})})


@given(st.integers(0, len(SOUND) - 1), st.binary(max_size=4), st.integers(0, 12))
def test_no_damage_is_left_without_a_reason(at: int, put: bytes, cut: int) -> None:
    source = Source("a.zip", data=SOUND[:at] + put + SOUND[at + cut :])
    assert all(isinstance(entry, Source | DocumentError) for entry in entries(source))

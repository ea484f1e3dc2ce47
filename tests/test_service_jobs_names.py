"""Names of uploads to names of files: as they were, so far as that is safe."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.service.jobs.names import safe_names


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("青溪县工作报告.docx", "青溪县工作报告.docx"),
        ("a b (1).TXT", "a b (1).TXT"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\报告.pdf", "报告.pdf"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("~$报告.docx", "报告.docx"),
        ("a\nb\0c.txt", "a\ufffdb\ufffdc.txt"),
    ],
)
def test_a_name_loses_only_what_is_not_safe(given_name: str, safe: str) -> None:
    assert safe_names([given_name]) == [safe]


def test_names_that_come_twice_are_numbered() -> None:
    names = ["a.txt", "a.txt", "x/a.txt", "A.TXT", "a (2).txt", "é.txt", "e\u0301.txt"]
    assert safe_names(names) == [
        "a.txt",
        "a (2).txt",
        "a (3).txt",
        "A (4).TXT",
        "a (2) (2).txt",
        "é.txt",
        "e\u0301 (2).txt",
    ]


def test_a_long_name_keeps_its_suffix() -> None:
    [name] = safe_names(["政" * 150 + ".docx"])
    assert name.startswith("政" * 60)
    assert name.endswith(".docx")
    assert len(name.encode()) <= 200


@given(st.lists(st.text(max_size=300), max_size=8))
def test_any_names_are_distinct_files_of_one_folder(names: list[str]) -> None:
    safe = safe_names(names)
    assert len(safe) == len(names)
    assert len({unicodedata.normalize("NFC", name).casefold() for name in safe}) == len(safe)
    for name in safe:
        assert Path("folder", name).name == name
        assert Path("folder", name).parent == Path("folder")
        assert not name.startswith((".", "~$"))
        assert len(name.encode()) <= 255

"""What documents are called where many stand together."""

from __future__ import annotations

import pytest

from wuxing_nlp.batch.names import below_common_folder


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["in/a/b.txt"], ["b.txt"]),
        (["in/a/b.txt", "in/c.txt"], ["a/b.txt", "c.txt"]),
        (["in/a.txt", "in/a.txt"], ["a.txt", "a.txt"]),
        (["-", "in/a.txt"], ["-", "in/a.txt"]),
        (["/x/y/a.txt", "/x/y/z/a.txt"], ["a.txt", "z/a.txt"]),
        (["x/rows.csv#1", "x/rows.csv#2"], ["rows.csv#1", "rows.csv#2"]),
    ],
)
def test_common_folders_are_left_out_and_no_name_is_lost(names: list[str], expected: list[str]) -> None:
    assert below_common_folder(names) == expected

"""What names a run's inputs in a paper."""

from __future__ import annotations

import hashlib

from wuxing_nlp.report.citing import combined_hash


def test_inputs_have_one_hash_whatever_they_are_called() -> None:
    one, two = hashlib.sha256(b"a").hexdigest(), hashlib.sha256(b"b").hexdigest()
    inputs = [{"name": "a", "sha256": one}, {"name": "b", "sha256": two}]
    found = combined_hash(inputs)
    assert found == hashlib.sha256(f"{min(one, two)}\n{max(one, two)}\n".encode()).hexdigest()
    assert combined_hash([{"name": "x", "sha256": two}, {"name": "y", "sha256": one}]) == found


def test_what_could_not_be_read_has_no_part_in_it() -> None:
    assert combined_hash([{"name": "gone", "sha256": ""}]) == combined_hash([])

"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import copy
import re

import pytest

from wuxing_nlp.text.late_pattern import late_pattern


def test_a_late_pattern_answers_as_a_compiled_one() -> None:
    late, compiled = late_pattern("[治理]+"), re.compile("[治理]+")
    for _ in range(2):  # the first asks for the pattern, the second has it
        assert late.findall("整治，治理") == compiled.findall("整治，治理")
        assert late.sub("", "整治") == "整"
        assert late.pattern == compiled.pattern


def test_what_a_pattern_has_not_a_late_one_has_not() -> None:
    with pytest.raises(AttributeError):
        late_pattern("治").replace  # type: ignore[attr-defined]  # noqa: B018


def test_a_late_pattern_is_compiled_when_it_is_used() -> None:
    broken = late_pattern("(")
    with pytest.raises(re.error):
        broken.search("治")


def test_a_late_pattern_may_be_copied() -> None:
    assert copy.copy(late_pattern("治")).search("整治")

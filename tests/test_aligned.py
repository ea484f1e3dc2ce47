"""AlignedText: every character keeps the span of the source that it stands for."""

from __future__ import annotations

import re

import pytest

from wuxing_nlp.text.aligned import AlignedText


def test_an_unedited_text_maps_to_itself() -> None:
    text = AlignedText.of("马上就办")
    assert text.span(1, 3) == (1, 3)
    assert text.span(4, 4) == (4, 4)


def test_a_shorter_replacement_stands_for_all_it_replaces() -> None:
    text = AlignedText.of("环境最佳化工作").edit([(2, 5, "优化")])
    assert text.text == "环境优化工作"
    assert text.span(2, 4) == (2, 5)
    assert text.span(2, 3) == (2, 5)
    assert text.span(4, 6) == (5, 7)
    assert text.span(0, 2) == (0, 2)


def test_a_longer_replacement_stands_for_all_it_replaces() -> None:
    text = AlignedText.of("网咖多").edit([(0, 2, "网吧店")])
    assert [text.span(i, i + 1) for i in range(4)] == [(0, 2), (0, 2), (0, 2), (2, 3)]


def test_a_replacement_of_equal_length_keeps_every_place() -> None:
    text = AlignedText.of("一二三四").edit([(0, 1, ""), (1, 3, "甲乙")])
    assert text.text == "甲乙四"
    assert [text.span(i, i + 1) for i in range(3)] == [(1, 2), (2, 3), (3, 4)]


def test_edits_that_all_keep_their_length_need_no_offsets() -> None:
    text = AlignedText.of("一二三四").edit([(0, 1, "甲"), (2, 4, "丙丁")])
    assert text.text == "甲二丙丁"
    assert text.starts is None


def test_edits_that_change_the_length_twice() -> None:
    """Each stands for what it replaced, though the text is as long as before."""
    text = AlignedText.of("一二三四").edit([(0, 1, "甲乙"), (2, 4, "丙")])
    assert [text.span(i, i + 1) for i in range(4)] == [(0, 1), (0, 1), (1, 2), (2, 4)]


def test_edits_of_edits_still_point_into_the_first_source() -> None:
    text = AlignedText.of("经(jīng)济计画").edit([(1, 7, "")]).edit([(2, 4, "规")])
    assert text.text == "经济规"
    assert text.source == "经(jīng)济计画"
    assert text.span(1, 2) == (7, 8)
    assert text.span(2, 3) == (8, 10)
    assert text.span(0, 2) == (0, 8)


def test_an_empty_span_maps_to_an_empty_span() -> None:
    text = AlignedText.of("甲xx乙").edit([(1, 3, "")])
    assert text.span(1, 1) == (3, 3)
    assert text.span(2, 2) == (4, 4)


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 1), (0, 3)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(IndexError, match="outside a text of 2 characters"):
        AlignedText.of("甲乙").span(start, end)


def test_no_edit_gives_the_same_object() -> None:
    text = AlignedText.of("甲乙")
    assert text.edit([]) is text
    assert text.substitute(re.compile("丙"), lambda _: "丁") is text
    assert text.substitute(re.compile("甲"), lambda found: found) is text


def test_substitute_of_equal_length_needs_no_offsets() -> None:
    text = AlignedText.of("甲乙甲").substitute(re.compile("甲"), lambda _: "丙")
    assert text.text == "丙乙丙"
    assert text.starts is None


def test_substitute_may_drop_what_it_finds() -> None:
    text = AlignedText.of("甲-乙-丙").substitute(re.compile("-"), lambda _: "")
    assert text.text == "甲乙丙"
    assert text.span(1, 3) == (2, 5)


def test_as_many_characters_as_places() -> None:
    text = AlignedText.of("甲-乙").edit([(1, 2, "")])
    assert text.with_characters("丙丁").span(1, 2) == (2, 3)
    with pytest.raises(ValueError, match="3 characters cannot stand in 2 places"):
        text.with_characters("丙丁戊")

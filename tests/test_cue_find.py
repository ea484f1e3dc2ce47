"""Finding cues: the longest of a class, gaps within a clause, every span an expression."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.cues import Cue, CueFinder, CueLexicon, cue_finder, cue_lexicon
from wuxing_nlp.cues.find import WIDEST_GAP
from wuxing_nlp.cues.lexicon import CLAUSE_ENDS, GAP
from wuxing_nlp.text.script import normalise

PART = st.text(st.sampled_from("甲乙丙"), min_size=1, max_size=3)
EXPRESSION = st.lists(PART, min_size=1, max_size=3).map(GAP.join)
EXPRESSIONS = st.dictionaries(
    st.sampled_from(["A.one", "B.two"]), st.lists(EXPRESSION, min_size=1, max_size=5, unique=True)
)
TEXT = st.text(st.sampled_from("甲乙丙丁，。"), max_size=40)
REAL = "坚决整治推诿扯皮，迟迟不予办理，物业踢皮球。群众来回跑了五趟，至今无人管！"


def finder(**classes: str) -> CueFinder:
    """A finder of classes, each with its expressions set apart by spaces."""
    return CueFinder(lexicon({name: expressions.split() for name, expressions in classes.items()}))


def lexicon(expressions: Mapping[str, list[str]]) -> CueLexicon:
    rows = (f"{name}\t{expression}\n" for name, group in expressions.items() for expression in group)
    return CueLexicon(dict.fromkeys(expressions, "a class"), {"own.tsv": "".join(rows).encode()})


def regex(expression: str) -> re.Pattern[str]:
    gap = f"[^{re.escape(CLAUSE_ENDS)}]{{0,{WIDEST_GAP}}}?"
    return re.compile(gap.join(map(re.escape, expression.split(GAP))))


def test_cues_of_an_example() -> None:
    found = finder(P="推诿 扯皮", M="迟迟…不").find("推诿扯皮，迟迟未能不予办理")
    assert found == [Cue(0, 2, "P"), Cue(2, 4, "P"), Cue(5, 10, "M")]


def test_the_shipped_lexicon_knows_what_its_page_promises() -> None:
    text = "他们踢皮球，物业迟迟不来。"
    found = {(cue.name, text[cue.start : cue.end]) for cue in cue_finder(cue_lexicon()).find(text)}
    assert {("P.shirk", "踢皮球"), ("A.firm", "物业")} <= found
    assert any(name == "M.delay" and "迟迟" in piece for name, piece in found)


@pytest.mark.parametrize("text", ["", "，。\n", "没有的话"])
def test_a_text_without_cues(text: str) -> None:
    assert finder(P="推诿").find(text) == []


def test_the_longest_of_a_class_stands_alone_at_its_place() -> None:
    assert finder(P="不作为 作为 不").find("不作为") == [Cue(0, 3, "P")]


def test_the_longest_counts_with_its_gap() -> None:
    assert finder(P="迟迟 迟迟…不").find("迟迟就是不") == [Cue(0, 5, "P")]


def test_cues_of_a_class_may_overlap_where_none_holds_the_other() -> None:
    assert finder(P="甲乙 乙丙").find("甲乙丙") == [Cue(0, 2, "P"), Cue(1, 3, "P")]


def test_classes_do_not_hide_each_other() -> None:
    found = finder(A="甲乙", B="甲乙丙", C="甲乙", D="乙").find("甲乙丙")
    assert found == [Cue(0, 3, "B"), Cue(0, 2, "A"), Cue(0, 2, "C"), Cue(1, 2, "D")]


@pytest.mark.parametrize("width", [0, 1, WIDEST_GAP])
def test_a_gap_is_at_most_the_widest(width: int) -> None:
    found = finder(P="甲…乙").find("甲" + "丁" * width + "乙")
    assert found == [Cue(0, width + 2, "P")]


def test_a_wider_gap_is_none() -> None:
    assert finder(P="甲…乙").find("甲" + "丁" * (WIDEST_GAP + 1) + "乙") == []


def test_every_gap_has_the_whole_width() -> None:
    text = "甲" + "丁" * WIDEST_GAP + "乙" + "丁" * WIDEST_GAP + "丙"
    assert finder(P="甲…乙…丙").find(text) == [Cue(0, len(text), "P")]


@pytest.mark.parametrize("mark", CLAUSE_ENDS)
def test_no_gap_spans_the_end_of_a_clause(mark: str) -> None:
    assert finder(P="甲…乙").find(f"甲{mark}乙") == []
    assert finder(P="甲…乙").find(f"{mark}{mark}甲乙{mark}") == [Cue(2, 4, "P")]


def test_a_long_part_does_not_reach_over_the_end_of_its_clause() -> None:
    assert finder(P="甲…乙丙").find("甲乙，丙") == []


def test_other_marks_stand_in_a_gap() -> None:
    assert finder(P="甲…乙").find("甲“、（乙") == [Cue(0, 5, "P")]


def test_parts_follow_in_their_order_and_do_not_overlap() -> None:
    assert finder(P="甲…乙").find("乙甲") == []
    assert finder(P="甲乙…乙丙").find("甲乙丙") == []
    assert finder(P="甲…乙…丙").find("甲丙乙") == []


def test_a_part_is_taken_at_its_first_place() -> None:
    assert finder(P="甲…乙").find("甲乙乙") == [Cue(0, 2, "P")]


def assert_sound(known: CueLexicon, text: str, found: list[Cue]) -> None:
    """Every span lies in one clause of the text and is an expression of its class; order holds."""
    for start, end, name in found:
        assert 0 <= start < end <= len(text)
        piece = text[start:end]
        assert not set(piece) & set(CLAUSE_ENDS)
        assert any(
            regex(expression).fullmatch(piece)
            for expression in known.expressions[name]
            if expression[0] == piece[0]
        ), (piece, name)
    assert found == sorted(found, key=lambda cue: (cue.start, -cue.end, cue.name))


@given(EXPRESSIONS, TEXT)
def test_every_cue_is_an_expression_inside_a_clause(expressions: Mapping[str, list[str]], text: str) -> None:
    known = lexicon(expressions)
    assert_sound(known, text, CueFinder(known).find(text))


@given(st.lists(st.sampled_from([*REAL, "迟迟", "推诿", "不作为", "干部", "整治"]), max_size=30).map("".join))
def test_every_shipped_cue_is_an_expression_inside_a_clause(text: str) -> None:
    text = normalise(text).text
    assert_sound(cue_lexicon(), text, cue_finder(cue_lexicon()).find(text))


@given(EXPRESSIONS, TEXT)
def test_no_cue_lies_within_another_of_its_class(expressions: Mapping[str, list[str]], text: str) -> None:
    found = CueFinder(lexicon(expressions)).find(text)
    for at, one in enumerate(found):
        others = [cue for cue in found[:at] + found[at + 1 :] if cue.name == one.name]
        assert not any(other.start <= one.start and one.end <= other.end for other in others)


@given(EXPRESSIONS, TEXT)
def test_every_place_of_an_expression_lies_within_a_cue(
    expressions: Mapping[str, list[str]], text: str
) -> None:
    """Of one part or two: with three, the first place of the second may miss the third."""
    found = CueFinder(lexicon(expressions)).find(text)
    for name, group in expressions.items():
        for expression in (e for e in group if e.count(GAP) < 2):
            for start in range(len(text)):
                if match := regex(expression).match(text, start):
                    assert any(
                        cue.name == name and cue.start <= start and match.end() <= cue.end for cue in found
                    ), (expression, start)


def test_a_long_text_without_punctuation_is_read_like_its_parts() -> None:
    piece = "群众来回跑了五趟物业踢皮球" + "x" * (WIDEST_GAP + 1)
    times = 20_000 // len(piece) + 1
    once = cue_finder(cue_lexicon()).find(piece)
    assert len(once) > 3
    expected = [
        Cue(start + at, end + at, name)
        for at in range(0, times * len(piece), len(piece))
        for start, end, name in once
    ]
    assert cue_finder(cue_lexicon()).find(piece * times) == expected


def test_the_shipped_finder_is_built_once() -> None:
    assert cue_finder(cue_lexicon()) is cue_finder(cue_lexicon())

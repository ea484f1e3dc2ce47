"""Cues in company: which keys a unit has, how often, and what they are made of."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.cues import Cue, cue_finder, cue_lexicon, cue_ngrams
from wuxing_nlp.cues.lexicon import CLAUSE_ENDS

WORDS = ["群众", "物业", "干部", "推诿扯皮", "迟迟不办", "整治", "跑了五趟", "，", "。", "\n", "某"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)


def cues(text: str) -> list[Cue]:
    """Every small letter of the text is a cue of the class of that name."""
    return [Cue(at, at + 1, letter) for at, letter in enumerate(text) if letter.isalpha()]


def keys(text: str) -> Counter[str]:
    return Counter(key for key, _ in cue_ngrams(text, cues(text)))


def of_kind(counted: Counter[str], mark: str, marks: int = 1) -> dict[str, int]:
    return {key: n for key, n in counted.items() if key.count(mark) == marks}


def test_no_cues_have_no_keys() -> None:
    assert list(cue_ngrams("，。", [])) == []
    assert list(cue_ngrams("", [])) == []


def test_all_keys_of_an_example() -> None:
    one, two, three = cues("b，ac")
    assert list(cue_ngrams("b，ac", [one, two, three])) == [
        ("b", (one,)),
        ("a", (two,)),
        ("c", (three,)),
        ("a>c", (two, three)),
        ("a&b", (two, one)),
        ("a&c", (two, three)),
        ("b&c", (one, three)),
    ]


def test_a_cue_counts_at_every_place() -> None:
    assert keys("aa，ba") == {"a": 3, "b": 1, "b>a": 1, "a&b": 1}


def test_a_pair_is_in_order_and_once_a_clause() -> None:
    assert of_kind(keys("ab"), ">") == {"a>b": 1}
    assert of_kind(keys("ba"), ">") == {"b>a": 1}
    assert of_kind(keys("aba"), ">") == {"a>b": 1, "b>a": 1}
    assert of_kind(keys("aabbab"), ">") == {"a>b": 1, "b>a": 1}
    assert of_kind(keys("ab，ab。ba"), ">") == {"a>b": 2, "b>a": 1}


def test_a_pair_may_have_others_between_and_is_of_two_classes() -> None:
    assert of_kind(keys("axb"), ">") == {"a>x": 1, "a>b": 1, "x>b": 1}
    assert of_kind(keys("aa"), ">") == {}


def test_a_pair_is_of_the_first_of_its_class_and_the_next_of_the_other() -> None:
    found = dict(cue_ngrams("aab", cues("aab")))
    assert found["a>b"] == (Cue(0, 1, "a"), Cue(2, 3, "b"))


def test_no_pair_and_no_triple_crosses_the_end_of_a_clause() -> None:
    for mark in CLAUSE_ENDS:
        assert set(keys(f"a{mark}b{mark}c")) == {"a", "b", "c", "a&b", "a&c", "b&c"}
    assert "a>b>c" in keys("a、b、c")


def test_a_triple_follows_without_another_between_at_every_place() -> None:
    assert of_kind(keys("abcabc"), ">", 2) == {"a>b>c": 2, "b>c>a": 1, "c>a>b": 1}
    assert of_kind(keys("axbc"), ">", 2) == {"a>x>b": 1, "x>b>c": 1}
    assert of_kind(keys("aaa"), ">", 2) == {"a>a>a": 1}
    assert of_kind(keys("ab"), ">", 2) == {}


def test_company_in_the_unit_is_without_order_and_once_a_unit() -> None:
    assert of_kind(keys("ab"), "&") == of_kind(keys("b。a"), "&") == {"a&b": 1}
    assert of_kind(keys("ab，ab，ba"), "&") == {"a&b": 1}
    assert dict(cue_ngrams("b，ab", cues("b，ab")))["a&b"] == (Cue(2, 3, "a"), Cue(0, 1, "b"))


def test_a_long_clause_has_as_many_pairs_as_classes_allow() -> None:
    text = "abcde" * 2_000
    counted = keys(text)
    assert len(of_kind(counted, ">")) == 5 * 4
    assert set(of_kind(counted, ">").values()) == {1}
    assert len(of_kind(counted, "&")) == 10
    assert counted.total() == len(text) + (len(text) - 2) + 5 * 4 + 10


def clause_of(text: str, cue: Cue) -> int:
    return sum(character in CLAUSE_ENDS for character in text[: cue.start])


@given(TEXT)
def test_keys_are_made_of_found_cues_in_order(text: str) -> None:
    found = cue_finder(cue_lexicon()).find(text)
    for key, made_of in cue_ngrams(text, found):
        assert re.split("[>&]", key) == [cue.name for cue in made_of]
        places = [found.index(cue) for cue in made_of]
        if "&" not in key:
            assert places == sorted(set(places))
            assert len({clause_of(text, cue) for cue in made_of}) == 1


@given(TEXT)
def test_keys_are_complete(text: str) -> None:
    """Counted the slow way: all cues, ordered pairs a clause, neighbours by three, pairs a unit."""
    found = cue_finder(cue_lexicon()).find(text)
    expected = Counter(cue.name for cue in found)
    for _, group in groupby(found, key=lambda cue: clause_of(text, cue)):
        names = [cue.name for cue in group]
        expected.update(
            {f"{one}>{other}" for at, one in enumerate(names) for other in names[at + 1 :] if one != other}
        )
        expected.update(">".join(names[at : at + 3]) for at in range(len(names) - 2))
    classes = sorted({cue.name for cue in found})
    expected.update(f"{one}&{other}" for at, one in enumerate(classes) for other in classes[at + 1 :])
    assert Counter(key for key, _ in cue_ngrams(text, found)) == expected

"""Plain texts: compiled code gives what the rules give, whatever the text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC

from wuxing_nlp.text import characters, glosses, opencc, plain, script
from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.marks import simplified_marks, traditional_marks
from wuxing_nlp.text.script import normalise, variants

pytestmark = pytest.mark.skipif(
    not hasattr(script._simplifier(), "__self__"), reason="built without a compiler"
)

WORDS = {entry.source: entry.target for entry in variants()}
PHRASES = opencc.phrase_table()
BREAKS = ["\n", "\n", "，\n", "\r\n"]
SIGNS = [
    "「",
    "」",
    *"，。；()（）[]《》 aé1％９\u3000\u200b\ufeff\ue000\ud800\u2f00\U00020000\U0002f800\U000205e3",
]
GLOSSES = ["(jīng)", "（de）", "(jī\nng)", "经(jīng)", *glosses.TONED]
COMMON = list("的一是在不了有和人这中大国國為为發发後后於于乾干著着裏里覆瞭藉徵二畫画")


def pieces(*known: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*map(st.sampled_from, known)), max_size=14).map("".join)


def parts(words: dict[str, str]) -> list[str]:
    """Words, what replaces them, and their beginnings and ends, which meet and overlap."""
    return [*words, *words.values(), *(word[:2] for word in words), *(word[-2:] for word in words)]


TRADITIONAL = [sorted(opencc.character_table()), parts(PHRASES), parts(WORDS), COMMON]
SIMPLIFIED = [sorted(simplified_marks().characters), list(WORDS.values()), COMMON]
TEXTS = (
    pieces(*TRADITIONAL)
    | pieces(*SIMPLIFIED)
    | pieces(sorted(traditional_marks().characters), COMMON, BREAKS, *SIMPLIFIED)
    | pieces(*TRADITIONAL, SIGNS, BREAKS, GLOSSES)
    | pieces(*SIMPLIFIED, SIGNS, BREAKS, GLOSSES)
    | pieces(*TRADITIONAL, *SIMPLIFIED, SIGNS, BREAKS)
    | st.text(st.characters(exclude_categories=()), max_size=12)
)


def by_the_rules(text: str) -> AlignedText:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script, "_simplifier", lambda: plain.unjudged)
        return normalise(text)


def is_read(text: str) -> bool:
    """Does compiled code leave nothing of this text to the rules?"""
    return script._simplifier()(text) is not None


@given(TEXTS)
@example("")
@example("aé")
@example("二\U0002bae0英二噁英")
@example("答覆盆子")
@example("㑮國")
@example("网络\n最佳化國\n最佳化")
def test_every_text_is_the_same_by_the_rules(text: str) -> None:
    assert normalise(text) == by_the_rules(text)


def test_every_entry_of_every_table_is_the_same_by_the_rules() -> None:
    known = [*opencc.character_table(), *PHRASES, *WORDS, *(entry.example for entry in variants())]
    texts = [frame.format(piece) for piece in known for frame in ("{}", "國{}國", "国{}", "{}\n国國國\n国")]
    assert [text for text in texts if normalise(text) != by_the_rules(text)] == []


def test_every_character_is_the_same_by_the_rules() -> None:
    texts = [f"國{chr(code)}" for code in range(0x10000)]
    assert [text for text in texts if normalise(text) != by_the_rules(text)] == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("改进作风（马上就办）。", True),
        ("改進作風（馬上就辦）。", True),
        ("改進作風，沿著正確方向。", True),
        ("改进作风\n改進作風", True),
        ("plain é", True),
        ("改进作风\u3000", False),
        ("改進作風\ufeff", False),
        ("經(jīng)濟", False),
        ("國\U00020000", False),
        ("二噁英", False),
        ("改进作风\n改進作風\n最佳化", False),
    ],
)
def test_what_is_left_to_the_rules(text: str, read: bool) -> None:
    assert is_read(text) == read


def test_what_cleaning_touches_is_untidy() -> None:
    spans = characters.untidy()
    listed = {chr(code) for first, last in spans for code in range(ord(first), ord(last) + 1)}
    touched = {c for c in map(chr, range(0x110000)) if characters.clean(AlignedText.of(c)).text != c}
    assert touched == listed


@pytest.fixture(params=["s2t", "s2tw", "s2hk"])
def convert(request: pytest.FixtureRequest) -> Any:
    return OpenCC(request.param).convert


def test_shared_units_are_the_same_by_the_rules(shared_units: list[dict[str, Any]], convert: Any) -> None:
    texts = [unit["text"] for unit in shared_units[::12]]
    texts += [convert(text) for text in texts]
    assert [text for text in texts if normalise(text) != by_the_rules(text)] == []
    assert sum(map(is_read, texts)) > 0.9 * len(texts)


def test_shared_documents_are_the_same_by_the_rules(shared_documents: list[dict[str, Any]]) -> None:
    texts = [document["text"] for document in shared_documents[::8]]
    texts += [OpenCC("s2t").convert(text[:5000]) for text in texts[::20]]
    assert [number for number, text in enumerate(texts) if normalise(text) != by_the_rules(text)] == []

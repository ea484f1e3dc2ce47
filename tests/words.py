"""Texts on which engines might cut otherwise than jieba, and what jieba says of them."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import strategies as st

from wuxing_nlp.text.jieba_package import dictionary, own_copy
from wuxing_nlp.text.lexicon import lexicon
from wuxing_nlp.text.segment import segmenter

ENTRIES = {
    word: int(frequency)
    for word, frequency, _ in (line.split(" ") for line in dictionary().decode("utf-8").splitlines())
}
FREQUENT = sorted(ENTRIES, key=lambda word: -ENTRIES[word])[:4000]
WITH_ASCII = [word for word in ENTRIES if any(char.isascii() for char in word)]
DOUBLES = [word for word in ENTRIES if len(word) == 2 and word[0] == word[1]]


def chars(*ranges: tuple[int, int]) -> st.SearchStrategy[str]:
    return st.one_of([st.characters(min_codepoint=low, max_codepoint=high) for low, high in ranges])


HAN = chars((0x4E00, 0x9FD5))
OTHER_HAN = chars((0x3005, 0x3007), (0x3400, 0x4DBF), (0x9FD6, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
SPACE = st.sampled_from(["\r\n", "\n\r", *" \t\n\r\v\f\x1c\x1f\x85\xa0\u2003\u2028\u3000\u200b\ufeff"])
OTHER = st.sampled_from(
    "，。、；：“”（）《》—…·％．－＃１Ａéñ\u0301ЖγカなㄅⅣ①½٣😀\u200d\ufe0f\ue000\U0010ffff\ud800\udfff\0"
)
NUMBER = st.from_regex(r"[A-Za-z0-9]{0,4}[-.+#&_%]?[0-9A-Za-z]{1,3}(\.[0-9]{1,2})?[-%+]?", fullmatch=True)
REPEATED = st.builds(
    lambda char, count: char * count,
    HAN | st.sampled_from([w for w in FREQUENT if len(w) == 1]),
    st.integers(2, 6),
)
TRIPLED = st.sampled_from(DOUBLES).map(lambda word: word + word[0])
PIECE = st.one_of(
    st.sampled_from(FREQUENT),
    st.sampled_from(sorted(ENTRIES)),
    st.sampled_from(lexicon()),
    st.sampled_from(WITH_ASCII),
    TRIPLED,
    REPEATED,
    NUMBER,
    HAN,
    OTHER_HAN,
    SPACE,
    OTHER,
    st.text(max_size=3),
    st.text(st.characters(max_codepoint=127), max_size=4),
)
TEXT = st.lists(PIECE, max_size=25).map("".join)


def words_of_jieba(text: str) -> list[str]:
    """What jieba gives with nothing of ours in it but the lexicon's words."""
    words = segmenter("jieba").words
    module = own_copy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "finalseg", import_module(f"{module.__name__}.finalseg"))
        return words(text)


def assert_words_of_jieba(engine: str, text: str) -> None:
    assert segmenter(engine).words(text) == words_of_jieba(text)

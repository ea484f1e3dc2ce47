"""What holds for every text that is tagged: offsets, agreement of parents and children, no surprise."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.model.results import TaggedUnit
from wuxing_nlp.model.tagger import Tagger

BOOK = load_codebook()
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120)
# Pieces that carry labels, in both scripts, with what stands between them in real files.
PIECES = [
    *("坚决整治推诿扯皮", "堅決整治推諉扯皮", "个别干部敷衍塞责", "弄虛作假、數據造假", "工作纪律松弛"),
    *("推进科技攻关", "坚定维护党中央权威", "增進民生福祉", "办事效率不高", "能力不足、本领恐慌"),
    *(
        "計畫",
        "最佳化",
        "網際網路",
        "經(jīng)濟(jì)",
        "人民民眾",
        "２０２５年",
        "\U00020000",
        "\u200b",
        "\ue000",
    ),
    *(
        "。",
        "，",
        "；",
        "！",
        "\n",
        "\r\n",
        "\u3000",
        "（",
        "）",
        "“",
        "”",
        "《",
        "》",
        "第三条",
        "一、",
        "目录",
        "……3",
    ),
    *("office", "，没有", "不存在", "的问题", " ", "第 5 页"),
]
POLICY_TEXT = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
TEXT = ANY_TEXT | POLICY_TEXT


def assert_unit(unit: TaggedUnit, text: str) -> None:
    assert text[unit.start : unit.end] == unit.text
    assert unit.codes == BOOK.check(unit.codes)
    assert unit.labels == BOOK.letters_of(unit.codes)
    assert (unit.status == "labelled") == bool(unit.codes)
    assert not (unit.kind == "furniture" and unit.codes)
    assert tuple(tag.code for tag in unit.tags) == unit.codes
    for tag in unit.tags:
        assert 0 < tag.probability <= 1
        assert len(tag.evidence) <= 3
        for span in tag.evidence:
            assert unit.start <= span.start < span.end <= unit.end
            assert span.weight > 0
        spans = sorted(tag.evidence, key=lambda span: span.start)
        assert all(first.end <= second.start for first, second in pairwise(spans))


@given(TEXT)
def test_every_text_can_be_tagged(tagger: Tagger, text: str) -> None:
    doc = tagger.tag(text)
    for unit in doc.units:
        assert_unit(unit, text)
        assert unit.text.strip()
    assert all(first.end <= second.start for first, second in pairwise(doc.units))
    assert doc.profile.units == len(doc.units) == sum(doc.profile.statuses.values())
    for letter, count in doc.profile.letters.items():
        assert count == sum(letter in unit.labels for unit in doc.units)
        assert 0 <= doc.profile.share(letter) <= 1


@given(st.lists(TEXT, max_size=6))
def test_every_string_is_one_unit(tagger: Tagger, texts: list[str]) -> None:
    units = tagger.tag_units(texts)
    assert len(units) == len(texts)
    for unit, text in zip(units, texts, strict=True):
        assert_unit(unit, text)
        assert tagger.tag_units([text]) == [unit]


@given(st.lists(TEXT, max_size=6))
def test_a_code_is_never_likelier_than_its_letter(tagger: Tagger, texts: list[str]) -> None:
    codes, letters = tagger.probabilities(texts), tagger.letter_probabilities(texts)
    assert codes.shape == (len(texts), 30)
    assert letters.shape == (len(texts), 10)
    assert np.isfinite(codes).all()
    assert ((codes >= 0) & (codes <= letters[:, [tagger.letters.index(c[0]) for c in tagger.codes]])).all()
    for at, text in enumerate(texts):
        assert np.array_equal(codes[at], tagger.probabilities([text])[0])


@given(TEXT)
def test_tagging_twice_gives_the_same(tagger: Tagger, text: str) -> None:
    assert tagger.tag(text) == tagger.tag(text)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(PIECES[:10]), min_size=1, max_size=6))
def test_sentences_on_lines_of_their_own_are_independent(tagger: Tagger, pieces: list[str]) -> None:
    lines = [f"各级各部门要{piece}，抓好整改落实。" for piece in pieces]
    units = tagger.tag("\n".join(lines)).units
    assert [unit.text for unit in units] == lines
    assert [unit.codes for unit in units] == [tagger.tag(line).units[0].codes for line in lines]

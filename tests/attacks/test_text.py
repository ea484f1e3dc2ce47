"""Hostile text: every code point of Unicode that ever surprised a program, in every order.

``WUXING_ATTACK_EXAMPLES`` sets the number of examples a property, for a long run.
"""

from __future__ import annotations

import json
import os
import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wuxing_nlp import Tagger
from wuxing_nlp.batch.lines import json_line
from wuxing_nlp.coding import Corpus, default_root
from wuxing_nlp.model.results import TaggedUnit
from wuxing_nlp.text.script import detect_script, normalise

EXAMPLES = int(os.environ.get("WUXING_ATTACK_EXAMPLES", "60"))


def some(*ranges: tuple[int, int]) -> st.SearchStrategy[str]:
    """Characters of the ranges."""
    return st.one_of([st.characters(min_codepoint=low, max_codepoint=high) for low, high in ranges])


# What a font, a browser, a PDF or an attacker puts between characters, or in their place.
HOSTILE = {
    "half a surrogate pair": some((0xD800, 0xDFFF)),
    "combining": some((0x300, 0x36F), (0x302A, 0x302D), (0x3099, 0x309A), (0xFE20, 0xFE2F)),
    "variation selector": some((0xFE00, 0xFE0F), (0x180B, 0x180F), (0xE0100, 0xE01EF)),
    "direction": some((0x202A, 0x202E), (0x2066, 0x2069), (0x200E, 0x200F), (0x61C, 0x61C)),
    "unseen": some((0x200B, 0x200D), (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xAD, 0xAD), (0xFFF0, 0xFFFF)),
    "far Han": some((0x20000, 0x323AF)),
    "compatibility": some((0xF900, 0xFAFF), (0x2F800, 0x2FA1F), (0xFF00, 0xFFEF), (0x3200, 0x33FF)),
    "radical": some((0x2E80, 0x2FDF), (0x31C0, 0x31EF), (0x2FF0, 0x2FFF)),
    "private": some((0xE000, 0xF8FF), (0xF0000, 0x10FFFF)),
    "emoji": st.sampled_from(["👨\u200d👩\u200d👧\u200d👦", "🏳️\u200d🌈", "🇨🇳", "👍🏽", "1\ufe0f\u20e3"]),
    "tag": some((0xE0000, 0xE007F)),
    "control": some((0, 0x1F), (0x7F, 0x9F)),
    "break": st.sampled_from(
        ["\r\n", "\n\r", "\r", "\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1e"]
    ),
    "space": st.sampled_from("\t \xa0\u1680\u2000\u2009\u200a\u202f\u205f\u3000"),
    "Hangul": some((0x1100, 0x11FF), (0xA960, 0xA97C), (0xD7B0, 0xD7FB), (0xAC00, 0xD7A3), (0x3164, 0x3164)),
    "bracket": st.sampled_from([*"（）()《》〈〉【】[]“”‘’「」『』〔〕", "（（（", "”」』", "。”", "；）"]),
    "mark": st.sampled_from([*"。！？；：、，…—·!?;:,.·~", "。。。", "……", "——", "......12"]),
    "gloss": st.sampled_from(["(jīng)", "（jì）", "(de)", "(jī\nng)", "（", "āo)", "字(j", "ǹ"]),
    "words": st.sampled_from(
        ["感測", "測", "視", "視窗", "程式設計", "式設計", "網際網路", "際網路", "民眾", "社群", "服務物件"]
    ),
    "policy": st.sampled_from(
        ["坚决整治推诿扯皮", "堅決整治推諉扯皮", "个别干部敷衍塞责", "着力提升窗口服務水平", "第三条", "一、"]
    ),
    "anything": st.characters(exclude_categories=()),
}
TEXT = st.lists(st.one_of(list(HOSTILE.values())), max_size=30).map("".join)
UNITS = st.lists(TEXT, max_size=8)

hostile = settings(max_examples=EXAMPLES, deadline=None)


def assert_places(unit: TaggedUnit, text: str) -> None:
    """The unit and its evidence stand where they say."""
    assert text[unit.start : unit.end] == unit.text
    for tag in unit.tags:
        assert 0 < tag.probability <= 1
        for span in tag.evidence:
            assert unit.start <= span.start < span.end <= unit.end


@pytest.mark.parametrize("kind", HOSTILE)
@hostile
@given(data=st.data())
def test_a_text_full_of_one_kind_is_tagged(tagger: Tagger, kind: str, data: st.DataObject) -> None:
    piece = HOSTILE[kind]
    text = data.draw(
        st.lists(piece | st.sampled_from(["整治", "推諉", "。", "\n"]), max_size=20).map("".join)
    )
    document = tagger.tag(text)
    for unit in document.units:
        assert_places(unit, text)
    assert all(one.end <= other.start for one, other in pairwise(document.units))
    once = normalise(text).text
    assert normalise(once).text == once


@hostile
@given(TEXT)
@example("感測" + "測" * 40)
@example("經(jī\nng)最佳\n化，\n（\nāo)\ud800")
def test_every_result_can_be_written_down(tagger: Tagger, text: str) -> None:
    """As JSON of any kind; where a text has half a surrogate pair, escaped in a line of a run."""
    fields = tagger.tag(text, probabilities=True).to_dict()
    assert json.loads(json.dumps(fields)) == fields
    assert json.loads(json_line(fields)) == fields
    if not any("\ud800" <= character <= "\udfff" for character in text):
        json.dumps(fields, ensure_ascii=False).encode()


@hostile
@given(UNITS, st.randoms(use_true_random=False))
def test_company_and_order_change_no_result(tagger: Tagger, texts: list[str], chance: random.Random) -> None:
    units = tagger.tag_units(texts)
    assert len(units) == len(texts)
    for unit, text in zip(units, texts, strict=True):
        assert_places(unit, text)
    order = chance.sample(range(len(texts)), len(texts))
    assert tagger.tag_units([texts[at] for at in order]) == [units[at] for at in order]
    assert tagger.code_units(texts) == [unit.codes for unit in units]
    assert tagger.tag_together(texts) == [tagger.tag(text) for text in texts] == list(tagger.tag_many(texts))
    for answer in (tagger.probabilities, tagger.letter_probabilities):
        together = answer(texts)
        assert np.isfinite(together).all()
        assert np.array_equal(answer([texts[at] for at in order]), together[order])


@hostile
@given(TEXT)
def test_the_script_of_every_text_is_told(text: str) -> None:
    profile = detect_script(text)
    assert profile.traditional + profile.simplified <= len(text)


def units_around(at: int, texts: list[str], chance: random.Random) -> list[str]:
    """One unit among others, in an order of its own."""
    company = [*chance.sample(texts, 30), texts[at]]
    chance.shuffle(company)
    return company


def test_no_company_changes_the_codes_of_authored_units(tagger: Tagger) -> None:
    chance = random.Random(20261126)
    texts = sorted({unit.text for unit in Corpus(default_root()).authored()[::5]})
    alone = {text: tagger.tag_units([text])[0] for text in texts}
    for at in range(0, len(texts), 25):
        company = units_around(at, texts, chance)
        assert tagger.tag_units(company) == [alone[text] for text in company]
    assert tagger.tag_units(texts) == list(alone.values())


@pytest.mark.parametrize(
    "between", ["", "\u200b", "\ufeff", "\u2060", "\ufe0e", "\U000e0100", "\u202e", "\xad"]
)
def test_what_nobody_sees_changes_no_code(tagger: Tagger, between: str) -> None:
    """Between all characters of all samples; their probabilities neither."""
    for path in sorted((default_root() / "samples").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        plain, strewn = tagger.tag(text).units, tagger.tag(between.join(text)).units
        assert [(unit.codes, unit.status, unit.kind) for unit in strewn] == [
            (unit.codes, unit.status, unit.kind) for unit in plain
        ]
        assert [tag.probability for unit in strewn for tag in unit.tags] == [
            tag.probability for unit in plain for tag in unit.tags
        ]


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_authored_text_has_the_same_codes_in_both_scripts(tagger: Tagger, config: str) -> None:
    """Every third authored sentence, and all samples whole: none differs."""
    convert = pytest.importorskip("opencc").OpenCC(config).convert
    texts = [unit.text for unit in Corpus(default_root()).authored()][::3]
    converted = [convert(text) for text in texts]
    assert tagger.code_units(converted) == tagger.code_units(texts)
    for path in sorted((default_root() / "samples").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        there, here = tagger.tag(convert(text)).units, tagger.tag(text).units
        assert [(unit.codes, unit.status) for unit in there] == [(unit.codes, unit.status) for unit in here]


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_real_units_have_the_same_codes_in_both_scripts(
    tagger: Tagger, shared_units: list[dict[str, Any]], config: str
) -> None:
    """But for one in some thousand, in which a character of Simplified text has several Traditional forms
    and the converter takes another one than the author would."""
    convert = pytest.importorskip("opencc").OpenCC(config).convert
    texts = [unit["text"] for unit in shared_units[::4]]
    codes, converted = tagger.code_units(texts), tagger.code_units(map(convert, texts))
    assert sum(one != other for one, other in zip(codes, converted, strict=True)) <= len(texts) // 1000

"""What holds for every text: total, aligned, idempotent, nothing lost."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from wuxing_nlp.text.aligned import AlignedText
from wuxing_nlp.text.characters import clean
from wuxing_nlp.text.script import detect_script, normalise, to_simplified, variants
from wuxing_nlp.text.segment import segmenter
from wuxing_nlp.text.units import cut_units

ANY_TEXT = st.text(st.characters(), max_size=200)  # st.characters() leaves surrogates out by itself
WITH_SURROGATES = st.text(st.characters(exclude_categories=()), max_size=50)

# Pieces of which texts go wrong: each was written for its rule, and together they meet by chance.
TRICKY = [
    *"著乾幹干著着藉覆瞭裏里後后於于畫画經经濟济優优化機机這这說说",
    *"，。！？；：、…—!?;:,.·~（）()《》〈〉【】[]“”‘’「」『』〔〕",
    *" \t\r\n\n\n\u3000\u2028\x0b\x0c\x85\u200b\u200d\ufeff\xad\u2060\ue000\U000f1234\x00\ufe0f",
    *"一二三十〇0129２０ＡａｚZ％．｡｢｣⼯⼈\uf90a\U0002f800\U00020000\U00030000",
    *"āǎǜńo\u0304\u0301\u030c",
    *[
        "計畫",
        "最佳",
        "化",
        "最佳化",
        "學",
        "網際",
        "網路",
        "智慧",
        "型",
        "人民",
        "民眾",
        "入口",
        "資訊",
        "乾坤",
    ],
    *[
        "(jīng)",
        "（jì）",
        "(de)",
        "(jī\nng)",
        "（",
        "jīng jì",
        "\r\n",
        "目录",
        "......",
        "第三条",
        "（一）",
        "1.",
        "附件",
    ],
    *[
        "改进作风",
        "马上就办",
        "要马上就办。",
        "轉變作風，",
        "。”的",
        "。”他",
        "首页",
        " | ",
        "来源：",
        "第 5 页",
    ],
    *(text for entry in variants()[::7] for text in (entry.example, entry.source, entry.expected)),
]
TRICKY_TEXT = st.lists(st.sampled_from(TRICKY), max_size=40).map("".join)
# Lines about as wide as a page's, so that soft breaks of every kind occur.
LINE = st.lists(
    st.sampled_from(
        [*"，、；。一是（）《”的12345 \u3000", "(jīng)", *["改进作风", "馬上就辦", "抓落实", "２０２５"] * 6]
    ),
    min_size=3,
    max_size=9,
).map("".join)
WRAPPED_TEXT = st.lists(LINE, max_size=12).map("\n".join)
TEXT = ANY_TEXT | TRICKY_TEXT | WRAPPED_TEXT


def is_shown(character: str) -> bool:
    return not character.isspace()


def assert_aligned(text: AlignedText, source: str) -> None:
    """Every character has a non-empty span inside the source; spans never go back."""
    assert text.source == source
    spans = [text.span(at, at + 1) for at in range(len(text.text))]
    assert all(0 <= start < end <= len(source) for start, end in spans)
    assert spans == sorted(spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)
    if spans:
        assert text.span(0, len(text.text)) == (spans[0][0], spans[-1][1])


@given(TEXT | WITH_SURROGATES)
@example("改，\n（\nāo)\n經(jī\nng)最佳\n化。")
def test_every_canonical_character_comes_from_the_source(source: str) -> None:
    assert_aligned(normalise(source), source)


@given(TEXT | WITH_SURROGATES)
def test_normalising_twice_changes_nothing(source: str) -> None:
    once = normalise(source).text
    assert normalise(once).text == once


@given(TEXT)
def test_a_clean_character_stands_where_its_span_points(source: str) -> None:
    """Cleaning the source behind a character, and nothing else, yields that character."""
    text = clean(AlignedText.of(source))
    for at, character in enumerate(text.text):
        start, end = text.span(at, at + 1)
        assert clean(AlignedText.of(source[start:end])).text == character


@given(TEXT)
def test_canonical_text_is_clean(source: str) -> None:
    text = normalise(source).text
    assert not {"\r", "\t", "\u3000", "\ufeff", "\u200b", "\x85", "\u2028"} & set(text)
    assert not [c for c in text if unicodedata.category(c) in ("Cs", "Co")]
    assert not [c for c in text if "\uff10" <= c <= "\uff19" or "\uff21" <= c <= "\uff3a"]


@given(TEXT)
def test_script_conversion_keeps_lines_and_places(source: str) -> None:
    text = to_simplified(AlignedText.of(source))
    assert text.text.count("\n") == source.count("\n")
    assert_aligned(text, source)


@given(st.text("乾著覆藉瞭畫最佳化網路，。的一是不在国为这办证实务经济", max_size=60))
def test_a_line_in_simplified_script_is_not_converted(line: str) -> None:
    text = "这个国家的经济实务证件办为" + line.replace("畫", "").replace("網", "")
    assert to_simplified(AlignedText.of(text)).text == text


@given(TEXT | WITH_SURROGATES)
def test_units_hold_everything_that_shows(source: str) -> None:
    text = normalise(source)
    cuts = cut_units(text)
    covered = set[int]()
    end = 0
    for cut in cuts:
        assert end <= cut.start < cut.end <= len(text.text)
        unit = text.text[cut.start : cut.end]
        assert unit == unit.strip()
        assert "\n" not in unit
        covered |= set(range(cut.start, cut.end))
        end = cut.end
    assert [at for at, c in enumerate(text.text) if is_shown(c) and at not in covered] == []


@given(TEXT | WITH_SURROGATES)
def test_units_of_a_raw_text_hold_everything_too(source: str) -> None:
    """cut_units also takes a string that nobody has normalised."""
    cuts = cut_units(source)
    assert all(a.end <= b.start for a, b in pairwise(cuts))
    held = "".join(source[cut.start : cut.end] for cut in cuts)
    assert [c for c in held if is_shown(c)] == [c for c in source if is_shown(c)]


@given(TEXT | WITH_SURROGATES)
def test_source_spans_of_units_are_disjoint_and_inside(source: str) -> None:
    text = normalise(source)
    end = 0
    for cut in cut_units(text):
        start, stop = text.span(cut.start, cut.end)
        assert end <= start < stop <= len(source)
        end = stop


@given(TEXT | WITH_SURROGATES)
def test_words_concatenate(source: str) -> None:
    assert "".join(segmenter().words(source)) == source


@given(TEXT)
def test_script_detection_is_total(source: str) -> None:
    profile = detect_script(source)
    assert (profile.script == "neutral") == (profile.traditional == profile.simplified == 0)
    assert (profile.region is not None) == (profile.script in ("traditional", "mixed"))

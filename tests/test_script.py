"""Script: detection, the canonical Simplified form, and where it came from."""

from __future__ import annotations

import random
import re
import sys
from importlib.resources import files
from typing import Any

import pytest
from opencc import OpenCC

from wuxing_nlp.errors import LexiconError
from wuxing_nlp.text import opencc, script
from wuxing_nlp.text.script import Variant, detect_script, normalise, variants
from wuxing_nlp.text.units import cut_units


@pytest.mark.parametrize("entry", variants(), ids=lambda entry: entry.source)
def test_every_entry_of_the_reviewed_table(entry: Variant) -> None:
    assert normalise(entry.example).text == entry.expected


@pytest.mark.parametrize("entry", variants(), ids=lambda entry: entry.source)
def test_every_example_shows_its_own_entry(entry: Variant) -> None:
    """The example, in t2s output or as OpenCC writes it, holds the entry's source."""
    plain = entry.example.translate({ord(k): v for k, v in opencc.character_table().items()})
    assert entry.source in plain or entry.source in entry.example


def test_entries_are_in_t2s_output_form_and_settle_at_once() -> None:
    for entry in variants():
        assert normalise(entry.target).text == entry.target, entry


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("著力", "着力"),
        ("執著", "执着"),
        ("沿著", "沿着"),
        ("最佳化", "优化"),
        ("最佳化學獎", "最佳化学奖"),
        ("網際網路", "互联网"),
        ("智慧型化", "智能化"),
        ("計畫", "计划"),
        ("人民民眾", "人民群众"),
        ("民眾", "民众"),
        ("入口網站", "门户网站"),
        ("資訊", "信息"),
        ("加油乾", "加油干"),
        ("加油幹", "加油干"),
        ("乾淨", "干净"),
        ("幹部", "干部"),
        ("乾坤", "乾坤"),
        ("顯著", "显著"),
        ("著名", "著名"),
        ("瞭解", "了解"),
        ("瞭望塔", "瞭望塔"),
        ("皇后與後果", "皇后与后果"),
        ("公里裏程", "公里里程"),
        ("「放管服」改革『試點』", "“放管服”改革‘试点’"),
        ("經(jīng)濟(jì)", "经济"),
        ("“經(jīng)濟(jì)”", "“经济”"),
        ("２０２５年ＡＢＣ", "2025年ABC"),
        ("馬\u200b上\ufeff就辦", "马上就办"),
        ("第一條\u3000總則", "第一条 总则"),
        ("辦\ue5cf事", "办事"),
        ("改進作風，\n馬上就辦。", "改进作风，马上就办。"),
        ("", ""),
    ],
)
def test_named_cases(given: str, expected: str) -> None:
    assert normalise(given).text == expected


def test_a_replaced_word_points_to_the_word_in_the_source() -> None:
    text = normalise("推進網際網路應用")
    assert text.text == "推进互联网应用"
    assert text.span(2, 5) == (2, 6)
    assert text.span(3, 4) == (2, 6)
    assert text.span(5, 7) == (6, 8)


def test_characters_beyond_the_basic_plane_count_as_one() -> None:
    text = normalise("\U00020000資訊\U0002f800\U00030000")
    assert text.text == "\U00020000信息丽\U00030000"
    assert [text.span(i, i + 1) for i in range(5)] == [(i, i + 1) for i in range(5)]


OWN_SIMPLIFIED = [
    "扭转乾坤，靠的是实干。",
    "乾隆年间的县志记载了这条水渠。",
    "组织干部读名著、学原著，成效显著。",
    "政策覆盖全县，狼藉的河岸变了样。",
    "慰藉乡亲，枕藉的草垛也清走了。",
    "护林员在瞭望塔上值班。",
    "这条线路的最佳化方案还没有定。",
    "她的专案和资讯工作是台资企业的说法。",
    "“于氏”后人於先生来县里投资。",
    "发展「三农」保险。",
    "这台计算机的程式设计课在图书馆开。",
    "透过现象看本质，是领导干部的基本功。",
    "社群治理、民众路线、执行计画都是外来说法，这里不改。",
    "余、徵、着、覆、藉、瞭这些字这里都不动。",
]


@pytest.mark.parametrize("line", OWN_SIMPLIFIED)
def test_a_simplified_line_is_not_touched(line: str) -> None:
    assert normalise(line).text == line


def test_a_neutral_line_of_a_simplified_text_is_not_touched() -> None:
    text = "最佳化\n这是简体文本的标题。"
    assert normalise(text).text == text


def test_lines_are_judged_one_by_one() -> None:
    text = "我县的最佳化方案已经发布。\n環境最佳化方案已經發布。"
    assert normalise(text).text == "我县的最佳化方案已经发布。\n环境优化方案已经发布。"


def test_one_traditional_character_in_a_simplified_line() -> None:
    """It is converted alone: ambiguous characters and words of the line stay."""
    assert normalise("乾隆年间發生的事，最佳化不了。").text == "乾隆年间发生的事，最佳化不了。"


def test_simplified_units_of_the_shared_corpora_come_back_identical(
    shared_units: list[dict[str, Any]],
) -> None:
    # Traditional-only characters, full-width ASCII but for Chinese punctuation, spaces, what cannot be seen.
    marks = "".join(k for k in opencc.character_table() if len(k.encode("gb2312", "ignore")) != 2)
    junk = "\uff01-\uff5e\u2e80-\u2fdf\uf900-\ufaff\ue000-\uf8ff\u2000-\u200f\ufeff\u3000"
    touched = re.compile(f"[{marks}{junk}]")
    kept = str.maketrans("", "", "！（），：；？～")
    plain = [unit["text"] for unit in shared_units if not touched.search(unit["text"].translate(kept))]
    assert len(plain) > 14_000
    assert [text for text in plain if normalise(text).text != text] == []


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_conversions_of_shared_units_come_back(shared_units: list[dict[str, Any]], config: str) -> None:
    convert = OpenCC(config).convert
    texts = [unit["text"] for unit in shared_units[::12]]
    lost = [text for text in texts if normalise(convert(text)).text != normalise(text).text]
    assert len(lost) <= len(texts) // 200, lost


def test_normalising_is_total() -> None:
    """100,000 strings of everything that a rule knows, and of any code point."""
    chance = random.Random(20261126)
    known = [
        *opencc.character_table(),
        *opencc.phrase_table(),
        *opencc.simplified_forms(),
        *(entry.source for entry in variants()),
    ]
    tricky = [
        *"，。；：（）《》“”「」…—, ()\t\r\n\n\u3000\u2028\u200b\ufeff",
        *"\ue000\ud800\udfff\U0002f800\x00ĀāéＡ９％",
        *(
            "\r\n",
            "(jīng)",
            "（de）",
            "(jī\nng)",
            "第三条",
            "一是",
            "目录",
            "......",
            "马上就办",
            "馬上就辦，",
        ),
    ]
    for _ in range(100_000):
        size = chance.randrange(12)
        anything = map(chr, chance.choices(range(sys.maxunicode + 1), k=3))
        pieces = [*chance.choices(known, k=size), *chance.choices(tricky, k=size), *anything]
        source = "".join(chance.sample(pieces, k=chance.randrange(len(pieces) + 1)))
        text = normalise(source)
        start, end = text.span(0, len(text.text))
        assert text.source == source
        assert 0 <= start <= end <= len(source)


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("馬上就辦", "马上就办"),
        ("马上就办", "马上就办"),
        ("網際網路", "互联网"),
        ("人民", "人民"),
        ("\U00020000國", "\U00020000国"),
        ("\U00020000", "\U00020000"),
        ("\r\n馬上", "\n马上"),
        ("馬上\n马上\n", "马上\n马上\n"),
        ("１馬\u3000", "1马 "),
        ("馬\u200b", "马"),
        ("經(jīng)", "经"),
        ("馬上，\n", "马上，"),
    ],
)
def test_a_text_of_a_hundred_thousand_characters(piece: str, expected: str) -> None:
    """A step that is not linear in the length would not come back from these."""
    times = 100_000 // len(piece)
    text = normalise(piece * times)
    assert text.text.strip("\n") == (expected * times).strip("\n")
    assert text.span(0, len(text.text))[1] > 99_900
    assert detect_script(piece * times).script == detect_script(piece).script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("整治庸懒散，马上就办。", ("simplified", None)),
        ("整治庸懶散，馬上就辦。", ("traditional", "mainland")),
        ("落實網路資訊公開，沿著正確方向前進。", ("traditional", "taiwan")),
        ("本港各政策局局長向立法會説明施政報告，着力改善服務。", ("traditional", "hongkong")),
        ("整治庸懒散，马上就办；整治庸懶散，馬上就辦。", ("mixed", "mainland")),
        ("2025年1月", ("neutral", None)),
        ("", ("neutral", None)),
    ],
)
def test_detect_script(text: str, expected: tuple[str, str | None]) -> None:
    profile = detect_script(text)
    assert (profile.script, profile.region) == expected


def test_detect_script_counts_the_marks() -> None:
    profile = detect_script("马上就办，馬上就辦，馬上")
    assert (profile.simplified, profile.traditional) == (2, 3)


def test_one_quoted_character_does_not_make_a_text_mixed() -> None:
    text = "这份简体文本里面有许许多多简体的汉字，让人难以误认，却单单引了一个繁体汉字：國。"
    assert detect_script(text).script == "simplified"


def test_regions_of_shared_documents(shared_documents: list[dict[str, Any]]) -> None:
    hong_kong = [document["text"] for document in shared_documents if document["region"] == "香港"]
    profile = detect_script("\n".join(hong_kong))
    assert (profile.script, profile.region) == ("traditional", "hongkong")
    convert = {"mainland": OpenCC("s2t").convert, "taiwan": OpenCC("s2twp").convert}
    mainland = [d["text"] for d in shared_documents if detect_script(d["text"]).script == "simplified"][::20]
    for region, share in (("mainland", 0.9), ("taiwan", 0.6)):
        found = [detect_script(convert[region](text[:5000])) for text in mainland]
        assert {profile.script for profile in found} == {"traditional"}
        assert sum(profile.region == region for profile in found) >= share * len(found)


def spans(source: str) -> list[tuple[int, int]]:
    text = normalise(source)
    return [text.span(cut.start, cut.end) for cut in cut_units(text)]


def assert_spans_are_exact(source: str) -> None:
    end = 0
    for start, stop in spans(source):
        assert end <= start < stop <= len(source)
        unit = source[start:stop]
        # An exact span begins and ends with what the unit shows: no white space, no neighbour's end.
        assert unit == unit.strip()
        assert not source[end:start].strip(INVISIBLE), source[end:start]
        end = stop
    assert not source[end:].strip(INVISIBLE)


INVISIBLE = "".join(chr(c) for c in (*range(0x21), *range(0x7F, 0xA1), 0xAD, 0x3000, 0xFEFF)) + "".join(
    chr(c)
    for c in (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x2060, 0x2070), *range(0xE000, 0xF900))
)


def test_spans_of_shared_documents(shared_documents: list[dict[str, Any]]) -> None:
    for document in shared_documents:
        assert_spans_are_exact(document["text"])


def test_normalising_shared_documents_twice_changes_nothing(shared_documents: list[dict[str, Any]]) -> None:
    for document in shared_documents[::4]:
        once = normalise(document["text"]).text
        assert normalise(once).text == once


def test_spans_of_converted_documents(shared_documents: list[dict[str, Any]]) -> None:
    """The same documents in Traditional script, which are as long, have the same units."""
    convert = OpenCC("s2t").convert
    alike = total = 0
    for document in shared_documents[::3]:
        source = convert(document["text"])
        assert_spans_are_exact(source)
        if detect_script(document["text"]).script == "simplified":
            assert len(source) == len(document["text"])
            total += 1
            alike += spans(source) == spans(document["text"])
    assert alike == total


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("网路\t网络\t理由\t網路", "line 2: five filled columns expected"),
        ("网路\t网络\t\t網路\t网络", "line 2: five filled columns expected"),
        ("网路\t网络\t理由\t網路\t网络\n网路\t网路\t理由\t網路\t网络", "line 3: 网路 stands there twice"),
    ],
)
def test_a_broken_table_names_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, line: str, message: str
) -> None:
    (tmp_path / "variants.tsv").write_text(f"from\tto\treason\texample\texpected\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(script, "_FOLDER", tmp_path)
    with pytest.raises(LexiconError, match=message):
        variants.__wrapped__()


def test_the_table_is_saved_without_a_byte_order_mark() -> None:
    table = files("wuxing_nlp.text") / "variants.tsv"
    assert table.read_text(encoding="utf-8").startswith("from\t")

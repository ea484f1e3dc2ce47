"""Rubbish is told from text, and no real text is taken for rubbish."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from wuxing_nlp.documents.pdf.garble import exchange_of, garble_of, is_unreadable

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "corpus" / "samples").glob("*.txt"))
TEXT = "各乡镇要把防汛责任落到人头，水位超过警戒线时，先转移老人和孩子，再抢运物资，不得迟报瞒报。"
TRADITIONAL = "各區公所應於颱風來襲前完成抽水站檢修，並公布避難所位置；逾期未完成者，追究主管責任。"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_no_rubbish(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert garble_of(text) == exchange_of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.5%",
        TEXT,
        TRADITIONAL,
        "The annual report was adopted. " * 5,
        "Le procès-verbal a été approuvé à l’unanimité après une brève délibération. " * 3,
        "Годовой отчёт был утверждён единогласно. " * 3,
        "+86 (791) 8888-0000 / +86 (791) 8888-0001; " * 4 + "联系电话",
        f"{TEXT * 40}\ue001",
    ],
)
def test_text_is_no_rubbish(text: str) -> None:
    assert garble_of(text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\ue001\ue002\ue003" * 20, "no meaning"),
        ("�" * 5, "no meaning"),
        (TEXT + "\x01\x02\x03\x04" * 20, "no meaning"),
        (TEXT.encode("gb18030").decode("latin-1"), "wrong encoding"),
        (TEXT.encode("utf-8").decode("gb18030", "ignore"), "common ones"),
        (TRADITIONAL.encode("big5").decode("gb18030", "ignore"), "no meaning"),
        ("#$%&'()*+,-./" * 5, "ASCII signs"),
    ],
)
def test_rubbish_is_named(text: str, reason: str) -> None:
    assert reason in garble_of(text)


def test_what_a_reader_left_out_counts() -> None:
    assert "30 characters have no meaning" in garble_of(TEXT, 30)
    assert garble_of(TEXT, 5) == ""


@pytest.mark.parametrize("character", ["\x00", "\x1f", "\x7f", "\ufffd", "\ue000", "\U000f0000", "\u0378"])
def test_what_no_reader_could_see_is_unreadable(character: str) -> None:
    assert is_unreadable(character)


@pytest.mark.parametrize("character", ["a", "一", "。", " ", "\n", "\u3000", "㊣", "\U00020000", "\u200b"])
def test_anything_else_is_not(character: str) -> None:
    assert not is_unreadable(character)


def exchanged(text: str, seed: int) -> str:
    """The text with every character in the place of another."""
    characters = sorted(set(text))
    others = characters.copy()
    Random(seed).shuffle(others)
    return text.translate(str.maketrans("".join(characters), "".join(others)))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(5))
def test_exchanged_characters_are_noticed(path: Path, seed: int) -> None:
    text = path.read_text(encoding="utf-8") * 3
    assert "exchanged" in exchange_of(exchanged(text, seed))


def test_a_short_text_is_not_judged_by_its_words() -> None:
    assert exchange_of(exchanged(TEXT, 1)) == ""


def test_no_real_document_is_taken_for_rubbish(shared_documents: list[dict[str, Any]]) -> None:
    taken = [it["document"] for it in shared_documents if garble_of(it["text"]) or exchange_of(it["text"])]
    assert taken == []


def test_real_documents_with_exchanged_characters_are_noticed(shared_documents: list[dict[str, Any]]) -> None:
    judged = [it["text"] for it in shared_documents[::10] if len(it["text"]) > 1_000]
    noticed = sum(exchange_of(exchanged(text, 1)) != "" for text in judged)
    assert len(judged) > 20
    assert noticed >= 0.98 * len(judged)

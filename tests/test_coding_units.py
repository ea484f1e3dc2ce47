"""Coded units and labels: what they accept, and that a label finds only its own text."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding.units import CodedUnit, Label, text_sha1
from wuxing_nlp.errors import CodebookError, CorpusError

CODES = st.sets(st.sampled_from(load_codebook().codes))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


def unit(text: str = "镇里把办事窗口搬进了集市。", codes: tuple[str, ...] = ("F2",)) -> CodedUnit:
    return CodedUnit("u-1", text, codes, "work_report", "doc-1", "owner/name", "a.txt#3", 2, "random")


def test_codes_are_checked_and_brought_to_the_order_of_the_codebook() -> None:
    assert unit(codes=("Z1", "J-", "J!")).codes == ("J!-", "Z1")
    assert unit(codes=()).codes == ()


def test_an_unknown_code_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(CodebookError, match=r"Z9.*Z1"):
        unit(codes=("Z9",))


def test_letters_are_those_of_the_codes() -> None:
    assert unit(codes=("D2", "D3", "P-")).letters == {"D", "P"}


def test_sha1_is_of_the_text_in_utf8() -> None:
    assert unit("窗口").sha1 == hashlib.sha1("窗口".encode()).hexdigest()


@pytest.mark.parametrize("text", ["", " \u3000\n"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(CorpusError, match="empty"):
        unit(text)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(CorpusError, match="surrogate"):
        unit("窗口\ud83d")


def test_a_unit_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        unit().text = "另一句"  # type: ignore[misc]


@given(TEXT, CODES)
def test_a_label_gives_back_its_unit_for_its_own_text(text: str, codes: set[str]) -> None:
    coded = unit(text, tuple(codes))
    label = Label.of(coded)
    assert label.length == len(text)
    assert label.with_text(text) == coded


@given(TEXT, TEXT)
def test_a_label_refuses_every_other_text(text: str, other: str) -> None:
    label = Label.of(unit(text))
    if other != text:
        with pytest.raises(CorpusError, match="another SHA-1"):
            label.with_text(other)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sha1": "ABC"}, "40 hexadecimal"),
        ({"sha1": "A" * 40}, "40 hexadecimal"),
        ({"length": 0}, "1 or more"),
    ],
)
def test_a_label_refuses_what_is_no_sha1_and_no_length(change: dict[str, object], message: str) -> None:
    fields = {
        "id": "u-1",
        "sha1": text_sha1("窗口"),
        "codes": (),
        "kind": "other",
        "source": "owner/name",
        "path": "a.txt",
        "document": "d",
        "fold": None,
        "sample": "",
        "length": 2,
    }
    with pytest.raises(CorpusError, match=message):
        Label(**fields | change)  # type: ignore[arg-type]

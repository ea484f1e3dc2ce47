"""Labels as people write them."""

from __future__ import annotations

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding.exchange.spelling import Spellings, labels_of, shown
from wuxing_nlp.errors import CorpusError

BOOK = load_codebook()
SPELLINGS = Spellings(BOOK)


@pytest.mark.parametrize("code", BOOK.codes)
def test_a_code_its_names_and_what_coders_see_mean_the_code(code: str) -> None:
    for label in (code, code.lower(), BOOK.name(code), BOOK.name(code, hant=True), shown(code, BOOK)):
        assert SPELLINGS.code(label) == code


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("政务服务", "F2"),
        ("政務服務", "F2"),
        ("Government  Services", "F2"),
        ("服务型政务服务", "F2"),
        ("F2 政务服务", "F2"),
        ("Ｆ２", "F2"),
        ("Ｐ！", "P!"),
        ("怕存在", "P!"),
        ("P_tackled", "P-"),
        ("担当型·整体", "D0"),
        ("J!-", "J!-"),
        ("假·存在并整治", "J!-"),
        ("J_both", "J!-"),
        ("0", "0"),
        ("无", "0"),
        ("None", "0"),
        ("0 无", "0"),
    ],
)
def test_other_spellings(label: str, code: str) -> None:
    assert SPELLINGS.code(label) == code


@pytest.mark.parametrize(
    ("label", "listed"),
    [("担当型", "D0, D1, D2, D3"), ("D", "D0, D1, D2, D3"), ("怕", "P!, P-"), ("p", "P!, P-")],
)
def test_a_name_that_can_mean_several_codes_is_refused(label: str, listed: str) -> None:
    with pytest.raises(CorpusError, match=f"the label '{label}' can mean {listed}; write the code"):
        SPELLINGS.code(label)


@pytest.mark.parametrize("label", ["", "D9", "F2,", "D1 政务服务", "服务"])
def test_an_unknown_label_is_refused_with_what_is_allowed(label: str) -> None:
    with pytest.raises(
        CorpusError, match=f"the label '{label}' is no code .*allowed are Z0 Z1 .*or 0 for none"
    ):
        SPELLINGS.code(label)


def test_both_stances_are_one_written_code() -> None:
    assert SPELLINGS.codes(["J-", "假·存在", "F2"]) == ("F2", "J!-")
    assert labels_of(("F2", "J!-"), BOOK) == ["F2", "J!", "J-"]


def test_none_alone_is_no_code_and_beside_others_an_error() -> None:
    assert SPELLINGS.codes(["0"]) == SPELLINGS.codes([]) == ()
    assert labels_of((), BOOK) == ["0"]
    with pytest.raises(CorpusError, match=r"'0' \(carries none\) stands beside D2"):
        SPELLINGS.codes(["D2", "无"])


def test_a_nested_choice_is_its_last_or_the_whole_path() -> None:
    assert SPELLINGS.codes([["服务型", "政务服务"], ["怕", "整治"], ["G1"]]) == ("F2", "G1", "P-")
    with pytest.raises(CorpusError, match="'服务型·别的' is no code"):
        SPELLINGS.codes([["服务型", "别的"]])

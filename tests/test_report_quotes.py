"""Units that are worth reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.batch import Record
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.report.quotes import LONGEST, Piece, Quotes, pieces, tagged, untagged

BOOK = load_codebook()
BOTH = "部分干部纪律松弛、吃拿卡要问题仍然存在，必须坚决整治。"
TACKLED = "坚决整治推诿扯皮、久拖不决。"
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda span: tuple(sorted(span))))


@given(text=st.text(max_size=30), spans=SPANS)
def test_pieces_are_the_text_and_marks_are_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    found = list(pieces(text, spans))
    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    marked = [piece.marked for piece in found for _ in piece.text]
    assert marked == [any(start <= at < end for start, end in spans) for at in range(len(text))]


def test_a_long_text_is_cut_around_its_strongest_evidence() -> None:
    text = 900 * "前" + "证据" + 900 * "后"
    found = list(pieces(text, [(900, 902), (3, 5)]))
    assert found[0] == found[-1] == Piece("…", False)
    assert Piece("证据", True) in found
    assert sum(len(piece.text) for piece in found) == LONGEST + 2
    assert list(pieces(900 * "长", [])) == [Piece(LONGEST * "长", False), Piece("…", False)]


def test_candidates_stand_under_every_base_code(make_record: Callable[..., Record]) -> None:
    record = make_record(f"{BOTH}\n{TACKLED}\n")
    found = tagged(record, BOOK)
    assert [candidate.number for candidate in found["S!"]] == [1]
    assert [candidate.number for candidate in found["S-"]] == [1]
    assert [candidate.number for candidate in found["P-"]] == [2]


def test_a_quote_says_where_it_stands_and_marks_its_evidence(make_record: Callable[..., Record]) -> None:
    record = make_record(f"某县通知\n{TACKLED}\n", "in/a.txt", title="某县通知")
    quotes = Quotes(3)
    quotes.offer("P-", record, 0, tagged(record, BOOK)["P-"])
    [quote] = quotes["P-"]
    assert (quote.document, quote.title, quote.unit, quote.label) == ("in/a.txt", "某县通知", 2, "P-")
    assert "".join(piece.text for piece in quote.pieces) == TACKLED
    tag = next(tag for tag in record["units"][1]["tags"] if tag["code"] == "P-")
    words = {record["units"][1]["text"][e["start"] - 5 : e["end"] - 5] for e in tag["evidence"]}
    assert "推诿" in "".join(words)
    assert all(any(word in piece.text for piece in quote.pieces if piece.marked) for word in words)


def test_units_that_are_equally_sure_come_from_different_documents(
    make_record: Callable[..., Record],
) -> None:
    quotes = Quotes(3)
    lines = ("坚决整治推诿扯皮。", "严禁推诿扯皮、敷衍塞责。", "决不允许推诿扯皮。", "着力整治推诿扯皮行为。")
    for order, some in enumerate((lines[:3], lines[3:])):
        record = make_record("\n".join(some), f"{order}.txt")
        quotes.offer("P-", record, order, tagged(record, BOOK)["P-"])
    found = quotes["P-"]
    assert len(found) == 3
    assert {quote.document for quote in found[:2]} == {"0.txt", "1.txt"}


def test_no_text_is_quoted_twice(make_record: Callable[..., Record]) -> None:
    quotes = Quotes(3)
    for order in range(3):
        record = make_record(f"{TACKLED}\n{TACKLED}\n", f"{order}.txt")
        quotes.offer("P-", record, order, tagged(record, BOOK)["P-"])
    assert [quote.document for quote in quotes["P-"]] == ["0.txt"]


def test_a_heading_that_nothing_was_offered_for_is_empty() -> None:
    assert Quotes(3)["Z1"] == []


@pytest.mark.parametrize(("line", "status"), [("短。", "too_short"), ("Made in Jiangxi 制造", "not_chinese")])
def test_units_without_labels_stand_under_their_status(
    make_record: Callable[..., Record], line: str, status: str
) -> None:
    record = make_record(f"{TACKLED}\n{line}\n")
    found = untagged(record, BOOK, ("too_short", "not_chinese"))
    assert [(status, [candidate.number for candidate in some]) for status, some in found.items()] == [
        (status, [2])
    ]

"""The units that say most, and the words of their evidence."""

from __future__ import annotations

from wuxing_nlp.batch import Record
from wuxing_nlp.batch.telling import most_telling, surest_tag, words_of


def unit(start: int, *tags: tuple[str, float]) -> Record:
    return {
        "start": start,
        "text": "坚决整治推诿扯皮",
        "labels": sorted({code[0] for code, _ in tags}),
        "tags": [{"code": code, "probability": p} for code, p in tags],
    }


def test_the_surest_unit_of_each_letter_comes_first() -> None:
    units = [unit(0, ("D1", 0.9)), unit(1, ("D1", 0.95)), unit(2, ("P-", 0.5)), unit(3), unit(4, ("S!", 0.4))]
    assert [one["start"] for one in most_telling(units)] == [1, 2, 4]
    assert [one["start"] for one in most_telling(units, 4)] == [1, 2, 4, 0]
    assert [one["start"] for one in most_telling(units[:2])] == [1, 0]
    assert most_telling([unit(3)]) == []


def test_the_surest_tag_of_a_unit() -> None:
    assert surest_tag(unit(0, ("D1", 0.4), ("P-", 0.6)))["code"] == "P-"


def test_words_of_evidence_come_once_and_in_order() -> None:
    spans = [{"start": 14, "end": 16}, {"start": 10, "end": 12}, {"start": 14, "end": 16}]
    assert words_of(unit(10), spans) == ["推诿", "坚决"]

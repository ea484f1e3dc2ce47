"""Counts of labels over documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wuxing_nlp.batch import Record
from wuxing_nlp.report.tally import Tally

BOTH = "部分干部纪律松弛、吃拿卡要问题仍然存在，必须坚决整治。"
TACKLED = "坚决整治推诿扯皮、久拖不决。"
PLAIN = "第三中学操场于八月底完工。"


@pytest.fixture(scope="module")
def records(make_record: Callable[..., Record]) -> list[Record]:
    return [make_record(f"{BOTH}\n{PLAIN}\n"), make_record(f"{TACKLED}\n{PLAIN}\n短。\n")]


def tally_of(records: list[Record]) -> Tally:
    tally = Tally()
    for record in records:
        tally.add(record)
    return tally


def test_a_document_counts_as_its_profile_says(records: list[Record]) -> None:
    tally, profile = tally_of(records[:1]), records[0]["profile"]
    assert (tally.documents, tally.units, tally.coded) == (1, profile["units"], profile["coded"])
    assert tally.labels["S"] == 1
    assert {label: tally.labels[label] for label in profile["letters"]} == profile["letters"]
    assert tally.share("S") == pytest.approx(records[0]["profile"]["shares"]["S"], abs=5e-5)


def test_tallies_add_up(records: list[Record]) -> None:
    whole = tally_of(records[:1])
    whole.merge(tally_of(records[1:]))
    assert whole == tally_of(records)
    assert whole.units == 5
    assert whole.statuses["too_short"] == 1


def test_a_problem_with_both_stances_is_counted_as_both(records: list[Record]) -> None:
    whole = tally_of(records)
    assert (whole.labels["S!"], whole.labels["S-"], whole.both("S")) == (1, 1, 1)
    assert (whole.labels["P-"], whole.both("P")) == (1, 0)


def test_nothing_coded_is_a_share_of_nothing() -> None:
    assert Tally().share("Z") == 0.0


def test_furniture_is_not_coded(make_record: Callable[..., Record]) -> None:
    text = "目录\n一、工作回顾……1\n二、工作安排……9\n三、自身建设……20\n" + 3 * f"{TACKLED}\n"
    record = make_record(text)
    furniture = sum(unit["kind"] == "furniture" for unit in record["units"])
    short = sum(unit["kind"] == "furniture" and unit["status"] == "too_short" for unit in record["units"])
    assert furniture > 0
    assert tally_of([record]).furniture == furniture - short

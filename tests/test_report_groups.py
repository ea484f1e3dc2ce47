"""Documents in groups."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wuxing_nlp.batch import Record
from wuxing_nlp.errors import ReportError
from wuxing_nlp.report.groups import LONGEST_KEY, MOST_KEPT, Groups, grouping, year_of

TEXT = "坚决整治推诿扯皮、久拖不决。\n第三中学操场于八月底完工。\n"


@pytest.fixture(scope="module")
def record(make_record: Callable[..., Record]) -> Record:
    fields = {"来源": "信箱", "region": "自填"}
    return make_record(TEXT, fields=fields, region="江西省", date="2023-05", kind="通知")


def with_field(record: Record, value: str) -> Record:
    return record | {"fields": {"来源": value}}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("region", "江西省"),
        ("year", "2023"),
        ("date", "2023-05"),
        ("kind", "通知"),
        ("issuer", ""),
        ("script", "simplified"),
        ("来源", "信箱"),
        ("region (input)", "自填"),
    ],
)
def test_a_document_has_the_group_that_the_name_asks_for(record: Record, name: str, key: str) -> None:
    assert grouping(name, ["来源", "region"]).key(record) == key


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(ReportError, match=r"'省份'; they have year, script, title, .*, kind, 来源"):
        grouping("省份", ["来源"])


def test_a_document_of_another_table_has_not_the_column(record: Record) -> None:
    assert grouping("来源", ["来源"]).key(record | {"fields": {}}) == ""


@pytest.mark.parametrize(
    ("date", "year"),
    [("2024-01-05", "2024"), ("1998", "1998"), ("", ""), ("上月", ""), ("2021年3月", "2021")],
)
def test_years_come_from_dates(record: Record, date: str, year: str) -> None:
    assert year_of(record | {"metadata": {"date": date}}) == year


def test_groups_are_counted_and_the_largest_shown(record: Record) -> None:
    groups = Groups(grouping("来源", ["来源"]))
    for key, times in (("甲", 1), ("乙", 3), (" 丙 ", 2), ("", 4)):
        for _ in range(times):
            groups.add(with_field(record, key))
    table = groups.table(2)
    assert [(row.key, row.tally.documents) for row in table.rows] == [("乙", 3), ("丙", 2)]
    assert (table.rest.documents, table.hidden, table.unsaid.documents) == (1, 1, 4)
    assert [row.key for row in groups] == ["丙", "乙", "甲"]
    assert not groups.overflowed


def test_years_are_shown_in_order(record: Record) -> None:
    groups = Groups(grouping("year", []))
    for date in ("2024", "2022", "2023", "2024"):
        groups.add(record | {"metadata": record["metadata"] | {"date": date}})
    assert [row.key for row in groups.table(9).rows] == ["2022", "2023", "2024"]


def test_memory_is_flat_and_nothing_is_lost_however_many_groups_there_are(record: Record) -> None:
    groups = Groups(grouping("来源", ["来源"]))
    more = 7
    for number in range(MOST_KEPT + more):
        groups.add(with_field(record, f"第{number}类"))
    groups.add(with_field(record, "第3类"))
    table = groups.table(1)
    assert groups.overflowed
    assert len(list(groups)) == MOST_KEPT
    assert [(row.key, row.tally.documents) for row in table.rows] == [("第3类", 2)]
    assert (table.hidden, table.rest.documents) == (MOST_KEPT - 1, MOST_KEPT - 1 + more)


def test_a_long_key_is_cut(record: Record) -> None:
    groups = Groups(grouping("来源", ["来源"]))
    groups.add(with_field(record, 5000 * "长"))
    assert [row.key for row in groups] == [LONGEST_KEY * "长"]

"""What one pass over a run gathers."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

import pytest

from wuxing_nlp.batch import Record
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.report.groups import grouping
from wuxing_nlp.report.survey import MOST_DOCUMENTS, Survey

BOOK = load_codebook()
LINE = "坚决整治推诿扯皮、久拖不决。"


@pytest.fixture(scope="module")
def record(make_record: Callable[..., Record]) -> Record:
    return make_record(f"{LINE}\n短。\n", date="2023", kind="通知", region="江西省", fields={"批次": "一"})


def test_everything_is_counted_once(record: Record) -> None:
    survey = Survey(BOOK, [grouping("批次", ["批次"])])
    for _ in range(3):
        survey.add(record)
    assert (survey.whole.documents, survey.whole.units) == (3, 6)
    for groups, key in (
        (survey.kinds, "通知"),
        (survey.regions, "江西省"),
        (survey.years, "2023"),
        (survey.scripts, "simplified"),
        (survey.measured_kinds, "notice"),
        (survey.groups[0], "一"),
    ):
        assert [(row.key, row.tally.documents) for row in groups] == [(key, 3)], groups.name
    assert [quote.unit for quote in survey.telling["P-"]] == [1]
    assert [quote.unit for quote in survey.examples["too_short"]] == [2]


def test_the_documents_with_most_coded_units_are_shown_in_their_order(record: Record) -> None:
    survey = Survey(BOOK)
    for number in range(2 * MOST_DOCUMENTS):
        # Every second document is one that has more to show.
        profile = record["profile"] | {"coded": 9 if number % 2 else 1}
        survey.add(record | {"document": f"{number}.txt", "profile": profile})
    assert [row.name for row in survey.documents] == [f"{n}.txt" for n in range(1, 2 * MOST_DOCUMENTS, 2)]


def test_results_without_text_give_counts_and_no_quotes(record: Record) -> None:
    units = [{key: value for key, value in unit.items() if key != "text"} for unit in record["units"]]
    survey = Survey(BOOK)
    survey.add(record | {"units": units})
    assert survey.whole.labels["P"] == 1
    assert survey.telling["P-"] == survey.examples["too_short"] == []


def test_a_document_without_units_counts(record: Record) -> None:
    survey = Survey(BOOK)
    survey.add(record | {"units": []})
    assert survey.whole.documents == 1


def test_memory_stays_flat(record: Record) -> None:
    survey = Survey(BOOK)
    sizes = []
    tracemalloc.start()
    try:
        for number in range(3_000):
            survey.add(record | {"document": f"{number}.txt"})
            if number in (299, 2_999):
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert sizes[1] - sizes[0] < 20_000

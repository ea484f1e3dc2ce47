"""A model's figures, for a run's kinds of document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wuxing_nlp.batch import Record
from wuxing_nlp.batch.measured import measured
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.documents.metadata.kinds import KINDS
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.report.survey import Survey
from wuxing_nlp.report.trust import letter_figures, measured_kind, part_figures

BOOK = load_codebook()


@pytest.fixture(scope="module")
def figures(tagger: Tagger) -> dict[str, Any]:
    return measured(tagger.model)


def test_letters_have_the_cards_figures(figures: dict[str, Any]) -> None:
    rows = letter_figures(figures, BOOK.letters)
    assert [row.letter for row in rows] == list(BOOK.letters)
    for row in rows:
        assert row._asdict().items() >= figures["letters"][row.letter].items()
        assert [row.low, row.high] == figures["intervals"][row.letter]
        assert row.low is not None
        assert row.f1 is not None
        assert row.high is not None
        assert 0 < row.low < row.f1 < row.high < 1
        assert row.calibration_error == figures["calibration_error"][row.letter]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("政府工作报告", "work_report"),
        ("施政报告", "policy_address"),
        ("通知", "notice"),
        ("投诉留言", "case"),
        ("work_report", "work_report"),
        ("决议", ""),
        ("", ""),
    ],
)
def test_kinds_are_matched_to_measured_ones(kind: str, name: str) -> None:
    assert measured_kind({"metadata": {"kind": kind}}) == name


def test_every_kind_that_is_matched_is_measured(figures: dict[str, Any]) -> None:
    names = {measured_kind({"metadata": {"kind": kind}}) for kind in KINDS}
    assert len(names) > 4
    assert names - {""} <= set(figures["by_kind"])


def test_parts_have_the_runs_documents_beside_the_figures(
    figures: dict[str, Any], make_record: Callable[..., Record]
) -> None:
    survey = Survey(BOOK)
    for kind in ("通知", "通知", "决议"):
        survey.add(make_record("坚决整治推诿扯皮。", kind=kind))
    notice, rest = part_figures(figures["by_kind"], survey.measured_kinds.table(9))
    known = figures["by_kind"]["notice"]
    assert notice == ("notice", 2, known["units"], known["micro_f1"], known["macro_f1"])
    assert rest == ("", 1, 0, None, None)

"""How far to trust a run: its model's measured figures, for its kinds of document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.report.groups import Row, Table

_MEASURED_AS = {
    "政府工作报告": "work_report",
    "施政报告": "policy_address",
    "通知": "notice",
    "投诉留言": "case",
    "讲话": "other",
    "新闻": "other",
}
"""Kinds of document → the kind of measured units that they are like. Of the others too few units were
measured to tell."""

_MEASURED = ("work_report", "congress_report", "policy_address", "notice", "case", "other")


class LetterFigures(NamedTuple):
    """How well a letter is found, between 0 and 1; None where that is not defined. ``units`` are the
    measured ones that carry it, ``low`` to ``high`` is the 95 % interval of ``f1``."""

    letter: str
    units: int
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None
    high: float | None
    calibration_error: float | None


class PartFigures(NamedTuple):
    """How well letters are found in one kind of text, between 0 and 1, and how many documents of it the
    run has. Figures are None, and ``units`` 0, where nothing of the kind was measured."""

    name: str
    documents: int
    units: int
    micro_f1: float | None
    macro_f1: float | None


def measured_kind(record: Record) -> str:
    """The kind of measured units that a document is like; "" where there is none."""
    kind: str = record["metadata"]["kind"]
    return kind if kind in _MEASURED else _MEASURED_AS.get(kind, "")


def letter_figures(measured: Mapping[str, Any], letters: Sequence[str]) -> list[LetterFigures]:
    """The figures of each letter, of those that a run records."""
    return [
        LetterFigures(
            letter,
            **{name: measured["letters"][letter][name] for name in ("units", "precision", "recall", "f1")},
            low=measured["intervals"][letter][0],
            high=measured["intervals"][letter][1],
            calibration_error=measured["calibration_error"][letter],
        )
        for letter in letters
    ]


def part_figures(measured: Mapping[str, Any], table: Table) -> list[PartFigures]:
    """The figures of the parts that a run's documents fall into; those that fall into none come last,
    under "".

    Args:
        measured: figures by the name of a part.
        table: the run's documents by the same names.
    """
    nothing = {"units": 0, "micro_f1": None, "macro_f1": None}
    rows = [row for row in (*table.rows, Row("", table.unsaid)) if row.tally.documents]
    found = ((row, measured.get(row.key, nothing)) for row in rows)
    return [
        PartFigures(row.key, row.tally.documents, known["units"], known["micro_f1"], known["macro_f1"])
        for row, known in found
    ]

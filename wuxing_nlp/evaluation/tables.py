"""Score tables for people: rows of strings for a terminal, and Markdown for a model card."""

from __future__ import annotations

import math

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import Interval, IntervalTable
from wuxing_nlp.evaluation.scores import Averages, Scores, ScoreTable

UNDEFINED = "–"
"""Printed in the place of nan: a share of nothing."""


def score_rows(
    table: ScoreTable, *, intervals: IntervalTable | None = None, baseline: ScoreTable | None = None
) -> list[list[str]]:
    """The header and one row a label, then ``micro`` and ``macro``; every row equally long.

    Columns: label, units that truly have it, precision, recall, F1; with ``intervals`` the interval
    of F1, with ``baseline`` the baseline's F1. Figures have three decimals; ``–`` stands for nan.

    Raises:
        EvaluationError: intervals or baseline are of other labels than the table.
    """
    rows = _lines(table, table)
    columns = [
        ["label", *table.labels, "micro", "macro"],
        ["units", *(str(row.support) for row in (*table.labels.values(), table.micro)), ""],
        ["precision", *(_figure(row.precision) for row in rows)],
        ["recall", *(_figure(row.recall) for row in rows)],
        ["F1", *(_figure(row.f1) for row in rows)],
    ]
    if intervals is not None:
        _check_labels(table, intervals, "intervals")
        cells = (*(intervals.labels[label] for label in table.labels), intervals.micro, intervals.macro)
        columns.append([f"F1 {100 * intervals.level:g} % interval", *map(_interval, cells)])
    if baseline is not None:
        _check_labels(table, baseline, "baseline")
        columns.append(["baseline F1", *(_figure(row.f1) for row in _lines(baseline, table))])
    return [list(row) for row in zip(*columns, strict=True)]


def markdown_table(
    table: ScoreTable, *, intervals: IntervalTable | None = None, baseline: ScoreTable | None = None
) -> str:
    """The rows of :func:`score_rows` as a Markdown table, figures to the right, ending in a line break."""
    header, *rows = score_rows(table, intervals=intervals, baseline=baseline)
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "".join(f"| {' | '.join(map(_escaped, row))} |\n" for row in (header, rule, *rows))


def _lines(table: ScoreTable, order: ScoreTable) -> list[Scores | Averages]:
    """Every line of the table, its labels in the order of the other."""
    return [*(table.labels[label] for label in order.labels), table.micro, table.macro]


def _figure(value: float) -> str:
    return UNDEFINED if math.isnan(value) else f"{value:.3f}"


def _interval(interval: Interval) -> str:
    if math.isnan(interval.low):
        return UNDEFINED
    return f"{_figure(interval.low)} to {_figure(interval.high)}"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


def _check_labels(table: ScoreTable, other: ScoreTable | IntervalTable, name: str) -> None:
    if table.labels.keys() != other.labels.keys():
        raise EvaluationError(
            f"the table is of {' '.join(table.labels)}, the {name} of {' '.join(other.labels)}; "
            "score both on the same labels"
        )

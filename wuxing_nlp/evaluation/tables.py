"""Tables for people: figures as strings, rows of scores, and rows as Markdown and LaTeX."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from enum import StrEnum

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import Interval, IntervalTable
from wuxing_nlp.evaluation.scores import Averages, Scores, ScoreTable


class Form(StrEnum):
    """What a table is printed or written as."""

    TABLE = "table"
    MARKDOWN = "markdown"
    LATEX = "latex"
    CSV = "csv"
    JSON = "json"


UNDEFINED = "—"
"""Printed in the place of nan: a share of nothing."""


def score_rows(
    table: ScoreTable, *, intervals: IntervalTable | None = None, baseline: ScoreTable | None = None
) -> list[list[str]]:
    """The header and one row a label, then ``micro`` and ``macro``; every row equally long.

    Columns: label, units that truly have it, precision, recall, F1; with ``intervals`` the interval
    of F1, with ``baseline`` the baseline's F1. Figures have three decimals; ``—`` stands for nan.

    Raises:
        EvaluationError: intervals or baseline are of other labels than the table.
    """
    rows = _lines(table, table)
    columns = [
        ["label", *table.labels, "micro", "macro"],
        ["units", *(str(row.support) for row in (*table.labels.values(), table.micro)), ""],
        ["precision", *(figure(row.precision) for row in rows)],
        ["recall", *(figure(row.recall) for row in rows)],
        ["F1", *(figure(row.f1) for row in rows)],
    ]
    if intervals is not None:
        _check_labels(table, intervals, "intervals")
        cells = (*(intervals.labels[label] for label in table.labels), intervals.micro, intervals.macro)
        columns.append([f"F1 {100 * intervals.level:g} % interval", *map(span, cells)])
    if baseline is not None:
        _check_labels(table, baseline, "baseline")
        columns.append(["baseline F1", *(figure(row.f1) for row in _lines(baseline, table))])
    return [list(row) for row in zip(*columns, strict=True)]


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A header and rows as a Markdown table, figures to the right, ending in a line break."""
    header, *others = [[" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in rows]
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (header, rule, *others))


def latex(rows: Sequence[Sequence[str]]) -> str:
    """A header and rows as a LaTeX ``tabular``, which needs no package but one for Chinese, such as ctex."""
    header, *others = [" & ".join(map(escaped_latex, row)) + r" \\" for row in rows]
    begin, end = rf"\begin{{tabular}}{{l{'r' * (len(rows[0]) - 1)}}}", r"\end{tabular}"
    lines = [begin, r"\hline", header, r"\hline", *others, r"\hline", end]
    return "".join(f"{line}\n" for line in lines)


_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "κ": r"$\kappa$",
    "α": r"$\alpha$",
    "—": "---",
    "–": "--",
} | {sign: f"\\{sign}" for sign in "&%$#_{}"}
_TO_ESCAPE = re.compile("|".join(map(re.escape, _LATEX)))


def escaped_latex(cell: str) -> str:
    """A cell as LaTeX prints it, on one line."""
    return _TO_ESCAPE.sub(lambda match: _LATEX[match[0]], " ".join(cell.split()))


def _lines(table: ScoreTable, order: ScoreTable) -> list[Scores | Averages]:
    """Every line of the table, its labels in the order of the other."""
    return [*(table.labels[label] for label in order.labels), table.micro, table.macro]


def figure(value: float) -> str:
    """A figure with three decimals; ``—`` for nan."""
    return UNDEFINED if math.isnan(value) else f"{value:.3f}"


def span(interval: Interval) -> str:
    """The ends of an interval; ``—`` where it has none."""
    if math.isnan(interval.low):
        return UNDEFINED
    return f"{figure(interval.low)} to {figure(interval.high)}"


def _check_labels(table: ScoreTable, other: ScoreTable | IntervalTable, name: str) -> None:
    if table.labels.keys() != other.labels.keys():
        raise EvaluationError(
            f"the table is of {' '.join(table.labels)}, the {name} of {' '.join(other.labels)}; "
            "score both on the same labels"
        )

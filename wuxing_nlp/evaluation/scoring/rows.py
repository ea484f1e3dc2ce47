"""Scores as rows of strings, for people."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.bootstrap import Interval
from wuxing_nlp.evaluation.scoring.comparison import ContrastRow
from wuxing_nlp.evaluation.scoring.findings import Findings
from wuxing_nlp.evaluation.scoring.table import AVERAGES, LevelTable, ScoreRow
from wuxing_nlp.evaluation.tables import UNDEFINED, figure

Rows = list[list[str]]

_AVERAGES = {"micro": "微平均", "macro": "宏平均", "weighted": "加权平均"}


def name_of(label: str, naming: Naming) -> str:
    """The name of a label or an average."""
    return naming.say(_AVERAGES[label], label) if label in AVERAGES else naming.name(label)


def level_rows(table: LevelTable, naming: Naming, level: float, *, full: bool) -> Rows:
    """The header, the labels and the averages of a level.

    Args:
        table: the level's scores.
        naming: the words of the table.
        level: confidence of the intervals.
        full: with the units that got a label, and the Brier score.
    """
    header = [
        naming.say("标签", "label"),
        naming.say("单位", "units"),
        naming.say("给出", "given"),
        naming.say("精确率", "precision"),
        naming.say("召回率", "recall"),
        "F1",
        _interval_head(naming, level),
        "AP",
        "ECE",
        "Brier",
    ]
    rows = [header, *(_cells(row, naming) for row in table.rows)]
    return rows if full else [[*row[:2], *row[3:-1]] for row in rows]


def _cells(row: ScoreRow, naming: Naming) -> list[str]:
    sums = row.label in AVERAGES[1:]  # which are of all units, and said once
    return [
        _label(row.label, naming),
        "" if sums else f"{row.support:,}",
        "" if sums else f"{row.predicted:,}",
        figure(row.precision.point),
        figure(row.recall.point),
        figure(row.f1.point),
        ends(row.f1),
        *map(figure, (row.average_precision, row.calibration_error, row.brier)),
    ]


def _label(label: str, naming: Naming) -> str:
    return name_of(label, naming) if label in AVERAGES else naming.label(label)


def _interval_head(naming: Naming, level: float) -> str:
    return f"{100 * level:g} % {naming.say('区间', 'interval')}"


def ends(interval: Interval) -> str:
    """The ends of an interval of figures that are never negative; ``—`` where it has none."""
    if math.isnan(interval.low):
        return UNDEFINED
    return f"{figure(interval.low)}–{figure(interval.high)}"


def group_rows(found: Findings, level: str, naming: Naming) -> Rows:
    """The header, and micro-F1 and macro-F1 of every group at a level."""
    interval = _interval_head(naming, found.whole.resampling.level)
    header = [
        naming.say("组", "group"),
        naming.say("单位", "units"),
        naming.say("文档", "documents"),
        *(head for name in AVERAGES[:2] for head in (f"{name_of(name, naming)} F1", interval)),
    ]
    rows = [
        [
            f"{by}: {group or UNDEFINED}",
            f"{scored.units:,}",
            f"{scored.documents:,}",
            *(
                cell
                for row in scored.levels[level].averages[:2]
                for cell in (figure(row.f1.point), ends(row.f1))
            ),
        ]
        for (by, group), scored in found.groups.items()
    ]
    return [header, *rows]


def contrast_rows(rows: Sequence[ContrastRow], naming: Naming, level: float) -> Rows:
    """The header, the labels and the averages of a level of a comparison."""
    header = [
        naming.say("标签", "label"),
        naming.say("单位", "units"),
        "F1",
        naming.say("对照 F1", "other F1"),
        naming.say("差", "difference"),
        _interval_head(naming, level),
        "p",
        naming.say("p（Holm）", "p (Holm)"),
    ]
    return [header, *(_contrast_cells(row, naming) for row in rows)]


def _contrast_cells(row: ContrastRow, naming: Naming) -> list[str]:
    return [
        _label(row.label, naming),
        "" if row.label in AVERAGES[1:] else f"{row.support:,}",
        figure(row.f1),
        figure(row.other),
        signed(row.difference.point),
        _signed_ends(row.difference, naming),
        figure(row.p),
        "" if row.label in AVERAGES else figure(row.adjusted),
    ]


def _signed_ends(interval: Interval, naming: Naming) -> str:
    if math.isnan(interval.low):
        return UNDEFINED
    return f"{signed(interval.low)} {naming.say('至', 'to')} {signed(interval.high)}"


def signed(value: float) -> str:
    """A difference with its sign and three decimals; ``—`` for nan."""
    return UNDEFINED if math.isnan(value) else f"{value:+.3f}".replace("-", "−")

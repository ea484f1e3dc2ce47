"""Scores as plain records, for files that programs read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.bootstrap import Interval
from wuxing_nlp.evaluation.scoring.comparison import Contrast
from wuxing_nlp.evaluation.scoring.curves import Curves
from wuxing_nlp.evaluation.scoring.findings import Findings
from wuxing_nlp.evaluation.scoring.rows import name_of
from wuxing_nlp.evaluation.scoring.table import Scored, ScoreRow
from wuxing_nlp.evaluation.tables import kept

Record = dict[str, Any]

STANCE = "stance"
"""Level, and label, of the record of stances: of ``support`` found problems the ``share`` is right."""

_STANCES = ("态度正确的占比", "share with the right stance")


def score_records(found: Findings, naming: Naming, levels: Sequence[str]) -> list[Record]:
    """A record for every label and average of some levels, and one for stances; of the whole (``by`` and
    ``group`` are empty), then of every group. Figures have six decimals, None stands for nan."""
    parts = [(("", ""), found.whole), *found.groups.items()]
    return [
        {"by": by, "group": group, **record}
        for (by, group), scored in parts
        for record in _of_scored(scored, naming, levels)
    ]


def _of_scored(scored: Scored, naming: Naming, levels: Sequence[str]) -> Iterator[Record]:
    for level in levels:
        for row in scored.levels[level].rows:
            yield {"level": level, **_of_row(row, naming), **_ends("share", None)}
    if scored.found:
        unknown = dict.fromkeys(_of_row(scored.levels[levels[0]].rows[0], naming))
        name = {"label": STANCE, "name": naming.say(*_STANCES), "support": scored.found}
        yield {"level": STANCE, **unknown, **name, **_ends("share", scored.stance)}


def _of_row(row: ScoreRow, naming: Naming) -> Record:
    return {
        "label": row.label,
        "name": name_of(row.label, naming),
        "support": row.support,
        "predicted": row.predicted,
        **_ends("precision", row.precision),
        **_ends("recall", row.recall),
        **_ends("f1", row.f1),
        "average_precision": kept(row.average_precision),
        "calibration_error": kept(row.calibration_error),
        "brier": kept(row.brier),
    }


def contrast_records(contrast: Contrast, naming: Naming, levels: Sequence[str]) -> list[Record]:
    """A record for every label and average of some levels of a comparison."""
    return [
        {
            "level": level,
            "label": row.label,
            "name": name_of(row.label, naming),
            "support": row.support,
            "f1": kept(row.f1),
            "other_f1": kept(row.other),
            **_ends("difference", row.difference),
            "p": kept(row.p),
            "p_holm": kept(row.adjusted),
        }
        for level in levels
        for row in contrast.levels[level]
    ]


def curve_records(curves: Curves) -> list[Record]:
    """A record for every point of every curve: ``curve`` says of which, and what it has no use for is None.

    ``precision_recall`` has threshold, precision and recall of a label; ``reliability`` the mean
    probability, the observed share and the units of a bin; ``risk_coverage`` the share of units kept
    (``coverage``), their least confidence (``threshold``), their number and their micro-F1 over the letters.
    """
    return [_POINT | point for point in _points(curves)]


_POINT = dict.fromkeys(
    (
        "curve",
        "label",
        "threshold",
        "precision",
        "recall",
        "probability",
        "observed",
        "coverage",
        "units",
        "micro_f1",
    )
)


def _points(curves: Curves) -> Iterator[Record]:
    for label, curve in curves.precision_recall.items():
        yield from _along(
            "precision_recall",
            label,
            threshold=curve.threshold,
            precision=curve.precision,
            recall=curve.recall,
        )
    for label, reliable in curves.reliability.items():
        yield from _along(
            "reliability",
            label,
            probability=reliable.probability,
            observed=reliable.observed,
            units=reliable.count,
        )
    for point in curves.coverage:
        yield {
            "curve": "risk_coverage",
            "label": "letters",
            "threshold": kept(point.threshold),
            "coverage": kept(point.coverage),
            "units": point.units,
            "micro_f1": kept(point.micro_f1),
        }


def _along(curve: str, label: str, **columns: NDArray[Any]) -> Iterator[Record]:
    """A record for every point of a curve whose columns are arrays of one length."""
    for values in zip(*(column.tolist() for column in columns.values()), strict=True):
        yield {"curve": curve, "label": label, **dict(zip(columns, map(kept, values), strict=True))}


def as_record(found: Findings, naming: Naming, levels: Sequence[str]) -> Record:
    """All of it as one JSON value, without the curves."""
    made = found.whole.resampling
    contrast: Mapping[str, Any] = (
        {"other": found.other, "comparison": contrast_records(found.contrast, naming, levels)}
        if found.contrast
        else {}
    )
    return {
        "system": found.system,
        "units": found.whole.units,
        "documents": found.whole.documents,
        "confidence": made.level,
        "draws": made.draws,
        "seed": made.seed,
        "scores": score_records(found, naming, levels),
        **contrast,
    }


def _ends(name: str, interval: Interval | None) -> Record:
    if interval is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {
        name: kept(interval.point),
        f"{name}_low": kept(interval.low),
        f"{name}_high": kept(interval.high),
    }

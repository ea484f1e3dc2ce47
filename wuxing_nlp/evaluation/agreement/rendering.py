"""The table of agreement for people and programs: rows of strings, Markdown, LaTeX, plain records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.agreement.measures import MEASURES
from wuxing_nlp.evaluation.agreement.table import SET, Agreement, AgreementRow
from wuxing_nlp.evaluation.bootstrap import FEW_DOCUMENTS, Interval
from wuxing_nlp.evaluation.tables import UNDEFINED, escaped_latex, figure, kept, latex, markdown, span

_SHORT = {"agreement": "raw", "cohen": "κ", "fleiss": "Fleiss", "ac1": "AC1", "f1": "F1", "alpha": "α"}
_CHINESE = {
    "raw": "一致率",
    "raw agreement": "原始一致率",
    "label": "标签",
    "note": "说明",
    "least": "最低",
    "most": "最高",
    "interval": "区间",
}
_MOST_CODERS = 4


def _head(english: str, naming: Naming) -> str:
    """A column head; names of measures that are the same in Chinese stay."""
    return naming.say(_CHINESE.get(english, english), english)


def short_rows(found: Agreement, naming: Naming) -> list[list[str]]:
    """The header, then the rows that have something to show: points, and the interval of alpha.

    With more than four coders, the least and the largest share stand in the place of all.
    """
    heads = [_head(name, naming) for name in ("label", *_SHORT.values(), "interval")]
    header = [
        heads[0],
        *_coder_columns(found, naming),
        *heads[1:-1],
        f"α {100 * found.level:g} % {heads[-1]}",
    ]
    return [header, *(_short(row, naming) for row in found.rows if not _is_empty(row))]


def unshown(found: Agreement) -> str:
    """The labels that :func:`short_rows` leaves out, in a line; "" where there are none."""
    return " ".join(row.label for row in found.rows if _is_empty(row))


def notes(found: Agreement) -> dict[str, str]:
    """Why measures of the other labels are undefined, to the labels where they are, in a line."""
    labels: dict[str, list[str]] = {}
    for row in found.rows:
        if row.note and not _is_empty(row):
            labels.setdefault(row.note, []).append(row.label)
    return {note: " ".join(names) for note, names in labels.items()}


def full_rows(found: Agreement, naming: Naming) -> list[list[str]]:
    """The header and all rows: every measure with its interval, and why one is undefined."""
    label, *heads = (_head(name, naming) for name in ("label", *MEASURES.values(), "note"))
    header = [label, *(f"{coder}, %" for coder in found.coders), *heads]
    return [header, *(_full(row, naming) for row in found.rows)]


def records(found: Agreement, naming: Naming) -> list[dict[str, Any]]:
    """A record a row, for programs: the shares of coders as ``prevalence_…``, every measure with its
    ``…_low`` and ``…_high``; None for nan, six decimals."""
    return [
        {"kind": row.kind, "label": row.label, "name": naming.name(row.label)}
        | {f"prevalence_{coder}": kept(share) for coder, share in row.prevalence.items()}
        | {
            f"{measure}{end}": kept(value)
            for measure, interval in row.measures.items()
            for end, value in (("", interval.point), ("_low", interval.low), ("_high", interval.high))
        }
        | {"note": row.note}
        for row in found.rows
    ]


def summary(found: Agreement) -> str:
    """What was compared, in a sentence."""
    coders = ", ".join(f"{coder} {units:,}" for coder, units in found.coders.items())
    few = "; of so few documents the intervals are too narrow" if found.documents < FEW_DOCUMENTS else ""
    return (
        f"{found.units:,} units of {found.documents:,} documents were coded by two coders or more, "
        f"{found.complete:,} by all (units coded: {coders}){few}"
    )


def method(found: Agreement) -> str:
    """How the figures were computed, in a paragraph for a paper."""
    return (
        f"Intervals: {100 * found.level:g} % percentiles of {found.draws:,} bootstrap draws of whole "
        f"documents (seed {found.seed}). Raw agreement: share of pairs of codings that agree (of label sets: "
        "that are equal). Cohen's κ: of two coders; with more the mean over pairs. Fleiss' κ: of units "
        "coded by all. F1: positive specific agreement of pairs of coders. Krippendorff's α: nominal for "
        f"labels, with the MASI distance (Passonneau 2006) for label sets. {UNDEFINED}: undefined, the "
        "note says why."
    )


def as_markdown(found: Agreement, naming: Naming) -> str:
    """The table as a Markdown page."""
    table = markdown(full_rows(found, naming))
    return f"# Agreement between coders\n\n{summary(found)}.\n\n{table}\n{method(found)}\n"


def as_latex(found: Agreement, naming: Naming) -> str:
    """The columns of :func:`short_rows` as LaTeX, for all of them are too wide for a page; what was
    compared and how in comments above them, why figures are undefined in comments below."""
    below = [f"{note}: {labels}" for note, labels in notes(found).items()]
    if left := unshown(found):
        below.insert(0, f"never given: {left}")
    return _comments([summary(found), method(found)]) + latex(short_rows(found, naming)) + _comments(below)


def _comments(lines: Sequence[str]) -> str:
    return "".join(f"% {escaped_latex(line)}\n" for line in lines)


def as_record(found: Agreement, naming: Naming) -> dict[str, Any]:
    """The whole table as one JSON value."""
    return {
        "coders": dict(found.coders),
        "units": found.units,
        "complete": found.complete,
        "documents": found.documents,
        "level": found.level,
        "draws": found.draws,
        "seed": found.seed,
        "rows": records(found, naming),
    }


def _coder_columns(found: Agreement, naming: Naming) -> list[str]:
    extremes = [_head(name, naming) for name in ("least", "most")]
    names = list(found.coders) if len(found.coders) <= _MOST_CODERS else extremes
    return [f"{name}\n%" for name in names]


def _short(row: AgreementRow, naming: Naming) -> list[str]:
    shares = list(row.prevalence.values())
    if len(shares) > _MOST_CODERS:
        shares = [min(shares), max(shares)]
    points = (figure(row.measures[measure].point) for measure in _SHORT)
    return [naming.label(row.label), *map(_percent, shares), *points, span(row.measures["alpha"])]


def _full(row: AgreementRow, naming: Naming) -> list[str]:
    cells = map(_cell, row.measures.values())
    return [naming.label(row.label), *map(_percent, row.prevalence.values()), *cells, row.note]


def _cell(interval: Interval) -> str:
    return f"{figure(interval.point)} ({span(interval)})" if not math.isnan(interval.point) else UNDEFINED


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _is_empty(row: AgreementRow) -> bool:
    return row.kind != SET and not any(row.prevalence.values())

"""Estimates as tables: for a terminal, Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields, replace
from itertools import groupby

from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.documents.tables.formulas import csv_lines, safe
from wuxing_nlp.estimates.estimating import Row
from wuxing_nlp.evaluation.tables import UNDEFINED, Form, escaped_latex, markdown

_SHARES = frozenset(field.name for field in fields(Row) if field.type == "float")

_HEADS = (
    ("标签", "label"),
    ("已编码", "coded"),
    ("带有", "with it"),
    ("直接计数", "naive count"),
    ("人工编码", "hand-coded"),
    ("校正计数", "adjusted count"),
    ("估计", "estimate"),
    ("增益", "gain"),
)
_COUNTED = {"units": "个单位", "documents": "篇文档"}


def header(naming: Naming | None = None) -> list[str]:
    """The columns that people are shown; CSV and JSON have every attribute of :class:`Row`."""
    return [_said(naming, *head) for head in _HEADS]


def _said(naming: Naming | None, chinese: str, english: str) -> str:
    return naming.say(chinese, english) if naming else english


def sections(
    rows: Iterable[Row], *, of: str, naming: Naming | None = None
) -> list[tuple[str, list[list[str]]]]:
    """The rows as people are shown them: a title a group, and the cells of its labels. Shares are in
    per cent, with the ends of their intervals; ``—`` stands for nan.

    Args:
        rows: in order.
        of: what is counted, units or documents.
        naming: the words of the tables; without it heads are English and labels have Chinese names.
    """
    return [
        (_title(key, counted, of, naming), [_shown(row) for row in group])
        for (*key, counted), group in groupby(
            _named(rows, naming), lambda row: (row.by, row.group, row.counted)
        )
    ]


def _named(rows: Iterable[Row], naming: Naming | None) -> Iterable[Row]:
    return [replace(row, name=naming.name(row.label)) for row in rows] if naming else rows


def rendered(
    rows: Sequence[Row], form: Form, *, of: str, notes: Sequence[str], naming: Naming | None = None
) -> str:
    """The estimates as a file's text, in any form but ``table``.

    Args:
        rows: in order.
        form: the form.
        of: what is counted.
        notes: what a reader has to know, below the tables of Markdown and LaTeX.
        naming: the words of the tables, and the names in CSV and JSON; see :func:`sections`.
    """
    parts = sections(rows, of=of, naming=naming)
    writers: dict[Form, Callable[[], str]] = {
        Form.MARKDOWN: lambda: _markdown(parts, header(naming), notes),
        Form.LATEX: lambda: _latex(parts, header(naming), notes),
        Form.CSV: lambda: _csv(_named(rows, naming)),
        Form.JSON: lambda: (
            json.dumps(list(map(_plain, _named(rows, naming))), ensure_ascii=False, indent=1) + "\n"
        ),
    }
    return writers[form]()


def _title(key: Sequence[str], counted: int, of: str, naming: Naming | None) -> str:
    by, group = key
    group = f"{by}: {group or UNDEFINED}" if by else _said(naming, "全部", "all")
    return group + _said(naming, f"（{counted:,} {_COUNTED[of]}）", f" ({counted:,} {of})")


def _shown(row: Row) -> list[str]:
    return [
        f"{row.label} {row.name}",
        f"{row.coded:,}",
        f"{row.positives:,}",
        _percent(row.naive),
        _interval(row.hand, row.hand_low, row.hand_high),
        _interval(row.adjusted, row.adjusted_low, row.adjusted_high),
        _interval(row.share, row.low, row.high),
        UNDEFINED if math.isnan(row.gain) else f"×{row.gain:.1f}",
    ]


def _percent(share: float) -> str:
    # A rare label needs the second decimal.
    return UNDEFINED if math.isnan(share) else f"{100 * share:.{1 if share >= 0.01 else 2}f}"


def _interval(share: float, low: float, high: float) -> str:
    return UNDEFINED if math.isnan(share) else f"{_percent(share)} ({_percent(low)}–{_percent(high)})"


_Parts = Sequence[tuple[str, list[list[str]]]]


def _markdown(parts: _Parts, heads: list[str], notes: Sequence[str]) -> str:
    tables = (f"**{title}**, %\n\n{markdown([heads, *rows])}\n" for title, rows in parts)
    return "".join(tables) + "".join(f"{note}\n\n" for note in notes).rstrip("\n") + "\n"


def _latex(parts: _Parts, heads: list[str], notes: Sequence[str]) -> str:
    """A table that needs no package but one for Chinese, such as ctex."""
    lines = [r"\begin{tabular}{l" + "r" * (len(heads) - 1) + "}", r"\hline", _line(heads), r"\hline"]
    for title, rows in parts:
        lines += [
            rf"\multicolumn{{{len(heads)}}}{{l}}{{{escaped_latex(title)}, \%}} \\",
            *map(_line, rows),
            r"\hline",
        ]
    return "\n".join([*lines, r"\end{tabular}", *(f"% {note}" for note in notes)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return " & ".join(map(escaped_latex, cells)) + r" \\"


def _csv(rows: Iterable[Row]) -> str:
    cells = ([safe(cell) if isinstance(cell, str) else cell for cell in _plain(row).values()] for row in rows)
    return csv_lines([[field.name for field in fields(Row)], *cells])


def _plain(row: Row) -> dict[str, object]:
    """The attributes of a row; None for nan, six decimals."""
    return {
        name: (None if math.isnan(value) else round(value, 6)) if name in _SHARES else value
        for name, value in asdict(row).items()
    }

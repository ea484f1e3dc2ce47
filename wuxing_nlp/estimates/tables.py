"""Estimates as tables: for a terminal, Markdown, LaTeX, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields
from itertools import groupby

from wuxing_nlp.documents.tables.formulas import safe
from wuxing_nlp.estimates.estimating import Row
from wuxing_nlp.evaluation.tables import UNDEFINED, Form, escaped_latex, markdown

_SHARES = frozenset(field.name for field in fields(Row) if field.type == "float")

HEADER = ("label", "coded", "with it", "naive count", "hand-coded", "adjusted count", "estimate", "gain")
"""The columns that people are shown; CSV and JSON have every attribute of :class:`Row`."""


def sections(rows: Iterable[Row], *, of: str) -> list[tuple[str, list[list[str]]]]:
    """The rows as people are shown them: a title a group, and the cells of its labels. Shares are in
    per cent, with the ends of their intervals; ``—`` stands for nan.

    Args:
        rows: in order.
        of: what is counted, units or documents.
    """
    return [
        (_title(key, counted, of), [_shown(row) for row in group])
        for (*key, counted), group in groupby(rows, lambda row: (row.by, row.group, row.counted))
    ]


def rendered(rows: Sequence[Row], form: Form, *, of: str, notes: Sequence[str]) -> str:
    """The estimates as a file's text, in any form but ``table``.

    Args:
        rows: in order.
        form: the form.
        of: what is counted.
        notes: what a reader has to know, below the tables of Markdown and LaTeX.
    """
    writers: dict[Form, Callable[[], str]] = {
        Form.MARKDOWN: lambda: _markdown(sections(rows, of=of), notes),
        Form.LATEX: lambda: _latex(sections(rows, of=of), notes),
        Form.CSV: lambda: _csv(rows),
        Form.JSON: lambda: json.dumps(list(map(_plain, rows)), ensure_ascii=False, indent=1) + "\n",
    }
    return writers[form]()


def _title(key: Sequence[str], counted: int, of: str) -> str:
    by, group = key
    return f"{f'{by}: {group or UNDEFINED}' if by else 'all'} ({counted:,} {of})"


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


def _markdown(parts: Sequence[tuple[str, list[list[str]]]], notes: Sequence[str]) -> str:
    tables = (f"**{title}**, %\n\n{markdown([list(HEADER), *rows])}\n" for title, rows in parts)
    return "".join(tables) + "".join(f"{note}\n\n" for note in notes).rstrip("\n") + "\n"


def _latex(parts: Sequence[tuple[str, list[list[str]]]], notes: Sequence[str]) -> str:
    """A table that needs no package but one for Chinese, such as ctex."""
    lines = [r"\begin{tabular}{l" + "r" * (len(HEADER) - 1) + "}", r"\hline", _line(HEADER), r"\hline"]
    for title, rows in parts:
        lines += [
            rf"\multicolumn{{{len(HEADER)}}}{{l}}{{{escaped_latex(title)}, \%}} \\",
            *map(_line, rows),
            r"\hline",
        ]
    return "\n".join([*lines, r"\end{tabular}", *(f"% {note}" for note in notes)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return " & ".join(map(escaped_latex, cells)) + r" \\"


def _csv(rows: Sequence[Row]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(field.name for field in fields(Row))
    for row in rows:
        cells = _plain(row).values()
        writer.writerow(
            "" if cell is None else safe(cell) if isinstance(cell, str) else cell for cell in cells
        )
    return buffer.getvalue()


def _plain(row: Row) -> dict[str, object]:
    """The attributes of a row; None for nan, six decimals."""
    return {
        name: (None if math.isnan(value) else round(value, 6)) if name in _SHARES else value
        for name, value in asdict(row).items()
    }

"""Tables for people: figures as strings, and rows as Markdown and LaTeX."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from enum import StrEnum

from wuxing_nlp.evaluation.bootstrap import Interval


class Form(StrEnum):
    """What a table is printed or written as."""

    TABLE = "table"
    MARKDOWN = "markdown"
    LATEX = "latex"
    CSV = "csv"
    JSON = "json"


_KEPT = 6

UNDEFINED = "—"
"""Printed in the place of nan: a share of nothing."""


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
    "−": "$-$",
} | {sign: f"\\{sign}" for sign in "&%$#_{}"}
_TO_ESCAPE = re.compile("|".join(map(re.escape, _LATEX)))


def escaped_latex(cell: str) -> str:
    """A cell as LaTeX prints it, on one line."""
    return _TO_ESCAPE.sub(lambda match: _LATEX[match[0]], " ".join(cell.split()))


def figure(value: float) -> str:
    """A figure with three decimals; ``—`` for nan."""
    return UNDEFINED if math.isnan(value) else f"{value:.3f}"


def kept(value: float) -> float | None:
    """A figure for programs, with six decimals; None for nan."""
    return None if math.isnan(value) else round(value, _KEPT)


def span(interval: Interval) -> str:
    """The ends of an interval; ``—`` where it has none."""
    if math.isnan(interval.low):
        return UNDEFINED
    return f"{figure(interval.low)} to {figure(interval.high)}"

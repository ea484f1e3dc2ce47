"""Results as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.table import Table

from benchmarks.bars import SHARE, VALUE, Bar
from benchmarks.results import Results


def figures_table(title: str, results: Results) -> Table:
    """Every figure, with a column for each yardstick, and one for shares of the whole."""
    yardsticks = list(dict.fromkeys(name for figure in results.figures.values() for name in figure.ratios))
    shares = ["%"] if any(figure.share is not None for figure in results.figures.values()) else []
    table = _table(title, "figure", "value", "unit", *(f"× {name}" for name in yardsticks), *shares)
    for name, figure in results.figures.items():
        beside = [figure.ratios.get(yardstick) for yardstick in yardsticks] + [figure.share] * len(shares)
        table.add_row(name, _number(figure.value), figure.unit, *map(_number, beside))
    return table


def bars_table(bars: Iterable[Bar], results: Results) -> Table:
    """Every bar with what was seen."""
    table = _table("Bars", "figure", "what", "bar", "goal", "seen", "verdict")
    for bar in bars:
        sign = "≤" if bar.at_most else "≥"
        goal = f"{sign} {_number(bar.goal)}" if bar.goal else ""
        seen = _number(bar.seen(results))
        what = bar.what if bar.what in (VALUE, SHARE) else f"× {bar.what}"
        table.add_row(bar.figure, what, f"{sign} {_number(bar.limit)}", goal, seen, bar.verdict(results))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.MARKDOWN)
    for number, column in enumerate(columns):
        # Folded cells would be no Markdown any more.
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    return table


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

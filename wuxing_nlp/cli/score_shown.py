"""What ``wuxing score`` prints and writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.text import Text

from wuxing_nlp.atomic import write_file
from wuxing_nlp.batch.tables.csv import BOM
from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.record_csv import encoded
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.scoring import pages, records
from wuxing_nlp.evaluation.scoring.findings import Findings
from wuxing_nlp.evaluation.scoring.rows import contrast_rows, group_rows, level_rows
from wuxing_nlp.evaluation.scoring.table import LevelTable
from wuxing_nlp.evaluation.tables import Form

_TEXTS = frozenset({"system", "other", "by", "group", "level", "label", "name", "curve"})


def write(found: Findings, naming: Naming, out: Path) -> None:
    """Write the scores of all levels, the curves and the comparison into a folder, each file whole.

    Raises:
        OutputError: a file cannot be written.
    """
    for name, content in _contents(found, naming).items():
        write_file(out / name, [content])


def _contents(found: Findings, naming: Naming) -> dict[str, bytes]:
    """Name of every file to what is in it."""
    levels = list(found.whole.levels)
    tables = {"scores.csv": _scores_csv(found, naming, levels)}
    if found.curves:
        tables["curves.csv"] = encoded(records.curve_records(found.curves), _TEXTS)
    if found.contrast:
        named = {"system": found.system, "other": found.other}
        rows = records.contrast_records(found.contrast, naming, levels)
        tables["comparison.csv"] = encoded([named | row for row in rows], _TEXTS)
    texts = {
        "scores.md": pages.scores_markdown(found, naming, levels),
        "scores.tex": pages.scores_latex(found, naming, levels),
        "comparison.md": pages.contrast_markdown(found, naming, levels),
        "comparison.tex": pages.contrast_latex(found, naming, levels),
    }
    files = {name: BOM.encode() + table for name, table in tables.items()}
    return files | {name: text.encode("utf-8", "backslashreplace") for name, text in texts.items() if text}


def _scores_csv(found: Findings, naming: Naming, levels: Sequence[str]) -> bytes:
    rows = records.score_records(found, naming, levels)
    return encoded([{"system": found.system} | row for row in rows], _TEXTS)


def show(found: Findings, naming: Naming, level: str, form: Form) -> None:
    """Print one level."""
    if form is Form.TABLE:
        _print_tables(found, naming, level)
        return
    typer.echo(_rendered(found, naming, level, form), nl=False)


def _rendered(found: Findings, naming: Naming, level: str, form: Form) -> str:
    """One level in any form but ``table``; as CSV the scores alone."""
    levels = [level]
    if form is Form.CSV:
        return _scores_csv(found, naming, levels).decode()
    if form is Form.JSON:
        return json.dumps(records.as_record(found, naming, levels), ensure_ascii=False, indent=1) + "\n"
    makers = {
        Form.MARKDOWN: (pages.scores_markdown, pages.contrast_markdown),
        Form.LATEX: (pages.scores_latex, pages.contrast_latex),
    }
    return "\n".join(page for make in makers[form] if (page := make(found, naming, levels)))


def _print_tables(found: Findings, naming: Naming, level: str) -> None:
    shown = terminal.console()
    table, made = found.whole.levels[level], found.whole.resampling
    shown.print(Text(pages.summary(found, naming)))
    shown.print()
    shown.print(terminal.grid(*_split(level_rows(_given(table), naming, made.level, full=False))))
    shown.print()
    if left := [row.label for row in table.labels if not row.support and not row.predicted]:
        absent = naming.say("没有单位带有也没有被给出", "on no unit, and never given")
        shown.print(Text(f"{absent}: {' '.join(left)}"))
    if said := pages.stance(found, naming):
        shown.print(Text(said))
    if found.groups:
        shown.print()
        shown.print(terminal.grid(*_split(group_rows(found, level, naming))))
    if found.contrast:
        shown.print(Text(f"\n{pages.compared(found, naming)}\n"))
        rows = [row for row in found.contrast.levels[level] if row.label not in left]
        shown.print(terminal.grid(*_split(contrast_rows(rows, naming, made.level))))


def _given(table: LevelTable) -> LevelTable:
    """The table without labels that stand on no unit and were never given."""
    labels = tuple(row for row in table.labels if row.support or row.predicted)
    return LevelTable(table.name, labels, table.averages)


def _split(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    return rows[0], rows[1:]

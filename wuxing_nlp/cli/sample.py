"""``wuxing sample``: which units of a run a person should code."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wuxing_nlp.batch.record import run_codebook
from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import ByOption, LabelsOption, OfOption, RunArgument, WhatOf, names_of
from wuxing_nlp.estimates import Counts, Plan, Sample, join, plan, read_codings, read_counts, write_sheet
from wuxing_nlp.estimates.codings import Codings
from wuxing_nlp.estimates.joining import wanted


class Allocation(StrEnum):
    """How a sample is spread over groups."""

    EACH = "each"
    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"


def sample(
    results: RunArgument,
    out: Annotated[Path, typer.Option(help="The sheet to write, .csv or .xlsx.")] = Path("sample.csv"),
    for_estimate: Annotated[
        bool,
        typer.Option(
            "--for-estimate", help="Draw at random, with known probabilities, for `wuxing estimate`."
        ),
    ] = False,
    width: Annotated[
        float | None,
        typer.Option(help="How wide an interval may be, low to high: 0.05 is five points, 2.5 to each side."),
    ] = None,
    size: Annotated[int | None, typer.Option(min=1, help="Instead: how many to draw in all.")] = None,
    by: ByOption = "",
    allocation: Annotated[
        Allocation,
        typer.Option(
            help="With --by. Each: the width is for every group. Proportional, neyman: it is for all "
            "together, drawn in proportion to the groups, or more where the model is less certain."
        ),
    ] = Allocation.EACH,
    labels: LabelsOption = "",
    of: OfOption = WhatOf.UNITS,
    pilot: Annotated[
        Path | None,
        typer.Option(
            help="A sheet of this run that is coded already: plans with the model's errors in it, and keeps "
            "its codes."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the drawing; the same draws the same.")] = 0,
    show_model: Annotated[
        bool, typer.Option("--show-model", help="Show the model's codes, which biases coders.")
    ] = False,
) -> None:
    """Draw units for a person to code: a sheet with an empty column of codes.

    抽取供人工编码的单位，写成带空白编码列的表格。
    """
    if not for_estimate:
        raise typer.BadParameter("say what the sample is for", param_hint="--for-estimate")
    if (width is None) == (size is None):
        raise typer.BadParameter("give either this or --size", param_hint="--width")
    codings = read_codings(pilot, run_codebook(results)) if pilot else None
    counts = read_counts(
        results,
        names_of(labels),
        by=names_of(by),
        of=of.value,
        wanted=wanted(codings) if codings else None,
    )
    earlier = _joined(codings, counts) if codings else None
    drawn = plan(counts, width=width, size=size, allocation=allocation.value, pilot=earlier, seed=seed)
    known = {
        (row.document, row.unit): row.codes
        for row in (codings.rows if codings else ())
        if row.codes is not None
    }
    rows = write_sheet(results, counts, drawn, out, seed=seed, known=known, show_model=show_model)
    _print(counts, drawn, rows, out)


def _joined(codings: Codings, counts: Counts) -> Sample:
    joined = join(codings, counts)
    for note in joined.notes:
        terminal.tell(note)
    return joined


def _print(counts: Counts, drawn: Plan, rows: int, out: Path) -> None:
    """Say what was drawn, and how wide intervals are to be expected."""
    lines = list(zip(drawn.strata, drawn.units, drawn.takes, drawn.widths, strict=True))
    if len(lines) > 1:
        lines.append(("together", drawn.units.sum(), drawn.takes.sum(), drawn.whole))
    header = ("stratum", counts.of, "drawn", "widest interval", "of")
    cells = (
        (name, f"{units:,}", f"{take:,}", f"{100 * widths.max():.1f} points", counts.labels[widths.argmax()])
        for name, units, take, widths in lines
    )
    terminal.console().print(terminal.grid(header, cells))
    typer.echo(
        f"\n{rows:,} rows to code; widths are what to expect, not a promise "
        f"待编码 {rows:,} 行，区间宽度为预期值\nSheet 编码表: {out}"
    )

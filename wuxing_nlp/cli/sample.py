"""``wuxing sample``: which units of a run a person should code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from wuxing_nlp.batch.record import run_codebook
from wuxing_nlp.cli import terminal
from wuxing_nlp.cli.options import ByOption, LabelsOption, OfOption, RunArgument, WhatOf, names_of
from wuxing_nlp.codebook.splitting import split_codes
from wuxing_nlp.coding import default_root
from wuxing_nlp.errors import CorpusError, EvaluationError
from wuxing_nlp.estimates import (
    Choice,
    Counts,
    Plan,
    Sample,
    choose,
    join,
    plan,
    read_codings,
    read_counts,
    read_done,
    read_pool,
    write_sheet,
)
from wuxing_nlp.estimates.codings import Codings
from wuxing_nlp.estimates.joining import wanted
from wuxing_nlp.evaluation.choosing import MIX

_MIX = ",".join(f"{name}={share}" for name, share in MIX.items())


class Allocation(StrEnum):
    """How a sample is spread over groups."""

    EACH = "each"
    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"


@dataclass(frozen=True)
class _Request:
    """What is asked for; see the options of :func:`sample`."""

    results: Path
    out: Path
    width: float | None
    size: int | None
    by: list[str]
    allocation: Allocation
    labels: list[str]
    of: WhatOf
    pilot: Path | None
    mix: str
    coded: Path | None
    corpus: Path | None
    seed: int
    show_model: bool


def sample(
    results: RunArgument,
    out: Annotated[Path, typer.Option(help="The sheet to write, .csv or .xlsx.")] = Path("sample.csv"),
    for_estimate: Annotated[
        bool,
        typer.Option(
            "--for-estimate",
            help="Draw all at random, with known probabilities, for `wuxing estimate`; else a mix to learn "
            "from.",
        ),
    ] = False,
    width: Annotated[
        float | None,
        typer.Option(
            help="With --for-estimate: how wide an interval may be, low to high: 0.05 is five points, 2.5 to "
            "each side."
        ),
    ] = None,
    size: Annotated[int | None, typer.Option(min=1, help="How many to draw in all.")] = None,
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
            help="With --for-estimate: a sheet of this run that is coded already: plans with the model's "
            "errors in it, and keeps its codes."
        ),
    ] = None,
    mix: Annotated[
        str,
        typer.Option(
            help="Shares of units drawn at random (of use to `wuxing estimate`), by the model's doubts, by "
            "being unlike others, and by likely rare labels."
        ),
    ] = _MIX,
    coded: Annotated[
        Path | None,
        typer.Option(
            help="A file or folder of your codings, as `wuxing train --add` reads it: not chosen again; a "
            "unit drawn at random keeps its codes."
        ),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(help="The corpus folder, whose units are not chosen either; else that of the checkout."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the drawing; the same draws the same.")] = 0,
    show_model: Annotated[
        bool, typer.Option("--show-model", help="Show the model's codes, which biases coders.")
    ] = False,
) -> None:
    """Draw units for a person to code: a sheet with an empty column of codes.

    抽取供人工编码的单位，写成带空白编码列的表格。
    """
    request = _Request(
        results,
        out,
        width,
        size,
        names_of(by),
        allocation,
        split_codes(labels),
        of,
        pilot,
        mix,
        coded,
        corpus,
        seed,
        show_model,
    )
    if for_estimate:
        _for_estimate(request)
    else:
        _to_learn(request)


def _for_estimate(request: _Request) -> None:
    """A sample that is random throughout."""
    if (request.width is None) == (request.size is None):
        raise typer.BadParameter("give either this or --size", param_hint="--width")
    _refuse("--for-estimate draws at random alone", coded=request.coded, corpus=request.corpus)
    codings = read_codings(request.pilot, run_codebook(request.results)) if request.pilot else None
    counts = read_counts(
        request.results,
        request.labels,
        by=request.by,
        of=request.of.value,
        wanted=wanted(codings) if codings else None,
    )
    drawn = plan(
        counts,
        width=request.width,
        size=request.size,
        allocation=request.allocation.value,
        pilot=_joined(codings, counts) if codings else None,
        seed=request.seed,
    )
    known = {
        (row.document, row.unit): row.codes
        for row in (codings.rows if codings else ())
        if row.codes is not None
    }
    rows = write_sheet(
        request.results,
        counts,
        drawn,
        request.out,
        seed=request.seed,
        known=known,
        show_model=request.show_model,
    )
    _print(counts, drawn, rows, request.out)


def _to_learn(request: _Request) -> None:
    """A mix that serves to teach a model, and its random part for an estimate."""
    _refuse("this goes with --for-estimate", width=request.width, pilot=request.pilot)
    if request.size is None:
        raise typer.BadParameter("say how many units to draw", param_hint="--size")
    if request.of is WhatOf.DOCUMENTS:
        raise typer.BadParameter("documents are drawn with --for-estimate only", param_hint="--of")
    book, mix = run_codebook(request.results), _mix(request.mix)
    done = read_done(request.coded, request.corpus or _home(), book)
    counts = read_counts(request.results, request.labels, by=request.by)
    choice = choose(
        counts,
        read_pool(request.results, book),
        request.size,
        mix=mix,
        labels=request.labels,
        allocation=request.allocation.value,
        done=done,
        seed=request.seed,
    )
    rows = write_sheet(
        request.results,
        counts,
        choice.random,
        request.out,
        seed=request.seed,
        chosen=choice.whys,
        coded=done.codes(book),
        show_model=request.show_model,
    )
    _print_choice(choice, rows, request.out)


def _refuse(what: str, **given: Any) -> None:
    """Raise BadParameter for an option that does not go with another."""
    for name, value in given.items():
        if value is not None:
            raise typer.BadParameter(what, param_hint=f"--{name}")


def _mix(said: str) -> dict[str, float]:
    """Shares as they were said: ``random=0.3,uncertainty=0.7``."""
    mix: dict[str, float] = {}
    for part in names_of(said):
        name, _, share = (piece.strip() for piece in part.partition("="))
        if name in mix:
            raise EvaluationError(f"--mix names {name} twice; give every share once")
        try:
            mix[name] = float(share)
        except ValueError:
            raise EvaluationError(
                f"--mix holds {part!r}; shares with commas between them are expected, such as "
                "random=0.5,uncertainty=0.5"
            ) from None
    return mix


def _home() -> Path | None:
    """The corpus of the checkout, where there is one."""
    try:
        return default_root()
    except CorpusError:
        return None


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


def _print_choice(choice: Choice, rows: int, out: Path) -> None:
    """Say how many each share has, and of which there were fewer than wanted."""
    drawn = choice.drawn
    for name, number in choice.wanted.items():
        if drawn[name] < number:
            terminal.tell(
                f"{name}: {drawn[name]:,} units instead of {number:,}; the others are drawn or coded, "
                "stand in the corpus, say almost the same as these, or hardly carry a rare label"
            )
    terminal.console().print(terminal.grid(("why", "drawn"), ((name, f"{n:,}") for name, n in drawn.items())))
    typer.echo(f"\n{rows:,} rows to code 待编码 {rows:,} 行\nSheet 编码表: {out}")

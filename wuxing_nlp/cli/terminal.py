"""What the commands show in a terminal: tables, highlighted evidence, one-line errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from wuxing_nlp.batch.names import below_common_folder
from wuxing_nlp.batch.outcome import Record
from wuxing_nlp.batch.telling import most_telling, surest_tag, words_of
from wuxing_nlp.codebook import Codebook

_T = TypeVar("_T")

NARROWEST = 100
"""Columns that the tables need where the output is no terminal."""

_EVIDENCE = "bold reverse"


def console(*, error: bool = False) -> Console:
    """A console for standard output (or error), wide enough for the tables in a pipe."""
    made = Console(stderr=error, highlight=False, soft_wrap=False)
    if not made.is_terminal and made.width < NARROWEST:
        made.width = NARROWEST
    return made


def tell(line: str) -> None:
    """Say one line on standard error."""
    typer.echo(f"wuxing: {line}", err=True)


def watched(items: Sequence[_T], *, quiet: bool) -> Iterable[_T]:
    """The items, behind a progress bar where standard error is a terminal and there are several."""
    shown = console(error=True)
    hidden = quiet or not shown.is_terminal or len(items) < 2
    return track(items, "tagging 标注", console=shown, disable=hidden, transient=True)


def grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A plain table of strings; the first column keeps left, figures go right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(header):
        table.add_column(name, justify="left" if at == 0 else "right", no_wrap=at > 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def listing(header: Sequence[str], rows: Iterable[Sequence[str]], *, unbroken: int = 1) -> Table:
    """A table of prose: every column left, all but the first ``unbroken`` ones wrapped."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(header):
        # Chinese has no spaces to wrap at: fold the line, for what does not fit is cut off otherwise.
        table.add_column(name, no_wrap=at < unbroken, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


@dataclass(frozen=True, slots=True)
class Summary:
    """What the table shows of a document; its other units need not be kept in memory.

    ``telling`` are pairs of a tag and a unit's text with the tag's evidence marked.
    """

    name: str
    coded: int
    shares: Mapping[str, float]
    telling: tuple[tuple[Text, Text], ...]

    @classmethod
    def of(cls, record: Record) -> Summary:
        """The summary of a tagged document."""
        units = (unit for unit in record["units"] if "text" in unit)
        telling = tuple(map(_telling, most_telling(units)))
        return cls(record["document"], record["profile"]["coded"], record["profile"]["shares"], telling)


def print_profiles(summaries: Sequence[Summary], book: Codebook, *, text: bool = True) -> None:
    """Print documents with the share of each letter, then, with ``text``, their most telling units."""
    shown = console()
    shown.print(_profiles(summaries, book))
    if text:
        _print_telling(shown, summaries)


def _print_telling(shown: Console, summaries: Sequence[Summary]) -> None:
    shown.print("\nMost telling units, with their evidence 最能说明问题的单位及其证据", style="bold")
    for summary in summaries:
        shown.print(Text(f"\n{summary.name}", style="underline"))
        units = Table.grid(padding=(0, 2), pad_edge=True)
        units.add_column(no_wrap=True)
        units.add_column(overflow="fold")
        for row in summary.telling:
            units.add_row(*row)
        shown.print(units if summary.telling else "  no unit has a label 没有带标签的单位")


def _profiles(summaries: Sequence[Summary], book: Codebook) -> Table:
    header = ["document", "judged\nunits", *(f"{book.name(letter)[:2]}\n{letter}" for letter in book.letters)]
    names = below_common_folder([summary.name for summary in summaries])
    return grid(header, (_profile_row(name, summary) for name, summary in zip(names, summaries, strict=True)))


def _profile_row(name: str, summary: Summary) -> list[str]:
    shares = summary.shares.values()
    return [name, str(summary.coded), *(f"{100 * share:.0f}%" if share else "·" for share in shares)]


def highlighted(unit: Record, evidence: Iterable[Record]) -> Text:
    """The unit's text on one line with the evidence marked."""
    text = Text(" ".join(unit["text"].splitlines()))
    for span in evidence:
        text.stylize(_EVIDENCE, span["start"] - unit["start"], span["end"] - unit["start"])
    return text


def _telling(unit: Record) -> tuple[Text, Text]:
    """The surest tag of a unit, and the unit's text above the words of the tag's evidence."""
    tag = surest_tag(unit)
    words = "、".join(words_of(unit, tag["evidence"]))
    text = Text.assemble(highlighted(unit, tag["evidence"]), Text(f"\n证据：{words}", style="dim"))
    return Text(f"{tag['code']} {tag['name']} {tag['probability']:.2f}", style="bold"), text

"""What the commands show in a terminal: tables, highlighted evidence, one-line errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wuxing_nlp.batch.run import Result
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.model.results import Evidence, Profile, TaggedUnit

NARROWEST = 100
"""Columns that the tables need where the output is no terminal."""

_EVIDENCE = "bold reverse"
_MOST_TELLING = 3


def console(*, error: bool = False) -> Console:
    """A console for standard output (or error), wide enough for the tables in a pipe."""
    made = Console(stderr=error, highlight=False, soft_wrap=False)
    if not made.is_terminal and made.width < NARROWEST:
        made.width = NARROWEST
    return made


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
    profile: Profile
    telling: tuple[tuple[Text, Text], ...]

    @classmethod
    def of(cls, result: Result) -> Summary:
        """The summary of a tagged document."""
        units = most_telling(result.tagged.units)
        telling = tuple(_telling(unit, result.document.text) for unit in units)
        return cls(result.document.name, result.tagged.profile, telling)


def print_profiles(summaries: Sequence[Summary], book: Codebook) -> None:
    """Print documents with the share of each letter, then their most telling units."""
    shown = console()
    shown.print(_profiles(summaries, book))
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
    header = ["document", "coded\nunits", *(f"{book.name(letter)[:2]}\n{letter}" for letter in book.letters)]
    names = _below_common_folder([summary.name for summary in summaries])
    return grid(
        header, (_profile_row(name, s.profile, book) for name, s in zip(names, summaries, strict=True))
    )


def _below_common_folder(names: Sequence[str]) -> list[str]:
    """The names without the folders that all of them lie in."""
    paths = [PurePosixPath(name).parts for name in names]
    common = 0
    for folders in zip(*(parts[:-1] for parts in paths), strict=False):
        if len(set(folders)) > 1:
            break
        common += 1
    return [str(PurePosixPath(*parts[common:])) for parts in paths]


def _profile_row(name: str, profile: Profile, book: Codebook) -> list[str]:
    shares = [profile.share(letter) for letter in book.letters]
    return [name, str(profile.coded), *(f"{100 * share:.0f}%" if share else "·" for share in shares)]


def most_telling(units: Iterable[TaggedUnit]) -> list[TaggedUnit]:
    """The three units that say most: the surest tag of each, no letter twice while others are left."""
    ranked = sorted(
        (unit for unit in units if unit.tags),
        key=lambda unit: (-max(t.probability for t in unit.tags), unit.start),
    )
    chosen: list[TaggedUnit] = []
    seen: set[str] = set()
    for unit in ranked:
        if unit.labels - seen and len(chosen) < _MOST_TELLING:
            chosen.append(unit)
            seen |= unit.labels
    rest = [unit for unit in ranked if unit not in chosen]
    return (chosen + rest)[:_MOST_TELLING]


def highlighted(unit: TaggedUnit, evidence: Iterable[Evidence]) -> Text:
    """The unit's text on one line with the evidence marked."""
    text = Text(" ".join(unit.text.splitlines()))
    for span in evidence:
        text.stylize(_EVIDENCE, span.start - unit.start, span.end - unit.start)
    return text


def _telling(unit: TaggedUnit, source: str) -> tuple[Text, Text]:
    """The surest tag of a unit, and the unit's text above the words of the tag's evidence."""
    tag = max(unit.tags, key=lambda tag: tag.probability)
    words = "、".join(dict.fromkeys(source[e.start : e.end] for e in tag.evidence))
    text = Text.assemble(highlighted(unit, tag.evidence), Text(f"\n证据：{words}", style="dim"))
    return Text(f"{tag.code} {tag.name} {tag.probability:.2f}", style="bold"), text

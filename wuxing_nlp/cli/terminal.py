"""What the commands show in a terminal: tables, highlighted evidence, one-line errors."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
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


def grid(header: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None) -> Table:
    """A plain table of strings; the first column keeps left, figures go right."""
    table = Table(title=title, title_justify="left", pad_edge=False, box=None, header_style="bold")
    for at, name in enumerate(header):
        table.add_column(name, justify="left" if at == 0 else "right", no_wrap=at > 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def listing(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table of prose: every column left, the last one wrapped."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(header):
        table.add_column(name, no_wrap=at < len(header) - 1)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def profiles(results: Sequence[Result], book: Codebook) -> Table:
    """Documents with their units and the share of each letter."""
    header = ["document", "units", *(f"{book.name(letter)[:2]} {letter}" for letter in book.letters)]
    names = _short_names([result.document.name for result in results])
    rows = [_profile_row(name, r.tagged.profile, book) for name, r in zip(names, results, strict=True)]
    return grid(header, rows)


def _short_names(names: Sequence[str]) -> list[str]:
    """The names without the folder that all of them share."""
    folders = [os.path.dirname(name) for name in names]
    shared = os.path.commonpath(folders) if all(folders) and len({*map(os.path.isabs, folders)}) == 1 else ""
    return [os.path.relpath(name, shared) if shared else name for name in names]


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


def telling_lines(result: Result) -> list[RenderableType]:
    """The most telling units of a document: code, name, probability, then the text with its evidence."""
    lines: list[RenderableType] = []
    for unit in most_telling(result.tagged.units):
        tag = max(unit.tags, key=lambda tag: tag.probability)
        words = " · ".join(result.document.text[e.start : e.end] for e in tag.evidence)
        lines += [
            Text(f"  {tag.code} {tag.name} {tag.probability:.2f}", style="bold"),
            Padding(highlighted(unit, tag.evidence), (0, 0, 0, 4)),
            Padding(Text(f"evidence 证据: {' '.join(words.split())}", style="dim"), (0, 0, 0, 4)),
        ]
    return lines

"""The codebook's entries as its data file holds them, checked when they are read.

Their annotations are what :func:`wuxing_nlp.codebook.reading.read` checks by: this module keeps them
as objects, without ``from __future__ import annotations``. Entries are compared by identity, for a
codebook holds each once; what need not be generated is not, since every start pays for it.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from wuxing_nlp.codebook.reading import Limits

Line = Annotated[str, Limits(least=1, strip=True)]
Term = Annotated[str, Limits(least=2)]
Letter = Annotated[str, Limits(pattern="^[A-Z]$")]
MeasureCode = Annotated[str, Limits(pattern="^[A-Z][1-9]$")]


@dataclass(frozen=True, eq=False)
class Name:
    """A name in Simplified and Traditional script, and where it is given in English."""

    hans: Line
    hant: Line = ""
    en: str = ""


@dataclass(frozen=True, eq=False)
class Confusion:
    """A code or letter that this one is not to be confused with, and how to tell them apart."""

    code: Line
    note: Line


@dataclass(frozen=True, eq=False)
class Negative:
    """A sentence that looks like the label but is not: its true codes, and why."""

    text: Line
    codes: tuple[str, ...]
    note: Line


@dataclass(frozen=True, eq=False)
class Rule:
    """A general rule or settled question; ``codes`` are those it concerns, none = all."""

    id: Line
    hans: Line
    en: Line
    codes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Stance:
    """How a unit stands to a problem: it exists (``!``) or is tackled (``-``)."""

    mark: Literal["!", "-"]
    id: Line
    name: Name
    gloss: Line
    definition: Line


@dataclass(frozen=True, eq=False)
class _Label:
    name: Name
    gloss: Line
    definition: Line
    include: Annotated[tuple[Line, ...], Limits(least=1)]
    exclude: tuple[Line, ...]
    confused_with: tuple[Confusion, ...]
    keywords: Annotated[tuple[Term, ...], Limits(least=1)]
    negative: Annotated[tuple[Negative, ...], Limits(least=1)]


@dataclass(frozen=True, eq=False)
class Measure(_Label):
    """One of the three measures of a type."""

    code: MeasureCode
    positive: Annotated[tuple[Line, ...], Limits(least=1)]


@dataclass(frozen=True, eq=False)
class Type(_Label):
    """One of the five types of government; its examples carry ``X0``, the type as a whole."""

    letter: Letter
    positive: Annotated[tuple[Line, ...], Limits(least=1)]
    measures: Annotated[tuple[Measure, ...], Limits(least=1, most=9)]

    @property
    def code(self) -> str:
        """The code of the type asserted as a whole."""
        return f"{self.letter}0"


@dataclass(frozen=True, eq=False)
class Problem(_Label):
    """One of the five conduct problems, with example sentences a stance."""

    letter: Letter
    exists: Annotated[tuple[Line, ...], Limits(least=1)]
    tackled: Annotated[tuple[Line, ...], Limits(least=1)]
    both: Annotated[tuple[Line, ...], Limits(least=1)]


@dataclass(frozen=True, eq=False)
class Contents:
    """The whole data file."""

    version: Line
    title: Name
    source: Line
    unit: Name
    rules: tuple[Rule, ...]
    stances: Annotated[tuple[Stance, ...], Limits(least=2, most=2)]
    types: Annotated[tuple[Type, ...], Limits(least=1)]
    problems: tuple[Problem, ...]

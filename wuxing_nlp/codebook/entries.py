"""The codebook's entries as its data file holds them, checked when they are read.

Their annotations are what :func:`wuxing_nlp.codebook.reading.read` checks by: this module keeps them
as objects, without ``from __future__ import annotations``. Entries are compared by identity, for a
codebook holds each once; what need not be generated is not, since every start pays for it.

What has a default may be left out: a researcher's own codebook needs a version, a title, and types with
letter, name and definition; that the shipped one leaves nothing out is for its tests.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from wuxing_nlp.codebook.reading import Limits

Line = Annotated[str, Limits(least=1, strip=True)]
Term = Annotated[str, Limits(least=2)]
Letter = Annotated[str, Limits(pattern="^[A-Z]$")]
MeasureCode = Annotated[str, Limits(pattern="^[A-Z][1-9]$")]

_LETTERS = 26


@dataclass(frozen=True, eq=False, kw_only=True)
class Name:
    """A name in Simplified and Traditional script, and where it is given in English."""

    hans: Line
    hant: Line = ""
    en: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Confusion:
    """A code or letter that this one is not to be confused with, and how to tell them apart."""

    code: Line
    note: Line


@dataclass(frozen=True, eq=False, kw_only=True)
class Negative:
    """A sentence that looks like the label but is not: its true codes, and why."""

    text: Line
    codes: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Rule:
    """A general rule or settled question; ``codes`` are those it concerns, none = all."""

    id: Line
    hans: Line
    en: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Stance:
    """How a unit stands to a problem: it exists (``!``) or is tackled (``-``)."""

    mark: Literal["!", "-"]
    id: Line
    name: Name
    gloss: Line
    definition: Line


@dataclass(frozen=True, eq=False, kw_only=True)
class _Label:
    name: Name
    gloss: str = ""
    definition: Line
    include: tuple[Line, ...] = ()
    exclude: tuple[Line, ...] = ()
    confused_with: tuple[Confusion, ...] = ()
    keywords: tuple[Term, ...] = ()
    negative: tuple[Negative, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Measure(_Label):
    """One of the measures of a type."""

    code: MeasureCode
    positive: tuple[Line, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Type(_Label):
    """A type (of government; in another codebook, of whatever it tells apart); its examples carry
    ``X0``, the type as a whole, which is its only code where it has no measures."""

    letter: Letter
    positive: tuple[Line, ...] = ()
    measures: Annotated[tuple[Measure, ...], Limits(most=9)] = ()

    @property
    def code(self) -> str:
        """The code of the type asserted as a whole."""
        return f"{self.letter}0"


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem(_Label):
    """A conduct problem, with example sentences a stance."""

    letter: Letter
    exists: tuple[Line, ...] = ()
    tackled: tuple[Line, ...] = ()
    both: tuple[Line, ...] = ()


UNIT = Name(
    hans="一个编码单位就是一个句子或一个列举项。",
    hant="一個編碼單位就是一個句子或一個列舉項。",
    en="One unit is one sentence or list item.",
)
"""What is coded, where a codebook does not say it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Contents:
    """The whole data file."""

    version: Line
    title: Name
    source: str = ""
    unit: Name = UNIT
    rules: tuple[Rule, ...] = ()
    stances: Annotated[tuple[Stance, ...], Limits(most=2)] = ()
    types: Annotated[tuple[Type, ...], Limits(least=1, most=_LETTERS)]
    problems: Annotated[tuple[Problem, ...], Limits(most=_LETTERS)] = ()

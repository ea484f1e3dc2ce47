"""The codebook's entries as its data file holds them, checked when they are read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Term = Annotated[str, StringConstraints(min_length=2)]
Letter = Annotated[str, StringConstraints(pattern="^[A-Z]$")]
MeasureCode = Annotated[str, StringConstraints(pattern="^[A-Z][1-9]$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(_Entry):
    """A name in Simplified and Traditional script, and where it is given in English."""

    hans: Line
    hant: Line = ""
    en: str = ""


class Confusion(_Entry):
    """A code or letter that this one is not to be confused with, and how to tell them apart."""

    code: Line
    note: Line


class Negative(_Entry):
    """A sentence that looks like the label but is not: its true codes, and why."""

    text: Line
    codes: tuple[str, ...]
    note: Line


class Rule(_Entry):
    """A general rule or settled question; ``codes`` are those it concerns, none = all."""

    id: Line
    hans: Line
    en: Line
    codes: tuple[str, ...]


class Stance(_Entry):
    """How a unit stands to a problem: it exists (``!``) or is tackled (``-``)."""

    mark: Literal["!", "-"]
    id: Line
    name: Name
    gloss: Line
    definition: Line


class _Label(_Entry):
    name: Name
    gloss: Line
    definition: Line
    include: Annotated[tuple[Line, ...], Field(min_length=1)]
    exclude: tuple[Line, ...]
    confused_with: tuple[Confusion, ...]
    keywords: Annotated[tuple[Term, ...], Field(min_length=1)]
    negative: Annotated[tuple[Negative, ...], Field(min_length=1)]


class Measure(_Label):
    """One of the three measures of a type."""

    code: MeasureCode
    positive: Annotated[tuple[Line, ...], Field(min_length=1)]


class Type(_Label):
    """One of the five types of government; its examples carry ``X0``, the type as a whole."""

    letter: Letter
    positive: Annotated[tuple[Line, ...], Field(min_length=1)]
    measures: Annotated[tuple[Measure, ...], Field(min_length=1, max_length=9)]

    @property
    def code(self) -> str:
        """The code of the type asserted as a whole."""
        return f"{self.letter}0"


class Problem(_Label):
    """One of the five conduct problems, with example sentences a stance."""

    letter: Letter
    exists: Annotated[tuple[Line, ...], Field(min_length=1)]
    tackled: Annotated[tuple[Line, ...], Field(min_length=1)]
    both: Annotated[tuple[Line, ...], Field(min_length=1)]


class Contents(_Entry):
    """The whole data file."""

    version: Line
    title: Name
    source: Line
    unit: Name
    rules: tuple[Rule, ...]
    stances: Annotated[tuple[Stance, ...], Field(min_length=2, max_length=2)]
    types: Annotated[tuple[Type, ...], Field(min_length=1)]
    problems: tuple[Problem, ...]

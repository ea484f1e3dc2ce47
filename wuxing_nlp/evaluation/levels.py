"""The levels of labels: those that are compared, or scored, together."""

from __future__ import annotations

from dataclasses import dataclass

from wuxing_nlp.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Level:
    """Labels that are compared together, as sets: the ten letters, say."""

    name: str
    labels: tuple[str, ...]


def levels(book: Codebook) -> tuple[Level, ...]:
    """The levels of a codebook: its letters, then types and problems alone; its base codes, then those
    of the types (measures, ``X0`` among them) and of the problems (stances) alone."""
    types = {kind.letter for kind in book.types}
    of_types, of_problems = (
        tuple(code for code in book.codes if (code[0] in types) is wanted) for wanted in (True, False)
    )
    return (
        Level("letters", book.letters),
        Level("types", tuple(kind.letter for kind in book.types)),
        Level("problems", tuple(problem.letter for problem in book.problems)),
        Level("codes", book.codes),
        Level("measures", of_types),
        Level("stances", of_problems),
    )


def score_levels(book: Codebook) -> dict[str, tuple[str, ...]]:
    """Name of a level that is scored to its labels; without those that a codebook has no labels of.

    They are those of :func:`levels`, but for the measures: the code of a type as a whole is none of them,
    as in model cards.
    """
    found = {level.name: level.labels for level in levels(book)}
    found["measures"] = tuple(measure.code for measure in book.measures)
    return {name: labels for name, labels in found.items() if labels}

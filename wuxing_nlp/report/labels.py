"""What labels are called in a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from wuxing_nlp.codebook import Codebook, Measure, Problem, Stance, Type


@dataclass(frozen=True, slots=True)
class Label:
    """A letter or base code.

    Attributes:
        code: how the codebook writes it.
        name: what it is called where there is room.
        short: what a column calls it.
        tone: ``type`` or ``problem``.
        codes: the base codes of a letter; those of a code are none.
    """

    code: str
    name: str
    short: str
    tone: Literal["type", "problem"]
    codes: tuple[str, ...] = ()


def labels(book: Codebook, *, chinese: bool) -> dict[str, Label]:
    """All letters and base codes, in order, with Chinese names or the codebook's English glosses."""
    return {
        label.code: label
        for label in (
            *(label for kind in book.types for label in _of_type(kind, chinese)),
            *(label for problem in book.problems for label in _of_problem(problem, book.stances, chinese)),
        )
    }


def _of_type(kind: Type, chinese: bool) -> Iterator[Label]:
    name = _named(kind, chinese)
    codes = (kind.code, *(measure.code for measure in kind.measures))
    yield Label(kind.letter, name, name.removesuffix(" government"), "type", codes)
    whole = "整体" if chinese else "as a whole"
    whole = whole if kind.measures else name
    yield Label(kind.code, whole, whole, "type")
    for measure in kind.measures:
        name = _named(measure, chinese)
        yield Label(measure.code, name, name, "type")


def _of_problem(problem: Problem, stances: Sequence[Stance], chinese: bool) -> Iterator[Label]:
    name = _named(problem, chinese)
    codes = tuple(problem.letter + stance.mark for stance in stances)
    yield Label(problem.letter, name, name.partition(":")[0], "problem", codes)
    for code, stance in zip(codes, stances, strict=True):
        name = stance.name.hans if chinese else stance.id
        yield Label(code, name, name, "problem")


def _named(entry: Type | Measure | Problem, chinese: bool) -> str:
    """The Chinese name, or the gloss where there is one: not every codebook has them."""
    return entry.name.hans if chinese else entry.gloss or entry.name.hans

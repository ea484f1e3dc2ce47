"""What tables for people call labels and columns, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from wuxing_nlp.codebook.book import Codebook
from wuxing_nlp.codebook.entries import Measure, Problem, Type

LEVELS: Mapping[str, tuple[str, str]] = {
    "letters": ("全部字母", "all letters"),
    "types": ("型", "types"),
    "problems": ("问题", "problems"),
    "codes": ("全部代码", "all codes"),
    "measures": ("举措", "measures"),
    "stances": ("态度", "stances"),
}
"""Name of a level of labels to what it is called in Chinese and English."""


class Naming:
    """The words of a table.

    Args:
        book: whose labels.
        language: ``zh`` or ``en``; without it column heads are English and labels have Chinese names.
    """

    def __init__(self, book: Codebook, language: str | None = None) -> None:
        self.book = book
        self.language = language

    def say(self, chinese: str, english: str) -> str:
        """A column head, or other words of the table."""
        return chinese if self.language == "zh" else english

    def name(self, label: str) -> str:
        """The name of a letter, base code or level; in English the codebook's gloss where it has one."""
        if label in LEVELS:
            return LEVELS[label][self.language == "en"]
        return self._glosses[label] if self.language == "en" else self.book.name(label)

    def label(self, label: str) -> str:
        """A label with its name, as it stands at the beginning of a row."""
        return self.name(label) if label in LEVELS and self.language else f"{label} {self.name(label)}"

    @cached_property
    def _glosses(self) -> dict[str, str]:
        glosses: dict[str, str] = {}
        for kind in self.book.types:
            whole = _gloss(kind)
            glosses |= {kind.letter: whole, kind.code: f"{whole}, as a whole" if kind.measures else whole}
            glosses |= {measure.code: _gloss(measure) for measure in kind.measures}
        for problem in self.book.problems:
            # “fear: shirking responsibility” is a line, and “fear” a name.
            short = _gloss(problem).partition(":")[0]
            glosses[problem.letter] = short
            glosses |= {problem.letter + stance.mark: f"{short}, {stance.id}" for stance in self.book.stances}
        return glosses


def _gloss(entry: Type | Measure | Problem) -> str:
    return entry.gloss or entry.name.en or entry.name.hans

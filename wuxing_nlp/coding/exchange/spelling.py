"""Labels as people write them: codes, their names in both scripts and in English, to codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.codebook.columns import label_name
from wuxing_nlp.errors import CorpusError

NONE = "0"
"""The label of a unit that was coded and carries none: an empty list says too often that nobody has
looked at it yet."""

_NONE_TOO = ("无", "無", "none")
_JOINED = "·"


class Spellings:
    """How the labels of a codebook may be written. Case, width and white space do not matter.

    A name that could mean several codes (a type's, a letter, a problem without its stance) is none.
    """

    def __init__(self, book: Codebook) -> None:
        self.book = book
        self._codes: dict[str, set[str]] = {}
        for code in (NONE, *book.codes, *(problem.letter + "!-" for problem in book.problems)):
            for spelling in _spellings(code, book):
                self._codes.setdefault(_folded(spelling), set()).add(code)
        for letter in book.letters:
            under = {code for code in book.codes if code[0] == letter}
            for spelling in (letter, *_names(letter, book)):
                self._codes.setdefault(_folded(spelling), set()).update(under)

    def find(self, label: str) -> set[str]:
        """The codes that a label can mean; none for one that is unknown."""
        return self._codes.get(_folded(label), set())

    def code(self, label: str) -> str:
        """The one code that a label means. Raises CorpusError: none or several."""
        found = sorted(self.find(label))
        if len(found) == 1:
            return found[0]
        if found:
            raise CorpusError(f"the label {label!r} can mean {', '.join(found)}; write the code")
        raise CorpusError(
            f"the label {label!r} is no code and no name of the codebook; allowed are "
            f"{' '.join(self.book.codes)}, or {NONE} for none"
        )

    def codes(self, labels: Iterable[str | Sequence[str]]) -> tuple[str, ...]:
        """Written codes of labels, in whatever order; a list is a path of nested ones, the last of
        them chosen. Raises CorpusError: as :meth:`code`, or "none" beside others."""
        found = {self.code(label if isinstance(label, str) else self._last(label)) for label in labels}
        if NONE in found and len(found) > 1:
            others = ", ".join(sorted(found - {NONE}))
            raise CorpusError(
                f"the label {NONE!r} (carries none) stands beside {others}; keep one of the two"
            )
        return self.book.check(found - {NONE})

    def _last(self, path: Sequence[str]) -> str:
        return path[-1] if len(path) == 1 or len(self.find(path[-1])) == 1 else _JOINED.join(path)


def labels_of(codes: Iterable[str], book: Codebook) -> list[str]:
    """The labels of written codes for a labelling tool: base codes in the codebook's order, or "0"."""
    base = book.base(codes)
    return [code for code in book.codes if code in base] or [NONE]


def shown(code: str, book: Codebook) -> str:
    """What coders see of a label: its code and its Chinese name."""
    return f"{code} {'无' if code == NONE else book.name(code)}"


def _spellings(code: str, book: Codebook) -> Iterator[str]:
    names = _NONE_TOO if code == NONE else _names(code, book)
    yield code
    yield from names
    yield from (f"{code} {name}" for name in names)
    if code != NONE:
        yield label_name(code, book)


def _names(code: str, book: Codebook) -> tuple[str, ...]:
    """The names of a code or letter: whole, without the dot, and a measure's alone."""
    whole = (book.name(code), book.name(code, hant=True))
    alone = [
        name
        for entry in book.labels()
        if code in (getattr(entry, "code", ""), getattr(entry, "letter", "")) and not code.endswith("0")
        for name in (entry.name.hans, entry.name.hant, entry.gloss)
    ]
    return tuple(
        filter(None, dict.fromkeys((*whole, *(name.replace(_JOINED, "") for name in whole), *alone)))
    )


def _folded(label: str) -> str:
    return "".join(unicodedata.normalize("NFKC", label).casefold().split())

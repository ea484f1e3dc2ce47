"""The cue lexicon: expressions by the idea that they carry, read and checked.

A few thousand coded units show a model only the words that they happen to hold. The lexicon lends
it what a fluent reader knows besides: that 踢皮球 is shirking, 物业 no government, 迟迟 … 不 delay.
A cue class is no label: ``M.near`` and ``N.decoy`` say what to mistrust, ``A.official`` who
acts. What a class is worth for a label is learnt from codings.

``lexicon/*.tsv`` hold an expression a line (``class<TAB>expression``); ``lexicon/classes.tsv`` says
what each class means. An expression is a string, or parts joined by ``…`` that follow each other
inside a clause, each at its first place behind the one before and at most
:data:`wuxing_nlp.cues.find.WIDEST_GAP` characters away. It is written in canonical Simplified
characters (:func:`wuxing_nlp.text.script.normalise`): no other is ever met.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wuxing_nlp.errors import LexiconError

GAP = "…"
CLAUSE_ENDS = "，,；;。！？!?：:\n"
"""Characters that end a clause: no expression holds one, no gap spans one."""

_CLASSES = "classes.tsv"
_FORBIDDEN = re.compile(rf"[\s{re.escape(CLAUSE_ENDS)}]")


@dataclass(frozen=True)
class CueLexicon:
    """``meanings`` of the classes in the order of their file; ``expressions`` by class."""

    meanings: Mapping[str, str]
    expressions: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        for name, expressions in self.expressions.items():
            if name not in self.meanings:
                raise LexiconError(f"the cue class {name!r} has no meaning; add it to {_CLASSES}")
            if doubled := [e for e, n in Counter(expressions).items() if n > 1]:
                raise LexiconError(f"{doubled[0]!r} stands twice in the cue class {name}; keep one")
            for expression in expressions:
                _check(name, expression)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of all classes."""
        return tuple(self.meanings)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the expressions, which decide what is found."""
        rows = sorted(f"{name}\t{e}" for name, group in self.expressions.items() for e in group)
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _check(name: str, expression: str) -> None:
    if not all(expression.split(GAP)) or _FORBIDDEN.search(expression):
        raise LexiconError(
            f"{expression!r} of the cue class {name}: parts joined by {GAP}, without white space and "
            "marks that end a clause, are expected"
        )


@cache
def cue_lexicon() -> CueLexicon:
    """The lexicon that the package carries.

    Raises:
        LexiconError: a line is incomplete, an expression or a class is doubled, an expression cannot
            be, a class is unknown.
    """
    folder = files(__package__) / "lexicon"
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".tsv"))
    grouped: dict[str, list[str]] = {}
    for file in names:
        if file != _CLASSES:
            for name, expression in _rows(file, (folder / file).read_text(encoding="utf-8")):
                grouped.setdefault(name, []).append(expression)
    meanings = _meanings((folder / _CLASSES).read_text(encoding="utf-8"))
    return CueLexicon(meanings, {name: tuple(group) for name, group in grouped.items()})


def _meanings(text: str) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for name, meaning in _rows(_CLASSES, text):
        if name in meanings:
            raise LexiconError(f"{_CLASSES}: the cue class {name} stands there twice; keep one")
        meanings[name] = meaning
    return meanings


def _rows(file: str, text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        left, tab, right = line.partition("\t")
        if not (left and tab and right):
            raise LexiconError(f"{file}, line {number}: two fields and a tab between are expected: {line!r}")
        yield left, right

"""The cue lexicon: expressions by the idea that they carry, read and checked.

A few thousand coded units show a model only the words that they happen to hold. The lexicon lends
it what a fluent reader knows besides: that 踢皮球 is shirking, 物业 no government, 迟迟 … 不 delay.
A cue class is no label: ``M.near`` and ``N.decoy`` say what to mistrust, ``A.official`` who
acts. What a class is worth for a label is learnt from codings.

The lexicon grows by editions, for a model knows the cues that it was trained with: ``lexicon/1`` is the
first, and each later folder holds what its edition adds to those before. Their ``*.tsv`` hold an
expression a line (``class<TAB>expression``); ``classes.tsv`` says what each class means. An expression
is a string, or parts joined by ``…`` that follow each other inside a clause, each at its first place
behind the one before and at most :data:`wuxing_nlp.cues.find.WIDEST_GAP` characters away. It is written
in canonical Simplified characters (:func:`wuxing_nlp.text.script.normalise`): no other is ever met.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from wuxing_nlp.errors import LexiconError

GAP = "…"
CLAUSE_ENDS = "，,；;。！？!?：:\n"
"""Characters that end a clause: no expression holds one, no gap spans one."""

EDITIONS = 2
"""How many there are; a released one never changes."""

_FOLDER = Path(__file__).with_name("lexicon")
_CLASSES = "classes.tsv"
_FORBIDDEN = re.compile(rf"[\s{re.escape(CLAUSE_ENDS)}]")

# Every process reads 73,000 rows: neighbours of one class are taken together.
_ROWS_OF_A_CLASS = re.compile(r"([^\t\n]++)\t[^\n]++\n(?:\1\t[^\n]++\n)*+")


@dataclass(frozen=True)
class CueLexicon:
    """``meanings`` of the classes in the order of their files; ``files`` of expressions by name;
    ``edition`` of the package's own, 0 for any other.

    The files are read when their expressions are asked for, and checked by :meth:`check` alone: a
    model fits only the lexicon, by its fingerprint, that was checked when the model was trained.
    """

    meanings: Mapping[str, str]
    files: Mapping[str, bytes]
    edition: int = 0

    def __hash__(self) -> int:
        # The mappings have none, and what is made of a lexicon is kept by it.
        return hash(self.fingerprint)

    def __reduce__(self) -> tuple[object, ...]:
        """The package's own by its edition: it is there already where it is loaded."""
        return (cue_lexicon, (self.edition,)) if self.edition else (CueLexicon, (self.meanings, self.files))

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of all classes."""
        return tuple(self.meanings)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the expressions' files in the order of their names."""
        return hashlib.sha256(b"".join(self.files[name] for name in sorted(self.files))).hexdigest()

    @cached_property
    def expressions(self) -> Mapping[str, tuple[str, ...]]:
        """The expressions by class. Raises LexiconError: a line is incomplete."""
        grouped: dict[str, list[str]] = {}
        for name, rows in self.rows():
            grouped.setdefault(name, []).extend(_second_fields(name, rows))
        return {name: tuple(group) for name, group in grouped.items()}

    def rows(self) -> Iterator[tuple[str, str]]:
        """Classes with neighbouring rows of theirs, each ``class<TAB>expression``, in the order of the
        files' names; a class that has rows apart from each other comes again. Raises LexiconError: a line
        is incomplete."""
        for file in sorted(self.files):
            yield from _groups(file, self.files[file])

    def check(self) -> None:
        """Pass a sound lexicon.

        Raises:
            LexiconError: a line is incomplete, an expression is doubled or cannot be, a class is
                unknown.
        """
        for name, expressions in self.expressions.items():
            if name not in self.meanings:
                raise LexiconError(f"the cue class {name!r} has no meaning; add it to {_CLASSES}")
            if doubled := [e for e, n in Counter(expressions).items() if n > 1]:
                raise LexiconError(f"{doubled[0]!r} stands twice in the cue class {name}; keep one")
            for expression in expressions:
                _check(name, expression)


def _check(name: str, expression: str) -> None:
    if not all(expression.split(GAP)) or _FORBIDDEN.search(expression):
        raise LexiconError(
            f"{expression!r} of the cue class {name}: parts joined by {GAP}, without white space and "
            "marks that end a clause, are expected"
        )


def cue_lexicon(edition: int = EDITIONS) -> CueLexicon:
    """An edition of the lexicon that the package carries; the last, unless another is asked for. It is
    read once a process.

    Raises:
        LexiconError: there is no such edition, a line of the classes is incomplete, or a class is
            doubled.
    """
    if not 1 <= edition <= EDITIONS:
        raise LexiconError(f"the cue lexicon has the editions 1 to {EDITIONS}; there is no edition {edition}")
    return _edition(edition)


@cache
def _edition(edition: int) -> CueLexicon:
    names = [f"{number}/{path.name}" for number in range(1, edition + 1) for path in _tables(number)]
    files = {name: _lines(_FOLDER / name) for name in names}
    classes = {name: files.pop(name) for name in names if Path(name).name == _CLASSES}
    return CueLexicon(_meanings(classes), files, edition)


def edition_named(fingerprint: str) -> CueLexicon | None:
    """The edition of a fingerprint, sought from the last one back; None where no edition has it."""
    editions = map(cue_lexicon, range(EDITIONS, 0, -1))
    return next((lexicon for lexicon in editions if lexicon.fingerprint == fingerprint), None)


def _tables(edition: int) -> list[Path]:
    return sorted((_FOLDER / str(edition)).glob("*.tsv"))


def _lines(path: Path) -> bytes:
    """A file's lines, each with its end, which is the same on every system."""
    content = path.read_bytes().replace(b"\r\n", b"\n")
    return content if content.endswith(b"\n") or not content else content + b"\n"


def _meanings(files: Mapping[str, bytes]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for file, content in files.items():
        for name, rows in _groups(file, content):
            meaning, *others = _second_fields(name, rows)
            if others or name in meanings:
                raise LexiconError(f"{file}: the cue class {name} has a meaning already; take this line out")
            meanings[name] = meaning
    return meanings


def _second_fields(name: str, rows: str) -> list[str]:
    return rows.removeprefix(f"{name}\t").split(f"\n{name}\t")


def _groups(file: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The first field of neighbouring rows that have it in common, with these rows."""
    text, at = content.decode(), 0
    while at < len(text):
        rows = _ROWS_OF_A_CLASS.match(text, at)
        if rows is None:
            number, line = text.count("\n", 0, at) + 1, text[at:].partition("\n")[0]
            raise LexiconError(f"{file}, line {number}: two fields and a tab between are expected: {line!r}")
        yield rows[1], rows[0][:-1]
        at = rows.end()

"""The Codebook: which codes there are, how they are written, what they are called."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path

from wuxing_nlp.codebook.entries import Contents, Measure, Name, Problem, Rule, Stance, Type
from wuxing_nlp.codebook.reading import read
from wuxing_nlp.codebook.splitting import split_codes
from wuxing_nlp.errors import CodebookError

__all__ = ["Codebook", "Measure", "Problem", "Stance", "Type", "load_codebook", "read_codebook"]

EXISTS, TACKLED, BOTH = "!", "-", "!-"

_MOST_NAMED = 5
_MOST_POINTS = 300  # in one line: the parser's work grows with the square of a dotted key's parts

_SHIPPED = Path(__file__).with_name("codebook.toml")


class Codebook:
    """Types with their measures, problems with their stances, and the rules.

    *Base codes* are the columns of a model: ``X0`` and the measures of every type, each problem
    with ``!`` and with ``-``. *Written codes* are what a unit carries: base codes, except that a
    problem with both stances is written once, ``J!-``. A type without measures has one code, ``X0``;
    coders may also write its letter or its name.

    ``text`` is the TOML that the contents were read from, empty where they came otherwise.
    """

    def __init__(self, contents: Contents, text: str = "") -> None:
        self.contents = contents
        self.text = text
        self.letters: tuple[str, ...] = (
            *(kind.letter for kind in self.types),
            *(problem.letter for problem in self.problems),
        )
        self.codes: tuple[str, ...] = (
            *(code for kind in self.types for code in (kind.code, *(m.code for m in kind.measures))),
            *(problem.letter + stance.mark for problem in self.problems for stance in self.stances),
        )
        self._allowed = frozenset(self.codes) | {problem.letter + BOTH for problem in self.problems}
        self._check()

    @classmethod
    def from_toml(cls, text: str, name: str = "codebook.toml") -> Codebook:
        """Read and check the data. Raises CodebookError: the file, the entry, what is wrong."""
        if (points := max(line.count(".") for line in text.split("\n"))) > _MOST_POINTS:
            raise CodebookError(
                f"{name} has a line with {points} points, {_MOST_POINTS} are the most; break the line"
            )
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise CodebookError(f"{name} is not TOML: {error}") from error
        contents = read(Contents, data, name)
        try:
            return cls(contents, text)
        except CodebookError as error:
            raise CodebookError(f"{name}: {error}") from error

    def _check(self) -> None:
        doubled = {code for code in self.codes if self.codes.count(code) > 1}
        if doubled or len(set(self.letters)) < len(self.letters):
            raise CodebookError(f"codes or letters are given twice: {sorted(doubled) or self.letters}")
        for kind in self.types:
            if strays := [m.code for m in kind.measures if m.code[:1] != kind.letter]:
                raise CodebookError(f"measures {strays} stand under type {kind.letter}")
        if self.problems and [stance.mark for stance in self.stances] != [EXISTS, TACKLED]:
            raise CodebookError(f"problems need the two stances {EXISTS} and {TACKLED}, in this order")
        self._check_references()

    def _check_references(self) -> None:
        known = {*self._allowed, *self.letters}
        for place, code in self._references():
            if code not in known:
                raise CodebookError(f"{place} names {code!r}, which is no code and no letter")
        for entry in self.labels():
            for number, negative in enumerate(entry.negative, start=1):
                if unknown := [code for code in negative.codes if code not in self._allowed]:
                    raise CodebookError(
                        f"negative example {number} of {entry.name.hans} has the unknown codes {unknown}; "
                        f"allowed are {' '.join(self.codes)}"
                    )

    def _references(self) -> Iterator[tuple[str, str]]:
        """Every code or letter that a rule or an entry names, with the place where it does."""
        for rule in self.rules:
            yield from ((f"rule {rule.id}", code) for code in rule.codes)
        for entry in self.labels():
            place = f"confused_with of {entry.name.hans}"
            yield from ((place, confusion.code) for confusion in entry.confused_with)

    @property
    def version(self) -> str:
        """Version of the codebook's meaning; part of every model."""
        return self.contents.version

    @property
    def types(self) -> tuple[Type, ...]:
        """The types, in order."""
        return self.contents.types

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of all types, in order."""
        return tuple(measure for kind in self.types for measure in kind.measures)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The conduct problems, in order."""
        return self.contents.problems

    @property
    def stances(self) -> tuple[Stance, ...]:
        """The two stances, exists and tackled; none where there are no problems."""
        return self.contents.stances

    @property
    def rules(self) -> tuple[Rule, ...]:
        """General rules and settled questions."""
        return self.contents.rules

    def labels(self) -> Iterator[Type | Measure | Problem]:
        """Every entry: each type, then its measures; then the problems."""
        for kind in self.types:
            yield kind
            yield from kind.measures
        yield from self.problems

    def parse(self, text: str) -> tuple[str, ...]:
        """Codes of a line, checked and sorted; ``0`` or nothing means none.

        Between codes stands one of :data:`wuxing_nlp.codebook.splitting.SEPARATORS`.

        Raises:
            CodebookError: as :meth:`check`.
        """
        return self.check(code for code in split_codes(text) if code != "0")

    def check(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The same codes as the codebook writes them, sorted.

        Raises:
            CodebookError: codes are unknown; the message names them, and what is allowed.
        """
        given = [self._spellings.get(code, code) for code in codes]
        if unknown := [code for code in given if code not in self._allowed]:
            both = [f"a problem with both stances ({problem.letter}!-)" for problem in self.problems[:1]]
            allowed = ", ".join([" ".join(self.codes), *both])
            shown = ", ".join(repr(code) for code in unknown[:_MOST_NAMED])
            more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
            raise CodebookError(f"unknown code {shown}{more}; allowed are {allowed}, or 0 for none")
        return self.written(self.base(given))

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """What a coder may write instead of the one code of a type without measures."""
        single = [kind for kind in self.types if not kind.measures]
        return {
            spelling: kind.code
            for kind in single
            for spelling in (kind.letter, kind.name.hans, kind.name.hant)
            if spelling
        }

    def base(self, codes: Iterable[str]) -> frozenset[str]:
        """Base codes of written ones: ``J!-`` becomes ``J!`` and ``J-``."""
        return frozenset(
            base
            for code in codes
            for base in ((code[0] + "!", code[0] + "-") if code.endswith(BOTH) else (code,))
        )

    def written(self, base: Iterable[str]) -> tuple[str, ...]:
        """Written codes of base ones, sorted: ``J!`` with ``J-`` becomes ``J!-``."""
        codes = set(base)
        for problem in self.problems:
            pair = {problem.letter + EXISTS, problem.letter + TACKLED}
            if pair <= codes:
                codes = (codes - pair) | {problem.letter + BOTH}
        return tuple(sorted(codes))

    def letters_of(self, codes: Iterable[str]) -> frozenset[str]:
        """The letters (types and problems) of some codes."""
        return frozenset(code[0] for code in codes)

    def stance_of(self, code: str) -> str | None:
        """``exists``, ``tackled`` or ``both`` for a problem's code; None for a type's."""
        mark = code[1:]
        names = {stance.mark: stance.id for stance in self.stances} | {BOTH: "both"}
        return names.get(mark)

    def name(self, code: str, *, hant: bool = False) -> str:
        """The Chinese name of a written code or letter: 忠诚型·政治能力, 假·整治."""
        if code not in self._names:
            raise CodebookError(f"unknown code {code!r}; allowed are {' '.join(self.codes)}")
        return self._names[code][hant]

    @cached_property
    def _names(self) -> dict[str, tuple[str, str]]:
        names: dict[str, tuple[str, str]] = {}
        for kind in self.types:
            hans, hant = _both_scripts(kind.name)
            whole = (f"{hans}·整体", f"{hant}·整體") if kind.measures else (hans, hant)
            names |= {kind.letter: (hans, hant), kind.code: whole}
            for measure in kind.measures:
                own = _both_scripts(measure.name)
                names[measure.code] = (f"{hans}·{own[0]}", f"{hant}·{own[1]}")
        for problem in self.problems:
            hans, hant = _both_scripts(problem.name)
            names[problem.letter] = (hans, hant)
            for stance in self.stances:
                own = _both_scripts(stance.name)
                names[problem.letter + stance.mark] = (f"{hans}·{own[0]}", f"{hant}·{own[1]}")
            simple, full = zip(*map(_both_scripts, (s.name for s in self.stances)), strict=True)
            names[problem.letter + BOTH] = (f"{hans}·{'并'.join(simple)}", f"{hant}·{'並'.join(full)}")
        return names

    @cached_property
    def keywords(self) -> dict[str, tuple[str, ...]]:
        """Letter → the terms of a plain keyword dictionary, measures under their type."""
        table = {
            kind.letter: (*kind.keywords, *(word for measure in kind.measures for word in measure.keywords))
            for kind in self.types
        }
        return table | {problem.letter: problem.keywords for problem in self.problems}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the codebook's data, comments and layout left out."""
        data = json.dumps(self.contents, default=vars, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(data.encode()).hexdigest()


def _both_scripts(name: Name) -> tuple[str, str]:
    """A name in Simplified and Traditional script; the former twice where the latter is not given."""
    return name.hans, name.hant or name.hans


def read_codebook(path: Path) -> Codebook:
    """The codebook of a file.

    Raises:
        CodebookError: the file is missing, is not TOML, or breaks a rule of the codebook.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(f"{path} cannot be read as a codebook: {error}") from error
    return Codebook.from_toml(text, str(path))


@cache
def load_codebook(path: Path | None = None) -> Codebook:
    """The shipped codebook, or one's own file of the same form, read once. Raises CodebookError as
    :func:`read_codebook`."""
    return read_codebook(_SHIPPED if path is None else path)

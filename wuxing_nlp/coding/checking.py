"""A look at one's own codings before they are used: all that is wrong or doubtful, at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.files import NO_CODES, Problem, scan
from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.text.script import normalise

FEWEST_UNITS = 10
"""Units with a label, and without it, that a model needs to learn the label."""

FEWEST_DOCUMENTS = 6
"""Documents from which on folds by document leave enough to learn from."""

_MOST_LINES = 5
_Place = tuple[Path, int]
_Placed = Sequence[tuple[_Place, CodedUnit]]


@dataclass(frozen=True, slots=True)
class Checked:
    """Codings that were looked at.

    Attributes:
        units: what can be used; a unit that stands there twice, once.
        errors: what must be mended first.
        warnings: what should be known.
    """

    units: list[CodedUnit]
    errors: list[Problem]
    warnings: list[Problem]


def check_codings(path: Path, codebook: Codebook) -> Checked:
    """Check a file or folder of coded units that a model is to learn from: as :func:`check_units`, and
    whether they can be learnt from.

    Further errors: a letter that every unit carries; fewer than :data:`FEWEST_DOCUMENTS` documents; no
    letter with enough units. Further warnings: labels with fewer than :data:`FEWEST_UNITS` units, or
    none; units whose documents are not named.

    Raises:
        CorpusError: the file is missing, cannot be opened, or is of a type that holds no units.
    """
    kept, errors, warnings = _read(path, codebook)
    if kept:
        errors += [*_without_negatives(kept, codebook), *_too_little(path, kept, codebook)]
        warnings += [*_undocumented(kept), *_rare(path, kept, codebook)]
    return _outcome(kept, errors, warnings)


def check_units(path: Path, codebook: Codebook, *, once: bool = True) -> Checked:
    """Check a file or folder of coded units, as :func:`wuxing_nlp.coding.read_units` reads them.

    Errors: lines that are no coded unit, unknown codes among them, and those without codes in one line a
    file; a text that is coded in two ways, in whatever script; an id twice; no unit at all. Warnings: a
    unit twice. Without ``once`` a text may stand there as often as it was coded, as in a random sample; the
    first texts that were coded in two ways are warnings.

    Raises:
        CorpusError: the file is missing, cannot be opened, or is of a type that holds no units.
    """
    return _outcome(*_read(path, codebook, once=once))


_Found = tuple[_Placed, list[Problem], list[Problem]]


def _read(path: Path, codebook: Codebook, *, once: bool = True) -> _Found:
    """Units, each once where that is wanted, errors and warnings of their file."""
    found = list(scan(path, codebook))
    if not found:
        return [], [Problem(path, 1, "no coded unit stands here")], []
    errors = list(_unfilled([outcome for _, _, outcome in found if isinstance(outcome, Problem)]))
    placed = [((file, line), unit) for file, line, unit in found if isinstance(unit, CodedUnit)]
    kept, repeated, doubled = _once(placed)
    if not once:
        return placed, [*errors, *_doubled_ids(placed)], doubled[:_MOST_LINES]
    return kept, [*errors, *doubled, *_doubled_ids(kept)], repeated


def _outcome(kept: _Placed, errors: list[Problem], warnings: list[Problem]) -> Checked:
    return Checked([unit for _, unit in kept], _in_order(errors), _in_order(warnings))


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path, problem.line))


def _unfilled(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems, but of a file's rows without codes one that names the first of them."""
    waiting: dict[Path, list[int]] = defaultdict(list)
    for problem in problems:
        if problem.what == NO_CODES:
            waiting[problem.path].append(problem.line)
        else:
            yield problem
    for path, lines in waiting.items():
        what = f"in {len(lines)} rows (lines {_first(lines)}) {NO_CODES}" if len(lines) > 1 else NO_CODES
        yield Problem(path, lines[0], what)


def _first(lines: Sequence[int]) -> str:
    """The first of some lines, for a message."""
    return ", ".join(map(str, lines[:_MOST_LINES])) + (", …" if len(lines) > _MOST_LINES else "")


def _once(placed: _Placed) -> tuple[_Placed, list[Problem], list[Problem]]:
    """Units each once; those that are there again; those that are there again with other codes."""
    first: dict[str, tuple[_Place, CodedUnit]] = {}
    repeated, doubled = [], []
    for place, unit in placed:
        before, other = first.setdefault(normalise(unit.text).text, (place, unit))
        if before == place:
            continue
        where = _named(before, beside=place)
        if other.codes == unit.codes:
            repeated.append(Problem(*place, f"the text and codes of {where} again; left out here"))
        else:
            codes = f"{_listed(unit.codes)} here, {_listed(other.codes)} in {where}"
            doubled.append(Problem(*place, f"the same text is coded {codes}; decide on one"))
    return list(first.values()), repeated, doubled


def _listed(codes: Sequence[str]) -> str:
    return ",".join(codes) or "0"


def _named(place: _Place, *, beside: _Place) -> str:
    """A place, as it is called in a message about another one."""
    return f"line {place[1]}" if place[0] == beside[0] else f"{place[0]}, line {place[1]}"


def _doubled_ids(placed: _Placed) -> Iterator[Problem]:
    first: dict[str, _Place] = {}
    for place, unit in placed:
        before = first.setdefault(unit.id, place)
        if before != place:
            where = _named(before, beside=place)
            yield Problem(*place, f"the id of {where} again ({unit.id!r}); ids must differ")


def _undocumented(placed: _Placed) -> Iterator[Problem]:
    """A warning a file whose units are all documents of their own."""
    files: dict[Path, list[bool]] = defaultdict(list)
    for (file, _), unit in placed:
        files[file].append(unit.document == unit.id)
    for file, alone in files.items():
        if all(alone):
            yield Problem(
                file,
                1,
                "no unit names its document: each counts as one of its own; where units of one document "
                "stand on both sides of a fold, the scores flatter",
            )


def _without_negatives(placed: _Placed, codebook: Codebook) -> Iterator[Problem]:
    for letter in codebook.letters:
        if all(letter in unit.letters for _, unit in placed):
            named = f"{letter} {codebook.name(letter)}"
            yield Problem(*placed[0][0], f"{named} stands on every unit; add units that do not carry it")


def _too_little(path: Path, placed: _Placed, codebook: Codebook) -> Iterator[Problem]:
    documents = len({unit.document for _, unit in placed})
    if documents < FEWEST_DOCUMENTS:
        yield Problem(path, 1, f"{documents} documents are too few: at least {FEWEST_DOCUMENTS} are needed")
    if not any(len(_carriers(placed, letter, codebook)) >= FEWEST_UNITS for letter in codebook.letters):
        yield Problem(path, 1, f"no letter stands on {FEWEST_UNITS} units: there is nothing to learn yet")


def _rare(path: Path, placed: _Placed, codebook: Codebook) -> Iterator[Problem]:
    """A warning for each label with few units, with their lines, and one for those with none."""
    absent = []
    for label in _labels(codebook):
        places = _carriers(placed, label, codebook)
        if not places:
            absent.append(label)
        elif len(places) < FEWEST_UNITS:
            yield Problem(*places[0], _few(label, places, codebook))
    if absent:
        yield Problem(path, 1, f"no unit carries {' '.join(absent)}: nothing is learnt of them here")


def _labels(codebook: Codebook) -> list[str]:
    """Letters and codes; of a letter with one code only the letter."""
    single = {kind.code for kind in codebook.types if not kind.measures}
    return [label for label in (*codebook.letters, *codebook.codes) if label not in single]


def _carriers(placed: _Placed, label: str, codebook: Codebook) -> list[_Place]:
    return [place for place, unit in placed if label in unit.letters | codebook.base(unit.codes)]


def _few(label: str, places: Sequence[_Place], codebook: Codebook) -> str:
    lines = _first([line for _, line in places])
    return (
        f"{label} {codebook.name(label)} stands on {len(places)} of the units (lines {lines}); "
        f"at least {FEWEST_UNITS} are needed to learn it"
    )

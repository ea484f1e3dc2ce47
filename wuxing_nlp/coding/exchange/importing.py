"""A labelling tool's file to units, those of each coder apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.coding.exchange.formats import named
from wuxing_nlp.coding.exchange.outcomes import Coding, Flaw, Left, Outcome
from wuxing_nlp.coding.files import write_json_lines
from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.errors import CorpusError

_UNSAFE = re.compile(r"[^\w@.+-]+")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds: units by coder ("" where it names none), in the file's order, and how many
    places hold no coding, by why."""

    units: Mapping[str, Sequence[CodedUnit]]
    left: Mapping[str, int]


def import_units(
    name: str, path: Path | str, *, empty_is_none: bool = False, codebook: Codebook | None = None
) -> Imported:
    """The codings of a file.

    Args:
        name: a format of :data:`wuxing_nlp.coding.exchange.FORMATS`.
        path: the file.
        empty_is_none: doccano only: True where an example without labels was coded and carries none,
            as when only confirmed examples were exported; otherwise it was not coded.
        codebook: whose labels; the shipped one's without it.

    Raises:
        CorpusError: an unknown format, a file that cannot be read, its first flaw, no coding in it.
    """
    units: dict[str, list[CodedUnit]] = {}
    left: Counter[str] = Counter()
    for outcome in _outcomes(name, Path(path), empty_is_none, codebook):
        if isinstance(outcome, Flaw):
            raise CorpusError(str(outcome))
        if isinstance(outcome, Left):
            left[outcome.why] += 1
        else:
            units.setdefault(outcome.coder, []).append(outcome.unit)
    if not units:
        raise CorpusError(f"{path} holds no coding ({told(left) or 'it is empty'}); nothing to import")
    return Imported(units, left)


def flaws(
    name: str, path: Path | str, *, empty_is_none: bool = False, codebook: Codebook | None = None
) -> list[Flaw]:
    """Every flaw of a file, in order; see :func:`import_units`.

    Raises:
        CorpusError: an unknown format, or a file that cannot be read at all.
    """
    found = _outcomes(name, Path(path), empty_is_none, codebook)
    return [outcome for outcome in found if isinstance(outcome, Flaw)]


def told(left: Mapping[str, int]) -> str:
    """How many places hold no coding, for a message: "3 not coded, 1 cancelled"."""
    return ", ".join(f"{count} {why}" for why, count in left.items())


def write_codings(imported: Imported, path: Path | str) -> list[Path]:
    """Write the units as JSON lines that :func:`wuxing_nlp.coding.read_units` reads, each with its
    ``coder`` where one is named: one file, or with several coders a file for each in the folder ``path``.

    Raises:
        CorpusError: several coders and a path that ends in ``.jsonl``, or whose names make one file.
        OutputError: a file cannot be written.
    """
    path = Path(path)
    coders = list(imported.units)
    if len(coders) == 1 and path.suffix == ".jsonl":
        files = {coders[0]: path}
    elif path.suffix == ".jsonl":
        raise CorpusError(
            f"the codings are of {len(coders)} coders ({_listed(coders)}); give a folder, not a .jsonl file, "
            "for a file of each"
        )
    else:
        files = {coder: path / f"{_file_name(coder)}.jsonl" for coder in coders}
    # Some file systems take names that differ in case for the same.
    if len({str(file).casefold() for file in files.values()}) < len(coders):
        raise CorpusError(f"two of the coders {_listed(coders)} make the same file name; rename one")
    for coder, units in imported.units.items():
        by = {"coder": coder} if coder else {}
        rows = (asdict(unit) | {"sha1": unit.sha1} | by for unit in units)
        write_json_lines(rows, files[coder])
    return list(files.values())


def _listed(coders: Sequence[str]) -> str:
    return ", ".join(coder or "one without a name" for coder in coders)


def _file_name(coder: str) -> str:
    return _UNSAFE.sub("_", coder).lstrip(".")[:100] or "coder"


def _outcomes(name: str, path: Path, empty_is_none: bool, codebook: Codebook | None) -> Iterator[Outcome]:
    """What the format's reader finds, with a Flaw for the second of two equal units of a coder."""
    if not path.is_file():
        raise CorpusError(f"{path} is no file; give the file that the tool exported")
    seen: dict[tuple[str, str, str], str] = {}
    for outcome in named(name).read(path, empty_is_none, codebook or load_codebook()):
        yield _again(path, outcome, seen) or outcome if isinstance(outcome, Coding) else outcome


def _again(path: Path, coding: Coding, seen: dict[tuple[str, str, str], str]) -> Flaw | None:
    unit, by = coding.unit, f" by {coding.coder}" if coding.coder else ""
    for kind, value in (("id", unit.id), ("text", unit.text)):
        if first := seen.get((coding.coder, kind, value)):
            what = f"the {kind} of {first} again{by} ({value[:20]!r}); keep one"
            return Flaw(path, coding.place, what)
    for kind, value in (("id", unit.id), ("text", unit.text)):
        seen[coding.coder, kind, value] = coding.place
    return None

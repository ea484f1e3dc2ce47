"""What ``wuxing corpus validate`` looks at: coded units, or a table of coders' codings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.coding.checking import check_units
from wuxing_nlp.coding.coders import read_codings
from wuxing_nlp.coding.files import SUFFIXES
from wuxing_nlp.documents.formats import FORMATS
from wuxing_nlp.errors import CorpusError, WuxingError


@dataclass(frozen=True, slots=True)
class Validated:
    """What was found in a file or folder: how many units, and lines on what is wrong or to be known."""

    units: int
    errors: Sequence[str] = ()
    warnings: Sequence[str] = ()


def validated(path: Path, codebook: Path | None) -> Validated:
    """Look at coded units as ``wuxing train --add`` does, and at a table of coders' codings, which is told
    by that it holds no unit, as ``wuxing agree`` does.

    Args:
        path: the file or folder.
        codebook: of one's own labels, which coders' tables do not have; the shipped one without it.

    Raises:
        CodebookError: the codebook is not sound.
    """
    found = _units(path, codebook)
    if found.units or codebook or not _is_table(path):
        return found
    try:
        codings = read_codings([path])
    except WuxingError as error:
        return found if path.suffix.lower() in SUFFIXES else Validated(0, [str(error)])
    coded = sum(bool(unit.codes) for unit in codings.units)
    return Validated(coded, (), [_taken(path, codings.coders)]) if coded else found


def _taken(path: Path, coders: Sequence[str]) -> str:
    whose = ", ".join(coders)
    return f"{path} holds codings of {whose}, as wuxing agree takes them, but no units for wuxing train"


def _units(path: Path, codebook: Path | None) -> Validated:
    book = load_codebook(codebook)
    try:
        checked = check_units(path, book)
    except CorpusError as error:
        return Validated(0, [str(error)])
    return Validated(len(checked.units), list(map(str, checked.errors)), list(map(str, checked.warnings)))


def _is_table(path: Path) -> bool:
    form = FORMATS.get(path.suffix.lower())
    return form is not None and form.table and path.is_file()

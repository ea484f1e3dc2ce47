"""A coded unit's fields in other programs' files: what is written, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.coding.units import CodedUnit
from wuxing_nlp.errors import CorpusError

FIELDS = ("id", "document", "text", "kind", "source", "path", "fold", "sample")
"""The fields of a unit beside its codes, in the order of a table's columns."""

_ALWAYS = ("id", "document", "text", "kind")
_WHOLE = re.compile("-?[0-9]+")


def filled(unit: CodedUnit) -> dict[str, str | int]:
    """The unit's fields by name; optional ones only where something is in them."""
    values = {name: getattr(unit, name) for name in FIELDS}
    return {name: value for name, value in values.items() if name in _ALWAYS or value not in ("", None)}


def check_units(units: Sequence[CodedUnit]) -> None:
    """Pass units that every format can carry, and that can be told apart when they come back.

    Raises:
        CorpusError: a unit without id or document, two with the same id or text, a NUL, half a
            surrogate pair.
    """
    ids: set[str] = set()
    texts: dict[str, str] = {}
    for unit in units:
        _check(unit)
        if unit.id in ids:
            raise CorpusError(
                f"two units have the id {unit.id!r}; ids must differ to come back to their units"
            )
        if (first := texts.setdefault(unit.text, unit.id)) != unit.id:
            raise CorpusError(f"the units {first!r} and {unit.id!r} have the same text; keep one")
        ids.add(unit.id)


def unit_of(values: Mapping[str, Any], codes: tuple[str, ...], default: str, book: Codebook) -> CodedUnit:
    """The unit that the values of a file's place make.

    Args:
        values: by name, as JSON or a table's cells hold them; what is missing has its default, and
            other names are ignored.
        codes: written codes.
        default: the id where the file has none.
        book: whose codes.

    Raises:
        CorpusError: a value is of no use, or the text is missing or empty.
    """
    if _none(values.get("text")):
        raise CorpusError(f"there is no 'text'; found are {', '.join(map(repr, values)) or 'no fields'}")
    name = _string(values, "id", default)
    unit = CodedUnit(
        name,
        _string(values, "text", ""),
        codes,
        _string(values, "kind", "other"),
        _string(values, "document", name),
        _string(values, "source", ""),
        _string(values, "path", ""),
        _fold(values.get("fold")),
        _string(values, "sample", ""),
        book,
    )
    _check(unit)
    return unit


def _check(unit: CodedUnit) -> None:
    for name in ("id", "document"):
        if not getattr(unit, name).strip():
            raise CorpusError(f"the {name} of the unit {unit.text[:20]!r}… is empty; name it")
    for name in FIELDS:
        value = getattr(unit, name)
        if isinstance(value, str) and (what := _forbidden(value)):
            raise CorpusError(f"the {name} of the unit {unit.id!r} holds {what}; remove it")


def _forbidden(value: str) -> str:
    if "\0" in value:
        return "the character U+0000, which no labelling tool and no table keeps"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "half a surrogate pair, which is no character"
    return ""


def _none(value: object) -> bool:
    # doccano goes through pandas, where a value that is missing becomes NaN, the one unlike itself.
    return value is None or value != value


def _string(values: Mapping[str, Any], name: str, default: str) -> str:
    value = values.get(name)
    if _none(value):
        return default
    if isinstance(value, str):
        return value
    whole = _as_whole(value)
    if whole is None:
        raise CorpusError(f"the field {name!r} holds {value!r}; a string or a whole number is expected")
    return str(whole)


def _fold(value: object) -> int | None:
    if _none(value) or value == "":
        return None
    whole = int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else _as_whole(value)
    if whole is None:
        raise CorpusError(f"the field 'fold' holds {value!r}; a whole number or nothing is expected")
    return whole


def _as_whole(value: object) -> int | None:
    """A whole number, also one that pandas made a float of because others were missing."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None

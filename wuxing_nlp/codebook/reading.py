"""Plain data to checked entries: what TOML and JSON give, by what an entry's annotations allow.

An entry is a dataclass whose fields are strings, one of some strings, other entries, or tuples of
these; ``Annotated[..., Limits(...)]`` says how long a string or a tuple may be. All that is wrong is
collected, so that the message can say how much there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from wuxing_nlp.errors import CodebookError

Entry = TypeVar("Entry")

# What a terminal obeys, and what turns the direction of a line: a codebook may be anyone's.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""The characters that no text of a codebook may hold."""

_Problems = list[tuple[str, str]]
_Read = Callable[[object, str, _Problems], Any]
"""Gives the checked value at a place, or notes the place and what is wrong there."""


class Limits(NamedTuple):
    """What a string (in characters; ``strip``: without white space around it) or a tuple may be."""

    least: int = 0
    most: int | None = None
    pattern: str | None = None
    strip: bool = False


def read(kind: type[Entry], data: object, name: str) -> Entry:
    """An entry of a kind from plain data.

    Raises:
        CodebookError: the file's ``name``, the first place, what is wrong there, and how many more
            such places there are.
    """
    problems: _Problems = []
    entry: Entry = _table(kind)(data, "", problems)
    if problems:
        place, said = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise CodebookError(f"{name}, {place}: {said}{more}")
    return entry


@cache
def _reader(hint: Any) -> _Read:
    if is_dataclass(hint):
        return _table(hint)
    if get_origin(hint) is Literal:
        return _choice(get_args(hint))
    kind, limits = get_args(hint) if get_origin(hint) is Annotated else (hint, Limits())
    return _string(limits) if kind is str else _array(_reader(get_args(kind)[0]), limits)


def _table(kind: Any) -> _Read:
    hints: dict[str, Any] = {field.name: field.type for field in fields(kind)}
    readers = {name: _reader(hint) for name, hint in hints.items()}
    required = {field.name for field in fields(kind) if field.default is MISSING}

    def read_table(data: object, place: str, problems: _Problems) -> Any:
        if not isinstance(data, dict):
            problems.append((place, "Input should be a valid table"))
            return None
        inside = f"{place}." if place else ""
        given = {}
        for name, reader in readers.items():
            if name in data:
                given[name] = reader(data[name], inside + name, problems)
            elif name in required:
                problems.append((inside + name, "Field required"))
        strangers = (name for name in data if name not in readers)
        problems += [(f"{inside}{name}", "Extra inputs are not permitted") for name in strangers]
        return None if problems else kind(**given)

    return read_table


def _array(reader: _Read, limits: Limits) -> _Read:
    least, most = limits.least, limits.most

    def read_array(data: object, place: str, problems: _Problems) -> Any:
        if not isinstance(data, list):
            problems.append((place, "Input should be a valid array"))
        elif len(data) < least:
            problems.append((place, f"Array should have at least {_count(least, 'item')}, not {len(data)}"))
        elif most is not None and len(data) > most:
            problems.append((place, f"Array should have at most {_count(most, 'item')}, not {len(data)}"))
        else:
            return tuple(reader(item, f"{place}.{at}", problems) for at, item in enumerate(data))
        return None

    return read_array


def _string(limits: Limits) -> _Read:
    pattern = re.compile(limits.pattern) if limits.pattern else None

    def read_string(data: object, place: str, problems: _Problems) -> Any:
        if not isinstance(data, str):
            problems.append((place, "Input should be a valid string"))
            return None
        text = data.strip() if limits.strip else data
        if CONTROL.search(text):
            problems.append((place, "String should have no control characters"))
        elif len(text) < limits.least:
            problems.append((place, f"String should have at least {_count(limits.least, 'character')}"))
        elif pattern and not pattern.fullmatch(text):
            problems.append((place, f"String should match pattern '{limits.pattern}'"))
        return text

    return read_string


def _choice(allowed: tuple[str, ...]) -> _Read:
    def read_choice(data: object, place: str, problems: _Problems) -> Any:
        if data not in allowed:
            problems.append((place, f"Input should be {' or '.join(map(repr, allowed))}"))
        return data

    return read_choice


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"

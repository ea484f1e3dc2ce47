"""No regular expression of the package can be made to search for ever.

Every pattern that a module holds is run, in the ways in which the package runs it, over long texts
made of what the pattern itself speaks of: one sign again and again, two by turns, all of them in a
row. Where two of its repetitions can share a text, or a search begins anew at every place of one,
that takes quadratic time or worse.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import pytest

import wuxing_nlp

LENGTH = 50_000
LIMIT = 1.0
"""Seconds of the processor for one text: a linear search takes thousandths, a quadratic one more."""
SIGNS, PAIRED = 16, 3
"""Signs of a pattern that are tried alone, and two by turns."""

USES = re.compile(r"\b(_?[A-Z][A-Z_]*)(?:\.pattern)?\.(search|match|fullmatch|findall|finditer|split|sub)\(")

HANDED = {"_TITLE_ISSUER": {"match"}, "_TITLE_BODY": {"match"}, "_SQL_STRING": set[str]()}
"""How patterns are run whose name the call does not show; the last reads only files of a known SHA-1."""

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="this system has no alarm")


@cache
def modules() -> tuple[ModuleType, ...]:
    names = (found.name for found in pkgutil.walk_packages(wuxing_nlp.__path__, "wuxing_nlp."))
    return tuple(importlib.import_module(name) for name in names if not name.endswith("__main__"))


@cache
def uses() -> dict[str, set[str]]:
    """How the patterns of each name are run; what is handed on is searched."""
    found = {name: set(methods) for name, methods in HANDED.items()}
    for path in Path(wuxing_nlp.__path__[0]).rglob("*.py"):
        for name, method in USES.findall(path.read_text(encoding="utf-8")):
            if name not in HANDED:
                found.setdefault(name, set()).add(method)
    return found


def patterns() -> dict[re.Pattern[str], str]:
    """Every pattern for texts that a module holds, alone or among others, with its name."""
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        for name, value in vars(module).items():
            values = (
                value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
            )
            for pattern in values:
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    found.setdefault(pattern, f"{module.__name__}.{name}")
    return found


CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}


def signs(tree: Any) -> Iterator[str]:
    """A sign for every place of a parsed pattern, in order."""
    for kind, value in tree:
        match str(kind):
            case "LITERAL" | "NOT_LITERAL":
                yield chr(value)
            case "RANGE":
                yield chr(value[0])
            case "CATEGORY":
                yield CATEGORIES.get(str(value), "改")
            case "ANY" | "NEGATE":
                yield "改"
            case "IN":
                yield from list(signs(value))[:3]
            case "BRANCH":
                for branch in value[1]:
                    yield from signs(branch)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from signs(value[2])
            case "SUBPATTERN":
                yield from signs(value[3])
            case "ASSERT" | "ASSERT_NOT":
                yield from signs(value[1])
            case "ATOMIC_GROUP":
                yield from signs(value)


def texts(pattern: re.Pattern[str]) -> Iterator[str]:
    row = list(signs(_parser.parse(pattern.pattern, pattern.flags)))[:200] or ["改"]
    each = list(dict.fromkeys(row))[:SIGNS]
    for piece in [*each, "".join(row), *map("".join, permutations(each[:PAIRED], 2))]:
        whole = piece * (LENGTH // len(piece))
        yield whole
        yield f"{whole}\0"  # what matches all of it but the end has to go back


def run(pattern: re.Pattern[str], method: str, text: str) -> None:
    if method == "sub":
        pattern.sub("", text)
    elif method == "finditer":
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, method)(text)


def is_slow(pattern: re.Pattern[str], methods: set[str]) -> bool:
    def stop(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for text in texts(pattern):
            for method in methods:
                signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
                run(pattern, method, text)
    except TimeoutError:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return False


def test_no_pattern_takes_for_ever() -> None:
    found = patterns()
    assert len(found) > 150
    slow = [
        name
        for pattern, name in found.items()
        if is_slow(pattern, uses().get(name.rpartition(".")[2], {"search", "finditer"}))
    ]
    assert slow == []


@pytest.mark.parametrize("pattern", [r"(?:改+)+$", r"改* *改*$", r"\s+$", r"[^。]*改[^。]*。"])
def test_a_slow_pattern_would_be_seen(monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    monkeypatch.setattr(f"{__name__}.LIMIT", 1)
    assert is_slow(re.compile(pattern), {"search"})

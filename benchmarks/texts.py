"""What is tagged: the project's own units under ever new names.

A unit begins with the made-up name of a place, so that no two strings of a run are equal. Its
characters are no word of the dictionary together: every unit asks the segmenter for about one run
of characters that no cache has seen, which is what real documents ask (1.0 a unit was counted in
4,000 real units).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import cycle, islice
from random import Random
from typing import Literal, NamedTuple

from opencc import OpenCC  # type: ignore[import-untyped]

from wuxing_nlp.coding import CodedUnit, Corpus, default_root

Script = Literal["simplified", "traditional"]
SCRIPTS: tuple[Script, ...] = ("simplified", "traditional")

SHORTEST, LONGEST = 30, 48
"""Characters of a unit."""

_NAME_LENGTH = 3
_NAMES = "陂圩坳埠垌岙峪崮浦渚溆漳潭澧畈碶磡篁芷茅荻菰蓼藕郫郯鄱"
_PLACES = "县区乡镇村"
_NUMERALS = "一二三四五六七八九"
_UNITS_A_PARAGRAPH = 8
_NO_LETTER = re.compile(r"[\W\d]")


class _Stock(NamedTuple):
    """Bodies of units, and characters that names are made of, in one script."""

    bodies: list[str]
    names: str
    places: str


class Texts:
    """Units, reports and long runs, made of coded units; the same for the same numbers.

    Args:
        coded: units of the corpus; those are taken that a name makes 30–48 characters long, mean 39.
    """

    def __init__(self, coded: Sequence[CodedUnit]) -> None:
        name = _NAME_LENGTH + 1
        fit = [unit.text for unit in coded if SHORTEST <= len(unit.text) + name <= LONGEST]
        self._simplified = _Stock(fit, _NAMES, _PLACES)

    @cached_property
    def _traditional(self) -> _Stock:
        convert = OpenCC("s2t").convert
        bodies, names, places = self._simplified
        return _Stock([convert(body) for body in bodies], convert(names), convert(places))

    def units(self, count: int, script: Script, number: int, taker: str) -> list[str]:
        """So many units: those of the round ``number``, with names of their own for each taker, who
        would else find in a cache what another left there."""
        stock = self._simplified if script == "simplified" else self._traditional
        bodies = Random(number).choices(stock.bodies, k=count)
        random = Random(f"{number} {taker}")
        return [_name(stock, random) + body for body in bodies]

    def report(self, length: int, script: Script, number: int, taker: str) -> str:
        """A work report of so many characters: numbered headings, and paragraphs of units."""
        units = iter(self.units(length // SHORTEST, script, number, taker))
        blocks: list[str] = []
        for numeral in cycle(_NUMERALS):
            if not (paragraph := "".join(islice(units, _UNITS_A_PARAGRAPH))):
                break
            blocks.append(f"{numeral}、{paragraph[: _NAME_LENGTH + 1]}\n{paragraph}\n")
        return "".join(blocks)[:length]

    def run(self, length: int, script: Script, number: int, taker: str) -> str:
        """One unit of so many characters without any punctuation."""
        units = self.units(length // SHORTEST * 2, script, number, taker)
        return _NO_LETTER.sub("", "".join(units))[:length]


def _name(stock: _Stock, random: Random) -> str:
    return "".join(random.choices(stock.names, k=_NAME_LENGTH)) + random.choice(stock.places)


def authored() -> list[CodedUnit]:
    """The project's own units, which are in every checkout."""
    return Corpus(default_root()).authored()

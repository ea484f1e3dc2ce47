"""The words of what the dictionary leaves over: jieba's hidden Markov model, number for number.

Paths through the model are often equal but for rounding (``滥滥滥滥滥``), and then the last digit
decides. So this takes jieba's own tables and adds in jieba's own order; rjieba's model has its
probabilities rounded to six decimals and decides otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from wuxing_nlp.text.jieba_package import hmm_table

STATES = "BMES"
"""Begin, middle and end of a word; a single character."""

_FLOOR = -3.14e100
_UNKNOWN = (_FLOOR,) * len(STATES)
_HAN = re.compile("([\u4e00-\u9fd5]+)")
_ALPHANUMERIC = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")

_Ends: TypeAlias = "tuple[_Ends, int] | None"
"""Where words end along a path: the ends before, and the last."""


class Hmm(NamedTuple):
    """Jieba's hidden Markov model: log-probabilities of the four states at the beginning, of the eight
    moves (BM BE MM ME EB ES SB SS), of the characters that each state knows, and of any other."""

    start: tuple[float, ...]
    moves: tuple[float, ...]
    emit: tuple[Mapping[str, float], ...]
    floor: float


def hmm() -> Hmm:
    """The installed jieba's model. Raises LexiconError where it cannot be read."""
    start, moves, emit = hmm_table("start"), hmm_table("trans"), hmm_table("emit")
    return Hmm(
        tuple(start[state] for state in STATES),
        tuple(moves[old][new] for old, new in ("BM", "BE", "MM", "ME", "EB", "ES", "SB", "SS")),
        tuple(emit[state] for state in STATES),
        _FLOOR,
    )


class Finalseg:
    """What ``jieba.finalseg.cut`` does, several times as fast."""

    def __init__(self) -> None:
        self._start, self._moves, known, floor = hmm()
        characters = set().union(*known)
        self._emit = {char: tuple(of.get(char, floor) for of in known) for char in characters}

    def cut(self, run: str) -> list[str]:
        """The words of a run of Han and of jieba's ASCII characters; their concatenation is the run."""
        words: list[str] = []
        for place, block in enumerate(_HAN.split(run)):
            if place % 2:
                words += self._han(block)
            else:
                words += filter(None, _ALPHANUMERIC.split(block))
        return words

    def _han(self, run: str) -> list[str]:
        """The words of a run of Han, which is not empty, by Viterbi's algorithm. Of equals jieba takes the
        later letter of ``BEMS``: hence ``>`` alone."""
        bm, be, mm, me, eb, es, sb, ss = self._moves
        b, m, e, s = map(float.__add__, self._start, self._emit.get(run[0], _UNKNOWN))
        at_b: _Ends = None
        at_m: _Ends = None
        at_e: _Ends = (None, 1)
        at_s: _Ends = (None, 1)
        for end, char in enumerate(run[1:], start=2):
            to_b, to_m, to_e, to_s = self._emit.get(char, _UNKNOWN)
            b_of_e, b_of_s = e + eb + to_b, s + sb + to_b
            m_of_b, m_of_m = b + bm + to_m, m + mm + to_m
            e_of_b, e_of_m = b + be + to_e, m + me + to_e
            s_of_e, s_of_s = e + es + to_s, s + ss + to_s
            new_b, b = (at_e, b_of_e) if b_of_e > b_of_s else (at_s, b_of_s)
            new_m, m = (at_b, m_of_b) if m_of_b > m_of_m else (at_m, m_of_m)
            new_e, e = (at_b, e_of_b) if e_of_b > e_of_m else (at_m, e_of_m)
            new_s, s = (at_e, s_of_e) if s_of_e > s_of_s else (at_s, s_of_s)
            at_b, at_m, at_e, at_s = new_b, new_m, (new_e, end), (new_s, end)
        return _pieces(run, at_e if e > s else at_s)


def _pieces(run: str, ends: _Ends) -> list[str]:
    words = []
    while ends is not None:
        before, end = ends
        words.append(run[before[1] if before else 0 : end])
        ends = before
    return words[::-1]

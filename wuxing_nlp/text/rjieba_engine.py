"""The engine without a compiler: rjieba finds the dictionary's words, jieba's own rules do the rest.

rjieba (https://github.com/messense/rjieba-py) takes the same most probable route through the same
dictionary as jieba 0.42.1, but joins what the route leaves over by a rule for ASCII and a rounded
HMM of its own, and takes more characters for Han. So it is asked for the route alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any

from wuxing_nlp.errors import SegmenterError
from wuxing_nlp.text.finalseg import Finalseg
from wuxing_nlp.text.lexicon import frequencies

JIEBA_SUM = 60_101_967
"""The sum of all frequencies in jieba's dictionary file."""

COUNTED_TWICE = 19_668
"""The part of jieba's sum that rjieba counts once: its entries of the lexicon's words, and ``B超``,
which the file holds twice. Routes are often equally probable but for rounding (``试试试``), and the
sum is part of what is rounded."""

MOST_KEPT, LONGEST_KEPT = 2**14, 16
"""Runs whose words are remembered, and characters of such a run: about 10 MB."""

_NOWHERE = "\0"  # a word of no block: it is counted, and never found

_OTHER_HAN = re.compile("([\u3400-\u4dbf\u9fd6-\u9fff\ud800-\udfff\uf900-\ufaff\U00020000-\U0003ffff])")
"""Han to rjieba and not to jieba; and lone surrogates, which it cannot be given."""

_BLOCK = re.compile(r"([\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+)")
_OUTSIDE = re.compile(r"\r\n|[\s\S]")


def installed() -> bool:
    """Whether rjieba is there."""
    return find_spec("rjieba") is not None


def _own_jieba() -> Any:
    """An instance of nobody else's, of an extension module that nobody else has loaded.

    ``import rjieba`` would build its shared instance too, for 25 MB.
    """
    package = find_spec("rjieba")
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec(f"{__package__}.rjieba", places) if places else None
    if spec is None or spec.loader is None:
        raise SegmenterError("rjieba is not installed; run: pip install rjieba")
    try:
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    except ImportError as error:
        raise SegmenterError(
            f"rjieba cannot be loaded ({error}); run: pip install --force-reinstall rjieba"
        ) from error
    return module.Jieba()


def _check_sum(own: Any) -> None:
    """Refuse a release with another dictionary.

    rjieba does not tell its sum, but suggests ``f ** n / sum ** (n - 1)`` for ``n`` characters of
    frequency ``f`` that are a word each.
    """
    frequency, count = 2**30, 9
    own.add_word(_NOWHERE, frequency, None)
    expected = JIEBA_SUM + sum(frequencies().values()) - COUNTED_TWICE + frequency
    if abs(own.suggest_freq(_NOWHERE * count) - frequency**count // expected ** (count - 1)) > 2:
        raise SegmenterError(
            "this release of rjieba has another dictionary than jieba 0.42.1; run: pip install rjieba==0.2.2"
        )


class RjiebaEngine:
    """Cuts as :class:`wuxing_nlp.text.jieba_engine.JiebaEngine` does, word for word.

    Raises:
        SegmenterError: rjieba is not there, or is a release that cuts otherwise.
    """

    name = "rjieba"

    def __init__(self) -> None:
        own = _own_jieba()
        for word, frequency in frequencies().items():
            own.add_word(word, frequency, None)
        _check_sum(own)
        own.add_word(_NOWHERE, COUNTED_TWICE, None)
        self._route: Callable[[str, bool], list[str]] = own.cut
        self._is_word: Callable[[str], bool] = own.has_word
        self._leftovers = _Leftovers(own.has_word)

    def cut(self, text: str) -> list[str]:
        """The words of the text; their concatenation is the text."""
        tokens = self._pieces(text) if _OTHER_HAN.search(text) else self._route(text, False)
        return join_leftovers(tokens, self._is_word, self._leftovers)

    def _pieces(self, text: str) -> Iterator[str]:
        for place, piece in enumerate(_OTHER_HAN.split(text)):
            yield from self._route(piece, False) if place % 2 == 0 else piece


def join_leftovers(
    tokens: Iterable[str], is_word: Callable[[str], bool], leftovers: Mapping[str, Sequence[str]]
) -> list[str]:
    """The route's tokens with the words of each run of single characters in its place."""
    words: list[str] = []
    run = ""
    for token in tokens:
        if len(token) == 1 or (token.isascii() and not is_word(token)):  # rjieba joins letters and digits
            run += token
        elif run:
            words += leftovers[run]
            words.append(token)
            run = ""
        else:
            words.append(token)
    if run:
        words += leftovers[run]
    return words


class _Leftovers(dict[str, tuple[str, ...]]):
    """A run of single characters, which are no words of the dictionary together → its words."""

    def __init__(self, is_word: Callable[[str], bool]) -> None:
        self._is_word = is_word
        self._finalseg = Finalseg()

    def __missing__(self, run: str) -> tuple[str, ...]:
        words = tuple(self._cut(run))
        if len(run) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[run] = words
        return words

    def _cut(self, run: str) -> Iterator[str]:
        for place, block in enumerate(_BLOCK.split(run)):
            if place % 2 == 0:
                yield from _OUTSIDE.findall(block)
            elif self._is_word(block):  # the route found its characters more probable
                yield from block
            else:
                yield from self._finalseg.cut(block)

"""Units to words: one frozen segmenter a process, with the project's policy lexicon.

Three engines cut the same words: ``jieba`` is the reference, ``compiled`` the fast one, and ``rjieba``
serves where the package was built without a compiler. What fixes the words is jieba's dictionary and
the lexicon; their fingerprints name them, never the engine.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from threading import RLock
from typing import Protocol

from wuxing_nlp.errors import SegmenterError
from wuxing_nlp.text import compiled_engine, rjieba_engine
from wuxing_nlp.text.compiled_engine import CompiledEngine
from wuxing_nlp.text.jieba_engine import JiebaEngine
from wuxing_nlp.text.jieba_package import dictionary
from wuxing_nlp.text.lexicon import lexicon
from wuxing_nlp.text.rjieba_engine import RjiebaEngine

LONGEST_RUN = 500
"""Characters of a run without punctuation that an engine sees at once: jieba's HMM is quadratic."""

# An engine takes seconds and 30 to 60 MB: threads that come for it at once wait for one.
_MAKING = RLock()

_RUN = re.compile(rf"\w{{{LONGEST_RUN}}}")


class Engine(Protocol):
    """What cuts a text into words; every engine cuts the same."""

    name: str

    def cut(self, text: str) -> Sequence[str]:
        """The words of the text; their concatenation is the text."""


ENGINES: dict[str, Callable[[], Engine]] = {
    "compiled": CompiledEngine,
    "rjieba": RjiebaEngine,
    "jieba": JiebaEngine,
}
"""The engines by name, the fastest first."""


class Segmenter:
    """Cuts canonical text into words; the same words for the same text, always.

    Instances hold about 350,000 dictionary entries: use :func:`segmenter`, which shares one.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine.name
        self._cut = engine.cut

    def words(self, text: str) -> list[str]:
        """The words of the text; their concatenation is the text."""
        return list(self.cut(text))

    def cut(self, text: str) -> Sequence[str]:
        """The same, each made when it is asked for where the engine knows how: reading a unit takes
        their places alone."""
        if len(text) <= LONGEST_RUN:
            return self._cut(text)
        return [word for piece in _runs(text) for word in self._cut(piece)]


def _runs(text: str) -> list[str]:
    pieces, done = [], 0
    for match in _RUN.finditer(text):
        pieces.append(text[done : match.end()])
        done = match.end()
    return [*pieces, text[done:]]


def segmenter(engine: str | None = None) -> Segmenter:
    """The process's one segmenter of the engine; of the fastest that is there by default.

    Raises:
        SegmenterError: there is no such engine, or it cannot be used here.
    """
    if engine is not None and engine not in ENGINES:
        raise SegmenterError(f"there is no engine {engine!r}; the engines are {', '.join(ENGINES)}")
    with _MAKING:
        return _fastest() if engine is None else _of(engine)


@cache
def _of(engine: str) -> Segmenter:
    return Segmenter(ENGINES[engine]())


@cache
def _fastest() -> Segmenter:
    if compiled_engine.installed():
        return _of("compiled")
    if not rjieba_engine.installed():
        return _of("jieba")
    try:
        return _of("rjieba")
    except SegmenterError as error:
        warnings.warn(f"{error}. Until then jieba cuts the same words, more slowly.", stacklevel=3)
        return _of("jieba")


@cache
def fingerprint() -> str:
    """SHA-256 (hex) of jieba's dictionary and the lexicon, which decide how words are cut."""
    digest = hashlib.sha256(dictionary())
    digest.update(_lexicon_bytes())
    return digest.hexdigest()


@cache
def lexicon_fingerprint() -> str:
    """SHA-256 (hex) of the policy lexicon's words alone."""
    return hashlib.sha256(_lexicon_bytes()).hexdigest()


def _lexicon_bytes() -> bytes:
    return "\n".join(lexicon()).encode()

"""Units to words: one frozen segmenter a process, with the project's policy lexicon.

The tokenizer is a ``jieba.Tokenizer`` of our own, filled from jieba's dictionary file directly, of
a copy of jieba's module of our own: what other code does to the shared module (``jieba.add_word``,
and ``jieba.del_word``, which reaches into every tokenizer) changes nothing here. Jieba's cache in
the shared temporary folder is never used (it is read with ``marshal``, so that anyone may plant one).
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from functools import cache
from importlib.resources import files
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from types import ModuleType

from wuxing_nlp.errors import LexiconError

LONGEST_RUN = 500
"""Characters of a run without punctuation that jieba sees at once: its HMM is quadratic."""

_RUN = re.compile(rf"\w{{{LONGEST_RUN}}}")


@cache
def lexicon() -> tuple[str, ...]:
    """The policy lexicon's words, in the order of the file.

    Raises:
        LexiconError: a line is incomplete, a word is doubled or has a single character.
    """
    name = "lexicon.tsv"
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    words: dict[str, None] = {}
    for number, row in enumerate(csv.reader(lines[1:], delimiter="\t"), start=2):
        if len(row) != 2 or not all(row):
            raise LexiconError(f"{name}, line {number}: a word and its source expected, {row!r} found")
        if len(row[0]) < 2:
            raise LexiconError(f"{name}, line {number}: {row[0]!r} is a single character; remove it")
        if row[0] in words:
            raise LexiconError(f"{name}, line {number}: {row[0]} stands there twice; keep one")
        words[row[0]] = None
    return tuple(words)


@cache
def _own_jieba() -> ModuleType:
    """Jieba's module once more, under a name that only this process's segmenter knows."""
    shared = find_spec("jieba")
    if shared is None or shared.origin is None:
        raise LexiconError("jieba is not installed; run: pip install jieba")
    spec = spec_from_file_location(f"{__package__}._jieba", shared.origin)
    if spec is None or spec.loader is None:
        raise LexiconError(f"jieba cannot be loaded from {shared.origin}; install it again")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Segmenter:
    """Cuts canonical text into words; the same words for the same text, always.

    Instances hold about 350,000 dictionary entries: use :func:`segmenter`, which shares one.
    """

    def __init__(self) -> None:
        tokenizer = _own_jieba().Tokenizer()
        with tokenizer.get_dict_file() as stream:
            tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(stream)
        tokenizer.initialized = True
        for word in lexicon():
            tokenizer.add_word(word)
        self._cut = tokenizer.cut

    def words(self, text: str) -> list[str]:
        """The words of the text; their concatenation is the text."""
        return [word for piece in _runs(text) for word in self._cut(piece)]


def _runs(text: str) -> list[str]:
    if len(text) <= LONGEST_RUN:
        return [text]
    pieces, done = [], 0
    for match in _RUN.finditer(text):
        pieces.append(text[done : match.end()])
        done = match.end()
    return [*pieces, text[done:]]


@cache
def segmenter() -> Segmenter:
    """The process's one segmenter."""
    return Segmenter()


@cache
def fingerprint() -> str:
    """SHA-256 (hex) of jieba's dictionary and the lexicon, which decide how words are cut."""
    with _own_jieba().Tokenizer().get_dict_file() as stream:
        digest = hashlib.sha256(stream.read())
    digest.update(_lexicon_bytes())
    return digest.hexdigest()


@cache
def lexicon_fingerprint() -> str:
    """SHA-256 (hex) of the policy lexicon alone."""
    return hashlib.sha256(_lexicon_bytes()).hexdigest()


def _lexicon_bytes() -> bytes:
    return "\n".join(lexicon()).encode()

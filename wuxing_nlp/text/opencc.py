"""OpenCC's Traditional-to-Simplified dictionaries, read from the installed package.

``opencc-python-reimplemented`` and ``OpenCC`` share the import name ``opencc`` and overwrite each
other's code, so nothing of either is imported: the dictionaries are data files, and the text files
of the reimplementation survive the other's installation. Conversion follows OpenCC's own rule,
leftmost longest match of the phrases, characters elsewhere (https://github.com/BYVoid/OpenCC).

The reimplementation takes the longest phrase of a clause first, wherever it stands. The two differ
where a phrase runs into a longer one, and nowhere else: in 答覆盆子 OpenCC finds 答覆 (答复盆子), the
reimplementation 覆盆子. Of the 1,255 ways in which two phrases of the dictionary can overlap 58 come
out differently, none of them a likely sentence; of 46,224 sentences of policy text in Traditional
script (s2t, s2tw, s2hk) none does. OpenCC's rule stays.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from wuxing_nlp.errors import ConverterError
from wuxing_nlp.text.phrases import Phrases
from wuxing_nlp.text.translation import Translation

PACKAGE = "opencc-python-reimplemented"


def _folder() -> Path:
    spec = find_spec("opencc")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        folder = Path(place) / "dictionary"
        if (folder / "TSCharacters.txt").is_file():
            return folder
    seen = "the other package, OpenCC, stands in its place" if places else "it is not installed"
    raise ConverterError(
        f"the dictionaries of {PACKAGE} were not found: {seen}; run: pip install --force-reinstall {PACKAGE}"
    )


def _read(name: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for line in (_folder() / name).read_text(encoding="utf-8").splitlines():
        key, _, values = line.partition("\t")
        if values:
            table[key] = values.split(" ")[0]
    return table


@cache
def character_table() -> dict[str, str]:
    """Traditional character → Simplified character, identities left out."""
    return {key: value for key, value in _read("TSCharacters.txt").items() if key != value}


@cache
def phrase_table() -> dict[str, str]:
    """Traditional phrase → Simplified phrase, where characters alone would convert wrongly."""
    return _read("TSPhrases.txt")


@cache
def simplified_forms() -> frozenset[str]:
    """Characters that only Simplified text has: they have one Traditional form, another one."""
    forms: set[str] = set()
    for line in (_folder() / "STCharacters.txt").read_text(encoding="utf-8").splitlines():
        key, _, values = line.partition("\t")
        if values and key not in values.split(" "):
            forms.add(key)
    # Taiwan and Hong Kong keep some of them as their own standard: 群, 户, 温, 脱.
    kept = {form for name in ("TWVariants.txt", "HKVariants.txt") for form in _read(name).values()}
    return frozenset(forms - character_table().keys() - kept)


class Converter:
    """OpenCC's ``t2s``, and the characters of ``also`` beside it. It never changes the length."""

    def __init__(self, also: Mapping[str, str] | None = None) -> None:
        self._characters = Translation(character_table() | dict(also or {}))
        self._phrases = Phrases(phrase_table())

    def convert(self, text: str) -> str:
        """The text in Simplified characters."""
        converted = self._characters.apply(text)
        found = self._phrases.find(text)
        if not found:
            return converted
        pieces: list[str] = []
        done = 0
        for start, end, phrase in found:
            pieces += (converted[done:start], phrase)
            done = end
        return "".join([*pieces, converted[done:]])


@cache
def fingerprint() -> str:
    """SHA-256 (hex) of the two dictionaries that conversion uses."""
    digest = hashlib.sha256()
    for name in ("TSCharacters.txt", "TSPhrases.txt"):
        digest.update((_folder() / name).read_bytes())
    return digest.hexdigest()


def longest_match(keys: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds the leftmost longest of the keys."""
    ordered = sorted(keys, key=lambda key: (-len(key), key))
    return re.compile("|".join(map(re.escape, ordered)) or r"(?!)")

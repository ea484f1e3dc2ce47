"""Everything that a report says, in Chinese and in English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def words(language: Language) -> dict[str, str]:
    """The strings of a language by their keys; what stands in braces is to be filled in."""
    text = (files(__package__) / "words.toml").read_text(encoding="utf-8")
    return {key: entry[language] for key, entry in tomllib.loads(text).items()}

"""The keyword dictionary: the baseline that researchers use today, made of the codebook's own terms."""

from __future__ import annotations

import re

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.text.script import normalise


class KeywordDictionary:
    """Gives a letter to every text in which one of the letter's keywords occurs, and looks no further.

    It knows neither negation nor who acts, and no stance: that is what makes it the baseline.
    """

    def __init__(self, codebook: Codebook) -> None:
        # Keywords take the road of the text, so that those of a Traditional codebook are found as well.
        self._patterns = {
            letter: re.compile("|".join(re.escape(normalise(word).text) for word in words))
            for letter, words in codebook.keywords.items()
        }

    def letters(self, text: str) -> frozenset[str]:
        """Letters whose keywords occur in the canonical form of the text, in any script."""
        canonical = normalise(text).text
        return frozenset(letter for letter, pattern in self._patterns.items() if pattern.search(canonical))

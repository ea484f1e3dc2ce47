"""The keyword dictionary: the baseline that researchers use today, made of the codebook's own terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wuxing_nlp.codebook import Codebook
from wuxing_nlp.text.script import normalise


class KeywordDictionary:
    """Gives a label to every text in which one of the label's keywords occurs, and looks no further.

    It knows neither negation nor who acts, and no stance: that is what makes it the baseline.
    """

    def __init__(self, codebook: Codebook) -> None:
        self._letters = _patterns(codebook.keywords)
        self._measures = _patterns({measure.code: measure.keywords for measure in codebook.measures})

    def letters(self, text: str) -> frozenset[str]:
        """Letters whose keywords occur in the canonical form of the text, in any script."""
        return _found(self._letters, text)

    def measures(self, text: str) -> frozenset[str]:
        """Codes of the measures whose own keywords occur, in the same manner."""
        return _found(self._measures, text)


def _patterns(keywords: Mapping[str, Sequence[str]]) -> dict[str, re.Pattern[str]]:
    # Keywords take the road of the text, so that those of a Traditional codebook are found as well.
    return {
        label: re.compile("|".join(re.escape(normalise(word).text) for word in words))
        for label, words in keywords.items()
        if words  # no words make a pattern that is found everywhere
    }


def _found(patterns: Mapping[str, re.Pattern[str]], text: str) -> frozenset[str]:
    canonical = normalise(text).text
    return frozenset(label for label, pattern in patterns.items() if pattern.search(canonical))

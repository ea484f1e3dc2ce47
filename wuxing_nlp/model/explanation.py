"""Which words a tag needs: the fewest of its strongest stretches without which it would not be given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, groupby
from operator import itemgetter

import numpy as np

from wuxing_nlp.model.calibration import Floats
from wuxing_nlp.model.evidence import Span, strongest
from wuxing_nlp.model.features import FeatureSpace
from wuxing_nlp.model.machines import Machines
from wuxing_nlp.model.outputs import Calibration, Outputs, Predictions
from wuxing_nlp.model.preference import Preference


@dataclass(frozen=True, slots=True)
class Given:
    """A tag of a unit: the unit's canonical text and words, and the tag's base codes, of one letter."""

    text: str
    words: Sequence[str]
    codes: frozenset[str]


class Explainer:
    """Finds the evidence of tags, of many at once.

    Args:
        space, machines, outputs, calibration: the parts of the model that gave the tags; its balanced
            thresholds decide, whatever a user prefers.
        cut: canonical text to words.
    """

    def __init__(
        self,
        space: FeatureSpace,
        machines: Machines,
        outputs: Outputs,
        calibration: Calibration,
        cut: Callable[[str], Sequence[str]],
    ) -> None:
        self._space, self._machines, self._outputs = space, machines, outputs
        self._calibration = calibration
        self._thresholds = calibration.rule(Preference.BALANCED).letter_thresholds
        self._cut = cut
        self._columns = cache(self._columns_of)
        self._letter = cache(self._letter_of)

    def evidence(self, tags: Sequence[Given]) -> list[list[Span]]:
        """The evidence of each tag, strongest first.

        Its strongest stretches of words are deleted one after the other until what is left of the unit
        no longer has the tag's letter; these are its evidence, or all MOST_SPANS where the letter
        stands even then. So a tag that is just above its threshold has one short span. (Explanation by
        removal: Martens & Provost 2014, MIS Quarterly 38.)
        """
        spans = [found for unit, own in groupby(tags, key=_unit) for found in self._strongest(*unit, own)]
        kept = [1] * len(tags)
        letters = np.array([self._letter(tag.codes) for tag in tags], dtype=np.intp)
        unsettled = [at for at, found in enumerate(spans) if len(found) > 1]
        while unsettled:
            rests = [without(tags[at].text, spans[at][: kept[at]]) for at in unsettled]
            own = letters[unsettled]
            stands = self.letters(rests)[np.arange(len(rests)), own] >= self._thresholds[own]
            unsettled = list(compress(unsettled, stands))
            for at in unsettled:
                kept[at] += 1
            unsettled = [at for at in unsettled if kept[at] < len(spans[at])]
        return [found[:count] for found, count in zip(spans, kept, strict=True)]

    def letters(self, texts: Sequence[str]) -> Floats:
        """Probabilities (n_units, n_letters) of canonical texts."""
        margins = self._machines.margins(self._space.rows(texts, map(self._cut, texts)))
        return Predictions.of(self._outputs, self._calibration, margins).letters

    def _letter_of(self, codes: frozenset[str]) -> int:
        return self._outputs.letters.index(next(iter(codes))[0])

    def _strongest(self, text: str, words: Sequence[str], tags: Iterable[Given]) -> list[list[Span]]:
        """The strongest stretches of each tag of one unit, which is read once for all."""
        outputs = [self._columns(tag.codes) for tag in tags]
        return strongest(self._space, self._machines, text, words, outputs)

    def _columns_of(self, codes: frozenset[str]) -> list[int]:
        """The machines of a tag's letter, base codes and stances: added up, they make its score."""
        return sorted({column for code in codes for column in self._outputs.columns(code)})


def _unit(tag: Given) -> tuple[str, Sequence[str]]:
    return tag.text, tag.words


def without(text: str, places: Iterable[tuple[int, int] | Span]) -> str:
    """The text without the places, which begin with start and end and do not overlap."""
    for place in sorted(places, key=itemgetter(0), reverse=True):
        text = text[: place[0]] + text[place[1] :]
    return text

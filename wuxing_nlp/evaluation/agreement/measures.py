"""The measures of agreement that are taken, of labels and of whole label sets alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.evaluation.scores import mean_of_defined

MEASURES: Mapping[str, str] = {
    "agreement": "raw agreement",
    "cohen": "Cohen's κ",
    "fleiss": "Fleiss' κ",
    "ac1": "Gwet's AC1",
    "alpha": "Krippendorff's α",
    "f1": "F1",
}
"""Measure to its name. All are of the units that two coders or more coded. Where not all coded them all,

- raw agreement is the mean over units of the share of pairs of codings that agree;
- Cohen's kappa is that of two coders on the units of both, and with more coders the mean over their
  pairs (Light 1971), those left out where it is undefined;
- Fleiss' kappa is of the units that all coders coded, for it needs equally many codings of each;
- AC1 is of the raw agreement above and a label's mean share of a unit's codings (Gwet 2014, ch. 2);
- alpha is of all codings (Krippendorff 2019, ch. 12);
- F1 is positive specific agreement pooled over pairs of coders, 2·both / (first + second)
  (Cicchetti and Feinstein 1990): with two coders the F1 of one against the other.
"""

Sample = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Figures on all documents, shape (n,), and on each draw, shape (n_draws, n)."""


def mean_over_pairs(pairs: Sequence[Sample]) -> Sample:
    """The mean of figures of pairs of coders, those left out that are undefined."""
    points, draws = zip(*pairs, strict=True)
    return mean_of_defined(np.stack(points, axis=-1)), mean_of_defined(np.stack(draws, axis=-1))

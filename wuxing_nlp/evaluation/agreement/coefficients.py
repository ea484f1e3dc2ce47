"""Coefficients of agreement from sums over units, element by element; nan where they are undefined.

The sums may be weighted, as those of bootstrap draws are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wuxing_nlp.evaluation.scores import ratio

Figures = NDArray[np.float64]


def corrected(observed: Figures, expected: Figures) -> Figures:
    """Agreement beyond chance, (observed − expected) / (1 − expected), nan where chance is certain."""
    return ratio(observed - expected, 1 - expected)


def cohen(both: Figures, first: Figures, second: Figures, units: Figures) -> Figures:
    """Cohen's kappa of a label (Cohen 1960): units with it in ``both`` codings, the ``first``, the
    ``second``, and all."""
    one, other = ratio(first, units), ratio(second, units)
    observed = 1 - ratio(first + second - 2 * both, units)
    return corrected(observed, one * other + (1 - one) * (1 - other))


def fleiss(agreement: Figures, share: Figures) -> Figures:
    """Fleiss' kappa of a label (Fleiss 1971) from mean agreement and the label's share of all codings."""
    return corrected(agreement, share**2 + (1 - share) ** 2)


def ac1(agreement: Figures, share: Figures) -> Figures:
    """Gwet's AC1 of a label (Gwet 2008) from mean agreement and the label's mean share in a unit."""
    return corrected(agreement, 2 * share * (1 - share))


def alpha(observed: Figures, expected: Figures, values: Figures) -> Figures:
    """Krippendorff's alpha (Krippendorff 2019, ch. 12).

    Args:
        observed: sum over coincidences of their distance: over units, of the distances of all ordered
            pairs of codings, divided by the unit's codings less one.
        expected: sum over ordered pairs of values of the product of their frequencies and distance.
        values: pairable codings.
    """
    return 1 - ratio((values - 1) * observed, expected)

"""Variances of estimates from samples of units or documents, by linearisation.

An estimate is, but for terms that vanish as the sample grows, a sum of what each drawn unit or document
adds to it; its variance is that of the sum (Särndal, Swensson and Wretman 1992, chapter 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wuxing_nlp.evaluation.prevalence.data import About, Coded, Counted, Floats, Places


@dataclass(frozen=True)
class Design:
    """How the summands of an estimate came to be: which were drawn together, and from where.

    Attributes:
        about: whose share is meant.
        documents: how many there are.
        coded: the sample.
        weights: (n_coded,) how many units each stands for, 0 outside the documents that are meant.
        strata: (n_drawn,) the stratum of every unit or document that was drawn; ``inclusion`` likewise.
        clusters: (n_coded,) which of these a coded unit belongs to.
        open: the part of the variance that is left as not all units are coded; 1 where as good as none is.
        df: degrees of freedom of variances.
    """

    about: About
    documents: int
    coded: Coded
    weights: Floats
    strata: Places
    inclusion: Floats
    clusters: Places
    open: float
    df: float

    @classmethod
    def of(cls, counted: Counted, coded: Coded, about: About) -> Design:
        """The design of an estimate for the documents that have units in ``counted``; at least one of
        their units must be coded."""
        kept = counted.sizes[coded.documents] > 0
        weights = coded.weights * kept
        first, clusters = np.unique(coded.clusters, return_index=True, return_inverse=True)[1:]
        if about == "population":
            free, df = 1.0, len(np.unique(coded.documents[kept])) - 1
        else:
            free = float((weights**2 * (1 - coded.inclusion)).sum() / (weights**2).sum())
            df = len(np.unique(coded.clusters[kept])) - len(np.unique(coded.strata[kept]))
        strata, inclusion = coded.strata[first], coded.inclusion[first]
        return cls(about, len(counted.sizes), coded, weights, strata, inclusion, clusters, free, df)

    @cached_property
    def size(self) -> Floats:
        """The effective number of coded units, (n_labels,): what unequal weights leave (Kish 1965), over
        the design effect, at least 1, as predictions show it. Units of one document are alike, which
        codings of a rare label would not show themselves."""
        predicted = self.coded.predicted
        total = self.weights.sum()
        plain = float(total**2 / (self.weights**2).sum())
        mean = self.weights @ predicted / total
        spread = self.weights @ (predicted - mean) ** 2 / total * self.open / max(plain - 1, 1)
        summands = self.of_units(predicted)
        found = self.covariance(summands, summands)
        effect = np.divide(found, spread, out=np.ones_like(spread), where=spread > 1e-12)
        size: Floats = plain / np.maximum(effect, 1)
        return size

    def of_units(self, values: Floats) -> Floats:
        """What each drawn unit or document adds to the weighted mean of ``values`` (n_coded, n_labels)
        over the coded units of the group: Hájek's (1971) ratio, linearised."""
        mean = self.weights @ values / self.weights.sum()
        parts = self.weights[:, None] * (values - mean) / self.weights.sum()
        if self.about == "population":
            return summed(parts, self.coded.documents, self.documents)
        return summed(parts, self.clusters, len(self.strata))

    def of_all(self, counted: Counted) -> Floats:
        """What each document adds to the mean prediction of the units of ``counted``; nothing where the
        documents at hand are all that is meant, for then that mean is known."""
        if self.about == "corpus":
            return np.zeros((len(self.strata), counted.totals.shape[1]))
        deviations = counted.totals - counted.sizes[:, None] * counted.shares
        parts: Floats = deviations / counted.sizes.sum()
        return parts

    def covariance(self, one: Floats, other: Floats) -> Floats:
        """The covariance of two estimates by label, (n_labels,), from their summands.

        ``population``: documents are independent, so that the variance is robust to whatever ties the
        units of one together (Liang and Zeger 1986). ``corpus``: stratified sampling without replacement
        of units, or of documents, with the correction for finite populations; where probabilities differ
        in a stratum, Hájek's (1964) approximation.
        """
        if self.about == "population":
            documents = self.df + 1
            factor = documents / max(self.df, 1)
            product: Floats = factor * ((one - one.mean(axis=0)) * (other - other.mean(axis=0))).sum(axis=0)
            return product
        drawn = np.bincount(self.strata)[self.strata]
        factors = drawn / np.maximum(drawn - 1, 1) * (1 - self.inclusion)
        total: Floats = (factors[:, None] * self._deviations(one) * self._deviations(other)).sum(axis=0)
        return total

    def _deviations(self, values: Floats) -> Floats:
        """Values less the means of their strata. What is alone in its stratum tells nothing of the spread
        there: it is held to the mean of all."""
        drawn = np.bincount(self.strata)
        means = (summed(values, self.strata, len(drawn)) / np.maximum(drawn, 1)[:, None])[self.strata]
        alone = drawn[self.strata] == 1
        means[alone] = values.mean(axis=0)
        return values - means


def summed(rows: Floats, numbers: Places, count: int) -> Floats:
    """Sums of the rows that have the same number, (count, n_labels)."""
    columns = [np.bincount(numbers, column, count) for column in rows.T]
    return np.stack(columns, axis=1)

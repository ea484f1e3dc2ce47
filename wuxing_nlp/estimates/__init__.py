"""A run and hand codings of a random sample of it: shares of labels with intervals, and the drawing of
such samples, and of what is to be coded next."""

from __future__ import annotations

from wuxing_nlp.estimates.choosing import Choice, choose
from wuxing_nlp.estimates.codings import read_codings
from wuxing_nlp.estimates.counts import Counts, Of, read_counts
from wuxing_nlp.estimates.drawing import Plan, plan
from wuxing_nlp.estimates.estimating import Predictions, Row, estimate
from wuxing_nlp.estimates.joining import Sample, join
from wuxing_nlp.estimates.pool import Done, Pool, read_done, read_pool
from wuxing_nlp.estimates.sheet import write_sheet
from wuxing_nlp.estimates.tables import rendered
from wuxing_nlp.evaluation.tables import Form

__all__ = [
    "Choice",
    "Counts",
    "Done",
    "Form",
    "Of",
    "Plan",
    "Pool",
    "Predictions",
    "Row",
    "Sample",
    "choose",
    "estimate",
    "join",
    "plan",
    "read_codings",
    "read_counts",
    "read_done",
    "read_pool",
    "rendered",
    "write_sheet",
]

"""How often labels occur, from a model's predictions for all units and hand codings of a random sample.

A count of predictions is wrong where the model errs more one way than the other, however many units are
counted; a hand-coded sample is right but wide. The estimators here join the two. All are pure functions
of arrays: rows are documents or coded units, columns are labels.
"""

from __future__ import annotations

from wuxing_nlp.evaluation.prevalence.counting import adjusted_count, naive_count
from wuxing_nlp.evaluation.prevalence.data import About, Coded, Counted, Shares
from wuxing_nlp.evaluation.prevalence.interval import share_interval
from wuxing_nlp.evaluation.prevalence.planning import expected_width, needed, spreads_of
from wuxing_nlp.evaluation.prevalence.powered import hand_coded, powered

__all__ = [
    "About",
    "Coded",
    "Counted",
    "Shares",
    "adjusted_count",
    "expected_width",
    "hand_coded",
    "naive_count",
    "needed",
    "powered",
    "share_interval",
    "spreads_of",
]

"""Agreement between coders: how far they agree, with intervals, and where they do not."""

from wuxing_nlp.evaluation.agreement.disputes import Dispute, disputes
from wuxing_nlp.evaluation.agreement.measures import MEASURES
from wuxing_nlp.evaluation.agreement.ratings import Ratings
from wuxing_nlp.evaluation.agreement.table import Agreement, AgreementRow, agreement

__all__ = [
    "MEASURES",
    "Agreement",
    "AgreementRow",
    "Dispute",
    "Ratings",
    "agreement",
    "disputes",
]

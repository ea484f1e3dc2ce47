"""How good codes are beside those of a person: scores of every level, curves, and two systems compared."""

from wuxing_nlp.evaluation.scoring.answers import Answers
from wuxing_nlp.evaluation.scoring.comparison import Contrast, ContrastRow, contrast
from wuxing_nlp.evaluation.scoring.curves import Curves, curves
from wuxing_nlp.evaluation.scoring.table import Coded, LevelTable, Resampling, Scored, ScoreRow, score

__all__ = [
    "Answers",
    "Coded",
    "Contrast",
    "ContrastRow",
    "Curves",
    "LevelTable",
    "Resampling",
    "ScoreRow",
    "Scored",
    "contrast",
    "curves",
    "score",
]

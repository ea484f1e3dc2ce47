"""What a unit hints at: expressions of officialese by the idea that they carry, and where they stand."""

from wuxing_nlp.cues.find import Cue, CueFinder, cue_finder
from wuxing_nlp.cues.lexicon import CueLexicon, cue_lexicon, edition_named
from wuxing_nlp.cues.ngrams import cue_ngrams

__all__ = ["Cue", "CueFinder", "CueLexicon", "cue_finder", "cue_lexicon", "cue_ngrams", "edition_named"]

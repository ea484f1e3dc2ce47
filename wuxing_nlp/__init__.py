"""wuxing_nlp: codes Chinese policy text with five types of government and five conduct problems.

>>> import wuxing_nlp
>>> tagger = wuxing_nlp.load()
>>> [unit.codes for unit in tagger.tag("坚决整治推诿扯皮。").units]
[('P-',)]
"""

from __future__ import annotations

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.documents import Document, read_document
from wuxing_nlp.errors import WuxingError
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Evidence, Profile, Tag, TaggedDocument, TaggedUnit
from wuxing_nlp.model.tagger import Tagger, load
from wuxing_nlp.version import __version__

__all__ = [
    "Codebook",
    "Document",
    "Evidence",
    "Preference",
    "Profile",
    "Tag",
    "TaggedDocument",
    "TaggedUnit",
    "Tagger",
    "WuxingError",
    "__version__",
    "load",
    "load_codebook",
    "read_document",
]

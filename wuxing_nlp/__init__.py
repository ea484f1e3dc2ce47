"""wuxing_nlp: codes Chinese policy text with five types of government and five conduct problems.

>>> import wuxing_nlp
>>> tagger = wuxing_nlp.load()
>>> [unit.codes for unit in tagger.tag("坚决整治推诿扯皮。").units]
[('P-',)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.errors import WuxingError
from wuxing_nlp.late import late
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.model.results import Evidence, Profile, Tag, TaggedDocument, TaggedUnit
from wuxing_nlp.model.tagger import Tagger, load
from wuxing_nlp.version import __version__

if TYPE_CHECKING:
    from wuxing_nlp.batch.frames import failed_rows, tag_frame
    from wuxing_nlp.documents import Document, read_document, read_documents

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
    "failed_rows",
    "load",
    "load_codebook",
    "read_document",
    "read_documents",
    "tag_frame",
]

_LATE = {
    "Document": "documents",
    "failed_rows": "batch.frames",
    "read_document": "documents",
    "read_documents": "documents",
    "tag_frame": "batch.frames",
}
"""What is loaded when it is asked for: who tags strings should not wait for readers of files, nor need
the library of data frames."""

__getattr__ = late(__name__, _LATE, "frames")

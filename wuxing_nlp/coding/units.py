"""A coded unit: a sentence with the codes that a coder gave it, and where it comes from."""

from __future__ import annotations

import hashlib
import re
from dataclasses import InitVar, dataclass

from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.errors import CorpusError

SELECTED = "selected"
"""``sample`` of a unit that was coded because a model was unsure of it: it teaches, and no figure
is measured on it, for a model looks worse on what it picked itself."""

_SHA1 = re.compile("[0-9a-f]{40}")


def text_sha1(text: str) -> str:
    """SHA-1 of the text in UTF-8, 40 hex digits: the key by which codings find their text again."""
    return hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class CodedUnit:
    """One coding unit and its codes.

    ``codes`` are written codes of the shipped codebook, or of the ``codebook`` that is given, brought
    to its order; ``()`` says that the unit was coded and carries none. ``document`` names the document
    that the unit stands in: all of its units belong on one side of a split. ``source`` and ``path`` say
    which repository and file the text is from (empty for text written for this project). ``fold`` is
    the document's cross-validation fold; ``sample`` is how the unit was drawn (``random``,
    ``enriched``, ``selected``, or the share of ``wuxing sample``).

    Raises:
        CodebookError: a code is unknown.
        CorpusError: the text is empty or cannot be written as UTF-8.
    """

    id: str
    text: str
    codes: tuple[str, ...]
    kind: str
    document: str
    source: str = ""
    path: str = ""
    fold: int | None = None
    sample: str = ""
    codebook: InitVar[Codebook | None] = None

    def __post_init__(self, codebook: Codebook | None) -> None:
        if not self.text.strip():
            raise CorpusError("the text is empty; a unit needs one")
        if any("\ud800" <= character <= "\udfff" for character in self.text):
            raise CorpusError("the text holds half a surrogate pair, which is no character; remove it")
        object.__setattr__(self, "codes", (codebook or load_codebook()).check(self.codes))

    @property
    def sha1(self) -> str:
        """SHA-1 of the text; see :func:`text_sha1`."""
        return text_sha1(self.text)

    @property
    def letters(self) -> frozenset[str]:
        """The letters (types and problems) of the codes: ``{"D", "P"}``."""
        return load_codebook().letters_of(self.codes)


@dataclass(frozen=True, slots=True)
class Label:
    """The coding of a unit whose text may not be passed on: its SHA-1 stands in the text's place.

    ``length`` is the text's number of characters (code points), which makes it findable in its
    source; the other fields are those of CodedUnit.

    Raises:
        CodebookError: a code is unknown.
        CorpusError: ``sha1`` is not 40 hex digits, or ``length`` is not positive.
    """

    id: str
    sha1: str
    codes: tuple[str, ...]
    kind: str
    source: str
    path: str
    document: str
    fold: int | None
    sample: str
    length: int

    def __post_init__(self) -> None:
        if not _SHA1.fullmatch(self.sha1):
            raise CorpusError(f"sha1 {self.sha1!r} is not 40 hexadecimal digits in lower case")
        if self.length < 1:
            raise CorpusError(f"length {self.length} is not the length of a text; it must be 1 or more")
        object.__setattr__(self, "codes", load_codebook().check(self.codes))

    @classmethod
    def of(cls, unit: CodedUnit) -> Label:
        """The unit's coding without its text."""
        return cls(
            unit.id,
            unit.sha1,
            unit.codes,
            unit.kind,
            unit.source,
            unit.path,
            unit.document,
            unit.fold,
            unit.sample,
            len(unit.text),
        )

    def with_text(self, text: str) -> CodedUnit:
        """The coded unit, once its text is found. Raises CorpusError where it is another text."""
        if text_sha1(text) != self.sha1:
            raise CorpusError(f"the text found for {self.id} is not the one that was coded (another SHA-1)")
        return CodedUnit(
            self.id,
            text,
            self.codes,
            self.kind,
            self.document,
            self.source,
            self.path,
            self.fold,
            self.sample,
        )

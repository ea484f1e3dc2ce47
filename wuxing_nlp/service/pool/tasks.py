"""What is handed to a worker process, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wuxing_nlp.model.preference import Preference


@dataclass(frozen=True, slots=True)
class TagTask:
    """Tag the texts of a request's body."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded: what its sender calls it, and where it is."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class FilesTask:
    """Read and tag uploaded files; options as in :class:`TagRequest`."""

    files: tuple[Upload, ...]
    evidence: bool = True
    probabilities: bool = False
    min_probability: float = 0
    prefer: Preference = Preference.BALANCED
    text_column: str | None = None
    id_column: str | None = None


@dataclass(frozen=True, slots=True)
class RowsTask:
    """Check the rows of a request's body, and put them one a line."""

    body: bytes


Task = TagTask | FilesTask | RowsTask


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's body, and how much was tagged for it."""

    body: bytes
    documents: int = 0
    units: int = 0

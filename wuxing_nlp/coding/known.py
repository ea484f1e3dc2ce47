"""What tells whether units were seen before: the digests of a file and of the corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from wuxing_nlp.coding.corpus import Corpus
from wuxing_nlp.coding.files import Problem, json_lines


def file_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file, or of a folder's files in the order of their names."""
    files: Iterable[Path] = sorted(path.iterdir()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()


@cache  # two models that are compared ask for the same
def corpus_sha1s(corpus: Corpus) -> frozenset[str]:
    """SHA-1 of the text of every unit of a corpus, also of real units whose text has not been fetched.

    Raises:
        CorpusError: the authored units are missing, or one of them is bad.
    """
    known = {unit.sha1 for unit in corpus.authored()}
    # Not as labels, whose codes would be checked, which takes three times as long.
    for path in filter(Path.is_file, (corpus.labels_path, corpus.selected_path)):
        known |= {str(row["sha1"]) for _, row in json_lines(path) if not isinstance(row, Problem)}
    return frozenset(known)

"""Paths as a user gives them to the documents that they mean."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from wuxing_nlp.documents.files import display_name
from wuxing_nlp.documents.reading import readable, suffixes
from wuxing_nlp.errors import DocumentError


def find_documents(paths: Iterable[Path | str]) -> list[Path]:
    """Files as they are given, and every document below a folder, sorted; each file once.

    Hidden files and folders below a folder are left out, and so are files without a reader; links
    are followed, in circles too. A path that is missing, or a folder inside that may not be listed,
    is returned as it is: reading it says what is wrong, and one bad path never stops the others.

    Raises:
        DocumentError: a given folder holds no document.
    """
    found: dict[str, Path] = {}
    for path in map(Path, paths):
        for file in _below(path) if path.is_dir() else [path]:
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _below(folder: Path) -> list[Path]:
    documents: list[Path] = []
    seen: set[str] = set()
    walk = os.walk(folder, followlinks=True, onerror=lambda error: documents.append(Path(error.filename)))
    for parent, folders, files in walk:
        # A folder met a second time, through a link, has nothing new in it: stay out.
        if (real := os.path.realpath(parent)) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = (Path(parent, name) for name in files if not name.startswith("."))
        documents += (file for file in inside if readable(file))
    if not documents:
        raise DocumentError(
            f"{display_name(folder)}: no document in this folder or below; read are {suffixes()}"
        )
    return sorted(documents)

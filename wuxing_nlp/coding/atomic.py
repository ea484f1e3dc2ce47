"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from wuxing_nlp.errors import CorpusError


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write the chunks to a file beside ``path`` and give it the name when all are on disk.

    An error while writing (also one that ``chunks`` raises) leaves what stood there before.

    Raises:
        CorpusError: the folder or the file cannot be written.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write(part, chunks)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CorpusError(f"{path} cannot be written: {error.strerror or error}") from error


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    with path.open("xb") as stream:
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())

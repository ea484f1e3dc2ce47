"""Files that are whole or not there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from wuxing_nlp.errors import OutputError

_PART = re.compile(r"\..+\.[0-9a-f]{8}\.part")


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """A stream into a file beside ``path``, which gets the name once the block ends well.

    An error inside the block leaves what stood there before.

    Raises:
        OutputError: the folder or the file cannot be written.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        # What could not even be made need not be removed.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove from a folder what processes left half written that were killed; nothing else."""
    for left in folder.glob(".*.part"):
        if _PART.fullmatch(left.name):
            with suppress(OSError):
                left.unlink()


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write the chunks, whole or not at all. Raises OutputError as :func:`atomic_file` does."""
    with atomic_file(path) as stream:
        for chunk in chunks:
            stream.write(chunk)


def check_unfilled(path: Path, content: bytes) -> None:
    """Pass a file that people fill in where it is not there, or is still as it would be written.

    Raises:
        OutputError: there is a file of other content, which may hold somebody's work.
    """
    try:
        old = path.read_bytes() if path.exists() else content
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror or error}") from error
    if old != content:
        raise OutputError(f"{path} is there and may hold codings; move it away or name another file")

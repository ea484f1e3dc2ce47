"""The data folder: what is kept in it, and what is only passing through."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wuxing_nlp.errors import ServiceError

_UPLOADS = "uploads"


def open_folder(data: Path) -> None:
    """Make the data folder, for its owner alone, and throw away uploads that a killed service left.

    Raises:
        ServiceError: the folder cannot be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(data / _UPLOADS, ignore_errors=True)
        (data / _UPLOADS).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ServiceError(
            f"the data folder {data} cannot be written ({error.strerror or error}); name another with --data"
        ) from None


def uploads_folder(data: Path) -> Path:
    """Where uploads are while they are worked on."""
    return data / _UPLOADS


@contextmanager
def removed_at_end(folder: Path) -> Iterator[Path]:
    """A folder for the length of a block."""
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

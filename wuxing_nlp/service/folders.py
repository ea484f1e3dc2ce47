"""The data folder: what is kept in it, and what is only passing through."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkdtemp

from wuxing_nlp.errors import ServiceError

_UPLOADS = "uploads"


def open_folder(data: Path) -> None:
    """Make the data folder, for its owner alone where it is not there yet.

    Raises:
        ServiceError: the folder cannot be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        (data / _UPLOADS).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ServiceError(
            f"the data folder {data} cannot be written ({error.strerror or error}); name another with --data"
        ) from None


def empty_uploads(data: Path) -> None:
    """Throw away uploads that a killed service left."""
    for left in uploads_folder(data).iterdir():
        shutil.rmtree(left, ignore_errors=True)


def uploads_folder(data: Path) -> Path:
    """Where uploads are while they are worked on."""
    return data / _UPLOADS


@asynccontextmanager
async def upload_folder(data: Path) -> AsyncIterator[Path]:
    """A new folder for an upload, for the length of a block."""
    folder = Path(await asyncio.to_thread(mkdtemp, dir=uploads_folder(data)))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

"""Files and folders that are whole or not there."""

from __future__ import annotations

import ctypes
import glob
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from wuxing_nlp.errors import OutputError

_PART = re.compile(r"\..+\.[0-9a-f]{8}\.part")

_HERE = -100
"""``AT_FDCWD``: paths are taken as they are."""

_EXCHANGE = 2
"""``RENAME_EXCHANGE`` of Linux, and ``RENAME_SWAP`` of macOS."""


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


@contextmanager
def atomic_folder(folder: Path) -> Iterator[Path]:
    """An empty folder beside ``folder``, which takes its place once the block ends well.

    An error inside the block leaves what stood there before; where ``folder`` is a link, the folder that
    it leads to is replaced. Where the system cannot let two folders change their names in one step
    (Windows, some file systems), a process that is killed between two steps leaves the old one beside, and
    the next block puts it back first.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = folder.resolve()
    _recover(folder)
    part = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.part")
    try:
        part.mkdir(parents=True)
        yield part
        _replace(folder, part)
    finally:
        # What stood there before, where both changed their names.
        shutil.rmtree(part, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Put back, or remove, what processes left beside a folder that were killed."""
    ours = re.compile(rf"\.{re.escape(folder.name)}\.[0-9a-f]{{8}}\.(old|part)")
    for left in folder.parent.glob(f".{glob.escape(folder.name)}.*"):
        if not (kind := ours.fullmatch(left.name)):
            continue
        if kind[1] == "old" and not folder.exists():
            left.rename(folder)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _replace(folder: Path, part: Path) -> None:
    if not folder.exists():
        part.rename(folder)
    elif not _exchanged(folder, part):
        _replace_in_steps(folder, part)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; False where the system has none for it."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(system.renamex_np(*names, _EXCHANGE) == 0)
        return bool(system.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):
        return False


def _replace_in_steps(folder: Path, part: Path) -> None:
    old = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.old")
    folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)

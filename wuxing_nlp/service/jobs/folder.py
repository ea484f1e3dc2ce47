"""The folder of a job: what was sent, and what comes of it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wuxing_nlp.service.folders import uploads_folder
from wuxing_nlp.service.jobs.names import safe_names
from wuxing_nlp.service.pool.tasks import Upload

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

INPUTS = "inputs"
OUT = "out"
ROWS = "rows.jsonl"
"""The file of a job's rows."""

_LOCK = "lock"
_BLOCK = 1_000_000


def jobs_folder(data: Path) -> Path:
    """Where the folders of jobs are, each named by its job's id."""
    return data / "jobs"


def place(uploads: Sequence[Upload], folder: Path) -> None:
    """Make uploaded files the inputs of a job's folder, under their own names so far as these are safe."""
    names = safe_names(upload.name for upload in uploads)
    (folder / INPUTS).mkdir()
    for upload, name in zip(uploads, names, strict=True):
        upload.path.rename(folder / INPUTS / name)


def seal(folder: Path) -> list[tuple[str, str]]:
    """See to it that a job's inputs are on the disk; their names and SHA-256, in the order of the names."""
    inputs = folder / INPUTS
    hashes = [(path.name, _sealed(path)) for path in sorted(inputs.iterdir())]
    sync(inputs)
    sync(folder)
    return hashes


def _sealed(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("r+b") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
        os.fsync(stream.fileno())
    return digest.hexdigest()


def sync(folder: Path) -> None:
    """See to it that the names in a folder are on the disk, where a system can be asked for that."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove(data: Path, id: str) -> None:
    """Remove a job's folder. It is moved away first: a process that is just ending, and writes by a
    path, must not find it again."""
    gone = uploads_folder(data) / f"{id}.gone"
    try:
        (jobs_folder(data) / id).rename(gone)
    except FileNotFoundError:
        return
    shutil.rmtree(gone, ignore_errors=True)


def sweep(data: Path, ids: set[str]) -> int:
    """Remove the folders of jobs that nobody knows: sent while the service was killed. Says how many."""
    unknown = [path.name for path in jobs_folder(data).iterdir() if path.name not in ids]
    for name in unknown:
        remove(data, name)
    return len(unknown)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process works in a job's folder (on Windows for ten seconds), and keep others
    out for the length of a block: the process of a killed service may live for some moments more."""
    with (folder / _LOCK).open("ab") as stream:
        if sys.platform == "win32":
            msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield

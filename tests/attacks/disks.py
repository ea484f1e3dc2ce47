"""Disks that are full, that cannot be written, or that are freed again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SPARE = 60_000
"""What is left for small files on a disk that is to be full: bytes, a few pages."""


@contextmanager
def disk(place: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes, in memory, for the length of a block; the test is skipped where none can
    be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    asked = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(asked, capture_output=True).returncode:
        pytest.skip("needs a small disk, which only root may mount on Linux")
    try:
        yield place
    finally:
        # Lazily: a process that is just ending may have a file open.
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def lock(place: Path) -> None:
    """Let nothing be written to a disk any more."""
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)


def unlock(place: Path) -> None:
    """Let a disk be written again."""
    subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)


def fill(place: Path, spare: int = SPARE) -> Path:
    """Fill a disk but for so many bytes, by a file that may be removed again."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            stream.truncate(max(stream.tell() - spare, 0))
    return ballast


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too, by its path from there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

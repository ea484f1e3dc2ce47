"""Bytes of a file, or one clear line about why there are none."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from wuxing_nlp.errors import DocumentError

MAX_BYTES = 50_000_000
"""Default limit of a document's size, in bytes: some sixteen million Chinese characters in UTF-8."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def display_name(path: Path) -> str:
    """The path as one printable line. A name in another encoding, which archives made on
    Chinese Windows leave behind, shows its bytes as ``\\udcXX`` and so stays distinct."""
    name = path.as_posix().encode("utf-8", "backslashreplace").decode("utf-8")
    return _CONTROLS.sub("\ufffd", name)


def check_file(path: Path, max_bytes: int) -> None:
    """Pass a regular file of at most ``max_bytes`` bytes.

    Raises:
        DocumentError: the path is missing, a folder, neither file nor folder, empty or too large.
    """
    name = display_name(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        raise DocumentError(f"{name}: there is no such file; check the path") from None
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    if stat.S_ISDIR(status.st_mode):
        raise _folder(path, name)
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(f"{name}: neither a file nor a folder (a pipe or a device); save it as a file")
    check_size(status.st_size, name, max_bytes)


def check_size(size: int, name: str, max_bytes: int) -> None:
    """Pass a size between 1 and ``max_bytes`` bytes.

    Raises:
        DocumentError: there is nothing, or more than the limit, which the message states.
    """
    if not size:
        raise DocumentError(f"{name}: empty (0 bytes); give a document with text")
    if size > max_bytes:
        raise DocumentError(
            f"{name}: {size:,} bytes, the limit is {max_bytes:,}; split the document or raise max_bytes"
        )


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The whole file.

    Raises:
        DocumentError: as :func:`check_file`, or the file may not be read.
    """
    check_file(path, max_bytes)
    try:
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)  # it may have grown since it was looked at
    except OSError as error:
        raise _unreadable(display_name(path), error) from None
    check_size(len(data), display_name(path), max_bytes)
    return data


def _folder(path: Path, name: str) -> DocumentError:
    try:
        next(path.iterdir(), None)
    except OSError as error:
        return _unreadable(name, error)
    return DocumentError(f"{name}: a folder, not a document; give the files in it")


def _unreadable(name: str, error: OSError | ValueError) -> DocumentError:
    if isinstance(error, PermissionError):
        return DocumentError(f"{name}: permission denied; ask its owner for the right to read it")
    seen = error.strerror if isinstance(error, OSError) else str(error)
    return DocumentError(f"{name}: cannot be read ({seen}); check the path and the disk")

"""Where a document's bytes come from: a file, a member of an archive, or a stream."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import ZipFile

from wuxing_nlp.documents.archives.unpacking import ERRORS as UNPACKING_ERRORS
from wuxing_nlp.errors import DocumentError

STREAM = "-"
"""The name of standard input."""

_IN_MEMORY = 8_000_000
_LONGEST_TOLD = 200
_UNPACK = "unpack the archive yourself and give the files"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(name: str) -> str:
    """A name as one printable line. Bytes of another encoding, which archives made on Chinese
    Windows leave behind, show as ``\\udcXX`` and so stay distinct."""
    return _CONTROLS.sub("\ufffd", name.encode("utf-8", "backslashreplace").decode("utf-8"))


def told(error: Exception | str) -> str:
    """What a library says of a broken file, as a part of a message: it may quote all of the file."""
    return one_line(str(error))[:_LONGEST_TOLD]


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with a name; a small value that can travel to another process.

    Attributes:
        name: what to show a person; see :attr:`Document.name`.
        path: the file; None for a stream.
        members: numbers of the entries that lead into the archive ``path``, one a nesting.
        data: the bytes of a stream.
    """

    name: str
    path: Path | None = None
    members: tuple[int, ...] = ()
    data: bytes = b""

    @classmethod
    def of(cls, path: Path | str) -> Source:
        """The source of a file, named by its path as given."""
        path = Path(path)
        return cls(one_line(path.as_posix()), path)

    @property
    def suffix(self) -> str:
        """The last suffix of the name, in lower case; "" without one."""
        return PurePosixPath(self.name).suffix.lower()

    def check(self) -> None:
        """Pass what can be opened. Raises DocumentError: missing, a folder, a device, not allowed."""
        if self.path is not None:
            _check_file(self.path, self.name)

    def size(self) -> int:
        """Bytes, as the file system or the archive declares them. Errors as :meth:`open`."""
        if self.path is None and not self.members:
            return len(self.data)
        self.check()
        with _explained(self.name):
            if self.path is not None and not self.members:
                return self.path.stat().st_size
            return _around(self).infolist()[self.members[-1]].file_size

    def open(self) -> BinaryIO:
        """The bytes, from their beginning, as a seekable stream that the caller closes.

        Raises:
            DocumentError: as :meth:`check`, or the archive around it is broken or encrypted.
        """
        self.check()
        with _explained(self.name):
            if self.members:
                return _member(_around(self), self.members[-1])
            return io.BytesIO(self.data) if self.path is None else self.path.open("rb")

    def read(self, max_bytes: int) -> bytes:
        """All the bytes: at least one, at most ``max_bytes``.

        Raises:
            DocumentError: as :meth:`open`; or there is nothing, or more than the limit.
        """
        # A member of an archive is unpacked to be opened: not if it is too large in any case.
        _check_size(self.size(), self.name, max_bytes)
        with self.open() as stream:
            try:
                size = stream.seek(0, io.SEEK_END)
                stream.seek(0)
                data = stream.read(max_bytes + 1)
            except OSError as error:
                raise unreadable(self.name, error) from None
        _check_size(max(size, len(data)), self.name, max_bytes)
        return data


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except DocumentError as error:  # of the archive around it
        raise DocumentError(name, error.seen, error.advice) from None
    except MemoryError:  # LZMA takes as much as the archive says, before it unpacks anything
        seen = "cannot be unpacked (it asks for more memory than there is)"
        raise DocumentError(name, seen, _UNPACK) from None
    except (OSError, *UNPACKING_ERRORS) as error:
        # A broken archive may lead to a place before the file: no fault of the disk.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise unreadable(name, error) from None
        seen = f"cannot be unpacked ({told(error)})"
        raise DocumentError(name, seen, _UNPACK) from None


class _Archive(ZipFile):
    """An archive that closes the stream it was given: nobody else knows of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._given = stream
        try:
            super().__init__(stream)
        except BaseException:
            stream.close()
            raise

    def close(self) -> None:
        super().close()
        self._given.close()


def _around(source: Source) -> ZipFile:
    """The archive that the source is a member of, nameless, so that it is one for all its members."""
    around = replace(source, name="", members=source.members[:-1])
    if source.path is None:
        return _Archive(around.open())
    status = source.path.stat()
    return _archive(around, (status.st_ino, status.st_size, status.st_mtime_ns), os.getpid())


@lru_cache(maxsize=2)
def _archive(source: Source, _version: tuple[int, ...], _process: int) -> ZipFile:
    """An archive, kept open: its table of contents is long where it holds many documents.

    A file that was changed is another one, and so is that of a forked process, whose place in the
    file moves with its parent's. The last reference closes it.
    """
    return _Archive(source.open())


def _member(archive: ZipFile, number: int) -> BinaryIO:
    spooled = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (the caller closes it)
    try:
        with archive.open(archive.infolist()[number]) as stream:
            shutil.copyfileobj(stream, spooled)
    except BaseException:
        spooled.close()
        raise
    spooled.seek(0)
    return cast(BinaryIO, spooled)


def _check_file(path: Path, name: str) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise DocumentError(name, "there is no such file", "check the path") from None
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from None
    if stat.S_ISDIR(status.st_mode):
        raise _folder(path, name)
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(name, "neither a file nor a folder (a pipe or a device)", "save it as a file")


def _check_size(size: int, name: str, max_bytes: int) -> None:
    if not size:
        raise DocumentError(name, "empty (0 bytes)", "give a document with text")
    if size > max_bytes:
        raise DocumentError(
            name, f"{size:,} bytes, the limit is {max_bytes:,}", "split the document or raise max_bytes"
        )


def _folder(path: Path, name: str) -> DocumentError:
    try:
        next(path.iterdir(), None)
    except OSError as error:
        return unreadable(name, error)
    return DocumentError(name, "a folder, not a document", "give the files in it")


def unreadable(name: str, error: OSError | ValueError) -> DocumentError:
    """What the system says against reading, as an error of ours."""
    if isinstance(error, PermissionError):
        return DocumentError(name, "permission denied", "ask its owner for the right to read it")
    seen = error.strerror if isinstance(error, OSError) else str(error)
    return DocumentError(name, f"cannot be read ({seen})", "check the path and the disk")

"""The writer of formats whose rows need only stand one behind the other."""

from __future__ import annotations

from types import TracebackType
from typing import BinaryIO, Self


class PlainWriter:
    """Appends encoded rows to a stream; see :class:`TableWriter`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def write(self, encoded: bytes) -> None:
        """Append rows."""
        self._stream.write(encoded)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left to do: a file of lines has no end mark."""

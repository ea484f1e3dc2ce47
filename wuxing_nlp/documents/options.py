"""How documents are to be read: limits, and the columns of tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MAX_BYTES = 50_000_000
"""Default limit of a single document's file, in bytes."""

MAX_CHARACTERS = 2_000_000
"""Default limit of a document's text, in characters: some ten thick yearbooks."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options of every reader.

    Attributes:
        max_bytes: the largest file of one document that is read. A table of many documents may be
            larger, for it is read row by row.
        max_characters: the longest text of one document.
        text_column: the column of a table that holds the text; guessed where it is None.
        id_column: the column that names the rows; guessed where it is None, and without one a row is
            named by its number.
        metadata: False to leave what the text says of itself to :func:`completed`, which is most of the
            work of reading a table.
        notify: called with a line for the user where a reader decided something by itself.
    """

    max_bytes: int = MAX_BYTES
    max_characters: int = MAX_CHARACTERS
    text_column: str | None = None
    id_column: str | None = None
    metadata: bool = True
    notify: Callable[[str], None] | None = None

    def say(self, line: str) -> None:
        """Tell the user, where someone listens."""
        if self.notify:
            self.notify(line)

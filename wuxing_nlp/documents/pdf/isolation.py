"""PDFs are read in a process of its own, with bounds.

A PDF of some kilobytes can make the library that reads it take all memory, run for hours or crash. Here
it takes that process down and no other. The process is kept for the next PDF, for its start costs as much
as many pages do, and ends with the one that started it; who waits for all of its children
(``os.wait()``) waits for it, too. It is started as a program, not by multiprocessing, which would run a
user's script anew where that does not guard its main part.
"""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Sequence
from threading import Lock
from typing import Any

from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.pdf.process import PdfProcess
from wuxing_nlp.errors import DocumentError

MEMORY = 2 << 30
"""Bytes that reading a PDF may take; on Windows and macOS nothing but :data:`SECONDS` bounds them."""

SECONDS = 300
"""Seconds that reading a PDF may take."""

TIMED_OUT = 1
"""Exit code of the process where a PDF took longer than :data:`SECONDS`."""

_ADVICE = "open it in a PDF reader and print it to a PDF"


class _Reader:
    """The one process of this one, started with the first PDF and anew where it ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: PdfProcess | None = None

    def ask(self, name: str, *messages: bytes) -> bytes:
        """The answer to messages of the PDF ``name``; threads take turns."""
        with self._lock:
            used = self._process is not None and self._process.alive
            try:
                return self._answer(name, messages)
            except EOFError:
                code = self._ended()
            if not used or code == TIMED_OUT:
                raise DocumentError(name, _why(code), _ADVICE)
            # It may be that others wore it out, or that somebody ended it.
            try:
                return self._answer(name, messages)
            except EOFError:
                raise DocumentError(name, _why(self._ended()), _ADVICE) from None

    def close(self) -> None:
        """End the process."""
        self._ended()

    def forked(self) -> None:
        """Start anew in a forked process."""
        process, self._process, self._lock = self._process, None, Lock()
        if process:
            process.disown()

    def _answer(self, name: str, messages: Sequence[bytes]) -> bytes:
        process = self._started(name)
        try:
            return process.ask(messages)
        except OSError:
            raise EOFError from None
        except EOFError:
            raise
        except BaseException:  # an answer that nobody waited for would be taken for that of the next
            self._ended()
            raise

    def _started(self, name: str) -> PdfProcess:
        if self._process and not self._process.alive:
            self._ended()
        if not self._process:
            try:
                self._process = PdfProcess()
            except (OSError, EOFError, TypeError) as error:
                seen = f"the process that reads PDFs cannot be started ({error})"
                raise DocumentError(name, seen, "see that this Python can be started as a program") from None
        return self._process

    def _ended(self) -> int:
        process, self._process = self._process, None
        return process.end() if process else 0


_READER = _Reader()
atexit.register(_READER.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_READER.forked)


def extract_apart(data: bytes, name: str, options: ReadOptions) -> str:
    """The text of a PDF, by :func:`~wuxing_nlp.documents.pdf.extraction.extract` in another process; what
    that tells is told through ``options.notify``. Threads take turns.

    Raises:
        DocumentError: as ``extract``; or reading takes more than :data:`MEMORY` or :data:`SECONDS`, or
            crashes the library that reads it; or there can be no such process.
    """
    bounds = {"max_characters": options.max_characters, "seconds": SECONDS, "memory": MEMORY}
    request = json.dumps({"name": name} | bounds).encode()
    # What comes back is JSON, which cannot do anything: that process had hostile bytes in its hands.
    answer: dict[str, Any] = json.loads(_READER.ask(name, request, data))
    for line in answer["told"]:
        options.say(line)
    if "text" not in answer:
        raise DocumentError(name, answer["seen"], answer["advice"])
    return str(answer["text"])


def _why(code: int) -> str:
    if code == TIMED_OUT:
        return f"takes more than {SECONDS} seconds to read, which is the limit"
    return f"crashes what reads it, or takes more memory than it may (at most {MEMORY >> 20:,} MiB)"

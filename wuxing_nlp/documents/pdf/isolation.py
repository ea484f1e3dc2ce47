"""PDFs are read in a process of its own, with bounds.

A PDF of some kilobytes can make the library that reads it take all memory, run for hours or crash. Here
it takes that process down and no other. The process is kept for the next PDF, for its start costs as much
as many pages do. It is started as a program, not by multiprocessing, which would run a user's script
anew where that does not guard its main part.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from collections.abc import Sequence
from io import RawIOBase
from subprocess import DEVNULL, PIPE, Popen
from threading import Lock
from typing import Any, cast

from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.pdf.frames import received, send
from wuxing_nlp.errors import DocumentError

MEMORY = 2 << 30
"""Bytes that reading a PDF may take; on Windows and macOS nothing but :data:`SECONDS` bounds them."""

SECONDS = 300
"""Seconds that reading a PDF may take."""

COMMAND = ("-P", "-m", "wuxing_nlp.documents.pdf.child")
"""How Python is told to be that process; ``-P``, for the folder where a user stands may hold anything."""

TIMED_OUT = 1
"""Exit code of the process where a PDF took longer than :data:`SECONDS`."""

_ADVICE = "open it in a PDF reader and print it to a PDF"


class _Process:
    """The process that reads PDFs. It ends with the one that started it, whatever ends that.

    Raises:
        OSError, EOFError: it cannot be started.
    """

    def __init__(self) -> None:
        # It must find this package and others where this process found them.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        line = [sys.executable, *COMMAND]
        # Without buffers, so that a forked process inherits nothing that is still to be sent.
        self._child = Popen(line, bufsize=0, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment)
        self._requests = cast(RawIOBase, self._child.stdin)
        self._answers = cast(RawIOBase, self._child.stdout)
        try:
            received(self._answers)  # its word that it is ready
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._child.poll() is None

    def ask(self, messages: Sequence[bytes]) -> bytes:
        """The answer to messages. Raises OSError, EOFError: it ended instead."""
        for message in messages:
            send(self._requests, message)
        return received(self._answers)

    def end(self) -> int:
        """End it, and what it does; its exit code."""
        self._child.kill()
        self._requests.close()
        self._answers.close()
        return self._child.wait()

    def disown(self) -> None:
        """Leave it to the process that this one was forked from."""
        self._child.returncode = 0  # else the module subprocess says that it still runs
        self._requests.close()
        self._answers.close()


class _Reader:
    """The one process of this one, started with the first PDF and anew where it ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: _Process | None = None

    def ask(self, name: str, *messages: bytes) -> bytes:
        """The answer to messages of the PDF ``name``; threads take turns."""
        with self._lock:
            process = self._started(name)
            try:
                return process.ask(messages)
            except (OSError, EOFError):
                raise DocumentError(name, _why(self._ended()), _ADVICE) from None
            except BaseException:  # an answer that nobody waited for would be taken for that of the next
                self._ended()
                raise

    def close(self) -> None:
        """End the process."""
        self._ended()

    def forked(self) -> None:
        """Start anew in a forked process."""
        process, self._process, self._lock = self._process, None, Lock()
        if process:
            process.disown()

    def _started(self, name: str) -> _Process:
        if self._process and not self._process.alive:
            self._ended()
        if not self._process:
            try:
                self._process = _Process()
            except (OSError, EOFError) as error:
                seen = f"the process that reads PDFs cannot be started ({error or 'it ended at once'})"
                raise DocumentError(name, seen, f"is {sys.executable!r} the Python that runs this?") from None
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
    request = json.dumps({"name": name, "max_characters": options.max_characters, "seconds": SECONDS})
    # What comes back is JSON, which cannot do anything: that process had hostile bytes in its hands.
    answer: dict[str, Any] = json.loads(_READER.ask(name, request.encode(), data))
    for line in answer["told"]:
        options.say(line)
    if "text" not in answer:
        raise DocumentError(name, answer["seen"], answer["advice"])
    return str(answer["text"])


def _why(code: int) -> str:
    if code == TIMED_OUT:
        return f"takes more than {SECONDS} seconds to read, which is the limit"
    return f"crashes what reads it, or takes more than {MEMORY >> 20:,} MiB of memory, which is the limit"

"""The process that reads PDFs, as the one that asks it sees it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import RawIOBase
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer
from typing import cast

from wuxing_nlp.documents.pdf.frames import READY, received, send, skip_to

PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from wuxing_nlp.documents.pdf.child import main; main()"
"""What Python is told to run, with the folders of its packages as arguments."""

_SLOWEST_START = 60  # seconds
_ROOT = Path(__file__).resolve().parents[3]
_FLAGS = (("-I", "isolated"), ("-E", "ignore_environment"), ("-s", "no_user_site"), ("-S", "no_site"))


class PdfProcess:
    """The process that reads PDFs. It ends with the one that started it, whatever ends that.

    Raises:
        OSError, EOFError, TypeError: it cannot be started; the message says why.
    """

    def __init__(self) -> None:
        # Without buffers, so that a forked process inherits nothing that is still to be sent.
        self._child = Popen(_command(), bufsize=0, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT)
        self._requests = cast(RawIOBase, self._child.stdin)
        self._answers = cast(RawIOBase, self._child.stdout)
        guard = Timer(_SLOWEST_START, self._child.kill)
        guard.daemon = True
        guard.start()
        try:
            self._greet()
        except BaseException:
            self.end()
            raise
        finally:
            guard.cancel()

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
        """End it, with what it does; its exit code."""
        self._child.kill()
        self._requests.close()
        self._answers.close()
        return self._child.wait()

    def disown(self) -> None:
        """Leave it to the process that this one was forked from."""
        self._child.returncode = 0  # else the module subprocess says that it still runs
        self._requests.close()
        self._answers.close()

    def _greet(self) -> None:
        try:
            skip_to(self._answers, READY)  # past what others may print where Python starts
            fault = received(self._answers).decode()
        except EOFError:
            raise EOFError(f"it ended within {_SLOWEST_START} seconds without a word") from None
        if fault:
            raise EOFError(fault)


def _command() -> list[str]:
    """The command line. Neither the folder where a user stands, which may hold anything, nor an
    environment that this process was told to ignore is asked for modules."""
    flags = [flag for flag, name in _FLAGS if getattr(sys.flags, name)]
    folders = [os.path.abspath(folder) for folder in sys.path if isinstance(folder, str) and folder]
    return [sys.executable, "-P", *flags, "-c", PROGRAM, *folders, str(_ROOT)]

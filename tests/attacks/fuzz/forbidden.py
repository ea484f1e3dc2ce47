"""What no reader of documents does: speak to the network, start programs, write outside of its folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from wuxing_nlp.documents.pdf import reader
from wuxing_nlp.documents.pdf.extraction import extract

CODE = 86
"""Exit code of a process that did it."""

_NETWORK = (
    "socket.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "imaplib.",
    "poplib.",
    "telnetlib.",
    "nntplib.",
)
_PROGRAMS = (
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty",
    "pty.spawn", "os.startfile", "webbrowser.open", "ctypes.dlopen",
)  # fmt: skip
_CHANGES = (
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown",
    "os.truncate", "shutil.rmtree", "shutil.move", "shutil.copyfile",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def forbid(folder: str) -> None:
    """From now on, end this process where it connects, starts a program, or changes a file outside of
    ``folder``: with :data:`CODE`, and what it was told on standard error. Libraries that catch every
    exception cannot hide it."""
    inside = os.path.join(os.path.realpath(folder), "")

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_NETWORK) or event in _PROGRAMS or _changes(event, arguments, inside):
            os.write(2, f"forbidden: {event} {arguments!r}\n".encode("utf-8", "backslashreplace"))
            os._exit(CODE)

    sys.addaudithook(watch)


def read_pdfs_here() -> None:
    """From now on, read PDFs in this process, where it is watched, and not in one of their own."""
    reader.extract_apart = extract


def _changes(event: str, arguments: Sequence[Any], inside: str) -> bool:
    if event != "open" and event not in _CHANGES:
        return False
    path = arguments[0]
    if isinstance(path, int) or (event == "open" and not int(arguments[2] or 0) & _WRITING):
        return False
    return not os.path.join(os.path.realpath(os.fsdecode(path)), "").startswith(inside)

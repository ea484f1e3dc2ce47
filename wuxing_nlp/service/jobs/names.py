"""Names of uploaded files to names of files here."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from wuxing_nlp.service.uploads import shown_name

_NAMELESS = "file"
_MOST_BYTES = 200
"""Of a name in UTF-8; file systems take 255, and a number may be added."""

_LONGEST_SUFFIX = 20
_WINDOWS = sys.platform == "win32"
# On Windows they lead to a drive, a stream, a pipe or a device.
_NO_SIGNS = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)", re.IGNORECASE)


def safe_names(given: Iterable[str], *, windows: bool = _WINDOWS) -> list[str]:
    """Names as their sender wrote them, so far as they can be names of files in one folder: no path,
    no sign that does not print, nothing at the front that hides a file; what comes twice is numbered,
    also where only case or composition differs. With ``windows`` none that means more than a file
    there."""
    names: list[str] = []
    taken: set[str] = set()
    for name in given:
        name = _for_windows(_safe(name)) if windows else _safe(name)
        path, number, free = PurePosixPath(name), 1, name
        while _folded(free) in taken:
            number += 1
            free = f"{path.stem} ({number}){path.suffix}"
        taken.add(_folded(free))
        names.append(free)
    return names


def _safe(given: str) -> str:
    name = shown_name(given)
    while name.startswith((".", "~$", " ")):
        name = name[2:] if name.startswith("~$") else name[1:]
    suffix = PurePosixPath(name).suffix[:_LONGEST_SUFFIX]
    if len(name.encode()) > _MOST_BYTES:
        room = _MOST_BYTES - len(suffix.encode())
        name = name.encode()[:room].decode(errors="ignore") + suffix
    return name or _NAMELESS


def _for_windows(name: str) -> str:
    name = _NO_SIGNS.sub("_", name).rstrip(". ") or _NAMELESS
    return f"_{name}" if _DEVICE.match(name) else name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()

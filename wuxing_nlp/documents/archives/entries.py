"""What is in an archive: each entry a source of its own, those of archives within it too.

Nothing is unpacked to a file that has a name: entries called ``../x`` or ``/etc/x`` do no harm, and
are shown without what points outwards.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from zipfile import ZipFile, ZipInfo

from wuxing_nlp.documents.archives.directory import MAX_ENTRIES, check_directory
from wuxing_nlp.documents.archives.unpacking import ERRORS, over_limit
from wuxing_nlp.documents.formats import ARCHIVES, is_hidden
from wuxing_nlp.documents.plain.decoding import plausibility
from wuxing_nlp.documents.source import Source, one_line, told
from wuxing_nlp.errors import DocumentError

MAX_DEPTH = 3
"""Archives in archives: how deep."""

MAX_TOTAL_BYTES = 20_000_000_000
"""Declared size of all entries of an archive and of those within it, unpacked."""

_UNPACK = "unpack it yourself and give the folder"
_UTF_8_NAME = 1 << 11
_ENCRYPTED = 1
_METHODS = frozenset((0, 8, 12, 14))  # stored, deflate, bzip2, LZMA
_UNIX = 3
_PLAUSIBLE = 0.5


@dataclass(slots=True)
class _Budget:
    """The limits of one archive, and what all that it holds, at whatever depth, has used of them."""

    max_entries: int
    max_bytes: int
    entries: int = 0
    bytes: int = 0

    def spend(self, infos: Sequence[ZipInfo], name: str) -> None:
        self.entries += len(infos)
        self.bytes += sum(info.file_size for info in infos)
        if self.entries > self.max_entries:
            raise DocumentError(name, f"more than {self.max_entries:,} entries", _UNPACK)
        if self.bytes > self.max_bytes:
            raise DocumentError(name, f"more than {self.max_bytes:,} bytes unpacked", _UNPACK)


def entries(
    source: Source, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_TOTAL_BYTES
) -> Iterator[Source | DocumentError]:
    """The files of an archive and of the archives in it, sorted by name.

    Of two entries with one name the last counts, as for all who unpack. Folders, hidden entries and
    what macOS and Office leave behind (``__MACOSX/``, ``._x``, ``~$x``) are left out. An entry that is
    not to be unpacked is an error under its own name, an archive that is not to be opened one under
    the archive's.

    Args:
        source: the archive.
        max_entries: the most entries, those of archives within it counted too.
        max_bytes: the most bytes of all of them, unpacked, as they are declared.
    """
    yield from _entries(source, _Budget(max_entries, max_bytes))


def _entries(source: Source, budget: _Budget) -> Iterator[Source | DocumentError]:
    try:
        infos = _listed(source, budget)
    except DocumentError as error:
        yield error
        return
    for name, number, info in infos:
        entry = replace(source, name=f"{source.name}/{name}", members=(*source.members, number))
        if reason := _refusal(info):
            yield DocumentError(entry.name, *reason)
        elif entry.suffix in ARCHIVES:
            yield from _entries(entry, budget)
        else:
            yield entry


def _listed(source: Source, budget: _Budget) -> list[tuple[str, int, ZipInfo]]:
    """The entries that count, by name: the name, the number in the archive, what is declared."""
    if len(source.members) >= MAX_DEPTH:
        raise DocumentError(source.name, f"an archive more than {MAX_DEPTH} deep in archives", _UNPACK)
    try:
        with source.open() as stream:
            check_directory(stream, source.name, budget.max_entries)
            with ZipFile(stream) as archive:
                infos = archive.infolist()
    except (*ERRORS, OSError) as error:
        seen = f"no ZIP archive, or a broken one ({told(error)})"
        raise DocumentError(source.name, seen, "copy or download it again, or unpack it yourself") from None
    budget.spend(infos, source.name)
    numbers = {name: number for number, name in enumerate(_names(infos))}
    shown = ((_shown(name), number, infos[number]) for name, number in numbers.items())
    return sorted((entry for entry in shown if not _is_left_out(entry[0], entry[2])), key=lambda it: it[:2])


def _names(infos: Sequence[ZipInfo]) -> list[str]:
    """The entries' names. Without the flag for UTF-8 a name is in whatever encoding its maker's
    system had: the most plausible of those that Chinese systems use is taken for all of them."""
    raw = [b"" if info.flag_bits & _UTF_8_NAME else info.orig_filename.encode("cp437") for info in infos]
    encoding = _encoding(b"\n".join(raw))
    return [
        name.decode(encoding, "backslashreplace") if name else info.filename
        for name, info in zip(raw, infos, strict=True)
    ]


def _encoding(names: bytes) -> str:
    scores: dict[str, float] = {}
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            scores[encoding] = plausibility(names.decode(encoding))
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8":
            return encoding
    best = max(scores, key=lambda encoding: scores[encoding], default="cp437")
    return best if scores.get(best, 0) >= _PLAUSIBLE else "cp437"


def _shown(name: str) -> str:
    """A name below its archive, whatever it pretends: no drive, no root, no way up."""
    parts = name.split("\0")[0].replace("\\", "/").split("/")
    kept = ["_" if part == ".." else part for part in parts if part not in ("", ".")]
    return one_line("/".join(kept))


def _is_left_out(name: str, info: ZipInfo) -> bool:
    parts = name.split("/")
    hidden = any(is_hidden(part) or part == "__MACOSX" for part in parts)
    return hidden or not name or info.is_dir() or info.orig_filename.endswith("\\")


def _refusal(info: ZipInfo) -> tuple[str, str] | None:
    """What is wrong with an entry and what to do, or None."""
    if info.flag_bits & _ENCRYPTED:
        return "encrypted in its archive", "unpack the archive with its password and give the folder"
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    if kind not in (0, stat.S_IFREG):
        return "a link or a device in its archive, no file", "put the file itself into the archive"
    if info.compress_type not in _METHODS:
        return f"packed in a way that is not read (method {info.compress_type})", _UNPACK
    if seen := over_limit(info):
        return seen, _UNPACK
    return None

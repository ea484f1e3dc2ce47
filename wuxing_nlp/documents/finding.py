"""Paths as a user gives them to the documents that they mean."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from wuxing_nlp.documents.archives.entries import entries
from wuxing_nlp.documents.formats import ARCHIVES, FORMATS, REFUSED, is_hidden, suffixes
from wuxing_nlp.documents.source import Source
from wuxing_nlp.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files of folders and archives are meant: those whose name or path below the folder one
    of ``include`` fits (all, where it is empty) and none of ``exclude``; shell patterns."""

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    leave_out: str = ""

    def takes(self, source: Source, path: str) -> bool:
        """Whether a file at ``path`` of a folder or archive is meant. An archive need not fit
        ``include``: what is in it may."""
        if _fits(path, self.exclude) or not is_document(source):
            return False
        return not self.include or source.suffix in ARCHIVES or _fits(path, self.include)


@dataclass(slots=True)
class Found:
    """What paths hold: ``sources`` in order, ``failures`` (a path, a folder, an archive of which
    nothing could be taken), and how many files of each suffix were ``skipped`` as no documents."""

    sources: list[Source] = field(default_factory=list)
    failures: list[DocumentError] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, source: Source, wanted: Wanted, root: str = "") -> None:
        """Take a source, or of an archive the documents that are in it.

        Args:
            source: what is to be taken.
            wanted: what is meant of archives.
            root: the name of the folder below which it was found; "" where it was given itself.
        """
        if source.suffix not in ARCHIVES:
            self.sources.append(source)
            return
        before = len(self.sources) + len(self.failures)
        for entry in entries(source):
            named = Source(entry.name)
            if not wanted.takes(named, entry.name.removeprefix(f"{root or source.name}/")):
                self.skipped[named.suffix] += 1
            elif isinstance(entry, DocumentError):
                self.failures.append(entry)
            else:
                self.sources.append(entry)
        if not root and before == len(self.sources) + len(self.failures):
            self.failures.append(_nothing(source.name, "in this archive"))


def find_sources(
    paths: Sequence[Path | str | Source],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    leave_out: Path | None = None,
) -> Found:
    """Files as they are given, and every document below a folder or in an archive, sorted; each
    file once.

    Hidden files and folders below a folder are left out, and so are files that are no documents;
    links are followed, in circles too. A file that is given is never left out: reading it says what
    is wrong, and one bad path never stops the others.

    Args:
        paths: files, folders, archives; a :class:`Source` is taken as it is.
        include: shell patterns (``*.docx``, ``2024/*``) of which a file in a folder or archive must
            fit one, by its name or by its path below the folder or archive that is given.
        exclude: the same for files that are left out.
        leave_out: a folder that is not looked into: that of the results, where it lies in one of the
            documents'.
    """
    wanted = Wanted(include, exclude, os.path.realpath(leave_out) if leave_out else "")
    found = Found()
    seen: set[str] = set()
    for path in paths:
        if isinstance(path, Source):
            found.add(path, wanted)
            continue
        root = Source.of(path).name if Path(path).is_dir() else ""
        for file in _files(Path(path), wanted, found):
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                found.add(Source.of(file), wanted, root)
    return found


def is_document(source: Source) -> bool:
    """True for a name that a document has, whether or not its format is read."""
    return source.suffix in FORMATS or source.suffix in REFUSED or source.suffix in ARCHIVES


def _fits(path: str, patterns: Sequence[str]) -> bool:
    name = path.rpartition("/")[2]
    return any(fnmatchcase(path, pattern) or fnmatchcase(name, pattern) for pattern in patterns)


def _files(path: Path, wanted: Wanted, found: Found) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(_below(path, wanted, found))
    if not files:
        found.failures.append(_nothing(Source.of(path).name, "in this folder or below"))
    return files


def _nothing(name: str, where: str) -> DocumentError:
    return DocumentError(name, f"no document {where}", f"give one with documents; read are {suffixes()}")


def _below(folder: Path, wanted: Wanted, found: Found) -> Iterator[Path]:
    """The documents below a folder, and the folders inside that may not be listed."""
    closed: list[Path] = []
    seen = {wanted.leave_out}
    walk = os.walk(folder, followlinks=True, onerror=lambda error: closed.append(Path(error.filename)))
    for parent, folders, files in walk:
        # A folder met a second time, through a link, has nothing new in it: stay out.
        if (real := os.path.realpath(parent)) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in (Path(parent, name) for name in files if not is_hidden(name)):
            if wanted.takes(Source.of(file), file.relative_to(folder).as_posix()):
                yield file
            else:
                found.skipped[file.suffix.lower()] += 1
    yield from closed

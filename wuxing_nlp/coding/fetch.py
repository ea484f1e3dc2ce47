"""Rebuild the text of the real units from where it is public, or from a local copy.

The repository holds the codings of real text by SHA-1 only. :func:`fetch` looks every text up in a
source, verifies its SHA-1, and says of every unit that it could not find where and why.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from wuxing_nlp.atomic import write_file
from wuxing_nlp.coding.extract import LARGEST_FILE, extract_texts
from wuxing_nlp.coding.files import read_units
from wuxing_nlp.coding.match import find_texts
from wuxing_nlp.coding.units import CodedUnit, Label, text_sha1
from wuxing_nlp.errors import CorpusError

RAW_GITHUB = "https://raw.githubusercontent.com/{source}/HEAD/{path}"
"""Address of a file of a public repository, at the newest state of its main branch."""

# Where the codings name a file otherwise than its repository does.
_ALSO_AT = {"db/ge_policy_raw20190217.sql": "db/ge_policy_raw-20190217.sql"}
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a public repository, and the member's name where the text is inside an archive."""

    source: str
    path: str
    member: str = ""

    @classmethod
    def of(cls, label: Label) -> SourceFile:
        """The file that a label's path names: ``file``, ``file#place`` or ``archive.zip!member``."""
        whole = label.path.partition("#")[0]
        archive, mark, member = whole.partition(".zip!")
        return cls(label.source, f"{archive}.zip" if mark else whole, member)

    def __str__(self) -> str:
        return f"{self.source}/{self.path}" + (f"!{self.member}" if self.member else "")


class Source(Protocol):
    """Where texts can be looked up."""

    def find(self, file: SourceFile, wanted: Mapping[str, int]) -> dict[str, str]:
        """Texts by SHA-1, of those wanted (SHA-1 to length). Raises CorpusError where the file
        cannot be had; the message says why."""
        ...


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What was found, in the order of the labels, and what was not.

    ``missing`` holds the ids of the units not found by source file (``owner/name/path``), and
    ``reasons`` one line for each of these files.
    """

    units: list[CodedUnit] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def fetch(
    labels: Iterable[Label],
    source: Source,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> FetchReport:
    """Find the texts of the labels, file by file; one failing file never stops the others.

    Args:
        labels: the codings, as of :meth:`Corpus.labels`.
        source: a LocalFolder or PublicRepositories.
        on_progress: called after every file with the files done, all files, and the file's name.
    """
    labels = list(labels)
    groups: dict[SourceFile, list[Label]] = {}
    for label in labels:
        groups.setdefault(SourceFile.of(label), []).append(label)
    texts: dict[str, str] = {}
    report = FetchReport()
    for number, (file, group) in enumerate(groups.items(), start=1):
        found, why = _look_up(source, file, {label.sha1: label.length for label in group})
        texts |= found
        if lost := [label.id for label in group if label.sha1 not in found]:
            report.missing[str(file)] = lost
            report.reasons[str(file)] = why or f"{len(lost)} of {len(group)} texts are not in the file"
        if on_progress:
            on_progress(number, len(groups), str(file))
    report.units.extend(label.with_text(texts[label.sha1]) for label in labels if label.sha1 in texts)
    return report


def _look_up(source: Source, file: SourceFile, wanted: Mapping[str, int]) -> tuple[dict[str, str], str]:
    try:
        found = source.find(file, wanted)
    except CorpusError as error:
        return {}, str(error)
    return {sha1: text for sha1, text in found.items() if text_sha1(text) == sha1}, ""


class LocalFolder:
    """A folder with the texts in ``units.jsonl``, matched by their SHA-1 whatever their path, and
    perhaps whole documents in ``documents.jsonl.gz``, searched for what is not among the units.

    Raises:
        CorpusError: the folder has no ``units.jsonl``, or a line of a file is not what it should be.
    """

    DOCUMENTS = "documents.jsonl.gz"

    def __init__(self, path: Path | str) -> None:
        file = Path(path) / "units.jsonl"
        if not file.is_file():
            raise CorpusError(f"{path} holds no units.jsonl; name a folder with the texts of the coded units")
        self._texts = {unit.sha1: unit.text for unit in read_units(file)}
        self._documents = _documents(Path(path) / self.DOCUMENTS)

    def find(self, file: SourceFile, wanted: Mapping[str, int]) -> dict[str, str]:
        """The wanted texts that the folder holds."""
        found = {sha1: self._texts[sha1] for sha1 in wanted if sha1 in self._texts}
        left = {sha1: length for sha1, length in wanted.items() if sha1 not in found}
        whole = self._documents.get(str(file), [])
        return found | (find_texts(whole, left) if left else {})


def _documents(path: Path) -> dict[str, list[str]]:
    """Texts of whole documents by the file that they are from; none where there is no such path."""
    texts: dict[str, list[str]] = {}
    if not path.is_file():
        return texts
    try:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                texts.setdefault(f"{row['source']}/{row['path'].partition('#')[0]}", []).append(row["text"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"{path}: not one document with source, path and text a line ({error!r})"
        ) from error
    return texts


def default_cache() -> Path:
    """Where downloads are kept: ``wuxing_nlp/repositories`` in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "wuxing_nlp" / "repositories"


class PublicRepositories:
    """The files of public repositories, downloaded once and kept in ``cache``.

    Args:
        base_url: address of a file, with ``{source}`` (owner/name) and ``{path}`` in it.
        cache: folder for the downloads; :func:`default_cache` where none is given.
        timeout: seconds without an answer after which a download is given up.
        deadline: seconds that one download may take in all.
        largest: bytes above which a download is given up.
        opener: what opens the addresses; for a proxy or a login of your own.
    """

    def __init__(
        self,
        base_url: str = RAW_GITHUB,
        cache: Path | None = None,
        *,
        timeout: float = 30.0,
        deadline: float = 900.0,
        largest: int = LARGEST_FILE,
        opener: urllib.request.OpenerDirector | None = None,
    ) -> None:
        if (
            "{source}" not in base_url
            or "{path}" not in base_url
            or not base_url.startswith(("http://", "https://"))
        ):
            raise CorpusError(f"{base_url!r} is no address of files; like {RAW_GITHUB} is expected")
        self._base_url = base_url
        self._cache = cache or default_cache()
        self._timeout = timeout
        self._deadline = deadline
        self._largest = largest
        self._opener = opener or urllib.request.build_opener()

    def find(self, file: SourceFile, wanted: Mapping[str, int]) -> dict[str, str]:
        """The wanted texts that stand in the file. Raises CorpusError where it cannot be had or read."""
        data = self._data(file)
        return find_texts(extract_texts(file.path, data, file.member), wanted)

    def _data(self, file: SourceFile) -> bytes:
        try:
            return self._cached(file.source, file.path)
        except CorpusError:
            if file.path not in _ALSO_AT:
                raise
            return self._cached(file.source, _ALSO_AT[file.path])

    def _cached(self, source: str, path: str) -> bytes:
        url = self._url(source, path)
        # Named by the address's hash: a path from a labels file never decides where a file is written.
        name = hashlib.sha256(url.encode()).hexdigest()[:32] + PurePosixPath(path).suffix
        copy = self._cache / name
        if not copy.is_file():
            write_file(copy, self._download(url))
        try:
            return copy.read_bytes()
        except OSError as error:
            raise CorpusError(f"{copy} cannot be read: {error.strerror or error}") from error

    def _url(self, source: str, path: str) -> str:
        if not _REPOSITORY.fullmatch(source) or not path or ".." in PurePosixPath(path).parts:
            raise CorpusError(f"{source!r} with {path!r} names no file of a public repository")
        quoted = urllib.parse.quote(path)
        return self._base_url.replace("{source}", source).replace("{path}", quoted)

    def _download(self, url: str) -> Iterator[bytes]:
        try:
            with self._opener.open(url, timeout=self._timeout) as answer:
                yield from self._bounded(url, answer)
        except urllib.error.HTTPError as error:
            raise CorpusError(f"download failed: {url} answered {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise CorpusError(f"download failed: {url}: {error.reason}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CorpusError(f"download failed: {url}: {error or type(error).__name__}") from error

    def _bounded(self, url: str, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        begun, size = time.monotonic(), 0
        expected = answer.length
        while chunk := answer.read1(_CHUNK):
            size += len(chunk)
            if size > self._largest:
                raise CorpusError(f"download failed: {url} is larger than {self._largest} bytes")
            if time.monotonic() - begun > self._deadline:
                raise CorpusError(f"download failed: {url} took more than {self._deadline:g} seconds")
            yield chunk
        if expected is not None and size != expected:
            raise CorpusError(f"download failed: {url} broke off after {size} of {expected} bytes")

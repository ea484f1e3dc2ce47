"""``python -m tests.attacks.bounded FOLDER MEMORY``: read every document in a folder, in a process that
may take no more than so many bytes beside what it has, may neither connect nor start nor write anything
and ends where a document takes too long. Prints what came of each file as JSON: texts, or ``! `` and why."""

from __future__ import annotations

import faulthandler
import json
import resource
import signal
import sys
import warnings
from pathlib import Path

from tests.attacks.fuzz.forbidden import forbid, read_pdfs_here
from tests.attacks.fuzz.targets import TARGETS
from wuxing_nlp.documents import Document, find_sources, read_documents
from wuxing_nlp.documents.formats import FORMATS

SECONDS = 60
"""Processor time for a document: a guard against one that is read for ever."""

_SHOWN = 5


def main(folder: str, memory: str) -> None:
    """Read and print."""
    read_pdfs_here()
    for target in TARGETS.values():
        if target.suffix in FORMATS:  # whatever is loaded with a first file, is
            list(target.read(target.seeds()[0], target.suffix))
    faulthandler.register(signal.SIGPROF, chain=True)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + int(memory), taken + int(memory)))
    forbid(str(Path(folder, "nowhere")))
    warnings.simplefilter("error")
    json.dump({path.name: _read(path) for path in sorted(Path(folder).iterdir())}, sys.stdout)


def _read(path: Path) -> list[str]:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    sources = find_sources([path])
    items = (item for source in sources.sources for item in read_documents(source))
    found = [*sources.failures, *(item for _, item in zip(range(_SHOWN), items, strict=False))]
    signal.setitimer(signal.ITIMER_PROF, 0)
    return [
        "".join((i.text, *i.fields.values()))[:10_000] if isinstance(i, Document) else f"! {i}" for i in found
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])

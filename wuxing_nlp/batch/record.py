"""The record of a run, so that a paper can cite it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wuxing_nlp.batch.measured import measured
from wuxing_nlp.batch.parts import Counts
from wuxing_nlp.codebook import Codebook, load_codebook, read_codebook
from wuxing_nlp.model.bundle import Model

RUN = "run.json"
"""The file of the record; written last, so that where it is the run is complete."""

REPORT = "report.html"
"""The file of the report on a run; it is written after the record, by the room above."""


CODEBOOK = "codebook.toml"
"""The file of the codebook, where a run's model had another one than the shipped."""


def carried_codebook(codebook: Codebook) -> bytes:
    """The codebook as a run keeps it; nothing of the shipped one, which is everywhere."""
    return b"" if codebook.fingerprint == load_codebook().fingerprint else codebook.text.encode()


def run_codebook(run: Path) -> Codebook:
    """The codebook of a run's labels. Raises CodebookError: the file of it is not sound."""
    path = run / CODEBOOK
    # Not by load_codebook, which reads a file once: a run may be made anew.
    return read_codebook(path) if path.is_file() else load_codebook()


def cited(identity: Mapping[str, Any]) -> dict[str, Any]:
    """What of a plan's identity stands in the record of its run."""
    return {key: value for key, value in identity.items() if key != "failed"}


def run_record(
    identity: Mapping[str, Any],
    model: Model,
    counts: Counts,
    files: Sequence[str],
    skipped: Mapping[str, int],
) -> bytes:
    """The record as JSON. Neither time nor number of workers: they change no result, and the same
    run gives the same bytes.

    Args:
        identity: everything that the results depend on, as plain JSON values.
        model: what tagged.
        counts: what the run holds.
        files: the files that it wrote.
        skipped: how many files of each suffix were no documents.
    """
    record = {
        **cited(identity),
        "skipped": dict(sorted(skipped.items())),
        "counts": asdict(counts),
        "files": list(files),
        "measured": measured(model),
    }
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace")

"""The finished run that a folder holds: it is not replaced unasked, and need not be done again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wuxing_nlp.batch import joining
from wuxing_nlp.batch.parts import Counts, Parts
from wuxing_nlp.batch.plan import Plan
from wuxing_nlp.batch.record import CODEBOOK, RUN, carried_codebook, cited
from wuxing_nlp.errors import OutputError


def run_files(plan: Plan) -> list[str]:
    """The names of the files that a run writes, its record aside."""
    joint = joining.Joint(plan.model.codebook, plan.settings, ())
    carried = [CODEBOOK] if carried_codebook(plan.model.codebook) else []
    return [joining.RESULTS, *joint.files(), *carried]


def finished(plan: Plan, out: Path) -> Counts | None:
    """The counts of the run of a plan that stands in a folder, whole and without a failure; None where
    there is work to do: a failure may have been mended since, other tables may be wanted, or a run that
    ``--restart`` began waits there to go on.

    Raises:
        OutputError: the folder holds a finished run of another plan, or a record that is none.
    """
    identity = plan.identity()
    if not (out / RUN).is_file() or Parts(out, identity).begun():
        return None
    record, given = _record(out), cited(identity)
    changed = [key for key in given if record.get(key) != given[key]]
    if not changed and not set(map(str, record.get("files") or ())) <= {*joining.NAMES}:
        changed = ["files"]  # of a cluster
    if changed:
        raise OutputError(
            f"{out} holds a finished run that differs in {', '.join(changed)}; name another folder, or "
            "replace that run with --restart"
        )
    files = run_files(plan)
    whole = record.get("files") == files and all(_untouched(out / name, out / RUN) for name in files)
    counts = record["counts"]
    return Counts(**counts) if whole and not identity["failed"] and not counts["failures"] else None


def _untouched(file: Path, record: Path) -> bool:
    """Whether a file is there and was not written after the record, which a run writes last."""
    return file.is_file() and file.stat().st_mtime_ns <= record.stat().st_mtime_ns


def _record(out: Path) -> dict[str, Any]:
    try:
        record: Any = json.loads((out / RUN).read_bytes())
    except (OSError, ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not isinstance(record.get("counts"), dict):
        raise OutputError(
            f"{out / RUN} is no record of a run; name another folder, or replace what is there with --restart"
        )
    return record

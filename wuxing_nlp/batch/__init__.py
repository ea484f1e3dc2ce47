"""Many documents: read, tag, and write; one bad document never stops the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wuxing_nlp.batch.finished import finished
from wuxing_nlp.batch.outcome import Failure, Item, Record, Result, tag_items
from wuxing_nlp.batch.parts import Counts
from wuxing_nlp.batch.plan import Plan
from wuxing_nlp.batch.record import RUN
from wuxing_nlp.batch.run import Watcher, run
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.errors import ClusterError
from wuxing_nlp.late import late

if TYPE_CHECKING:
    from wuxing_nlp.batch.cluster.inputs import find_partitions
    from wuxing_nlp.batch.cluster.run import run_on_cluster
    from wuxing_nlp.batch.frame import failed_rows, tag_frame, unit_ddl, unit_meta

__all__ = [
    "RUN",
    "Counts",
    "Failure",
    "Item",
    "Plan",
    "Record",
    "Result",
    "Settings",
    "Watcher",
    "failed_rows",
    "find_partitions",
    "finished",
    "run",
    "run_on_cluster",
    "tag_frame",
    "tag_items",
    "unit_ddl",
    "unit_meta",
]

_LATE = {
    "failed_rows": "frame",
    "find_partitions": "cluster.inputs",
    "run_on_cluster": "cluster.run",
    "tag_frame": "frame",
    "unit_ddl": "frame",
    "unit_meta": "frame",
}
"""What is loaded when it is asked for, since it needs the libraries of the extra ``cluster``."""

__getattr__ = late(__name__, _LATE, "cluster", ClusterError)

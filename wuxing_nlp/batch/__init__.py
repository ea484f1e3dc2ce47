"""Many documents: read, tag, and write; one bad document never stops the others."""

from __future__ import annotations

from wuxing_nlp.batch.output import ResultFiles, csv_line, csv_rows, unit_header
from wuxing_nlp.batch.run import STREAM, Failure, Result, classify, find_inputs

__all__ = [
    "STREAM",
    "Failure",
    "Result",
    "ResultFiles",
    "classify",
    "csv_line",
    "csv_rows",
    "find_inputs",
    "unit_header",
]

"""The report of a run: one HTML file to read, print and send."""

from __future__ import annotations

from wuxing_nlp.batch.record import REPORT
from wuxing_nlp.report.words import LANGUAGES, Language
from wuxing_nlp.report.writing import write_report

__all__ = ["LANGUAGES", "REPORT", "Language", "write_report"]

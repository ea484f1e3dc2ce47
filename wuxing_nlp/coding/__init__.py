"""Coded units as data: read, validate, count, export, and rebuild from their public sources."""

from __future__ import annotations

from wuxing_nlp.coding.checking import Checked, check_codings
from wuxing_nlp.coding.corpus import Corpus, CorpusStatistics, default_root, export_labels, statistics
from wuxing_nlp.coding.fetch import FetchReport, LocalFolder, PublicRepositories, fetch
from wuxing_nlp.coding.files import Problem, problems, read_units, write_jsonl
from wuxing_nlp.coding.units import SELECTED, CodedUnit, Label

__all__ = [
    "SELECTED",
    "Checked",
    "CodedUnit",
    "Corpus",
    "CorpusStatistics",
    "FetchReport",
    "Label",
    "LocalFolder",
    "Problem",
    "PublicRepositories",
    "check_codings",
    "default_root",
    "export_labels",
    "fetch",
    "problems",
    "read_units",
    "statistics",
    "write_jsonl",
]

"""A run's folder to its report: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from wuxing_nlp.atomic import write_file
from wuxing_nlp.batch.names import below_common_folder
from wuxing_nlp.batch.record import REPORT, run_codebook
from wuxing_nlp.codebook import Codebook, load_codebook
from wuxing_nlp.errors import ReportError
from wuxing_nlp.model.tagger import LEAST_HAN, SHORTEST
from wuxing_nlp.report.citing import combined_hash
from wuxing_nlp.report.figures import FEW_UNITS, lines, shade_limits, top_of
from wuxing_nlp.report.folder import (
    check_codebook,
    check_documents,
    read_failures,
    read_results,
    read_run,
)
from wuxing_nlp.report.groups import MOST_KEPT, grouping
from wuxing_nlp.report.labels import labels
from wuxing_nlp.report.page import page
from wuxing_nlp.report.survey import MOST_QUOTES, UNTAGGED, Survey
from wuxing_nlp.report.tally import Tally
from wuxing_nlp.report.trust import letter_figures, part_figures
from wuxing_nlp.report.words import LANGUAGES, Language, words

MOST_GROUPS = 40
"""Groups that a table shows: those with the most judged units."""

MOST_PARTS = 12
"""Kinds, regions and years that the corpus at a glance shows."""

MOST_LISTED = 20
"""Failures and notices of readers that are listed."""


def write_report(
    run: Path, to: Path | None = None, *, language: Language = "zh", group_by: Sequence[str] = ()
) -> Path:
    """Write the report of a run; the same folder gives the same bytes.

    Results are read once, document by document: memory stays flat.

    Args:
        run: the folder of ``wuxing classify --out``.
        to: the file; without it ``report.html`` in the folder.
        language: ``zh`` or ``en``.
        group_by: what to show profiles by: ``year``, ``script``, names of the metadata and of the input's
            own columns, each for a table of its own.

    Returns:
        The file.

    Raises:
        ReportError: the folder holds no finished run, it is damaged, or its documents cannot be grouped
            so.
        OutputError: the file cannot be written.
    """
    if language not in LANGUAGES:
        raise ReportError(f"there is no report in {language!r}; there are {', '.join(LANGUAGES)}")
    facts = read_run(run)
    book = run_codebook(run)
    check_codebook(run, facts, book)
    columns = facts["counts"]["fields"]
    survey = Survey(book, [grouping(name, columns) for name in dict.fromkeys(group_by)])
    read_results(run, survey)
    check_documents(run, facts, survey.whole.documents)
    html = page(**_context(run, facts, book, survey, language))
    path = run / REPORT if to is None else to
    write_file(path, [html.encode()])
    return path


def _context(
    run: Path, facts: dict[str, Any], book: Codebook, survey: Survey, language: Language
) -> dict[str, Any]:
    """What the templates are filled with."""
    documents = survey.documents
    return {
        "language": language,
        "w": words(language),
        "labels": labels(book, chinese=language == "zh"),
        "shipped": book.fingerprint == load_codebook().fingerprint,
        "book_title": (language == "en" and book.contents.title.en) or book.contents.title.hans,
        "run": facts,
        "survey": survey,
        "whole": survey.whole,
        "documents": documents,
        "names": _names(survey, book),
        "untagged": UNTAGGED,
        "parts": {
            groups.name: groups.table(MOST_PARTS)
            for groups in (survey.kinds, survey.regions, survey.years, survey.scripts)
        },
        "groups": [(groups, groups.table(MOST_GROUPS)) for groups in survey.groups],
        "shades": shade_limits(),
        "few_units": FEW_UNITS,
        "failures": read_failures(run, MOST_LISTED),
        "most": {
            "kept": MOST_KEPT,
            "listed": MOST_LISTED,
            "quotes": MOST_QUOTES,
            "shortest": SHORTEST,
            "least_han": LEAST_HAN,
        },
        "combined_hash": combined_hash(facts["inputs"]),
        **_label_sets(book, survey.whole),
        **_over_time(survey, book),
        **_trust(facts, book, survey),
    }


def _label_sets(book: Codebook, whole: Tally) -> dict[str, Any]:
    """The labels of each figure, and the shares that its bars end at."""
    stances = [problem.letter + stance.mark for problem in book.problems for stance in book.stances]
    sections = {"heat": book.measures, "stance": book.problems}
    return {
        "absent": [name for name, entries in sections.items() if not entries],
        "letters": {
            "type": [kind.letter for kind in book.types],
            "problem": [problem.letter for problem in book.problems],
        },
        "measures": [measure.code for measure in book.measures],
        "tops": {
            "letters": top_of(map(whole.share, book.letters)),
            "stances": top_of(map(whole.share, stances)),
        },
    }


def _names(survey: Survey, book: Codebook) -> dict[str, str]:
    """What documents that are shown or quoted are called: without the folders that all lie in."""

    def shown() -> Iterator[str]:
        yield from (row.name for row in survey.documents)
        for heading in chain(book.codes, UNTAGGED):
            quotes = (survey.telling if heading in book.codes else survey.examples)[heading]
            yield from (quote.document for quote in quotes)

    names = list(dict.fromkeys(shown()))
    return dict(zip(names, below_common_folder(names), strict=True))


def _over_time(survey: Survey, book: Codebook) -> dict[str, Any]:
    """Lines and their table, where documents of two years or more are dated."""
    years = [(year, tally) for year, tally in survey.years if tally.coded]
    if len(years) < 2:
        return {"years": None, "lines": []}
    letters = ([kind.letter for kind in book.types], [problem.letter for problem in book.problems])
    shown = [lines(years, some) for some in letters if some]
    return {"years": survey.years.table(MOST_GROUPS), "lines": shown}


def _trust(facts: dict[str, Any], book: Codebook, survey: Survey) -> dict[str, Any]:
    """The model's figures, where the run records any: models need not have been measured."""
    measured = facts.get("measured")
    if not measured:
        return {"measured": None, "own_codings": False}
    return {
        "measured": measured,
        "own_codings": measured.get("own_codings", False),
        "letter_figures": letter_figures(measured, book.letters),
        "kind_figures": part_figures(measured["by_kind"], survey.measured_kinds.table(MOST_PARTS)),
        "script_figures": part_figures(measured["by_script"], survey.scripts.table(MOST_PARTS)),
    }

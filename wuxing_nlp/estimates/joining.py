"""Codings held to the results that they are of: the same units, with the same text, each coded once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.estimates.codings import Coding, Codings
from wuxing_nlp.estimates.counts import Counts, Seen, sha1
from wuxing_nlp.evaluation.prevalence import Coded
from wuxing_nlp.evaluation.prevalence.data import Floats

_CUT = "…"
_FAR = 0.01
"""How far, of all, the number of units that a sample stands for may be from that of the results."""


@dataclass(frozen=True)
class Sample:
    """A coded sample of a run.

    Attributes:
        coded: with codes for predictions, and with probabilities.
        waiting: (n_documents,) flags of documents with drawn units of a stratum of which none is coded.
        notes: what a person should know of it, a line each.
    """

    codes: Coded
    probabilities: Coded
    waiting: np.ndarray
    notes: tuple[str, ...]


def wanted(codings: Codings) -> dict[str, Collection[int]]:
    """The units of some codings, numbers by document."""
    found: dict[str, set[int]] = defaultdict(set)
    for row in codings.rows:
        found[row.document].add(row.unit)
    return dict(found)


def join(codings: Codings, counts: Counts) -> Sample:
    """The sample that codings make of a run.

    Rows without codes are told and taken for missing at random: the others of their stratum stand for
    them too. A document that was drawn as a whole counts once all of its units are coded.

    Args:
        codings: the rows of the file.
        counts: the run, with those units seen.

    Raises:
        EvaluationError: rows that are not of this run, come twice, or whose text is another; documents
            are to be counted, but units were drawn; nothing is coded.
    """
    if problems := list(_problems(codings, counts)):
        more = f" (and {len(problems) - 1:,} more such rows)" if len(problems) > 1 else ""
        raise EvaluationError(problems[0] + more)
    drawn = _drawn(codings.rows, counts)
    done = {key: rows for key, rows in drawn.items() if _is_done(rows, counts)}
    if not done:
        raise EvaluationError(
            f"{codings.name}: nothing is coded yet; write codes, or 0 for a unit that carries none"
        )
    notes = (*_notes(codings, drawn, done), *_represented(codings, counts, drawn))
    waiting = np.zeros(len(counts.names), dtype=bool)
    coded_strata = {rows[0].stratum for rows in done.values()}
    for rows in drawn.values():
        if rows[0].stratum not in coded_strata:
            waiting[[counts.seen[row.document, row.unit].document for row in rows]] = True
    made = [_coded(counts, drawn, done, probable=probable) for probable in (False, True)]
    return Sample(made[0], made[1], waiting, notes)


_Key = tuple[str, int]
_Drawn = Mapping[_Key, Sequence[Coding]]
"""What was drawn: units by document and number, documents with number 0, each with its rows."""


def _problems(codings: Codings, counts: Counts) -> Iterator[str]:
    twice, met = counts.twice() & {row.document for row in codings.rows}, dict[_Key, str]()
    for row in codings.rows:
        seen = counts.seen.get((row.document, row.unit))
        if row.document in twice:
            yield f"{row.place}: several documents in the results are called {row.document!r}"
        elif row.document not in counts.numbers:
            yield f"{row.place}: the results have no document {row.document!r}; give the run that was sampled"
        elif seen is None:
            yield (
                f"{row.place}: {row.document} has no unit {row.unit} that the model judged; give the run "
                "that was sampled"
            )
        elif (first := met.setdefault((row.document, row.unit), row.place)) != row.place:
            yield f"{row.place}: the unit of {first} again; keep one coding a unit"
        elif _is_other(row, seen):
            yield f"{row.place}: the text is not that of unit {row.unit} of {row.document} in the results"
        elif counts.of == "documents" and not row.whole:
            yield (
                f"{row.place}: drawn as a unit, but shares of documents need documents drawn as a whole; "
                "draw with: wuxing sample RESULTS --for-estimate --of documents"
            )
    if len({row.whole for row in codings.rows}) > 1:
        yield f"{codings.name}: some rows were drawn as units, others as documents; give one sample"


def _is_other(row: Coding, seen: Seen) -> bool:
    if not seen.sha1:
        return False
    if row.sha1 and row.sha1 != seen.sha1:
        return True
    # A spreadsheet may have cut a cell, and marks it so.
    return bool(row.text) and not row.text.endswith(_CUT) and sha1(row.text) != seen.sha1


def _drawn(rows: Sequence[Coding], counts: Counts) -> _Drawn:
    drawn: dict[_Key, list[Coding]] = defaultdict(list)
    for row in rows:
        drawn[row.document, 0 if row.whole else row.unit].append(row)
    return dict(drawn)


def _is_done(rows: Sequence[Coding], counts: Counts) -> bool:
    expected = len(counts.numbers[rows[0].document]) if rows[0].whole else 1
    return len(rows) == expected and all(row.codes is not None for row in rows)


def _notes(codings: Codings, drawn: _Drawn, done: _Drawn) -> Iterator[str]:
    for why, number in codings.others.items():
        yield f"{codings.name}: {number:,} rows were not drawn at random ({why}); they are left out"
    if left := len(drawn) - len(done):
        what = "documents" if codings.rows[0].whole else "units"
        yield (
            f"{codings.name}: {left:,} of {len(drawn):,} drawn {what} are not coded (to the end); the others "
            "of their stratum stand for them, which is right only if it was chance which were coded"
        )


def _represented(codings: Codings, counts: Counts, drawn: _Drawn) -> Iterator[str]:
    stands = sum(1 / rows[0].inclusion for rows in drawn.values())
    whole = codings.rows[0].whole
    there = int((counts.sizes > 0).sum() if whole else counts.sizes.sum())
    if abs(stands - there) > _FAR * there:
        yield (
            f"{codings.name}: its probabilities of inclusion stand for {stands:,.0f} "
            f"{'documents' if whole else 'units'}, but the results have {there:,}; rows are missing, or it "
            "is a sample of another run"
        )


def _coded(counts: Counts, drawn: _Drawn, done: _Drawn, *, probable: bool) -> Coded:
    """The sample as estimators take it: one row a coded unit, or a document where these are counted."""
    strata = {name: at for at, name in enumerate(dict.fromkeys(rows[0].stratum for rows in done.values()))}
    given, coded = np.zeros(len(strata)), np.zeros(len(strata))
    for key, rows in drawn.items():
        if rows[0].stratum in strata:
            given[strata[rows[0].stratum]] += 1
            coded[strata[rows[0].stratum]] += key in done
    answered = coded / given
    columns: list[tuple[int, Floats, Floats, float, int, int]] = []
    for cluster, rows in enumerate(done.values()):
        stratum = strata[rows[0].stratum]
        inclusion = rows[0].inclusion * answered[stratum]
        for document, truth, predicted in _observed(counts, rows, probable=probable):
            columns.append((document, truth, predicted, inclusion, stratum, cluster))
    documents, truths, predictions, inclusions, of_strata, clusters = zip(*columns, strict=True)
    return Coded(
        np.array(documents, dtype=np.intp),
        np.stack(truths),
        np.stack(predictions),
        np.array(inclusions),
        np.array(of_strata, dtype=np.intp),
        np.array(clusters, dtype=np.intp),
    )


def _observed(
    counts: Counts, rows: Sequence[Coding], *, probable: bool
) -> Iterator[tuple[int, Floats, Floats]]:
    """Document, truth and prediction of what was drawn, unit by unit or as one document."""
    seen = [counts.seen[row.document, row.unit] for row in rows]
    truth = np.array([_flags(row.codes or frozenset(), counts) for row in rows])
    if counts.of == "documents":
        at = seen[0].document
        yield at, truth.max(axis=0), (counts.probabilities if probable else counts.codes)[at]
        return
    for known, flags in zip(seen, truth, strict=True):
        yield known.document, flags, known.probabilities if probable else known.codes


def _flags(codes: frozenset[str], counts: Counts) -> list[float]:
    given = codes | counts.book.letters_of(codes)
    return [float(label in given) for label in counts.labels]

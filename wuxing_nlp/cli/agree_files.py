"""The files that ``wuxing agree --out`` writes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from wuxing_nlp.atomic import check_unfilled, write_file
from wuxing_nlp.batch.columns import Column, Row
from wuxing_nlp.batch.tables import csv as csv_table
from wuxing_nlp.cli.record_csv import encoded
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.coding.coder_tables import CODES_OF
from wuxing_nlp.coding.coders import SharedCodings, SharedUnit
from wuxing_nlp.evaluation.agreement import Agreement, Dispute, rendering

ADJUDICATION = "adjudication.csv"
"""The file in which coders' disputes are settled."""

_TEXTS = frozenset({"kind", "label", "name", "note"})


def contents(
    found: Agreement, codings: SharedCodings, disputes: Sequence[Dispute], naming: Naming
) -> dict[str, bytes]:
    """Name of every file to what is in it."""
    return {
        "agreement.csv": csv_table.BOM.encode() + figures_csv(found, naming),
        "agreement.md": rendering.as_markdown(found, naming).encode(),
        "agreement.tex": rendering.as_latex(found, naming).encode(),
        "disagreements.csv": _disagreements(codings, disputes),
        ADJUDICATION: _adjudication(codings, disputes),
    }


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files into a folder.

    Raises:
        OutputError: a file cannot be written; or there is an adjudication of other content, which may
            hold decisions: then nothing is written.
    """
    check_unfilled(out / ADJUDICATION, files[ADJUDICATION])
    for name, content in files.items():
        write_file(out / name, [content])


def figures_csv(found: Agreement, naming: Naming) -> bytes:
    """The figures as CSV, without a byte-order mark."""
    return encoded(rendering.records(found, naming), _TEXTS)


def _disagreements(codings: SharedCodings, disputes: Sequence[Dispute]) -> bytes:
    """Every disputed unit, the most informative first."""
    columns = [
        *(Column(name, "count") for name in ("rank", "score")),
        *_texts("id", "document", "disputed", *_code_columns(codings), "text"),
    ]
    rows: list[Row] = []
    for rank, dispute in enumerate(disputes, 1):
        unit = codings.units[dispute.unit]
        place: Row = [rank, round(dispute.score, 3), unit.id, unit.document]
        rows.append([*place, ",".join(dispute.labels), *_given(unit, codings.coders), unit.text])
    return _csv(columns, rows)


def _adjudication(codings: SharedCodings, disputes: Sequence[Dispute]) -> bytes:
    """Every unit that two coders or more coded: the disputed ones without codes, then those agreed on;
    a text that stands there several times once, for a corpus takes each once."""
    columns = _texts("id", "document", "kind", "codes", "disputed", *_code_columns(codings), "text")
    disputed = {dispute.unit: dispute.labels for dispute in disputes}
    agreed = [at for at, unit in enumerate(codings.units) if len(unit.codes) > 1 and at not in disputed]
    rows: list[Row] = []
    seen: set[str] = set()
    for at in (*disputed, *agreed):
        unit, labels = codings.units[at], disputed.get(at, ())
        if unit.text and unit.text in seen:
            continue
        seen.add(unit.text)
        codes = "" if labels else _written(next(iter(unit.codes.values())))
        place = [unit.id, unit.document, unit.kind, codes, ",".join(labels)]
        rows.append([*place, *_given(unit, codings.coders), unit.text])
    return _csv(columns, rows)


def _code_columns(codings: SharedCodings) -> list[str]:
    return [CODES_OF + coder for coder in codings.coders]


def _given(unit: SharedUnit, coders: Iterable[str]) -> list[str]:
    return [_written(unit.codes[coder]) if coder in unit.codes else "" for coder in coders]


def _written(codes: Iterable[str]) -> str:
    return ",".join(codes) or "0"


def _texts(*names: str) -> list[Column]:
    return [Column(name, "text") for name in names]


def _csv(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    stream = io.BytesIO()
    with csv_table.writer(stream, columns, "") as writer:
        writer.write(csv_table.encode(rows, columns))
    return stream.getvalue()

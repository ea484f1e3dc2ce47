"""The table of agreement as rows, pages and records."""

from __future__ import annotations

import json

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.evaluation.agreement import MEASURES, Agreement, Ratings, agreement, rendering

BOOK = load_codebook()
GIVEN = ["M!", "M!,Z1", "0", "Z1"]


def table(*turns: int) -> Agreement:
    """The agreement of coders who give the same codes, each beginning at another unit."""
    codings = {
        f"coder_{at}": [frozenset(BOOK.parse(GIVEN[(unit + turn) % 4])) for unit in range(8)]
        for at, turn in enumerate(turns)
    }
    return agreement(Ratings.of(codings, [unit // 2 for unit in range(8)], BOOK), BOOK, draws=20)


def test_short_rows_show_the_labels_that_somebody_gave() -> None:
    found = table(0, 1)
    header, *rows = rendering.short_rows(found, BOOK)
    assert header == [
        "label",
        "coder_0\n%",
        "coder_1\n%",
        "raw",
        "κ",
        "Fleiss",
        "AC1",
        "F1",
        "α",
        "α 95 % interval",
    ]
    assert [row[0].split()[0] for row in rows][6:] == ["Z", "M", "Z1", "M!"]
    assert all(len(row) == len(header) for row in rows)
    assert len(rendering.unshown(found).split()) + len(rows) == len(found.rows)


def test_of_many_coders_the_least_and_the_largest_share_are_shown() -> None:
    found = table(0, 1, 2, 3, 0)
    header, first, *_ = rendering.short_rows(found, BOOK)
    assert header[1:3] == ["least\n%", "most\n%"]
    assert first[1:3] == ["75.0", "75.0"]


def test_full_rows_have_every_label_and_why_a_figure_is_undefined() -> None:
    found = table(0, 0)
    header, *rows = rendering.full_rows(found, BOOK)
    assert header == ["label", "coder_0, %", "coder_1, %", *MEASURES.values(), "note"]
    assert len(rows) == len(found.rows)
    cells = {row[0].split()[0]: row for row in rows}
    assert cells["M!"][3:] == ["1.000 (1.000 to 1.000)"] * 6 + [""]
    assert cells["S!"][-1] == "never given"
    assert cells["S!"].count("—") == 4


def test_a_page_and_a_file_of_latex_say_how_it_was_done() -> None:
    found = table(0, 1)
    page, file = rendering.as_markdown(found, BOOK), rendering.as_latex(found, BOOK)
    assert "8 units of 4 documents were coded by two coders or more, 8 by all" in page
    assert "95 % percentiles of 20 bootstrap draws of whole documents (seed 0)" in page
    comments = [line for line in file.splitlines() if line.startswith("% ")]
    assert len(comments) == 2
    assert r"coder\_0, \%" in file


def test_records_are_plain() -> None:
    found = table(0, 1)
    value = rendering.as_record(found, BOOK)
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    row = next(row for row in value["rows"] if row["label"] == "M!")
    point = next(row for row in found.rows if row.label == "M!").measures["alpha"]
    assert (row["kind"], row["name"], row["prevalence_coder_0"]) == ("stance", "慢·存在", 0.5)
    assert (row["alpha"], row["alpha_low"]) == (round(point.point, 6), round(point.low, 6))
    assert value["rows"][-1]["alpha"] is None

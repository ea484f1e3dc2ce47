"""The table of agreement as rows, pages and records."""

from __future__ import annotations

import json

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.agreement import MEASURES, Agreement, Ratings, agreement, rendering

BOOK = load_codebook()
NAMING = Naming(BOOK)
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
    header, *rows = rendering.short_rows(found, NAMING)
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
    header, first, *_ = rendering.short_rows(found, NAMING)
    assert header[1:3] == ["least\n%", "most\n%"]
    assert first[1:3] == ["75.0", "75.0"]
    header, first, *_ = rendering.short_rows(table(0, 1, 2, 3), NAMING)
    assert header[1:6] == ["coder_0\n%", "coder_1\n%", "coder_2\n%", "coder_3\n%", "raw"]
    assert first[1:5] == ["75.0"] * 4


def test_full_rows_have_every_label_and_why_a_figure_is_undefined() -> None:
    found = table(0, 0)
    header, *rows = rendering.full_rows(found, NAMING)
    assert header == ["label", "coder_0, %", "coder_1, %", *MEASURES.values(), "note"]
    assert len(rows) == len(found.rows)
    cells = {row[0].split()[0]: row for row in rows}
    assert cells["M!"][3:] == ["1.000 (1.000 to 1.000)"] * 6 + [""]
    assert cells["S!"][-1] == "never given"
    assert cells["S!"].count("—") == 4


def test_a_page_and_a_file_of_latex_say_how_it_was_done() -> None:
    found = table(0, 1)
    page, file = rendering.as_markdown(found, NAMING), rendering.as_latex(found, NAMING)
    assert "8 units of 4 documents were coded by two coders or more, 8 by all" in page
    assert "95 % percentiles of 20 bootstrap draws of whole documents (seed 0)" in page
    comments = [line for line in file.splitlines() if line.startswith("% ")]
    assert len(comments) == 3
    assert comments[-1].startswith("% never given: C D F G P J Y S Z0 Z2")
    assert r"coder\_0 \%" in file


def test_notes_name_the_labels_of_which_they_speak() -> None:
    codings = {"A": ["Z1,M!", "Z1"], "B": ["Z1", "Z1"]}
    given = {coder: [frozenset(BOOK.parse(cell)) for cell in cells] for coder, cells in codings.items()}
    found = agreement(Ratings.of(given, range(2), BOOK), BOOK, draws=5)
    notes = {"no variation; no variation in units of all": "types measures", "always given": "Z Z1"}
    assert rendering.notes(found) == notes
    comments = rendering.as_latex(found, NAMING).splitlines()[-2:]
    assert comments == [f"% {note}: {labels}" for note, labels in notes.items()]


def test_latex_fits_on_a_page_and_says_why_a_figure_is_undefined() -> None:
    found = table(0, 0)
    file = rendering.as_latex(found, NAMING)
    shown = rendering.short_rows(found, NAMING)
    assert file.count(r" \\") == len(shown)
    assert rf"\begin{{tabular}}{{l{'r' * (len(shown[0]) - 1)}}}" in file
    assert max(len(line) for line in file.splitlines() if line.endswith(r" \\")) < 120


def test_heads_and_names_are_of_one_language() -> None:
    found = table(0, 1, 2, 3, 0)
    chinese, english = (rendering.short_rows(found, Naming(BOOK, language)) for language in ("zh", "en"))
    assert chinese[0][:4] == ["标签", "最低\n%", "最高\n%", "一致率"]
    assert chinese[0][-1] == "α 95 % 区间"
    assert [row[0] for row in chinese[1:3]] == ["全部字母", "型"]
    assert english[0] == rendering.short_rows(found, NAMING)[0]
    assert [row[0] for row in english[1:3]] == ["all letters", "types"]
    assert "M! slowness, exists" in {row[0] for row in english}
    full = rendering.full_rows(found, Naming(BOOK, "zh"))
    assert (full[0][6], full[0][-1]) == ("原始一致率", "说明")
    assert rendering.records(found, Naming(BOOK, "en"))[0]["name"] == "all letters"


def test_records_are_plain() -> None:
    found = table(0, 1)
    value = rendering.as_record(found, NAMING)
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert value | {"rows": []} == {
        "coders": {"coder_0": 8, "coder_1": 8},
        "units": 8,
        "complete": 8,
        "documents": 4,
        "level": 0.95,
        "draws": 20,
        "seed": 0,
        "rows": [],
    }
    row = next(row for row in value["rows"] if row["label"] == "M!")
    figures = [f"{measure}{end}" for measure in MEASURES for end in ("", "_low", "_high")]
    shares = ["prevalence_coder_0", "prevalence_coder_1"]
    assert list(row) == ["kind", "label", "name", *shares, *figures, "note"]
    point = next(row for row in found.rows if row.label == "M!").measures["alpha"]
    assert (row["kind"], row["name"], row["prevalence_coder_0"]) == ("stance", "慢·存在", 0.5)
    assert (row["alpha"], row["alpha_low"]) == (round(point.point, 6), round(point.low, 6))
    assert value["rows"][-1]["alpha"] is None

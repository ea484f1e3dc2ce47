"""Estimates as tables."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields, replace

import pytest

from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.estimates import Row, rendered
from wuxing_nlp.estimates.tables import header, sections
from wuxing_nlp.evaluation.tables import Form

NAN = float("nan")
FIGURES = [field.name for field in fields(Row)][8:]
FULL = Row(
    "", "", "P", "怕", 1200, 100, 7, 0.081, 0.07, 0.03, 0.14, 0.06, 0.02, 0.11, 0.065, 0.0042, 0.1, 0.9, 2.54
)
EMPTY = Row(
    **asdict(FULL) | {"by": "县", "counted": 30, "coded": 0, "naive": 0.1} | dict.fromkeys(FIGURES, NAN)
)
GROUP = replace(FULL, by="县", group="甲&乙_1", counted=20)
ROWS = [FULL, GROUP, EMPTY]


def test_people_see_per_cent_with_intervals() -> None:
    (title, [cells]), *groups = sections(ROWS, of="units")
    assert title == "all (1,200 units)"
    assert cells == [
        "P 怕", "100", "7", "8.1", "7.0 (3.0–14.0)", "6.0 (2.0–11.0)", "6.5 (0.42–10.0)", "×2.5"
    ]  # fmt: skip
    assert [title for title, _ in groups] == ["县: 甲&乙_1 (20 units)", "县: — (30 units)"]
    assert groups[1][1][0][3:] == ["10.0", "—", "—", "—", "—"]


def test_heads_and_names_are_of_one_language() -> None:
    book = load_codebook()
    chinese, english = (Naming(book, language) for language in ("zh", "en"))
    assert header(english) == header()
    assert header(chinese)[:2] == ["标签", "已编码"]
    title, [cells] = sections([FULL], of="documents", naming=chinese)[0]
    assert (title, cells[0]) == ("全部（1,200 篇文档）", "P 怕")
    assert sections(ROWS, of="units", naming=chinese)[1][0] == "县: 甲&乙_1（20 个单位）"
    assert sections([FULL], of="units", naming=english)[0][1][0][0] == "P fear"
    for form in (Form.MARKDOWN, Form.LATEX, Form.CSV, Form.JSON):
        text = rendered([FULL], form, of="units", notes=[], naming=english)
        assert "fear" in text
        assert "怕" not in text


def test_markdown_has_a_table_a_group_and_the_notes() -> None:
    text = rendered(ROWS, Form.MARKDOWN, of="documents", notes=["A note."])
    assert text.startswith("**all (1,200 documents)**, %\n\n| label | coded |")
    assert text.count("| --- | ---: |") == 3
    assert text.endswith("\n\nA note.\n")


def test_latex_has_no_sign_that_means_something_there() -> None:
    text = rendered(ROWS, Form.LATEX, of="units", notes=["A note."])
    assert text.startswith(r"\begin{tabular}{lrrrrrrr}")
    assert r"县: 甲\&乙\_1 (20 units), \%" in text
    assert r"P 怕 & 100 & 7 & 8.1 & 7.0 (3.0--14.0)" in text
    assert text.endswith("\\end{tabular}\n% A note.\n")
    assert all(line.count(" & ") in (0, len(header()) - 1) for line in text.splitlines())


def test_csv_and_json_have_everything() -> None:
    text = rendered(ROWS, Form.CSV, of="units", notes=["A note."])
    first, _, last = csv.DictReader(io.StringIO(text, newline=""))
    assert first["gain"] == "2.54"
    assert (last["share"], last["coded"], last["naive"]) == ("", "0", "0.1")
    plain = json.loads(rendered(ROWS, Form.JSON, of="units", notes=[]))
    assert plain[0]["hand_low"] == 0.03
    assert plain[2]["hand_low"] is None
    assert list(plain[0]) == list(first)


@pytest.mark.parametrize("form", [Form.CSV, Form.JSON])
def test_a_group_that_looks_like_a_formula_is_none_in_csv(form: Form) -> None:
    text = rendered([replace(FULL, group="=1+1")], form, of="units", notes=[])
    assert ("'=1+1" in text) == (form is Form.CSV)

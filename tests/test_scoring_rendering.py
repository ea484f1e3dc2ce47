"""Scores as rows, records and pages."""

from __future__ import annotations

import json

import pytest

from tests.test_scoring_table import BOOK, FEW, LABELS, invented
from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.scoring import Answers, pages, records
from wuxing_nlp.evaluation.scoring.findings import Findings, findings
from wuxing_nlp.evaluation.scoring.rows import contrast_rows, group_rows, level_rows, signed

ZH, EN = Naming(BOOK, "zh"), Naming(BOOK, "en")
LEVELS = ["letters", "types", "problems", "codes", "measures", "stances"]


@pytest.fixture(scope="module")
def found() -> Findings:
    """Two systems on twenty documents, which are of two kinds."""
    coded, answers = invented()
    other = Answers([frozenset() if at % 5 == 0 else unit for at, unit in enumerate(answers.labels)])
    groups = {"kind": ["notice" if at < 8 else "plan" for at in range(160)]}
    return findings(coded, {"ours": answers, "their_1": other}, BOOK, groups=groups, resampling=FEW)


def test_people_see_every_label_and_three_averages(found: Findings) -> None:
    table = found.whole.levels["problems"]
    full, short = (level_rows(table, ZH, 0.95, full=full) for full in (True, False))
    assert full[0] == ["标签", "单位", "给出", "精确率", "召回率", "F1", "95 % 区间", "AP", "ECE", "Brier"]
    assert [row[0] for row in full[1:]] == [
        *(f"{problem.letter} {problem.name.hans}" for problem in BOOK.problems),
        "微平均",
        "宏平均",
        "加权平均",
    ]
    assert short == [[*row[:2], *row[3:-1]] for row in full]
    assert all(len(row) == 10 for row in full)
    assert full[1][1:3] == [str(table.labels[0].support), str(table.labels[0].predicted)]
    # The sums stand once.
    assert [row[1] != "" for row in full[-3:]] == [True, False, False]
    assert level_rows(table, EN, 0.9, full=False)[0][5] == "90 % interval"


def test_groups_have_a_row_each(found: Findings) -> None:
    header, *rows = group_rows(found, "letters", EN)
    assert header == ["group", "units", "documents", "micro F1", "95 % interval", "macro F1", "95 % interval"]
    assert [row[:3] for row in rows] == [["kind: notice", "8", "1"], ["kind: plan", "152", "19"]]
    assert rows[0][4] == "—"
    assert "–" in rows[1][4]


def test_a_comparison_has_signs_and_p_values(found: Findings) -> None:
    assert found.contrast
    header, *rows = contrast_rows(found.contrast.levels["letters"], EN, 0.95)
    assert header[2:] == ["F1", "other F1", "difference", "95 % interval", "p", "p (Holm)"]
    micro = rows[10]
    assert micro[0] == "micro"
    assert micro[4].startswith("+0.")
    assert " to " in micro[5]
    assert micro[7] == ""
    assert (signed(-0.0123), signed(0), signed(float("nan"))) == ("−0.012", "+0.000", "—")


def test_records_hold_everything(found: Findings) -> None:
    rows = records.score_records(found, EN, LEVELS)
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert [(row["by"], row["group"]) for row in rows if row["label"] == "stance"] == [
        ("", ""),
        ("kind", "notice"),
        ("kind", "plan"),
    ]
    whole = [row for row in rows if not row["by"]]
    assert len(whole) == sum(len(table.rows) for table in found.whole.levels.values()) + 1
    stance = whole[-1]
    assert (stance["support"], stance["share"]) == (found.whole.found, round(found.whole.stance.point, 6))
    assert stance["f1"] is None
    first, row = found.whole.levels["letters"].labels[0], whole[0]
    assert (row["name"], row["f1"], row["f1_low"]) == (
        "loyal government",
        round(first.f1.point, 6),
        round(first.f1.low, 6),
    )
    assert row["brier"] == round(first.brier, 6)
    assert list(row) == [
        *("by", "group", "level", "label", "name", "support", "predicted", "precision"),
        *(
            "precision_low",
            "precision_high",
            "recall",
            "recall_low",
            "recall_high",
            "f1",
            "f1_low",
            "f1_high",
        ),
        *("average_precision", "calibration_error", "brier", "share", "share_low", "share_high"),
    ]
    assert (row["predicted"], row["calibration_error"]) == (
        first.predicted,
        round(first.calibration_error, 6),
    )


def test_records_of_curves_and_comparison(found: Findings) -> None:
    assert found.curves
    assert found.contrast
    points = records.curve_records(found.curves)
    assert {tuple(point) for point in points} == {tuple(points[0])}
    assert {point["curve"] for point in points} == {"precision_recall", "reliability", "risk_coverage"}
    of_z = [point for point in points if point["label"] == "Z"]
    assert sum(point["units"] for point in of_z if point["curve"] == "reliability") == 160
    curve = found.curves.precision_recall["Z"]
    precise = [point["precision"] for point in of_z if point["curve"] == "precision_recall"]
    assert precise == pytest.approx(curve.precision, abs=1e-6)
    assert {point["label"] for point in points} == {*LABELS, "letters"}
    rows = records.contrast_records(found.contrast, ZH, ["letters"])
    assert [row["label"] for row in rows] == [*BOOK.letters, "micro", "macro", "weighted"]
    assert (rows[10]["name"], rows[10]["p_holm"]) == ("微平均", None)
    value = records.as_record(found, EN, ["types"])
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert (value["system"], value["other"], value["units"]) == ("ours", "their_1", 160)
    assert {row["level"] for row in value["comparison"]} == {"types"}


def test_markdown_pages(found: Findings) -> None:
    page = pages.scores_markdown(found, EN, LEVELS)
    assert page.startswith(
        "# Scores\n\nours on 160 units of 20 documents\n\n## all letters\n\n| label | units |"
    )
    assert page.count("\n## ") == len(LEVELS)
    assert page.count("| kind: plan | 152 | 19 |") == len(LEVELS)
    assert "40 bootstrap draws of whole documents (seed 0)" in page
    assert "the stance is right in" in page
    other = pages.contrast_markdown(found, ZH, ["letters"])
    assert other.startswith("# 比较\n\nours 减 their_1（对照）\n")
    assert "Holm" in other


def test_latex_is_a_tabular_a_level_with_even_rows(found: Findings) -> None:
    for language in (ZH, EN):
        for file in (
            pages.scores_latex(found, language, LEVELS),
            pages.contrast_latex(found, language, LEVELS),
        ):
            columns = 0
            for line in file.splitlines():
                if line.startswith(r"\begin{tabular}"):
                    columns = line.count("r", line.index("{l"))
                elif line.endswith(r" \\"):
                    assert line.count(" & ") == columns
                else:
                    assert line in ("", r"\hline", r"\end{tabular}") or line.startswith("% ")
            assert file.count(r"\begin{tabular}") == file.count(r"\end{tabular}") >= len(LEVELS)
    assert r"their_1" not in pages.scores_latex(found, EN, LEVELS)


def test_few_documents_and_one_are_told() -> None:
    for documents, said in ((1, ": there are no intervals"), (3, "the intervals are too narrow")):
        coded, answers = invented(documents)
        made = findings(coded, {"ours": answers}, BOOK, resampling=FEW)
        assert said in pages.summary(made, EN)
        assert pages.summary(made, ZH).startswith("ours：")
        assert pages.contrast_markdown(made, EN, LEVELS) == pages.contrast_latex(made, EN, LEVELS) == ""


def test_without_problems_nothing_is_said_of_stances() -> None:
    coded, _ = invented()
    made = findings(coded, {"none": Answers([frozenset()] * 160)}, BOOK, resampling=FEW)
    assert pages.stance(made, EN) == ""
    assert [row for row in records.score_records(made, EN, ["letters"]) if row["level"] == "stance"] == []

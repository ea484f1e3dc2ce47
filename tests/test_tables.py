"""Score tables as rows and as Markdown."""

from __future__ import annotations

import math

import pytest

from wuxing_nlp.errors import EvaluationError
from wuxing_nlp.evaluation.bootstrap import Interval, IntervalTable, bootstrap_f1
from wuxing_nlp.evaluation.scores import score_labels
from wuxing_nlp.evaluation.tables import UNDEFINED, figure, latex, markdown, score_rows, span

TRUTH = [frozenset("Z"), frozenset("Z"), frozenset("C"), frozenset()]
PREDICTED = [frozenset("Z"), frozenset("C"), frozenset("C"), frozenset()]
TABLE = score_labels(TRUTH, PREDICTED, "ZCM")
BASELINE = score_labels(TRUTH, [frozenset("Z")] * 4, "MCZ")
INTERVALS = IntervalTable(
    {
        "M": Interval(math.nan, math.nan, math.nan),
        "C": Interval(2 / 3, 0.1, 0.9),
        "Z": Interval(2 / 3, 0.25, 1.0),
    },
    micro=Interval(2 / 3, 0.3, 0.8),
    macro=Interval(2 / 3, 0.35, 0.85),
    level=0.95,
)


def test_rows_of_a_plain_table():
    assert score_rows(TABLE) == [
        ["label", "units", "precision", "recall", "F1"],
        ["Z", "2", "1.000", "0.500", "0.667"],
        ["C", "1", "0.500", "1.000", "0.667"],
        ["M", "0", UNDEFINED, UNDEFINED, UNDEFINED],
        ["micro", "3", "0.667", "0.667", "0.667"],
        ["macro", "", "0.750", "0.750", "0.667"],
    ]


def test_intervals_and_baseline_follow_the_labels_of_the_table():
    rows = score_rows(TABLE, intervals=INTERVALS, baseline=BASELINE)
    assert [row[5:] for row in rows] == [
        ["F1 95 % interval", "baseline F1"],
        ["0.250 to 1.000", "0.667"],
        ["0.100 to 0.900", "0.000"],
        [UNDEFINED, UNDEFINED],
        ["0.300 to 0.800", "0.571"],
        ["0.350 to 0.850", "0.333"],
    ]


@pytest.mark.parametrize("options", [{"intervals": INTERVALS}, {"baseline": BASELINE}])
def test_each_option_adds_one_column(options):
    rows = score_rows(TABLE, **options)
    assert {len(row) for row in rows} == {6}


def test_the_level_stands_in_the_header():
    intervals = bootstrap_f1(TRUTH, PREDICTED, range(4), "ZCM", level=0.999, draws=20)
    assert score_rows(TABLE, intervals=intervals)[0][-1] == "F1 99.9 % interval"


def test_markdown():
    rows = score_rows(score_labels(TRUTH, PREDICTED, "Z"), baseline=score_labels(TRUTH, TRUTH, "Z"))
    assert markdown(rows) == (
        "| label | units | precision | recall | F1 | baseline F1 |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| Z | 2 | 1.000 | 0.500 | 0.667 | 1.000 |\n"
        "| micro | 2 | 1.000 | 0.500 | 0.667 | 1.000 |\n"
        "| macro |  | 1.000 | 0.500 | 0.667 | 1.000 |\n"
    )


def test_a_bar_or_a_line_break_in_a_cell_does_not_break_the_table():
    assert markdown([["a|b", "c\n|d"]]) == "| a\\|b | c \\|d |\n| --- | ---: |\n"


def test_latex():
    rows = [["label", "Cohen's κ"], ["P!_1 & {50 %}", UNDEFINED], ["a\\b~^<>|#$\nc", "0.500 – α"]]
    assert latex(rows) == (
        "\\begin{tabular}{lr}\n"
        "\\hline\n"
        "label & Cohen's $\\kappa$ \\\\\n"
        "\\hline\n"
        "P!\\_1 \\& \\{50 \\%\\} & --- \\\\\n"
        "a\\textbackslash{}b\\textasciitilde{}\\textasciicircum{}\\textless{}\\textgreater{}"
        "\\textbar{}\\#\\$ c & 0.500 -- $\\alpha$ \\\\\n"
        "\\hline\n"
        "\\end{tabular}\n"
    )


def test_figures_and_ends():
    assert (figure(0.12345), figure(math.nan)) == ("0.123", "—")
    assert span(Interval(0.5, 0.25, 1)) == "0.250 to 1.000"
    assert span(Interval(0.5, math.nan, math.nan)) == "—"


def test_tables_of_other_labels_are_refused():
    with pytest.raises(EvaluationError, match="the baseline of Z C;"):
        score_rows(TABLE, baseline=score_labels(TRUTH, TRUTH, "ZC"))
    with pytest.raises(EvaluationError, match="the intervals of Z;"):
        score_rows(TABLE, intervals=bootstrap_f1(TRUTH, TRUTH, range(4), "Z", draws=5))

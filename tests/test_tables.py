"""Figures as strings, rows as Markdown and LaTeX."""

from __future__ import annotations

import math

from wuxing_nlp.evaluation.bootstrap import Interval
from wuxing_nlp.evaluation.tables import UNDEFINED, figure, latex, markdown, span


def test_markdown():
    assert markdown([["label", "units", "F1"], ["Z", "2", "0.667"]]) == (
        "| label | units | F1 |\n| --- | ---: | ---: |\n| Z | 2 | 0.667 |\n"
    )


def test_a_bar_or_a_line_break_in_a_cell_does_not_break_the_table():
    assert markdown([["a|b", "c\n|d"]]) == "| a\\|b | c \\|d |\n| --- | ---: |\n"


def test_latex():
    rows = [["label", "Cohen's κ"], ["P!_1 & {50 %}", UNDEFINED], ["a\\b~^<>|#$\nc", "−0.500 – α"]]
    assert latex(rows) == (
        "\\begin{tabular}{lr}\n"
        "\\hline\n"
        "label & Cohen's $\\kappa$ \\\\\n"
        "\\hline\n"
        "P!\\_1 \\& \\{50 \\%\\} & --- \\\\\n"
        "a\\textbackslash{}b\\textasciitilde{}\\textasciicircum{}\\textless{}\\textgreater{}"
        "\\textbar{}\\#\\$ c & $-$0.500 -- $\\alpha$ \\\\\n"
        "\\hline\n"
        "\\end{tabular}\n"
    )


def test_figures_and_ends():
    assert (figure(0.12345), figure(math.nan)) == ("0.123", "—")
    assert span(Interval(0.5, 0.25, 1)) == "0.250 to 1.000"
    assert span(Interval(0.5, math.nan, math.nan)) == "—"

"""Scores as Markdown and LaTeX, with what was scored and how in sentences for a paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wuxing_nlp.codebook.naming import Naming
from wuxing_nlp.evaluation.bootstrap import FEW_DOCUMENTS
from wuxing_nlp.evaluation.scoring.findings import Findings
from wuxing_nlp.evaluation.scoring.rows import Rows, contrast_rows, ends, group_rows, level_rows
from wuxing_nlp.evaluation.tables import UNDEFINED, escaped_latex, figure, latex, markdown


def summary(found: Findings, naming: Naming) -> str:
    """What was scored, in a sentence, and whether there are too few documents for intervals."""
    units, documents = found.whole.units, found.whole.documents
    size = "one document" if documents == 1 else f"{documents:,} documents"
    said = naming.say(
        f"{found.system}：{documents:,} 篇文档的 {units:,} 个单位",
        f"{found.system} on {units:,} units of {size}",
    )
    if documents == 1:
        return said + naming.say("；只有一篇文档，没有区间", ": there are no intervals")
    if documents < FEW_DOCUMENTS:
        return said + naming.say("；文档太少，区间偏窄", "; of so few documents the intervals are too narrow")
    return said


def stance(found: Findings, naming: Naming) -> str:
    """How often the stance of a problem is right, in a sentence; "" where no problem was found."""
    if not found.whole.found:
        return ""
    point, interval = figure(found.whole.stance.point), ends(found.whole.stance)
    return naming.say(
        f"双方都找到的 {found.whole.found:,} 处问题，态度正确的占 {point}（{interval}）",
        f"of {found.whole.found:,} problems that both found, the stance is right in {point} ({interval})",
    )


def compared(found: Findings, naming: Naming) -> str:
    """What is compared with what, in a line."""
    return naming.say(
        f"{found.system} 减 {found.other}（对照）", f"{found.system} minus {found.other} (the other)"
    )


def method(found: Findings, naming: Naming) -> str:
    """How the scores were computed, in a paragraph for a paper."""
    made = found.whole.resampling
    return naming.say(
        f"区间：以整篇文档为单位自助重抽 {made.draws:,} 次（种子 {made.seed}），"
        f"{100 * made.level:g} % 百分位区间。"
        "微平均：所有判断合在一起；宏平均：各标签的均值；加权平均：按带有该标签的单位数加权。"
        "AP：平均精确率，即精确率—召回率曲线下的面积，不插值。ECE：期望校准误差，十五个等宽区间"
        "（Naeini 等 2015）。Brier：概率与结果之差的均方。"
        f"{UNDEFINED}：没有定义。",
        f"Intervals: {100 * made.level:g} % percentiles of {made.draws:,} bootstrap draws of whole documents "
        f"(seed {made.seed}). Micro: of all decisions together; macro: mean over labels; weighted: mean "
        "weighted by the units that carry the label. AP: average precision, the area under the "
        "precision–recall curve without interpolation. ECE: expected calibration error in fifteen bins of "
        "equal width (Naeini et al. 2015). Brier: mean squared distance of probability and outcome. "
        f"{UNDEFINED}: undefined.",
    )


def contrast_method(found: Findings, naming: Naming) -> str:
    """How two systems were compared, in a paragraph for a paper."""
    made = found.whole.resampling
    return naming.say(
        f"差的区间：以整篇文档为单位的配对自助法，{made.draws:,} 次，{100 * made.level:g} % 百分位区间。"
        "p：近似随机化检验（Noreen 1989；Yeh 2000），双侧，"
        f"每次以二分之一的概率整篇互换两个系统的回答，{made.draws:,} 次；"
        f"Holm（1979）：按该层的标签数校正，平均值不校正（种子 {made.seed}）。",
        f"Intervals of differences: {100 * made.level:g} % percentiles of {made.draws:,} draws of a paired "
        "bootstrap of whole documents. p: approximate randomisation test (Noreen 1989; Yeh 2000), two-sided, "
        f"in {made.draws:,} draws that exchange the answers to whole documents; Holm (1979): corrected over "
        f"the labels of the level, averages are not (seed {made.seed}).",
    )


def scores_markdown(found: Findings, naming: Naming, levels: Sequence[str]) -> str:
    """The scores of some levels as a Markdown page."""
    title = naming.say("得分", "Scores")
    tables = "".join(_sections(found, naming, levels))
    lines = "".join(f"{line}\n\n" for line in (stance(found, naming), method(found, naming)) if line)
    return f"# {title}\n\n{summary(found, naming)}\n\n{tables}{lines}".rstrip("\n") + "\n"


def _sections(found: Findings, naming: Naming, levels: Sequence[str]) -> Iterator[str]:
    for level in levels:
        yield f"## {naming.name(level)}\n\n"
        made = found.whole.resampling
        yield markdown(level_rows(found.whole.levels[level], naming, made.level, full=True)) + "\n"
        if found.groups:
            yield markdown(group_rows(found, level, naming)) + "\n"


def scores_latex(found: Findings, naming: Naming, levels: Sequence[str]) -> str:
    """The scores of some levels as LaTeX, a ``tabular`` each; what was scored and how in comments."""
    lines = (summary(found, naming), stance(found, naming), method(found, naming))
    parts = [_comments(lines)]
    for level in levels:
        rows = level_rows(found.whole.levels[level], naming, found.whole.resampling.level, full=False)
        parts.append(_titled(naming.name(level), rows))
        if found.groups:
            parts.append(_titled(naming.name(level), group_rows(found, level, naming)))
    return "\n".join(parts)


def contrast_markdown(found: Findings, naming: Naming, levels: Sequence[str]) -> str:
    """The comparison at some levels as a Markdown page; "" where there is none."""
    if not found.contrast:
        return ""
    tables = "".join(
        f"## {naming.name(level)}\n\n{markdown(rows)}\n" for level, rows in _contrasts(found, naming, levels)
    )
    title = naming.say("比较", "Comparison")
    said = f"{compared(found, naming)}\n\n{summary(found, naming)}"
    return f"# {title}\n\n{said}\n\n{tables}{contrast_method(found, naming)}\n"


def contrast_latex(found: Findings, naming: Naming, levels: Sequence[str]) -> str:
    """The comparison at some levels as LaTeX; "" where there is none."""
    if not found.contrast:
        return ""
    lines = (compared(found, naming), summary(found, naming), contrast_method(found, naming))
    tables = (_titled(naming.name(level), rows) for level, rows in _contrasts(found, naming, levels))
    return "\n".join([_comments(lines), *tables])


def _contrasts(found: Findings, naming: Naming, levels: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    if found.contrast:
        for level in levels:
            yield (
                level,
                contrast_rows(found.contrast.levels[level], naming, found.contrast.resampling.level),
            )


def _comments(lines: Sequence[str]) -> str:
    return "".join(f"% {' '.join(line.split())}\n" for line in lines if line)


def _titled(title: str, rows: Rows) -> str:
    return f"% {escaped_latex(title)}\n{latex(rows)}"

"""Kinds of document by the last word of the title."""

from __future__ import annotations

import pytest

from wuxing_nlp.documents.metadata.kinds import KINDS, kind_of_title


def test_kinds_are_a_set_in_a_stable_order() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert KINDS[:2] == ("政府工作报告", "施政报告")
    assert KINDS[-1] == "新闻"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2024年政府工作报告", "政府工作报告"),
        ("2024年政府工作报告（摘登）", "政府工作报告"),
        ("关于政府工作报告的决议", "决议"),
        ("关于印发养路规划的通知", "通知"),
        ("养路规划（2024—2030年）", "规划计划"),
        ("教育事业2024—2026年规划", "规划计划"),
        ("关于同意养路规划（2024—2030年）的批复", "批复"),
        ("青溪县养路办法（试行）", "法规规章"),
        ("班子成员对照检查材料", "对照检查"),
        ("关于作风问题的检查报告", "对照检查"),
        ("财政决算报告", "报告"),
        ("青溪县人民政府令", "命令"),
        ("在全县大会上的讲话", "讲话"),
        ("对第4号建议的答复", "函"),
        ("《养路办法》解读", "解读"),
        ("2024年工作要点", "要点"),
        ("干部的新做法", ""),
        ("断头路打通了", ""),
        ("", ""),
    ],
)
def test_titles(title: str, kind: str) -> None:
    assert kind_of_title(title) == kind
    assert kind in ("", *KINDS)

"""What sort of document a text is: by the last word of its title, or by a form that shows it."""

from __future__ import annotations

import re

_ENDINGS: dict[str, str] = {
    "政府工作报告": "政府工作报告",
    "施政报告": "施政报告",
    "决议": "决议",
    "决定": "决定",
    "命令": "(?:命|动员|嘉奖|任免|主席|国务院|政府|部|局|会)令",
    "公报": "公报",
    "公告": "公告|公示",
    "通告": "通告",
    "意见": "意见",
    "通知": "通知",
    "通报": "通报",
    "报告": "报告",
    "请示": "请示",
    "批复": "批复",
    "议案": "议案",
    "函": "函|(?:建议|提案)[”》]?的答复",
    "纪要": "纪要",
    "法规规章": "条例|办法|规定|细则|规则|规程|章程|准则|(?<![做方看想说书手用打])法",
    "规划计划": "规划|规划纲要|发展纲要|计划|战略",
    "方案": "方案|预案",
    "措施": "措施|若干政策|政策",
    "要点": "要点",
    "指南": "指南|指引|导则|规范|标准",
    "讲话": "讲话|致辞|发言|演讲|讲话提纲|讲话稿|发言稿|讲稿",
    "解读": "解读|问答|答记者问",
    "总结述职": "总结|述职述廉|述职",
    "对照检查": "(?:检查|剖析|检视)(?:材料|提纲|报告|发言提纲|发言材料|发言|情况报告)|检讨书?|检讨报告",
    "投诉留言": "投诉|留言|来信|投诉信|举报信|诉求",
    "新闻": "",
}

KINDS: tuple[str, ...] = tuple(_ENDINGS)
"""Kinds of document, in a stable order: the two yearly reports of governments; the kinds of official
document that the 党政机关公文处理工作条例 (2012) names, in its order; what such documents carry or
accompany (法规规章 to 解读); papers on one's own work (总结述职, 对照检查); letters of citizens; news.

A document counts by its title's last word: 关于印发…规划的通知 is a 通知."""

# Longer endings are asked first: 对照检查 goes before 报告, 政府工作报告 before both.
_ASKED = ("政府工作报告", "施政报告", "对照检查", "总结述职", "命令", *KINDS)
_ENDING = {kind: re.compile(f"(?:{_ENDINGS[kind]})$") for kind in _ASKED if _ENDINGS[kind]}
_BEHIND = re.compile(
    r"(?: |[(（][^()（）]{1,30}[)）]|[—-]{1,2}.{1,12}|全文|摘要|摘登|草案|初稿|实录|试行|暂行|修订)$"
)
_WORK_REPORT = re.compile(
    "各位代表[：:!！，,](?:.{0,200}?)(?:现在|下面|我).{0,12}代表.{0,20}(?:政府|国务院)"
    ".{0,12}向.{0,12}(?:大会|会议).{0,40}报告",
    re.S,
)
_POLICY_ADDRESS = re.compile("(?:主席|各位议员)[^。]{0,20}[：:].{0,120}施政报告", re.S)
_NEWS = re.compile(
    r"(?:本报|本网|新华社|中新社|人民网)[^。\n]{0,30}(?:讯|电)[ （(：:]"
    r"|[（(](?:通讯员|本报?记者|记者)[^)）\n]{1,30}[)）]"
)
_LETTER = re.compile(
    r"(?:^|\n) *[【\[]?(?:网友|网民|市民|群众)?(?:留言|来信|投诉|诉求|信件)"
    r"(?:标题|内容|主题|编号|时间|对象|类型|人)[】\]]?[：: ]"
    r"|(?:^|\n) *(?:尊敬的|敬爱的)[^\n，。]{0,16}(?:书记|[省市县区镇乡]长|局长|领导)[：:,，！!]"
)


def kind_of_title(title: str) -> str:
    """One of :data:`KINDS` by the last word of a title (Simplified), what follows it in brackets left
    out; "" where that word names none."""
    title = title.strip(" 《》")
    while True:
        for kind, ending in _ENDING.items():
            if ending.search(title):
                return kind
        if (shorter := _BEHIND.sub("", title).rstrip(" 》")) == title:
            return ""
        title = shorter


def kind_of_opening(opening: str) -> str:
    """One of :data:`KINDS` by how a text (Simplified) opens: the speaker of a work report or policy
    address greets the assembly, a letter its reader or a form of complaint its fields, news begin with
    the agency or name the reporter; "" where nothing is sure."""
    if _WORK_REPORT.search(opening):
        return "政府工作报告"
    if _POLICY_ADDRESS.search(opening):
        return "施政报告"
    if _LETTER.search(opening):
        return "投诉留言"
    return "新闻" if _NEWS.search(opening) else ""

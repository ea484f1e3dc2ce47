"""Labelled lines above a document's body, as official sites set them: 发文字号：…"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wuxing_nlp.documents.metadata.lines import Line

_NAMES = {
    "title": "标题|文件名称|文件标题|信息名称|公文名称",
    "number": "发文字号|发文文号|文件编号|公文编号|文件号|文号|字号",
    "issuer": "发文机关|发文单位|发文部门|发布机构|发布机关|发布单位|发布部门|制发机关|印发机关|制定机关",
    "issued": "成文日期|成文时间|发文日期|发文时间|印发日期|印发时间|签发日期|制发日期|生成日期|生成时间",
    "published": "发布日期|发布时间|公布日期|公开日期|公开时间|发表时间|时间|日期",
    "": "索引号|主题分类|主题词|分类|有效性|公开方式|公开类别|信息类别|体裁分类|来源|信息来源|作者|关键词"
    "|关键字|效力状态|实施日期|失效日期",
}
_LONGEST_VALUE = 120


def _spaced(name: str) -> str:
    return " *".join(name)


_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split("|")}
_NAME = "|".join(_spaced(name) for name in sorted(_FIELDS, key=len, reverse=True))
_LABEL = re.compile(rf"(?:^|(?<= ))[【\[]?(?P<name>{_NAME}) *(?:[:：] *[】\]]?|[】\]][:：]?) *")


def labelled(lines: Sequence[Line]) -> dict[str, str]:
    """What labels say, as written: of ``title``, ``number``, ``issuer``, ``issued``, ``published``.

    A value stands behind its label or, as in a table that was made text, on the next line; a line
    may hold several labels. The first value counts.
    """
    values: dict[str, str] = {}
    for number, line in enumerate(lines):
        matches = list(_LABEL.finditer(line.plain)) if _may_be_label(line.plain) else []
        if not matches:
            continue
        ends = [match.start() for match in matches[1:]] + [len(line.plain)]
        for match, end in zip(matches, ends, strict=True):
            value = line.part(match.end(), end).written or _next_line(lines, number, match is matches[-1])
            field = _FIELDS[match["name"].replace(" ", "")]
            if field and value and len(value) <= _LONGEST_VALUE:
                values.setdefault(field, value)
    return values


def begins_with_label(plain: str) -> bool:
    """True for a line (plain) that a label begins, with its value or without."""
    return _may_be_label(plain) and _LABEL.match(plain) is not None


def _may_be_label(plain: str) -> bool:
    return ":" in plain or "：" in plain or plain[0] in "【["


def _next_line(lines: Sequence[Line], number: int, is_last: bool) -> str:
    following = lines[number + 1] if is_last and number + 1 < len(lines) else None
    if following is None or _LABEL.match(following.plain):
        return ""
    return following.written

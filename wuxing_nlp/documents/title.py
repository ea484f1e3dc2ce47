"""The title of a document, as its first lines give it."""

from __future__ import annotations

import re

from wuxing_nlp.text.characters import han_count
from wuxing_nlp.text.furniture import FurnitureReader

_LOOKED_AT = 40
_LONGEST = 60
_MOST_LINES = 3

# What may stand above a title or between its lines and the text, and is none: the document's
# number, the mark of an annex, a degree of secrecy or urgency, a line all in brackets.
_NO_TITLE = re.compile(
    r".*[〔［\[【(（]\d{4}[〕］\]】)）].*[号號]|附[件錄录].{0,4}|(?:[绝絕机機秘]密|特急|加急).{0,6}|[（(].*[)）]"
)
_BODY = re.compile(
    r".*[。；：！？，、;:!?,]|[（(]?[一二三四五六七八九十\d]+[)）、.．].*|第[一二三四五六七八九十\d]+[章节節条條].*"
)
_ABOUT = re.compile(r"关于|關於")
_KIND = re.compile(
    r"(?:通知|通报|通報|意见|意見|决定|決定|决议|決議|公告|通告|命令|报告|報告|请示|請示|批复|批復|议案|議案|函|[纪紀]要|方案|办法|辦法"
    r"|规定|規定|条例|條例|细则|細則|规划|規劃|计划|計劃|建议|建議)(?:[（(].*[)）])?$"
)


def title_of(text: str) -> str:
    """The first line that looks like a title, with the lines that carry it on; "" where the text
    begins at once. Official titles are often set in two or three lines, broken after the issuer
    or inside 关于…的通知; such lines are joined."""
    lines = [line.strip(" \t\r\u3000\ufeff") for line in text[: _LOOKED_AT * 200].splitlines()[:_LOOKED_AT]]
    furniture = FurnitureReader(lines)
    shown = [line for number, line in enumerate(lines) if line and not furniture.is_furniture(number)]
    for number, line in enumerate(shown):
        if _NO_TITLE.fullmatch(line):
            continue
        return _joined(shown[number:]) if _looks_like_title(line) else ""
    return ""


def _looks_like_title(line: str) -> bool:
    return len(line) <= _LONGEST and han_count(line) >= 2 and not _BODY.fullmatch(line)


def _joined(lines: list[str]) -> str:
    title = lines[0]
    for line in lines[1:_MOST_LINES]:
        begun = _ABOUT.search(title) and not _KIND.search(title.replace(" ", ""))
        if not (begun or _ABOUT.match(line)) or _NO_TITLE.fullmatch(line) or not _looks_like_title(line):
            break
        title += line
    return title

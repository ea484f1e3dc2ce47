"""The title of a document, as its first lines give it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from wuxing_nlp.documents.metadata.frame import Frame, frame_of
from wuxing_nlp.documents.metadata.issuers import is_body
from wuxing_nlp.documents.metadata.kinds import kind_of_title
from wuxing_nlp.documents.metadata.lines import Line
from wuxing_nlp.documents.metadata.numbers import without_number
from wuxing_nlp.text.characters import HAN, han_count

_LOOKED_AT = 40
_LONGEST = 60
_LONGEST_WHOLE = 120
_MOST_LINES = 4
_SHORTEST_BEGUN = 8
_SHORTEST_WRAPPED = 16

# What may stand above a title or between its lines and the text, and is none: the document's
# number, the mark of an annex, a degree of secrecy or urgency, a line all in brackets, the red head,
# a subtitle, the columns of a site.
_NO_TITLE = re.compile(
    r".*[〔［\[【(（]\d{4}[〕］\]】)）].*号(?: *签发人.*)?|附[件录].{0,4}|附件[:：].*"
    r"|(?:[绝机秘]密|特急|加急).{0,6}|[（(【].*[)）】]|(?!.*关于).{0,40}文件"
    r"|[—\-―─].*|.*在.*(?:会议?|大会)上|第.{1,6}[号期]|.{0,12}(?:签发人|现行有效).{0,8}"
    r"|.*(?:主任|书记|主席|总理|[省市县区州乡镇部局厅]长)[ ·].{2,12}"
    r"|(?:通知公告|公告公示|公示公告|政策解读|政策文件|政策法规|法规规章|规范性文件|最新政策|.{0,8}政府公报|新闻发布|政务公开|信息公开)"
)
_NO_BEGINNING = re.compile(r"[，。、；：）】》,.;:)]|现在|为了?(?=.{12})|近年来|按照|根据|我")
_GOES_ON = re.compile(r"[，。、；：》,.;:]")
_NO_END = re.compile(r"[的和与及是在对把被将为以向等至、，；：,;:]$")
_ABOUT = re.compile("关于|转发|印发|批转")
_BY_ITSELF = re.compile(r"关于|(?:19|20)\d{2} ?年|.{0,10}政府工作报告")
_NOT_BEGUN = re.compile("(?:文件|会议|大会|公报|材料|汇编)$")
_ORDER = re.compile(".{2,40}令")
_NAMED = re.compile("《([^《》]{2,60})》")
_SPREAD = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}](?: |$))")


def title_of(text: str) -> str:
    """The title: the first line that ends in the name of a kind of document (…的通知, …工作报告), with
    the lines that it is broken into, else the first that looks like a title; "" where the text
    begins at once. Official titles are often set in two or three lines, broken after the issuer or
    inside 关于…的通知; such lines are joined. An order (…令) has the title of what it promulgates."""
    return title_in(frame_of(text)).written


def title_in(frame: Frame) -> Line:
    """The title in a document's frame, as :func:`title_of` finds it."""
    lines = [_gathered(without_number(line)) for line in _candidates(frame)]
    titles = [_joined(lines[number:]) for number, line in enumerate(lines) if _may_begin(line.plain)]
    whole = next((title for title in titles if kind_of_title(title.plain)), None)
    if whole and not _ORDER.fullmatch(whole.plain):
        return whole
    first = next((title for title in titles if _may_be_whole(title, frame.head)), Line("", ""))
    return _promulgated(frame.head) or first if _ORDER.fullmatch(first.plain) else first


def _candidates(frame: Frame) -> list[Line]:
    """The lines in which a title may stand: those whose sentence goes on with a mark are left out."""
    going_on = {line for line, after in pairwise(frame.head) if _GOES_ON.match(after.plain)}
    return [line for line in frame.shown[:_LOOKED_AT] if line not in going_on]


def _may_begin(plain: str) -> bool:
    if len(plain) > _LONGEST and (len(plain) > _LONGEST_WHOLE or not kind_of_title(plain)):
        return False
    return han_count(plain) >= 2 and _is_free(plain)


def _may_be_whole(title: Line, lines: Sequence[Line]) -> bool:
    return not _NO_END.search(title.plain) and not _is_wrapped(title, lines)


def _is_free(plain: str) -> bool:
    return not _NO_TITLE.fullmatch(plain) and not _NO_BEGINNING.match(plain)


def _joined(lines: Sequence[Line]) -> Line:
    """The first line with those that carry it on, if together they end in the name of a kind."""
    title, best = lines[0], lines[0]
    for line in lines[1:_MOST_LINES]:
        if not _carries_on(title.plain, line.plain):
            break
        title = Line(title.written + line.written, title.plain + line.plain)
        if kind_of_title(title.plain):
            best = title
    return best


def _carries_on(title: str, line: str) -> bool:
    """Does ``line`` carry on the title that has begun above it?"""
    if len(line) > _LONGEST or not _is_free(line):
        return False
    if line.startswith("关于"):
        return "关于" not in title and (is_body(title) or not kind_of_title(title))
    if len(line) <= 2 and kind_of_title(title + line):
        return True
    about = _ABOUT.search(title)
    if kind_of_title(title):
        return line.startswith("的") or bool(
            about and not title.endswith("通知") and re.search("的(?:通知|决定|批复|公告)$", line)
        )
    if about or is_body(title) or title.count("《") > title.count("》"):
        return True
    begun = len(title) >= _SHORTEST_BEGUN and (line[0] == "第" or not _NOT_BEGUN.search(title))
    return begun and bool(kind_of_title(line)) and not _BY_ITSELF.match(line)


def _is_wrapped(title: Line, lines: Sequence[Line]) -> bool:
    """Is this the first line of a paragraph whose lines are broken by hand or by a page?"""
    following = next((after.plain for line, after in pairwise(lines) if line == title), "")
    wide = len(title.plain) >= _SHORTEST_WRAPPED
    return wide and len(following) <= len(title.plain) + 6 and re.search("[，。；、]", following) is not None


def _promulgated(lines: Sequence[Line]) -> Line | None:
    """What an order promulgates, where the text of it follows under its own name."""
    names = {name for line in lines for name in _NAMED.findall(line.plain)}
    return next((line for line in lines if line.plain in names), None)


def _gathered(line: Line) -> Line:
    """A line whose last characters are spread over its width (的 通 知) without those spaces."""
    if len(_SPREAD.findall(line.plain)) < 2 and not re.fullmatch(r"\S +\S", line.plain):
        return line
    gaps = [match.span() for match in _SPREAD.finditer(line.plain)]
    keep = [at for at in range(len(line.plain)) if not any(start <= at < end for start, end in gaps)]
    return Line("".join(line.written[at] for at in keep), "".join(line.plain[at] for at in keep))

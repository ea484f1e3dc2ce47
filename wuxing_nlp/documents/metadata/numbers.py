"""发文字号, the number that the issuer gives a document: 赣府发〔2018〕18号."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from wuxing_nlp.documents.metadata.lines import Line
from wuxing_nlp.text.characters import HAN

_NUMBER = (
    rf"(?P<code>[{HAN}A-Za-z]{{1,16}}(?:[(（][{HAN}]{{1,6}}[)）])?)[〔［\[【(（〈<﹝](?P<year>(?:19|20)\d{{2}})年?[〕］\]】)）〉>﹞]"
    r"(?P<rest>第?\d{1,5}(?:-\d{1,3})?)号"
)
_LINE = re.compile(rf"[(（\[【]?{_NUMBER}[)）\]】]?(?:签发人[:：]?.{{0,12}}|[(（].{{1,12}}[)）])?")
# The last characters of kinds of document: a title ends in one of them, and then perhaps in a number.
_KIND_BEFORE = "[知报见定告函复案划法例则施令要议]"
_IN_TITLE = re.compile(rf".{{4,}}(?<={_KIND_BEFORE})[(（]?{_NUMBER}[)）]?")
_CITING = re.compile("根据|按照|依据|依照|贯彻|关于|废止|见|《|的")
_REFERS = re.compile("根据|按照|依据|依照|贯彻|为")
_GOES_ON = re.compile(r"[,，。、；;》)）]|文件(?=.)|精神|要求|规定")
_ORDER = re.compile(r"(?P<issuer>.{2,40})令")
_ORDER_NUMBER = re.compile(r"[(（]?第?[0-9〇零一二三四五六七八九十百]{1,6}号[)）]?")
_LABELLED = re.compile(r".{1,30}?\d{1,12}号")


def number_above(lines: Sequence[Line]) -> str:
    """The document's own number among the lines above its body, its year in 〔〕; "" if none stands
    on a line of its own or at the end of the title, as a number that the text only cites would."""
    for line, following in zip_longest(lines, lines[1:]):
        if "号" not in line.plain and line.plain[-1] != "令":
            continue
        if following and (_GOES_ON.match(following.plain) or _REFERS.match(line.plain)):
            continue
        if number := number_in(line) or _order_number(line.unspaced, following):
            return number
    return ""


def number_in(line: Line) -> str:
    """The number that a line is, or that its title ends in; "" if none."""
    line = line.unspaced
    for pattern in (_LINE, _IN_TITLE):
        match = pattern.fullmatch(line.plain)
        if match and not _CITING.search(match["code"]):
            code = line.written[slice(*match.span("code"))]
            return f"{code}〔{match['year']}〕{match['rest']}{line.written[match.end('rest')]}"
    return ""


def without_number(title: Line) -> Line:
    """A title without the number that ends it."""
    match = _IN_TITLE.fullmatch(title.plain)
    if not match:
        return title
    start = match.start("code")
    return title.part(0, start - 1 if title.plain[start - 1] in "(（" else start)


def labelled_number(value: Line) -> str:
    """The number that a label gives, be it of another form (第1130012345號); "" if it is none."""
    return number_in(value) or (value.unspaced.written if _LABELLED.fullmatch(value.unspaced.plain) else "")


def _order_number(line: Line, following: Line | None) -> str:
    """中华人民共和国国务院令, and the next line 第706号."""
    if not following or not _ORDER.fullmatch(line.plain):
        return ""
    number = following.unspaced
    return line.written + number.written.strip("(（)）") if _ORDER_NUMBER.fullmatch(number.plain) else ""

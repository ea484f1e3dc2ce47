"""What a document's text says of itself: title, number, issuer, region, date, kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wuxing_nlp.documents.document import Metadata
from wuxing_nlp.documents.metadata.dates import find_dates, whole_date
from wuxing_nlp.documents.metadata.frame import Frame, frame_of
from wuxing_nlp.documents.metadata.issuers import red_head, speaker_issuer, title_issuer
from wuxing_nlp.documents.metadata.kinds import KINDS, kind_of_opening, kind_of_title
from wuxing_nlp.documents.metadata.labels import labelled
from wuxing_nlp.documents.metadata.lines import Line, plain
from wuxing_nlp.documents.metadata.numbers import labelled_number, number_above, number_in
from wuxing_nlp.documents.metadata.regions import region_of_body, region_of_number, region_of_place
from wuxing_nlp.documents.metadata.signatures import Signature, signature_of
from wuxing_nlp.documents.metadata.title import title_in

__all__ = ["KINDS", "metadata_of"]

_OPENING = 800
_MOST_LINES_OF_ORDER = 20
_HELD = re.compile(r"[—\-―─(（【 ]*(?:19|20)\d{2} *年 *\d{1,2} *月 *\d{1,2} *日 *[,，]?在(?P<place>.{2,60})")
_PASSED = re.compile("通过|修订|修正|批准|公布")
_YEAR_OF_REPORT = re.compile(r"(?:19|20)\d{2}(?= *年)")
_YEARLY = ("政府工作报告", "施政报告")
_OWN_YEAR = re.compile(r"〔(\d{4})〕")
_YEAR_BEFORE = re.compile(r"(?:19|20)\d{2} *年(?:度)? *")


@dataclass(frozen=True, slots=True)
class _Clues:
    """What the parts of a document say, found once and used by several fields."""

    frame: Frame
    labels: dict[str, str]
    title: Line
    number: str
    signature: Signature
    kind: str


def metadata_of(text: str, known: Metadata) -> Metadata:
    """``known``, completed with what the text says; a field stays "" where the text is not clear.

    Only the first 3,000 and the last 1,000 characters are read. Values are as the document writes
    them, in either script, but for the brackets of numbers, dates, ``region`` and ``kind``.

    - title: see :func:`wuxing_nlp.documents.title.title_of`, or the label 标题.
    - number: after 发文字号 and its like, alone on a line above the body, or at the end of the title;
      a number in the body is another document's. Its year stands in 〔〕. Orders: …令第706号.
    - issuer: after 发文机关 and its like, of the red head (…文件, …令), of the beginning of the title,
      of the signature, of the head of government who gives a work report; several as written.
    - region: where the issuer is, else the place that the title begins with, that a report's
      assembly has in its name, of the office that printed it, or that the first characters of the
      number prove. A place that is only mentioned counts for nothing; places that contradict each
      other give "".
    - date: after 成文日期 and its like, of the meeting (在…会议上) or the passing (…通过) below the title,
      of the signature, after 发布日期 and its like, alone on a line above the body, then the year
      of the number or of a yearly report's title. A signature in another year than the number's
      and the one after is an annex's.
    - kind: by the last word of the title, else by a form that only one kind opens with; see
      :mod:`wuxing_nlp.documents.metadata.kinds`.
    """
    if all((known.title, known.number, known.issuer, known.region, known.date, known.kind)):
        return known
    clues = _clues(text, known)
    issuer = known.issuer or _issuer(clues)
    return Metadata(
        title=clues.title.written,
        number=clues.number,
        issuer=issuer,
        region=known.region or _region(clues, plain(issuer)),
        date=known.date or _date(clues),
        kind=clues.kind,
    )


def _clues(text: str, known: Metadata) -> _Clues:
    frame = frame_of(text)
    labels = labelled(frame.above)
    given = known.title or labels.get("title", "")
    title = Line(given, plain(given)) if given else title_in(frame)
    number = known.number or _number(frame, labels, title)
    signature = signature_of(frame, plain(title_issuer(title)))
    kind = known.kind or kind_of_title(title.plain) or kind_of_opening(plain(text[:_OPENING]))
    return _Clues(frame, labels, title, number, signature, kind)


def _number(frame: Frame, labels: dict[str, str], title: Line) -> str:
    value = labels.get("number", "")
    return (
        labelled_number(Line(value, plain(value))) if value else number_above(frame.above) or number_in(title)
    )


def _issuer(clues: _Clues) -> str:
    named = clues.labels.get("issuer", "") or red_head(clues.frame.above)
    speaker = speaker_issuer(clues.frame) if clues.kind == _YEARLY[0] else ""
    return named or speaker or title_issuer(clues.title) or clues.signature.issuer


def _region(clues: _Clues, issuer: str) -> str:
    if regions := {region_of_body(name) for name in re.split("[ 、,，;；]+", issuer)} - {""}:
        return regions.pop() if len(regions) == 1 else ""
    title = _YEAR_BEFORE.sub("", clues.title.plain, count=1)
    region = region_of_place(title) if clues.kind != "新闻" else ""
    return (
        region
        or _region_of_assembly(clues.frame)
        or region_of_body(clues.signature.printer)
        or region_of_number(plain(clues.number))
    )


def _region_of_assembly(frame: Frame) -> str:
    held = next((match for line in frame.shown if (match := _HELD.match(line.plain))), None)
    return region_of_body(held["place"]) if held else ""


def _date(clues: _Clues) -> str:
    labels, shown = clues.labels, clues.frame.shown
    year = _OWN_YEAR.search(clues.number)
    signed = clues.signature.date
    if year and signed and not 0 <= int(signed[:4]) - int(year[1]) <= 1:
        signed = ""
    return (
        _first_date(labels.get("issued", ""))
        or next(filter(None, map(_held_or_passed, shown)), "")
        or signed
        or (_date_of_order(clues.frame) if "令第" in clues.number else "")
        or _first_date(labels.get("published", ""))
        or next(filter(None, (whole_date(line.plain) for line in clues.frame.above)), "")
        or (year[1] if year else "")
        or _year_of_title(clues)
    )


def _first_date(value: str) -> str:
    dates = find_dates(plain(value))
    return dates[0].iso if dates else ""


def _held_or_passed(line: Line) -> str:
    """The date of a line ——2024年1月20日在…会议上, or the last of （…通过 …修订）."""
    dates = find_dates(line.plain)
    if not dates:
        return ""
    if _HELD.match(line.plain):
        return dates[0].iso
    return dates[-1].iso if line.plain[0] in "（(" and _PASSED.search(line.plain, dates[-1].end) else ""


def _date_of_order(frame: Frame) -> str:
    """The date below the one who signs an order, above what the order promulgates."""
    return next(filter(None, (whole_date(line.plain) for line in frame.head[:_MOST_LINES_OF_ORDER])), "")


def _year_of_title(clues: _Clues) -> str:
    match = _YEAR_OF_REPORT.search(clues.title.plain) if clues.kind in _YEARLY else None
    return match.group() if match else ""

"""The signature below a document: who issued it, and the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from wuxing_nlp.documents.metadata.dates import find_dates, whole_date
from wuxing_nlp.documents.metadata.frame import Frame
from wuxing_nlp.documents.metadata.issuers import is_body
from wuxing_nlp.documents.metadata.lines import Line

_NOTE = re.compile(
    r"[（(【].*[)）】]|附件?[:：].*|抄[送报][:：].*|.*印发[。]?|(?:来源|责任?编辑?|编辑|审核|主办|承办|联系人|联系电话)[:：].*"
)
_PRINTED = re.compile(r"(?P<issuer>.{2,30}?) *(?P<date>\S{2,5}年.{2,9}日) *印发[。]?")
_MOST_SIGNERS = 8


class Signature(NamedTuple):
    """Who signed, and the date of it in ISO form; "" for what is not there.

    ``printer`` is the office that the printing note names (…办公室 2024年1月5日印发): often not the
    issuer, but of the same place.
    """

    issuer: str = ""
    date: str = ""
    printer: str = ""


class _Signed(NamedTuple):
    signers: list[Line]
    date: str


def signature_of(frame: Frame, title_issuer: str) -> Signature:
    """The signature: names of public bodies with a date behind or below them, else a date that ends
    the text or its printing note (…办公室 2024年1月5日印发).

    Of several the first in the head counts, then the last in the foot. Where the title names its
    issuer (``title_issuer``, Simplified), others sign but an annex, and are left out.
    """
    of_title = set(_names(title_issuer))
    others = False
    for lines, ordered in ((frame.head, list), (frame.foot, reversed)):
        dated = [number for number, line in enumerate(lines) if line.plain[-1] in "日月号"]
        for signed in filter(None, (_signed(lines, number) for number in ordered(dated))):
            if not of_title or of_title & set(_names(" ".join(line.plain for line in signed.signers))):
                return Signature(" ".join(line.written for line in signed.signers), signed.date)
            others = True
    return Signature() if others else _unsigned(frame.foot)


def _unsigned(foot: Sequence[Line]) -> Signature:
    """What the end of a text says that nobody signs: its last line may be a date, or name a printer."""
    printed = next((match for line in foot if (match := _PRINTED.fullmatch(line.plain))), None)
    date = _last_date(foot) or (whole_date(printed["date"]) if printed else "")
    return Signature("", date, printed["issuer"] if printed else "")


def _names(issuers: str) -> list[str]:
    return re.split("[ 、]+", issuers) if issuers else []


def _signed(lines: Sequence[Line], number: int) -> _Signed | None:
    """The signature whose date ends line ``number``."""
    line = lines[number]
    dates = find_dates(line.plain)
    if not dates or dates[-1].end != len(line.plain):
        return None
    before = line.part(0, dates[-1].start)
    signers = [before] if before.plain else _signers(lines[:number])
    if not signers or not all(is_body(signer.plain) for signer in signers):
        return None
    return _Signed(signers, dates[-1].iso)


def _signers(lines: Sequence[Line]) -> list[Line]:
    """The names of bodies with which the lines end."""
    signers: list[Line] = []
    for line in reversed(lines[-_MOST_SIGNERS:]):
        spread = line.plain.count(" ") > len(line.plain) // 3
        signer = line.unspaced if spread else line
        if not is_body(signer.plain):
            break
        signers.insert(0, signer)
    return signers


def _last_date(lines: Sequence[Line]) -> str:
    last = next((line.plain for line in reversed(lines) if not _NOTE.fullmatch(line.plain)), "")
    return whole_date(last) if last.endswith("日") else ""

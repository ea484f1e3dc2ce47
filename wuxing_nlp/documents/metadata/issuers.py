"""The body that issued a document, as its head or its title names it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wuxing_nlp.documents.metadata.frame import Frame
from wuxing_nlp.documents.metadata.lines import Line
from wuxing_nlp.documents.metadata.regions import region_of_body
from wuxing_nlp.text.characters import HAN

_BODY = (
    rf"[{HAN}0-9（）()“”]{{0,40}}"
    r"(?:政府|国务院|中央|办公厅|办公室|督查室|研究室|委员会|管委会|常委会|理事会|联合会|协会|商会|工会|妇联|县委|市委|省委|区委"
    r"|州委|党委|党组|团委|党工委|纪委|监委|政法委|发改委|改革委|经信委|健康委|国资委|财经委|军委|教委|科委|建委|计委|经委|厅|[^格全布结]局"
    r"|(?<![干全内西东南北中局外一各门])部|总署|审计署|检察院|法院|研究院|科学院|学院|医院|行政院|司法院|公所|代表大会(?:第.{{1,4}}次会议)?|(?<![公上官打])司|署|领导小组|工作组"
    r"|督查组|督导组|巡视组|巡察组|工作专班|指挥部|联席会议|中心|总队|支队|大队|大学|学校|集团|公司|银行|办事处|管理处|秘书处|社区)"
)
_BODIES = re.compile(rf"{_BODY}(?:[、 ]+{_BODY})*")
_NO_BODY = re.compile(
    "^(?:转发|批转|转批|印发|贯彻|落实|坚决|传达|学习)"
    "|^[在对为现经根据按把以我你他一二三四五六七八九十（(]|[是的了着将把]|^关于|^各|等部门$"
)
_TITLE_ISSUER = re.compile(
    r"(.{2,80}?) *(?:关于|印发|转发|批转|公布|发布|对.{2,40}的(?:答复|批复|复函|意见)$)"
)
_TITLE_BODY = re.compile(rf"({_BODY}) *(?=(?:19|20)\d{{2}} *[年-]|[“《])")
_REPORT_TITLE = re.compile(r"(?:\d{4}年)?(?P<issuer>(?!.*关于)[^年]{2,20}?(?:人民)?政府)工作报告")
_RED_HEAD = re.compile(rf"({_BODY})(?:文件|令)(?:第.{{1,6}}号)?")
_LEADER = re.compile(r"(.{2,20}?(?:人民政府|国务院))代?(?:[省市县区州盟旗镇乡]长|主席|总理)[ ·].{1,20}")
_SPEAKS_FOR = re.compile(rf"我(?:受.{{2,20}}委托)?代表(?P<issuer>[{HAN}]{{0,20}}?(?:国务院|政府))[,， ]?向")
_GENERIC = re.compile("(?:本届|自治)?[省市区县州盟旗镇乡]?(?:人民)?政府|各级.*|我.*")
_LONGEST = 60


def is_body(plain: str) -> bool:
    """True for what is wholly the name of one or of several public bodies."""
    return 2 < len(plain) <= _LONGEST and _BODIES.fullmatch(plain) is not None and not _NO_BODY.search(plain)


def red_head(lines: Sequence[Line]) -> str:
    """The issuers of a line 青溪县人民政府文件 or 青溪县人民政府令 above the title, or of several lines of
    which 文件 is the last; "" if there is none."""
    bodies: list[str] = []
    for line in (line.unspaced for line in lines):
        match = _RED_HEAD.fullmatch(line.plain)
        if match and is_body(match[1]):
            return " ".join([*bodies, line.written[: match.end(1)]])
        if line.plain == "文件":
            return " ".join(bodies)
        if is_body(line.plain):
            bodies.append(line.written)
    return ""


def title_issuer(title: Line) -> str:
    """The issuer that a title begins with: before 关于, 印发 …, a year, or of a work report."""
    for pattern in (_TITLE_ISSUER, _TITLE_BODY):
        match = pattern.match(title.plain)
        if match and is_body(match[1]):
            return title.written[: match.end(1)]
    match = _REPORT_TITLE.match(title.plain)
    if not match or _GENERIC.fullmatch(match["issuer"]):
        return ""
    issuer = title.written[slice(*match.span("issuer"))]
    return issuer.removesuffix("政府") if match["issuer"].endswith("国务院政府") else issuer


def speaker_issuer(frame: Frame) -> str:
    """The government of which a work report's speaker is the head, or for which he reports."""
    for line in frame.shown:
        if match := _LEADER.fullmatch(line.plain):
            return line.written[: match.end(1)]
    for line in frame.head[: len(frame.above) + 4]:
        match = _SPEAKS_FOR.search(line.plain)
        if match and not _GENERIC.fullmatch(match["issuer"]) and region_of_body(match["issuer"]):
            return line.written[slice(*match.span("issuer"))]
    return ""

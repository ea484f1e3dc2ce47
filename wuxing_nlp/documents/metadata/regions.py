"""Province-level regions, and which of them the name of a place or a public body belongs to."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

NATION = "全国"
"""The region of what central bodies issue."""

REGIONS: tuple[str, ...] = (
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市",
    "江苏省", "浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省",
    "广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省", "云南省", "西藏自治区", "陕西省",
    "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区", "台湾省", "香港特别行政区",
    "澳门特别行政区",
)  # fmt: skip
"""The 34 province-level regions, in full and in the order of their codes (GB/T 2260)."""

_KIND_OF_REGION = re.compile("(?:壮族|回族|维吾尔)?自治区|特别行政区|[省市]$")
_SHORT = {_KIND_OF_REGION.sub("", region): region for region in REGIONS}
_SHORT_FIRST = re.compile("|".join(sorted(_SHORT, key=len, reverse=True)))
# A short name alone may be a mention (江西经验); with one of these behind it, it is the place's own.
_OF_THE_PLACE = re.compile(
    "(?:省|市|自治区|特区|政府|人民政府|[省市]?委|区?党委|党委|政协|人大|生产建设兵团|警务处|海关)(?![长际民])"
)
_WITHOUT_PLACE = re.compile(
    "中国共产党|中共|共青团|中国人民政治协商会议|政协|中国共产主义青年团|中华人民共和国"
)
_CENTRAL = re.compile(
    "国务院|中央|全国人大|全国人民代表大会|全国政协|全国委员会|第.{1,5}全国(?:人民)?代表大会|最高人民|审计署|海关总署|外交部|国防部|国家"
    "|(?:教育|科技|科学技术|工业和信息化|信息产业|公安|民政|司法|财政|人事|监察|人力资源和?社会保障|劳动和社会保障|自然资源"
    "|国土资源|生态环境|环境保护|建设|住房和?城乡建设|交通|交通运输|铁道|水利|农业|农业农村|商务|文化|文化和旅游|卫生"
    "|退役军人事务|应急管理|应急)部(?![门队署])"
    "|中国(?:人民银行|证监会|银保监会|证券监督管理委员会|银行(?:保险)?(?:业)?监督管理委员会|气象局|地震局|民用航空局|科学院|科协)"
    "|(?:市场监管|税务|体育|广电|林业|安全监管|质检|工商|环保|新闻出版(?:广电)?)总局"
)
_BRANCH = re.compile(".*(?:分行|支行|分局|监管局|专员办|特派员|派出|税务局|海关|大学|分院)")
# Numbers of documents whose first characters no county of another province can have as its own.
_NUMBER_OF_REGION = re.compile(
    "([冀沪浙皖闽粤豫]|藏(?=政)|黔(?!江)|赣(?=[府发办厅市县])|琼(?=府)|湘(?=政)|川(?=[府委]))"
)
_INITIAL = {
    "冀": "河北省", "沪": "上海市", "浙": "浙江省", "皖": "安徽省", "闽": "福建省", "粤": "广东省",
    "豫": "河南省", "藏": "西藏自治区", "黔": "贵州省", "赣": "江西省", "琼": "海南省", "湘": "湖南省",
    "川": "四川省",
}  # fmt: skip
_CENTRAL_NUMBER = re.compile(
    "国发|国办|国函|国科发|国卫|国市监|国知发|国资发|中发|中办|工信部|人社部|中华人民共和国"
)
_LONGEST = 20


@cache
def places() -> dict[str, str]:
    """Prefectures and counties → their region, "" where two regions have one of that name.

    Names are those of the codes of administrative divisions (GB/T 2260), former ones among them.
    A county keeps its first characters when it becomes a district or a city: those names follow.
    """
    lines = (files(__package__) / "regions.tsv").read_text(encoding="utf-8").splitlines()
    table: dict[str, str] = {}
    for region, names in csv.reader(lines[1:], delimiter="\t"):
        table |= dict.fromkeys(names.split(" "), region)
    for name, region in list(table.items()):
        if name[-1] in "县市" and len(name) > 2:
            table.setdefault(name[:-1] + "区", region)
            table.setdefault(name[:-1] + "市", region)
    return table | dict(zip(REGIONS, REGIONS, strict=True))


def region_of_place(name: str) -> str:
    """The region that ``name`` (Simplified) begins with or that its first place lies in; "" if none
    is certain."""
    table = places()
    for length in range(min(len(name), _LONGEST), 1, -1):
        if name[:length] in table:
            return table[name[:length]]
    short = _SHORT_FIRST.match(name)
    if short is None:
        return ""
    region, rest = _SHORT[short.group()], name[short.end() :]
    return region if _OF_THE_PLACE.match(rest) or table.get(_first_place(rest)) == region else ""


def _first_place(name: str) -> str:
    return next((name[:length] for length in range(_LONGEST, 1, -1) if name[:length] in places()), "")


def region_of_body(name: str) -> str:
    """The region of a public body (Simplified name): of a central one :data:`NATION`, "" if unsure."""
    own = _WITHOUT_PLACE.sub("", name, count=1) if _WITHOUT_PLACE.match(name) else name
    if region := region_of_place(own):
        return region
    central = _CENTRAL.match(own)
    if central is None:
        return ""
    branch = next((at for at in range(central.end(), len(own)) if region_of_place(own[at:])), None)
    if branch is not None:
        return region_of_place(own[branch:])
    return "" if _BRANCH.match(own, central.end()) else NATION


def region_of_number(number: str) -> str:
    """The region that the first characters of a 发文字号 (Simplified) prove; "" for most of cities
    and counties, whose signs several places share."""
    if _CENTRAL_NUMBER.match(number):
        return NATION
    initial = _NUMBER_OF_REGION.match(number)
    return _INITIAL[initial.group()] if initial else ""

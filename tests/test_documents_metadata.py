"""Metadata: a document's own title, number, issuer, region, date and kind, and nothing of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuxing_nlp.documents.document import Metadata
from wuxing_nlp.documents.metadata.extraction import KINDS, metadata_of
from wuxing_nlp.documents.metadata.regions import NATION, REGIONS
from wuxing_nlp.documents.metadata.title import title_of

SAMPLES = Path(__file__).resolve().parents[1] / "corpus" / "samples"
BODY = "各乡镇人民政府：\n办件积压的，限本月内清零。\n一、摸清底数\n逐件登记造册，谁经手谁负责。\n"


def of(text: str) -> Metadata:
    return metadata_of(text, Metadata())


NOTICE = Metadata(
    "赣州市人民政府办公室关于清理积压办件的通知",
    "赣市府办发〔2023〕7号",
    "赣州市人民政府办公室",
    "江西省",
    "2023-03-09",
    "通知",
)


def test_a_notice() -> None:
    text = (
        "赣州市人民政府办公室\n关于清理积压办件的通知\n赣市府办发〔2023〕7号\n"
        + BODY
        + "赣州市人民政府办公室\n2023年3月9日\n（此件公开发布）\n"
    )
    assert of(text) == NOTICE


def test_a_notice_in_traditional_script_is_given_as_it_is_written() -> None:
    text = (
        "廣東省人民政府辦公廳關於整治辦事拖延的通知\n粵府辦〔2022〕15號\n各地級以上市人民政府：\n"
        "窗口收件要當場給出回執。\n廣東省人民政府辦公廳\n二〇二二年五月二十日\n"
    )
    assert of(text) == Metadata(
        "廣東省人民政府辦公廳關於整治辦事拖延的通知",
        "粵府辦〔2022〕15號",
        "廣東省人民政府辦公廳",
        "广东省",
        "2022-05-20",
        "通知",
    )


def test_a_page_with_a_header_block() -> None:
    text = (
        "首页\n>\n索 引 号：\n014499/2023\n发文机关：\n云南省教育厅\n成文日期：\n2023年6月1日\n"
        "标　　题：\n关于做好校舍排查的通知\n发文字号：\n云教发[2023]31号\n发布日期：\n2023年6月8日\n"
        "云南省教育厅\n关于做好校舍排查的通知\n各州、市教育体育局：\n裂缝要编号，整改要销号。\n"
    )
    assert of(text) == Metadata(
        "关于做好校舍排查的通知", "云教发〔2023〕31号", "云南省教育厅", "云南省", "2023-06-01", "通知"
    )


def test_labels_that_share_a_line() -> None:
    text = (
        "发文字号：清府发〔2021〕3号　　发文机关：清岚县人民政府　　成文日期：2021-02-03\n正文从这里开始。\n"
    )
    found = of(text)
    assert (found.number, found.issuer, found.date) == ("清府发〔2021〕3号", "清岚县人民政府", "2021-02-03")


def test_a_red_head_and_its_printing_note() -> None:
    text = (
        "江 西 省 人 民 政 府 文 件\n赣府发〔2020〕2号　　签发人：周明远\n关于推行首问负责的意见\n"
        + BODY
        + "抄送：省委各部门。\n江西省人民政府办公厅 2020年2月18日印发\n"
    )
    assert of(text) == Metadata(
        "关于推行首问负责的意见", "赣府发〔2020〕2号", "江西省人民政府", "江西省", "2020-02-18", "意见"
    )


def test_a_red_head_of_several_offices() -> None:
    text = "银川市教育局\n银川市财政局\n文件\n银教发〔2022〕9号\n关于落实课后服务经费的通知\n" + BODY
    assert of(text).issuer == "银川市教育局 银川市财政局"
    assert of(text).region == "宁夏回族自治区"


def test_an_order_has_the_title_of_what_it_promulgates() -> None:
    text = (
        "中华人民共和国国务院令\n第999号\n现公布《政务热线办理条例》，自2031年1月1日起施行。\n总理 林远舟\n"
        "2030年9月8日\n政务热线办理条例\n第一条 为了规范热线办理，制定本条例。\n"
    )
    assert of(text) == Metadata(
        "政务热线办理条例",
        "中华人民共和国国务院令第999号",
        "中华人民共和国国务院",
        "全国",
        "2030-09-08",
        "法规规章",
    )


@pytest.mark.parametrize(
    ("opening", "issuer", "region", "date"),
    [
        (
            "2024年江西省政府工作报告\n——2024年1月23日在江西省第十四届人民代表大会第二次会议上\n省长 何知远",
            "江西省政府",
            "江西省",
            "2024-01-23",
        ),
        (
            "政府工作报告\n（2024年1月9日在贵州省第十四届\n人民代表大会第二次会议上）\n"
            "贵州省人民政府省长 何知远",
            "贵州省人民政府",
            "贵州省",
            "2024-01-09",
        ),
        ("青溪县2024年政府工作报告", "", "", "2024"),
        ("政府工作报告\n来源：本县日报\n2024-02-01 09:30:00", "", "", "2024-02-01"),
    ],
)
def test_work_reports(opening: str, issuer: str, region: str, date: str) -> None:
    found = of(f"{opening}\n各位代表：\n现在，我代表省人民政府，向大会报告工作，请予审议。\n")
    assert (found.issuer, found.region, found.date) == (issuer, region, date)
    assert found.kind == "政府工作报告"


def test_a_work_report_without_a_title_names_whom_it_speaks_for() -> None:
    found = of("各位代表：\n　　现在，我代表浙江省人民政府，向大会报告政府工作，请予审议。\n")
    assert found == Metadata(issuer="浙江省人民政府", region="浙江省", kind="政府工作报告")


def test_what_is_passed_has_the_date_of_its_last_passing() -> None:
    text = "河北省办件时限条例\n（2019年3月1日通过　2022年7月28日修订）\n第一条 为了便民，制定本条例。\n"
    found = of(text)
    assert (found.date, found.region, found.kind) == ("2022-07-28", "河北省", "法规规章")


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("国办函〔2023〕1号", "国办函〔2023〕1号"),
        ("国办函[2023]1号", "国办函〔2023〕1号"),
        ("国办函【２０２３】１号", "国办函〔2023〕1号"),
        ("（青 府 发 (2023) 第 12 号）", "青府发〔2023〕第12号"),
        ("JNCR—2022—0040001", ""),
        ("〔2023〕1号", ""),
        ("根据国办函〔2023〕1号", ""),
        ("国办函〔2023〕1号文件精神", ""),
    ],
)
def test_numbers_on_a_line(line: str, number: str) -> None:
    assert of(f"关于清理积压办件的通知\n{line}\n{BODY}").number == number


@pytest.mark.parametrize(
    "title", ["关于清理积压办件的通知（青府发〔2023〕12号）", "关于清理积压办件的通知青府发〔2023〕12号"]
)
def test_a_number_at_the_end_of_the_title(title: str) -> None:
    found = of(f"{title}\n{BODY}")
    assert (found.title, found.number) == ("关于清理积压办件的通知", "青府发〔2023〕12号")


@pytest.mark.parametrize(
    "body",
    [
        "根据《青溪县人民政府关于减证便民的通知》（青府发〔2023〕12号），现就有关事项通知如下：\n",
        "各乡镇人民政府：\n青府发〔2023〕12号\n已经废止。\n",
        "现将有关事项通知如下：\n见\n国发〔2015〕53号\n。\n",
    ],
)
def test_a_cited_number_is_not_the_document_s_own(body: str) -> None:
    assert of(f"关于清理积压办件的通知\n{body}").number == ""


def test_a_number_gives_the_year_where_nothing_gives_the_day() -> None:
    assert of(f"关于清理积压办件的通知\n青府发〔2023〕12号\n{BODY}").date == "2023"


def test_the_signature_of_an_annex_is_left_out() -> None:
    text = (
        f"南昌市人民政府转发市教育局关于校舍修缮意见的通知\n洪府发〔2021〕8号\n{BODY}"
        "附件\n南昌市教育局\n2021年3月2日\n"
    )
    found = of(text)
    assert (found.issuer, found.date) == ("南昌市人民政府", "2021")
    aged = f"关于清理积压办件的通知\n洪府发〔2021〕8号\n{BODY}附件\n青溪县教育局\n2016年3月2日\n"
    assert of(aged).date == "2021"


def test_several_offices_sign() -> None:
    text = f"关于规范收费的通知\n{BODY}国家发展改革委\n财 政 部\n2021年11月30日\n"
    assert (of(text).issuer, of(text).region, of(text).date) == (
        "国家发展改革委 财政部",
        "全国",
        "2021-11-30",
    )


def test_offices_of_two_regions_have_none() -> None:
    assert of(f"关于联合治水的通知\n{BODY}江苏省水利厅\n浙江省水利厅\n2021年11月30日\n").region == ""


def test_impossible_dates_are_refused() -> None:
    assert of(f"关于清理积压办件的通知\n{BODY}青溪县人民政府\n2023年2月30日\n").date == ""


@pytest.mark.parametrize(
    "text",
    [
        "村里的路修好了，江西省来的工程队昨天撤走。\n广东省的老板2023年1月2日说要投资。\n",
        "我们去江西省、浙江省看了三天。\n2024年1月5日的会上，县长批评了慢作为。\n",
        "有人问：国务院的文件落实了没有？\n",
    ],
)
def test_mentions_give_nothing(text: str) -> None:
    assert of(text) == Metadata()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("留言标题：路灯不亮\n留言内容：新河街的路灯坏了两个月，没有人管。\n", "投诉留言"),
        ("尊敬的县长：\n我家门口的路断了半年。\n", "投诉留言"),
        ("路修通了\n本报讯（记者 林知夏）昨天下午，断头路通车。\n", "新闻"),
        ("主席女士、各位議員：\n這是我任內第三份施政報告。\n", "施政报告"),
        ("断头路何时打通\n村民等了三年，工地还是没有动静。\n", ""),
    ],
)
def test_kinds_by_form(text: str, kind: str) -> None:
    assert of(text).kind == kind


def test_news_of_a_place_do_not_come_from_it() -> None:
    found = of("江西省一批断头路打通\n新华社北京1月2日电 （记者 林知夏）昨天下午，三条路同时通车。\n")
    assert (found.kind, found.region) == ("新闻", "")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("青溪要闻\n2024年青溪县政府工作报告\n各位代表：\n", "2024年青溪县政府工作报告"),
        ("青溪县人民政府对县人大\n第4号建议的答复\n林代表：\n", "青溪县人民政府对县人大第4号建议的答复"),
        ("青溪县城乡道路养护\n管理办法\n第一章 总则\n", "青溪县城乡道路养护管理办法"),
        ("青溪县人民政府关于奖补政策的几 项 通 知\n各乡镇：\n", "青溪县人民政府关于奖补政策的几项通知"),
        ("# 关于修缮校舍的通知\n\n各中心校：\n", "关于修缮校舍的通知"),
        (
            "青溪县人民政府转发县教育局\n关于修缮校舍意见的通知\n各校：\n",
            "青溪县人民政府转发县教育局关于修缮校舍意见的通知",
        ),
        ("关于印发《青溪县校舍修缮方案》\n的通知\n各校：\n", "关于印发《青溪县校舍修缮方案》的通知"),
        ("青溪县道路养护规划（2024—2030年）\n一、现状\n", "青溪县道路养护规划（2024—2030年）"),
        ("政府工作报\n告\n各位代表：\n", "政府工作报告"),
        ("会议听取了县长所作的\n政府工作报告\n。会议同意这个报告。\n", ""),
        ("村道养护一直是群众反映最集中的事情之一\n，去年共收到来电三百余件，今年\n不能再拖。\n", ""),
        ("——2024年1月9日在青溪县人代会上\n县长 林远舟\n同志们：\n", ""),
        ("通知公告\n断头路打通了\n昨天下午，断头路通车。\n", "断头路打通了"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert title_of(text) == title
    assert of(text).title == title


def test_what_is_known_stays_and_serves_the_rest() -> None:
    known = Metadata(title="海南省教育厅关于校服采购的通报", date="2019")
    found = metadata_of("校服采购要阳光操作。\n", known)
    assert found == Metadata(known.title, "", "海南省教育厅", "海南省", "2019", "通报")
    full = Metadata("一", "二", "三", "四", "五", "六")
    assert metadata_of("青溪县政府工作报告\n", full) == full


def test_only_the_frame_is_read() -> None:
    far = "小事不小看。" * 700
    text = f"{far}\n青府发〔2023〕12号\n{far}\n"
    assert of(text) == Metadata()
    assert of(f"关于清理积压办件的通知\n{far}\n青溪县人民政府\n2023年3月9日").date == "2023-03-09"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("circular", ("澜府督通〔2023〕11号", "澜陵市人民政府督查室", "", "2023-09-22", "通报")),
        ("implementation_plan", ("清政发〔2023〕6号", "清岚市人民政府", "", "2023-03-21", "方案")),
        ("notice", ("青浔府办发〔2023〕27号", "青浔县人民政府办公室", "", "2023-04-12", "通知")),
        ("policy_address_hk", ("", "", "", "2024", "施政报告")),
        ("self_criticism_hant", ("", "", "", "", "对照检查")),
        ("work_report", ("", "梧川县人民政府", "", "2024-01-18", "政府工作报告")),
    ],
)
def test_samples(name: str, expected: tuple[str, ...]) -> None:
    found = of((SAMPLES / f"{name}.txt").read_text(encoding="utf-8"))
    assert (found.number, found.issuer, found.region, found.date, found.kind) == expected


PIECES = [
    "关于",
    "通知",
    "人民政府",
    "〔2023〕",
    "12号",
    "2023年",
    "13月",
    "〇",
    "\n",
    " ",
    "\u3000",
    "：",
    "（",
    "江西省",
    "𠮷",
    "令",
    "第",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=80))
def test_any_text_has_metadata_of_the_right_form(text: str) -> None:
    found = of(text)
    assert found.kind in ("", *KINDS)
    assert found.region in ("", NATION, *REGIONS)
    assert len(found.date) in (0, 4, 7, 10)
    assert "\n" not in found.title + found.number + found.issuer


@pytest.mark.parametrize("verb", ["转发", "批转", "坚决贯彻"])
def test_what_is_done_with_a_document_is_no_part_of_its_issuer(verb: str) -> None:
    assert metadata_of(f"{verb}省政府办公厅关于做好防汛工作的通知\n正文。\n", Metadata()).issuer == ""

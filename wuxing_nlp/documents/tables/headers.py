"""Names that columns go by in the tables of Chinese offices, companies and researchers."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Best first: of a table with 标题, 留言内容 and 回复内容 the complaint is meant, not the answer.
_NAMES = {
    "text": """
        正文 全文 正文内容 全文内容 文本 文本内容 内容 原文 政策原文 政策文本 政策内容 文件内容
        文件正文 文档内容 文章内容 报告内容 报告全文 通知内容 公告内容 新闻内容 留言内容 诉求内容
        投诉内容 举报内容 信件内容 来信内容 信访内容 来电内容 工单内容 反映内容 反映问题 问题内容
        咨询内容 建议内容 提案内容 意见内容 事项内容 主要内容 诉求描述 问题描述 事件描述 事项描述 内文
        本文 留言 诉求 句子 语句 段落 描述 text fulltext content contents body bodytext maintext
        rawtext cleantext articletext documenttext policytext sentence paragraph passage article
        message comment document description""",
    "id": """
        id 编号 序号 文档编号 文件编号 文号 发文字号 发文号 文件号 工单编号 工单号 信件编号 留言编号
        诉求编号 投诉编号 案件编号 事项编号 事件编号 受理编号 流水号 记录编号 唯一标识 编码 代码 docid
        documentid textid articleid rowid recordid uuid guid number no key index 文件名 filename file
        name url 网址 链接""",
    "title": """
        标题 题目 文件标题 文章标题 政策标题 政策名称 文件名称 留言标题 诉求标题 主题 title headline""",
    "number": "文号 发文字号 发文号 文件号 documentnumber",
    "issuer": """
        发文机关 发文单位 发布机关 发布单位 发布机构 发文机构 制定机关 issuer issuingbody agency""",
    "region": "地区 省份 省 地域 所属地区 所属省份 region province",
    "date": """
        日期 发布日期 发布时间 发文日期 发文时间 成文日期 印发日期 公布日期 留言日期 留言时间 来信日期
        年份 年度 year date publishdate pubdate publicationdate issuedate dateissued publishedat""",
    "kind": "文种 文件类型 公文种类 kind documenttype doctype",
}
_RANKS = {use: {name: rank for rank, name in enumerate(names.split())} for use, names in _NAMES.items()}

_ENDING = re.compile(r"(?!回复|答复|办理|处理|反馈|回覆|答覆).*(?:正文|全文|原文|文本|内容|fulltext|content)")
_BRACKET = re.compile(r"[（(\[【〔].*")
# The Traditional characters of the names above.
_SIMPLIFIED = str.maketrans(
    "內編號標題檔發關機時間區種類訴問報導舉來電單詢議項見級隨佈聞網連結屬",
    "内编号标题档发关机时间区种类诉问报导举来电单询议项见级随布闻网连结属",
)


def folded(name: str) -> str:
    """A column's name without what differs from table to table: case, spaces and signs, what is
    added in brackets, Traditional characters."""
    bare = "".join(filter(str.isalnum, _BRACKET.sub("", name.casefold())))
    return bare.translate(_SIMPLIFIED)


def ranked(use: str, names: Sequence[str]) -> list[str]:
    """Those of ``names`` that a column for ``use`` goes by, best first.

    Args:
        use: "text", "id", or an attribute of :class:`Metadata`.
    """
    ranks = _RANKS[use]
    known = [(ranks[key], place, name) for place, name in enumerate(names) if (key := folded(name)) in ranks]
    if use == "text" and not known:
        return [name for name in names if _ENDING.fullmatch(folded(name))]
    return [name for _, _, name in sorted(known)]

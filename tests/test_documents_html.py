"""Web pages, written as the systems of Chinese authorities write them."""

from __future__ import annotations

import html
from typing import Any

import pytest

from wuxing_nlp.documents import Document, ReadOptions, Source
from wuxing_nlp.documents.html.reader import read
from wuxing_nlp.documents.reading import read_documents
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.units import cut_units

MENU = "<ul>" + "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(12)) + "</ul>"
FOOT = (
    "<div class='foot'>主办：青溪县人民政府办公室 <a href='/'>联系我们</a><p>地址：青溪县人民路1号</p></div>"
)
TITLE = "青溪县人民政府办公室关于清理积压办件的通知"
LINES = [
    "各乡镇人民政府：",
    "一些窗口办件积压，群众跑了几趟。",
    "一、马上清理",
    "各窗口要马上清理，当天办结。",
    "2023年5月4日",
]
BODY = "".join(f"<p>{line}</p>" for line in LINES)


def document_of(page: str | bytes, **options: Any) -> Document:
    data = page if isinstance(page, bytes) else page.encode()
    [document] = read(Source("a.html", data=data), ReadOptions(**options))
    return document


def text_of(page: str | bytes) -> str:
    return document_of(page).text


def article(inner: str) -> str:
    """The text of a page whose article, in a known container, is ``inner``."""
    return text_of(f"<div id='zoom'>{inner}</div>")


def refusal(page: str | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        document_of(page)
    assert str(caught.value).startswith("a.html: ")
    return str(caught.value)


CONTAINERS = """
div id='UCAP-CONTENT'
div class='pages_content'
div class='TRS_Editor'
td class='b12c' id='zoom'
div class='view TRS_UEDITOR trs_paper_default trs_word'
div class='trs_editor_view'
span id='Zoom'
div class='Custom_UnionStyle'
div class='article-content'
div class='articleContent'
div id='vsb_content_2'
div class='v_news_content'
div class='news_content'
article
main
div
td
"""


@pytest.mark.parametrize("container", CONTAINERS.strip().splitlines())
def test_the_article_alone_is_read_with_its_title_as_first_line(container: str) -> None:
    tag = container.split()[0]
    inner = f"<{container}>{BODY}</{tag}>"
    if tag == "td":
        inner = f"<table><tr>{inner}</tr></table>"
    page = (
        f"<!DOCTYPE html><html><head><title>{TITLE}_青溪县人民政府</title><style>p {{}}</style></head>"
        f"<body><form><h1><a href='/'>青溪县人民政府</a></h1>{MENU}<input value='搜索'><button>搜索</button>"
        f"<div><h1>{TITLE}</h1><div>来源：<span>本县</span> <a>打印</a></div>{inner}</div>"
        f"<script>document.write('<p>脚本</p>')</script>{FOOT}</form></body></html>"
    )
    document = document_of(page)
    assert document.text.split("\n") == [TITLE, *LINES]
    assert document.title == TITLE
    assert document.encoding == "utf-8"


def test_a_page_without_structure_gives_its_whole_body() -> None:
    assert text_of(f"<p>{TITLE}{BODY}") == "\n".join([TITLE, *LINES])
    assert text_of("<body>群众满意\n<p>办件清零</body>") == "群众满意\n办件清零"


def test_an_unknown_page_keeps_what_ends_or_begins_its_article_outside_the_densest_part() -> None:
    page = f"{MENU}<div><div><div>{BODY}</div><p>青溪县人民政府</p><p>2023年5月</p></div>{FOOT}</div>"
    assert text_of(page).split("\n") == [*LINES, "青溪县人民政府", "2023年5月"]
    first = "<div><p>先看问题，再想办法。</p><p>整改要见实效，群众要满意。</p></div>"
    page = f"{MENU}<div>{first}<div>{BODY * 9}</div></div>"
    assert text_of(page).split("\n")[:3] == ["先看问题，再想办法。", "整改要见实效，群众要满意。", LINES[0]]


def test_a_list_without_a_sentence_is_an_article_too() -> None:
    items = ["修通断头路十二条" * 9, "新建便民桥三座" * 9]
    listed = "".join(f"<li>{item}</li>" for item in items)
    assert text_of(f"{MENU}<div><ul>{listed}</ul></div>{FOOT}").split("\n") == items


def test_parts_that_html_calls_furniture_are_left_out_of_an_unknown_page_only() -> None:
    parts = (
        "<nav>导航，很长，很长。</nav><aside>相关，很长，很长。</aside><footer>页脚，很长，很长。</footer>"
    )
    header = "<header><h1>青溪县信访工作报告</h1></header><header>站名，口号，电话。</header>"
    assert text_of(f"{header}{parts}{BODY}").split("\n") == ["青溪县信访工作报告", *LINES]
    assert article(parts) == "导航，很长，很长。\n相关，很长，很长。\n页脚，很长，很长。"


def test_containers_inside_each_other_and_beside_each_other() -> None:
    style = "<div class='Custom_UnionStyle'><p>第一部分。</p></div>"
    inner = f"<div class='TRS_Editor'>{style}<p>第二部分。</p></div>"
    beside = f"{inner}<p>广告，广告。</p><div class='TRS_Editor'>第三部分。</div>"
    assert text_of(beside) == "第一部分。\n第二部分。\n第三部分。"
    assert text_of(f"<div id='zoom'>{inner}<p>附件：名单</p></div>") == "第一部分。\n第二部分。\n附件：名单"
    # A container without text, or with the buttons of the page alone, is none.
    assert (
        text_of(f"<div id='UCAP-CONTENT'></div><span id='zoom'>大 中 小</span>{inner}")
        == "第一部分。\n第二部分。"
    )


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<p>甲<b>乙</b><i>丙</i><span style='color:red'>丁</span></p>", "甲乙丙丁"),
        ("甲<div>乙<p>丙</div>丁", "甲\n乙\n丙\n丁"),
        ("甲<br>乙<br/><br>丙<br>", "甲\n乙\n\n丙"),
        ("<span style='display: block'>甲</span><span style='DISPLAY:block'>乙</span>", "甲\n乙"),
        ("<p>\u3000\u3000甲\u3000乙\t \n</p><p> </p>丙", "\u3000\u3000甲\u3000乙\n丙"),
        ("甲<p>&nbsp;</p><p>Word  and\nword</p>", "甲\n\xa0\nWord and word"),
        ("<p>各窗口\n  要“马上”\r\n办<b>结</b>\n，不拖。 办完</p>", "各窗口要“马上”办结，不拖。 办完"),
        ("<pre>甲\n  乙\r\n\n丙</pre>丁", "甲\n乙\n\n丙\n丁"),
        ("&lt;甲&gt; &amp; &#20057;&#x4e19;&middot;&ldquo;丁&rdquo;&hellip;", "<甲> & 乙丙·“丁”…"),
        ("<ol><li>甲<li>乙<ul><li>丙</ul></ol><dl><dt>丁<dd>戊</dl>", "甲\n乙\n丙\n丁\n戊"),
        ("<table><caption>表</caption><tr><th>甲<td><p>乙</p><p>丙</p><td></table>", "表\n甲\n乙\n丙"),
        ("<table><tr><td>甲<table><tr><td>乙</table><td>丙</table>", "甲\n乙\n丙"),
        ("<p hidden>藏</p><p style='display : none'>藏</p><i style='visibility:hidden'>藏</i>甲", "甲"),
        ("<!-- 注释 --><![CDATA[ 节 ]]>甲<noscript>藏</noscript><template>藏</template>乙", "甲乙"),
        ("甲<select><option>藏</select><textarea>藏</textarea><svg><text>藏</text></svg>乙", "甲乙"),
        ("<ruby>经<rp>(</rp><rt>jīng</rt><rp>)</rp></ruby>济<wbr>好<img alt='藏'>", "经济好"),
        ("<p>同一句。</p><p>同一句。</p><p>短</p>", "同一句。\n同一句。\n短"),
        ("甲<a href='javascript:alert(1)' onclick='x'>乙</a><iframe src='x'>藏</iframe>丙", "甲乙丙"),
        ("<p>甲<div>乙</p>丙</b></div><p>丁", "甲\n乙\n丙\n丁"),
    ],
)  # fmt: skip
def test_lines_are_those_that_a_reader_sees(inner: str, expected: str) -> None:
    assert article(inner) == expected


def test_a_title_that_the_article_begins_with_is_not_repeated() -> None:
    inner = f"<p>青溪县人民政府办公室</p><p>关于清理积压<br>办件的通知</p><p>青政办〔2023〕4号</p>{BODY}"
    whole = text_of(f"<h1>{TITLE}</h1><div id='zoom'>{inner}</div>")
    assert whole == article(inner)
    assert text_of(f"<h1>关于清理积压办件的通知</h1><div id='zoom'>{inner}</div>") == whole
    mentioned = "<p>县里印发了《关于修路的通知》，见附件。</p>"
    assert text_of(f"<h1>关于修路的通知</h1><div id='zoom'>{mentioned}</div>").startswith(
        "关于修路的通知\n县里"
    )


def test_which_element_is_the_title() -> None:
    named = f"<meta name='ArticleTitle' content='{TITLE}'>"
    title = "<div class='xl-title'>青溪县人民政府办公室<br>关于清理积压办件的通知</div>"
    shown = f"{title}<h2>索引</h2><div id=zoom>{BODY}</div>"
    split = "青溪县人民政府办公室\n关于清理积压办件的通知\n"
    assert text_of(named + shown).startswith(split)
    assert text_of(f"<title> {TITLE} - 青溪县</title>" + shown).startswith(split)
    assert text_of(shown) == "\n".join(LINES)
    # A title that the page does not show is metadata, not text.
    hidden = document_of(f"{named}<h1> </h1><div id=zoom>{BODY}</div>")
    assert (hidden.text, hidden.title) == ("\n".join(LINES), TITLE)
    nearest = f"<h1>青溪县</h1><h1>修路通知</h1><div id='zoom'>{BODY}</div><h1>下一篇</h1>"
    assert text_of(nearest).startswith("修路通知\n各乡镇")


HEADS = [
    "<table><tr><td>索 引 号：</td><td>1</td><td>发文机关：</td><td>青溪县人民政府</td></tr>"
    "<tr><td>成文日期：</td><td>2023年5月4日</td><td>发文字号：</td><td>青政发〔2023〕 4号</td></tr></table>",
    "<ul><li><b>发文机关：</b>青溪县人民政府</li><li><b>文　　号：</b>青政发〔2023〕4号</li>"
    "<li><b>成文日期：</b>2023-05-04 10:30</li></ul>",
    "<p><span>发文单位：青溪县人民政府</span><span>发文字号：青政发〔2023〕4号</span>\n"
    "<span>印发日期：2023/5/4</span></p>",
]


@pytest.mark.parametrize("head", HEADS)
def test_the_block_over_the_article_gives_metadata(head: str) -> None:
    meta = "<meta name='PubDate' content='2023-06-01'><meta name='ContentSource' content='青溪县教育局'>"
    document = document_of(
        f"{meta}{MENU}{head}<h1>关于修路的通知</h1><div id='zoom'><p>群众盼着修路。</p></div>"
    )
    assert document.text == "关于修路的通知\n群众盼着修路。"
    metadata = document.metadata
    assert (metadata.number, metadata.issuer, metadata.date) == (
        "青政发〔2023〕4号",
        "青溪县人民政府",
        "2023-05-04",
    )


def test_meta_elements_give_what_neither_block_nor_text_says() -> None:
    meta = "<META NAME='PubDate' CONTENT='2023-06-01 08:00'><meta name='ContentSource' content='{}'>"
    body = "<div id='zoom'><p>群众盼着修路。</p></div>"
    found = document_of(meta.format("青溪县教育局") + body).metadata
    assert (found.issuer, found.date) == ("青溪县教育局", "2023-06-01")
    for source in ("青溪日报", "本网", "青溪发布客户端", ""):
        assert document_of(meta.format(source) + body).metadata.issuer == ""
    signed = "<p>青溪县人民政府办公室</p><p>2023年5月4日</p></div>"
    found = document_of(meta.format("青溪县教育局") + body.replace("</div>", signed)).metadata
    assert found.date == "2023-05-04"
    published = "<meta name='firstpublishedtime' content='2023-06-02-09:00:00'>"
    assert document_of(published + body).metadata.date == "2023-06-02"


TRADITIONAL = "一些窗口辦件積壓，群眾跑了幾趟還沒有辦成，要馬上清理。"
SIMPLIFIED = "一些窗口办件积压，群众跑了几趟还没有办成，要马上清理。"


@pytest.mark.parametrize(
    ("text", "codec", "declared", "read_as"),
    [
        (SIMPLIFIED, "utf-8", "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8", "gb2312", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "gbk", "utf-8-sig"),
        (SIMPLIFIED, "gb2312", "gb2312", "gb18030"),
        (SIMPLIFIED + "镕", "gb18030", "gb2312", "gb18030"),
        (SIMPLIFIED, "gb18030", "", "gb18030"),
        (SIMPLIFIED, "gb18030", "big5", "gb18030"),
        (TRADITIONAL, "big5", "Big5", "big5hkscs"),
        (TRADITIONAL, "big5", "", "big5hkscs"),
        (TRADITIONAL, "big5", "gb2312", "big5hkscs"),
        (SIMPLIFIED, "utf-16", "gb2312", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "", "utf-16-le"),
    ],
)
@pytest.mark.parametrize(
    "form", ["<meta charset='{}'>", "<META http-equiv=Content-Type content='text/html; charset={}'>"]
)
def test_pages_in_every_encoding(text: str, codec: str, declared: str, read_as: str, form: str) -> None:
    page = f"<html><head>{form.format(declared)}</head><body><p>{text}</p></body></html>"
    document = document_of(page.encode(codec))
    assert (document.text, document.encoding) == (text, read_as)


def test_what_a_short_page_declares_decides_between_guesses() -> None:
    data = "乾燥".encode("big5")
    assert text_of(data + b"<br>") == data.decode("gb18030") == "爱狸"
    assert text_of(b"<meta charset=big5>" + data) == "乾燥"
    assert text_of(b"<?xml version='1.0' encoding='gb2312'?><p>" + data) == "爱狸"
    # What is declared and gives no plausible text is not believed.
    assert text_of(b"<meta charset=big5>" + "水利".encode("gb18030")) == "水利"


def test_a_text_file_under_the_name_of_a_page_keeps_its_lines() -> None:
    assert text_of("一、修路。\n二、架桥 < 三座。\n") == "一、修路。\n二、架桥 < 三座。\n"


FONTS = "<p>" + "".join(f"<font color=c{n}>" for n in range(900))


@pytest.mark.parametrize(
    ("page", "seen", "advice"),
    [
        ("<div id='app'></div><script src='/app.js'></script>", "without text of its own", "save it as .txt"),
        ("<frameset><frame src='a.html'></frameset>", "without text of its own", "save it as .txt"),
        ("<title>只有标题</title>", "without text of its own", "open it in a browser"),
        ("<p>&nbsp;\u3000</p>", "without text of its own", "open it in a browser"),
        ("From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", "a web archive (MHTML)", "HTML only"),
        (b"%PDF-1.7 <p>", "a PDF, not plain text", "suffix of its format"),
        (b"PK\x03\x04<p>", "a ZIP archive", "suffix of its format"),
        ("<p>办件".encode()[:-1] + b"<p>", "UTF-8 breaks at byte", "copy the file again"),
        ("<p>办件\0清零</p>", "a binary file", "save"),
        ("", "empty (0 bytes)", "give a document"),
        ("<div>" * 30_000 + "字", "nested without end (30,000 are never closed)", "save its text as .txt"),
        ("<p>" * 1_000_001 + "字", "1,000,001 tags, the limit is 1,000,000", "save its text as .txt"),
        (FONTS + "</p><p>字" * 3000, "nested without end (900 are", "save"),
    ],
)  # fmt: skip
def test_what_gives_no_text_is_refused_with_a_reason(page: str | bytes, seen: str, advice: str) -> None:
    message = refusal(page)
    assert seen in message
    assert advice in message


def test_deep_and_broken_markup_is_read_by_iteration() -> None:
    deep = 4000
    assert text_of("<div>" * deep + "深处" + "</div>" * deep) == "深处"
    assert text_of("<b>" * deep + "<p>深处") == "深处"
    assert text_of("<table><tr><td>" * 500 + "深处") == "深处"
    assert article("甲<div" + " x" * 1000 + ">乙</p></td></div></div>丙<") == "甲\n乙"


def test_limits_are_those_of_the_options() -> None:
    with pytest.raises(DocumentError, match="the limit is 10"):
        document_of("<p>办件清零</p>", max_bytes=10)
    with pytest.raises(DocumentError, match="4 characters, the limit is 3"):
        document_of("<p>办件清零</p>", max_characters=3)


def test_the_units_of_real_documents_are_those_of_their_text(shared_documents: list[dict[str, Any]]) -> None:
    for entry in shared_documents[::60]:
        lines = [line for line in entry["text"].split("\n") if line.strip()]
        if len(lines) < 10:
            continue
        title, *body = map(html.escape, lines)
        shown = "\n".join(f"<p>{line}</p>" for line in body)
        for container in ("div id='zoom'", "div"):
            head = f"<title>{title}_某站</title>{MENU}<div><h1>{title}</h1>"
            page = f"{head}<{container}>{shown}</div></div>{FOOT}"
            [document] = read_documents(Source("a.html", data=page.encode()))
            assert isinstance(document, Document)
            assert _units(document.text) == _units("\n".join(lines))


def _units(text: str) -> list[tuple[str, str]]:
    canonical = normalise(text)
    return [(canonical.text[cut.start : cut.end], cut.kind) for cut in cut_units(canonical)]

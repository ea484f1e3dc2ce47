"""Sound files of every format, as the programs that people use write them: where faults begin."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

LINES = (
    "关于整治推诿扯皮、久拖不决问题的实施方案",
    "青溪县政办发〔2024〕18号",
    "一、对庸政懒政的严肃问责，让干部敢担当、善作为。",
    "二、窗口要做到一次告知、限时办结，不得让群众来回跑。",
    "坚决防止数据造假、虚报瞒报。",
    "青溪县人民政府办公室",
    "2024年3月5日",
)
HANT = "要堅決整治推諉扯皮、久拖不決，窗口服務須一次辦好。\n"
TEXT = "\n".join(LINES) + "\n"


def plain() -> list[bytes]:
    """Text in each of the encodings that are told apart."""
    codecs = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32")
    return [*(TEXT.encode(codec) for codec in codecs), HANT.encode("big5hkscs"), TEXT.encode() * 50]


def word() -> list[bytes]:
    """A document of paragraphs, headings and tables, one with fields and notes, and a bare one."""
    made = docx.Document()
    made.add_heading(LINES[0], 1)
    for line in LINES[1:]:
        made.add_paragraph(line).add_run("（试行）").bold = True
    table = made.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = LINES[2]
    table.cell(1, 0).add_table(1, 1).cell(0, 0).text = LINES[3]
    made.sections[0].header.paragraphs[0].text = LINES[5]
    stream = io.BytesIO()
    made.save(stream)
    with zipfile.ZipFile(stream) as archive:
        read = {name: archive.read(name) for name in archive.namelist() if name.startswith(("_rels", "word"))}
    del read["word/theme/theme1.xml"], read["word/stylesWithEffects.xml"]  # large, and never read
    return [zipped(read), package(_RICH, {}), package(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>", {})]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RICH = (
    '<w:p><w:pPr><w:pStyle w:val="a"/><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:fldChar w:fldCharType="begin"/>'
    '<w:instrText>TOC</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>目录</w:t>'
    f'<w:fldChar w:fldCharType="end"/></w:r></w:p><w:p><w:ins><w:r><w:t>{LINES[2]}</w:t></w:r></w:ins>'
    "<w:del><w:r>"
    '<w:delText>不</w:delText></w:r></w:del><w:r><w:footnoteReference w:id="2"/><w:tab/><w:br/>'
    '<w:sym w:font="a" w:char="F0B7"/><w:rPr><w:vanish/></w:rPr></w:r><w:sdt><w:sdtContent><w:r>'
    "<w:t>三</w:t></w:r></w:sdtContent></w:sdt><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>红头</w:t></w:r></w:p>"
    "</w:txbxContent></mc:Choice><mc:Fallback><w:p/></mc:Fallback></mc:AlternateContent></w:p><w:tbl><w:tr>"
    '<w:trPr><w:del/></w:trPr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
)


def package(body: str, more: Mapping[str, bytes]) -> bytes:
    """A bare Word document: its body in markup, with styles and notes, and further or other parts."""
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    kinds = (("rId1", "styles"), ("rId2", "footnotes"))
    related = "".join(
        f'<Relationship Id="{number}" Type="{_TYPE}/{kind}" Target="{kind}.xml"/>' for number, kind in kinds
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    main = f'<Relationship Id="a" Type="{_TYPE}/officeDocument" Target="word/document.xml"/>'
    styles = (
        '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    )
    note = f'<w:footnote w:id="2"><w:p><w:r><w:t>{LINES[4]}</w:t></w:r></w:p></w:footnote>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{relations}">{main}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{relations}">{related}</Relationships>',
        "word/document.xml": (
            f'<w:document xmlns:w="{W}" xmlns:mc="{mc}"><w:body>{body}</w:body></w:document>'
        ),
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}">{note}</w:footnotes>',
    }
    return zipped({name: part.encode() for name, part in parts.items()} | dict(more))


def page() -> list[bytes]:
    """Pages of an authority's site, with tables of facts, frames, ruby and forms."""
    paragraphs = "".join(f"<p>{line}</p>" for line in LINES)
    title = f"<meta name=ArticleTitle content={LINES[0]}><title>{LINES[0]}_门户</title>"
    head = f"<head><meta charset=utf-8>{title}</head>"
    cells = ("发文机关：", LINES[5], "成文日期：", LINES[6])
    block = f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
    nav = "<nav><ul><li><a href=/>首页</a></ul></nav><h1>标题</h1>"
    rest = (
        "<pre>甲\n乙</pre><ruby>经<rt>jing</rt></ruby><iframe src=a></iframe><svg><title>x</title></svg>"
        "<select><option>x"
    )
    body = f"<body>{nav}{block}<div id=zoom>{paragraphs}</div>{rest}</body>"
    return [
        f"<!DOCTYPE html><html>{head}{body}</html>".encode(),
        f"<html><meta charset=gb2312><body><article>{paragraphs}</article></body>".encode("gb18030"),
        f"<p>{TEXT}<br><b><i>{HANT}<table><td>{TEXT}</table><font>".encode(),
    ]


ROWS = (
    ("编号", "标题", "内容", "日期", "数"),
    ("1", LINES[0], TEXT, "2024-03-05", "1.50"),
    ("2", "甲，“乙”", f'"{LINES[3]}"\n{LINES[4]}', "2024年", "=1+1"),
    ("3", "", LINES[2], "", "-3"),
)


def delimited() -> list[bytes]:
    """Tables with each delimiter, quoted cells over many lines, in several encodings."""
    return [
        _delimited(delimiter).encode(codec)
        for delimiter, codec in ((",", "utf-8-sig"), ("\t", "gb18030"), (";", "utf-8"), ("|", "utf-16"))
    ]


def _delimited(delimiter: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(ROWS)
    return stream.getvalue()


def json_lines() -> list[bytes]:
    """Objects a line, with values of every kind."""
    rows = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    rich = {"id": 1, "text": TEXT, "a": [1.10, None, True, {"b": "\U00020000"}], "c": 1e300, "d": -0}
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in [*rows, rich])
    return [lines.encode(), lines.encode("gb18030", "replace"), json.dumps(rich).encode() + b"\r\n"]


def workbook() -> list[bytes]:
    """Workbooks of two writers: shared and inline strings, formulas, dates, merged cells, two sheets."""
    return [_by_openpyxl(), _by_xlsxwriter({}), _by_xlsxwriter({"constant_memory": True})]


def _by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    sheet.append([4, date(2024, 3, 5), LINES[3], datetime(2024, 3, 5, 14, 30), True])
    sheet.merge_cells("A7:B8")
    book.create_sheet("二").append(["正文", "x"])
    book["二"].append([TEXT, "#N/A"])
    return _saved(book)


def book(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet; what begins with = is a formula."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    return _saved(made)


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return stream.getvalue()


def _by_xlsxwriter(options: dict[str, bool]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, **options})
    sheet = book.add_worksheet()
    for number, row in enumerate(ROWS, 2):
        sheet.write_row(number, 1, row)
    sheet.write_formula(9, 1, "=SUM(A1:A9)", None, 7)
    sheet.write_datetime(9, 4, datetime(2024, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_rich_string(9, 3, "坚决", book.add_format({"bold": True}), LINES[2])
    book.close()
    return stream.getvalue()


def parquet() -> list[bytes]:
    """Files of strings, nested and typed columns, packed in several ways and not at all."""
    table = pa.table(
        {
            "正文": [TEXT, LINES[2], None, HANT] * 20,
            "编号": list(range(80)),
            "日期": [datetime(2024, 3, 5)] * 80,
            "值": [[1.5, None], []] * 40,
            "b": [b"\xff", b"a"] * 40,
            "s": [{"x": 1, "y": "甲"}] * 80,
        }
    )
    kinds: Sequence[dict[str, object]] = (
        {"compression": "none"},
        {"compression": "snappy", "row_group_size": 16},
        {"compression": "zstd", "use_dictionary": False, "data_page_version": "2.0"},
        {"compression": "gzip", "use_byte_stream_split": ["值"], "use_dictionary": False},
    )
    return [_parquet(table, kind) for kind in kinds[:3]] + [
        _parquet(table.select(["正文"]), {"compression": "gzip"})
    ]


def _parquet(table: pa.Table, options: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream, **options)
    return stream.getvalue()


def archive() -> list[bytes]:
    """Archives of documents, in archives, in each way of packing, with names of other systems."""
    texts = {"甲/工作报告.txt": TEXT.encode(), "乙.html": page()[0], "../丙.csv": delimited()[0]}
    inner = zipped(texts, zipfile.ZIP_DEFLATED)
    foreign = zipped({"name.txt": TEXT.encode()}).replace(b"name", "报告".encode("gbk"))
    return [
        zipped({**texts, "丁.docx": word()[2], "戊.zip": inner}),
        zipped(texts, zipfile.ZIP_BZIP2),
        zipped(texts, zipfile.ZIP_LZMA),
        zipped(texts, zipfile.ZIP_STORED),
        foreign,
    ]


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file of the parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()

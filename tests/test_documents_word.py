"""Word documents, made by python-docx, and by hand where it cannot make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml.parser import parse_xml

from wuxing_nlp.documents import Document, ReadOptions, Source
from wuxing_nlp.documents.reading import read_documents
from wuxing_nlp.documents.word.reader import read
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.units import cut_units

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def body_of(xml: str) -> bytes:
    """A document of python-docx whose body is ``xml``."""
    document = docx.Document()
    for element in parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    return saved(document)


def rewritten(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def with_notes(data: bytes, kind: str, notes: str) -> bytes:
    """The package with a part of foot- or endnotes."""

    def change(parts: dict[str, bytes]) -> None:
        relation = f'<Relationship Id="rId99{kind}" Type="{RELATIONS}/{kind}s" Target="{kind}s.xml"/>'
        rels = parts["word/_rels/document.xml.rels"]
        parts["word/_rels/document.xml.rels"] = rels.replace(
            b"</Relationships>", f"{relation}</Relationships>".encode()
        )
        parts[f"word/{kind}s.xml"] = f"<w:{kind}s {NAMESPACES}>{notes}</w:{kind}s>".encode()

    return rewritten(data, change)


def text_of(data: bytes) -> str:
    [document] = read(Source("a.docx", data=data), ReadOptions())
    return document.text


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        text_of(data)
    assert str(caught.value).startswith("a.docx: ")
    assert str(caught.value).isprintable()
    return str(caught.value)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def bare_run(*elements: str) -> str:
    return f"<w:r>{''.join(elements)}</w:r>"


def field_mark(kind: str) -> str:
    return f"<w:fldChar w:fldCharType='{kind}'/>"


def reference(kind: str, number: int) -> str:
    return bare_run(f"<w:{kind}Reference w:id='{number}'/>")


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def test_paragraphs_headings_and_tables_in_the_order_of_the_body() -> None:
    document = docx.Document()
    document.add_heading("青溪县政务服务工作报告", 0)
    document.add_paragraph("一些窗口一天只办十来件。")
    document.add_paragraph("")
    document.add_heading("一、进展", 1)
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "事项", "进度"
    table.cell(1, 0).text, table.cell(1, 1).text = "修路\n架桥", ""
    document.add_paragraph("群众少跑了腿。", style="List Number")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    document.core_properties.title = "模板"
    [read_back] = read(Source("a.docx", data=saved(document)), ReadOptions())
    assert read_back.text == (
        "青溪县政务服务工作报告\n一些窗口一天只办十来件。\n\n一、进展\n事项\n进度\n修路\n架桥\n群众少跑了腿。"
    )
    assert read_back.title == "青溪县政务服务工作报告"
    assert read_back.encoding == ""


def test_breaks_tabs_and_hyphens_inside_a_paragraph() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("办件：\t三件\n催办-两件").add_break()
    assert text_of(saved(document)) == "办件：\t三件\n催办-两件\n"
    xml = paragraph(
        run("甲<!-- 批注 -->乙"),
        bare_run("<w:br w:type='page'/>", "<w:t xml:space='preserve'> 丙\n丁</w:t>", "<w:cr/>"),
        bare_run("<w:noBreakHyphen/>", "<w:softHyphen/>"),
        bare_run(
            "<w:sym w:char='25A1'/>", "<w:sym w:font='Wingdings' w:char='F0FE'/>", "<w:sym w:char='x'/>"
        ),
        properties="<w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs>",
    )
    assert text_of(body_of(xml)) == "甲乙\n 丙 丁\n-□"


def test_merged_cells_count_once_and_nested_tables_stand_in_their_cell() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "考核结果"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "乡镇"
    table.cell(1, 1).text = "合格"
    inner = table.cell(2, 2).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "东河镇", "西岭镇"
    table.cell(2, 2).add_paragraph("两镇在列")
    assert text_of(saved(document)) == "考核结果\n乡镇\n合格\n东河镇\n西岭镇\n两镇在列"


def test_tracked_changes_count_as_accepted() -> None:
    xml = (
        paragraph(
            run("县里"),
            f"<w:ins w:id='1'>{run('当年')}</w:ins>",
            "<w:del w:id='2'><w:r><w:delText>明年</w:delText></w:r></w:del>",
            f"<w:moveFrom w:id='3'>{run('搬走的话')}</w:moveFrom>",
            run("修通了路。"),
        )
        + paragraph(f"<w:moveTo w:id='4'>{run('搬来的话。')}</w:moveTo>")
        + paragraph(run("前半句，"), properties="<w:rPr><w:del w:id='5'/></w:rPr>")
        + paragraph(run("后半句。"))
        + "<w:tbl><w:tr><w:trPr><w:del w:id='6'/></w:trPr>"
        + cell(paragraph(run("删去的行")))
        + "</w:tr><w:tr>"
        + cell(paragraph(run("删去的格")), "<w:cellDel w:id='7'/>")
        + cell(paragraph(run("留下的格"), properties="<w:rPr><w:del w:id='8'/></w:rPr>"))
        + "</w:tr></w:tbl>"
        + paragraph(run("表后。"))
        + paragraph(run("文末"), properties="<w:rPr><w:moveFrom w:id='9'/></w:rPr>")
    )
    assert text_of(body_of(xml)) == (
        "县里当年修通了路。\n搬来的话。\n前半句，后半句。\n留下的格\n表后。\n文末"
    )


def test_hidden_text_stays_hidden() -> None:
    vanish = "<w:vanish/>"
    xml = (
        paragraph(run("看得见，"), run("看不见", vanish), run("也看得见。", "<w:vanish w:val='0'/>"))
        + paragraph(run("同一行的", ""), properties=f"<w:rPr>{vanish}</w:rPr>")
        + paragraph(run("两段"), run("藏", "<w:rStyle w:val='Inner'/>"))
        + paragraph(run("窗体顶端"), properties="<w:pStyle w:val='Top'/>")
        + paragraph(run("显现"), properties="<w:pStyle w:val='Shown'/>")
    )
    styles = (
        "<w:style w:styleId='Base'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:styleId='Top'><w:basedOn w:val='Base'/></w:style>"
        "<w:style w:styleId='Inner'><w:basedOn w:val='Top'/></w:style>"
        "<w:style w:styleId='Shown'><w:basedOn w:val='Base'/>"
        "<w:rPr><w:vanish w:val='false'/></w:rPr></w:style>"
        "<w:style w:styleId='Loop'><w:basedOn w:val='Loop'/></w:style></w:styles>"
    )

    def change(parts: dict[str, bytes]) -> None:
        parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", styles.encode())

    assert text_of(rewritten(body_of(xml), change)) == "看得见，也看得见。\n同一行的两段\n显现"


BEGIN, SEPARATE, END = (bare_run(field_mark(kind)) for kind in ("begin", "separate", "end"))


def field(instruction: str, result: str) -> str:
    return f"{BEGIN}{instruction}{SEPARATE}{result}{END}"


def test_of_fields_the_result_alone_is_text() -> None:
    code = "<w:r><w:instrText>HYPERLINK &quot;http://127.0.0.1/&quot;</w:instrText></w:r>"
    nested = field(code + field(code, run("条件")), run("结果"))
    simple = f"<w:fldSimple w:instr='DATE'>{run('五月')}</w:fldSimple>"
    hidden = bare_run("<w:rPr><w:vanish/></w:rPr>", field_mark("begin"))
    xml = (
        paragraph(run("见"), field(code, run("办法")), nested, simple)
        + paragraph("<w:hyperlink w:anchor='x'>", run("附件一"), "</w:hyperlink>")
        # A table of contents is one field over many paragraphs.
        + paragraph(BEGIN, code, SEPARATE, run("目录"))
        + paragraph(run("一、总则"), END, run("完"))
        + paragraph(run("甲"), hidden, code, run("代码"), END, run("乙"))
    )
    assert text_of(body_of(xml)) == "见办法结果五月\n附件一\n目录\n一、总则完\n甲乙"


def test_text_boxes_are_read_once_and_before_their_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('青溪县人民政府文件'))}{paragraph()}</w:txbxContent>"
    choices = (
        f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        "<mc:Choice Requires='x'><w:t>第二种</w:t></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
    )
    old = "<mc:AlternateContent><mc:Fallback><w:t>只有旧版</w:t></mc:Fallback></mc:AlternateContent>"
    art = "<w:pict><v:shape><v:textpath string='艺术字标题'/></v:shape></w:pict>"
    xml = (
        paragraph(run("青政发〔2024〕1号"), bare_run(f"<mc:AlternateContent>{choices}</mc:AlternateContent>"))
        + paragraph(bare_run(old))
        + paragraph(bare_run(art), run("正文"))
    )
    assert text_of(body_of(xml)) == "青溪县人民政府文件\n青政发〔2024〕1号\n只有旧版\n艺术字标题\n正文"


def test_content_controls_ruby_and_formulas() -> None:
    ruby = f"<w:ruby><w:rt>{run('jīng')}</w:rt><w:rubyBase>{run('经')}</w:rubyBase></w:ruby>"
    block = paragraph(run("控件里的段落"))
    xml = (
        f"<w:sdt><w:sdtPr><w:alias w:val='名'/></w:sdtPr><w:sdtContent>{block}</w:sdtContent></w:sdt>"
        + paragraph(f"<w:sdt><w:sdtContent>{run('行内控件')}</w:sdtContent></w:sdt>")
        + paragraph(bare_run(ruby), "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>")
    )
    assert text_of(body_of(xml)) == "控件里的段落\n行内控件\n经x=1"


def test_notes_follow_the_body_in_the_order_of_their_references() -> None:
    foot, end = "footnote", "endnote"
    xml = (
        paragraph(run("放管服"), reference(foot, 3), run("改革"), reference(end, 2))
        + paragraph(run("一网通办"), reference(foot, 2), reference(foot, 3))
        + paragraph("<w:del w:id='1'>", reference(foot, 4), "</w:del>", run("完"))
    )
    notes = {number: paragraph("<w:r><w:footnoteRef/></w:r>", run(f"注{number}。")) for number in (2, 3, 4)}
    footnotes = f"<w:footnote w:type='separator' w:id='-1'>{paragraph(run('分隔'))}</w:footnote>" + "".join(
        f"<w:footnote w:id='{number}'>{note}{paragraph()}</w:footnote>" for number, note in notes.items()
    )
    data = with_notes(body_of(xml), "footnote", footnotes)
    data = with_notes(data, "endnote", f"<w:endnote w:id='2'>{paragraph(run('尾注。'))}</w:endnote>")
    assert text_of(data) == "放管服改革\n一网通办\n完\n注3。\n注2。\n尾注。"
    # Notes that are referred to and lost are no reason to lose the rest.
    assert text_of(body_of(xml)) == "放管服改革\n一网通办\n完"


def test_the_strict_dialect_another_main_part_and_dangling_relations_are_read() -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["word/document2.xml"] = parts.pop("word/document.xml").replace(W.encode(), STRICT.encode())
        rels = parts["_rels/.rels"].replace(b"word/document.xml", b"/word/document2.xml")
        parts["_rels/.rels"] = rels.replace(
            RELATIONS.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        lost = f'<!-- x --><Relationship Id="a" Type="{RELATIONS}/styles" Target="../NULL"/></Relationships>'
        parts["word/_rels/document2.xml.rels"] = (
            parts.pop("word/_rels/document.xml.rels")
            .replace(b"styles.xml", b"gone.xml")
            .replace(b"</Relationships>", lost.encode())
        )

    document = docx.Document()
    document.add_paragraph("干部下沉一线。")
    assert text_of(rewritten(saved(document), change)) == "干部下沉一线。"
    assert text_of(rewritten(saved(document), lambda parts: parts.pop("_rels/.rels"))) == "干部下沉一线。"


def test_text_that_lies_in_other_files_is_not_lost_silently() -> None:
    message = refusal(body_of(paragraph(run("一")) + "<w:altChunk/>"))
    assert "w:altChunk" in message
    assert "open it in Word" in message


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (saved(docx.Document()), "holds white space only"),
        (b"", "empty (0 bytes)"),
        ("青溪县工作报告".encode(), "not a .docx: no ZIP archive"),
    ],
)
def test_what_holds_no_text_is_refused_with_a_reason(data: bytes, seen: str) -> None:
    assert seen in refusal(data)


def nested(depth: int) -> bytes:
    inside = "<w:sdt><w:sdtContent>" * depth + paragraph(run("深处")) + "</w:sdtContent></w:sdt>" * depth
    xml = f'<w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>'
    return rewritten(saved(docx.Document()), lambda parts: parts.update({"word/document.xml": xml.encode()}))


def test_deep_nesting_ends_in_a_reason_not_in_recursion() -> None:
    assert "damaged Word document" in refusal(nested(5000))
    assert text_of(nested(100)) == "深处"


def test_the_units_of_real_documents_are_those_of_their_text(shared_documents: list[dict[str, Any]]) -> None:
    for entry in shared_documents[::90]:
        document = docx.Document()
        for line in entry["text"].split("\n"):
            document.add_paragraph(line)
        [read_back] = read_documents(Source("a.docx", data=saved(document)))
        assert isinstance(read_back, Document)
        assert read_back.text == entry["text"]
        assert cut_units(normalise(read_back.text)) == cut_units(normalise(entry["text"]))

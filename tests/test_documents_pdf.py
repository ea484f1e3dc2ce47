"""PDFs made by a real writer come back as the text that was typeset; rubbish never does."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

from wuxing_nlp.documents import ReadOptions, Source
from wuxing_nlp.documents.pdf.extraction import MAX_PAGES, extract
from wuxing_nlp.documents.pdf.reader import read
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.text.script import normalise
from wuxing_nlp.text.units import cut_units

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

TITLE = "关于开展窗口服务提质和基层减负专项行动的实施方案"
PARAGRAPHS = [
    "为了把群众反映强烈的办事慢、来回跑问题解决好，让干部从过多的报表和台账里抽出身来，经县政府研究，制定本方案。",
    "一、总体要求",
    "坚持问题导向和结果导向，谁的责任谁来扛，谁的短板谁来补；力争到2025年底，县级依申请事项网上可办率达到98.6%，"
    "企业开办压缩到1个工作日以内，群众满意度不低于95%。",
    "二、重点任务",
    "（一）清理积压事项",
    "各单位要对三个月以上没有办结的事项逐件登记，一是说清楚卡在哪个环节；二是明确办结的时间和责任人；"
    "三是每周公开进度。"
    "对久拖不决、推来推去的，由县纪委监委机关约谈主要负责人。",
    "（二）推行一窗受理、一次办好",
    "把开办餐馆、药店、培训机构等二十件常办的事整合为“一件事”，统一受理、并联审批、限时办结。"
    "依托ODR平台和EMS寄递，实现材料共享，凡是能够通过系统核验的，不得要求群众重复提交。",
    "1.规范服务用语，公布服务时限，设置“办不成事”反映窗口。",
    "2.建立容错清单，鼓励干部大胆改革，对勇于担当、敢闯敢试的给予表彰。",
    "三、工作保障",
    "加强统筹协调，县政府办公室牵头建立联席会议制度，每两周调度一次，及时研究解决跨部门的难题；审计、财政、人社等部门要"
    "各司其职，做到资金跟着任务走、考核跟着实绩走，坚决防止只在纸面上整改、只在会议上落实。",
]
BODY = [*PARAGRAPHS, *(f"附则{text}" if text.endswith("。") else text for text in PARAGRAPHS)] * 3
SENTENCE = "全县上下要拧成一股绳，把每一件民生小事当作大事来办，"


def body_style(size: float = 16, **more: Any) -> ParagraphStyle:
    return ParagraphStyle("body", fontName=FONT, fontSize=size, leading=size * 1.75, wordWrap="CJK", **more)


INDENTED = body_style(firstLineIndent=32, alignment=4)
LAYOUTS = {
    "indented": INDENTED,
    "ragged": body_style(firstLineIndent=32),
    "spaced": body_style(12, spaceAfter=10),
    "small": body_style(10.5, firstLineIndent=21, alignment=4),
}


def furnish(canvas: Canvas, document: Any) -> None:
    """A running header and a page number, written before the page's text as reportlab does."""
    canvas.setFont(FONT, 9)
    canvas.drawString(80, A4[1] - 50, "某县人民政府办公室文件")
    canvas.drawCentredString(A4[0] / 2, 40, f"— {document.page} —")


def typeset(
    paragraphs: list[str], style: ParagraphStyle = INDENTED, title: str = TITLE, columns: int = 1
) -> bytes:
    """An official document as a PDF."""
    stream = io.BytesIO()
    width = (A4[0] - 160) / columns
    frames = [Frame(80 + number * width, 80, width, A4[1] - 180) for number in range(columns)]
    document = BaseDocTemplate(stream, pagesize=A4, title="Microsoft Word - 新建文档")
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furnish))
    heading = ParagraphStyle("title", fontName=FONT, fontSize=22, leading=33, alignment=1, wordWrap="CJK")
    document.build([Paragraph(title, heading), *(Paragraph(text, style) for text in paragraphs)])
    return stream.getvalue()


def draw(*pages: Any) -> bytes:
    """A PDF of pages, each drawn by a function of the canvas."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for page in pages:
        canvas.setFont(FONT, 16)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def written(*lines: str) -> Any:
    """A page that holds the lines."""

    def page(canvas: Canvas) -> None:
        for number, line in enumerate(lines):
            canvas.drawString(80, 700 - 28 * number, line)

    return page


def scanned(canvas: Canvas) -> None:
    image = b"P6 2 2 255 " + bytes(12)
    canvas.drawImage(ImageReader(io.BytesIO(image)), 0, 0, *A4)


def empty(canvas: Canvas) -> None:
    pass


def raw_pdf(contents: str, to_unicode: dict[int, int] | None = None, pages: int = 1) -> bytes:
    """A PDF whose font has glyph numbers and a table of our own that says what they mean."""
    table = "\n".join(f"<{glyph:04x}> <{code:04x}>" for glyph, code in (to_unicode or {}).items())
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(to_unicode or {})} beginbfchar\n{table}\nendbfchar endcmap end"
    )
    link = "/ToUnicode 7 0 R" if to_unicode else ""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{'3 0 R ' * pages}]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(contents)}>>stream\n{contents}\nendstream",
        f"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[6 0 R]{link}>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Own/DW 1000/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
        "<</Type/FontDescriptor/FontName/Own/Flags 4/FontBBox[0 0 1000 1000]/Ascent 880/Descent -120"
        "/ItalicAngle 0/CapHeight 700/StemV 80>>",
    ]
    return _assembled(objects)


def _assembled(objects: list[str]) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj{content}endobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        data
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\n"
            f"startxref\n{len(data)}\n%%EOF\n"
        ).encode()
    )


def own_font(text: str, meanings: dict[str, str], *, table: bool = True) -> bytes:
    """A page that shows ``text``, of which the font says that each character is its meaning."""
    glyphs = {character: number for number, character in enumerate(dict.fromkeys(text), start=1)}
    lines = [text[start : start + 25] for start in range(0, len(text), 25)]
    shown = " T* ".join("<" + "".join(f"{glyphs[c]:04x}" for c in line) + "> Tj" for line in lines)
    codes = {number: ord(meanings.get(character, character)) for character, number in glyphs.items()}
    return raw_pdf(f"BT /F 16 Tf 28 TL 80 740 Td {shown} ET", codes if table else None)


def text_of(data: bytes, told: list[str] | None = None, **options: Any) -> str:
    notify = None if told is None else told.append
    [document] = read(Source("a.pdf", data=data), ReadOptions(notify=notify, **options))
    return document.text


def refusal(data: bytes, **options: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        text_of(data, **options)
    assert caught.value.name == "a.pdf"
    assert caught.value.advice
    return caught.value


def units(text: str) -> list[tuple[str, str]]:
    canonical = normalise(text)
    return [(canonical.text[cut.start : cut.end], cut.kind) for cut in cut_units(canonical)]


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_documents_units_are_those_of_its_txt(layout: str, columns: int) -> None:
    data = typeset(BODY, LAYOUTS[layout], columns=columns)
    assert units(text_of(data)) == units("\n".join([TITLE, *BODY]))


@pytest.mark.parametrize("layout", ["indented", "ragged", "small"])
def test_every_paragraph_is_a_line(layout: str) -> None:
    assert text_of(typeset(BODY, LAYOUTS[layout])) == "".join(f"{line}\n" for line in [TITLE, *BODY])


@pytest.mark.parametrize("count", range(8, 17))
def test_a_sentence_goes_on_over_the_end_of_a_page(count: int) -> None:
    """With a page of 22 lines and a sentence of many lines, some page ends inside it."""
    text = SENTENCE * count * 2 + "确保件件有着落。"
    assert text in text_of(typeset([*PARAGRAPHS[:count], text])).splitlines()


def test_latin_words_keep_their_space_where_a_line_ends() -> None:
    text = "The county opened a single counter for all permits and answers letters within three days."
    latin = ParagraphStyle("latin", fontName="Times-Roman", fontSize=16, leading=28)
    assert f"{text}\n" in text_of(typeset([text], latin))


def test_a_title_in_two_lines_is_one() -> None:
    title = TITLE + "和任务分解表"
    assert text_of(typeset(BODY, title=title)).startswith(f"{title}\n{BODY[0]}\n")


def test_a_table_comes_cell_by_cell() -> None:
    cells = [[Paragraph(text, body_style(11)) for text in row] for row in (PARAGRAPHS[:2], PARAGRAPHS[2:4])]
    stream = io.BytesIO()
    document = BaseDocTemplate(stream, pagesize=A4)
    document.addPageTemplates(PageTemplate(frames=[Frame(80, 80, 440, 680)]))
    document.build([Table(cells, colWidths=[220, 200], style=[("GRID", (0, 0), (-1, -1), 1, colors.black)])])
    assert text_of(stream.getvalue()).splitlines() == PARAGRAPHS[:4]


def test_the_title_that_a_program_wrote_into_the_file_is_not_believed() -> None:
    [document] = read(Source("a.pdf", data=typeset(PARAGRAPHS)), ReadOptions())
    assert document.title == TITLE


def test_a_page_number_of_a_single_page_goes() -> None:
    data = draw(written("县政府办公室：", "现将有关情况报告如下。", "第 1 页 共 1 页"))
    assert text_of(data).splitlines() == ["县政府办公室：", "现将有关情况报告如下。"]


def test_radicals_become_the_characters_that_they_stand_for() -> None:
    text = "⼀⼆是⻓效机制，⾦融⽀持⺠生⻛险防控。"
    plain = "一二是长效机制，金融支持民生风险防控。"
    assert text_of(own_font(plain, dict(zip(plain, text, strict=True)))) == f"{plain}\n"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_upright(turn: int) -> None:
    places = {0: (0, 0), 90: (A4[1], 0), 180: A4, 270: (0, A4[0])}

    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        canvas.translate(*places[turn])
        canvas.rotate(turn)
        canvas.drawString(100, 400, "第一季度进度表")
        canvas.drawString(100, 300, "各乡镇完成情况")

    assert text_of(draw(page)).splitlines() == ["第一季度进度表", "各乡镇完成情况"]


def test_a_watermark_set_aslant_is_no_text() -> None:
    def page(canvas: Canvas) -> None:
        written("全县春耕备耕工作正在有序推进。")(canvas)
        canvas.rotate(45)
        canvas.setFont(FONT, 60)
        canvas.drawString(200, 100, "内部资料")

    assert text_of(draw(page)) == "全县春耕备耕工作正在有序推进。\n"


def test_scans_are_refused() -> None:
    error = refusal(draw(scanned, scanned, scanned))
    assert "3 of 3 pages have no text layer (1–3)" in error.seen
    assert "OCR it first" in error.advice


def test_text_drawn_as_outlines_is_no_text_layer() -> None:
    def page(canvas: Canvas) -> None:
        for number in range(40):
            canvas.line(80, 100 + number, 300, 101 + number)

    assert "1 of 1 pages have no text layer" in refusal(draw(page)).seen


def test_readable_pages_of_a_scan_are_read_and_the_others_told() -> None:
    told: list[str] = []
    line = "二是压缩审批时限，三个工作日内办结，逾期说明原因并公开道歉。"
    text = text_of(draw(written(line), scanned, written(line, "（完）"), scanned), told)
    assert text.splitlines() == [line, line, "（完）"]
    assert "2 of 4 pages have no text layer (2, 4)" in told[0]


def test_a_document_that_is_mostly_scanned_is_refused() -> None:
    line = "二是压缩审批时限，三个工作日内办结，逾期说明原因并公开道歉。"
    assert "2 of 3 pages" in refusal(draw(written(line), scanned, scanned)).seen


def test_an_empty_page_is_no_fault() -> None:
    told: list[str] = []
    assert text_of(draw(written("会议纪要已经印发。"), empty, empty), told) == "会议纪要已经印发。\n"
    assert told == []


def test_a_document_of_empty_pages_is_blank() -> None:
    assert refusal(draw(empty)).seen == "a PDF without any text"


LONG = "".join(PARAGRAPHS)


def test_the_own_font_of_these_tests_is_read() -> None:
    assert text_of(own_font(LONG, {})).replace("\n", "").replace(" ", "") == LONG.replace(" ", "")


def test_a_font_that_tells_no_characters_is_refused() -> None:
    error = refusal(own_font(LONG, {}, table=False))
    assert "garbled text" in error.seen
    assert "OCR" in error.advice


@pytest.mark.parametrize(
    "meanings",
    [
        {c: chr(0xE000 + number) for number, c in enumerate(dict.fromkeys(LONG))},
        {c: chr(0xC0 + number % 60) for number, c in enumerate(dict.fromkeys(LONG))},
        {c: chr(0x9700 + number) for number, c in enumerate(dict.fromkeys(LONG))},
        {c: chr(0x21 + number % 15) for number, c in enumerate(dict.fromkeys(LONG))},
    ],
    ids=["private use", "Latin letters", "rare characters", "signs"],
)
def test_text_with_wrong_meanings_is_refused(meanings: dict[str, str]) -> None:
    assert "garbled text" in refusal(own_font(LONG, meanings)).seen


def test_a_font_that_exchanges_characters_is_refused() -> None:
    characters = sorted({c for c in LONG if "\u4e00" <= c <= "\u9fff"})
    meanings = dict(zip(characters, [*characters[7:], *characters[:7]], strict=True))
    assert "exchanged for others" in refusal(own_font(LONG, meanings)).seen


def test_a_few_characters_without_meaning_are_left_out_and_told() -> None:
    told: list[str] = []
    text = text_of(own_font(LONG, {"抽": "\ue123"}), told)
    assert "\ue123" not in text
    assert "从过多的报表和台账里出身来" in text.replace("\n", "")
    assert told == ["a.pdf: characters without a meaning, left out: 1"]


def test_a_pdf_with_a_password_is_refused() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt="geheim")
    canvas.drawString(100, 100, "text")
    canvas.save()
    error = refusal(stream.getvalue())
    assert "encrypted with a password" in error.seen
    assert "without a password" in error.advice


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_refused(share: float) -> None:
    data = typeset(BODY)
    assert "cut off" in refusal(data[: int(share * len(data))]).seen


def test_a_damaged_file_is_refused() -> None:
    assert "damaged" in refusal(b"%PDF-1.4\n" + bytes(range(256)) * 10 + b"%%EOF").seen


def test_what_is_no_pdf_is_refused() -> None:
    assert "no PDF" in refusal(b"<html><p>" + LONG.encode() + b"</p></html>").seen


def test_a_pdf_without_pages_is_refused() -> None:
    assert "no pages" in refusal(raw_pdf("", pages=0)).seen


def test_more_pages_than_the_limit_are_refused() -> None:
    assert (
        f"{MAX_PAGES + 1:,} pages, the limit is {MAX_PAGES:,}"
        in refusal(raw_pdf("", pages=MAX_PAGES + 1)).seen
    )


def test_more_characters_than_the_limit_are_refused() -> None:
    assert "more than 1,000 characters" in refusal(typeset(BODY), max_characters=1_000).seen


def test_more_bytes_than_the_limit_are_refused() -> None:
    assert "the limit is 1,000" in refusal(typeset(BODY), max_bytes=1_000).seen


@given(st.data())
def test_damage_never_gives_anything_but_a_document_or_an_error(data: st.DataObject) -> None:
    pdf = bytearray(DAMAGED)
    for place in data.draw(st.lists(st.integers(0, len(pdf) - 1), min_size=1, max_size=20)):
        pdf[place] = data.draw(st.integers(0, 255))
    try:
        assert extract(bytes(pdf), "a.pdf", ReadOptions()).strip()
    except DocumentError:
        return


DAMAGED = own_font(LONG, {})


def test_threads_may_read_at_once() -> None:
    data = typeset(PARAGRAPHS)
    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(text_of, [data] * 12))
    assert texts == {text_of(data)}


def test_a_process_that_read_a_pdf_ends_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(typeset(PARAGRAPHS))
    code = f"from wuxing_nlp.documents import read_document; print(read_document({str(path)!r}).title)"
    ended = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, check=True)
    assert ended.stdout.decode().strip() == TITLE
    assert ended.stderr == b""

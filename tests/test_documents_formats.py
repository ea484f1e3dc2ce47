"""The registry of formats; and one document in all of them: the same units, the same codes."""

from __future__ import annotations

import csv
import html
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from opencc import OpenCC
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from wuxing_nlp.documents import Document, Source, read_documents
from wuxing_nlp.documents.formats import FORMATS, REFUSED, suffixes
from wuxing_nlp.model.tagger import Tagger

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "corpus" / "samples").glob("*.txt"))
FONTS = {"simplified": "STSong-Light", "traditional": "MSung-Light"}

Writer = Callable[[str, Path], Path]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def in_utf_8(text: str, folder: Path) -> Path:
    path = folder / "document.txt"
    path.write_text(text, encoding="utf-8-sig")
    return path


def in_gb_18030(text: str, folder: Path) -> Path:
    path = folder / "document.txt"
    path.write_text(text, encoding="gb18030")
    return path


def in_markdown(text: str, folder: Path) -> Path:
    path = folder / "document.md"
    path.write_text(text, encoding="utf-16")
    return path


def in_word(text: str, folder: Path) -> Path:
    made = docx.Document()
    for line in lines_of(text):
        made.add_paragraph(line)
    path = folder / "document.docx"
    made.save(str(path))
    return path


def in_pdf(text: str, folder: Path) -> Path:
    script = "traditional" if OpenCC("t2s").convert(text) != text else "simplified"
    pdfmetrics.registerFont(UnicodeCIDFont(FONTS[script]))
    style = ParagraphStyle("body", fontName=FONTS[script], fontSize=12, leading=20, wordWrap="CJK")
    style.firstLineIndent, style.spaceAfter = 24, 8
    heading = ParagraphStyle("title", style, fontSize=18, leading=28, alignment=1, firstLineIndent=0)
    title, *rest = map(html.escape, lines_of(text))
    path = folder / "document.pdf"
    story = [Paragraph(title, heading), *(Paragraph(line, style) for line in rest)]
    SimpleDocTemplate(str(path), pagesize=A4).build(story)
    return path


def in_html(text: str, folder: Path) -> Path:
    title, *rest = map(html.escape, lines_of(text))
    body = "".join(f"<p>\u3000\u3000{line}</p>" for line in rest)
    path = folder / "document.html"
    path.write_text(
        "<!DOCTYPE html><html><head><meta charset='gb18030'><title>网站</title></head><body>"
        f"<div class='nav'>首页 &gt; 政务公开</div><h1>{title}</h1><div class='TRS_Editor'>{body}</div>"
        "<div class='footer'>主办：某某网</div></body></html>",
        encoding="gb18030",
    )
    return path


def in_a_row_of_excel(text: str, folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["编号", "正文", "年份"])
    sheet.append(["007", text, 2024])
    path = folder / "documents.xlsx"
    book.save(path)
    return path


def in_a_row_of_csv(text: str, folder: Path) -> Path:
    path = folder / "documents.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([["编号", "正文"], ["007", text]])
    return path


def in_a_row_of_parquet(text: str, folder: Path) -> Path:
    path = folder / "documents.parquet"
    pq.write_table(pa.table({"编号": ["007"], "正文": [text]}), path)
    return path


def in_a_line_of_json(text: str, folder: Path) -> Path:
    path = folder / "documents.jsonl"
    path.write_text(json.dumps({"编号": "007", "正文": text}) + "\n", encoding="utf-8")
    return path


WRITERS: tuple[Writer, ...] = (
    in_utf_8,
    in_gb_18030,
    in_markdown,
    in_word,
    in_pdf,
    in_html,
    in_a_row_of_excel,
    in_a_row_of_csv,
    in_a_row_of_parquet,
    in_a_line_of_json,
)


def coded(tagger: Tagger, text: str) -> list[tuple[str, tuple[str, ...], str]]:
    """The units with their codes, white space and furniture aside."""
    return [
        ("".join(unit.text.split()), unit.codes, unit.status)
        for unit in tagger.tag(text).units
        if unit.kind != "furniture"
    ]


def text_of(path: Path) -> str:
    [document] = read_documents(path)
    assert isinstance(document, Document), document
    return document.text


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_document_has_the_same_codes_in_every_format(
    tagger: Tagger, tmp_path: Path, sample: Path, write: Writer
) -> None:
    text = sample.read_text(encoding="utf-8")
    assert coded(tagger, text_of(write(text, tmp_path))) == coded(tagger, text)


@pytest.mark.parametrize("codec", ["big5", "big5hkscs", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_traditional_document_has_the_same_codes_in_every_encoding(
    tagger: Tagger, tmp_path: Path, sample: Path, codec: str
) -> None:
    text = OpenCC("s2t").convert(sample.read_text(encoding="utf-8"))
    text = text.encode(codec, "ignore").decode(codec)  # what the encoding can hold
    (tmp_path / "a.txt").write_bytes(text.encode(codec))
    assert text_of(tmp_path / "a.txt") == text
    assert coded(tagger, text) != []


def test_every_format_has_a_reader() -> None:
    for suffix, form in FORMATS.items():
        assert callable(form.reader(f"a{suffix}"))
        assert suffix == suffix.lower()
    assert not set(FORMATS) & set(REFUSED)
    assert ".docx" in suffixes()
    assert ".zip" in suffixes()


@pytest.mark.parametrize(
    ("suffix", "library", "extra"),
    [
        (".docx", "docx", "documents"),
        (".pdf", "pypdfium2", "documents"),
        (".html", "selectolax", "documents"),
        (".xlsx", "python_calamine", "documents"),
        (".parquet", "pyarrow", "parquet"),
    ],
)
def test_a_missing_library_is_named_with_what_brings_it(
    tmp_path: Path, suffix: str, library: str, extra: str
) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"x")
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from wuxing_nlp.documents import read_documents\n"
        f"print(*read_documents({str(tmp_path / f'a{suffix}')!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"the library {library} is needed; pip install 'wuxing_nlp[{extra}]'" in done.stdout


def test_a_suffix_is_read_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "A.TXT").write_text("坚决整治推诿扯皮。", encoding="utf-8")
    assert Source.of(tmp_path / "A.TXT").suffix == ".txt"
    assert text_of(tmp_path / "A.TXT") == "坚决整治推诿扯皮。"

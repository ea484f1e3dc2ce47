"""PDFs for the attacks: by a writer that people use, and object by object."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.attacks.fuzz.seeds import LINES


def pages() -> list[bytes]:
    """Pages with their streams open and packed, turned, in columns; and a file of packed objects."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return [_drawn(packed=0), _drawn(packed=1, turn=90), _drawn(packed=0, columns=2), packed_objects()]


def _drawn(packed: int, turn: int = 0, columns: int = 1) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=packed)
    for page in range(2):
        canvas.setFont("STSong-Light", 12)
        if turn:
            canvas.setPageRotation(turn)
            canvas.rotate(90)
            canvas.translate(0, -595)
        for at, line in enumerate(LINES * columns):
            canvas.drawString(72 + 260 * (at // len(LINES)), 720 - 20 * (at % len(LINES)), line)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(300, 40, f"- {page + 1} -")
        canvas.rect(72, 72, 100, 10, fill=1)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def file_of(objects: Mapping[int, bytes]) -> bytes:
    """A PDF of numbered objects, of which the first is its catalog."""
    made, places = _bodies(b"%PDF-1.4\n", objects)
    start, count = len(made), max(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % count
    for number in range(1, count):
        made += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    return bytes(made + b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start))


def one_page(
    text: str,
    *,
    content: bytes = b"",
    contents: bytes = b"6 0 R",
    page: bytes = b"",
    catalog: bytes = b"<</Type/Catalog/Pages 2 0 R>>",
    resources: bytes = b"",
    more: Mapping[int, bytes] | None = None,
) -> bytes:
    """A PDF of one page with a line of text.

    Args:
        text: what it says.
        content: what is drawn besides.
        contents: the page's streams; that of the text is 6.
        page, catalog, resources: further entries of the page, another catalog, further resources.
        more: further objects, from 8 on.
    """
    shown = b"BT /F 12 Tf 72 700 Td <%s> Tj ET %s" % (_glyphs(text), content)
    leaf = b"/MediaBox[0 0 595 842]/Contents %s/Resources<<%s/Font<</F 4 0 R>>>>%s" % (
        contents,
        resources,
        page,
    )
    return file_of(
        {
            1: catalog,
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R%s>>" % leaf,
            4: _FONT % 5,
            5: stream_of(b"", _meanings(text)),
            6: stream_of(b"", shown),
            **(more or {}),
        }
    )


def drawing_one_another(depth: int, times: int) -> bytes:
    """A PDF of some kilobytes in which every form draws the next one so many times."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
    forms = {number: stream_of(form % (number + 1), b"/X Do " * times) for number in range(8, 8 + depth)}
    forms[8 + depth] = stream_of(form % 0, b"0 0 1 1 re f")
    return one_page(LINES[2], content=b"/X Do", resources=b"/XObject<</X 8 0 R>>", more=forms)


def packed_objects() -> bytes:
    """A PDF of version 1.5: objects in a stream, the table of places in another."""
    inside = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R/Resources<</Font<</F 4 0 R>>>>>>",
        _FONT % 8,
    )
    places = b" ".join(
        b"%d %d" % (number + 1, sum(map(len, inside[:number]))) for number in range(len(inside))
    )
    content = b"BT /F 12 Tf 72 700 Td <%s> Tj ET" % _glyphs(LINES[2])
    objects = {
        5: stream_of(b"/Type/ObjStm/N 4/First %d" % len(places), places + b"".join(inside)),
        6: stream_of(b"", content),
        8: stream_of(b"", _meanings(LINES[2])),
    }
    made, offsets = _bodies(b"%PDF-1.5\n", objects)
    start = offsets[7] = len(made)
    table = b"".join(_entry(number, offsets) for number in range(9))
    made += b"7 0 obj\n%s\nendobj\n" % stream_of(b"/Type/XRef/Size 9/W[1 4 1]/Root 1 0 R", table)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode %d 0 R/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    b"/DW 1000>>]>>"
)


def _meanings(text: str) -> bytes:
    """What tells the characters of glyphs, whose numbers are the characters' own."""
    codes = sorted({b"%04X" % ord(sign) for sign in text})
    pairs = b" ".join(b"<%s> <%s>" % (code, code) for code in codes)
    begin = (
        b"/CIDInit/ProcSet findresource begin begincmap 1 begincodespacerange <0000><FFFF> endcodespacerange"
    )
    return b"%s %d beginbfchar %s endbfchar endcmap end" % (begin, len(codes), pairs)


def _glyphs(text: str) -> bytes:
    return "".join(f"{ord(sign):04X}" for sign in text).encode()


def _bodies(head: bytes, objects: Mapping[int, bytes]) -> tuple[bytearray, dict[int, int]]:
    """The beginning of a file, and where each object stands in it."""
    made, places = bytearray(head), {}
    for number, body in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return made, places


def stream_of(facts: bytes, content: bytes, times: int = 1) -> bytes:
    """A stream packed so many times, with further entries of its dictionary."""
    for _ in range(times):
        content = zlib.compress(content, 1)
    filters = b"/FlateDecode" * times
    return b"<<%s/Filter[%s]/Length %d>>\nstream\n%s\nendstream" % (facts, filters, len(content), content)


def _entry(number: int, offsets: Mapping[int, int]) -> bytes:
    """Where an object is: free, at a place of the file, or so many behind the first of stream 5."""
    if 1 <= number <= 4:
        return b"\2" + (5).to_bytes(4, "big") + bytes([number - 1])
    return bytes([number > 0]) + offsets.get(number, 0).to_bytes(4, "big") + b"\0"

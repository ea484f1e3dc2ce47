"""Documents that ask to be completed from elsewhere, or to have something run: they are read as they
are, in a process that may neither connect nor start nor write anything, beside a server that counts."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from tests.attacks.fuzz import forbidden, portable, seeds

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 1 << 30
CANARY = "机密内容不得外泄"
DDE = "=cmd|'/c touch marker'!A0"
TEXT = "坚决整治推诿扯皮、久拖不决，对庸政懒政的严肃问责。"


class Counter(ThreadingTCPServer):
    """A server that notes who connects, and what is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        """Where it listens, to follow ``http://``."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Counter)
        self.server.asked.append(b"")
        self.request.settimeout(5)
        self.server.asked[-1] = self.request.recv(1_000)


@pytest.fixture
def server() -> Iterator[Counter]:
    with Counter() as counting:
        Thread(target=counting.serve_forever, daemon=True).start()
        yield counting
        counting.shutdown()


def child(*line: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-B", *map(str, line)], env=environment, capture_output=True, timeout=300
    )


# ------------------------------------------------------------------------------------ what asks for it

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _external(at: str, *kinds: str) -> str:
    """Relations to things elsewhere, of a package's part."""
    targets = (f"http://{at}/a", rf"\\\\{at}\a", f"file://{at}/a")
    rows = (
        f'<Relationship Id="e{number}" Type="{_RELATION}/{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate((kind, target) for kind in kinds for target in targets)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{package}">{"".join(rows)}</Relationships>'


def _word(at: str, secret: str) -> bytes:
    """Everything by which a Word document reaches outside of itself."""
    codes = (f'INCLUDEPICTURE "http://{at}/a"', f'INCLUDETEXT "{secret}"', 'DDEAUTO c:\\\\a "touch marker"')
    fields = "".join(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText>{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for code in codes
    )
    link = f'<w:hyperlink xmlns:r="{_RELATION}" r:id="e0"><w:r><w:t>{TEXT}</w:t></w:r></w:hyperlink>'
    image = f'<w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://{at}/a"/></w:pict>'
    kinds = (
        "attachedTemplate",
        "image",
        "hyperlink",
        "oleObject",
        "styles",
        "footnotes",
        "subDocument",
        "frame",
    )
    relations = _external(at, *kinds).encode()
    return seeds.package(
        f"<w:p>{fields}{link}<w:r>{image}</w:r></w:p>",
        {
            "word/_rels/document.xml.rels": relations,
            "word/_rels/settings.xml.rels": relations,
            "word/vbaProject.bin": b'Sub AutoOpen()\nShell "touch marker"\nEnd Sub',
        },
    )


def _word_with(head: str, body: str = "") -> bytes:
    """A Word document whose main part has a prologue of its own."""
    said = f"<w:body><w:p><w:r><w:t>{TEXT}{body}</w:t></w:r></w:p></w:body>"
    main = f'<w:document xmlns:w="{seeds.W}">{said}</w:document>'
    return seeds.package("", {"word/document.xml": f'<?xml version="1.0"?>{head}{main}'.encode()})


def _page(at: str, secret: str) -> bytes:
    url = f"http://{at}/a"
    head = (
        f'<base href="http://{at}/"><meta http-equiv=refresh content="0;url={url}"><title>甲</title>'
        f"<script src={url}></script><link rel=stylesheet href={url}><link rel=preload as=image href={url}>"
        f"<style>@import url({url});</style>"
    )
    body = (
        f"<img src={url} srcset={url}><iframe src={url}></iframe><object data={url}></object>"
        f"<embed src={url}><video src={url} poster={url}></video><svg><use href={url}#a /></svg>"
        f"<svg><image href={url} /></svg>"
        f"<form action={url}><input type=image src={url}></form><p style='background:url({url})'>"
        f"<iframe src='file://{secret}'></iframe><object data='file://{secret}'></object>"
        f"<script>new ActiveXObject('WScript.Shell').Run('touch marker')</script><p>{TEXT}</p>"
    )
    begun = f"<body onload=\"fetch('{url}')\" background={url}>"
    page = f"<html><head><meta charset=utf-8>{head}</head>{begun}{body}</body></html>"
    return f'<?xml-stylesheet href="{url}"?>{page}'.encode()


def _portable(at: str, secret: str) -> bytes:
    """Actions on opening, on a page, in annotations and forms; a stream elsewhere; an embedded file."""
    url = f"http://{at}/a".encode()
    actions = (
        b"<</S/URI/URI(%s)>>" % url,
        b"<</S/Launch/F(/bin/sh)/Win<</F(cmd)/P(/c touch marker)>>/Unix(touch marker)>>",
        b"<</S/JavaScript/JS(app.launchURL('%s');this.submitForm('%s');util.printf('touch marker');)>>"
        % (url, url),
        b"<</S/GoToR/F<</FS/URL/F(%s)>>/D[0/Fit]>>" % url,
        b"<</S/SubmitForm/F<</FS/URL/F(%s)>>>>" % url,
        b"<</S/ImportData/F(%s)>>" % secret.encode(),
    )
    every = (
        b"["
        + b"".join(b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A %s>>" % action for action in actions)
        + b"]"
    )
    catalog = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction %s/AA<</WC %s/DS %s>>/Names<</JavaScript<</Names[(a)%s]>>"
        b"/EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.sh)/EF<</F 8 0 R>>>>]>>>>"
        b"/AcroForm<</XFA 9 0 R/Fields[]>>/URI<</Base(%s)>>>>"
        % (actions[2], actions[0], actions[1], actions[2], url)
    )
    outside = b"<</Length 0/F<</FS/URL/F(%s)>>>>\nstream\n\nendstream" % url
    return portable.one_page(
        TEXT,
        page=b"/Annots %s/AA<</O %s/C %s>>" % (every, actions[1], actions[0]),
        catalog=catalog,
        more={
            8: b"<</Length 12>>\nstream\ntouch marker\nendstream",
            9: b'<</Length 80>>\nstream\n<!DOCTYPE a SYSTEM "%s"><xdp xmlns="a"/>\nendstream' % url,
            10: outside,
        },
        contents=b"[6 0 R 10 0 R]",
    )


def _workbook(at: str, secret: str) -> bytes:
    """Formulas that ask, links to other books, DDE, connections, macros, pictures elsewhere."""
    book = seeds.book(
        [
            ["编号", "正文", "甲", "乙", "丙"],
            [
                "1",
                TEXT,
                f'=WEBSERVICE("http://{at}/a")',
                f'=IMAGE("http://{at}/a")',
                DDE,
            ],
            [
                "2",
                TEXT,
                f"='[http://{at}/a.xlsx]S'!A1",
                f'=HYPERLINK("http://{at}/a")',
                f"='file://{secret}'#$A.A1",
            ],
        ]
    )
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    dde = '<ddeLink ddeService="cmd" ddeTopic="/c touch marker"/>'
    web = f'<connection id="1" type="4" refreshOnLoad="1"><webPr url="http://{at}/a"/></connection>'
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = _external(at, "externalLinkPath", "image", "hyperlink", "oleObject", "worksheet").encode()
    return seeds.zipped(
        parts
        | {
            "xl/externalLinks/externalLink1.xml": f"<externalLink {space}>{dde}</externalLink>".encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": relations,
            "xl/worksheets/_rels/sheet1.xml.rels": relations,
            "xl/connections.xml": f"<connections {space}>{web}</connections>".encode(),
            "xl/vbaProject.bin": b'Sub Workbook_Open()\nShell "touch marker"\nEnd Sub',
        }
    )


def _workbook_with(head: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(seeds.book([["正文"], [TEXT]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    return seeds.zipped(
        parts | {"xl/worksheets/sheet1.xml": head.encode() + sheet[sheet.index(b"<worksheet") :]}
    )


def _archive(at: str, secret: str) -> bytes:
    """Documents that ask, and entries that would lie elsewhere or lead there."""
    made = {f"http:/{at}/页.html": _page(at, secret), "../../marker": b"x", "内.docx": _word(at, secret)}
    stream = io.BytesIO(seeds.zipped(made))
    with zipfile.ZipFile(stream, "a") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, secret)
    return stream.getvalue()


Maker = Callable[[str, str], bytes]
READ: dict[str, Maker] = {
    "word.docx": _word,
    "page.html": _page,
    "page.pdf": _portable,
    "book.xlsx": _workbook,
    "rows.csv": lambda at, _: f'正文,甲\n{TEXT},=HYPERLINK("http://{at}/a")\n{TEXT},{DDE}\n'.encode(),
    "rows.jsonl": lambda at, secret: json.dumps({"正文": TEXT, "$ref": f"http://{at}", "a": secret}).encode(),
    "all.zip": _archive,
    "style.docx": lambda at, _: _word_with(f'<?xml-stylesheet type="text/xsl" href="http://{at}/a"?>'),
    "include.docx": lambda at, secret: _word_with(
        "", f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>'
        f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="http://{at}/a"/>'
    ),
    "style.xlsx": lambda at, _: _workbook_with(f'<?xml-stylesheet type="text/xsl" href="http://{at}/a"?>'),
}  # fmt: skip
"""Files that are read, with their text and nothing from elsewhere."""

REFUSED: dict[str, Maker] = {
    "dtd.docx": lambda at, _: _word_with(f'<!DOCTYPE a SYSTEM "http://{at}/a.dtd">'),
    "entity.docx": lambda at, _: _word_with(f'<!DOCTYPE a [<!ENTITY a SYSTEM "http://{at}/a">]>', "&a;"),
    "secret.docx": lambda _, secret: _word_with(
        f'<!DOCTYPE a [<!ENTITY a SYSTEM "file://{secret}">]>', "&a;"
    ),
    "parameter.docx": lambda at, _: _word_with(f'<!DOCTYPE a [<!ENTITY % a SYSTEM "http://{at}/a"> %a;]>'),
    "dtd.xlsx": lambda at, _: _workbook_with(f'<!DOCTYPE a SYSTEM "http://{at}/a.dtd">'),
    "secret.xlsx": lambda _, secret: _workbook_with(f'<!DOCTYPE a [<!ENTITY a SYSTEM "file://{secret}">]>'),
    "macros.docm": _word,
    "macros.xlsm": _workbook,
    "subdocument.docx": lambda at, _: seeds.package(f'<w:subDoc w:x="http://{at}/a"/><w:altChunk/>', {}),
}
"""Files that are refused, by what they are or by what they ask for."""


def test_nothing_is_fetched_and_nothing_is_run(server: Counter, tmp_path: Path) -> None:
    folder, secret = tmp_path / "in", tmp_path / "secret.txt"
    secret.write_text(CANARY, encoding="utf-8")
    folder.mkdir()
    for name, make in (READ | REFUSED).items():
        (folder / name).write_bytes(make(server.address, str(secret)))
    before = sorted(tmp_path.rglob("*"))
    done = child("-m", "tests.attacks.bounded", folder, MEMORY)
    assert (done.returncode, done.stderr) == (0, b"")
    found: dict[str, list[str]] = json.loads(done.stdout)
    assert set(found) == {*READ, *REFUSED}
    for name, texts in found.items():
        assert (TEXT in "".join(texts)) == (name in READ), (name, texts)
        assert CANARY not in "".join(texts)
    assert all(text.startswith("! ") for name in REFUSED for text in found[name])
    assert server.asked == []
    assert sorted(tmp_path.rglob("*")) == before


DEEDS = {
    "connects": "import socket; socket.create_connection(('127.0.0.1', int(sys.argv[2])))",
    "looks a name up": "import socket; socket.getaddrinfo('localhost', 80)",
    "starts a program": "import subprocess; subprocess.run(['true'])",
    "asks a shell": "import os; os.system('true')",
    "becomes another": "import os; os.execv('/bin/true', ['true'])",
    "forks": "import os; os.fork()",
    "writes elsewhere": "open(sys.argv[1] + '/../marker', 'w')",
    "writes below": "import os; os.open(sys.argv[1] + '/../marker', os.O_CREAT | os.O_WRONLY)",
    "removes": "import os; os.remove(sys.argv[1] + '/../kept')",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_who_does_it_all_the_same_is_ended(deed: str, server: Counter, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "kept").touch()
    begin = "import sys; from tests.attacks.fuzz.forbidden import forbid; forbid(sys.argv[1])"
    code = f"{begin}\ntry:\n {DEEDS[deed]}\nfinally:\n sys.exit(0)"
    done = child("-c", code, tmp_path / "in", server.server_address[1])
    assert done.returncode == forbidden.CODE
    assert re.match(rb"forbidden: [a-z.]+ ", done.stderr.lower())
    assert server.asked == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "kept"]

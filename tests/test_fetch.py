"""Rebuilding texts: finding them by SHA-1, reading every file type, and a real web server."""

from __future__ import annotations

import csv
import gzip
import io
import json
import socket
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxing_nlp.coding.corpus import Corpus, default_root
from wuxing_nlp.coding.extract import decode, extract_texts
from wuxing_nlp.coding.fetch import (
    FetchReport,
    LocalFolder,
    PublicRepositories,
    SourceFile,
    default_cache,
    fetch,
)
from wuxing_nlp.coding.files import write_jsonl
from wuxing_nlp.coding.match import find_texts
from wuxing_nlp.coding.units import CodedUnit, Label, text_sha1
from wuxing_nlp.errors import CorpusError

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpora"

SENTENCES = [
    "青石县把三十七个办事窗口并成了五个。",
    "石桥镇的干部说：“材料交一次就够。”",
    "（二）修渠的账每月贴在村口；",
    "县里查了四起只开会不办事的问题！",
    "渡口改造拖了两年，谁来负责？",
    "今年再减十二项证明",
]
TEXT = "　　".join(SENTENCES[:5]) + "\n" + SENTENCES[5] + "\n"


def label(text: str, path: str = "a.txt", source: str = "owner/name") -> Label:
    return Label.of(CodedUnit(f"id-{text[:4]}", text, ("F2",), "notice", "d", source, path, 1, "random"))


def wanted(texts: list[str]) -> dict[str, int]:
    return {text_sha1(text): len(text) for text in texts}


def searched(name: str, data: bytes, member: str = "", texts: list[str] = SENTENCES) -> set[str]:
    return set(find_texts(extract_texts(name, data, member), wanted(texts)).values())


def docx(paragraphs: list[str], head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(
        f"<w:p><w:r><w:t>{p[:3]}</w:t></w:r><w:r><w:t>{p[3:]}</w:t></w:r></w:p>" for p in paragraphs
    )
    return zipped(
        {"word/document.xml": f'{head}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'}
    )


def xlsx(shared: list[str], inline: list[str]) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = "".join(f"<si><r><t>{text[:2]}</t></r><r><t>{text[2:]}</t></r></si>" for text in shared)
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in inline)
    return zipped(
        {
            "xl/sharedStrings.xml": f'<sst xmlns="{space}">{strings}</sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><row>{cells}</row></worksheet>',
        }
    )


def zipped(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def table(rows: list[list[str]], delimiter: str = ",") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode()


# --- finding ---


def test_every_sentence_of_a_text_is_found() -> None:
    assert set(find_texts([TEXT], wanted(SENTENCES)).values()) == set(SENTENCES)


def test_a_text_that_is_not_there_is_not_found() -> None:
    assert find_texts([TEXT], wanted(["青石县把三十七个办事窗口并成了六个。"])) == {}


@pytest.mark.parametrize(
    "unit",
    ["”县里查了四起只开会不办事的问题！", "县里查了四起只开会不办事", "渡口 改造拖了两年", "二是把路修到组"],
)
def test_cuts_at_quotes_in_mid_sentence_and_over_folded_white_space_are_found(unit: str) -> None:
    text = "他说“够了。”县里查了四起只开会不办事的问题！渡口\n\u3000 改造拖了两年。一是修路，二是把路修到组。"
    assert list(find_texts([text], wanted([unit])).values()) == [unit]


@given(st.lists(st.text("青石县窗口渡改修", min_size=1, max_size=12), min_size=1, max_size=8, unique=True))
def test_what_stands_between_full_stops_is_always_found(parts: list[str]) -> None:
    units = [f"{part}。" for part in parts]
    found = find_texts(["".join(units)], wanted(units))
    assert found == {text_sha1(unit): unit for unit in units}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real text is not here")
def test_units_are_recovered_from_whole_real_documents() -> None:
    with gzip.open(SHARED / "documents.jsonl.gz", "rt", encoding="utf-8") as stream:
        documents = {row["document"]: row["text"] for row in map(json.loads, stream)}
    labels = [item for item in Corpus(default_root()).labels() if item.document in documents]
    wanted_of: dict[str, dict[str, int]] = {}
    for item in labels:
        wanted_of.setdefault(item.document, {})[item.sha1] = item.length
    found = sum(len(find_texts([documents[name]], units)) for name, units in wanted_of.items())
    assert len(labels) > 6000
    assert found / len(labels) >= 0.999


# --- file types ---

MARKUP = "<html><style>p{}</style><script>if (a<b) x='渡口';</script><body>" + "".join(
    f"<p>\n <b>{text[:2]}</b>{text[2:]}&nbsp;</p>" for text in SENTENCES
)
SQL = "INSERT INTO t VALUES (1, null, 'it''s', '<p>" + '</p>\\n<p class=\\"x\\">'.join(SENTENCES) + "</p>');"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", TEXT.encode()),
        ("a.txt", TEXT.encode("utf-8-sig")),
        ("a.txt", TEXT.encode("gb18030")),
        ("a.unknown", TEXT.encode()),
        ("a.md", TEXT.replace("县里", "**县里**").replace("（二）", "\\（二）").encode()),
        ("a.json", json.dumps({"a": [{"b": TEXT}, 3, None]}).encode()),
        ("a.jsonl", "\n".join(json.dumps({"content": text}) for text in SENTENCES).encode()),
        ("a.jsonl", ("{broken " + TEXT).encode()),
        ("a.csv", table([["id", "text"], ["1", TEXT]])),
        ("a.csv", table([["1", text] for text in SENTENCES])),
        ("a.csv", table([["1", "长" * 200_000], ["2", TEXT]])),
        ("a.tsv", table([["1", TEXT]], "\t")),
        ("a.html", MARKUP.encode()),
        ("a.xml", MARKUP.encode()),
        ("a.sql", SQL.encode()),
        ("a.docx", docx(SENTENCES)),
        ("a.xlsx", xlsx(SENTENCES[:3], SENTENCES[3:])),
    ],
)
def test_all_sentences_are_found_in_every_type_of_file(name: str, data: bytes) -> None:
    assert searched(name, data) == set(SENTENCES)


def test_a_document_in_an_archive_is_found_in_any_folder_and_in_gbk_names() -> None:
    data = zipped({"报告/青石县.docx": docx(SENTENCES), "other.txt": "x"})
    assert searched("a.zip", data, "青石县.docx") == set(SENTENCES)
    # An archive of an old Chinese Windows: the name's bytes are GBK, and no flag says so.
    unmarked = zipped({"bb.docx": docx(SENTENCES)}).replace(b"bb.docx", "县".encode("gb18030") + b".docx")
    assert searched("a.zip", unmarked, "县.docx") == set(SENTENCES)


def test_scripts_and_styles_are_no_text() -> None:
    [text] = extract_texts("a.html", b"<p>one</p><script>two</script><style>three</style><p>four")
    assert text.split() == ["one", "four"]


@pytest.mark.parametrize(
    ("name", "data", "member", "message"),
    [
        ("a.zip", b"PK no archive", "b.txt", "b.txt cannot be unpacked"),
        ("a.zip", zipped({"c.txt": "x"}), "b.txt", "b.txt is not in the archive"),
        ("a.zip", zipped({"c.txt": "x"}), "", "not in the archive"),
        ("a.docx", zipped({"x": "y"}), "", "not in the archive"),
        ("a.docx", docx(["一句。"], "<!DOCTYPE d [<!ENTITY e 'x'>]>"), "", "declares a DOCTYPE"),
        ("a.docx", zipped({"word/document.xml": "<w:p>"}), "", "XML is damaged"),
        ("a.docx", zipped({"word/document.xml": "<a/>".encode("utf-16")}), "", "XML is damaged"),
        ("a.txt", b"\xff\xff\xff", "", "neither UTF-8 nor GB 18030"),
    ],
)
def test_what_cannot_be_read_is_said(name: str, data: bytes, member: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        extract_texts(name, data, member)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuxing_nlp.coding.extract.LARGEST_FILE", 1000)
    with pytest.raises(CorpusError, match="larger than 1000 bytes when unpacked"):
        extract_texts("a.zip", zipped({"b.txt": "x" * 1001}), "b.txt")
    assert extract_texts("a.zip", zipped({"b.txt": "x" * 1000}), "b.txt") == ["x" * 1000]


ARCHIVE = zipped({"b.docx": docx(SENTENCES)})
TYPES = ["a.txt", "a.json", "a.jsonl", "a.csv", "a.html", "a.sql", "a.docx", "a.xlsx", "a.zip", "a.md"]


@given(st.binary(max_size=200), st.sampled_from(TYPES))
def test_any_bytes_end_in_texts_or_a_corpus_error(data: bytes, name: str) -> None:
    try:
        texts = extract_texts(name, data, "b.docx")
    except CorpusError:
        return
    assert all(isinstance(text, str) for text in texts)


@given(st.integers(0, len(ARCHIVE) - 1), st.integers(1, 255))
def test_a_damaged_archive_ends_in_texts_or_a_corpus_error(at: int, change: int) -> None:
    damaged = bytearray(ARCHIVE)
    damaged[at] ^= change
    try:
        texts = extract_texts("a.zip", bytes(damaged), "b.docx")
    except CorpusError:
        return
    assert find_texts(texts, wanted(SENTENCES)).keys() <= wanted(SENTENCES).keys()


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not text.startswith("\ufeff")))
def test_utf8_is_decoded_as_utf8(text: str) -> None:
    assert decode(text.encode()) == decode(text.encode("utf-8-sig")) == text


# --- fetching ---


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("data/a.txt", SourceFile("o/n", "data/a.txt")),
        ("a.csv#https://x.cn/b.htm#13", SourceFile("o/n", "a.csv")),
        ("a b.xlsx#Table!15", SourceFile("o/n", "a b.xlsx")),
        ("d/e.zip!f.docx", SourceFile("o/n", "d/e.zip", "f.docx")),
    ],
)
def test_the_file_behind_a_path(path: str, file: SourceFile) -> None:
    assert SourceFile.of(label("一句。", path, "o/n")) == file


def test_a_local_folder_gives_texts_and_says_what_it_lacks(tmp_path: Path) -> None:
    held = [CodedUnit(f"x{n}", text, (), "other", "z") for n, text in enumerate(SENTENCES[:4])]
    write_jsonl(held, tmp_path / "units.jsonl")
    steps: list[tuple[int, int, str]] = []
    labels = [
        label(SENTENCES[3], "b.txt"),
        label(SENTENCES[0]),
        label(SENTENCES[5]),
        label(SENTENCES[4], "c.txt"),
    ]
    report = fetch(labels, LocalFolder(tmp_path), lambda *step: steps.append(step))
    assert [unit.text for unit in report.units] == [SENTENCES[3], SENTENCES[0]]
    assert report.units[1] == labels[1].with_text(SENTENCES[0])
    assert report.missing == {"owner/name/a.txt": [labels[2].id], "owner/name/c.txt": [labels[3].id]}
    assert report.reasons["owner/name/a.txt"] == "1 of 2 texts are not in the file"
    assert steps == [(1, 3, "owner/name/b.txt"), (2, 3, "owner/name/a.txt"), (3, 3, "owner/name/c.txt")]


def test_a_folder_without_units_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"holds no units\.jsonl"):
        LocalFolder(tmp_path)


def test_a_source_that_gives_another_text_is_not_believed() -> None:
    class Liar:
        def find(self, file: SourceFile, wanted: object) -> dict[str, str]:
            return {text_sha1(SENTENCES[0]): SENTENCES[1]}

    report = fetch([label(SENTENCES[0])], Liar())
    assert report.units == []
    assert report.missing == {"owner/name/a.txt": [label(SENTENCES[0]).id]}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real text is not here")
def test_every_shipped_label_finds_its_text_in_the_local_copy() -> None:
    labels = Corpus(default_root()).labels()
    report = fetch(labels, LocalFolder(SHARED))
    assert [unit.id for unit in report.units] == [item.id for item in labels]
    assert report == FetchReport(report.units)


class Site:
    """A web server on this machine with files in memory, and the requests that it saw."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cut: set[str] = set()
        self.seen: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = unquote(self.path)
                site.seen.append(path)
                if path not in site.files:
                    self.send_error(404)
                    return
                data = site.files[path]
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2] if path in site.cut else data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/{{source}}/main/{{path}}"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


def repositories(site: Site, cache: Path, **options: int) -> PublicRepositories:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return PublicRepositories(site.url, cache, timeout=20, opener=direct, **options)


def test_texts_come_back_from_a_web_server_and_one_failure_stops_nothing(site: Site, tmp_path: Path) -> None:
    site.files = {
        "/o/n/main/数据/报告 1.jsonl": json.dumps({"content": SENTENCES[0]}).encode(),
        "/o/n/main/t.csv": table([["x", SENTENCES[1]]]),
        "/o/n/main/n.md": f"# 题\n\n{SENTENCES[2]}".encode(),
        "/o/n/main/z.zip": zipped({"a/b.docx": docx([SENTENCES[3]])}),
        "/o/n/main/bad.zip": b"PK",
    }
    labels = [
        label(SENTENCES[0], "数据/报告 1.jsonl", "o/n"),
        label(SENTENCES[4], "gone.txt", "o/n"),
        label(SENTENCES[1], "t.csv#17", "o/n"),
        label("不在表里的一句。", "t.csv#18", "o/n"),
        label(SENTENCES[2], "n.md#2", "o/n"),
        label(SENTENCES[3], "z.zip!b.docx", "o/n"),
        label(SENTENCES[5], "bad.zip!b.docx", "o/n"),
        label("越界的一句。", "../../etc/passwd", "o/n"),
        label("无主的一句。", "a.txt", "no repository"),
    ]
    report = fetch(labels, repositories(site, tmp_path / "cache"))
    assert [unit.text for unit in report.units] == [SENTENCES[0], SENTENCES[1], SENTENCES[2], SENTENCES[3]]
    assert report.missing == {
        "o/n/gone.txt": [labels[1].id],
        "o/n/t.csv": [labels[3].id],
        "o/n/bad.zip!b.docx": [labels[6].id],
        "o/n/../../etc/passwd": [labels[7].id],
        "no repository/a.txt": [labels[8].id],
    }
    assert "download failed" in report.reasons["o/n/gone.txt"]
    assert "404" in report.reasons["o/n/gone.txt"]
    assert "not in the file" in report.reasons["o/n/t.csv"]
    assert "cannot be unpacked" in report.reasons["o/n/bad.zip!b.docx"]
    assert "names no file" in report.reasons["no repository/a.txt"]
    assert not any("passwd" in path for path in site.seen)


def test_a_file_is_downloaded_once(site: Site, tmp_path: Path) -> None:
    site.files = {"/o/n/main/a.txt": TEXT.encode()}
    labels = [label(text, "a.txt", "o/n") for text in SENTENCES]
    for _ in range(2):
        assert len(fetch(labels, repositories(site, tmp_path)).units) == len(SENTENCES)
    assert site.seen == ["/o/n/main/a.txt"]


def test_a_file_that_the_repository_names_otherwise_is_found(site: Site, tmp_path: Path) -> None:
    site.files = {"/o/n/main/db/ge_policy_raw-20190217.sql": SQL.encode()}
    report = fetch(
        [label(SENTENCES[0], "db/ge_policy_raw20190217.sql#4", "o/n")], repositories(site, tmp_path)
    )
    assert [unit.text for unit in report.units] == [SENTENCES[0]]


def test_too_large_and_broken_downloads_leave_nothing_behind(site: Site, tmp_path: Path) -> None:
    site.files = {"/o/n/main/large.txt": b"x" * 1001, "/o/n/main/half.txt": TEXT.encode()}
    site.cut = {"/o/n/main/half.txt"}
    labels = [label(SENTENCES[0], "large.txt", "o/n"), label(SENTENCES[1], "half.txt", "o/n")]
    report = fetch(labels, repositories(site, tmp_path, largest=1000))
    assert report.units == []
    assert "larger than 1000 bytes" in report.reasons["o/n/large.txt"]
    assert "broke off" in report.reasons["o/n/half.txt"]
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_takes_too_long_is_given_up(site: Site, tmp_path: Path) -> None:
    site.files = {"/o/n/main/a.txt": TEXT.encode()}
    report = fetch([label(SENTENCES[0], "a.txt", "o/n")], repositories(site, tmp_path, deadline=-1))
    assert "took more than" in report.reasons["o/n/a.txt"]


def test_a_server_that_refuses_or_does_not_answer_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/{{source}}/{{path}}"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        source = PublicRepositories(address, tmp_path, timeout=0.05, opener=direct)
        report = fetch([label(SENTENCES[0])], source)
        assert "download failed" in report.reasons["owner/name/a.txt"]
        assert "timed out" in report.reasons["owner/name/a.txt"]
    report = fetch([label(SENTENCES[0])], source)
    assert "refused" in report.reasons["owner/name/a.txt"]


@pytest.mark.parametrize(
    "address", ["file:///{source}/{path}", "https://example.org/{path}", "{source}{path}"]
)
def test_an_address_that_names_no_files_is_refused(address: str) -> None:
    with pytest.raises(CorpusError, match="no address of files"):
        PublicRepositories(address)


def test_the_cache_is_in_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "wuxing_nlp" / "repositories"


def test_a_local_folder_searches_its_whole_documents_too(tmp_path: Path) -> None:
    write_jsonl([CodedUnit("u", SENTENCES[0], (), "notice", "d")], tmp_path / "units.jsonl")
    rows = [
        {"source": "owner/name", "path": "docs/all.zip!one.docx#part", "text": TEXT},
        {"source": "owner/other", "path": "a.txt", "text": "这里没有要找的话。"},
    ]
    with gzip.open(tmp_path / "documents.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    labels = [
        label(SENTENCES[0], "elsewhere.txt"),
        label(SENTENCES[1], "docs/all.zip!one.docx"),
        label(SENTENCES[2], "a.txt", "owner/other"),
    ]
    report = fetch(labels, LocalFolder(tmp_path))
    assert [unit.text for unit in report.units] == SENTENCES[:2]
    assert list(report.missing) == ["owner/other/a.txt"]


@pytest.mark.parametrize("line", ["{}", "[]", "no json", '{"source": "a", "path": 1, "text": "b"}'])
def test_a_local_folder_with_broken_documents_is_refused(tmp_path: Path, line: str) -> None:
    write_jsonl([CodedUnit("u", SENTENCES[0], (), "notice", "d")], tmp_path / "units.jsonl")
    with gzip.open(tmp_path / "documents.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(CorpusError, match="one document with source, path and text a line"):
        LocalFolder(tmp_path)

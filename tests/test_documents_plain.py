"""Plain text: every encoding that Chinese offices use comes back exactly; anything else is refused."""

from __future__ import annotations

import codecs
import gzip
import json
import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuxing_nlp.documents import MAX_BYTES, Document, ReadOptions, Source, decode
from wuxing_nlp.documents.plain.decoding import plausibility
from wuxing_nlp.documents.plain.reader import read
from wuxing_nlp.errors import DocumentError

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpora"
SAMPLES = sorted((Path(__file__).resolve().parents[1] / "corpus" / "samples").glob("*.txt"))

SIMPLIFIED = [
    "县里把二十七个老旧小区的管网改造列入民生清单，年底前全部完工，由住户代表签字验收。",
    "有的窗口收了材料就搁在抽屉里，三个月没有下文；群众来问，只说“还在研究”。",
    "全年新增规模以上企业18家，研发投入增长12.6%，技术合同成交额突破9亿元。",
    "一、总体要求\n坚持问题导向，谁的责任谁来扛，谁的短板谁来补。\n二、重点任务\n（一）清理积压件。\n（二）公开时间表。",
    "镇长王启明在会上讲：今年不再比谁的展板漂亮，只比谁把断头路修通了、把欠薪要回来了。",
    "经查，个别干部虚报造林面积三百余亩，现场只有插着标牌的荒坡，已移送县纪委处理。",
    "推行“一件事一次办”，把开办餐馆要跑的五个部门并成一个窗口，材料由23份减到6份。",
    "暴雨过后，村支书带着十几个年轻人连夜转移低洼处的老人，天亮时没有一户落下。",
    "我局对照检查发现：学习浅尝辄止，遇到矛盾绕着走，对基层的请示常常一转了之。",
    "\u3000\u3000各位代表：\r\n\u3000\u3000过去一年，我们克服旱情影响，粮食总产仍达到42.3万吨。\r\n",
    "数据中心、物流园、农产品冷链三个项目同时开工，总投资约31亿元，预计带动就业四千人。",
    "热线接到反映：河东路的路灯坏了半年，城管说归电力，电力说归市政，至今一片漆黑。",
]
TRADITIONAL = [
    "政府會在未來三年增建九千個資助宿位，並為照顧者提供喘息服務，減輕家庭的壓力。",
    "有市民投訴，申請一個街市檔位要跑四個部門，等足八個月也沒有人肯答覆。",
    "我們會檢討發牌制度，把審批時間由120日縮短至45日，並於網上公開每宗個案的進度。",
    "一、加強管治\n部門首長須親自督導改革，逾期未完成的項目逐項追查原因。\n二、改善民生\n擴建地區康健中心，延長門診時間。",
    "縣裡對照檢查時承認，去年的調研多半是坐在車上看、隔著玻璃談，沒有真正走進農戶家裡。",
    "全市推動數位轉型，輔導中小企業導入智慧製造，預計三年內受惠廠商達一千六百家。",
    "個別幹部遇到難題就往上交、往下推，開會時說得熱鬧，散會後無人落實，群眾意見很大。",
    "為了保護灣畔的濕地，當局劃出緩衝地帶，禁止傾倒泥頭，違者最高罰款五十萬元。",
    "颱風過境之後，區公所連夜清理倒塌的樹木，次日清晨主要道路已經全部恢復通行。",
    "\u3000\u3000主席女士、各位議員：\r\n\u3000\u3000過去一年，我走訪了全部十八個社區，聽取街坊的意見。\r\n",
    "教育局將聯同大學開辦人工智能課程，每年培訓教師二千名，並資助學校添置設備。",
    "審查發現，有人把舊照片當作今年的工程成果上報，相關主管已被停職，案件移送調查。",
]
HONG_KONG = [
    "街坊話「啲路燈壞咗半年都冇人理」，我哋嘅同事必須正視呢啲聲音，唔可以再推來推去。",
    "深水埗同觀塘嘅舊樓維修進度太慢，業主等咗成年都未收到回覆，政府會盡快跟進。",
    "鰂魚涌、赤鱲角、大埔滘三處嘅工程已經展開，預計明年第三季全部落成啟用。",
]

SIMPLIFIED_CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb2312", "gbk", "gb18030"]
TRADITIONAL_CODECS = [*SIMPLIFIED_CODECS[:5], "gbk", "gb18030", "big5", "cp950", "big5hkscs"]
HONG_KONG_CODECS = [*SIMPLIFIED_CODECS[:5], "gb18030", "big5hkscs"]
SUPERSET = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
CASES = [
    (text, codec)
    for texts, its_codecs in (
        (SIMPLIFIED, SIMPLIFIED_CODECS),
        (TRADITIONAL, TRADITIONAL_CODECS),
        (HONG_KONG, HONG_KONG_CODECS),
    )
    for text in texts
    for codec in its_codecs
]


def _read(path: Path, max_bytes: int = MAX_BYTES) -> Document:
    [document] = read(Source.of(path), ReadOptions(max_bytes=max_bytes))
    return document


@pytest.mark.parametrize(("text", "codec"), CASES)
def test_every_text_comes_back_from_a_file_in_every_encoding(tmp_path: Path, text: str, codec: str) -> None:
    path = tmp_path / "document.txt"
    path.write_bytes(text.encode(codec))
    document = _read(path)
    assert document.text == text
    assert document.encoding == SUPERSET.get(codec, codec)
    assert document.name == path.as_posix()


@pytest.mark.parametrize(
    ("mark", "codec"), [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_LE, "utf-32-le")]
)
def test_other_byte_order_marks(mark: bytes, codec: str) -> None:
    assert decode(mark + SIMPLIFIED[0].encode(codec))[0] == SIMPLIFIED[0]


def _mixtures(sentences: list[str]) -> st.SearchStrategy[str]:
    fillers = st.sampled_from(["", "\n", "\r\n", " ", "\u3000", "2024", "GDP 5.2%", "（一）"])
    pieces = st.lists(st.tuples(st.sampled_from(sentences), fillers), min_size=1, max_size=14)
    return pieces.map(lambda pairs: "".join(sentence + filler for sentence, filler in pairs))


@settings(deadline=None)
@given(_mixtures(SIMPLIFIED), st.sampled_from(SIMPLIFIED_CODECS))
def test_any_mixture_of_simplified_sentences_comes_back(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == (text, SUPERSET.get(codec, codec))


@settings(deadline=None)
@given(_mixtures(TRADITIONAL), st.sampled_from(TRADITIONAL_CODECS))
def test_any_mixture_of_traditional_sentences_comes_back(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == (text, SUPERSET.get(codec, codec))


@settings(deadline=None)
@given(_mixtures(TRADITIONAL + HONG_KONG), st.sampled_from(HONG_KONG_CODECS))
def test_any_mixture_with_hong_kong_characters_comes_back(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == (text, codec)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_by_the_codec_named_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except DocumentError as refusal:
        message = str(refusal)
    else:
        assert data.decode(encoding) == text
        return
    assert "\n" not in message


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_in_their_legacy_encodings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    traditional = "特區" in text or "縣" in text
    for codec in ("gb18030", "big5hkscs") if traditional else ("gb18030",):
        kept = text.encode(codec, "ignore").decode(codec)
        assert len(kept) > 0.99 * len(text)
        assert decode(kept.encode(codec)) == (kept, codec)


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 6


def test_two_hundred_real_documents_come_back() -> None:
    source = SHARED / "documents.jsonl.gz"
    if not source.is_file():
        pytest.skip("needs ../shared/corpora/documents.jsonl.gz")
    with gzip.open(source, "rt", encoding="utf-8") as stream:
        documents = [json.loads(line) for line in stream]
    for codec, hong_kong in (("gb18030", False), ("big5hkscs", True)):
        texts = [document["text"] for document in documents if (document["region"] == "香港") is hong_kong]
        chosen = random.Random(7).sample(texts, 100)
        for text in chosen:
            kept = text.encode(codec, "ignore").decode(codec)
            assert decode(kept.encode(codec)) == (kept, codec)


def test_big5_is_not_read_as_gb18030_though_it_decodes() -> None:
    data = "".join(TRADITIONAL[:3]).encode("big5")
    assert plausibility(data.decode("gb18030")) < 0.7
    assert plausibility(data.decode("big5hkscs")) > 0.95
    assert decode(data)[1] == "big5hkscs"


def test_boxes_of_a_table_do_not_make_a_text_implausible() -> None:
    text = "┌──┬──┐\n│项目│进度│\n├──┼──┤\n│公路│过半│\n└──┴──┘\n"
    assert decode(text.encode("gb18030")) == (text, "gb18030")


def test_ascii_text_in_utf_16_without_a_mark() -> None:
    text = "Work report 2024: growth of 5.2 per cent.\r\n"
    assert decode(text.encode("utf-16-le")) == (text, "utf-16-le")
    assert decode(text.encode("utf-16-be")) == (text, "utf-16-be")


def test_a_few_stray_control_characters_are_kept() -> None:
    text = SIMPLIFIED[0] + "\x0c" + SIMPLIFIED[1] + "\x07\x1a"
    assert decode(text.encode()) == (text, "utf-8")


def test_empty_bytes_are_an_empty_text() -> None:
    assert decode(b"") == ("", "utf-8")


NOISE = random.Random(11).randbytes(4000)


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"\x89PNG\r\n\x1a\n" + NOISE, "a PNG image"),
        (gzip.compress(SIMPLIFIED[0].encode() * 9), "a gzip archive"),
        (b"PK\x03\x04" + NOISE, "a ZIP archive or a Word, Excel or WPS file"),
        (b"%PDF-1.7\nplain so far", "a PDF"),
        (b"{\\rtf1\\ansi plain so far}", "a Rich Text file"),
        (NOISE, "a binary file"),
        (b"\x00" * 64, "a binary file (control bytes: 64 of 64)"),
        (SIMPLIFIED[0].encode() + b"\0" + SIMPLIFIED[1].encode(), "a binary file (control bytes: 1 of"),
        (bytes(range(1, 9)) * 20, "a binary file"),
        (("\x01" * 9 + "县").encode("utf-16"), "a binary file"),
    ],
)
def test_a_binary_named_txt_is_refused_and_named(tmp_path: Path, data: bytes, seen: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=re.escape(seen)) as caught:
        _read(path)
    assert str(caught.value).startswith(path.as_posix())
    assert "save" in str(caught.value)


@pytest.mark.parametrize("text", SIMPLIFIED + TRADITIONAL)
@pytest.mark.parametrize("cut", [1, 2])
def test_utf_8_cut_inside_a_character_is_refused_not_guessed(text: str, cut: int) -> None:
    data = text.rstrip().encode()[:-cut]
    with pytest.raises(DocumentError, match="UTF-8 breaks at byte") as caught:
        decode(data, "report.txt")
    for encoding in ("report.txt", "utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"):
        assert encoding in str(caught.value)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_marked_text_that_breaks_is_refused(codec: str) -> None:
    with pytest.raises(DocumentError, match=rf"report.txt: marked as {codec} and broken at byte"):
        decode(SIMPLIFIED[0].encode(codec)[:-1], "report.txt")


def test_western_text_in_an_old_encoding_is_refused() -> None:
    with pytest.raises(DocumentError, match="none of utf-8"):
        decode("The council’s café, naïve as ever, it’s closed – résumé".encode("cp1252"))


@pytest.mark.parametrize(
    "data",
    [
        " \r\n\t\u3000\n".encode(),
        codecs.BOM_UTF8,
        "\u200b\ufeff \n".encode(),
        "\u3000\u3000\n".encode("gb18030"),
    ],
)
def test_white_space_alone_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "blank.txt"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=r"blank\.txt: holds white space only"):
        _read(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    with pytest.raises(DocumentError, match=r"empty\.txt: empty \(0 bytes\)"):
        _read(path)


def test_the_size_limit_is_stated_and_met_exactly(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * 1001)
    with pytest.raises(DocumentError, match=r"1,001 bytes, the limit is 1,000"):
        _read(path, max_bytes=1000)
    assert len(_read(path, max_bytes=1001).text) == 1001


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"gone\.txt: there is no such file"):
        _read(tmp_path / "gone.txt")
    with pytest.raises(DocumentError, match="a folder, not a document"):
        _read(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DocumentError, match="a pipe or a device"):
        _read(tmp_path / "pipe.txt")


def test_impossible_paths_are_refused_in_one_line() -> None:
    for path in ("a\0b.txt", "x" * 5000 + ".txt"):
        with pytest.raises(DocumentError, match="cannot be read") as caught:
            _read(Path(path))
        assert str(caught.value).isprintable()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(SIMPLIFIED[0], encoding="utf-8")
    path.chmod(0)
    with pytest.raises(DocumentError, match=r"secret\.txt: permission denied"):
        _read(path)


def test_a_file_name_in_another_encoding_is_shown_in_one_printable_line(tmp_path: Path) -> None:
    raw = os.path.join(os.fsencode(tmp_path), "县报\n.txt".encode("gbk"))
    try:
        Path(os.fsdecode(raw)).write_text(SIMPLIFIED[0], encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    document = _read(Path(os.fsdecode(raw)))
    assert document.name.isprintable()
    assert "\\udc" in document.name


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_has_a_title(path: Path) -> None:
    assert len(_read(path).title) >= 10

"""The Python client against real servers: what is sent and answered."""

from __future__ import annotations

import asyncio
import inspect
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.serving import Server, serving
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.model.tagger import Tagger
from wuxing_nlp.service.client import AsyncClient, Client, Document, ServiceProblem
from wuxing_nlp.service.client.batching import batches
from wuxing_nlp.service.client.lines import Lines

TEXT = "个别窗口怕担责任，能推就推。\n下一步，持续深化“放管服”改革，让群众少跑腿。"
TEXTS = [
    "坚决整治推诿扯皮、久拖不决。",
    "二、存在的問題。有的幹部不敢擔當，遇到矛盾繞道走。",
    "",
    "全县粮食总产量稳定。😀着力提升窗口服务水平。",
    TEXT,
]
KEY = "a-key-that-nobody-guesses"


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Client]:
    with Client(server.url) as client:
        yield client


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that wants a key and takes little at once."""
    limits = ("--texts", "3", "--characters", "60", "--call-characters", "80", "--body-bytes", "1400")
    with serving(tmp_path_factory.mktemp("strict"), "--workers", "1", *limits, keys=f"anna={KEY}") as running:
        yield running


def wire(tagger: Tagger, text: str, **options: bool) -> Document:
    """What Python gives for a text, in the answer's form."""
    return Document.model_validate(tagger.tag(text, **options).to_dict())


def test_a_text_is_tagged_as_in_python(client: Client, tagger: Tagger) -> None:
    answer = client.tag(TEXT)
    assert answer.documents == [wire(tagger, TEXT)]
    assert (answer.model, answer.prefer) == (tagger.model.name, tagger.prefer)
    [first, *_] = answer.documents[0].units
    assert TEXT[first.start : first.end] == first.text


def test_several_texts_are_tagged_in_order(client: Client, tagger: Tagger) -> None:
    assert client.tag(TEXTS).documents == [wire(tagger, text) for text in TEXTS]
    assert client.tag([]).documents == []


def test_options_go_with_the_texts(client: Client, tagger: Tagger) -> None:
    expected = wire(tagger, TEXT, evidence=False, probabilities=True)
    answer = client.tag(TEXT, evidence=False, probabilities=True, units_only=True)
    assert answer.documents == [Document(units=expected.units)]
    [whole] = client.tag(TEXT, cut=False).documents
    assert [unit.text for unit in whole.units] == [TEXT]
    certain = client.tag(TEXTS, min_probability=1).documents
    assert not any(unit.codes for document in certain for unit in document.units)


def test_an_option_that_there_is_not_is_told() -> None:
    with Client("http://127.0.0.1:1", retries=0) as client:
        with pytest.raises(TypeError, match="no option 'evidance'; there are cut, evidence"):
            client.tag(TEXT, evidance=False)  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="no option 'cut'"):
            client.tag_files("a.txt", cut=False)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "name", ["关于“放管服”改革的通知（征求意见稿）.txt", "報告 2024 ☂.txt", "a'b;c=d.txt"]
)
def test_names_of_files_arrive(client: Client, tagger: Tagger, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT, encoding="gb18030", errors="ignore")
    answer = client.tag_files(tmp_path / name)
    [document] = answer.documents
    assert (document.document, document.text, document.encoding) == (name, TEXT, "gb18030")
    assert document.units == wire(tagger, TEXT).units
    assert answer.failures == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs names of files that are any bytes")
def test_a_name_that_is_no_text_is_shown(client: Client, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xb8\xe6.txt")
    path.write_text(TEXT, encoding="utf-8")
    assert client.tag_files([path]).documents[0].document == "\ufffd\ufffd.txt"


def test_options_go_with_files(client: Client, tmp_path: Path) -> None:
    table = tmp_path / "来信.csv"
    table.write_text("编号,答复,正文\n甲,已办,坚决整治推诿扯皮。\n", encoding="utf-8")
    answer = client.tag_files(str(table), text_column="答复", id_column="编号", evidence=False)
    assert [document.text for document in answer.documents] == ["已办"]
    assert answer.documents[0].document == "来信.csv#甲"
    assert not any(tag.evidence for unit in answer.documents[0].units for tag in unit.tags)


def test_what_cannot_be_read_is_told(client: Client, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.pdf"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(b"%PDF-1.7 broken")
    answer = client.tag_files([good, bad])
    assert [each.document for each in answer.documents] == ["good.txt"]
    assert [each.name for each in answer.failures] == ["bad.pdf"]
    with pytest.raises(ServiceProblem, match=r"bad\.pdf") as caught:
        client.tag_files(bad)
    assert (caught.value.slug, caught.value.status) == ("unreadable", 422)
    assert caught.value.more["failures"][0]["name"] == "bad.pdf"


def test_a_file_that_there_is_not_is_told(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"missing\.txt cannot be read .*name a file that there is"):
        client.tag_files(tmp_path / "missing.txt")
    with pytest.raises(ServiceError, match="name at least one"):
        client.tag_files([])


def test_the_service_tells_of_itself(client: Client, tagger: Tagger) -> None:
    book = load_codebook()
    assert client.codebook().sha256 == book.fingerprint
    assert [each.letter for each in client.codebook().types] == list("ZCDFG")
    assert client.model().cited == tagger.model.name
    assert client.limits().workers == 1
    assert client.ready()


def test_many_texts_go_in_calls_that_the_service_takes(strict: Server, tagger: Tagger) -> None:
    texts = [*TEXTS, '\\"\n' * 20, *TEXTS]  # escapes weigh more than their characters
    with Client(strict.url, key=KEY) as client:
        with pytest.raises(ServiceProblem, match="limit") as caught:
            client.tag(texts)
        assert caught.value.slug == "too-much"
        found = list(client.tag_many(iter(texts), evidence=False))
    assert found == [wire(tagger, text, evidence=False) for text in texts]


def test_what_comes_before_a_text_that_is_too_long_is_given(strict: Server) -> None:
    with Client(strict.url, key=KEY) as client:
        documents = client.tag_many([TEXTS[0], "长" * 61, TEXTS[0]])
        assert next(documents).units
        with pytest.raises(ServiceProblem, match="61 characters, the limit is 60") as caught:
            next(documents)
    assert (caught.value.slug, caught.value.status) == ("too-much", 413)


def test_batches_are_lazy_and_bounded(client: Client) -> None:
    limits = client.limits().model_copy(update={"texts": 4, "call_characters": 10, "body_bytes": 1_030})

    def texts() -> Iterator[str]:
        yield from ("一二三", "四五六", "七八九", "十" * 20, "a", "b", "c", "d", "e")
        raise AssertionError("read too far")

    pieces = batches(texts(), limits, 3)
    assert [next(pieces) for _ in range(3)] == [["一二三", "四五六"], ["七八九"], ["十" * 20]]
    assert next(pieces) == ["a", "b", "c"]
    assert list(batches(iter("abcdef"), limits, 9)) == [["a", "b", "c", "d"], ["e", "f"]]
    assert list(batches([], limits, 9)) == []


def test_batches_that_cannot_be_are_told(client: Client) -> None:
    with pytest.raises(ServiceError, match="give one to tag"):
        next(client.tag_many("一个文本"))
    with pytest.raises(ServiceError, match="batch is 0"):
        next(client.tag_many(["a"], batch=0))


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_lines_are_put_together(size: int) -> None:
    data = '{"a":"\u2028一"}\n\n{"a":"二"}\n{"a":"三"}'.encode()
    lines = Lines()
    found = [record for at in range(0, len(data), size) for record in lines.records(data[at : at + size])]
    assert [record["a"] for record in [*found, *lines.rest()]] == ["\u2028一", "二", "三"]


def test_a_wrong_key_is_refused(strict: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WUXING_API_KEY", raising=False)
    for key in (None, "", "another-key-altogether"):
        with Client(strict.url, key=key) as client, pytest.raises(ServiceProblem) as caught:
            client.tag(TEXT)
        problem = caught.value
        assert (problem.slug, problem.type, problem.status) == ("no-key", "urn:wuxing:problem:no-key", 401)
        assert "another" not in str(problem)
        assert problem.request_id
        assert problem.request_id in str(problem)


def test_the_key_comes_from_the_environment(strict: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUXING_API_KEY", KEY)
    with Client(strict.url) as client:
        assert client.limits().texts == 3
    with Client(strict.url, key="another-key-altogether") as client, pytest.raises(ServiceProblem):
        client.limits()


@pytest.mark.parametrize("key", ["a key", "密钥", "key\r\nX-Other: 1"])
def test_a_key_that_cannot_be_is_not_repeated(key: str) -> None:
    with pytest.raises(ServiceError, match="copy it again") as caught:
        Client("http://127.0.0.1:1", key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8765", "ftp://a.example", "http://", "http://u:p@a.example", "http://a:x"]
)
def test_an_address_that_cannot_be_is_told(url: str) -> None:
    with pytest.raises(ServiceError, match=r"give one like http://127\.0\.0\.1:8765"):
        Client(url)


def test_settings_that_cannot_be_are_told() -> None:
    for timeout in (0, -1, float("inf"), float("nan")):
        with pytest.raises(ServiceError, match="timeout is"):
            Client("http://127.0.0.1:1", timeout=timeout)
    with pytest.raises(ServiceError, match="retries is -1"):
        Client("http://127.0.0.1:1", retries=-1)


def test_a_problem_travels_between_processes() -> None:
    problem = ServiceProblem(503, "too much at once", "urn:wuxing:problem:busy", "id", {"a": 1})
    again = pickle.loads(pickle.dumps(problem))
    assert (str(again), again.slug, again.more) == (str(problem), "busy", {"a": 1})


def test_async_calls_answer_as_the_others(server: Server, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(TEXT, encoding="utf-8")

    async def main() -> None:
        async with AsyncClient(server.url) as other:
            assert await other.tag(TEXTS) == client.tag(TEXTS)
            assert await other.tag_files(path) == client.tag_files(path)
            assert await other.model() == client.model()
            assert (await other.codebook()).sha256 == client.codebook().sha256
            assert await other.limits() == client.limits()
            assert await other.ready()
            answers = await asyncio.gather(*(other.tag(text) for text in TEXTS * 4))
            assert [each.documents[0] for each in answers] == client.tag(TEXTS).documents * 4

    asyncio.run(main())


def test_async_many_texts_come_in_order(strict: Server, tagger: Tagger) -> None:
    async def main() -> list[Document]:
        async with AsyncClient(strict.url, key=KEY) as client:
            return [each async for each in client.tag_many(iter(TEXTS * 5), batch=2, in_flight=3)]

    assert asyncio.run(main()) == [wire(tagger, text) for text in TEXTS] * 5


def test_async_many_texts_may_be_left_or_fail(strict: Server) -> None:
    async def main() -> None:
        async with AsyncClient(strict.url, key=KEY) as client:
            async for document in client.tag_many(TEXTS * 5, batch=1):
                assert document.units
                break
            with pytest.raises(ServiceProblem, match="61 characters"):
                async for _ in client.tag_many([TEXTS[0], "长" * 61, *TEXTS], batch=1):
                    pass
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_both_clients_have_the_same_methods() -> None:
    def methods(kind: type) -> dict[str, list[str]]:
        found = inspect.getmembers(kind, inspect.isfunction)
        return {name: list(inspect.signature(each).parameters) for name, each in found if name[0] != "_"}

    several = methods(AsyncClient)
    several["tag_many"].remove("in_flight")
    assert several == methods(Client)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_client_needs_nothing_of_the_service() -> None:
    modules = set(run("import sys, wuxing_nlp.service.client; print(*sys.modules)").split())
    assert {"httpx", "pydantic"} <= modules
    assert modules & {"fastapi", "starlette", "uvicorn", "prometheus_client", "sklearn", "scipy"} == set()


@pytest.mark.parametrize("library", ["httpx", "pydantic"])
def test_a_library_that_is_missing_is_told(library: str) -> None:
    code = f"""
import sys
sys.modules[{library!r}] = None
from wuxing_nlp.errors import ServiceError
try:
    import wuxing_nlp.service.client
except ServiceError as error:
    print(error)
"""
    expected = f"the client needs the library {library}; pip install 'wuxing_nlp[client]'"
    assert run(code).strip() == expected

"""API keys: how they are read, compared and changed while the service runs."""

from __future__ import annotations

import hashlib
import signal
from pathlib import Path

import httpx
import pytest

from benchmarks.serving import Server, serving
from wuxing_nlp.errors import ServiceError
from wuxing_nlp.service.access.keys import SHORTEST, VARIABLE, ApiKeys, read_keys
from wuxing_nlp.service.access.ring import KeyRing
from wuxing_nlp.service.settings import ServiceSettings

KEY = "a-key-that-nobody-guesses"
OTHER = "another-key-of-somebody"


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@pytest.mark.parametrize("value", [None, "", "  ", "\n"])
def test_no_keys(value: str | None) -> None:
    assert not read_keys(value)
    assert read_keys(value).owner(KEY) is None


@pytest.mark.parametrize(
    "value",
    [
        f"ann={KEY},bob={OTHER}",
        f" ann = {KEY} \n\n bob={OTHER}\n",
        f"# keys\nann={KEY} # hers\r\nbob={OTHER},",
        f"ann=sha256:{digest(KEY)},bob=sha256:{digest(OTHER).upper()}",
    ],
)
def test_keys_with_names(value: str) -> None:
    keys = read_keys(value)
    assert list(keys.digests) == ["ann", "bob"]
    assert keys.owner(KEY) == "ann"
    assert keys.owner(OTHER) == "bob"


def test_only_hashes_are_kept() -> None:
    assert KEY not in repr(read_keys(f"ann={KEY}"))
    assert read_keys(f"ann={KEY}") == ApiKeys({"ann": bytes.fromhex(digest(KEY))})


def test_a_key_may_have_equals_signs() -> None:
    assert read_keys(f"ann={KEY}==").owner(f"{KEY}==") == "ann"


@pytest.mark.parametrize(
    "sent",
    [
        *("", "ann", KEY.upper(), KEY[:-1], f"{KEY} ", f" {KEY}", f"{KEY}\0", f"ann={KEY}"),
        *(digest(KEY), f"sha256:{digest(KEY)}"),
        *(KEY.replace("a", "ａ"), KEY.replace("a", "а"), f"{KEY}\ud800", f"{KEY}\u200b"),
    ],
)
def test_a_key_counts_only_as_it_is(sent: str) -> None:
    assert read_keys(f"ann={KEY}").owner(sent) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (KEY, "entry 1 is not name=key"),
        (f"ann={KEY},bob", "entry 2 is not name=key"),
        (f"={KEY}", "entry 1 is not name=key"),
        (f"安={KEY}", "entry 1 is not name=key"),
        (f"{'n' * 65}={KEY}", "entry 1 is not name=key"),
        (f"ann={KEY}，bob={OTHER}", "entry 1 is not name=key"),
        (f"ann={KEY} {OTHER}", "entry 1 is not name=key"),
        ("ann=" + "k" * (SHORTEST - 1), "the key of ann has 15 characters, at least 16 are needed"),
        (f"ann=sha256:{digest(KEY)[1:]}", "the hash of ann is not sha256: and 64 hexadecimal digits"),
        (f"ann=sha256:{'x' * 64}", "the hash of ann is not sha256: and 64 hexadecimal digits"),
        (f"ann={KEY},ann={OTHER}", "entry 2 stands there twice"),
        (f"ann={KEY},bob=sha256:{digest(KEY)}", "entry 2 stands there twice"),
        (" , ", "holds no key"),
        ("# only a comment", "holds no key"),
    ],
)
def test_what_is_wrong_is_told_without_keys(value: str, told: str) -> None:
    with pytest.raises(ServiceError, match=told) as caught:
        read_keys(value)
    assert str(caught.value).startswith(VARIABLE)
    assert KEY not in str(caught.value)
    assert OTHER not in str(caught.value)


def test_keys_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(f"# keys\nann={KEY}\nbob={OTHER}\n", encoding="utf-8-sig")
    assert read_keys(f"@{path}").owner(OTHER) == "bob"


@pytest.mark.parametrize("content", [None, b"", b"# none\n", b"\xff\xfe", b"ann=short"])
def test_a_file_without_keys_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "keys"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ServiceError, match=VARIABLE):
        read_keys(f"@{path}")


def test_other_machines_need_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert not KeyRing(ServiceSettings())()
    assert not KeyRing(ServiceSettings(host="0.0.0.0", no_auth=True))()
    with pytest.raises(ServiceError, match=r"0\.0\.0\.0 can be reached .* or say --no-auth"):
        KeyRing(ServiceSettings(host="0.0.0.0"))
    monkeypatch.setenv(VARIABLE, f"ann={KEY}")
    assert KeyRing(ServiceSettings(host="0.0.0.0"))().owner(KEY) == "ann"


def called(client: httpx.Client, key: str) -> int:
    return client.get("/v1/limits", headers={"Authorization": f"Bearer {key}"}).status_code


def hang_up(server: Server, event: str) -> None:
    """Have a server read its keys again, and wait until its log says so."""
    before = server.log.read_text(encoding="utf-8").count(event)
    server.process.send_signal(signal.SIGHUP)
    while server.log.read_text(encoding="utf-8").count(event) == before:
        assert server.process.poll() is None


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs SIGHUP")
def test_keys_change_while_the_service_runs(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(f"ann={KEY}\n")
    with serving(tmp_path / "data", "--workers", "1", keys=f"@{path}") as server, server.client() as client:
        assert (called(client, KEY), called(client, OTHER), called(client, "none")) == (200, 401, 401)
        path.write_text(f"bob={OTHER}\n")
        assert (called(client, KEY), called(client, OTHER)) == (200, 401)
        hang_up(server, "the keys were read again")
        assert (called(client, KEY), called(client, OTHER)) == (401, 200)
        for broken in (f"bob={OTHER[:9]}", "", f"{KEY}"):
            path.write_text(broken)
            hang_up(server, "the keys were not read again")
            assert (called(client, KEY), called(client, OTHER)) == (401, 200)
        log = server.log.read_text(encoding="utf-8")
    assert '"bob"' in log
    assert KEY not in log
    assert OTHER[:9] not in log

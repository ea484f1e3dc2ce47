"""``wuxing serve``: every setting is an option, with the same default and meaning."""

from __future__ import annotations

import inspect
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import get_type_hints

import pytest

from wuxing_nlp.cli.serve import serve
from wuxing_nlp.service.settings import ServiceSettings, settings

Run = Callable[..., tuple[int, str, str]]
Process = Callable[..., subprocess.CompletedProcess[bytes]]


def test_every_setting_is_an_option() -> None:
    defaults = {name: each.default for name, each in inspect.signature(serve).parameters.items()}
    assert defaults == {**vars(ServiceSettings()), "cors": ""}
    told = get_type_hints(serve, include_extras=True)
    for name, setting in settings().items():
        [option] = told[name].__metadata__
        assert (option.help, option.rich_help_panel) == (setting.help, setting.panel)


def test_the_help_shows_all(wuxing: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    code, out, _ = wuxing("serve", "--help")
    assert code == 0
    for name, setting in settings().items():
        assert f"--{name.replace('_', '-')} " in out
        assert "".join(setting.help.split()) in "".join(out.split())  # lines end anywhere
    assert "WUXING_API_KEYS" in out
    assert re.search("提供 HTTP 接口和网页", out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--host", "0.0.0.0"],
            "0.0.0.0 can be reached from other machines, and WUXING_API_KEYS has no keys",
        ),
        (["--queue", "-1"], "queue is -1; it must be a number from 0 up"),
        (["--seconds", "nan"], "seconds is nan; it must be a number from 0.1 up"),
        (["--stop-seconds", "inf"], "stop_seconds is inf; it must be a number from 0 up"),
        (["--port", "70000"], "127.0.0.1 port 70000 cannot be listened on"),
        (["--cors", "example.org"], "cors has 'example.org'; an origin is written like https://example.org"),
        (["--model", "nowhere"], "nowhere is no model bundle"),
    ],
)
def test_what_cannot_be_served_is_told(
    arguments: list[str], told: str, process: Process, tmp_path: Path
) -> None:
    done = process("serve", "--data", tmp_path, *arguments, WUXING_API_KEYS="")
    assert done.returncode == 1
    assert done.stderr.decode().startswith(f"wuxing: {told}")
    assert done.stdout == b""


def test_a_port_in_use_is_told(process: Process, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = process("serve", "--data", tmp_path, "--port", port)
    assert done.returncode == 1
    told = f"wuxing: 127.0.0.1 port {port} cannot be listened on"
    assert done.stderr.decode().startswith(told)


def test_a_data_folder_that_cannot_be_written_is_told(process: Process, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = process("serve", "--port", 0, "--data", tmp_path / "file" / "data")
    assert done.returncode == 1
    said = done.stderr.decode()
    told = said.splitlines()[-1]
    assert told.startswith(f"wuxing: the data folder {tmp_path / 'file' / 'data'} cannot be written (")
    assert told.endswith("); name another with --data")

"""Logs: a JSON object a line, whatever is logged; in processes of their own, for logging is global."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

HEAD = """import logging, warnings
from wuxing_nlp.service import logs
logs.configure()
"""


def logged(code: str, environment: dict[str, str]) -> list[dict[str, Any]]:
    """The lines that some code logs."""
    command = [sys.executable, "-c", HEAD + code]
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_whatever_is_logged_is_a_line_of_json(environment: dict[str, str]) -> None:
    code = """
logs.configure()  # once more changes nothing
logs.LOG.info("ours", extra={"seen": "一\\n二\\x00\\x1b[31m\\ud800"})
logging.getLogger("uvicorn.error").warning("theirs %s", "了")
logging.getLogger("asyncio").error("the loop's")
warnings.warn("a library's", UserWarning)
"""
    lines = logged(code, environment)
    assert [line["level"] for line in lines] == ["INFO", "WARNING", "ERROR", "WARNING"]
    assert [line["event"] for line in lines[:3]] == ["ours", "theirs 了", "the loop's"]
    assert "a library's" in lines[3]["event"]
    assert lines[0]["logger"] == "wuxing_nlp.service"
    assert lines[0]["seen"].startswith("一\n二\x00\x1b[31m")


def test_requests_are_not_told_twice(environment: dict[str, str]) -> None:
    assert logged("logging.getLogger('uvicorn.access').info('GET /secret')", environment) == []


def test_a_fault_is_told_without_its_words(environment: dict[str, str]) -> None:
    code = """
def failing():
    raise ValueError("a protected text")
try:
    failing()
except ValueError as error:
    logs.log_fault("it failed", error, id="1")
"""
    [line] = logged(code, environment)
    assert (line["event"], line["error"], line["id"]) == ("it failed", "ValueError", "1")
    assert line["where"][-1] == "<string>:6 failing"
    assert "protected" not in json.dumps(line)


def test_what_other_libraries_say_is_not_repeated(environment: dict[str, str]) -> None:
    code = """
stranger = logging.getLogger("some.library")
stranger.warning("a protected text")
stranger.error("%s text", "a protected")
try:
    raise ValueError("a protected text")
except ValueError:
    stranger.exception("it failed")
logging.error("a protected text")
"""
    lines = logged(code, environment)
    assert [line["logger"] for line in lines] == ["some.library", "some.library", "root"]
    assert {line["event"] for line in lines} == {"a library reports an error"}
    assert lines[0]["where"] == ["<string>:7 <module>"]
    assert "protected" not in json.dumps(lines)

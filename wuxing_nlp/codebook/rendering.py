"""The codebook for people: Markdown, and rows for a terminal table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wuxing_nlp.codebook.book import Codebook
from wuxing_nlp.codebook.entries import Measure, Problem, Type


def rows(book: Codebook) -> Iterator[tuple[str, str, str, str]]:
    """Code, Chinese name, English gloss and definition of every label, in order."""
    stances: dict[str, str] = {stance.mark: stance.id for stance in book.stances}
    for entry in book.labels():
        for code in codes(entry, book):
            stance = stances.get(code[1:])
            yield code, book.name(code), f"{entry.gloss}{f' ({stance})' if stance else ''}", entry.definition


def codes(entry: Type | Measure | Problem, book: Codebook) -> list[str]:
    """The base codes of an entry: one, or a problem's two."""
    if isinstance(entry, Problem):
        return [entry.letter + stance.mark for stance in book.stances]
    return [entry.code]


def markdown(book: Codebook) -> str:
    """The whole codebook as a Markdown document; what it leaves open is left out."""
    contents = book.contents
    parts = [
        f"# {' · '.join(filter(None, (contents.title.hans, contents.title.en)))}\n",
        f"Version {book.version}. {contents.source}".rstrip() + "\n",
        f"{contents.unit.hans}\n\n{contents.unit.en}\n",
        *_section("规则 Rules", (f"- **{rule.id}** {rule.hans} {rule.en}".rstrip() for rule in book.rules)),
        *_section(
            "态度 Stances",
            (f"- `{s.mark}` {s.name.hans} {s.id}: {s.definition} {s.gloss}." for s in book.stances),
        ),
        *(_entry(entry, book) for entry in book.labels()),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    given = list(lines)
    return [f"## {title}\n", *given, ""] if given else []


def _entry(entry: Type | Measure | Problem, book: Codebook) -> str:
    names = " / ".join(codes(entry, book))
    level = "###" if isinstance(entry, Measure) else "##"
    lists = (
        ("编入 include", entry.include),
        ("不编入 exclude", entry.exclude),
        ("关键词 keywords", entry.keywords),
    )
    lines = [
        f"{level} {names} {book.name(_key(entry))}{f' · {entry.gloss}' if entry.gloss else ''}\n",
        f"{entry.definition}\n",
        *(f"- {title}: {'、'.join(items)}" for title, items in lists if items),
        *(f"- 勿混同 not to be confused with **{c.code}**: {c.note}" for c in entry.confused_with),
        *(f"- 正例 {code}: {text}" for code, text in examples(entry)),
        *(f"- 反例 ({','.join(n.codes) or '0'}): {n.text} — {n.note}".rstrip(" —") for n in entry.negative),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _key(entry: Type | Measure | Problem) -> str:
    return entry.code if isinstance(entry, Measure) else entry.letter


def examples(entry: Type | Measure | Problem) -> Iterator[tuple[str, str]]:
    """Written code and text of every positive example of an entry."""
    if not isinstance(entry, Problem):
        yield from ((entry.code, text) for text in entry.positive)
        return
    for mark, texts in (("!", entry.exists), ("-", entry.tackled), ("!-", entry.both)):
        yield from ((entry.letter + mark, text) for text in texts)

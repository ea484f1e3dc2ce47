"""Pages that are made to choke a parser: refused before they are parsed.

The algorithm of HTML looks through all open elements for many a tag, and opens formatting elements
(``<font>``) that were left open anew in each paragraph. A page of two megabytes can so take minutes
or gigabytes. An estimate from the tags alone is enough to tell it from any honest page.
"""

from __future__ import annotations

import re
from collections import Counter

from wuxing_nlp.errors import DocumentError

MAX_TAGS = 1_000_000
"""Tags, of which each takes some 300 bytes; two million characters in Word's markup have half as many."""

MAX_STEPS = 200_000_000
"""Open elements looked at, summed over all tags: a second or two."""

MAX_COPIES = 2_000_000
"""Formatting elements open, summed over all other tags: some 300 MB."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"))
# Never closed, or closed by the next of their kind.
_WITHOUT_END = (
    "area base br col embed hr img input link meta param source track wbr "
    "p li dd dt tr td th thead tbody tfoot option optgroup rt rp html head body a nobr"
)
_NOT_COUNTED = frozenset(_WITHOUT_END.split())

_ADVICE = "open it in a browser and save its text as .txt (UTF-8)"


def check_nesting(page: str, name: str) -> None:
    """Pass a page that parses in bounded time and memory. Raises DocumentError for any other."""
    tags = steps = copies = depth = formatting = 0
    still_open: Counter[str] = Counter()
    for match in _TAG.finditer(page):
        tag = match[2].lower()
        tags += 1
        steps += depth
        copies += formatting * (tag not in _FORMATTING)
        if tag in _NOT_COUNTED or (match[1] and not still_open[tag]):
            continue
        change = -1 if match[1] else 1
        still_open[tag] += change
        depth += change
        formatting += change * (tag in _FORMATTING)
    if tags > MAX_TAGS:
        raise DocumentError(name, f"{tags:,} tags, the limit is {MAX_TAGS:,}", _ADVICE)
    if steps > MAX_STEPS or copies > MAX_COPIES:
        seen = f"a page whose elements are nested without end ({depth:,} are never closed)"
        raise DocumentError(name, seen, _ADVICE)

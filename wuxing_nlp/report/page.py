"""The page: templates, what they may use, and what keeps a document's strings from being run."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wuxing_nlp.report import figures

LONGEST_NAME = 160
"""Characters of a name or title that are shown."""

_TEMPLATE = "report.html.j2"
_PLAIN_CONTROLS = "\t\n\r"
# They turn the direction of what follows, or hide in a name: reports show them.
_HIDDEN = frozenset("\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def page(**context: Any) -> str:
    """The whole page as HTML. Its one style is allowed by its hash, and nothing else is: no script, no
    image, no request."""
    style = (files(__package__) / "templates" / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template(_TEMPLATE)
    return template.render(style=Markup(style), style_hash=f"sha256-{digest}", **context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": _number,
        "percent": _percent,
        "cell": _cell,
        "figure": _figure,
        "short": shortened,
        "shade": figures.shade,
    }
    environment.globals["length"] = figures.length
    return environment


def visible(value: Any) -> Any:
    """A string with its control characters, marks of direction and halves of surrogate pairs written
    out (``\\u202e``); anything else as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "".join(_written_out(character) if _is_hidden(character) else character for character in value)


def _is_hidden(character: str) -> bool:
    if character in _HIDDEN:
        return True
    return unicodedata.category(character) in ("Cc", "Cs") and character not in _PLAIN_CONTROLS


def _written_out(character: str) -> str:
    return f"\\u{ord(character):04x}"


def shortened(text: str, most: int = LONGEST_NAME) -> str:
    """A name on one line, its middle left out where it is long: files differ at their ends."""
    text = " ".join(text.split())
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def _number(value: int) -> str:
    return f"{value:,}"


def _percent(share: float) -> str:
    return "<0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def _cell(share: float) -> str:
    """A share in a narrow cell: whole per cent, a dot for none at all."""
    if share <= 0:
        return "·"
    return "<1" if share < 0.005 else f"{100 * share:.0f}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"

"""``wuxing …``: thin commands over the rooms of the package."""

from __future__ import annotations

from wuxing_nlp.cli.app import app, main

__all__ = ["app", "main"]

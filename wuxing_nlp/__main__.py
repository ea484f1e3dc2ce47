"""``python -m wuxing_nlp``: the command line, where no script is on the path."""

from __future__ import annotations

from wuxing_nlp.cli import main

main()

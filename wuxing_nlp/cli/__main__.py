"""``python -m wuxing_nlp.cli``: the command line where the ``wuxing`` script is not on the path."""

from __future__ import annotations

from wuxing_nlp.cli.app import main

main()

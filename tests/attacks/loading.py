"""Load bundles in a process with little memory: ``python -m tests.attacks.loading BYTES FOLDER…``.

A line of JSON for each folder: its name, the error's kind and words, and the most memory so far.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path


def main(most: int, folders: list[Path]) -> None:
    """Load each, and say what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    from wuxing_nlp.errors import WuxingError
    from wuxing_nlp.model.bundle import load_model

    for folder in folders:
        told = {"folder": folder.name, "error": "", "said": ""}
        try:
            load_model(folder)
        except WuxingError as error:
            told |= {"error": type(error).__name__, "said": str(error)}
        print(json.dumps(told | {"peak": peak()}), flush=True)


def peak() -> int:
    """The most memory, in bytes, that this program took; the kernel's ru_maxrss would count its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])

"""Save a bundle in the place of another, and be killed at a step of it: ``python saving.py STEP FROM TO``.

A step is whatever Python tells its audit hooks about files and folders; the number of steps is printed
where the process lives to the end.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from wuxing_nlp.model.bundle import load_model, save

STEPS = {"ctypes.dlsym", "open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}


def main(step: int, source: Path, target: Path) -> None:
    """Save the model of a bundle to another place; the process ends before so many steps are done."""
    model, done = load_model(source), 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event in STEPS:
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    save(model, target, "the new card")
    print(done)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))

"""The process that reads PDFs for another one: a request, with the PDF, comes on standard input, and what
became of it goes to standard output, until the input ends."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
from io import FileIO
from queue import SimpleQueue
from threading import Thread
from typing import Any

from wuxing_nlp.documents.options import ReadOptions
from wuxing_nlp.documents.pdf.extraction import extract
from wuxing_nlp.documents.pdf.frames import received, send
from wuxing_nlp.documents.pdf.isolation import MEMORY
from wuxing_nlp.errors import DocumentError
from wuxing_nlp.processes import bound_memory

_TOO_LARGE = f"takes more than {MEMORY >> 20:,} MiB of memory to read, which is the limit"


def main() -> None:
    """Answer requests for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the process that asks, which ends this one
    bound_memory(MEMORY)
    answers = FileIO(os.dup(1), "w")
    os.dup2(2, 1)  # a library's own words must not get among the answers
    send(answers, b"ready")
    requests: SimpleQueue[tuple[bytes, bytes]] = SimpleQueue()
    Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        about, data = requests.get()
        request = json.loads(about)
        # It ends the process where Python has no say, for its library does not return.
        faulthandler.dump_traceback_later(request["seconds"], exit=True)
        answer = _answer(request, data)
        faulthandler.cancel_dump_traceback_later()
        send(answers, json.dumps(answer).encode())


def _listen(requests: SimpleQueue[tuple[bytes, bytes]]) -> None:
    """Hand over the requests. Nobody waits for an answer any more where they end."""
    stream = FileIO(0)
    try:
        while True:
            requests.put((received(stream), received(stream)))
    except (OSError, EOFError):
        os._exit(0)


def _answer(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    told: list[str] = []
    name = request["name"]
    options = ReadOptions(max_characters=request["max_characters"], notify=told.append)
    try:
        return {"told": told, "text": extract(data, name, options)}
    except DocumentError as error:
        failure = error
    except MemoryError:
        failure = DocumentError(name, _TOO_LARGE, "split it, or print it to a PDF from a PDF reader")
    except Exception as error:
        failure = DocumentError.of_library(name, error)
    return {"told": told, "seen": failure.seen, "advice": failure.advice}


if __name__ == "__main__":
    main()

"""What a command tells a person."""

from __future__ import annotations


def one_line(message: str) -> str:
    """The message, which must be one line for a person."""
    assert message.startswith("wuxing: ")
    assert message.count("\n") == 1
    assert "Traceback" not in message
    return message

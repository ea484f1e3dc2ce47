"""What a process may take for itself, and what ends it."""

from __future__ import annotations

import os
import signal


def bound_memory(most: int) -> None:
    """Bound the memory that this process may take for itself to ``most`` bytes, or to less where the
    system already has it so. Where it asks for more, a library ends it or MemoryError is raised; without
    a bound all of the machine would stand still. On Windows and macOS nothing of the kind is enforced."""
    if os.name == "nt":
        return
    import resource

    bounds = resource.getrlimit(resource.RLIMIT_DATA)
    limit = min([most, *(bound for bound in bounds if bound != resource.RLIM_INFINITY)])
    resource.setrlimit(resource.RLIMIT_DATA, (limit, bounds[1]))


def outlive_signals() -> None:
    """Ignore the signals that tell all processes of a terminal or of a service to end: the one that this
    process works for says when it is time."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)

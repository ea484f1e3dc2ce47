"""What a process may take for itself."""

from __future__ import annotations

import os


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

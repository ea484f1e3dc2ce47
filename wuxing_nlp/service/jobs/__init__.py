"""Large work: kept on disk, done by a process of its own, and never lost."""

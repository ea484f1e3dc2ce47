"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

BATCH = 1000
"""Units of a batch."""


@dataclass(frozen=True)
class Settings:
    """How much is measured; only the whole of it is compared with the committed ratios."""

    rounds: int = 5
    batch_units: int = 2 * BATCH
    """Units that a contestant codes in batches in one round."""
    single_units: int = 200
    """Units that it codes one at a time in one round."""
    taught_every: int = 1
    """The yardstick and fastText learn from every so manieth unit of the corpus."""
    starts: int = 7
    """Processes that are started for each figure of a start."""
    remembered_units: int = 20_000
    """Units that a process tags whose memory is measured."""
    shared_units: int = 200_000
    """Units that one and two processes share: so many that the last batch of one does not count."""
    served_units: int = 10_000
    """Units that a server tags in calls of 100 in one round."""
    growth_rounds: int = 3
    """Rounds of what grows: the largest sizes take seconds."""
    unit_counts: tuple[int, ...] = (1_000, 10_000, 100_000)
    slow_unit_counts: tuple[int, ...] = (1_000, 3_000, 10_000)
    """The same for jieba's engine."""
    unit_lengths: tuple[int, ...] = (1_000, 3_000, 10_000, 30_000, 100_000)
    report_length: int = 20_000
    stream_megabytes: tuple[int, ...] = (1, 10, 50)
    """Input of whole runs."""
    comparable: bool = True


DEFAULT = Settings()

FULL = replace(
    DEFAULT,
    unit_counts=(1_000, 10_000, 100_000, 1_000_000),
    slow_unit_counts=(1_000, 10_000, 100_000),
    stream_megabytes=(10, 200, 2_000),
)

QUICK = Settings(
    rounds=2,
    batch_units=BATCH,
    single_units=30,
    taught_every=4,
    starts=2,
    remembered_units=2_000,
    shared_units=10_000,
    served_units=2_000,
    growth_rounds=1,
    unit_counts=(1_000, 3_000, 10_000),
    slow_unit_counts=(300, 1_000),
    unit_lengths=(1_000, 3_000, 10_000),
    stream_megabytes=(1, 2),
    comparable=False,
)
"""For a look at the harness itself."""

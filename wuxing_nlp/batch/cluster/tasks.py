"""What a worker of a cluster does: a partition to its files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from distributed import get_worker

from wuxing_nlp.batch.cluster.inputs import Partition
from wuxing_nlp.batch.cluster.model import loaded
from wuxing_nlp.batch.cluster.parts import PartWriter, write_documents
from wuxing_nlp.batch.cluster.store import KEPT, Store
from wuxing_nlp.batch.outcome import Failure, tag_items
from wuxing_nlp.batch.parts import Counts
from wuxing_nlp.batch.plan import Input, hashed
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.batch.tagging import Done
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.documents import Source
from wuxing_nlp.errors import ClusterError


@dataclass(frozen=True, slots=True)
class Task:
    """A partition and what is to become of it.

    Attributes:
        number: its place, by which its files are named.
        partition: the file.
        settings: those of the run.
        model: the name of the plugin that loaded the model.
        store: the run's folder.
        plan: the mark of the run's plan.
    """

    number: int
    partition: Partition
    settings: Settings
    model: str
    store: Store
    plan: str

    def part(self, table: str) -> str:
        """The name of the partition's file of a table."""
        return f"{table}/part-{self.number:05d}.parquet"

    @property
    def draft(self) -> str:
        """The name of the draft of its documents."""
        return f"{KEPT}/part-{self.number:05d}.jsonl.gz"

    @property
    def done(self) -> str:
        """The name of the mark that it is done."""
        return f"{KEPT}/part-{self.number:05d}.json"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A partition that is tagged: its content by hash, and what it holds."""

    input: Input
    done: Done

    def to_json(self, plan: str) -> bytes:
        """The mark that a partition is done under a plan."""
        return json.dumps({"plan": plan} | asdict(self)).encode()

    @classmethod
    def of_json(cls, content: bytes, task: Task, entry: Input) -> Tagged | None:
        """What a mark says; None where it is of another plan or of other content."""
        value = json.loads(content)
        if value["plan"] != task.plan or value["input"] != asdict(entry):
            return None
        failures = tuple(Failure(**failure) for failure in value["done"]["failures"])
        return cls(entry, Done(task.partition.size, Counts(**value["done"]["counts"]), failures))


def tag_partition(task: Task) -> Tagged:
    """Tag a partition and write its units, its failures and the draft of its documents; where that
    was done already for the same plan and content, read what it holds.

    Raises:
        ClusterError: this worker has no model, or the folder is another run's by now.
        OutputError: a file cannot be written.
    """
    tagger = loaded(task.model)
    with _scratch() as folder:
        source = task.partition.fetched(folder)
        entry = hashed(source) if isinstance(source, Source) else Input(task.partition.name, 0, "")
        if before := _before(task, entry):
            return before
        with PartWriter(folder, tagger.model.codebook, text=task.settings.text) as part:
            options = replace(task.settings.options, notify=part.counts.notices.append)
            wanted = task.settings.evidence
            for outcome in tag_items(tagger, [source], options, evidence=wanted, probabilities=True):
                part.add(outcome)
        return _published(task, entry, part)


def give_up(task: Task, codebook: Codebook) -> Tagged:
    """Write a failure for a partition that ended every worker which tried it; the same plan tries it
    anew. Done by who runs the tasks, which has no tagger but the labels' ``codebook``; errors as
    :func:`tag_partition`."""
    failure = Failure(
        task.partition.name,
        "every worker that tried it ended (a crash of a library, or no memory left)",
        "give workers more memory or split the file; the same command tries it again",
    )
    with TemporaryDirectory(prefix="wuxing-") as folder:
        with PartWriter(Path(folder), codebook, text=task.settings.text) as part:
            part.add(failure)
        return _published(task, Input(task.partition.name, 0, ""), part)


def join_documents(task: Task, fields: Sequence[str]) -> None:
    """Write the table of a partition's documents; ``fields`` are the own columns of all partitions.

    Raises:
        ClusterError: this worker has no model.
        OutputError: the draft cannot be read, or the file not be written.
    """
    with _scratch() as folder:
        draft, table = folder / "draft", folder / "documents.parquet"
        task.store.fetch(task.draft, draft)
        write_documents(draft, table, loaded(task.model).model.codebook, fields)
        task.store.publish(table, task.part("documents"))


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder on the worker's own disk. Dask removes it where the worker is killed."""
    with TemporaryDirectory(prefix="wuxing-", dir=get_worker().local_directory) as folder:
        yield Path(folder)


def _before(task: Task, entry: Input) -> Tagged | None:
    """What an earlier run left of the partition, if it is whole."""
    mark = task.store.read(task.done)
    if mark is None or not all(map(task.store.has, (task.part("units"), task.part("failures"), task.draft))):
        return None
    return Tagged.of_json(mark, task, entry)


def _published(task: Task, entry: Input, part: PartWriter) -> Tagged:
    # Dask cannot stop a task that is under way: it may outlive its run, and the folder be another's.
    if not task.store.is_of(task.plan):
        raise ClusterError(f"{task.store.root} was taken over by another run")
    # The mark goes first and comes last, so that no mark vouches for files of another run.
    task.store.remove(task.done)
    task.store.publish(part.units, task.part("units"))
    task.store.publish(part.failures, task.part("failures"))
    task.store.publish(part.draft, task.draft)
    tagged = Tagged(entry, Done(task.partition.size, part.counts, tuple(part.told)))
    # What could not be read now may be readable in the next run.
    if entry.sha256:
        task.store.write(task.done, tagged.to_json(task.plan))
    return tagged

"""A run on a Dask cluster: partitions in, Parquet partitions out, on any file system."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from uuid import uuid4

from distributed import Client, Future, KilledWorker
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError

from wuxing_nlp.batch.cluster.inputs import Partition, find_partitions
from wuxing_nlp.batch.cluster.model import ModelPlugin
from wuxing_nlp.batch.cluster.store import TABLES, Store
from wuxing_nlp.batch.cluster.tasks import Tagged, Task, give_up, join_documents, tag_partition
from wuxing_nlp.batch.parts import Counts
from wuxing_nlp.batch.plan import way
from wuxing_nlp.batch.record import CODEBOOK, RUN, carried_codebook, run_record
from wuxing_nlp.batch.run import Blind, Watcher, stop_at_failure
from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.codebook import Codebook
from wuxing_nlp.errors import ClusterError
from wuxing_nlp.version import __version__

PATIENCE = 30.0
"""Seconds to wait for the scheduler's answer, and then for the first worker."""

_AT_ONCE = 1_000  # tasks that are handed over in one message
_POLL = 5.0  # seconds after which to look whether the scheduler is still there
_GONE = "the cluster went away or dropped the work; repeat the command, which goes on where it was"

_Answer = TypeVar("_Answer")
_T = TypeVar("_T")


def run_on_cluster(
    address: str,
    inputs: Sequence[str | Path | Partition],
    out: Path | str,
    settings: Settings,
    *,
    restart: bool = False,
    strict: bool = False,
    watcher: Watcher | None = None,
    patience: float = PATIENCE,
) -> Counts:
    """Tag files of many documents on a Dask cluster.

    Every file is a partition, in the order of :func:`find_partitions`. Of the partition ``n`` come
    ``units/part-n.parquet``, ``documents/part-n.parquet`` and ``failures/part-n.parquet``, with the
    columns and types of the tables of :func:`wuxing_nlp.batch.run`, the same in all parts: the
    documents' own columns are those of all partitions, empty where a partition has them not. At last
    comes ``run.json``.

    The files are the same, byte for byte, whatever the number of workers and whether some of them
    die: Dask gives what they had to others. A run that was stopped goes on where it was when it is
    started again with the same plan; a partition counts as done if its content is still the same.

    Args:
        address: the scheduler's, as ``tcp://host:8786``.
        inputs: files, patterns and folders; see :func:`find_partitions`. Workers must be able to read
            them where this machine does.
        out: the folder of the results, local (and then shared by all machines) or a URL.
        settings: what the run is to do; the tables are Parquet, whatever it says.
        restart: discard what the folder holds of another or an earlier run.
        strict: stop at the first partition with a failure.
        watcher: is told how the run gets on, by partitions.
        patience: seconds; see :data:`PATIENCE`.

    Returns:
        What the run holds.

    Raises:
        ClusterError: no cluster there, machines without this version of the package or its model, or
            a cluster that went away.
        OutputError: the folder cannot be written, or holds a run of another plan.
        DocumentError: the inputs cannot be listed.
        StrictError: a document failed, and ``strict`` is True.
        BundleError: the model cannot be loaded.
    """
    watcher = watcher or Blind()
    partitions = find_partitions(inputs)
    model = settings.bundle()
    store = Store.of(out)
    identity = way(settings, model)
    with _cluster(address, patience) as client:
        plugin = _bring_model(client, settings)
        plan = store.begin(identity | {"partitions": [item.name for item in partitions]}, restart=restart)
        sent = replace(settings, model=None, options=replace(settings.options, notify=None))
        tasks = [Task(at, item, sent, plugin, store, plan) for at, item in enumerate(partitions)]
        tagged = _tag(client, tasks, model.codebook, strict, watcher)
        counts = Counts()
        for one in tagged:
            counts.add(one.done.counts)
        _join(client, tasks, counts.fields, watcher)
    store.sweep()
    identity["inputs"] = [asdict(one.input) for one in tagged]
    files = [f"{table}/part-*.parquet" for table in TABLES]
    store.remove(CODEBOOK)
    if carried := carried_codebook(model.codebook):
        store.write(CODEBOOK, carried)
        files.append(CODEBOOK)
    store.write(RUN, run_record(identity, model, counts, files, {}))
    return counts


@contextmanager
def _cluster(address: str, patience: float) -> Iterator[Client]:
    """A client of a cluster that has a worker, and this version of the package on every machine."""
    try:
        client = Client(address, timeout=patience, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({error}); start one with `dask scheduler`, or check "
            "the address that it shows"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=patience)
        except TimeoutError as error:
            raise ClusterError(
                f"the scheduler at {address} has no worker; start some with `dask worker {address}`"
            ) from error
        try:
            _check_versions(client)
            yield client
        except (CommClosedError, FutureCancelledError) as error:
            raise ClusterError(_GONE) from error


def _check_versions(client: Client) -> None:
    """Ask every machine, in a way that does not need the package there, for it could not answer else."""
    found: Any = client.get_versions(packages=["wuxing_nlp"])
    machines = {"the scheduler": found["scheduler"], **found["workers"]}
    for machine, facts in machines.items():
        version = facts["packages"]["wuxing_nlp"]
        if version != __version__:
            has = f"has wuxing_nlp {version}" if version else "has no wuxing_nlp"
            raise ClusterError(
                f"{machine} {has}; pip install 'wuxing_nlp[cluster]=={__version__}' on all machines"
            )


def _bring_model(client: Client, settings: Settings) -> str:
    plugin = ModelPlugin(settings)
    client.register_plugin(plugin, name=plugin.name)
    return plugin.name


def _tag(
    client: Client, tasks: Sequence[Task], codebook: Codebook, strict: bool, watcher: Watcher
) -> list[Tagged]:
    tagged: dict[int, Tagged] = {}
    for number, answer in _answers(client, tag_partition, tasks):
        tagged[number] = give_up(tasks[number], codebook) if isinstance(answer, KilledWorker) else answer
        watcher.tagged(tagged[number].done)
        if strict:
            stop_at_failure(tagged[number].done)
    return [tagged[number] for number in range(len(tasks))]


def _join(client: Client, tasks: Sequence[Task], fields: Sequence[str], watcher: Watcher) -> None:
    answers = _answers(client, join_documents, tasks, fields=fields)
    for joined, (_, answer) in enumerate(answers, start=1):
        if isinstance(answer, KilledWorker):
            raise ClusterError(f"{answer} Repeat the command, which goes on where it was") from answer
        watcher.joined(joined, len(tasks))


def _answers(
    client: Client, work: Callable[..., _Answer], tasks: Sequence[Task], **common: Any
) -> Iterator[tuple[int, _Answer | KilledWorker]]:
    """The answers to tasks as they come, with the tasks' places; in the place of one that ended all
    workers which tried it, that error."""
    run = uuid4().hex
    keys = [f"{work.__name__}-{run}-{number}" for number in range(len(tasks))]
    futures = client.map(work, tasks, key=keys, pure=False, batch_size=_AT_ONCE, **common)
    numbers = {future.key: number for number, future in enumerate(futures)}
    finished: SimpleQueue[Future[_Answer]] = SimpleQueue()
    for future in futures:
        future.add_done_callback(finished.put)  # type: ignore[no-untyped-call]
    for _ in futures:
        future = _asked(client, partial(finished.get, timeout=_POLL))
        yield numbers[future.key], _asked(client, partial(_result, future))


def _asked(client: Client, ask: Callable[[], _T]) -> _T:
    """What ``ask`` gives, asked again where it takes long: Dask itself would wait for ever for what a
    scheduler took with it. Raises ClusterError: there is no scheduler any more."""
    while client.status == "running":
        with suppress(Empty, TimeoutError):
            return ask()
    raise ClusterError(_GONE)


def _result(future: Future[_Answer]) -> _Answer | KilledWorker:
    try:
        return future.result(timeout=_POLL)
    except KilledWorker as error:
        return error

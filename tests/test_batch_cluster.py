"""A run on a real Dask cluster: a scheduler and workers in processes of their own, one of them killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, Self

import dask
import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster
from fsspec.implementations.arrow import ArrowFSWrapper
from pyarrow.fs import LocalFileSystem

from wuxing_nlp import batch
from wuxing_nlp.batch import Counts, Settings, find_partitions, run_on_cluster
from wuxing_nlp.batch.cluster.inputs import Partition
from wuxing_nlp.batch.cluster.model import ModelPlugin
from wuxing_nlp.batch.cluster.parts import ROWS
from wuxing_nlp.batch.cluster.store import Store
from wuxing_nlp.batch.cluster.tasks import Task, tag_partition
from wuxing_nlp.batch.columns import UnitTable
from wuxing_nlp.batch.record import run_codebook
from wuxing_nlp.batch.run import Blind
from wuxing_nlp.batch.tagging import Done
from wuxing_nlp.codebook import load_codebook
from wuxing_nlp.documents import find_sources
from wuxing_nlp.errors import ClusterError, DocumentError, OutputError, StrictError
from wuxing_nlp.model.bundle import Model, save
from wuxing_nlp.model.tagger import load

PROBLEM = "坚决整治推诿扯皮、久拖不决。"
COURAGE = "有的干部不敢担当，遇到矛盾绕道走。"
SERVICE = "推行一网通办，让群众少跑腿、好办事。"
PLAIN = "第三中学操场于八月底完工。"
DOCUMENT = "\n".join([PROBLEM, COURAGE, SERVICE, PLAIN])

Tree = dict[str, bytes]

LIMIT = 60.0  # seconds after which a process that should have done something is given up


class Cluster:
    """A scheduler and workers without nannies: what is killed stays dead.

    ``allowed`` is how many workers a task may end before it is given up.
    """

    def __init__(self, folder: Path, workers: int, allowed: int = 3) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._count = workers
        self._environment = os.environ | {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed),
            "DASK_TEMPORARY_DIRECTORY": str(folder),
        }
        self.address = ""
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._stack = stack
            self._log = stack.enter_context((self._folder / "log").open("wb"))
            place = ("--host", "127.0.0.1", "--no-dashboard")
            # Also without a dashboard the scheduler would take a port that is fixed.
            ports = ("--port", "0", "--dashboard-address", "127.0.0.1:0")
            file = ("--scheduler-file", self._folder / "scheduler.json")
            self.scheduler = self._start("dask_scheduler", *place, *ports, *file)
            self._wait_for(self._answers)
            alone = ("--nthreads", "1", "--no-nanny", "--death-timeout", LIMIT)
            for _ in range(self._count):
                self.workers.append(self._start("dask_worker", self.address, *place, *alone))
            with client_of(self.address) as client:
                client.wait_for_workers(self._count, timeout=LIMIT)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self, module: str, *arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments)]
        # Another folder than the tests': what is relative here leads nowhere there.
        process = subprocess.Popen(
            command, cwd=self._folder, env=self._environment, stdout=self._log, stderr=self._log
        )
        self._stack.callback(process.wait, LIMIT)
        self._stack.callback(process.kill)
        return process

    def _answers(self) -> bool:
        """Whether the scheduler has told its address, which it writes bit by bit."""
        try:
            self.address = json.loads((self._folder / "scheduler.json").read_bytes())["address"]
        except (OSError, ValueError):
            return False
        return True

    def _wait_for(self, done: Any) -> None:
        until = time.monotonic() + LIMIT
        while not done():
            assert self.scheduler.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.02)

    def kill_who_has(self, number: int) -> None:
        """Kill the worker that has the partition of that number in hand."""
        with client_of(self.address) as client:
            processes: dict[str, int] = client.run(os.getpid)
            busy: list[int] = []

            def found() -> bool:
                for worker, keys in client.processing().items():
                    busy.extend(processes[worker] for key in keys if str(key).endswith(f"-{number}"))
                return bool(busy)

            self._wait_for(found)
        [victim] = [worker for worker in self.workers if worker.pid == busy[0]]
        victim.kill()
        assert victim.wait(LIMIT) == -signal.SIGKILL


def client_of(address: str) -> Client:
    return Client(address, timeout=LIMIT, set_as_default=False)  # type: ignore[no-untyped-call]


@contextmanager
def in_this_process(workers: int = 1) -> Iterator[str]:
    """A cluster in this process, which is there at once; its address."""
    options = {"processes": False, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with (
        TemporaryDirectory() as folder,
        dask.config.set(temporary_directory=folder),
        LocalCluster(n_workers=workers, **options) as cluster,  # type: ignore[no-untyped-call]
    ):
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("cluster"), workers=2) as started:
        yield started


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight partitions of three formats, one of them broken, with different columns of their own."""
    folder = tmp_path_factory.mktemp("in")
    for number in range(4):
        write_parquet(folder / f"p{number}.parquet", number, rows=40)
    rows = "".join(f"{row},{PROBLEM},江西,{row}\n" for row in range(40))
    (folder / "a.csv").write_text(f"编号,正文,地区,unit\n{rows}40,,江西,x\n", encoding="gb18030")
    lines = [{"编号": f"j{row}", "正文": DOCUMENT, "units": row} for row in range(40)]
    (folder / "b.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    (folder / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    (folder / "z.csv").write_text(f"编号,正文\n1,{COURAGE}\n", encoding="utf-8")
    return folder


def write_parquet(path: Path, number: int, rows: int) -> None:
    columns = {
        "编号": [f"{number}-{row}" for row in range(rows)],
        "正文": [f"{DOCUMENT}\n第{row}号文件即日起施行。" for row in range(rows)],
        f"栏{number % 2}": [str(row) for row in range(rows)],
    }
    pq.write_table(pa.table(columns), path)


def tree(folder: Path) -> Tree:
    """Every file of a run's folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table, part by part."""
    parts = sorted((folder / table).glob("part-*.parquet"))
    return [row for part in parts for row in pq.ParquetFile(part).read().to_pylist()]


@pytest.fixture(scope="module")
def done(cluster: Cluster, inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run by two workers. No test changes it."""
    out = tmp_path_factory.mktemp("done")
    run_on_cluster(cluster.address, [inputs], out, Settings())
    return out


def test_the_command_line_hands_the_work_to_a_cluster(
    wuxing: Callable[..., tuple[int, str, str]], cluster: Cluster, inputs: Path, done: Path, tmp_path: Path
) -> None:
    code, out, err = wuxing("classify", inputs, "--out", tmp_path / "out", "--cluster", cluster.address)
    assert code == 1
    assert str(tmp_path / "out") in out
    assert all(line.startswith("wuxing: ") for line in err.splitlines())
    for table in ("units", "documents", "failures"):
        names = sorted(path.name for path in (done / table).iterdir())
        assert sorted(path.name for path in (tmp_path / "out" / table).iterdir()) == names
        for name in names:
            assert (tmp_path / "out" / table / name).read_bytes() == (done / table / name).read_bytes()


def test_results_are_those_of_a_run_on_this_machine(inputs: Path, done: Path, tmp_path: Path) -> None:
    settings = Settings(tables=("parquet",))
    plan = batch.Plan(find_sources([inputs]), settings, settings.tagger().model)
    counts = batch.run(plan, tmp_path)
    for table in ("units", "documents"):
        whole = pq.ParquetFile(tmp_path / f"{table}.parquet").read().to_pylist()
        assert rows(done, table) == whole
        names = [row["document"] for row in whole]
        assert len(set(names)) == counts.documents == 4 * 40 + 40 + 40 + 1
    there, here = (json.loads((folder / batch.RUN).read_bytes()) for folder in (done, tmp_path))
    assert {key for key in here if there[key] != here[key]} == {"files"}
    assert there["counts"]["units"] == len(rows(done, "units"))


def test_failures_are_rows_and_stop_nothing(inputs: Path, done: Path) -> None:
    failures = rows(done, "failures")
    assert [failure["input"] for failure in failures] == [f"{inputs}/a.csv#40", f"{inputs}/broken.parquet"]
    assert "no text in column" in failures[0]["reason"]
    assert "no Parquet file, or a broken one" in failures[1]["reason"]


def test_all_parts_of_a_table_have_one_schema_with_the_columns_of_all_inputs(done: Path) -> None:
    for table in ("units", "documents", "failures"):
        parts = sorted((done / table).iterdir())
        assert [part.name for part in parts] == [f"part-{number:05d}.parquet" for number in range(8)]
        assert len({str(pq.read_schema(part)) for part in parts}) == 1
    names = pq.read_schema(done / "documents" / "part-00002.parquet").names
    assert names[-6:] == ["编号", "地区", "unit", "units (input)", "栏0", "栏1"]
    documents = {row["document"].rpartition("#")[2]: row for row in rows(done, "documents")}
    assert (documents["7"]["地区"], documents["7"]["栏0"]) == ("江西", None)
    assert (documents["2-5"]["地区"], documents["2-5"]["栏0"]) == (None, "5")
    assert documents["j3"]["units (input)"] == "3"


def test_nothing_is_left_but_results_and_marks(done: Path) -> None:
    marks = {f".parts/part-{number:05d}.{suffix}" for number in range(8) for suffix in ("json", "jsonl.gz")}
    results = {name for name in tree(done) if name.endswith(".parquet")}
    assert set(tree(done)) == marks | results | {".parts/plan.json", "run.json"}


def test_one_worker_gives_the_same_bytes(inputs: Path, done: Path, tmp_path: Path) -> None:
    with in_this_process() as address:
        run_on_cluster(address, [inputs], tmp_path, Settings())
    assert tree(tmp_path) == tree(done)


class Killer(Blind):
    """Kills the worker that stands before the gate as soon as the other one has done a partition.

    Args:
        cluster: of two workers.
        gate: a pipe in the place of the first partition. Nobody writes to it: whoever opens it waits.
        file: the partition itself, a copy of which is put in the pipe's place.
    """

    def __init__(self, cluster: Cluster, gate: Path, file: Path) -> None:
        self._cluster, self._gate, self._file = cluster, gate, file

    def tagged(self, done: Done) -> None:
        if not self._gate.is_fifo():
            return
        shutil.copy(self._file, self._gate.with_suffix(".copy"))
        # Who waits at the pipe goes on waiting; who comes later finds the file.
        self._gate.with_suffix(".copy").replace(self._gate)
        self._cluster.kill_who_has(0)


def test_a_worker_killed_in_mid_run_changes_no_byte(inputs: Path, done: Path, tmp_path: Path) -> None:
    gate, partitions = tmp_path / "gate", find_partitions([inputs])
    os.mkfifo(gate)
    local = ArrowFSWrapper(LocalFileSystem())
    partitions[0] = replace(partitions[0], files=local, path=str(gate))
    with Cluster(tmp_path / "cluster", workers=2) as cluster:
        killer = Killer(cluster, gate, inputs / "a.csv")
        counts = run_on_cluster(cluster.address, partitions, tmp_path / "out", Settings(), watcher=killer)
        assert sorted(str(worker.poll()) for worker in cluster.workers) == ["-9", "None"]
    assert tree(tmp_path / "out") == tree(done)
    assert counts.documents == len(rows(done, "documents"))


def test_a_partition_that_ends_its_workers_is_a_failure_until_it_does_not(tmp_path: Path) -> None:
    write_parquet(tmp_path / "p.parquet", 0, rows=3)
    path = str(tmp_path / "p.parquet")
    # "Fetching" it puts the program `true` in the worker's place.
    deadly = Partition("p.parquet", SimpleNamespace(get_file=os.execlp), "true", 0)
    with Cluster(tmp_path / "cluster", workers=2, allowed=0) as cluster:
        counts = run_on_cluster(cluster.address, [deadly], tmp_path / "out", Settings())
        assert (counts.documents, counts.failures) == (0, 1)
        [failure] = rows(tmp_path / "out", "failures")
        assert (failure["input"], failure["reason"][:24]) == ("p.parquet", "every worker that tried ")
        assert rows(tmp_path / "out", "documents") == rows(tmp_path / "out", "units") == []
        files, _ = fsspec.url_to_fs(path)
        harmless = replace(deadly, files=files, path=path)
        counts = run_on_cluster(cluster.address, [harmless], tmp_path / "out", Settings())
        assert (counts.documents, counts.failures) == (3, 0)
        assert rows(tmp_path / "out", "failures") == []


def test_a_bundle_of_ones_own_travels(
    cluster: Cluster, tmp_path: Path, small_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(small_model, Path("bundle"), "card")
    Path("in.csv").write_text(
        f"编号,正文\n1,{DOCUMENT}\n".replace(DOCUMENT, f'"{DOCUMENT}"'), encoding="utf-8"
    )
    # The workers stand in another folder: a path would lead them nowhere.
    run_on_cluster(cluster.address, [tmp_path / "in.csv"], tmp_path / "out", Settings(Path("bundle")))
    tagged = load("bundle").tag(DOCUMENT, probabilities=True)
    units = rows(tmp_path / "out", "units")
    assert [unit["p_Z"] for unit in units] == [round(unit.probabilities["Z"], 4) for unit in tagged.units]
    assert json.loads((tmp_path / "out" / "run.json").read_bytes())["model"]["name"] == tagged.model
    assert "wuxing-small" in tagged.model


def test_a_bundle_with_its_own_codebook_brings_its_labels(
    cluster: Cluster, tmp_path: Path, tools_model: Model
) -> None:
    save(tools_model, tmp_path / "tools", "card")
    (tmp_path / "in.csv").write_text(f"编号,正文\n1,{COURAGE}\n", encoding="utf-8")
    out = tmp_path / "out"
    run_on_cluster(cluster.address, [tmp_path / "in.csv"], out, Settings(tmp_path / "tools"))
    for table in ("units", "documents"):
        names = set(rows(out, table)[0])
        assert {"S", "D", "E", "S0"} <= names
        assert "Z1" not in names
    assert run_codebook(out).fingerprint == tools_model.codebook.fingerprint
    # Another run in its place leaves no codebook behind that is not its own.
    run_on_cluster(cluster.address, [tmp_path / "in.csv"], out, Settings(), restart=True)
    assert run_codebook(out) is load_codebook()


class Stopper(Blind):
    """Stops the run at its first partition."""

    def tagged(self, done: Done) -> None:
        raise KeyboardInterrupt


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """What tells whether a file was written anew."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_a_stopped_run_goes_on_where_it_was(
    cluster: Cluster, inputs: Path, done: Path, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_on_cluster(cluster.address, [inputs], tmp_path, Settings(), watcher=Stopper())
    assert not (tmp_path / "run.json").exists()
    [mark, *_] = sorted((tmp_path / ".parts").glob("part-*.json"))
    part = f"{mark.stem}.parquet"
    before = stamps(tmp_path / "units")[part]
    (tmp_path / ".parts" / "half.part").write_bytes(b"what a killed worker leaves")
    run_on_cluster(cluster.address, [inputs], tmp_path, Settings())
    assert stamps(tmp_path / "units")[part] == before
    assert tree(tmp_path) == tree(done)


def test_only_what_is_missing_or_has_changed_is_done_again(tmp_path: Path) -> None:
    for number in range(4):
        write_parquet(tmp_path / f"p{number}.parquet", number, rows=3)
    out = tmp_path / "out"
    with in_this_process() as address:
        run_on_cluster(address, [f"{tmp_path}/*.parquet"], out, Settings())
        first, before = tree(out), stamps(out / "units")
        (out / "units" / "part-00001.parquet").unlink()
        (out / ".parts" / "part-00002.json").unlink()
        run_on_cluster(address, [f"{tmp_path}/*.parquet"], out, Settings())
        assert tree(out) == first
        after = stamps(out / "units")
        assert [name[8:10] for name in sorted(after) if after[name] != before[name]] == ["01", "02"]
        write_parquet(tmp_path / "p3.parquet", 3, rows=5)
        counts = run_on_cluster(address, [f"{tmp_path}/*.parquet"], out, Settings())
    assert counts.documents == len(rows(out, "documents")) == 3 + 3 + 3 + 5
    assert {name for name, content in tree(out).items() if first[name] != content} == {
        "run.json", "units/part-00003.parquet", "documents/part-00003.parquet",
        ".parts/part-00003.json", ".parts/part-00003.jsonl.gz",
    }  # fmt: skip


def test_a_folder_of_another_plan_is_kept_unless_it_is_discarded(tmp_path: Path) -> None:
    for number in range(3):
        write_parquet(tmp_path / f"p{number}.parquet", number, rows=2)
    out, mine = tmp_path / "out", tmp_path / "out" / "documents" / "mine.docx"
    with in_this_process() as address:
        run_on_cluster(address, [tmp_path / "p1.parquet", tmp_path / "p2.parquet"], out, Settings())
        mine.write_bytes(b"mine")
        before = tree(out)
        with pytest.raises(OutputError, match=r"differs in text, partitions; .* with --restart"):
            run_on_cluster(address, [tmp_path / "p0.parquet"], out, Settings(text=False))
        assert tree(out) == before
        run_on_cluster(address, [tmp_path / "p0.parquet"], out, Settings(text=False), restart=True)
        assert [row["document"] for row in rows(out, "documents")] == [
            f"{tmp_path}/p0.parquet#0-{row}" for row in range(2)
        ]
        assert "text" not in rows(out, "units")[0]
        assert mine.read_bytes() == b"mine"
        (out / ".parts" / "plan.json").unlink()
        with pytest.raises(OutputError, match="an unknown run, or parts of one"):
            run_on_cluster(address, [tmp_path / "p0.parquet"], out, Settings())


def test_a_run_of_one_machine_is_kept_unless_it_is_discarded(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    store = Store.of(tmp_path)
    with pytest.raises(OutputError, match=r"holds an unknown run, or parts of one; .* with --restart"):
        store.begin({"run": 1}, restart=False)
    assert (tmp_path / "run.json").is_file()
    store.begin({"run": 1}, restart=True)
    assert not (tmp_path / "run.json").exists()


def test_a_task_that_outlives_its_run_writes_nothing(tmp_path: Path) -> None:
    write_parquet(tmp_path / "p.parquet", 0, rows=2)
    [partition] = find_partitions([tmp_path / "p.parquet"])
    store, plugin = Store.of(tmp_path / "out"), ModelPlugin(Settings())
    late = Task(0, partition, Settings(), plugin.name, store, store.begin({"run": 1}, restart=False))
    store.begin({"run": 2}, restart=True)
    before = tree(tmp_path / "out")
    with in_this_process() as address, client_of(address) as client:
        client.register_plugin(plugin, name=plugin.name)
        with pytest.raises(ClusterError, match="taken over by another run"):
            client.submit(tag_partition, late).result()
    assert tree(tmp_path / "out") == before


def test_any_file_system_will_do(inputs: Path, done: Path) -> None:
    memory = fsspec.filesystem("memory")
    try:
        for path in inputs.iterdir():
            memory.put_file(str(path), f"/in [1]/deep/{path.name}")
        memory.pipe_file("/in [1]/_SUCCESS.csv", b"")
        with in_this_process(workers=2) as address:
            run_on_cluster(address, ["memory://in [1]", "memory://gone*"], "memory://out/run", Settings())
        found = {path: memory.cat_file(path) for path in memory.find("/out/run")}
    finally:
        memory.store.clear()
        memory.pseudo_dirs.clear()
    units = [
        row
        for path in sorted(found)
        if "/units/" in path
        for row in pq.read_table(pa.BufferReader(found[path])).to_pylist()
    ]
    expected = rows(done, "units")
    for row in expected:
        row["document"] = row["document"].replace(str(inputs), "memory:///in [1]/deep")
    assert units == expected
    assert not [path for path in found if path.endswith(".part")]
    record = json.loads(found["/out/run/run.json"])
    assert [entry["sha256"] for entry in record["inputs"]][:-1] == [
        entry["sha256"] for entry in json.loads((done / "run.json").read_bytes())["inputs"]
    ]
    assert record["inputs"][-1] == {"name": "memory:///gone*", "bytes": 0, "sha256": ""}


def test_partitions_are_sorted_files_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.csv", "a.jsonl", "deep/c.PARQUET", "_temporary/d.csv", ".e.csv", "f.docx", "x[1].csv"):
        Path("in", name).parent.mkdir(parents=True, exist_ok=True)
        Path("in", name).write_bytes(b"12345")
    found = find_partitions(["in/b.csv", "in", "in/[ab].*", f"file://{tmp_path}/in/a.jsonl", "in/x[1].csv"])
    absolute = f"{tmp_path}/in/a.jsonl"
    names = ["in/b.csv", "in/a.jsonl", "in/deep/c.PARQUET", "in/x[1].csv", absolute]
    assert [partition.name for partition in found] == names
    assert {partition.size for partition in found} == {5}
    assert find_partitions(found) == found
    assert [partition.name for partition in find_partitions(["none/*", "gone.csv"])] == ["none/*", "gone.csv"]
    with pytest.raises(DocumentError, match="Protocol not known: nowhere"):
        find_partitions(["nowhere://x"])


def test_a_document_of_more_units_than_are_kept_in_memory_is_whole(tmp_path: Path) -> None:
    text = "\n".join([PROBLEM] * (ROWS + 1))
    (tmp_path / "in.jsonl").write_text(json.dumps({"正文": text}) + "\n", encoding="utf-8")
    with in_this_process() as address:
        run_on_cluster(address, [tmp_path / "in.jsonl"], tmp_path / "out", Settings())
    assert [unit["unit"] for unit in rows(tmp_path / "out", "units")] == list(range(1, ROWS + 2))


class SchedulerKiller(Blind):
    """Kills the scheduler as soon as a partition is there."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def tagged(self, done: Done) -> None:
        self._cluster.scheduler.kill()


def test_a_scheduler_that_dies_ends_the_run_which_can_be_repeated(
    inputs: Path, done: Path, tmp_path: Path
) -> None:
    gone = pytest.raises(ClusterError, match="the cluster went away or dropped the work; repeat")
    with Cluster(tmp_path / "cluster", workers=1) as cluster, gone:
        killer = SchedulerKiller(cluster)
        run_on_cluster(cluster.address, [inputs], tmp_path / "out", Settings(), watcher=killer, patience=3)
    assert list((tmp_path / "out" / ".parts").glob("part-*.json"))
    with in_this_process() as address:
        run_on_cluster(address, [inputs], tmp_path / "out", Settings())
    assert tree(tmp_path / "out") == tree(done)


class Teller(Blind):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.done: list[Done] = []
        self.joins: list[tuple[int, int]] = []

    def tagged(self, done: Done) -> None:
        self.done.append(done)

    def joined(self, part: int, parts: int) -> None:
        self.joins.append((part, parts))


def test_a_watcher_is_told_also_of_what_was_done_before(tmp_path: Path) -> None:
    for number in range(2):
        write_parquet(tmp_path / f"p{number}.parquet", number, rows=2)
    (tmp_path / "p2.csv").write_text(f"编号,正文\n1,{PLAIN}\n2,\n", encoding="utf-8")
    partitions = find_partitions([tmp_path])
    told = [Teller(), Teller()]
    with in_this_process() as address:
        for teller in told:
            counts = run_on_cluster(address, partitions, tmp_path / "out", Settings(), watcher=teller)
    for teller in told:
        assert sum(done.size for done in teller.done) == sum(partition.size for partition in partitions)
        assert sum(done.counts.documents for done in teller.done) == counts.documents == 5
        assert [failure.name for done in teller.done for failure in done.failures] == [f"{tmp_path}/p2.csv#2"]
        assert teller.joins == [(1, 3), (2, 3), (3, 3)]


def test_strict_stops_at_the_first_partition_with_a_failure(tmp_path: Path) -> None:
    with in_this_process() as address, pytest.raises(StrictError, match=r"gone\.csv: there is no such file"):
        run_on_cluster(address, [tmp_path / "gone.csv"], tmp_path / "out", Settings(), strict=True)
    assert not (tmp_path / "out" / "run.json").exists()


def test_no_inputs_make_an_empty_run(tmp_path: Path) -> None:
    with in_this_process() as address:
        assert run_on_cluster(address, [], tmp_path, Settings()) == Counts()
    assert (tmp_path / "run.json").exists()


def test_where_no_scheduler_is_the_error_comes_soon_and_says_so(tmp_path: Path) -> None:
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address}"):
            run_on_cluster(address, [], tmp_path / "out", Settings(), patience=0.5)
    assert not (tmp_path / "out").exists()


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with in_this_process(workers=0) as address, pytest.raises(ClusterError, match="has no worker"):
        run_on_cluster(address, [], tmp_path / "out", Settings(), patience=0.5)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with in_this_process() as address:
        with pytest.raises(OutputError, match=r"/file/.* cannot be used .* may write to"):
            run_on_cluster(address, [], tmp_path / "file", Settings())
        with pytest.raises(OutputError, match="nowhere://out cannot be used"):
            run_on_cluster(address, [], "nowhere://out", Settings())


def test_a_worker_with_another_version_or_model_is_refused(tmp_path: Path, small_model: Model) -> None:
    save(small_model, tmp_path / "bundle", "card")
    other_version, other_model = ModelPlugin(Settings()), ModelPlugin(Settings(tmp_path / "bundle"))
    other_version._version, other_version.name = "0.0.1", "other version"
    other_model._bundle, other_model.name = None, "other model"
    with in_this_process() as address, client_of(address) as client:
        with pytest.raises(ClusterError, match=r"has wuxing_nlp .*, but here it is 0\.0\.1; install"):
            client.register_plugin(other_version, name=other_version.name)
        with pytest.raises(ClusterError, match="has another shipped model than is here"):
            client.register_plugin(other_model, name=other_model.name)


def test_units_without_text_quote_nothing(tmp_path: Path) -> None:
    write_parquet(tmp_path / "p.parquet", 0, rows=2)
    settings = Settings(text=False)
    with in_this_process() as address:
        run_on_cluster(address, [tmp_path / "p.parquet"], tmp_path / "out", settings)
    names = pq.read_schema(tmp_path / "out" / "units" / "part-00000.parquet").names
    assert names == [column.name for column in UnitTable(load_codebook(), text=False).columns]
    shutil.copy(tmp_path / "out" / ".parts" / "part-00000.jsonl.gz", tmp_path / "draft.gz")
    draft = pa.input_stream(str(tmp_path / "draft.gz"), compression="gzip").read().decode()
    assert draft.count("\n") == 2
    assert "推诿" not in draft

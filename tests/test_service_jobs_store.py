"""The store of jobs: what is written stays, and no step is taken that there is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from wuxing_nlp.errors import ServiceError
from wuxing_nlp.model.preference import Preference
from wuxing_nlp.service.jobs.job import Counts, Job, Options, State
from wuxing_nlp.service.jobs.store import MOST_CRASHES, Store

NOON = "2026-03-02T12:00:00.000+00:00"
LATER = "2026-03-02T13:00:00.000+00:00"
COUNTS = Counts(3, 1, 40)


def job(id: str = "1", owner: str = "", **more: object) -> Job:
    return replace(Job(id=id, owner=owner, name=f"任务{id}", digest="d", created=NOON), **more)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "jobs.sqlite3")
    yield opened
    opened.close()


def test_a_job_is_the_same_when_the_store_is_opened_again(tmp_path: Path) -> None:
    options = Options(False, False, Preference.RECALL, "正文", "编号")
    kept = job("a" * 32, "王", options=options, key="k", progress=None, counts=COUNTS, error="坏", crashes=2)
    first = Store(tmp_path / "x")
    first.add(kept)
    first.close()
    again = Store(tmp_path / "x")
    assert again.find(kept.id) == kept
    assert again.find("b" * 32) is None
    again.close()


def test_a_key_is_its_owners_and_used_once(store: Store) -> None:
    store.add(job("1", "a", key="k"))
    store.add(job("2", "b", key="k"))
    store.add(job("3", "a"))
    store.add(job("4", "a"))
    found = [store.find_key(owner, "k") for owner in ("a", "b", "c")]
    assert [each and each.id for each in found] == ["1", "2", None]
    with pytest.raises(sqlite3.IntegrityError):
        store.add(job("5", "a", key="k"))


def test_jobs_are_listed_newest_first_and_only_to_their_owner(store: Store) -> None:
    for number in range(5):
        store.add(job(str(number), "a" if number != 2 else "b"))
    assert [each.id for each in store.of_owner("a", 9)] == ["4", "3", "1", "0"]
    assert [each.id for each in store.of_owner("a", 2)] == ["4", "3"]
    assert [each.id for each in store.of_owner("a", 2, "3")] == ["1", "0"]
    assert store.of_owner("c", 9) == []
    assert store.ids() == {"0", "1", "2", "3", "4"}


def test_jobs_run_in_the_order_in_which_they_came(store: Store) -> None:
    store.add(job("2"))
    store.add(job("1"))
    begun = [store.begin(NOON), store.begin(LATER)]
    assert [(each.id, each.state, each.started) for each in begun if each] == [
        ("2", State.RUNNING, NOON),
        ("1", State.RUNNING, LATER),
    ]
    assert store.begin(LATER) is None


def test_a_job_that_is_queued_again_keeps_its_place_and_its_beginning(store: Store) -> None:
    store.add(job("1"))
    store.add(job("2"))
    store.begin(NOON)
    store.note("1", 0.5, COUNTS)
    assert store.requeue() == 1
    assert store.requeue() == 0
    again = store.begin(LATER)
    assert again
    assert (again.id, again.started, again.progress, again.counts) == ("1", NOON, 0.5, COUNTS)
    assert again.crashes == 0


def test_a_job_is_done_with_its_counts(store: Store) -> None:
    store.add(job())
    store.begin(NOON)
    assert store.note("1", None, Counts(1, 0, 9))
    assert store.finish("1", COUNTS, LATER)
    found = store.find("1")
    assert found == job(state=State.DONE, started=NOON, finished=LATER, progress=1.0, counts=COUNTS)


def test_a_job_fails_with_what_is_to_be_said(store: Store) -> None:
    store.add(job())
    store.begin(NOON)
    assert store.fail("1", "没有空间", LATER)
    found = store.find("1")
    assert found
    assert (found.state, found.error, found.finished) == (State.FAILED, "没有空间", LATER)


STEPS: dict[str, Callable[[Store], bool]] = {
    "note": lambda store: store.note("1", 0.5, COUNTS),
    "finish": lambda store: store.finish("1", COUNTS, LATER),
    "fail": lambda store: store.fail("1", "x", LATER),
    "crash": lambda store: store.crash("1", LATER),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", [State.QUEUED, State.DONE, State.FAILED, None])
def test_only_a_running_job_moves_on(store: Store, state: State | None, step: str) -> None:
    if state:
        store.add(job(state=state))
    before = store.find("1")
    assert not STEPS[step](store)
    assert store.find("1") == before


def test_a_job_whose_process_ends_again_and_again_has_failed(store: Store) -> None:
    store.add(job())
    for count in range(1, MOST_CRASHES + 1):
        begun = store.begin(NOON)
        assert begun
        assert begun.crashes == count - 1
        assert store.crash("1", LATER)
    assert store.begin(NOON) is None
    failed = store.find("1")
    assert failed
    assert (failed.state, failed.crashes, failed.finished) == (State.FAILED, MOST_CRASHES, LATER)
    assert str(MOST_CRASHES) in str(failed.error)


def test_states_are_counted(store: Store) -> None:
    for number in range(4):
        store.add(job(str(number)))
    store.begin(NOON)
    store.finish("0", COUNTS, NOON)
    store.begin(NOON)
    assert store.states() == {State.QUEUED: 2, State.RUNNING: 1, State.DONE: 1, State.FAILED: 0}


def test_only_ended_jobs_grow_old(store: Store) -> None:
    for number in range(4):
        store.add(job(str(number)))
    store.begin(NOON)
    store.finish("0", COUNTS, NOON)
    store.begin(NOON)
    store.fail("1", "x", LATER)
    store.begin(NOON)
    assert store.ended_before(NOON) == []
    assert store.ended_before(LATER) == ["0"]
    assert store.ended_before("2026-03-03") == ["0", "1"]


def test_a_job_is_forgotten_once(store: Store) -> None:
    store.add(job())
    assert store.remove("1")
    assert not store.remove("1")
    assert store.ids() == set()


def test_a_second_service_is_refused(store: Store, tmp_path: Path) -> None:
    store.add(job())
    with pytest.raises(ServiceError, match=r"another service works with the data folder .*--data"):
        Store(tmp_path / "jobs.sqlite3")
    store.close()
    later = Store(tmp_path / "jobs.sqlite3")
    assert later.ids() == {"1"}
    later.close()


def test_what_a_newer_version_wrote_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ServiceError, match=r"jobs.sqlite3 was written by a newer version"):
        Store(path)


def test_what_is_no_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite3"
    path.write_text("no database at all, but long enough to look at" * 99)
    before = path.read_bytes()
    with pytest.raises(ServiceError, match=r"jobs.sqlite3 cannot be used \(.*; move it away"):
        Store(path)
    assert path.read_bytes() == before
    with pytest.raises(ServiceError, match="cannot be used"):
        Store(tmp_path)

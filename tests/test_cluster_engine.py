"""The engine that carries jobs: so many at once as it is told, no two of a host, and nothing is left of them."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import postgresql
from machines import until
from syndicate import store as stores
from syndicate.config import read
from syndicate.errors import StoreUnusable
from syndicate.model import Poll
from syndicate.schedule import Deferred, Engine, carry
from syndicate.store import Store

OF_ENGINES = "SELECT pid FROM pg_stat_activity WHERE application_name = 'syndicate jobs'"


class Carried:
    """What was carried, and how many at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.jobs = list[Poll]()
        self.most = 0
        self.errors = list[Exception]()
        self._seconds = seconds
        self._now = 0
        self._guard = threading.Lock()

    def __call__(self, job: Poll) -> None:
        with self._guard:
            self._now += 1
            self.most = max(self.most, self._now)
            self.jobs.append(job)
        time.sleep(self._seconds)
        with self._guard:
            self._now -= 1


@pytest.fixture
def store(server: postgresql.Cluster, tmp_path: Path) -> Iterator[Store]:
    with stores.open(server.store(tmp_path / "s.db")) as opened:
        yield opened


@pytest.fixture
def url(server: postgresql.Cluster, tmp_path: Path, store: Store) -> str:
    return server.store(tmp_path / "s.db")


@contextmanager
def engine(url: str, carried: Carried, most: int = 2, machine: str = "web-1", *, may: bool = True) -> Iterator[Engine]:
    made = Engine(url, machine, carried, carried.errors.append, most)
    made.may = may
    made.start()
    try:
        made.end_stalled()  # it can be asked at once
        yield made
    finally:
        assert made.stop(10)


def jobs(number: int) -> list[Deferred]:
    return [Deferred(Poll(f"h{n}:443", (f"q{n}",)), f"h{n}:443") for n in range(number)]


def raw(store: Store, statement: str) -> list[tuple[object, ...]]:
    found = store._connection._pool.asked(statement, ())  # type: ignore[attr-defined]  # looked into
    return [*found.fetchall()]


@pytest.mark.parametrize("most", [1, 3, 9])
def test_as_many_jobs_are_carried_at_once_as_it_is_told(store: Store, url: str, most: int) -> None:
    """Whatever the machine has: its own executor would take as many as there are processors, and four more."""
    carried = Carried(0.3)
    with engine(url, carried, most) as made:
        made.defer(jobs(most + 2))
        until(lambda: carried.jobs, 10)
        assert [*store.jobs().locks.values()].count("doing") <= most
        until(lambda: len(carried.jobs) == most + 2, 15)
    assert carried.most == most
    assert raw(store, "SELECT * FROM procrastinate_jobs") == []
    assert carried.errors == []


def test_one_that_was_taken_for_dead_begins_anew_and_tells_of_no_fault(store: Store, url: str) -> None:
    carried = Carried()
    with engine(url, carried) as made:
        until(lambda: raw(store, "SELECT id FROM procrastinate_workers"), 10)
        (before,) = raw(store, "DELETE FROM procrastinate_workers RETURNING id")
        made.defer(jobs(2))
        until(lambda: len(carried.jobs) == 2, 20)
        (after,) = raw(store, "SELECT id FROM procrastinate_workers")
    assert after != before
    assert carried.errors == []


def test_it_has_as_many_connections_as_the_documentation_says(store: Store, url: str) -> None:
    """Whoever sets `max_connections` counts on it."""
    text = (Path(__file__).parents[1] / "docs" / "cluster.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"^\| `worker` \| `pool` \| (\d+) \|", text, re.MULTILINE)
    before = {pid for (pid,) in raw(store, OF_ENGINES)}
    carried, seen = Carried(0.05), set[int]()
    with engine(url, carried, 9) as made:
        for _ in range(10):
            threads = [threading.Thread(target=made.defer, args=[jobs(9)]) for _ in range(5)]
            for each in threads:
                each.start()
            seen.add(len({pid for (pid,) in raw(store, OF_ENGINES)} - before))
            for each in threads:
                each.join()
        until(lambda: not store.jobs().locks, 20)
    assert max(seen) == int(said)


def test_one_that_waits_is_not_put_twice_and_keeps_none_of_the_others_out(store: Store, url: str) -> None:
    carried = Carried()
    with engine(url, carried, may=False) as made:
        made.defer(jobs(2))
        made.defer(jobs(4))
        assert store.jobs().waiting == 4
        assert dict(store.jobs().locks) == {f"h{n}:443": "todo" for n in range(4)}
        assert store.jobs().oldest
        made.may = True
        until(lambda: len(carried.jobs) == 4, 10)
        until(lambda: store.jobs().waiting == 0 and not store.jobs().locks, 10)
    assert {job.sources for job in carried.jobs} == {(f"q{n}",) for n in range(4)}


def test_no_two_jobs_of_a_host_are_carried_at_once(store: Store, url: str) -> None:
    carried = Carried(0.5)
    with engine(url, carried, 4) as made:
        made.defer(jobs(1))
        until(lambda: carried.jobs, 10)
        made.defer(jobs(1))
        until(lambda: len(carried.jobs) == 2, 10)
    assert carried.most == 1


def test_the_job_of_a_machine_is_carried_there_alone(store: Store, url: str) -> None:
    here, there = Carried(), Carried()
    with engine(url, here, machine="web-1") as made:
        made.defer([Deferred(Poll(None, ("r",)), "path:r", "web-2"), *jobs(1)])
        until(lambda: here.jobs, 10)
        time.sleep(1.5)
        assert here.jobs == [Poll("h0:443", ("q0",))]
        with engine(url, there, machine="web-2"):
            until(lambda: there.jobs == [Poll(None, ("r",))], 10)


def test_what_a_dead_worker_had_is_ended(store: Store, url: str) -> None:
    carried = Carried()
    with engine(url, carried, may=False) as made:
        made.defer(jobs(2))
        (dead,) = raw(
            store,
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id",
        )
        raw(
            store,
            f"UPDATE procrastinate_jobs SET status = 'doing', worker_id = {dead[0]} WHERE lock = 'h0:443' RETURNING 1",
        )
        made.end_stalled()
        assert dict(store.jobs().locks) == {"h1:443": "todo"}


def test_it_goes_on_after_the_database_was_restarted(
    server: postgresql.Cluster, store: Store, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    carried = Carried()
    with engine(url, carried) as made:
        server.stop("fast")
        time.sleep(6)  # longer than between two beats of its heart
        server.start()

        def goes_on() -> bool:
            try:
                made.defer(jobs(1))
            except StoreUnusable:
                return False
            return bool(carried.jobs)

        until(goes_on, 30)
        beats = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '7 seconds'"
        time.sleep(8)
        assert raw(store, beats) == [(1,)]
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


def plan_of(tmp_path: Path, per_host: int, private: bool) -> object:
    sources = "".join(
        f'[[source]]\nid = "q{n}"\nurl = "https://presse.example/{n}"\nallow_private = {str(private).lower()}\n'
        for n in range(9)
    )
    return read(f"[fetch]\nper_host = {per_host}\n{sources}", tmp_path / "config.toml")


def test_a_job_asks_a_host_politely(tmp_path: Path) -> None:
    carried, over = Carried(0.05), threading.Event()
    job = Poll("presse.example:443", tuple(f"q{n}" for n in range(5)))
    began = time.monotonic()
    carry(job, plan_of(tmp_path, 2, private=False), carried, over)  # type: ignore[arg-type]
    assert [each.sources for each in carried.jobs] == [(f"q{n}",) for n in range(5)]
    assert carried.most == 2
    assert 1.9 < time.monotonic() - began < 30  # two each second


def test_a_job_that_is_to_end_begins_nothing_more(tmp_path: Path) -> None:
    carried, over = Carried(0.3), threading.Event()
    threading.Timer(0.1, over.set).start()
    job = Poll("presse.example:443", tuple(f"q{n}" for n in range(9)))
    carry(job, plan_of(tmp_path, 2, private=True), carried, over)  # type: ignore[arg-type]
    assert len(carried.jobs) == 2

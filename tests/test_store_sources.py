"""What is known of sources between two polls: who asks one just now, who is due, which servers rest."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.model import FetchState, Rhythm
from syndicate.polling import believed
from syndicate.store import Store
from worlds import address_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as opened:
        yield opened


# --- claims -----------------------------------------------------------------------------------------------------------

ELSEWHERE = """
import sys
from syndicate import store as stores
with stores.open(sys.argv[1]) as store, store.claim("portal") as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


class Elsewhere:
    """Another process that claims the source, if it can."""

    def __init__(self, store: Store) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", ELSEWHERE, address_of(store)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.has_it = self._process.stdout.readline() == "True\n"

    def end(self, *, kill: bool = False) -> None:
        if kill:
            self._process.kill()
        self._process.communicate()


def test_one_process_asks_a_source(store: Store) -> None:
    with store.claim("portal") as mine:
        assert mine
        other = Elsewhere(store)
        assert not other.has_it
        other.end()
    other = Elsewhere(store)
    assert other.has_it
    with store.claim("portal") as mine, store.claim("presse") as another:
        assert (mine, another) == (False, True)
    other.end(kill=True)
    with store.claim("portal") as mine:
        assert mine


def test_one_thread_asks_a_source(store: Store, tmp_path: Path) -> None:
    """Also where the process has opened the store twice: the end of one claim frees no other."""
    with stores.open(f"sqlite:///{tmp_path}/s.db") as again, store.claim("portal"), store.claim("presse"):
        with again.claim("portal") as mine:
            assert not mine
        with again.claim("amt") as mine:
            assert mine
        elsewhere = Elsewhere(store)
        assert not elsewhere.has_it
        elsewhere.end()
    held, most, guard = 0, 0, threading.Lock()

    def ask(_: int) -> bool:
        nonlocal held, most
        with store.claim("portal") as mine:
            if mine:
                with guard:
                    held += 1
                    most = max(most, held)
                with guard:
                    held -= 1
        return mine

    with ThreadPoolExecutor(8) as pool:
        assert any(pool.map(ask, range(200)))
    assert most == 1


def test_a_store_by_two_names_has_one_set_of_claims(store: Store, tmp_path: Path) -> None:
    (tmp_path / "anders.db").symlink_to(tmp_path / "s.db")
    with stores.open(f"sqlite:///{tmp_path}/anders.db") as again, store.claim("portal"), again.claim("portal") as mine:
        assert not mine


# --- servers that rest ------------------------------------------------------------------------------------------------


def test_a_server_rests_until_its_time_has_passed(store: Store, tmp_path: Path) -> None:
    store.sources.leave_alone("a.example", 60, NOW)
    store.sources.leave_alone("b.example:8080", 120, NOW)
    store.sources.leave_alone("a.example", 30, NOW)  # an earlier, longer time goes on
    both = {"a.example": NOW + MINUTE, "b.example:8080": NOW + 2 * MINUTE}
    assert store.sources.resting(NOW) == both
    with stores.open(f"sqlite:///{tmp_path}/s.db") as again:
        assert again.sources.resting(NOW) == both
    assert store.sources.resting(NOW + MINUTE).keys() == {"b.example:8080"}
    assert store.sources.resting(NOW + 2 * MINUTE) == {}


# --- whose turn it is -------------------------------------------------------------------------------------------------


def test_whose_next_poll_has_come(store: Store) -> None:
    assert store.sources.due(NOW) == ({}, {})
    state = FetchState(source="s", last_attempt=NOW - MINUTE, next_poll=NOW + MINUTE, configured="http://a/")
    store.sources.save(state)
    store.sources.pause("p")
    assert (store.sources.due(NOW).due.keys(), store.sources.due(NOW).later) == ({"p"}, {"s": "http://a/"})
    assert store.sources.due(NOW + MINUTE).due == {"s": state, "p": store.sources.state("p")}
    store.sources.resume("s")
    assert (store.sources.due(NOW).due.keys(), store.sources.due(NOW).later) == ({"p", "s"}, {})


def test_a_clock_that_was_far_ahead_puts_nobody_off(store: Store) -> None:
    years = timedelta(days=1000)
    store.sources.save(FetchState(source="s", last_attempt=NOW + years, next_poll=NOW + years + MINUTE))
    assert store.sources.due(NOW).later == {}
    store.sources.save(FetchState(source="s", last_attempt=NOW + MINUTE, next_poll=NOW + 2 * MINUTE))
    assert store.sources.due(NOW).later == {"s": None}


def test_nobody_is_sent_away_for_longer_than_a_week(store: Store) -> None:
    """Whatever says so was noted while the clock was ahead; it does not hide what a server says now."""
    week, second = timedelta(days=7), timedelta(seconds=1)
    for until, away in ((NOW + week, True), (NOW + week + second, False), (NOW + timedelta(days=3650), False)):
        store.sources.save(FetchState(source="s", not_before=until))
        store.sources.leave_alone("a.example", 0, until - second)
        store.sources.leave_alone("a.example", 1, until - second)
        assert (believed(store.sources.state("s").not_before, NOW) is not None) == away
        assert store.sources.resting(NOW) == ({"a.example": until} if away else {})
    store.sources.leave_alone("a.example", 60, NOW)
    assert store.sources.resting(NOW) == {"a.example": NOW + MINUTE}


def test_all_that_was_learnt_comes_back(store: Store) -> None:
    state = FetchState(
        source="s",
        etag='W/"ä"',
        address="https://neu.example/rss?token=x",
        configured="https://alt.example/rss",
        form="feed",
        moved="https://neuer.example/rss",
        moves=2,
        gone=True,
        rhythm=Rhythm(timedelta(hours=3), frozenset({0, 23}), frozenset({6})),
        delivered=(NOW - MINUTE, NOW),
        entries=20,
        whole=NOW - MINUTE,
    )
    store.sources.save(state)
    assert store.sources.state("s") == state
    store.sources.pause("s")
    store.sources.save(state)  # who asks it meanwhile does not take that back
    assert store.sources.state("s").paused


@pytest.mark.sqlite
def test_those_whose_time_has_come_are_found_by_an_index(store: Store) -> None:
    for name, minutes in (("a", -2), ("b", 0), ("c", 1)):
        store.sources.save(FetchState(source=name, last_attempt=NOW, next_poll=NOW + minutes * MINUTE))
    for name in ("p", "g", "n"):
        store.sources.save(FetchState(source=name, gone=name == "g"))
    store.sources.pause("p")
    assert store.sources.come(None, NOW) == ["n", "a", "b"]
    assert store.sources.come(NOW - MINUTE, NOW) == ["n", "b"]
    assert [store.sources.next_poll(name) for name in ("c", "n", "unknown")] == [NOW + MINUTE, None, None]
    said = list[str]()
    raw = store._connection.db.conn
    raw.set_trace_callback(said.append)
    store.sources.come(NOW - MINUTE, NOW)
    store.sources.next_poll("a")
    store.sources.resting(NOW)
    raw.set_trace_callback(None)
    plans = [row[3] for sql in said for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [plan for plan in plans if not plan.startswith("SEARCH")] == []
    assert plans[:2] == [
        f"SEARCH source USING INDEX source_due (next_poll{how})" for how in ("=?", ">? AND next_poll<?")
    ]


def test_that_another_connection_has_written_is_seen(store: Store, tmp_path: Path) -> None:
    store.sources.pause("a")
    before = store.version
    store.sources.state("a")
    assert store.version == before
    with stores.open(f"sqlite:///{tmp_path}/s.db") as other:
        other.sources.resume("a")
    assert store.version != before


@pytest.mark.sqlite
def test_what_this_thread_has_written_is_nobody_elses(store: Store) -> None:
    """PostgreSQL tells only that something was written: whoever looks then looks once too often."""
    before = store.version
    store.sources.pause("a")
    assert store.version == before

"""Who writes, one after the other, and what the driver's errors become."""

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from syndicate import store as stores
from syndicate.app import App
from syndicate.config import read
from syndicate.errors import StoreUnusable
from syndicate.model import FetchState, Poll, Polled
from syndicate.store import Store
from waiting import until
from worlds import address_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
THREADS, TURNS = 8, 40
# Takes the lock, again and again, as long as its standard input is open; keeps it from the first letter on.
ELSEWHERE = """
import sqlite3, sys, threading, time
ended, keep = threading.Event(), threading.Event()
def listen():
    while letter := sys.stdin.read(1):
        keep.set()
    ended.set()
threading.Thread(target=listen).start()
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
while not ended.is_set():
    db.execute("BEGIN IMMEDIATE")
    print("had", flush=True)
    if keep.is_set():
        print("kept", flush=True)
        ended.wait()
    time.sleep(0.01)
    db.execute("COMMIT")
    time.sleep(0.001)
"""


# Has it alone, as long as its standard input is open.
ALONE = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.execute("PRAGMA locking_mode = EXCLUSIVE")
db.execute("BEGIN EXCLUSIVE")
db.execute("UPDATE meta SET value = value")
print("had", flush=True)
sys.stdin.read()
db.execute("COMMIT")
"""


@contextmanager
def another_process(store: Path, program: str = ELSEWHERE) -> Iterator["subprocess.Popen[str]"]:
    """That writes, too; begun when it has had the lock for the first time."""
    with subprocess.Popen(
        [sys.executable, "-c", program, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdin
        process.stdout.readline()
        try:
            yield process
        finally:
            process.stdin.close()
            process.stdout.read()


def keep_locked(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.write("k")
    process.stdin.flush()
    while process.stdout.readline() != "kept\n":
        pass


@pytest.mark.sqlite
def test_no_writer_is_lost_beside_others_and_another_process(tmp_path: Path) -> None:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store, another_process(tmp_path / "s.db"):

        def write(number: int) -> None:
            for turn in range(5):
                with store.transaction():
                    failures = store.sources.state(f"s{number}").failures
                    store.sources.save(FetchState(source=f"s{number}", failures=failures + 1, last_attempt=NOW))
                assert store.sources.state(f"s{number}").failures == turn + 1

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(write, range(48)))
        assert [store.sources.state(f"s{number}").failures for number in range(48)] == [5] * 48


@pytest.mark.sqlite
def test_no_source_is_lost_to_a_locked_store(tmp_path: Path) -> None:
    """Many folders at once, read for the first time while another process writes."""
    sources = [f"s{number}" for number in range(24)]
    for name in sources:
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"# Meldung {name}\n\nDer Text der Meldung {name}.\n", encoding="utf-8")
    tables = "\n".join(f'[[source]]\nid = "{name}"\npath = "{name}"' for name in sources)
    with App(read(tables, tmp_path / "config.toml")) as service, another_process(Path(str(service.store))):
        jobs = [Poll(None, (source.id,), "each") for source in service.plan.sources]
        outcomes = [event for event in service.run_all(jobs) if isinstance(event, Polled)]
        assert [outcome.error for outcome in outcomes] == [None] * len(sources)
        assert len(service.store.releases.list()) == len(sources)


def test_whoever_writes_without_end_starves_nobody(tmp_path: Path) -> None:
    """Also where the process has opened the store twice, by two names."""
    url = f"sqlite:///{tmp_path}/s.db"
    turns = list[int]()

    def all_wait() -> bool:
        done = sum(count == TURNS for count in Counter(turns).values())
        return stores.waiting(address_of(store)) == THREADS - done - (turns.count(turns[-1]) < TURNS)

    with stores.open(url) as store:
        (tmp_path / "anders.db").symlink_to(tmp_path / "s.db")
        with stores.open(f"sqlite:///{tmp_path}/anders.db") as again:

            def write(number: int) -> None:
                for _ in range(TURNS):
                    with (again if number % 2 else store).transaction():
                        turns.append(number)
                        until(all_wait)  # whoever comes next is chosen among all

            with ThreadPoolExecutor(THREADS) as pool:
                list(pool.map(write, range(THREADS)))
    assert turns == turns[:THREADS] * TURNS
    assert len({*turns[:THREADS]}) == THREADS


def test_an_error_within_a_transaction_gives_the_turn_on(tmp_path: Path) -> None:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        with pytest.raises(KeyboardInterrupt), store.transaction():
            raise KeyboardInterrupt
        with store.transaction(), store.transaction():
            store.sources.pause("s")
        assert store.sources.state("s").paused


@pytest.mark.sqlite
def test_a_lock_without_end_is_told_and_reading_goes_on(tmp_path: Path) -> None:
    stores.open(f"sqlite:///{tmp_path}/s.db").close()
    with another_process(tmp_path / "s.db") as process:
        keep_locked(process)
        with stores.open(f"sqlite:///{tmp_path}/s.db", patience=0.01) as store:
            store._connection.execute("PRAGMA busy_timeout = 1")
            assert store.releases.list() == ()
            with pytest.raises(StoreUnusable, match=r"s\.db: another process keeps it locked; .* try again later"):
                store.sources.pause("s")


def _of_the_group(store: Store, units: Sequence[Callable[[], str]]) -> list[object]:
    """What comes of units that all wait while somebody else writes, in the order in which they asked."""
    found = list[object](units)

    def ask(number: int) -> None:
        try:
            found[number] = store.together(units[number])
        except Exception as error:
            found[number] = type(error).__name__

    with ThreadPoolExecutor(len(units)) as pool, store.transaction():
        for number in range(len(units)):
            pool.submit(ask, number)
            until(lambda number=number: stores.waiting(address_of(store)) == number + 1)  # type: ignore[misc]
    return found


GROUPS: list[tuple[str, str, dict[str, object]]] = [
    ("all well", "wwww", {"s0": "s0", "s1": "s1", "s2": "s2", "s3": "s3"}),
    ("one raises and is undone alone", "wrww", {"s0": "s0", "s1": "ValueError", "s2": "s2", "s3": "s3"}),
    ("the last raises", "wwr", {"s0": "s0", "s1": "s1", "s2": "ValueError"}),
    ("the first raises", "rww", {"s0": "ValueError", "s1": "s1", "s2": "s2"}),
    ("the commit fails, and all by that", "wcw", dict.fromkeys(("s0", "s1", "s2"), "StoreUnusable")),
    ("one takes the transaction away: the others try again", "wtww", {"s0": "s0", "s2": "s2", "s3": "s3"}),
]


@pytest.mark.parametrize(("what", "kinds", "told"), GROUPS, ids=[what for what, _, _ in GROUPS])
def test_what_waits_is_written_by_one_commit(what: str, kinds: str, told: dict[str, object], tmp_path: Path) -> None:
    ran, commits, marks = Counter[str](), list[str](), list[tuple[str, str]]()
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store, told_of_commits(store, commits):

        def unit(number: int, kind: str) -> str:
            name, db = f"s{number}", store._connection
            ran[name] += 1
            store.sources.pause(name)
            store.note_write(NOW + timedelta(hours=number))
            db.decisions.wrote(None)
            marks.append((name, db.acts.facts["recorded"]))
            if kind == "r":
                raise ValueError
            if kind == "c":
                db.defer_keys()
                db.execute("INSERT INTO alias VALUES ('x', 'nobody')")
            if kind == "t":
                db.execute("ROLLBACK")
                raise ValueError
            return name

        units = [lambda number=number, kind=kind: unit(number, kind) for number, kind in enumerate(kinds)]
        outcomes = _of_the_group(store, units)
        expected = {f"s{number}": "ValueError" for number in range(len(kinds))} | told
        assert {f"s{number}": outcome for number, outcome in enumerate(outcomes)} == expected
        written = {name for name in ran if store.sources.state(name).paused}
        assert written == {name for name, outcome in told.items() if outcome == name}
        assert store.last_write() == max((NOW + timedelta(hours=int(name[1:])) for name in written), default=None)
        last = [mark for name, mark in marks if name in written][-1:]
        found = store._connection.execute("SELECT value FROM meta WHERE name = 'recorded'").fetchall()
        assert [mark for (mark,) in found] == last
        if kinds == "wwww":
            assert commits == ["nobody's", "theirs"]
            assert set(ran.values()) == {1}


@contextmanager
def told_of_commits(store: Store, commits: list[str]) -> Iterator[None]:
    """The first is that of whoever lets all of them wait, and wrote nothing."""
    connection, commit = store._connection, store._connection._commit

    def committed() -> None:
        commits.append("theirs" if commits else "nobody's")
        commit()

    with patch.object(connection, "_commit", committed):
        yield


def test_ctrl_c_in_the_unit_of_another_loses_neither(tmp_path: Path) -> None:
    """It meets whoever leads; whose unit that was does it by himself."""
    interrupted = list[str]()

    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:

        def fragile() -> str:
            store.sources.pause("fragile")
            if not interrupted:
                interrupted.append("once")
                raise KeyboardInterrupt
            return "fragile"

        def firm() -> str:
            store.sources.pause("firm")
            return "firm"

        def lead() -> str:
            try:
                return store.together(firm)
            except KeyboardInterrupt:
                return "interrupted"

        with ThreadPoolExecutor(2) as pool:
            with store.transaction():
                leader = pool.submit(lead)
                until(lambda: stores.waiting(address_of(store)) == 1)
                follower = pool.submit(store.together, fragile)
                until(lambda: stores.waiting(address_of(store)) == 2)
            assert (leader.result(), follower.result()) == ("interrupted", "fragile")
        assert not store.sources.state("firm").paused
        assert store.sources.state("fragile").paused


@pytest.mark.sqlite
def test_what_need_not_last_joins_what_must_and_not_the_other_way(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    with stores.open(url) as store:

        def safety() -> int:
            ((mode,),) = store._connection.execute("PRAGMA synchronous")
            return int(mode)

        assert store.together(safety) == 2
        assert store.together(safety, lasting=False) == 1
        assert store.together(safety) == 2


@pytest.mark.sqlite
def test_who_has_not_read_all_rows_can_write_when_others_have_written_meanwhile(tmp_path: Path) -> None:
    """On a connection with a statement under way of a moment that has passed, SQLite lets nobody write, ever."""
    with stores.open(f"sqlite:///{tmp_path}/s.db", patience=0.01) as store, ThreadPoolExecutor(1) as pool:
        for number in range(3):
            store.sources.pause(f"s{number}")
        rows = store._connection.execute("SELECT id FROM source ORDER BY id")
        assert next(rows) == ("s0",)
        pool.submit(store.sources.pause, "s3").result()
        store.sources.pause("s4")
        store.together(lambda: store.sources.pause("s5"))
        assert [*rows] == [("s1",), ("s2",)]
        assert [store.sources.state(f"s{number}").paused for number in range(6)] == [True] * 6


LOCKING: list[tuple[str, Callable[[Store], object]]] = [
    ("reading", lambda store: store.releases.list()),
    ("writing", lambda store: store.sources.pause("s")),
    ("a unit", lambda store: store.together(lambda: store.sources.pause("s"))),
    ("deciding", lambda store: store.decided(store.releases.counts, lambda _: store.sources.pause("s"))),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(("what", "act"), LOCKING, ids=[what for what, _ in LOCKING])
def test_a_store_that_another_has_alone_is_waited_for(
    what: str, act: Callable[[Store], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that opens it, or is the last to close it: then nobody may even read. Longer than SQLite itself waits."""
    monkeypatch.setattr("syndicate.store.sqlite._BUSY_SECONDS", 0.001)
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        store.close()  # its handles, else nobody can have it alone; the next thread that asks opens it again
        with another_process(tmp_path / "s.db", ALONE) as process, ThreadPoolExecutor(1) as pool:
            waits = pool.submit(act, store)
            wait([waits], timeout=0.2)
            assert not waits.done()
            assert process.stdin
            process.stdin.close()
            waits.result()


def _of_a_newer_version(path: Path) -> None:
    stores.open(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO _sqlite_migrations VALUES (99, 'syndicate', 'what_comes_next', '')")
    raw.close()


def _torn(path: Path) -> None:
    stores.open(f"sqlite:///{path}").close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


def _look(path: Path) -> None:
    with stores.open(f"sqlite:///{path}") as store:
        store.releases.list()
        store.sources.due(NOW)


OPENING: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.write_text("Das ist ein Text, der lang genug ist. " * 40), "is no SQLite database; see"),
    (lambda path: path.mkdir(), "cannot be opened; see whether its folder is there"),
    (_of_a_newer_version, r"newer version of syndicate \(what_comes_next\); install that"),
    (_torn, "is damaged .* `syndicate restore --force PATH` puts a backup back"),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(("made", "said"), OPENING)
def test_what_is_no_store_is_named_in_one_line_with_the_remedy(
    made: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    made(tmp_path / "s.db")
    with pytest.raises(StoreUnusable, match=rf"s\.db: .*{said}") as raised:
        _look(tmp_path / "s.db")
    assert "\n" not in str(raised.value)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("PRAGMA query_only = ON", "may only be read; see who owns"),
        ("PRAGMA max_page_count = 1", "the disk is full; make room: what was stored is still there"),
        ("DROP TABLE host", r"no such table: host\); that is a fault of this program"),
    ],
)
def test_what_goes_wrong_later_is_told_alike_and_nothing_is_half_written(fault: str, said: str, tmp_path: Path) -> None:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        store._connection.execute(fault)
        with pytest.raises(StoreUnusable, match=rf"s\.db: .*{said}"):
            _fill(store)
    with sqlite3.connect(tmp_path / "s.db") as raw:
        assert raw.execute("SELECT count(*) FROM source").fetchone() == (0,)
    raw.close()


def _fill(store: Store) -> None:
    with store.transaction():
        for number in range(1000):
            store.sources.save(FetchState(source=f"s{number}", error="x" * 500))
        store.sources.leave_alone("talland.example", 60, NOW)


@pytest.mark.sqlite
def test_what_comes_after_the_end_is_told_as_that(tmp_path: Path) -> None:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        rows = store._connection.execute("SELECT 1 UNION SELECT 2")
        next(rows)
        store.close()
        with pytest.raises(StoreUnusable, match=r"s\.db: is closed"):
            next(rows)


CLOSED_UNDER_HANDS = """
import sys, threading
from syndicate import store as stores
from syndicate.errors import StoreUnusable
def ask(store, begun):
    try:
        for number in range(10**6):
            store._connection.execute(f"SELECT {number}").fetchone()
            begun.set()
    except StoreUnusable:
        pass
for turn in range(60):
    store = stores.open(f"sqlite:///{sys.argv[1]}")
    begun = [threading.Event() for _ in range(4)]
    threads = [threading.Thread(target=ask, args=(store, event)) for event in begun]
    for thread in threads:
        thread.start()
    for event in begun:
        event.wait()
    store.close()
    for thread in threads:
        thread.join()
"""


@pytest.mark.sqlite
def test_it_can_be_closed_while_others_ask(tmp_path: Path) -> None:
    """They are told. Where the driver is closed within a statement, the process crashes."""
    ended = subprocess.run([sys.executable, "-c", CLOSED_UNDER_HANDS, str(tmp_path / "s.db")], check=False)
    assert ended.returncode == 0


@pytest.mark.sqlite
def test_how_long_is_waited_can_be_said_anew(tmp_path: Path) -> None:
    """A daemon says soon that somebody keeps its store; threads of before and after wait no longer."""
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store, another_process(tmp_path / "s.db") as process:
        store.wait_for_others(0.1)
        keep_locked(process)

        def write() -> None:
            store.sources.pause("s")

        with pytest.raises(StoreUnusable, match="another process keeps it locked"):
            write()
        with ThreadPoolExecutor(1) as pool, pytest.raises(StoreUnusable, match="another process keeps it locked"):
            pool.submit(write).result()

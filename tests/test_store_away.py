"""A database that is away, or does not want us: what is said, and that nothing is lost or doubled."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from postgresql import Cluster
from syndicate import store as stores
from syndicate.errors import StoreError, StoreUnusable
from syndicate.store import Store
from worlds import NOW


class Between:
    """What stands between us and the server. `loses`: of the next COMMIT the answer, or the word itself."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.loses = ""
        self._dumb = set[socket.socket]()
        self._open = list[socket.socket]()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in (self._listening, *self._open):
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                self._open += [ours, server]
                threading.Thread(target=self._carry, args=(ours, server, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, ours, False), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, asks: bool) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if asks and b"COMMIT" in said and self.loses:
                    lost, self.loses = self.loses, ""
                    self._dumb.add(other)
                    if lost == "answer":
                        other.sendall(said)
                        time.sleep(0.3)  # until it is done there
                    break
                if one not in self._dumb:
                    other.sendall(said)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def between(server: Cluster) -> Iterator[Between]:
    with closing(Between(server.port)) as made:
        yield made


@pytest.fixture
def address(server: Cluster, tmp_path: Path) -> str:
    return server.store(tmp_path / "s.db")


def put(store: Store, number: int) -> None:
    store.together(lambda: store._connection.execute("INSERT INTO act (id, data) VALUES (?, '')", (number,)))


def held(store: Store) -> list[int]:
    return [number for (number,) in store._connection.execute("SELECT id FROM act ORDER BY id")]


def test_nothing_is_lost_or_doubled_by_restarts_of_the_database(server: Cluster, address: str) -> None:
    """Whoever is told that it is written, has it written; whoever is told that it is not, may say it again."""
    done, over = [set[int](), set[int](), set[int]()], threading.Event()

    def write(mine: set[int], first: int) -> None:
        for number in range(first, first + 100_000):
            if over.is_set():
                return
            while True:
                try:
                    put(store, number)
                except StoreUnusable:
                    assert number not in held(store), number
                    continue
                break
            mine.add(number)

    with stores.open(address) as store, ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(write, mine, at * 100_000) for at, mine in enumerate(done)]
        for _ in range(3):
            before = sum(map(len, done))
            server.restart()
            end = time.monotonic() + 20
            while sum(map(len, done)) < before + 20 and time.monotonic() < end:
                time.sleep(0.02)
        over.set()
        for each in writing:
            each.result(timeout=30)
        assert held(store) == sorted(set[int]().union(*done))
        assert len(held(store)) >= 60


SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON act DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION slow()
"""


@pytest.mark.parametrize("made", ["SELECT 1", SLOW], ids=["it is written", "it is being written"])
def test_an_answer_that_is_lost_is_asked_for(made: str, between: Between, server: Cluster, address: str) -> None:
    with stores.open(address.replace(str(server.port), str(between.port))) as store:
        with store.transaction():
            store._connection.script(made)  # type: ignore[attr-defined]  # PostgreSQL's
        put(store, 1)
        between.loses = "answer"
        put(store, 2)
        assert not between.loses
        assert held(store) == [1, 2]


def test_what_never_came_there_is_told(between: Between, server: Cluster, address: str) -> None:
    with stores.open(address.replace(str(server.port), str(between.port))) as store:
        between.loses = "question"
        with pytest.raises(StoreUnusable, match="cannot be reached"):
            put(store, 1)
        assert held(store) == []
        put(store, 1)
        assert held(store) == [1]


def test_one_that_is_away_is_waited_for_as_long_as_there_is_patience(server: Cluster, address: str) -> None:
    stores.open(address).close()
    with stores.open(address, patience=0.3) as store:
        server.stop()
        try:
            began = time.monotonic()
            with pytest.raises(StoreUnusable, match=r"cannot be reached .*; see whether the server runs"):
                put(store, 1)
            assert time.monotonic() - began < 5
            with pytest.raises(StoreUnusable, match="cannot be reached"):
                stores.open(address, patience=0.1)
            assert stores.exists(address)  # whoever opens it is told why it cannot be
            for asked in (stores.running, stores.cut_off):  # "none" would be a guess
                with pytest.raises(StoreUnusable, match="cannot be reached"):
                    asked(address)
            assert stores.peeked(address) is None
        finally:
            server.start()
        put(store, 1)
        assert held(store) == [1]


ROLES = [
    ("late", "CREATE ROLE late LOGIN PASSWORD 'richtig'", ":falsch", "the password is wrong; see `[store] url`"),
    ("nobody", "SELECT 1", "", "we are not let in"),
    (
        "reader",
        "CREATE ROLE reader LOGIN SUPERUSER; ALTER ROLE reader SET default_transaction_read_only = on",
        "",
        "may only be read",
    ),
    ("guest", "CREATE ROLE guest LOGIN", "", "the user may "),
]


@pytest.mark.parametrize(("role", "made", "said", "told"), ROLES, ids=[row[0] for row in ROLES])
def test_who_is_not_wanted_is_told_so_and_no_password(
    role: str, made: str, said: str, told: str, server: Cluster, address: str
) -> None:
    for each in made.split("; "):
        with suppress(Exception):  # another worker's test made it
            server.asked(each)
    if said:
        server.guard(role)
    with (
        pytest.raises(StoreUnusable) as error,
        stores.open(address.replace("syndicate@", f"{role}{said}@"), patience=0.1) as store,
    ):
        put(store, 1)
    assert told in str(error.value)
    assert "falsch" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_database_that_is_not_there(server: Cluster) -> None:
    url = f"postgresql://syndicate@127.0.0.1:{server.port}/nirgends"
    with pytest.raises(StoreUnusable, match="there is no such database; make it"):
        stores.open(url, patience=0.1)
    assert stores.exists(url)


def test_a_store_of_a_later_program_is_left_alone(address: str) -> None:
    with stores.open(address) as store, store.transaction():
        store._connection.execute("INSERT INTO migration (name) VALUES ('aus_der_zukunft')")
    with pytest.raises(StoreUnusable, match=r"by a newer version of syndicate \(aus_der_zukunft\); install that"):
        stores.open(address)


def test_a_store_that_is_found_by_a_detour_is_refused(address: str, server: Cluster) -> None:
    """Another name would be another lock."""
    stores.open(address).close()
    around = address.replace("search_path%3D", "search_path%3Dpublic,")
    name = address.rpartition("%3D")[2]
    with pytest.raises(StoreUnusable, match=f"in the schema {name}, but search_path begins with public; let it"):
        stores.open(around)
    behind = f"{address},public"
    with stores.open(behind) as store:
        assert store.releases.list() == ()


def test_who_wants_to_be_alone_is(address: str) -> None:
    alone = stores.daemon_lock(address, runs=False)
    with (
        alone,
        pytest.raises(StoreError, match="another syndicate is running"),
        stores.daemon_lock(address, runs=False),
    ):
        pass
    assert stores.running(address) is None
    assert stores.cut_off(address) is None


def test_a_lease_that_ran_out_while_the_database_was_away_is_renewed(address: str) -> None:
    over = "UPDATE lease SET until = clock_timestamp() - interval '1 minute'"
    with stores.open(address) as store:
        leases: Any = store._connection.leases  # type: ignore[attr-defined]  # PostgreSQL's
        leases.take("daemon", "")
        store._connection.execute(over)
        leases._tick = lambda: time.monotonic() + 20
        leases._renewed()
        found = leases.holder("daemon", "")
        assert found
        assert found[1]
        store._connection.execute(f"{over}, number = number + 1")
        leases._tick = lambda: time.monotonic() + 40
        leases._renewed()  # somebody else has had it
        found = leases.holder("daemon", "")
        assert found
        assert not found[1]


ADDRESSES = [
    ("postgresql://me:geheim@db.example/presse", "postgresql://me@db.example/presse"),
    (
        "postgres://db.example:5433/presse?password=geheim&sslmode=require",
        "postgresql://db.example:5433/presse?***&sslmode=require",
    ),
    ("postgresql:///presse?host=/run/postgresql", "postgresql:///presse?host=%2Frun%2Fpostgresql"),
]


@pytest.mark.parametrize(("url", "shown"), ADDRESSES)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert stores.shown(url) == shown
    assert stores.file_of(url) is None


@pytest.mark.parametrize(
    "url", ["postgresql://db.example", "postgresql://db.example/", "postgresql://h:port/x", "postgresql://h/a/b"]
)
def test_an_address_that_names_no_database(url: str) -> None:
    with pytest.raises(StoreError, match="is no address of a database") as error:
        stores.shown(url)
    assert "geheim" not in str(error.value)


def test_what_no_text_can_hold_is_asked_for_all_the_same(address: str) -> None:
    """An address or a header may have anything in it: it is not there, and nothing is wrong with the store."""
    with stores.open(address) as store:
        for odd in ("a\0b", "\ud800", "\0"):
            assert store.releases.get(odd) is None
            assert store.versions.of(odd, odd) is None
            assert store.versions.hashes([odd.replace("\ud800", "x")]) == {}
            store.alarms.ring("silent", odd, odd, NOW)
        assert [alarm.subject for alarm in store.alarms.list()] == ["?", "a\ufffdb", "\ufffd"]

"""Leases with a number that grows: what is recorded under one is recorded as long as it lasts, and by nobody after."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

import postgresql
from syndicate import store as stores
from syndicate.app import App
from syndicate.config import read
from syndicate.errors import NotOurs, StoreLocked
from syndicate.model import FetchState, LiftDue, Poll, Polled
from syndicate.store import Store, daemon_lock

HOST = "presse.example:443"


@pytest.fixture
def url(server: postgresql.Cluster, tmp_path: Path) -> str:
    return server.store(tmp_path / "s.db")


@pytest.fixture
def two(url: str) -> Iterator[tuple[Store, Store]]:
    with stores.open(url) as one, stores.open(url) as other:
        yield one, other


def leases(store: Store) -> Any:
    return store._connection.leases  # type: ignore[attr-defined]  # looked into


def ask(store: Store, statement: str) -> Any:
    return store._connection._pool.asked(statement, ())  # type: ignore[attr-defined]


def end(store: Store, kind: str) -> None:
    """For the database alone: as it does to who was stopped."""
    ask(store, f"UPDATE lease SET until = clock_timestamp() - interval '1 second' WHERE kind = '{kind}'")


def failures(store: Store, number: int) -> Callable[[], None]:
    return lambda: store.sources.save(FetchState(source="amt", failures=number))


def test_a_host_is_one_processs_and_all_of_its_threads(two: tuple[Store, Store]) -> None:
    one, other = two
    with one.claim("amt", lambda: HOST) as mine, one.claim("rat", lambda: HOST) as also:
        assert mine
        assert also
        with one.claim("amt", lambda: HOST) as again, other.claim("kreis", lambda: HOST) as others:
            assert not again
            assert not others
        with other.claim("kreis", lambda: "kreis.example:443") as elsewhere:
            assert elsewhere
    with other.claim("amt", lambda: HOST) as free:
        assert free


def record_at_once(store: Store) -> None:
    with store.transaction():
        failures(store, 1)()


def record_together(store: Store) -> None:
    store.together(failures(store, 1))


def record_decided(store: Store) -> None:
    store.decided(lambda: None, lambda _: failures(store, 1)())


@pytest.mark.parametrize("record", [record_at_once, record_together, record_decided])
@pytest.mark.parametrize("how", ["by its own clock", "by the database's", "to another"])
def test_nothing_is_recorded_under_a_lease_that_has_run_out(
    two: tuple[Store, Store], record: Callable[[Store], None], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    with one.claim("amt", lambda: HOST):
        record(one)
        ask(one, "UPDATE source SET failures = 7")
        if how == "by its own clock":
            now = leases(one)._tick()
            monkeypatch.setattr(leases(one), "_tick", lambda: now + 29)
        else:
            end(one, "host")
        if how == "to another":
            with other.claim("amt", lambda: HOST) as taken:
                assert taken
                with pytest.raises(NotOurs):
                    record(one)
        with pytest.raises(NotOurs, match=f"has lost its lease \\(host {HOST}\\)"):
            record(one)
        if how == "by its own clock":
            with pytest.raises(NotOurs):
                one.sources.visit(HOST)
    assert one.sources.state("amt").failures == 7
    record(one)  # a person's own act has no lease


def test_whoever_shares_a_commit_with_one_who_lost_its_lease_is_written(url: str) -> None:
    with stores.open(url) as store:
        began, go = threading.Event(), threading.Event()
        done = list[object]()

        def first() -> None:
            store.together(lambda: (began.set(), go.wait(5)))

        def lost() -> None:
            with store.claim("amt", lambda: HOST):
                end(store, "host")
                try:
                    store.together(failures(store, 1))
                except NotOurs as error:
                    done.append(error)

        def well() -> None:
            store.together(lambda: store.sources.save(FetchState(source="rat", failures=2)))

        threads = [threading.Thread(target=each) for each in (first, lost, well)]
        threads[0].start()
        assert began.wait(5)
        for thread in threads[1:]:
            thread.start()
        while stores.waiting(url) < 2:
            pass
        go.set()
        for thread in threads:
            thread.join(10)
        assert [type(each) for each in done] == [NotOurs]
        assert [store.sources.state(each).failures for each in ("amt", "rat")] == [0, 2]


def test_nobody_takes_a_lease_over_while_its_holder_records(two: tuple[Store, Store]) -> None:
    one, other = two
    taken = threading.Event()

    def take() -> None:
        with other.claim("rat", lambda: HOST) as mine:
            if mine:
                taken.set()

    connection = one._connection
    commit = connection._commit

    def committed() -> None:
        end(one, "host")  # it ends now, after it was looked at
        thread.start()
        assert not taken.wait(0.3)
        commit()

    thread = threading.Thread(target=take)
    with one.claim("amt", lambda: HOST):
        with patch.object(connection, "_commit", committed), one.transaction():
            pass
        thread.join(5)
    assert taken.is_set()


def test_where_a_request_leads_elsewhere_that_host_is_ours_or_it_is_put_off(two: tuple[Store, Store]) -> None:
    one, other = two
    with one.claim("amt", lambda: HOST):
        one.sources.visit(HOST)
        one.sources.visit("cdn.example:443")
        with other.claim("rat", lambda: "cdn.example:443") as mine:
            assert not mine
        with other.claim("rat", lambda: "other.example:443"), pytest.raises(NotOurs, match="asked by another"):
            one.sources.visit("other.example:443")
    with other.claim("rat", lambda: "cdn.example:443") as mine:
        assert mine


def test_a_role_is_kept_renewed_and_taken_over_with_a_higher_number(two: tuple[Store, Store]) -> None:
    one, other = two
    with one.role("clock") as mine:
        assert mine
    with other.role("clock") as mine:
        assert not mine
    first = one.number("clock")
    end(one, "clock")
    leases(other)._tried.clear()
    with other.role("clock") as mine, one.role("publisher") as apart:
        assert mine
        assert apart
    assert other.number("clock") == first + 1
    leases(one)._held["clock", ""] = leases(one)._held["clock", ""]._replace(renewed=0.0)
    leases(one)._renewed()
    assert one.number("clock") == 0
    with one.role("clock") as mine:
        assert not mine


def test_its_end_moves_with_each_renewal(url: str) -> None:
    with stores.open(url) as store, store.role("clock"):
        held = leases(store)._held["clock", ""]
        leases(store)._held["clock", ""] = held._replace(until=held.until - 5, renewed=held.renewed - 5)
        leases(store)._renewed()
        assert leases(store)._held["clock", ""].until >= held.until
        assert leases(store)._held["clock", ""].number == held.number


def test_who_needs_the_store_alone_has_it_alone(url: str) -> None:
    with stores.open(url) as store:
        with daemon_lock(url, runs=False), daemon_lock(url), pytest.raises(StoreLocked, match="needs this store alone"):
            store.here("worker")
        store.here("run")
        with pytest.raises(StoreLocked, match="another syndicate is running"), daemon_lock(url, runs=False):
            pytest.fail("it is not alone")
    with daemon_lock(url, runs=False):
        assert stores.running(url) is None


def test_machines_are_named_with_what_they_do_alone(url: str) -> None:
    with stores.open(url) as store:
        store.here("run", '{"name": "web-1", "waits": ""}')
        with store.role("clock"), store.role("publisher"):
            pass
        (machine,) = store.machines()
        assert (machine.name, machine.kind, machine.roles, machine.lives) == (
            "web-1",
            "run",
            ("clock", "publisher"),
            True,
        )
        assert abs(machine.last - datetime.now(UTC)) < timedelta(seconds=5)


def test_who_ends_as_it_was_told_to_is_not_missed_though_nothing_is_closed(url: str) -> None:
    with stores.open(url) as store:
        store.here("run")
        store.here("worker")
        assert stores.running(url) == str(os.getpid())
        stores.let_go()
        assert (stores.running(url), stores.cut_off(url), store.machines()) == (None, None, ())


@pytest.mark.parametrize("is_told", [False, True])
def test_who_fell_is_missed_however_it_ends_then(url: str, is_told: bool) -> None:
    with stores.open(url) as store:
        store.here("run")
        stores.fell()
        if is_told:
            stores.let_go()
    assert (stores.running(url), stores.cut_off(url)) == (None, str(os.getpid()))


EMBARGOED = "---\ntitle: Gesperrt\nembargo: {}\n---\nDer Text.\n"


@pytest.mark.parametrize(
    ("ahead", "lifted", "said"),
    [
        (-6, False, "is 6 s ahead of the database's"),
        (6, False, "is 6 s behind the database's"),
        (-4, False, None),
        (4, True, None),
        (0, True, None),
    ],
)
def test_an_embargo_ends_when_both_clocks_say_so(
    url: str, tmp_path: Path, ahead: int, lifted: bool, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ahead`: the database's clock, of ours, which is 2 s past the end."""
    now = datetime.now(UTC).replace(microsecond=0)
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "a.md").write_text(EMBARGOED.format((now + timedelta(minutes=5)).isoformat()), encoding="utf-8")
    moment = SimpleNamespace(now=now)
    text = f'[store]\nurl = "{url}"\n[[source]]\nid = "r"\npath = "r"\n'
    with App(read(text, tmp_path / "config.toml"), clock=lambda: moment.now) as app:
        app.prepare()
        app.run(Poll(None, ("r",), "each"))
        assert len(app.store.releases.waiting()) == 1
        moment.now = now + timedelta(minutes=5, seconds=2)
        monkeypatch.setattr(app.store, "skew", lambda: timedelta(seconds=ahead))
        app.run(LiftDue())
        assert (len(app.store.releases.waiting()) == 0) is lifted
        machine = app.plan.cluster.machine
        told = [alarm.text for alarm in app.store.alarms.list() if alarm.kind == "clock"]
        assert told == ([f"the clock of machine {machine} {said}: no embargo ends before they agree"] if said else [])


def test_a_folder_is_read_by_its_machine_alone(url: str, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "a.md").write_text("# Eins\n\nText.\n", encoding="utf-8")
    text = '[cluster]\nmachine = "{}"\n[store]\nurl = "{}"\n[[source]]\nid = "r"\npath = "{}"\nmachine = "web-1"\n'
    config = tmp_path / "config.toml"
    with App(read(text.format("web-2", url, "nowhere"), config)) as app:
        (polled,) = app.run(Poll(None, ("r",), "each"))
        assert isinstance(polled, Polled)
        assert polled.skipped == "is another machine's"
        assert app.folders() == []
    with App(read(text.format("web-1", url, "r"), config)) as app:
        (polled,) = app.run(Poll(None, ("r",), "each"))
        assert isinstance(polled, Polled)
        assert polled.changes
        assert len(polled.changes.changes) == 1
    with App(read(text.format("web-1", url, "nowhere"), config)) as app:  # its disk is away
        (polled,) = app.run(Poll(None, ("r",), "each"))
        assert isinstance(polled, Polled)
        assert "does not exist" in (polled.error or "")
        assert app.store.releases.counts() == {"public": 1}

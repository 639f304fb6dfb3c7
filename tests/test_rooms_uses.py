"""What requests leave to be written: by whom a room was used, at most once a minute, and never in the request."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.model import Newsroom
from syndicate.rooms import Uses
from syndicate.store import Store
from waiting import PATIENCE

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BLATT = Newsroom(name="blatt", made=NOW)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as made:
        made.newsrooms.add(BLATT, b"x" * 32)
        yield made


def test_a_use_is_written_once_a_minute(store: Store) -> None:
    clock, written = Clock(), list[datetime | None]()
    uses = Uses(store, clock)
    for seconds in (0, 1, 59, 60, 61, 119, 120, 30, 3_600):  # a clock may go back
        clock.now = NOW + timedelta(seconds=seconds)
        uses.used(BLATT)
        uses.settle()
        written.append(store.newsrooms.list()[0].used)
    minutes = [0, 0, 0, 60, 60, 60, 120, 120, 3_600]
    assert written == [NOW + timedelta(seconds=seconds) for seconds in minutes]


def test_a_name_that_is_given_anew_was_never_used(store: Store) -> None:
    uses = Uses(store, Clock())
    uses.used(BLATT)
    uses.settle()
    store.newsrooms.revoke("blatt", NOW)
    anew = replace(BLATT, made=NOW + timedelta(seconds=10))
    store.newsrooms.add(anew, b"y" * 32)
    assert store.newsrooms.list()[0].used is None
    uses.used(anew)
    uses.settle()
    assert store.newsrooms.list()[0].used == NOW


def test_no_request_waits_for_whoever_writes(store: Store) -> None:
    uses, holding, done = Uses(store, Clock()), threading.Event(), threading.Event()

    def hold() -> None:
        with store.transaction():
            holding.set()
            done.wait(PATIENCE)

    writer = threading.Thread(target=hold)
    writer.start()
    holding.wait(PATIENCE)
    uses.used(BLATT)
    uses.exposed(BLATT)
    assert store.newsrooms.list()[0].used is None
    done.set()
    writer.join(PATIENCE)
    uses.settle()
    assert store.newsrooms.list()[0].used == NOW
    assert [alarm.subject for alarm in store.alarms.list()] == ["blatt"]


def test_a_store_that_cannot_be_written_ends_nothing(store: Store) -> None:
    uses = Uses(store, Clock())
    store._connection.execute("ALTER TABLE newsroom RENAME TO gone")
    uses.used(BLATT)
    uses.settle()
    store._connection.execute("ALTER TABLE gone RENAME TO newsroom")
    uses.exposed(BLATT)
    uses.settle()
    assert [alarm.kind for alarm in store.alarms.list()] == ["newsroom"]

"""What `status` asks of the store: as much of ten sources as of a thousand, and nothing is counted row by row."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from postgresql import Cluster
from syndicate import store as stores
from syndicate.app import State, state_in, state_of
from syndicate.config import read
from syndicate.model import Changes, FetchState, Plan, Rejected
from syndicate.store import QueuedPage
from worlds import NOW, PAGE, World

GROWING = ("release", "slot", "wanted", "edition", "key", "page", "file")  # with what is published
FEW = (
    "INDEX wanted_failed",
    "INDEX wanted_gone",
    "INDEX edition_due",
)  # that have rows for what waits for somebody alone


@contextmanager
def listened() -> Iterator[list[str]]:
    """The statements of every connection that is opened within."""
    said, connect = list[str](), sqlite3.connect

    def opened(*arguments: object, **named: object) -> sqlite3.Connection:
        raw: sqlite3.Connection = connect(*arguments, **named)  # type: ignore[call-overload]
        raw.set_trace_callback(said.append)
        return raw

    with patch.object(sqlite3, "connect", opened):
        yield said


def asked_of(world: World, plan: Plan) -> tuple[State, list[str]]:
    with listened() as said:
        state = state_of(plan, NOW)
    return state, said


def planned(world: World, folder: Path, number: int) -> Plan:
    """So many sources, each asked once, something of each refused and a page of each wanted."""
    sources = "".join(f'[[source]]\nid = "s{n}"\nurl = "https://s{n}.talland.example/feed"\n' for n in range(number))
    plan = read(f'[site]\ntag = "talland.example,2026"\n{sources}', folder / "config.toml")
    said = world.store.releases.list()[0]
    with world.store.transaction():
        for source in plan.sources:
            asked = FetchState(source=source.id, last_attempt=NOW, last_success=NOW, next_poll=NOW + timedelta(hours=1))
            world.store.sources.save(asked)
            world.store.sources.quarantine(source.id, [""], [("", Rejected("Eintrag 3", "ist leer"), False)], NOW)
            page = replace(said, source=source.id, url=f"https://{source.id}.talland.example/1")
            world.store.pages.put(QueuedPage(said=page, due=NOW))
    return replace(plan, store=world.url)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    opened.write("a.txt", PAGE)
    opened.poll()
    yield opened
    opened.close()


@pytest.mark.sqlite
def test_it_asks_as_much_of_a_thousand_sources_as_of_ten(world: World, tmp_path: Path) -> None:
    few, asked = asked_of(world, planned(world, tmp_path, 10))
    many, of_many = asked_of(world, planned(world, tmp_path, 1000))
    assert (len(few.sources), len(many.sources)) == (10, 1000)
    assert len(asked) == len(of_many)
    for source in (*few.sources, *many.sources):
        assert [(q.where, q.reason) for q in source.refused] == [("Eintrag 3", "ist leer")]
        assert (source.pages[:3], source.last_success, source.condition) == ((1, 0, 0), NOW, "ok")


@pytest.mark.sqlite
def test_it_goes_through_nothing_that_grows(world: World, tmp_path: Path) -> None:
    _, asked = asked_of(world, planned(world, tmp_path, 2))
    with sqlite3.connect(str(world.store)) as raw:
        plans = [
            row[3] for sql in asked if sql.startswith("SELECT") for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}")
        ]
    assert plans
    through = {plan for plan in plans if re.match(rf"SCAN ({'|'.join(GROWING)})\b", plan)}
    assert {plan for plan in through if not plan.endswith(FEW)} == set()


def test_states_and_pages_are_counted_as_they_come_change_and_go(world: World) -> None:
    store = world.store
    said = store.releases.list()[0]

    def page(number: int, **values: object) -> None:
        release = replace(said, source="amt", url=f"https://amt.example/{number}")
        store.pages.put(QueuedPage(said=release, **values))  # type: ignore[arg-type]

    assert (store.releases.counts(), store.pages.counted("amt")) == ({"public": 1, "headline": 2}, (0, 0, 0, ()))
    for number in range(3):
        page(number, due=NOW)
    page(1, page=said)
    page(2, error="404")
    assert store.pages.counted("amt") == (1, 1, 1, (("https://amt.example/2", "404"),))
    page(2, page=said)
    assert store.pages.counted("amt") == (1, 2, 0, ())
    store.sources.forget("amt")
    assert store.pages.counted("amt") == (0, 2, 0, ())
    world.write("a.txt", PAGE.replace("Hohenried", "Seestadt"))
    assert isinstance(world.poll(NOW + timedelta(hours=2)), Changes)
    counted = store._connection.execute("SELECT state, count(*) FROM release GROUP BY state")
    assert store.releases.counts() == dict(counted)


OF_MACHINES = {  # `machine` of a folder, which machine's process runs, and what is said after some minutes
    "its own runs": ("web-1", "web-1", 0, ""),
    "another one runs, and it was never read": ("web-2", "web-1", 0, "belongs to machine web-2, of which no process"),
    "its own waits, and another one works": (
        "web-2",
        "web-1 !web-2",
        0,
        "belongs to machine web-2, of which no process",
    ),
    "another one runs, and it was read just now": ("web-2", "web-1", 1, ""),
    "another one runs, and it was read long ago": ("web-2", "web-1", 99, "belongs to machine web-2, of which no proce"),
    "nobody runs": ("web-2", "", 99, "the daemon does not run"),
    "any may read it": ("", "web-1", 99, "the daemon is stuck"),
}


@pytest.mark.parametrize(("machine", "runs", "minutes", "said"), OF_MACHINES.values(), ids=OF_MACHINES)
def test_a_folder_whose_machine_is_not_there_is_named(
    machine: str, runs: str, minutes: int, said: str, server: Cluster, tmp_path: Path
) -> None:
    """`minutes`: since it was to be read again. 0: it never was."""
    own = f'machine = "{machine}"\n' if machine else ""
    source = f'[[source]]\nid = "r"\npath = "r"\ninterval = "1m"\n{own}'
    text = f'[store]\nurl = "{server.store(tmp_path / "s.db")}"\n{source}'
    plan = read(text, tmp_path / "config.toml")
    with stores.open(plan.store) as store:
        for kind, each in zip(("run", "worker"), runs.split(), strict=False):
            waits = "has another configuration" if "!" in each else ""
            store.here(kind, json.dumps({"name": each.strip("!"), "waits": waits}))
        if minutes:
            was = NOW - timedelta(minutes=minutes)
            with store.transaction():
                store.sources.save(FetchState(source="r", last_attempt=was, last_success=was, next_poll=was))
        needs = [need for need in state_in(plan, store, NOW).each_need if need.about == "r"]
    assert bool(needs) is bool(said)
    assert all(said in need.fact for need in needs)

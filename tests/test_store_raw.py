"""`[store] keep_raw`: bytes that had their time go, what they made stays, and so does what somebody still needs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.model import Capture, FetchState
from syndicate.recording import forget_raw
from worlds import NOW, World

DAY = timedelta(days=1)
KEEP = 90 * DAY


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


def text(number: int, body: str = "Sie wird gebaut.") -> str:
    return f"---\ntopic: Bau\n---\n# Brücke {number} bei Steinach\n\n{body} Nummer {number}.\n"


def bodies(world: World) -> dict[str | None, bool]:
    """Path → are its bytes there still?"""
    rows = world.store._connection.execute("SELECT path, length(body) FROM capture")
    return {path: bool(length) for path, length in rows}


def test_what_had_its_time_goes_and_where_it_came_from_stays(world: World) -> None:
    for number in range(3):
        world.write(f"{number}.md", text(number))
        world.poll(NOW + number * DAY)
    (first,) = (release for release in world.store.releases.list() if "Brücke 0" in release.title)
    before = world.store.releases.history(first.id)
    forget_raw(world.store, KEEP, now=NOW + KEEP + DAY)
    assert bodies(world) == {"0.md": False, "1.md": True, "2.md": True}
    assert world.store.releases.history(first.id) == before
    assert next(iter(before.captures.values())).path == "0.md"
    assert world.store.readings.bytes(next(iter(before.captures))) is None
    forget_raw(world.store, KEEP, now=NOW + 2 * KEEP)
    assert not any(bodies(world).values())


def test_found_again_they_are_kept_again(world: World) -> None:
    capture = Capture(body=b"Brief", path="brief.txt")
    world.store.keep_bytes("ordner", capture, NOW)
    forget_raw(world.store, KEEP, now=NOW + 2 * KEEP)
    assert world.store.readings.bytes(capture.hash) is None
    world.store.keep_bytes("ordner", capture, NOW + 2 * KEEP)
    forget_raw(world.store, KEEP, now=NOW + 2 * KEEP + DAY)
    found = world.store.readings.bytes(capture.hash)
    assert found
    assert found.body == b"Brief"


def test_none_are_kept_where_none_are_wanted(world: World) -> None:
    world.plan = replace(world.plan, keep_raw=timedelta())
    world.write("0.md", text(0))
    (change,) = world.poll().changes
    assert bodies(world) == {"0.md": False}
    assert [found.path for found in world.store.releases.history(change.release.id).captures.values()] == ["0.md"]


def test_the_last_document_of_a_source_is_kept(world: World) -> None:
    """Its server answers 304: after an upgrade it is read again from there, instead of being asked for."""
    for body in (b"alt", b"neu"):
        world.store.keep_bytes("amt", Capture(body=body, path=body.decode()), NOW)
    world.store.sources.save(FetchState(source="amt", hash=Capture(body=b"neu").hash))
    forget_raw(world.store, KEEP, now=NOW + 2 * KEEP)
    assert bodies(world) == {"alt": False, "neu": True}


def test_what_an_earlier_program_read_is_kept_until_it_has_been_read_again(world: World) -> None:
    world.write("0.md", text(0))
    world.poll()
    world.store._connection.execute("UPDATE edition SET reader = NULL")
    forget_raw(world.store, KEEP, now=NOW + 2 * KEEP)
    assert bodies(world) == {"0.md": True}
    world.store._connection.execute("UPDATE edition SET reader = 'x'")
    forget_raw(world.store, KEEP, now=NOW + 2 * KEEP)
    assert bodies(world) == {"0.md": False}


def test_the_bytes_before_the_last_are_not_taken_for_the_last(world: World) -> None:
    world.write("0.md", text(0))
    (change,) = world.poll().changes
    world.write("0.md", text(0, "Sie ist fertig."))
    world.poll(NOW + DAY)
    identifier = change.release.id
    last = world.store.readings.last_bytes("ordner", [identifier])
    assert last
    world.store._connection.execute("UPDATE capture SET body = ? WHERE hash = ?", (b"", last[identifier]))
    assert world.store.readings.last_bytes("ordner", [identifier]) == {}


@pytest.mark.sqlite
def test_the_room_is_used_again(world: World) -> None:
    """A source that changes for ever: the file stays as large as what is kept."""
    pages = []
    for day in range(40):
        for number in range(20):
            body = (f"{day:02} {number:02} " * 4000).encode()
            world.store.keep_bytes("ordner", Capture(body=body, path=f"{day}/{number}", packed=body), NOW + day * DAY)
        forget_raw(world.store, 5 * DAY, now=NOW + day * DAY)
        with closing(sqlite3.connect(str(world.store))) as db:
            pages += db.execute("PRAGMA page_count").fetchone()
    assert pages[39] < pages[10] * 1.1
    assert sum(bodies(world).values()) <= 6 * 20


@pytest.mark.sqlite
def test_nothing_is_looked_through_for_it(world: World) -> None:
    seen = list[str]()
    world.store._connection.db.conn.set_trace_callback(seen.append)
    world.store.readings.forget_bytes(NOW, 200)
    world.store._connection.db.conn.set_trace_callback(None)
    (statement,) = (sql for sql in seen if sql.startswith("DELETE FROM capture"))
    plan = [row[3] for row in world.store._connection.db.conn.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert not [line for line in plan if line.startswith("SCAN")]
    assert any("capture_kept" in line for line in plan)

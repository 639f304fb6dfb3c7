"""What a poll asks of SQLite: how many statements at most, and none that reads a table that grows from end to end."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from benchmarks.measure import own_statements

from builders import make_release
from servers import Reply, Server
from syndicate.model import Change, Changes, Push, Source, Topic
from syndicate.pipeline import receive
from worlds import World

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
# Of what is in these there is more and more. The others have a row for each topic or for each source's server.
GROWING = {
    "advance",
    "alarm",
    "alias",
    "announced",
    "apart",
    "callback",
    "capture",
    "correction",
    "dirty",
    "dropped",
    "edit",
    "edition",
    "event",
    "file",
    "happened",
    "key",
    "media",
    "page",
    "pending",
    "private_entry",
    "public_entry",
    "published",
    "rejected",
    "related",
    "release",
    "revision",
    "sketch",
    "source_day",
    "slot",
    "source",
    "subscription",
    "verification",
    "version",
    "wanted",
    "words",
}


def text(number: int) -> str:
    """Each entry says something else."""
    return " ".join(f"Wort{number}x{place}" for place in range(200))


def feed(numbers: Sequence[int], *, now: str = "", corrected: int | None = None, gone: int | None = None) -> bytes:
    entries = "".join(
        f"<entry><id>urn:x:{number}</id><title>Meldung {number} aus Wald und Schule</title>"
        f'<link href="https://amt.example/{number}"/><updated>2026-05-{number % 28 + 1:02}T10:00:00Z</updated>'
        f'<category term="{"Wald" if number % 2 else "Schule"}"/>'
        f"<content>{text(number)}{' Nachtrag.' if number == corrected else ''}</content></entry>"
        for number in numbers
        if number != gone
    )
    taken = f'<at:deleted-entry ref="urn:x:{gone}" when="2026-06-01T09:00:00Z"/>' if gone is not None else ""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>urn:x</id>'
        f"<title>Amt</title><updated>2026-06-01T10:00:00Z</updated><subtitle>{now}</subtitle>{entries}{taken}</feed>"
    ).encode()


class Traced:
    """A source of twenty entries that was polled once, and the statements of what comes after that."""

    def __init__(self, world: World, server: Server) -> None:
        self.world, self.server, self.told = world, server, list[str]()
        self.source = Source(id="amt", url=server.url("/feed"), tag="amt.example,2026", allow_private=True)
        self.time = NOW
        self.poll(feed(range(1, 21)))

    def poll(self, body: bytes) -> list[str]:
        self.server.answers("/feed", Reply(body=body, headers={"Content-Type": "application/atom+xml"}))
        self.time += timedelta(hours=2)
        with self.tracing():
            changes = self.world.poll(self.time, self.source)
        return [change.verdict for change in changes.changes if change.verdict != "unchanged"]

    def tracing(self) -> "Traced":
        return self

    def __enter__(self) -> None:
        self.told.clear()
        self.world.store._connection.db.conn.set_trace_callback(self.told.append)

    def __exit__(self, *_: object) -> None:
        self.world.store._connection.db.conn.set_trace_callback(None)

    @property
    def statements(self) -> list[str]:
        return own_statements(self.told)


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[Traced]:
    world = World(tmp_path, topics=(Topic("wald", "Wald"), Topic("schule", "Schule")), page_size=5)
    with Server() as server:
        yield Traced(world, server)
    world.close()


def pushed(traced: Traced, body: bytes) -> list[str]:
    """What a hub has sent."""
    push = Push(body=body, media_type="application/atom+xml", coding="", at=traced.time)
    with traced.tracing():
        world = traced.world
        changes = receive(traced.source, push, store=world.store, plan=world.plan, now=traced.time)
    return [change.verdict for change in changes.changes if change.verdict != "unchanged"]


def correcting(traced: Traced) -> list[str]:
    """A release that says whom it corrects, by words."""
    release = make_release("korrektur001", title="Korrektur", corrects="Meldung 3 aus Wald und Schule vom 4. Mai")
    changes = Changes(changes=(Change(verdict="new", release=release),))
    with traced.tracing():
        named = traced.world.store.feeds.standing(changes).named
    return [each.title for found in named.values() for each in found]


def ruled(traced: Traced, body: bytes) -> list[str]:
    """After a poll by which its rules were known."""
    traced.source = replace(traced.source, drop=("title:meldung 2? *",))
    traced.poll(feed(range(1, 20)))
    return traced.poll(body)


# What is done, what comes of it, and how many statements it may be.
PATHS: list[tuple[str, Callable[[Traced], list[str]], list[str], int]] = [
    ("nothing new, though it was read", lambda t: t.poll(feed(range(1, 21), now="12:00")), [], 13),
    ("one new of twenty", lambda t: t.poll(feed(range(2, 22))), ["new"], 41),
    ("one corrected of twenty", lambda t: t.poll(feed(range(1, 21), corrected=7)), ["corrected"], 61),
    ("one dropped of twenty", lambda t: ruled(t, feed([*range(2, 20), 21])), [], 28),
    ("one new of twenty, past rules", lambda t: ruled(t, feed(range(-1, 19))), ["new", "new"], 48),
    ("nothing new, by rules", lambda t: ruled(t, feed(range(1, 20), now="12:00")), [], 13),
    ("one withdrawn of twenty", lambda t: t.poll(feed(range(1, 21), gone=7)), ["withdrawn"], 60),
    ("one new that is pushed, with the others", lambda t: pushed(t, feed(range(0, 21))), ["new"], 34),
    ("one new that is pushed alone", lambda t: pushed(t, feed([40])), ["new"], 34),
    ("nothing new that is pushed", lambda t: pushed(t, feed(range(1, 21), now="12:00")), [], 3),
    ("whom a correction means", correcting, ["meldung 3 aus wald und schule"], 5),
]


@pytest.mark.parametrize(("what", "act", "comes", "most"), PATHS, ids=[row[0] for row in PATHS])
def test_statements_are_few_and_none_reads_a_table_that_grows(
    what: str, act: Callable[[Traced], list[str]], comes: list[str], most: int, traced: Traced
) -> None:
    assert act(traced) == comes
    statements = traced.statements
    assert len(statements) <= most, "\n".join(statement[:100] for statement in statements)
    assert [found for statement in statements for found in scans(traced.world, statement)] == []


class TracedFolder(Traced):
    """A folder of so many files that was read once; what is taken out of it is taken back."""

    def __init__(self, world: World, files: int) -> None:
        self.world, self.files, self.told = world, files, list[str]()
        self.source = replace(world.source, missing="withdraw")
        self.time = NOW
        for number in range(files):
            self.write(number)
        self.look()

    def write(self, number: int, more: str = "") -> None:
        self.world.write(f"{number:03}.md", f"---\ntitle: Meldung {number}\n---\n\n{text(number)}{more}\n")

    def remove(self, *numbers: int) -> None:
        for number in numbers:
            (self.world.folder / f"{number:03}.md").unlink()

    def look(self) -> list[str]:
        self.time += timedelta(hours=2)
        with self.tracing():
            changes = self.world.poll(self.time, self.source)
        return [change.verdict for change in changes.changes if change.verdict != "unchanged"]


FOLDER: list[tuple[str, Callable[[TracedFolder], object], list[str]]] = [
    ("nothing new", lambda _: None, []),
    ("one new", lambda f: f.write(99), ["new"]),
    ("one corrected", lambda f: f.write(7, "Nachtrag."), ["corrected"]),
    ("one gone", lambda f: f.remove(7), ["withdrawn"]),
    ("too many gone", lambda f: f.remove(*range(f.files // 2)), []),
]


@pytest.mark.parametrize(("what", "act", "comes"), FOLDER, ids=[row[0] for row in FOLDER])
def test_a_folder_asks_what_its_file_states_say_in_one_statement_however_many_there_are(
    what: str, act: Callable[[TracedFolder], object], comes: list[str], tmp_path: Path
) -> None:
    counts = list[int]()
    for files in (20, 60):
        root = tmp_path / str(files)
        root.mkdir()
        world = World(root, html=False)
        traced = TracedFolder(world, files)
        act(traced)
        assert traced.look() == comes
        told = traced.told
        assert sum(" FROM file " in statement and statement.startswith("SELECT") for statement in told) == 1
        assert [found for statement in {*told} for found in scans(world, statement)] == []
        counts.append(len(told))
        world.close()
    assert counts[0] == counts[1]


def scans(world: World, statement: str) -> list[tuple[str, str]]:
    """What its plan reads from end to end, and the statement."""
    if statement.split()[0] not in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
        return []
    with sqlite3.connect(str(world.store)) as raw:
        plan = [detail for *_, detail in raw.execute(f"EXPLAIN QUERY PLAN {statement}")]
    raw.close()
    found = [re.match(r"SCAN (\w+)(?! VIRTUAL TABLE)\b", detail) for detail in plan]
    return [(match[0], statement[:200]) for match in found if match and match[1] in GROWING]


def test_a_scan_is_found(traced: Traced) -> None:
    assert scans(traced.world, "SELECT id FROM release WHERE url = 'x'")
    assert scans(traced.world, "SELECT count(*) FROM slot")
    assert not scans(traced.world, "SELECT own FROM release WHERE id = 'x'")

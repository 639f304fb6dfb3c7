"""Who holds what, as it is kept: names, bounds, spans, and what asking costs; what waits to be counted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.model import Copies, Given, Hold
from syndicate.reach import KEPT, Agent, Answered, Intake
from syndicate.store import Made, Store

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path / 'store.db'}") as store:
        yield store


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def published(store: Store, number: int, document: str = "a.atom", at: datetime = NOW) -> str:
    """Another version of a document, and what its ETag says."""
    with store.transaction():
        store.versions.put([Made(document, digits(number), number)], at)
    return digits(number)


def digits(number: int) -> str:
    return f"{number:032}"


def answered(tag: str, agent: str = "reader/1.0", *named: str, at: datetime = NOW) -> Answered:
    return Answered("a.atom", tag, tag in named, named, None, Agent(agent), at)


def held(store: Store, *agents: str) -> dict[str, dict[str, tuple[int, int]]]:
    rows = store.holds.within(["a.atom"])
    return {copies.agent: {v: (row.n, row.plain) for v, row in each.items()} for copies, each in rows.items()}


def test_what_the_store_does_not_know_yet_waits(store: Store) -> None:
    """A file is in its place a moment before it is written that it is published."""
    intake, tag = Intake(store, clock := Clock()), digits(1)
    assert intake.take_in([answered(tag)]) == 0
    published(store, 1)
    assert intake.take_in([]) == 1
    assert held(store) == {"reader/1.0": {tag: (0, 1)}}
    intake.take_in([answered(digits(7))])
    clock.now += timedelta(minutes=5)
    intake.take_in([])
    published(store, 7)
    assert intake.take_in([]) == 0  # nobody published it then


def test_so_many_names_a_day_are_told_apart(store: Store) -> None:
    intake, tag = Intake(store, clock := Clock()), published(store, 1)
    intake.take_in([answered(tag, f"agent/{number:03}") for number in range(250)])
    assert len(held(store)) == 201
    assert held(store)["other"] == {tag: (0, 50)}
    clock.now += timedelta(hours=1)
    intake.take_in([answered(tag, "agent/300"), answered(tag, "agent/000")])
    assert held(store)["other"] == {tag: (0, 51)}
    assert held(store)["agent/000"] == {tag: (0, 2)}  # who is known is told apart on
    clock.now += DAY
    intake.take_in([answered(tag, "agent/300", at=clock.now)])
    assert held(store)["agent/300"] == {tag: (0, 1)}


def test_what_nothing_was_seen_of_for_a_month_goes(store: Store) -> None:
    intake, tag = Intake(store, clock := Clock()), published(store, 1)
    intake.take_in([answered(tag, "early/1.0")])
    clock.now += KEPT - DAY
    intake.take_in([answered(tag, "late/1.0", tag, at=clock.now)])
    clock.now += 2 * DAY
    intake.take_in([answered(tag, "late/1.0", tag, at=clock.now)])
    assert held(store) == {"late/1.0": {tag: (1, 0)}}
    assert store._connection.execute("SELECT name FROM holder").fetchall() == [("late/1.0",)]


def test_who_stays_with_a_version_for_long_is_not_forgotten(store: Store) -> None:
    intake, tag = Intake(store, clock := Clock()), published(store, 1)
    for _ in range(40):
        intake.take_in([answered(tag, "loyal/1.0", tag, at=clock.now)])
        clock.now += DAY
    assert held(store) == {"loyal/1.0": {tag: (1, 0)}}


def test_there_are_at_most_so_many_rows(store: Store) -> None:
    rows = {f"v{n}": Hold(Given(f"v{n}", n), 1, 0, NOW + timedelta(seconds=n)) for n in range(20)}
    with store.transaction():
        store.holds.put({Copies("a.atom", "reader/1.0"): rows})
        store.holds.expire(NOW - DAY, 5)
    assert {*held(store)["reader/1.0"]} == {f"v{n}" for n in range(15, 20)}


def test_old_versions_are_put_together_but_not_over_a_correction(store: Store) -> None:
    intake = Intake(store, clock := Clock())
    for number in range(1, 41):
        tag = published(store, number)
        intake.take_in([answered(tag, at=clock.now)])
    with store.transaction():
        store.happened.put([("corrected", "r", 2, ("a",), 5)], NOW)
    clock.now += timedelta(hours=2)
    intake.take_in([])
    by_generation = {
        row.given.generation: row.plain for each in store.holds.within(["a.atom"]).values() for row in each.values()
    }
    assert len(by_generation) == 16
    assert sum(by_generation.values()) == 40
    assert by_generation[4] == 4  # what was before it, in one


def test_strangers_tags_are_not_looked_up_without_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    intake, tag, asked = Intake(store, Clock()), published(store, 1), list[str]()
    of = store.versions.of
    monkeypatch.setattr(store.versions, "of", lambda document, tag: asked.append(tag) or of(document, tag))
    forged = [answered(tag, "forger/1.0", *(f"f{n:015}{m:016}" for m in range(50))) for n in range(500)]
    intake.take_in([answered(tag), *forged])
    assert len(asked) <= 1_001
    assert held(store)["forger/1.0"] == {tag: (0, 500)}


def test_several_versions_of_a_program_in_one_second_are_told_apart(store: Store) -> None:
    intake, old = Intake(store, Clock()), published(store, 1)
    intake.take_in([answered(old, "reader/1")] * 3 + [answered(old, "reader/1", old)])
    new = published(store, 2)
    moves = [answered(new, agent, old) for agent in ("reader/1", "reader/2", "reader/1")]
    intake.take_in(moves)
    assert held(store) == {"reader/1": {old: (0, 0), new: (2, 0)}, "reader/2": {new: (1, 0)}}


PLANS = [
    "SELECT n FROM json_each('[]') AS asked CROSS JOIN holds ON document = value ->> 0 AND agent = value ->> 1",
    "SELECT n FROM json_each('[]') AS asked CROSS JOIN holds ON document = asked.value",
    "SELECT n FROM holds WHERE document = '' AND agent >= '' AND agent < '' AND version = '' ORDER BY last DESC",
    "SELECT name FROM json_each('[]') AS asked CROSS JOIN holder ON name = asked.value",
    "SELECT count(*) FROM holder WHERE since > ''",
    "DELETE FROM holds WHERE last < ''",
    "SELECT last FROM holds ORDER BY last DESC LIMIT 1 OFFSET 1",
    "SELECT DISTINCT document FROM version WHERE superseded = '' ORDER BY document",
    "SELECT id FROM version WHERE document = '' AND at <= '' AND hash != '' ORDER BY id DESC LIMIT 1",
]


@pytest.mark.sqlite
@pytest.mark.parametrize("sql", PLANS)
def test_what_is_asked_is_found_by_an_index(store: Store, sql: str) -> None:
    plan = [row[3] for row in store._connection.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert not [line for line in plan if line.startswith("SCAN") and "VIRTUAL" not in line and "INDEX" not in line], (
        plan
    )


@pytest.mark.parametrize(
    ("minutes", "first"),
    [(-1, 0), (0, 0), (1, 2), (10, 2), (11, 3), (30, 0)],  # of three versions, at 0, 10 and 20
)
def test_from_which_version_on_a_release_stood_there(store: Store, minutes: int, first: int) -> None:
    for number in (1, 2, 3):
        published(store, number, at=NOW + timedelta(minutes=10 * (number - 1)))
    assert store.versions.first_since(["a.atom", "a.rss"], NOW + timedelta(minutes=minutes)) == first

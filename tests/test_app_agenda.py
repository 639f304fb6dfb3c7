"""Which polls are begun: what a look at every source would find, without one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import store as stores
from syndicate.app import Agenda, due
from syndicate.config import load
from syndicate.model import FetchState, Plan, Polled, Source
from syndicate.polling import Why
from syndicate.store import Store
from test_app_due import HOSTS, SOURCES, STATES
from worlds import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHANGES = st.sampled_from(["asked", "resumed", "paused", "rests", "gone"])


def plan_of(folder: Path, sources: list[Source]) -> Plan:
    (folder / "config.toml").write_text('[site]\ntag = "presse.talland.example,2026"\n', encoding="utf-8")
    return replace(load(folder / "config.toml"), sources=tuple(sources))


def taken(agenda: Agenda, plan: Plan) -> list[str]:
    """All that it gives; they stay under way."""
    most = replace(plan, fetch=replace(plan.fetch, per_host=100))
    return [job.sources[0] for job in iter(lambda: agenda.next(most), None)]


def change(store: Store, source: Source, what: str, at: timedelta) -> None:
    """What another process does to a source."""
    state = FetchState(source=source.id, last_attempt=NOW, next_poll=NOW + at, configured=source.url)
    match what:
        case "asked":
            store.sources.save(state)
        case "gone":
            store.sources.save(replace(state, gone=True))
        case "resumed":
            store.sources.resume(source.id)
        case "paused":
            store.sources.pause(source.id)
        case "rests":
            store.sources.leave_alone(HOSTS[0], 120, NOW)


@settings(deadline=None)
@given(
    known=st.lists(st.tuples(SOURCES, st.none() | STATES), max_size=5),
    changes=st.lists(st.tuples(st.integers(0, 4), CHANGES, st.integers(-3, 3), st.integers(0, 60)), max_size=6),
)
def test_it_gives_those_whose_turn_it_is(
    known: list[tuple[dict[str, Any], dict[str, Any] | None]], changes: list[tuple[int, str, int, int]]
) -> None:
    """At the start by a look at all, then by what has come: nobody who is due is left out, and few others are given."""
    with TemporaryDirectory() as folder, stores.open(f"sqlite:///{folder}/s.db") as store:
        sources = [Source(id=f"s{n}", **fields) for n, (fields, _) in enumerate(known)]
        plan, agenda, now = plan_of(Path(folder), sources), Agenda(store), NOW
        for source, (_, state) in zip(sources, known, strict=True):
            if state is not None:
                store.sources.save(FetchState(source=source.id, **state))

        def look() -> None:
            agenda.look(plan, now)
            may = {job.sources[0] for job in due(sources, store, now)}
            given = taken(agenda, plan)
            assert {*given} == {source for source in may if not agenda.is_put_off(source)}
            for source in given:  # it is asked, and answers
                change(store, plan.by_id[source], "asked", 2 * MINUTE)
                agenda.ended(source, (Polled(source=source),), plan, now)

        look()
        with stores.open(f"sqlite:///{folder}/s.db") as other:
            for number, what, minutes, seconds in changes:
                if number < len(sources):
                    change(other, sources[number], what, minutes * MINUTE)
                now += timedelta(seconds=seconds)
                look()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as opened:
        yield opened


def test_what_becomes_of_those_that_were_given(store: Store, tmp_path: Path) -> None:
    """Each is given again when its time comes, and not before: whatever became of it."""
    sources = [Source(id=name, url=f"https://{name}.example/rss") for name in ("a", "b", "c", "d", "e", "f")]
    plan, agenda = plan_of(tmp_path, sources), Agenda(store)
    agenda.look(plan, NOW)
    assert taken(agenda, plan) == ["a", "b", "c", "d", "e", "f"]
    state = FetchState(source="a", last_attempt=NOW, next_poll=NOW + HOUR, configured=sources[0].url)
    store.sources.save(state)
    store.sources.save(replace(state, source="b", configured=sources[1].url, next_poll=NOW - MINUTE))  # it took long
    store.sources.save(replace(state, source="f", configured="https://earlier.example/"))  # asked by an earlier plan
    done = {
        "a": (Polled(source="a"),),
        "b": (Polled(source="b"),),
        "c": (Polled(source="c", waits=NOW + 2 * MINUTE),),
        "d": (Polled(source="d", skipped=Why.BEING_ASKED),),
        "e": (),  # a fault
    }
    for source, events in done.items():
        agenda.ended(source, events, plan, NOW)
    agenda.ended("f", (Polled(source="f"),), replace(plan), NOW)
    given = dict[str, timedelta]()
    for seconds in (0, 1, 2, 60, 119, 120, 299):
        agenda.look(plan, NOW + timedelta(seconds=seconds))
        given |= dict.fromkeys(taken(agenda, plan), timedelta(seconds=seconds))
    two = timedelta(seconds=2)
    assert given == {"b": timedelta(), "c": 2 * MINUTE, "d": two, "e": two, "f": two}
    agenda.look(plan, NOW + HOUR)
    assert taken(agenda, plan) == ["a"]


def test_another_plan_and_a_clock_that_goes_back_are_a_look_at_all(store: Store, tmp_path: Path) -> None:
    first, second = Source(id="a", url="https://a.example/rss"), Source(id="b", url="https://b.example/rss")
    plan, agenda = plan_of(tmp_path, [first]), Agenda(store)
    agenda.look(plan, NOW)
    assert taken(agenda, plan) == ["a"]
    plan = plan_of(tmp_path, [first, second])
    agenda.look(plan, NOW)
    assert taken(agenda, plan) == ["b"]
    agenda.ended("a", (Polled(source="a", skipped=Why.EARLY),), plan, NOW + 400 * HOUR)
    ahead = NOW + 400 * HOUR
    store.sources.save(FetchState(source="a", last_attempt=ahead, next_poll=ahead + HOUR, configured=first.url))
    agenda.look(plan, NOW - HOUR)
    assert taken(agenda, plan) == ["a"]


def test_what_no_index_tells_is_found_within_minutes(store: Store, tmp_path: Path) -> None:
    source = Source(id="a", url="https://a.example/rss")
    plan, agenda = plan_of(tmp_path, [source]), Agenda(store)
    agenda.look(plan, NOW)
    taken(agenda, plan)
    change(store, source, "asked", HOUR)
    agenda.ended("a", (Polled(source="a"),), plan, NOW)
    store.sources.forget("a")  # by a command whose config.toml has it no more
    found = list[str]()
    for minutes in (1, 4, 5):
        agenda.look(plan, NOW + minutes * MINUTE)
        found.append(",".join(taken(agenda, plan)))
    assert found == ["", "", "a"]

"""What the store finds is what `polling` says of each: the rows are found by their times, and nothing is decided."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import make_release
from syndicate import store as stores
from syndicate.app import due, pages_due, server_of_source
from syndicate.model import FetchState, Source
from syndicate.polling import location, turn
from syndicate.store import QueuedPage, Store
from worlds import NOW

HOSTS = ("a.example", "b.example", "c.example")
MOMENTS = st.none() | st.sampled_from([timedelta(), timedelta(hours=1), timedelta(days=1), timedelta(days=8)]).flatmap(
    lambda span: st.sampled_from([NOW - span, NOW + span, NOW + span + timedelta(seconds=1)])
)
STATES = st.fixed_dictionaries(
    {
        "next_poll": MOMENTS,
        "not_before": MOMENTS,
        "last_attempt": MOMENTS,
        "gone": st.booleans(),
        "configured": st.none() | st.sampled_from([f"https://{host}/rss" for host in HOSTS]),
        "address": st.none() | st.sampled_from([f"https://{host}/neu" for host in HOSTS]),
    }
)
SOURCES = st.fixed_dictionaries({"enabled": st.booleans(), "url": st.sampled_from([f"https://{h}/rss" for h in HOSTS])})


@settings(deadline=None)
@given(
    known=st.lists(st.tuples(SOURCES, st.none() | STATES, st.booleans()), max_size=5),
    resting=st.dictionaries(st.sampled_from(HOSTS), st.integers(1, 9), max_size=2),
)
def test_the_store_finds_those_whose_turn_it_is(
    known: list[tuple[dict[str, Any], dict[str, Any] | None, bool]], resting: dict[str, int]
) -> None:
    with TemporaryDirectory() as folder, stores.open(f"sqlite:///{folder}/s.db") as store:
        sources = [Source(id=f"s{n}", **fields) for n, (fields, _, _) in enumerate(known)]
        for source, (_, state, paused) in zip(sources, known, strict=True):
            if state is not None:
                store.sources.save(FetchState(source=source.id, **state))
            if paused:
                store.sources.pause(source.id)
        for host, days in resting.items():
            store.sources.leave_alone(host, 86_400 * days, NOW)
        found = {job.sources[0] for job in due(sources, store, NOW)}
        said = set()
        for source in sources:
            state = store.sources.state(source.id)
            host = server_of_source(source, location.address(source, state)) or ""
            rests = NOW + timedelta(days=resting[host]) if host in resting else None
            if turn(source, state, now=NOW, host_rests=rests).why is None:
                said.add(source.id)
        assert found == said


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        yield store


def pages(store: Store, *rows: tuple[str, str, int]) -> list[Source]:
    """A page each: source, host, for how many minutes it has waited."""
    for source, host, minutes in rows:
        said = make_release(source=source, url=f"https://{host}.example/{source}{minutes}", keys=())
        store.pages.put(QueuedPage(said=said, due=NOW - timedelta(minutes=minutes)))
    return [Source(id=name, url=f"https://{name}.example/rss") for name in sorted({row[0] for row in rows})]


def test_pages_come_by_what_waits_longest_without_those_that_may_not_be_asked(store: Store) -> None:
    sources = pages(store, ("a", "x", 1), ("b", "x", 3), ("b", "y", 2), ("c", "y", 9), ("d", "z", 5))

    def asked(now: Any = NOW, busy: str = "", of: list[Source] = sources) -> list[str]:
        found = pages_due(of, store, lambda host: host != f"{busy}.example", now)
        return [f"{job.source} at {job.host.removesuffix('.example')}" for job in found]

    assert asked() == ["c at y", "d at z", "b at x", "a at x"]
    assert asked(busy="x") == ["c at y", "d at z", "b at y"]
    assert asked(of=[replace(source, fulltext=False) for source in sources]) == []
    assert asked(of=[replace(source, enabled=source.id != "c") for source in sources])[0] == "d at z"
    store.sources.pause("d")
    assert asked() == ["c at y", "b at x", "a at x"]
    store.sources.resume("d")
    store.sources.leave_alone("y.example", 60, NOW)
    assert asked() == ["d at z", "b at x", "a at x"]
    store.sources.leave_alone("x.example", 60, NOW + timedelta(days=99))  # while the clock was ahead: nobody rests
    assert asked() == ["c at y", "d at z", "b at x", "a at x"]

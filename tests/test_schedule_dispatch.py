"""Whose turn has come, given to the engine: who has waited for longest, whatever else waits for other reasons."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest

from syndicate import store as stores
from syndicate.config import read
from syndicate.model import FetchState, Plan, Source
from syndicate.schedule import Deferred, Engine
from syndicate.store import Store

Dispatch = import_module("syndicate.schedule.dispatch").Dispatch
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Told:
    """In the place of the engine."""

    def __init__(self) -> None:
        self.sources = list[str]()

    def defer(self, jobs: Sequence[Deferred]) -> None:
        self.sources += [source for each in jobs for source in each.job.sources]

    def end_stalled(self) -> None:
        """Nobody was killed."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return stores.of_file(tmp_path / "s.db")


def due(store: Store, folder: Path, waits: dict[str, int], host: str = "{}.example") -> Plan:
    """A plan of sources that wait for so many minutes."""
    sources = tuple(Source(id=name, url=f"https://{host.format(name)}/{name}") for name in waits)
    for source in sources:
        at = NOW - waits[source.id] * MINUTE
        state = FetchState(source=source.id, last_attempt=at - MINUTE, next_poll=at, configured=source.url)
        store.sources.save(state)
    return replace(read('[site]\ntag = "talland.example,2026"\n', folder / "config.toml"), sources=sources)


def test_of_very_many_those_are_looked_at_that_have_waited_for_longest(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndicate.schedule.dispatch._MOST", 2)
    told = Told()
    plan = due(store, tmp_path, {"a": 1, "b": 3, "c": 2, "d": 4})
    Dispatch(store, cast("Engine", told)).look(plan, NOW)
    assert told.sources == ["d", "b"]


def test_those_that_must_not_be_asked_yet_keep_nobody_from_being_asked(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndicate.schedule.dispatch._MOST", 2)
    told = Told()
    resting = due(store, tmp_path, dict.fromkeys("abcdefg", 60), host="rests.example")
    store.sources.leave_alone("rests.example", 3600, NOW)
    well = due(store, tmp_path, {"x": 1, "y": 2, "z": 3})
    plan = replace(well, sources=(*resting.sources, *well.sources))
    Dispatch(store, cast("Engine", told)).look(plan, NOW)
    assert {"y", "z"} <= {*told.sources} <= {"x", "y", "z"}

"""Some hours of some hundred sources on several machines that share a store, with all that happens to them."""

from collections.abc import Callable
from typing import Any

import pytest
from benchmarks.day.play import Size, played
from benchmarks.day.queue import Queue

import postgresql

_MANY = Size(sources=300, hours=0.75, seed=5, shown=False)
# Whoever is stopped or killed has a job in its hands, and more of it to come.
_FEW = Size(sources=200, hosts=2, hours=0.5, seed=7, shown=False, minutes=2)
# Seconds. The database was away for a third of that; whoever has just begun to ask is asked again after a minute, and
# the second time after a quarter of an hour.
_LATEST = 1_000.0


@pytest.fixture
def url(server: postgresql.Cluster) -> str:
    return server.url


@pytest.mark.parametrize("size", [_MANY, _FEW], ids=["many hosts", "few hosts"])
def test_no_host_is_asked_by_two_and_no_source_is_forgotten(size: Size, url: str) -> None:
    day = played(size, url)
    assert day.faults == []
    assert (day.hours, day.most) == (size.hours, 2)
    assert day.shares["100.0%"] < _LATEST
    assert day.unasked.seconds < _LATEST
    if size is _MANY:
        assert day.shares["50.0%"] <= 2


def _always(*_: object, **__: object) -> Any:
    return True


def fencing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.store.postgresql.leases.Leases.lasts", _always)
    monkeypatch.setattr("syndicate.store.postgresql.connection.PostgreSQL._assure", _always)


def stalled_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Queue, "end_stalled", _always)


@pytest.mark.parametrize("broken", [fencing, stalled_jobs])
def test_a_fault_is_seen(
    broken: Callable[[pytest.MonkeyPatch], None], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the laws are worth something."""
    broken(monkeypatch)
    day = played(_FEW, url)
    assert day.faults or day.unasked.seconds > _LATEST

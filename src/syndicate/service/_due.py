"""Whose time has come. Pure but for the store that knows it."""

import functools
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from syndicate.client import server_of
from syndicate.errors import FetchError
from syndicate.model import Plan, Source
from syndicate.pipeline import Pace
from syndicate.store import Store, Turn


class Due(NamedTuple):
    """A source whose time has come. `since` sorts by time; `server` is None for a folder."""

    since: str
    server: str | None
    source: Source


def waiting(config: Plan, store: Store, now: datetime) -> list[Due]:
    """The enabled sources that may be asked now, those first that have waited for longest."""
    turns, resting = store.sources.turns(now), store.hosts.resting(now)
    due = []
    for source in config.sources:
        turn = turns.get(source.id)
        if source.enabled and (turn is None or _is_due(source, turn)):
            server = server_of_source(source, turn.address if turn and turn.configured == source.url else None)
            if server not in resting:
                due.append(Due(turn.since if turn else "", server, source))
    return sorted(due, key=lambda one: one.since)


def following(config: Plan, store: Store, pace: Pace, now: datetime) -> Iterator[tuple[str, Source]]:
    """The enabled sources of which a page may be asked now, and from which host: the page that waits longest first."""
    sources, resting = {source.id: source for source in config.sources}, store.hosts.resting(now)
    for identifier in store.wanted.sources(now):
        source = sources.get(identifier)
        if source is None or not source.enabled or source.url is None or source.fulltext is False:
            continue
        for host in store.wanted.due(identifier, now):
            if host not in resting and pace.free(host):
                yield host, source
                break


def _is_due(source: Source, turn: Turn) -> bool:
    """A source with another `url` is one that was never asked."""
    if turn.paused or turn.configured not in (None, source.url):
        return not turn.paused
    return not (turn.gone or turn.early or turn.sent_away)


@functools.lru_cache(maxsize=10_000)
def server_of_source(source: Source, address: str | None) -> str | None:
    """Which server a source is asked from; None for a folder, and for an address that will fail and say why."""
    try:
        return server_of(address or source.url) if source.url else None
    except FetchError:
        return None

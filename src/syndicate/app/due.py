"""Whose turn has come: what the store and the hosts know, put to `polling`."""

import functools
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from syndicate import client, fulltext
from syndicate.errors import FetchError
from syndicate.model import Complete, FetchState, Plan, Poll, Source
from syndicate.polling import Call, Turn, follows_pages, location, page_turn, turn
from syndicate.store import Store

_AT_ONCE = datetime.min.replace(tzinfo=UTC)
_ALL = timedelta(minutes=5)  # between two looks at all sources


def turn_of(source: Source, state: FetchState, store: Store, now: datetime, call: Call = Call.DUE) -> Turn:
    """May this source be asked now, with its host's wish to be left alone."""
    return turn_with(store.sources.resting(now), source, state, now, call)


def turn_with(
    resting: dict[str, datetime], source: Source, state: FetchState, now: datetime, call: Call = Call.DUE
) -> Turn:
    """The same, for who asks of many: `resting` are the hosts that are to be left alone."""
    return turn(source, state, now=now, call=call, host_rests=_rests(source, state, resting))


def is_fresh(looked: datetime | None, now: datetime) -> bool:
    """Were all sources looked at so lately that an index tells of the others? Not by a clock that was ahead."""
    return looked is not None and looked <= now < looked + _ALL


def place_of(source: Source, store: Store) -> str | None:
    """What no two processes ask at once: the host that it lives at now, or its folder. None where nobody knows."""
    return place_in(source, FetchState(source="") if source.path else store.sources.state(source.id, files=False))


def place_in(source: Source, state: FetchState) -> str | None:
    """The same, by what is known."""
    return f"path:{source.id}" if source.path else server_of_source(source, location.address(source, state))


def is_here(source: Source, plan: Plan, store: Store) -> bool:
    """Does this machine read it? A folder that belongs to one of several is not there on the others."""
    return not (store.is_shared and source.path and source.machine) or source.machine == plan.cluster.machine


class Due(NamedTuple):
    """A source whose next poll has come: may it be asked, at which host (None: a folder), `since` when does it wait.

    `in_house`: its host is the operator's own.
    """

    source: str
    host: str | None
    turn: Turn
    in_house: bool = False

    @property
    def since(self) -> datetime:
        return self.turn.next or _AT_ONCE


def due(sources: Sequence[Source], store: Store, now: datetime) -> list[Poll]:
    """A job for each that may be asked now, those first that have waited for longest."""
    found = (each for each in all_due(sources, store, now) if each.turn.why is None)
    return [Poll(each.host, (each.source,)) for each in sorted(found, key=lambda each: each.since)]


def all_due(sources: Sequence[Source], store: Store, now: datetime) -> Iterator[Due]:
    """Whose next poll has come, by a look at each of them."""
    (states, later), resting = store.sources.due(now), store.sources.resting(now)
    for source in sources:
        state = states.get(source.id)
        if state is None:
            if source.id in later and location.same_url(later[source.id], source):
                continue
            state = store.sources.state(source.id, files=False) if source.id in later else FetchState(source=source.id)
        yield due_one(source, state, resting, now)


def due_one(source: Source, state: FetchState, resting: dict[str, datetime], now: datetime) -> Due:
    """`resting`: the hosts that are to be left alone."""
    host = server_of_source(source, location.address(source, state))
    its = turn(source, state, now=now, host_rests=resting.get(host or ""))
    return Due(source.id, host, its, source.allow_private)


def pages_due(
    sources: Sequence[Source], store: Store, free: Callable[[str], bool], now: datetime
) -> Iterator[Complete]:
    """A job for each source of which a page may be asked now: the page that waits longest first.

    `free`: has the pause since the last page of a host passed?
    """
    known, resting, given = {source.id: source for source in sources}, store.sources.resting(now), set[str]()
    states = dict[str, FetchState]()
    for identifier, host in fulltext.hosts_due(store, now, now):
        source = known.get(identifier)
        if source is None or identifier in given or not follows_pages(source) or not free(host):
            continue
        if identifier not in states:
            states[identifier] = store.sources.state(identifier, files=False)
        if page_turn(source, states[identifier], now=now, host_rests=resting.get(host)).why is None:
            given.add(identifier)
            yield Complete(host, source.id)


def _rests(source: Source, state: FetchState, resting: dict[str, datetime]) -> datetime | None:
    return resting.get(server_of_source(source, location.address(source, state)) or "") if resting else None


@functools.lru_cache(maxsize=10_000)
def server_of_source(source: Source, address: str | None) -> str | None:
    """Which server a source is asked from; None for a folder, and for an address that will fail and say why."""
    try:
        return client.server_of(address) if source.url and address else None
    except FetchError:
        return None

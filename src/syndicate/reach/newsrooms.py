"""Which newsrooms hold the old version, by when each last fetched: their feeds are made as the store is then."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from syndicate.model import Newsroom, Release
from syndicate.placement import Advance
from syndicate.store import ALL, Done, Recorded, Store


class Turn(NamedTuple):
    """What has put words right or taken them back. `generation`: from which on feeds show it; None: only newsrooms that
    have it before its end have ever seen it.
    """

    kind: str  # corrected | withdrawn
    at: datetime
    generation: int | None


class Named(NamedTuple):
    """A newsroom, or the subscribers of a host. `old`: do they hold the old version? None: neither that nor the new.

    `last`: when they last fetched, or took a push.
    """

    name: str
    old: bool | None
    last: datetime | None


class InAdvance(NamedTuple):
    """What only newsrooms that have it before its end have seen: what was done to it, and since when they had it."""

    turn: Turn
    since: datetime
    newsrooms: tuple[Named, ...]


def of_newsrooms(
    store: Store, release: str, topics: Collection[str], shown: Sequence[range], generation: int
) -> tuple[Named, ...]:
    """What each holds of a release that feeds show to have been put right, or taken back, from a generation on.

    `shown`: the generations in which readers had what was wrong. Who had it in advance had it before.
    """
    first = min((done.number for done in store.newsrooms.done(release)), default=0)

    def is_old(newsroom: Newsroom, recorded: Recorded) -> bool | None:
        if recorded.generation >= generation:
            return False
        early = newsroom.embargoed and recorded.event >= first
        return True if early or any(recorded.generation in span for span in shown) else None

    return _named(store, topics, is_old)


def in_advance_of(store: Store, release: str) -> InAdvance | None:
    """None: nothing was done before its end to what only newsrooms have seen, or there is none that has it so early."""
    found = store.releases.get(release)
    rows = [row for row in store.advances.of([release]) if row.source is None]  # no version that waits behind another
    embargoed = {newsroom.name for newsroom in store.newsrooms.list() if newsroom.embargoed}
    done = store.newsrooms.done(release)
    if found is None or not rows or not embargoed or not (last := _last(found, rows, done)):
        return None

    def is_old(_: Newsroom, recorded: Recorded) -> bool | None:
        return False if recorded.event >= last.number else True if recorded.event >= done[0].number else None

    kind = "withdrawn" if last.verdict == "withdrawn" else "corrected"
    named = tuple(each for each in _named(store, found.topics, is_old) if each.name in embargoed)
    return InAdvance(Turn(kind, last.at, None), min(row.since for row in rows), named)


def _last(release: Release, rows: Sequence[Advance], done: Sequence[Done]) -> Done | None:
    """What was last done to its words before its end."""
    if release.withdrawn:
        taken = (each for each in reversed(done) if each.verdict == "withdrawn")
        return next(taken, None) if release.never_shown else None
    changed = max(row.updated for row in rows)
    ended = min((row.ended for row in rows if row.ended), default=None)
    if changed <= min(row.since for row in rows) or (ended and changed >= ended):
        return None
    return next((each for each in reversed(done[1:]) if each.at <= changed), None)


def _named(
    store: Store, topics: Collection[str], is_old: Callable[[Newsroom, Recorded], bool | None]
) -> tuple[Named, ...]:
    """Those that are given one of these topics, by the head that each fetched last."""
    fetches, found = store.newsrooms.fetches(), list[Named]()
    for newsroom in store.newsrooms.list():
        if newsroom.topics and not {*topics} & {*newsroom.topics}:
            continue  # `all` of a room is its topics
        heads = {*topics, ALL}
        all_of = [each for path, each in fetches.get(newsroom.name, {}).items() if path.partition(".")[0] in heads]
        last = max(all_of, key=lambda each: each.recorded, default=None)
        if last:
            found.append(Named(newsroom.name, is_old(newsroom, last.recorded), last.at))
        elif not newsroom.revoked:
            found.append(Named(newsroom.name, None, None))
    return tuple(sorted(found, key=lambda each: (not each.old, each.name)))

"""Do a source's words speak at once, or do they wait (semantics: Identity)? Pure.

Old news does not correct, and what flickers is no news. What waits is put in by the clock (`settle`), or gives way to
what the source says next.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.model import A_DAY, Earlier, Edition, Memory, Release, Source, Span, Waiting, Why
from syndicate.revise.again import same_reading
from syndicate.revise.editions import says_the_same, states_the_same
from syndicate.revise.likeness import seen
from syndicate.revise.span import common, renewed, spans, within
from syndicate.text import digest

_AT_LEAST = timedelta(hours=1)  # that an earlier revision waits
_CORRECTIONS = 3  # of one place within a day: it flickers
_REMEMBERED = 20  # earlier versions


class Weighed(NamedTuple):
    """Whether the words speak now, and what is remembered of the source's words from now on."""

    speaks: bool
    memory: Memory


def weigh(said: Release, mine: Edition, source: Source, *, shown: bool, now: datetime) -> Weighed:
    """`said` is what the source says now, `mine` what it said last; `shown`: do readers see the release?"""
    memory = mine.memory
    if says_the_same(mine.said, said) or same_reading(mine.said, said):
        memory = _flickered(said, mine, memory.flickering, now) if memory.waiting else memory
        return Weighed(False, replace(memory, waiting=None, modified=_latest(memory.modified, said.modified)))
    why = None if source.path else _held_back(said, mine, shown=shown, now=now)
    if why is None:
        return Weighed(True, spoken(mine, said, now=now, shown=shown))
    if why == "flickers":
        memory = _flickered(said, mine, flickering(mine, now), now)
    before = mine.memory.waiting
    rests = before is not None and before.why == why and says_the_same(before.said, said)
    due = before.due if before and rests else now + (max(source.interval, _AT_LEAST) if why == "earlier" else A_DAY)
    latest = memory.modified if why == "stale" else _latest(memory.modified, said.modified)
    return Weighed(False, replace(memory, waiting=Waiting(said=said, due=due, why=why), modified=latest))


def spoken(mine: Edition, said: Release, *, now: datetime, shown: bool, why: Why | None = None) -> Memory:
    """What is remembered when `said` takes the place of what the source said last; `why` it has waited."""
    memory = mine.memory
    changed = spans(mine.said, said) if shown and not _later(said.modified, memory.modified) else ()
    if why != "flickers" and changed and common(changed, memory.flickering):
        memory = replace(memory, flickered=now)
    rested = {"flickering": (), "flickered": None} if why == "flickers" else {}
    earlier = Earlier(at=now, words=words(mine.said), spans=() if why == "flickers" else changed)
    return replace(
        memory,
        earlier=(*memory.earlier, earlier)[-_REMEMBERED:],
        waiting=None,
        modified=said.modified if why == "stale" else _latest(memory.modified, said.modified),
        went_back=now if why == "stale" else None,
        **rested,  # type: ignore[arg-type]  # two of its fields
    )


def words(release: Release) -> str:
    """A hash of what a reader sees of it."""
    return digest(repr(seen(release)))


def is_stale(said: Release, memory: Memory) -> bool:
    """Does it say itself that it is older than what its source has said already?"""
    return bool(said.modified and memory.modified and said.modified < memory.modified)


def was_said(said: Release, memory: Memory) -> bool:
    """Are these the words of an earlier revision, or of an entry that another one spoke for?"""
    told = words(said)
    return told in memory.beside or any(earlier.words == told for earlier in memory.earlier)


def heard(memory: Memory, others: Iterable[Release], said: Release) -> Memory:
    """With the words of entries that say nothing beside the one that speaks."""
    new = [told for told in map(words, others) if told != words(said) and told not in memory.beside]
    return replace(memory, beside=(*memory.beside, *new)[-_REMEMBERED:]) if new else memory


def flickering(mine: Edition, now: datetime) -> tuple[Span, ...]:
    """What changes by itself: the last three corrections, within a day, changed it, or it has not rested since."""
    memory, since = mine.memory, now - A_DAY
    known = memory.flickering if memory.flickered and memory.flickered > since else ()
    last = memory.earlier[-_CORRECTIONS:]
    fresh = common(*(earlier.spans for earlier in reversed(last))) if len(last) == _CORRECTIONS else ()
    if not fresh or last[0].at <= since:
        return known
    return (*known, *(span for span in fresh if not within((span,), known)))


def _held_back(said: Release, mine: Edition, *, shown: bool, now: datetime) -> Why | None:
    memory = mine.memory
    if is_stale(said, memory):
        return "stale"
    if not shown or said.state == "embargoed" or _later(said.modified, memory.modified):
        return None
    changed = spans(mine.said, said)
    if not changed:
        return None
    if states_the_same(mine.said, said) and within(changed, flickering(mine, now)):
        return "flickers"
    return "earlier" if was_said(said, memory) else None


def _flickered(said: Release, mine: Edition, places: tuple[Span, ...], now: datetime) -> Memory:
    """With what flickers, and when it last did: since the source's last words, shown or not."""
    memory = mine.memory
    before = memory.waiting.said if memory.waiting else mine.said
    moved = bool(common(spans(before, said), places))
    places = renewed(places, spans(mine.said, said))
    return replace(memory, flickering=places, flickered=now if moved else memory.flickered)


def _later(stated: datetime | None, before: datetime | None) -> bool:
    return stated is not None and (before is None or stated > before)


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)

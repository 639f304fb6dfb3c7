"""What a poll tells of its source that a person should know: an alarm rings until it is no longer so."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from syndicate.model import FetchResult, FetchState, Source
from syndicate.store import Store

if TYPE_CHECKING:
    from syndicate.reading import Reading

MOMENTS = 12  # of deliveries that are remembered
_APART = timedelta(hours=12)  # between two of them, so that a dozen spans nights and a weekend
_TOLD = 4  # deliveries from which a habit can be told
_LONGER = 3  # times the longest pause it ever made: that is silence
_BELIEVED = timedelta(days=7)  # after which fewer entries are what it has now


def observed(
    source: Source, after: FetchState, result: FetchResult, reading: "Reading", now: datetime
) -> Mapping[str, str | None]:
    """Kind → what a source's alarm is to say, None where it is to ring no more; by its state `after` a good poll."""
    if source.path:
        return {}  # its files are told one by one
    told = {"silent": _silence(source, after, now)}
    if (result.captures and not result.delta) or after.entries is None:
        told["fewer"] = _loss(source, after, reading)
    if result.captures:
        entries = reading.entries or 0
        broken = reading.garbled >= max(2, entries // 5) or (reading.garbled and entries < 3)
        text = (
            f"{source.id}: the letters of {reading.garbled} of {entries} entries are broken: its encoding has changed"
        )
        told["encoding"] = text if broken else None
        told["dates"] = _undated(source, reading)
        told["selector"] = _unmatched(source, reading.unmatched)
        if not source.select:
            told["page selector"] = None  # perhaps no page is read any more that would end it
    return told


def unmatched(store: Store, source: Source, selectors: Iterable[str], now: datetime) -> None:
    """The operator's selectors that found nothing on the page of a release."""
    told = {"page selector": _unmatched(source, selectors, page=True)}
    tell(store, source, told, store.alarms.of(source.id), now)


def _unmatched(source: Source, selectors: Iterable[str], *, page: bool = False) -> str | None:
    """The operator's selectors that found nothing in a document, or on the `page` of a release: each for itself."""
    names = ", ".join(selectors)
    where = "selects nothing on the pages of its releases" if page else "selects nothing any more"
    return f"{source.id}: {where}: {names}" if names else None


def delivered(before: tuple[datetime, ...], now: datetime) -> tuple[datetime, ...]:
    """With one more delivery: the latest as it is, those before it half a day apart."""
    kept = before[:-1] if len(before) > 1 and before[-1] - before[-2] < _APART else before
    return (*kept, now)[-MOMENTS:]


def usual(
    before: int | None, entries: int | None, *, delta: bool, alarmed: datetime | None, now: datetime
) -> int | None:
    """How many entries a document of this source usually has: what it lost is expected back for a week."""
    believed = alarmed is not None and now - alarmed > _BELIEVED
    if entries is None or delta:
        return None if believed else before  # nothing new was said: the next document tells
    lost = before is not None and _half_gone(before, entries)
    return before if lost and not believed else entries


def _half_gone(usually: int, entries: int) -> bool:
    return usually > 0 and entries <= usually / 2


def _silence(source: Source, state: FetchState, now: datetime) -> str | None:
    if len(state.delivered) < _TOLD:
        return None
    pauses = [later - earlier for earlier, later in pairwise(state.delivered)]
    longest = max(*pauses, _APART)
    quiet = now - state.delivered[-1]
    if quiet <= _LONGER * longest:
        return None
    return f"{source.id} has brought nothing new for {_span(quiet)}; it used to within {_span(longest)}"


def _loss(source: Source, after: FetchState, reading: "Reading") -> str | None:
    if reading.entries is None or after.entries is None or not _half_gone(after.entries, reading.entries):
        return None
    has = f"only {reading.entries}" if reading.entries else "none"
    return f"{source.id} has {has} of its usual {after.entries} entries: nothing was withdrawn for that"


def _undated(source: Source, reading: "Reading") -> str | None:
    """Most of its entries state dates that nobody can read."""
    unread = len(reading.unread)
    if 2 * unread <= (reading.entries or 0):
        return None
    first = reading.unread[0].reason.partition(" is no date")[0]
    return f"{source.id}: {unread} of {reading.entries} entries have a date that cannot be read, like {first}"


def _span(time: timedelta) -> str:
    hours = round(time / timedelta(hours=1))
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"


def tell(store: Store, source: Source, told: Mapping[str, str | None], ringing: Container[str], now: datetime) -> None:
    """Ring what is to ring, and end what is to ring no more: of what is `ringing`. In the poll's transaction."""
    for kind, text in told.items():
        if text:
            store.alarms.ring(kind, source.id, text, now)
        elif kind in ringing:
            store.alarms.end(kind, source.id)

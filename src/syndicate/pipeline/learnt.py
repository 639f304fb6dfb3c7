"""What is known of a source after a poll that could be read."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from syndicate.alarms import delivered, usual
from syndicate.model import Changes, Day, FetchResult, FetchState, Hub, Plan, Source
from syndicate.polling import interval, location, pushes
from syndicate.store import Store
from syndicate.text import local_day

if TYPE_CHECKING:
    from syndicate.reading import Reading


@dataclass(frozen=True, slots=True)
class GoodPoll:
    """The state before it, what came, and what that was read as. `day`: on which, by the site's calendar."""

    source: Source
    before: FetchState
    result: FetchResult
    reading: "Reading"
    now: datetime
    day: str


def day_of(now: datetime, plan: Plan) -> str:
    """By the site's calendar."""
    return local_day(now, ZoneInfo(plan.site.timezone))


def learnt(poll: GoodPoll, *, brought: int, alarmed: datetime | None, since: datetime | None = None) -> FetchState:
    """The state after it, with the time of the next one.

    `brought`: so many releases it changed. `alarmed`: since when it has fewer entries than usual; `since` when it is
    pushed what changes.
    """
    if poll.result.pushed:
        return _told(poll, brought)
    source, before, result, reading, now = poll.source, poll.before, poll.result, poll.reading, poll.now
    first = before.last_success is None
    state = replace(
        location.arrived(source, result),
        last_attempt=now,
        last_success=None if first and result.left else now,
        not_before=None,
        error=None,
        failures=0,
        form=reading.form or before.form,
        rhythm=reading.rhythm or before.rhythm,
        delivered=delivered(before.delivered, now) if first or brought else before.delivered,
        entries=usual(before.entries, reading.entries, delta=result.delta, alarmed=alarmed, now=now),
        hub=_hub(poll),
        pushes=pushes.after_poll(before, brought=brought, since=since),
    )
    soon = now + timedelta(seconds=1)
    due = (
        soon
        if result.unsettled or result.left
        else interval.after_success(source, state, fresh=result.fresh, now=now, first=first)
    )
    again = [file.again for file in (*result.state.files.values(), *reading.files) if file.again]
    return replace(state, next_poll=min((due, *again)))


def pushed_since(poll: GoodPoll, store: Store) -> datetime | None:
    """Since when its hub has told all that changed: not where what that pushes is still to be ingested."""
    if poll.before.hub is None or store.callbacks.waiting(poll.source.id):
        return None
    return store.callbacks.active_since(poll.source.id, poll.now)


def note(state: FetchState, poll: GoodPoll, store: Store, changes: Changes | None = None) -> None:
    """In the transaction that records the poll; where its hub is another one, whoever subscribes is told.

    `changes` are counted for its day.
    """
    told = changes or Changes()
    came = (told.count("new"), told.count("corrected"), told.count("withdrawn"))
    store.sources.save(state, Day(poll.day, int(not poll.result.pushed), 0, *came))
    if state.hub != poll.before.hub:
        store.callbacks.tell(poll.source.id)


def _told(poll: GoodPoll, brought: int) -> FetchState:
    """After a push: nothing of what the next poll asks for, or when, is another."""
    before = poll.before
    if not brought:
        return before
    return replace(before, delivered=delivered(before.delivered, poll.now), pushes=pushes.after_push(before))


def _hub(poll: GoodPoll) -> Hub | None:
    """What its headers say goes before what the document says; an answer without a whole document says nothing else."""
    before, result = poll.before, poll.result
    captures = [capture for capture in result.captures if capture.url]
    stated, own = result.links, poll.reading.links
    if not stated.hubs and (not captures or (result.delta and not own.hubs)):
        return before.hub
    place = captures[-1].url if captures else before.hub and before.hub.place
    hubs, topic = stated.hubs or own.hubs, stated.topic or own.topic or place
    return Hub(hubs, topic, place or topic) if hubs and topic else None

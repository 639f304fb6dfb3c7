"""What is known of a source after a poll that could be read."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from syndicate.alarms import delivered, usual
from syndicate.model import FetchResult, FetchState, Source
from syndicate.polling import interval, location

if TYPE_CHECKING:
    from syndicate.reading import Reading


@dataclass(frozen=True, slots=True)
class GoodPoll:
    """The state before it, what came, and what that was read as."""

    source: Source
    before: FetchState
    result: FetchResult
    reading: "Reading"
    now: datetime


def learnt(poll: GoodPoll, *, brought: bool, alarmed: datetime | None) -> FetchState:
    """The state after it, with the time of the next one.

    Has it `brought` anything new? `alarmed`: since when it has fewer entries than usual.
    """
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
    )
    soon = now + timedelta(seconds=1)
    due = (
        soon
        if result.unsettled or result.left
        else interval.after_success(source, state, fresh=result.fresh, now=now, first=first)
    )
    again = [file.again for file in (*result.state.files.values(), *reading.files) if file.again]
    return replace(state, next_poll=min((due, *again)))

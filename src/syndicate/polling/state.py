"""What is known of a source while it is asked, and after that failed."""

from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.errors import FetchError, WorkerLost
from syndicate.model import FetchState, Source
from syndicate.polling import interval, location


def begun(source: Source, state: FetchState, now: datetime) -> FetchState:
    """While it is asked: should that never end, it is not asked at once again."""
    return replace(state, last_attempt=now, next_poll=interval.while_asked(source, state, now))


def failed(source: Source, state: FetchState, error: Exception, now: datetime) -> FetchState:
    """After a poll that failed: why, when it is asked again, and where."""
    state = location.recalled(state, source)
    failures, lost = state.failures + 1, isinstance(error, WorkerLost)
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    after = replace(
        state,
        last_attempt=now,
        next_poll=(interval.after_unread if lost else interval.after_failure)(source, failures, now),
        not_before=now + timedelta(seconds=retry_after) if retry_after else None,
        error=str(error),
        failures=failures,
    )
    return location.failed(source, after, error) if source.url else after

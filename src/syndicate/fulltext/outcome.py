"""What is known of a release's page after it was asked: read, or not, and when it is asked again."""

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from syndicate.errors import FetchError, HTTPStatusError, NotWelcome, SourceGone, WorkerLost, in_words
from syndicate.fulltext.page import NoPage, ReadPage
from syndicate.polling import again
from syndicate.revise import overlaid
from syndicate.store import QueuedPage

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=15), timedelta(days=1)
_MOST_TRIES = 8
_ABSENT_TRIES = 3  # of a page that is not there, or not there yet: a list can be ahead of what serves its pages
_LOST_TRIES = 4  # of a page at which its reader died
_ABSENT = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def put_read(row: QueuedPage, opened: ReadPage, now: datetime, *, due: datetime | None = None) -> QueuedPage:
    """The row after its page was read: looked at again by and by, and asked when it is `due`.

    What is of the past was completed when it was published.
    """
    past = min(now, overlaid(row.said, opened.page).published)
    completed = row.completed or (past if row.backfill else now)
    return replace(
        row,
        page=opened.page,
        etag=opened.etag,
        last_modified=opened.last_modified,
        hash=opened.capture.hash if opened.capture else row.hash,
        asked=now,
        due=due,
        tries=0,
        error=None,
        completed=completed,
        again=again.next_look(completed, now, name=row.address),
        gone=None,
        status=None,
    )


def put_off(row: QueuedPage, now: datetime) -> QueuedPage:
    """The row after a look that was not to be: at the next one it may be another thing."""
    return replace(row, again=again.next_look(row.completed or now, now, name=row.address))


def put_back(row: QueuedPage, error: Exception, now: datetime) -> QueuedPage:
    """The row after a page could not be read: asked again later and later, and at last no more, or at the next look."""
    wait = timedelta(seconds=(error.retry_after or 0) if isinstance(error, FetchError) else 0)
    look = is_look(row, now)
    if wait and not isinstance(error, HTTPStatusError):
        # It was not even asked: its server wants to be left alone, or its robots.txt forbids it.
        told = str(error) if not look or isinstance(error, NotWelcome) else row.error
        return replace(row, error=told, again=now + wait) if look else replace(row, error=told, due=now + wait)
    after = replace(row, tries=row.tries + 1, error=in_words(error), asked=now)
    status = _status(error)
    if row.page and status in _ABSENT:
        after = replace(after, gone=row.gone or now, status=status)
    if not look:
        pause = max(wait, min(_FIRST_PAUSE * 2**row.tries, _LONGEST_PAUSE))
        return replace(after, due=None if after.tries >= _most_tries(error) else now + pause)
    tries = again.TRIES if status == HTTPStatus.GONE or isinstance(error, NoPage) else after.tries
    later = again.after_failed_look(tries, row.completed or now, now, name=row.address, rest=wait)
    return replace(after, again=later, tries=0 if tries >= again.TRIES else after.tries)


def is_look(row: QueuedPage, now: datetime) -> bool:
    """Was it read, and does its source say nothing else by now?"""
    return row.page is not None and (row.due is None or row.due > now)


def _status(error: Exception) -> int | None:
    if isinstance(error, SourceGone):
        return HTTPStatus.GONE
    return error.status if isinstance(error, HTTPStatusError) else None


def _most_tries(error: Exception) -> int:
    if isinstance(error, NoPage):
        return 1
    if isinstance(error, WorkerLost):
        return _LOST_TRIES
    return _ABSENT_TRIES if _status(error) in _ABSENT else _MOST_TRIES

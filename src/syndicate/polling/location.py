"""Where a source is asked: at its `url`, or where that has led. Pure: what a poll's end makes of the state.

Nothing is learnt of an address but by good polls: parsed and recorded. What was learnt holds for one `url` only.
"""

from dataclasses import replace

from syndicate.errors import FetchError, HTTPStatusError, SourceGone, UnexpectedPage, WorkerLost
from syndicate.model import FetchResult, FetchState, Source

MOVES = 3  # good polls, one after the other, that permanent redirects led to one place; then the source is asked there
FAILURES = 3  # in a row, until such a place is given up

_NOT_THERE = (404, 410)


def same_url(configured: str | None, source: Source) -> bool:
    """Was what is known (`FetchState.configured`) learnt of the `url` that the source has now?"""
    return configured in (None, source.url)


def recalled(state: FetchState, source: Source) -> FetchState:
    """What is still true: nothing that was learnt of another `url` than the source has now."""
    if same_url(state.configured, source):
        return state
    known = FetchState(
        source=state.source,
        last_success=state.last_success,
        paused=state.paused,
        day=state.day,
        files=state.files,
    )
    return replace(known, delivered=state.delivered)


def address(source: Source, state: FetchState) -> str | None:
    """Where it is asked now; None for a folder."""
    return recalled(state, source).address or source.url


def linked(state: FetchState, feed: str) -> FetchState:
    """To be asked at the feed that its page links: nothing is known of that yet."""
    return replace(unvalidated(state), address=feed)


def arrived(source: Source, result: FetchResult) -> FetchState:
    """After a good poll. Whoever has moved is asked at the new place once `MOVES` polls have come there."""
    state, moved = result.state, result.moved
    moves = 0 if moved is None else state.moves + 1 if moved == state.moved else 1
    address = state.address
    if moves >= MOVES:
        address = None if moved == source.url else moved
        moved, moves = None, 0
    return replace(state, configured=source.url, gone=False, address=address, moved=moved, moves=moves)


def failed(source: Source, state: FetchState, error: Exception) -> FetchState:
    """After a failed poll, `state.failures` counted already. A place that is no good is left for the `url` again."""
    state = replace(state, configured=source.url)
    if isinstance(error, WorkerLost):
        return state  # no word on what is there
    if state.address is None:
        return replace(state, gone=state.gone or isinstance(error, SourceGone))
    lost = isinstance(error, SourceGone | UnexpectedPage)
    lost = lost or (isinstance(error, HTTPStatusError) and error.status in _NOT_THERE)
    sent_away = isinstance(error, FetchError) and error.retry_after
    if lost or (state.failures >= FAILURES and not sent_away):
        return replace(unvalidated(state), address=None, moved=None, moves=0)
    return state


def unread(state: FetchState) -> bool:
    """Was nothing read yet where it is asked now: never at all, or not since the place that it was asked at was lost?

    What a document was (`form`) is remembered then, so that a page is not taken for the feed it came instead of.
    """
    return state.address is None and state.hash is None


def unvalidated(state: FetchState) -> FetchState:
    """To be asked for all that is there, changed or not."""
    return replace(state, etag=None, last_modified=None, hash=None, whole=None)

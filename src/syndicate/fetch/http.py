"""A source with an address: one conditional GET (RFC 9110 section 13)."""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from syndicate.errors import FetchError, SourceGone
from syndicate.model import Capture, FetchResult, FetchState

if TYPE_CHECKING:
    from syndicate.client import Answer, Client

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.6, */*;q=0.1"
)
_LONGEST = 7 * 24 * 3600.0  # seconds: nobody sends a source away for longer


def poll(url: str, state: FetchState, *, client: "Client", now: datetime, allow_private: bool = False) -> FetchResult:
    """One capture; none where nothing changed (304, or the very bytes of the last time).

    The result's state has the validators exactly as received, and the body's hash. Raises FetchError for any other
    answer than 200 and an expected 304, SourceGone for 410.
    """
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    conditions = {name: value for name, value in asked.items() if value}
    answer = client.get(url, headers={"Accept": ACCEPT, **conditions}, allow_private=allow_private)
    if answer.status == HTTPStatus.NOT_MODIFIED and conditions:
        return FetchResult(state=state)
    if answer.status != HTTPStatus.OK:
        raise _failure(answer, now)
    found = Capture(body=answer.body, media_type=answer.headers.get("content-type"), url=answer.url)
    fresh = replace(
        state,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        hash=found.hash,
    )
    return FetchResult(state=fresh, captures=() if found.hash == state.hash else (found,))


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds from a Retry-After header (RFC 9110 section 10.2.3), at most a week; None where it cannot be read."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(float(value), _LONGEST)
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)  # "-0000" and the two obsolete forms: UTC all of them
        return min(max((when - now).total_seconds(), 0.0), _LONGEST)
    except (ValueError, OverflowError):
        return None


def _failure(answer: "Answer", now: datetime) -> FetchError:
    try:
        phrase = f" {HTTPStatus(answer.status).phrase}"
    except ValueError:
        phrase = ""
    message = f"{answer.url} answered {answer.status}{phrase}"
    if answer.status == HTTPStatus.GONE:
        return SourceGone(message)
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return FetchError(f"{message}, though it was not asked whether it was modified")
    wait = None
    if answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        wait = retry_after(answer.headers.get("retry-after", ""), now)
    return FetchError(message, retry_after=wait)

"""A source with an address: one conditional GET (RFC 9110 section 13), of what is new alone where that can be had."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from syndicate.errors import FetchError, SourceGone
from syndicate.fetch._fresh import fresh
from syndicate.model import Capture, FetchResult, FetchState, Source
from syndicate.parse import FEED_TYPES

if TYPE_CHECKING:
    from syndicate.client import Answer, Client

ACCEPT = (
    f"{', '.join(FEED_TYPES)}, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.6, */*;q=0.1"
)
LONGEST = 7 * 24 * 3600.0  # seconds: nobody sends a source away for longer
_OVERLOADED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_NOBODY: Mapping[str, float] = MappingProxyType({})


class Refused(FetchError):
    """An answer that is none of the hoped for. `server` gave it: the host as it was dialled; `retry_after` is its."""

    def __init__(self, message: str, *, status: int, server: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.status = status
        self.server = server


def poll(
    source: Source, state: FetchState, *, client: "Client", now: datetime, avoid: Mapping[str, float] = _NOBODY
) -> FetchResult:
    """One capture; none where nothing changed (304, or the very bytes of the last time).

    The source is asked at `state.address`, where there is one. The result's state has the validators exactly as
    received, and the body's hash. Raises Refused for any other answer than 200, an expected 226 (RFC 3229) and an
    expected 304, SourceGone for 410, FetchError where no answer came, or it would have been one of `avoid`.
    """
    url = source.url or ""
    answer = client.get(
        state.address or url, headers=_asked(source, state), allow_private=source.allow_private, home=url, avoid=avoid
    )
    delta = answer.status == HTTPStatus.IM_USED and bool(state.etag) and _is_feed_delta(answer)
    asked = bool(state.etag or state.last_modified)
    good_for = fresh(answer.headers, now)
    if answer.status == HTTPStatus.NOT_MODIFIED and asked:
        return FetchResult(state=state, moved=answer.moved, fresh=good_for)
    if answer.status != HTTPStatus.OK and not delta:
        raise failure(answer, now)
    found = Capture(body=answer.body, media_type=answer.headers.get("content-type"), url=answer.url)
    learnt = replace(
        state,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        hash=found.hash,
    )
    captures = () if found.hash == state.hash else (found,)
    return FetchResult(state=learnt, captures=captures, delta=delta, moved=answer.moved, fresh=good_for)


def retry_after(value: str, now: datetime, late: float = 0) -> float | None:
    """Seconds from a Retry-After header (RFC 9110 section 10.2.3), at most a week; None where it cannot be read.

    Its seconds count from the answer, which came `late` seconds after `now`; a date says when by itself.
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(float(value) + late, LONGEST) if float(value) else 0.0
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)  # "-0000" and the two obsolete forms: UTC all of them
        return min(max((when - now).total_seconds(), 0.0), LONGEST)
    except (ValueError, OverflowError):
        return None


def _asked(source: Source, state: FetchState) -> dict[str, str]:
    """The operator's own words go before ours."""
    said = {"Accept": ACCEPT, "If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    said["A-IM"] = "feed" if state.etag else None  # a delta is one from a version that we can name
    own = {name.lower() for name, _ in source.headers}
    return {name: value for name, value in said.items() if value and name.lower() not in own} | dict(source.headers)


def _is_feed_delta(answer: "Answer") -> bool:
    return "feed" in {part.partition(";")[0].strip().lower() for part in answer.headers.get("im", "").split(",")}


def failure(answer: "Answer", now: datetime) -> FetchError:
    """What an answer that is none of the hoped for is raised as: SourceGone for 410, else Refused."""
    try:
        phrase = f" {HTTPStatus(answer.status).phrase}"
    except ValueError:
        phrase = ""
    message = f"{answer.url} answered {answer.status}{phrase}"
    if answer.status == HTTPStatus.GONE:
        return SourceGone(message)
    if answer.status == HTTPStatus.NOT_MODIFIED:
        message = f"{message}, though it was not asked whether it was modified"
    elif answer.status == HTTPStatus.IM_USED:
        message = f"{message}: a difference to something that it was not asked for"
    said = answer.headers.get("retry-after", "")
    wait = retry_after(said, now, math.ceil(answer.seconds)) if answer.status in _OVERLOADED else None
    return Refused(message, status=answer.status, server=answer.server, retry_after=wait)

"""One conditional GET (RFC 9110 section 13) for everybody: feeds, lists, pages of releases, discovery.

What is new alone is taken where that can be had (RFC 3229). A server that asks for rest gets it, from whomever it
heard it: `HostBackoff` is read before each request and told after it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, Protocol

from syndicate.errors import FetchError, HTTPStatusError, SourceGone
from syndicate.fetch.fresh import fresh
from syndicate.model import NO_LINKS, Capture, FetchResult, FetchState, HubLinks, Source
from syndicate.parse import FEED_TYPES, hubs_of_header
from syndicate.polling import LONGEST_BACKOFF, location

if TYPE_CHECKING:
    from syndicate.client import Answer, Client, Permit

ACCEPT = (
    f"{', '.join(FEED_TYPES)}, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.6, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, */*;q=0.1"
_BELIEVED = timedelta(days=7)  # that a source says but that nothing has changed
_ACCEPTS = {"feed": ACCEPT, "page": ACCEPT_PAGE, "robots": "text/plain, */*;q=0.1"}
UNTOLD_REST = 900.0  # seconds, where a server says that it is asked too much and not for how long
_LONGEST = LONGEST_BACKOFF.total_seconds()
_WITHOUT_WHOLE = (
    HTTPStatus.NO_CONTENT,
    HTTPStatus.RESET_CONTENT,
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.IM_USED,
)
_OVERLOADED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class HostBackoff(Protocol):
    """Servers that asked to be left alone, whichever of our sources they told so, by name as it is dialled."""

    def resting(self, now: datetime) -> Mapping[str, datetime]:
        """Those that may not be asked yet, and until when."""

    def leave_alone(self, name: str, seconds: float, now: datetime) -> None:
        """For so long from now."""

    def visit(self, name: str) -> None:
        """Directly before each request. NotOurs where another process asks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What of a source is asked for. `what`: its feed or list, a release's own page, a server's robots.txt.

    The validators are those of what was read and stored; `hash` is of its body. `delta`: only what is new will do.
    `beginning`: so many bytes will do. `permit` is told each hop's address before it is asked: it may raise FetchError.
    """

    url: str
    what: Literal["feed", "page", "robots"] = "feed"
    etag: str | None = None
    last_modified: str | None = None
    hash: str | None = None
    delta: bool = False
    beginning: int | None = None
    permit: Callable[[str], None] = lambda _: None

    @property
    def conditional(self) -> bool:
        return bool(self.etag or self.last_modified)

    def headers(self, source: Source) -> dict[str, str]:
        """The operator's own words go before ours; an `Accept` among them is for the feed or the list."""
        said = {
            "Accept": _ACCEPTS[self.what],
            "If-None-Match": self.etag,
            "If-Modified-Since": self.last_modified,
            "A-IM": "feed" if self.delta and self.etag else None,  # a delta is one from a version that we can name
        }
        own = {name: value for name, value in source.headers if self.what == "feed" or name.lower() != "accept"}
        names = {name.lower() for name in own}
        return {name: value for name, value in said.items() if value and name.lower() not in names} | own


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """`capture` is None where nothing has changed (304, or the very bytes of the last time).

    Validators are exactly as received. `whole`: all that is there was sent. `moved`: where permanent redirects led.
    `fresh`: for how long it is good. `links`: the hubs that its headers name.
    """

    capture: Capture | None
    etag: str | None
    last_modified: str | None
    hash: str | None
    delta: bool = False
    whole: bool = False
    moved: str | None = None
    fresh: timedelta | None = None
    links: HubLinks = NO_LINKS


def conditional_get(
    source: Source, request: Request, *, client: "Client", now: datetime, hosts: HostBackoff | None = None
) -> Response:
    """The source's own headers, password and leave to be private go to its own host only. All goes through its proxy.

    Raises HTTPStatusError for any other answer than 200 and its kin, an expected 226 or 304, SourceGone for 410,
    FetchError where no answer came, or its server wants to be left alone (`retry_after`: for how many seconds more).
    """
    answer = client.through(source.proxy).get(
        request.url,
        headers=request.headers(source),
        allow_private=source.allow_private,
        home=source.url,
        permit=_permit(request, hosts, now),
        beginning=request.beginning,
    )
    good_for = fresh(answer.headers, now)
    if answer.status == HTTPStatus.NOT_MODIFIED and request.conditional:
        return Response(
            capture=None,
            etag=request.etag,
            last_modified=request.last_modified,
            hash=request.hash,
            moved=answer.moved,
            fresh=good_for,
        )
    delta = answer.status == HTTPStatus.IM_USED and request.delta and bool(request.etag) and _is_feed_delta(answer)
    if not (delta or _whole(answer.status)):
        error = failure(answer, now)
        if hosts and error.retry_after:
            hosts.leave_alone(answer.server, error.retry_after, now)  # at once: whoever asks next is to know it
        raise error
    found = Capture(body=answer.body, media_type=answer.headers.get("content-type"), url=answer.url)
    return Response(
        capture=None if found.hash == request.hash else found,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        hash=found.hash,
        delta=delta,
        whole=not delta,
        moved=answer.moved,
        fresh=good_for,
        links=hubs_of_header(answer.headers.get("link"), answer.url),
    )


def _permit(request: Request, hosts: HostBackoff | None, now: datetime) -> "Permit":
    resting = hosts.resting(now) if hosts else {}

    def permit(server: str, url: str) -> None:
        if server in resting:
            wait = (resting[server] - now).total_seconds()
            raise FetchError(f"{server} asked to be left alone", retry_after=wait)
        request.permit(url)
        if hosts:
            hosts.visit(server)

    return permit


def poll(
    source: Source, state: FetchState, *, client: "Client", now: datetime, hosts: HostBackoff | None = None
) -> FetchResult:
    """One capture; none where nothing changed. The source is asked where it lives now. Raises as `conditional_get`.

    Where it has only said for a week that nothing has changed, it is asked for all that is there: some never say else.
    """
    doubted = state.whole is not None and now - state.whole >= _BELIEVED
    request = Request(
        url=location.address(source, state) or "",
        etag=None if doubted else state.etag,
        last_modified=None if doubted else state.last_modified,
        hash=state.hash,
        delta=not doubted,
    )
    found = conditional_get(source, request, client=client, now=now, hosts=hosts)
    return FetchResult(
        state=replace(
            state,
            etag=found.etag,
            last_modified=found.last_modified,
            hash=found.hash,
            whole=now if found.whole else state.whole or now,
        ),
        captures=(found.capture,) if found.capture else (),
        delta=found.delta,
        moved=found.moved,
        fresh=found.fresh,
        links=found.links,
    )


def retry_after(value: str, now: datetime, late: float = 0) -> float | None:
    """Seconds from a Retry-After header (RFC 9110 section 10.2.3), at most a week; None where it cannot be read.

    Its seconds count from the answer, which came `late` seconds after `now`; a date says when by itself.
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(float(value) + late, _LONGEST) if float(value) else 0.0
    try:
        when = parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)  # "-0000" and the two obsolete forms: UTC all of them
        return min(max((when - now).total_seconds(), 0.0), _LONGEST)
    except (ValueError, OverflowError):
        return None


def failure(answer: "Answer", now: datetime) -> FetchError:
    """What an answer that is none of the hoped for is raised as: SourceGone for 410, else HTTPStatusError."""
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
    return HTTPStatusError(message, status=answer.status, server=answer.server, retry_after=_rest(answer, now))


def _rest(answer: "Answer", now: datetime) -> float | None:
    """For how long the server wants to be left alone."""
    if answer.status not in _OVERLOADED:
        return None
    said = retry_after(answer.headers.get("retry-after", ""), now, math.ceil(answer.seconds))
    return UNTOLD_REST if said is None and answer.status == HTTPStatus.TOO_MANY_REQUESTS else said


def _whole(status: int) -> bool:
    """Is what came with it all that is there (RFC 9110 section 15.3)? A proxy that changed something says 203."""
    return 200 <= status < 300 and status not in _WITHOUT_WHOLE


def _is_feed_delta(answer: "Answer") -> bool:
    return "feed" in {part.partition(";")[0].strip().lower() for part in answer.headers.get("im", "").split(",")}

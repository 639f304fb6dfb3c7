"""Asks no page that a server's robots.txt forbids (RFC 9309), and none sooner than it wants (Crawl-delay).

It is asked for once a day, before the first page of its server; every hop of a redirect is judged by its own server's.
"""

import functools
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from syndicate.client import server_of
from syndicate.errors import FetchError, HTTPStatusError, NotWelcome, SourceGone, TooManyRedirects
from syndicate.fetch import Request, conditional_get
from syndicate.model import Source
from syndicate.parse import MOST_ROBOTS, Robots, product, robots
from syndicate.polling import RobotsState
from syndicate.polling import robots as rules
from syndicate.store import Store
from syndicate.work import Tools, Work

_AGAIN = 86_400.0  # seconds until a page that is forbidden is judged again


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsGate:
    """`permit` is what the client asks before each hop of a page."""

    source: Source
    store: Store
    tools: Tools
    user_agent: str
    now: datetime

    def permit(self, url: str) -> None:
        """NotWelcome where its server's robots.txt forbids this address, or cannot be had for now."""
        if self.source.robots == "ignore":
            return
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        state = self._state(origin)
        body = rules.rules_of(state, self.now)
        if body is None:
            wait = ((rules.ask_again(state, self.now) or self.now) - self.now).total_seconds()
            raise NotWelcome(
                f"nothing is asked there for now, as its robots.txt failed: {state.error}", retry_after=wait
            )
        found = _read(body, product(self.user_agent))
        if line := found.forbids(url):
            raise NotWelcome(f"its robots.txt forbids it ({line})", retry_after=_AGAIN)
        delay = min(found.delay, rules.LONGEST_DELAY) if found.delay else None
        self.tools.page_delay.longer(server_of(url), delay)

    def _state(self, origin: str) -> RobotsState:
        known = self.store.robots.get(origin)
        if known and rules.ask_again(known, self.now):
            return known
        state = self._asked(origin, known)
        self.store.robots.put(state)
        return state

    def _asked(self, origin: str, known: RobotsState | None) -> RobotsState:
        """What it answers now: 4xx is as if there were none, and where nothing comes the last one holds on."""
        request = Request(url=f"{origin}/robots.txt", what="robots", beginning=MOST_ROBOTS)
        try:
            found = conditional_get(
                self.source, request, client=self.tools.client, now=self.now, hosts=self.store.sources
            )
        except FetchError as error:
            if _is_none(error):
                return RobotsState(origin, self.now, b"")
            if error.retry_after and not isinstance(error, HTTPStatusError):
                raise  # its server rests: it was not even asked
            since = known.unreachable if known else None
            body = known.body if known else None
            return RobotsState(origin, self.now, body, since or self.now, str(error))
        return RobotsState(origin, self.now, found.capture.body if found.capture else b"")


def _is_none(error: FetchError) -> bool:
    """Section 2.3.1.3: unavailable. Who is asked too much (429) has not said so."""
    if isinstance(error, HTTPStatusError):
        return error.status < HTTPStatus.INTERNAL_SERVER_ERROR and error.status != HTTPStatus.TOO_MANY_REQUESTS
    return isinstance(error, SourceGone | TooManyRedirects)


@functools.lru_cache(maxsize=64)
def _read(body: bytes, token: str) -> Robots:
    return robots(body, token)


def robots_gate(source: Source, work: Work, now: datetime) -> RobotsGate:
    own = (value for name, value in source.headers if name.lower() == "user-agent")
    user_agent = next(own, work.plan.fetch.user_agent)
    return RobotsGate(source=source, store=work.store, tools=work.tools, user_agent=user_agent, now=now)

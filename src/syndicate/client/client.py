"""A bounded, guarded GET: `Client.get(url) -> Answer`, or FetchError with the reason.

address | slot of its host | dial (DNS, guard, TLS) | headers | redirect? again | body, decompressed and bounded
"""

import functools
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType, TracebackType
from typing import Self
from weakref import WeakValueDictionary

from syndicate.client.body import ACCEPT_ENCODING, body, too_large
from syndicate.client.dial import Clock, GuardedBackend, Resolve, resolve
from syndicate.client.hop import Hop, address, encoded
from syndicate.client.library import httpcore, httpx
from syndicate.client.reason import FAILURES, quoted, reason, shown
from syndicate.client.transport import Transport
from syndicate.errors import FetchError, TooLarge, TooManyRedirects

MAX_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEP_ALIVE = (
    2.0  # seconds, below any server's own: a connection that is being closed at the other end is not used again
)
_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it trusts no authority: the backend puts ours in its place
_MOST_IDLE = 32  # workers: each source in the house has one of its own, with a connection that stays open
Permit = Callable[[str, str], None]
_Private = tuple[str, int] | None  # the one host and port that may be on a private network


@dataclass(frozen=True, slots=True)
class Limits:
    """`timeout` in seconds, of the whole answer with its redirects; `max_bytes` of a body, packed and unpacked.

    `per_host` is how many requests may be under way to one host. Waiting for one's turn is not part of the time-out.
    """

    user_agent: str
    timeout: float
    max_bytes: int
    per_host: int = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, after redirects. `headers` ignores case and holds values exactly as received (ISO-8859-1).

    `url` is where it finally came from, without credentials, `server` the host as it was dialled (with the port where
    that is not the usual one). `moved` is where permanent redirects (301, 308) led before the first temporary one.
    `body` is read where the status is 2xx, else empty.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    server: str
    moved: str | None = None
    seconds: float = 0.0  # since it was asked for, redirects and the wait for a turn included


def _anything(server: str, url: str) -> None:
    """Whoever asks has leave to ask anybody."""


def server_of(url: str) -> str:
    """As `Answer.server` says it. FetchError where an address can never be asked."""
    return Hop(address(url), MappingProxyType({})).server


class Client:
    """A handle that all threads share. Nothing is asked of the environment: no proxies, no netrc, no cookies kept."""

    def __init__(
        self, limits: Limits, *, resolve: Resolve = resolve, network: httpcore.NetworkBackend | None = None
    ) -> None:
        self._limits = limits
        usual = {"Accept": "*/*", "Connection": "keep-alive", "Accept-Encoding": ACCEPT_ENCODING}
        self._headers = encoded({**usual, "User-Agent": limits.user_agent})
        self._resolve = resolve
        self._network = network or httpcore.SyncBackend()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._idle: list[tuple[_Private, _Worker]] = []  # the one that was used last is the last
        self._slots: WeakValueDictionary[str, threading.Semaphore] = WeakValueDictionary()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        allow_private: bool = False,
        home: str | None = None,
        permit: Permit = _anything,
        beginning: int | None = None,
    ) -> Answer:
        """GET an address; user and password in it are sent as Basic authentication (RFC 7617).

        `allow_private` lets this address's host be on a private network or loopback, at this address's port: not one
        that it redirects to, and no other service of that host.
        With `home`, headers, user, password and that leave are those of another address, and `url` is asked as if that
        one had redirected to it: they go to the same place only. `permit` is told server and address of each hop before
        it is asked, and may raise FetchError. `beginning`: so much of a body will do, the rest is not read.

        Raises FetchError, naming the address without its credentials, for whatever keeps an answer from coming: DNS,
        connection, TLS, time-out, size, damage, redirects, a forbidden
        address. Any whole answer is returned, 404 too.
        """
        started, asked = time.monotonic(), None
        try:
            start = Hop(address(home or url), headers).with_authorization()
            hop = start.to(address(url)) if home not in (None, url) else start
            with self._worker(start.place if allow_private else None) as worker:
                for _ in range(MAX_REDIRECTS + 1):
                    asked = hop
                    permit(hop.server, str(hop.url))
                    answer = self._ask(worker, hop, started, beginning)
                    if isinstance(answer, Answer):
                        return answer
                    hop = answer
            raise TooManyRedirects(f"more than {MAX_REDIRECTS} redirects")
        except (FetchError, *FAILURES) as error:
            kind, wait = (type(error), error.retry_after) if isinstance(error, FetchError) else (FetchError, None)
            where = _trail(shown(url), asked.shown if asked else shown(url))
            raise kind(f"{where}: {reason(error)}", retry_after=wait) from error

    def close(self) -> None:
        """Ends what is under way within a quarter of a second (as FetchError) and closes every connection."""
        self._closed.set()
        self._sweep()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, worker: "_Worker", hop: Hop, started: float, beginning: int | None) -> Answer | Hop:
        """One request; the next one where the answer is a redirect."""
        with (
            self._slot(hop.host),
            worker.clock.running(),
            worker.asked(hop) as response,
        ):
            if response.status_code in _REDIRECTS:
                return hop.follow(response)
            headers = response.headers
            headers.encoding = "iso-8859-1"
            waited = time.monotonic() - started
            found = b""
            if response.is_success or response.status_code == HTTPStatus.NOT_MODIFIED:
                found = self._body(response, headers, beginning)
            return Answer(response.status_code, headers, found, hop.shown, hop.server, hop.moved, waited)

    def _body(self, response: httpx.Response, headers: Mapping[str, str], beginning: int | None) -> bytes:
        limit = beginning or self._limits.max_bytes
        length = headers.get("content-length", "")
        if not beginning and length.isdecimal() and int(length) > limit:
            raise too_large(limit)
        found = body(headers.get("content-encoding", ""), limit)
        try:
            for chunk in response.iter_raw():
                found.feed(chunk)
        except TooLarge:
            if beginning:
                return found.beginning()
            raise
        return found.finish()

    @contextmanager
    def _slot(self, host: str) -> Iterator[None]:
        """One of a host's places; the host of each hop counts, and no more than one place is held at a time."""
        with self._lock:
            slot = self._slots.setdefault(host, threading.Semaphore(self._limits.per_host))
        while not slot.acquire(timeout=0.25):
            if self._closed.is_set():
                raise FetchError("the client was closed")
        try:
            yield
        finally:
            slot.release()

    @contextmanager
    def _worker(self, private: _Private) -> "Iterator[_Worker]":
        """An idle worker, or a new one: no two threads use one at once, and of the idle ones few are kept.

        Connections to a private place are kept apart: another source may not use them.
        """
        if self._closed.is_set():
            raise FetchError("the client was closed")
        with self._lock:
            found = next((i for i in reversed(range(len(self._idle))) if self._idle[i][0] == private), None)
            worker = self._idle.pop(found)[1] if found is not None else None
        if worker is None:
            clock = Clock(self._limits.timeout, self._closed)
            backend = GuardedBackend(clock, private, self._trust, resolve=self._resolve, network=self._network)
            worker = _Worker(clock, backend, self._headers)
        worker.restart()
        try:
            yield worker
        finally:
            with self._lock:
                self._idle.append((private, worker))
                left = self._idle.pop(0)[1] if len(self._idle) > _MOST_IDLE else None
            if left:
                left.close()
            if self._closed.is_set():
                self._sweep()

    def _sweep(self) -> None:
        with self._lock:
            workers = [worker for _, worker in self._idle]
            self._idle.clear()
        for worker in workers:
            worker.close()

    def _trust(self) -> ssl.SSLContext:
        return self._tls

    @functools.cached_property
    def _tls(self) -> ssl.SSLContext:
        """Whom to trust: the bundled authorities, and those of the system (an operator's own among them)."""
        context = httpx.create_ssl_context(trust_env=False)
        context.load_default_certs()
        context.set_alpn_protocols(["http/1.1"])
        return context


class _Worker:
    """One connection pool with its clock; used by one thread at a time.

    httpx's own client would prepare the next request of each redirect, and look for cookies in each answer.
    """

    def __init__(self, clock: Clock, backend: GuardedBackend, headers: list[tuple[bytes, bytes]]) -> None:
        self.clock = clock
        self._headers = headers
        self._cookies = httpx.Cookies()
        self._transport = Transport(
            httpcore.ConnectionPool(
                ssl_context=_NOBODY, max_connections=4, keepalive_expiry=_KEEP_ALIVE, network_backend=backend
            )
        )

    def restart(self) -> None:
        self.clock.restart()
        self._cookies.clear()

    @contextmanager
    def asked(self, hop: Hop) -> Iterator[httpx.Response]:
        """Its answer, whose body is still to come. The headers are put together here: httpx reads them four times."""
        own = hop.raw_headers()
        names = {name.lower() for name, _ in own}
        headers = [header for header in self._headers if header[0].lower() not in names] + own
        request = httpx.Request("GET", hop.url, headers=headers, cookies=self._cookies)
        response = self._transport.handle_request(request)
        try:
            if "set-cookie" in response.headers:
                response.request = request
                self._cookies.extract_cookies(response)
            yield response
        finally:
            response.close()

    def close(self) -> None:
        self._transport.close()


def _trail(asked: str, here: str) -> str:
    said = quoted(asked, 500)  # it may be one that a page or a feed has named
    return said if here == asked else f"{said}: redirected to {quoted(here)}"

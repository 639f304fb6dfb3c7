"""Bounded, guarded GET and POST: `Client.get(url) -> Answer`, or FetchError with the reason.

address | slot of its host | dial (DNS, guard, TLS) | headers | redirect? again | body, decompressed and bounded
"""

import copy
import functools
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self
from weakref import WeakValueDictionary

from syndicate.client.body import ACCEPT_ENCODING
from syndicate.client.dial import Clock, GuardedBackend, Resolve, resolve
from syndicate.client.guard import Leave
from syndicate.client.hop import Hop, address, encoded
from syndicate.client.library import httpcore, httpx
from syndicate.client.proxy import ProxiedBackend, Proxy, proxy_of
from syndicate.client.reason import FAILURES, quoted, reason, shown
from syndicate.client.wanted import Wanted
from syndicate.client.worker import Worker
from syndicate.errors import ClientClosed, FetchError, TooManyRedirects

MAX_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGAIN = frozenset({307, 308})  # where to the same is sent once more (RFC 9110 section 15.4)
_MOST_IDLE = 32  # workers: each source in the house has one of its own, with a connection that stays open
Permit = Callable[[str, str], None]


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

    @property
    def fault(self) -> str:
        """Why what was asked for was not done; empty where it was."""
        return "" if 200 <= self.status < 300 else f"answered {self.status}"


class _Way(NamedTuple):
    """Whose connections one may use: who may go to the same places, by the same proxy."""

    leave: Leave
    proxy: Proxy | None


@contextmanager
def _permitted(permit: Permit, hop: Hop) -> Iterator[None]:
    permit(hop.server, str(hop.url))
    yield


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
        self._proxy: Proxy | None = None
        self._idle: list[tuple[_Way, Worker]] = []  # the one that was used last is the last
        self._slots: WeakValueDictionary[str, threading.Semaphore] = WeakValueDictionary()
        self._trust = functools.cache(_trusted)

    def through(self, proxy: str) -> "Client":
        """This very client, but that whom it asks it asks through a proxy (`http://user:password@host:port`); empty: as
        it is. A host's places are the same ones. FetchError where that is no address of one.
        """
        if not proxy:
            return self
        other = copy.copy(self)
        other._proxy = proxy_of(proxy)
        return other

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
        with self._told(url) as trail:
            start = Hop(address(home or url), headers).with_authorization()
            hop = start.to(address(url)) if home not in (None, url) else start
            most = beginning or self._limits.max_bytes
            wanted = Wanted(follows=_REDIRECTS, redirects=MAX_REDIRECTS, most=most, beginning=bool(beginning))
            return self._follow(wanted, hop, trail, permit, Leave(start.place if allow_private else None))

    def get_once(
        self,
        url: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        allow_private: bool = False,
        most: int = 4_096,
    ) -> Answer:
        """GET an address that a stranger has named: a redirect is an answer like any other, and followed nowhere.

        `allow_private` as `post` has it. Of a body, whatever the status, the first `most` bytes. FetchError as `get`.
        """
        with self._told(url) as trail:
            hop = Hop(address(url), headers).with_authorization()
            leave = Leave(hop.place if allow_private else None, stranger=True)
            return self._follow(Wanted(most=most, beginning=True, always=True), hop, trail, _anything, leave)

    def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str] = MappingProxyType({}),
        *,
        allow_private: bool = False,
        most: int = 4_096,
        redirects: int = 0,
    ) -> Answer:
        """POST `body` to an address that a stranger may have named; user and password in it as `get` sends them.

        `allow_private` frees loopback and the private networks of RFC 1918 and RFC 4193 for this host at this port, and
        nothing else. Of a body, whatever the status, the first `most` bytes; 0: the status is all that counts.
        `redirects`: so many of 307 and 308 are followed, with the same body; any other status is the answer.
        FetchError as `get`.
        """
        with self._told(url) as trail:
            hop = Hop(address(url), headers).with_authorization()
            leave = Leave(hop.place if allow_private else None, stranger=True)
            wanted = Wanted(
                method="POST",
                content=body,
                follows=_AGAIN,
                redirects=redirects,
                most=most,
                beginning=True,
                always=True,
            )
            return self._follow(wanted, hop, trail, _anything, leave)

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

    @contextmanager
    def _told(self, url: str) -> Iterator[list[Hop]]:
        """What goes wrong within is told of this address, and of the hop that was asked last."""
        trail = list[Hop]()
        try:
            yield trail
        except (FetchError, *FAILURES) as error:
            kind, wait = (type(error), error.retry_after) if isinstance(error, FetchError) else (FetchError, None)
            where = _trail(shown(url), trail[-1].shown if trail else shown(url))
            raise kind(f"{where}: {reason(error)}", retry_after=wait) from error

    def _follow(self, wanted: Wanted, hop: Hop, trail: list[Hop], permit: Permit, leave: Leave) -> Answer:
        started = time.monotonic()
        with self._worker(leave) as worker:
            for _ in range(wanted.redirects + 1):
                trail.append(hop)
                answer = self._ask(worker, hop, started, wanted, permit)
                if isinstance(answer, Answer):
                    return answer
                hop = answer
        raise TooManyRedirects(f"more than {wanted.redirects} redirects")

    def _ask(self, worker: Worker, hop: Hop, started: float, wanted: Wanted, permit: Permit) -> Answer | Hop:
        """One request; the next one where the answer is a redirect that is followed."""
        with (
            self._slot(hop.host),
            _permitted(permit, hop),  # with the place: who waited for it may be permitted no more
            worker.clock.running(),
            worker.asked(hop, wanted.method, wanted.content) as response,
        ):
            if wanted.leads_on(response.status_code):
                return hop.follow(response)
            headers = response.headers
            headers.encoding = "iso-8859-1"
            waited = time.monotonic() - started
            found = wanted.body_of(response, headers)
            return Answer(response.status_code, headers, found, hop.shown, hop.server, hop.moved, waited)

    @contextmanager
    def _slot(self, host: str) -> Iterator[None]:
        """One of a host's places; the host of each hop counts, and no more than one place is held at a time."""
        with self._lock:
            slot = self._slots.setdefault(host, threading.Semaphore(self._limits.per_host))
        while not slot.acquire(timeout=0.25):
            if self._closed.is_set():
                raise ClientClosed("the client was closed")
        try:
            yield
        finally:
            slot.release()

    @contextmanager
    def _worker(self, leave: Leave) -> Iterator[Worker]:
        """An idle worker, or a new one: no two threads use one at once, and of the idle ones few are kept.

        Connections to a private place are kept apart: another source may not use them.
        """
        if self._closed.is_set():
            raise ClientClosed("the client was closed")
        way = _Way(leave, self._proxy)
        with self._lock:
            found = next((i for i in reversed(range(len(self._idle))) if self._idle[i][0] == way), None)
            worker = self._idle.pop(found)[1] if found is not None else None
        if worker is None:
            clock = Clock(self._limits.timeout, self._closed)
            worker = Worker(clock, self._backend(clock, leave), self._headers)
        worker.restart()
        try:
            yield worker
        finally:
            with self._lock:
                self._idle.append((way, worker))
                left = self._idle.pop(0)[1] if len(self._idle) > _MOST_IDLE else None
            if left:
                left.close()
            if self._closed.is_set():
                self._sweep()

    def _backend(self, clock: Clock, leave: Leave) -> httpcore.NetworkBackend:
        resolve, network = self._resolve, self._network
        if self._proxy is None:
            return GuardedBackend(clock, leave, self._trust, resolve=resolve, network=network)
        return ProxiedBackend(clock, leave, self._trust, self._proxy, resolve=resolve, network=network)

    def _sweep(self) -> None:
        with self._lock:
            workers = [worker for _, worker in self._idle]
            self._idle.clear()
        for worker in workers:
            worker.close()


def _trusted() -> ssl.SSLContext:
    """Whom to trust: the bundled authorities, and those of the system (an operator's own among them)."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _trail(asked: str, here: str) -> str:
    said = quoted(asked, 500)  # it may be one that a page or a feed has named
    return said if here == asked else f"{said}: redirected to {quoted(here)}"

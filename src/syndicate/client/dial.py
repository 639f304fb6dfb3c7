"""Dialling: names are resolved and judged here, the judged address itself is dialled, and every wait has an end.

httpcore asks for a connection to a *name*; TLS (SNI, certificate) and `Host` keep that name, while the socket goes to
the address that was judged, so a name that changes its mind between two look-ups (DNS rebinding) gains nothing.
FetchError carries the reason alone; the client puts the address before it.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, ClassVar, TypeVar

from syndicate.client.guard import Leave
from syndicate.client.library import httpcore
from syndicate.client.reason import quoted
from syndicate.errors import ClientClosed, FetchError

Resolve = Callable[[str, int], Sequence[str]]
Trust = Callable[[], ssl.SSLContext]  # whom to trust: asked when a connection is encrypted, since it takes its time

_LOOK_UP = 0.25  # seconds between two looks at whether the client was closed
_AT_ONCE = 2**14  # bytes that are written between two looks at the clock
_IDLE = 5.0  # seconds after which a thread that dials ends


_T = TypeVar("_T")


def resolve(name: str, port: int) -> tuple[str, ...]:
    """The addresses of a name, as the system orders them. `127.1`, `2130706433`, `0x7f000001` come out as 127.0.0.1."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise FetchError(f"the host {quoted(name)} was not found (DNS: {error.strerror})") from error
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {quoted(name)} cannot be looked up: {quoted(str(error))}") from error
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Clock:
    """One answer's time budget. It runs only inside `running()`, so that waiting for a host's turn costs nothing."""

    def __init__(self, seconds: float, closed: threading.Event) -> None:
        self._seconds = seconds
        self._closed = closed
        self._budget = seconds
        self._end = 0.0

    def restart(self) -> None:
        self._budget = self._seconds

    @contextmanager
    def running(self) -> Iterator[None]:
        self._end = time.monotonic() + self._budget
        try:
            yield
        finally:
            self._budget = self._end - time.monotonic()

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Within, no more than these are left: for what there is another way than."""
        end, self._end = self._end, min(self._end, time.monotonic() + seconds)
        try:
            yield
        finally:
            self._end = end

    def left(self) -> float:
        """Seconds that are left. Raises FetchError where none are, or the client was closed meanwhile."""
        if self._closed.is_set():
            raise ClientClosed("the client was closed")
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(f"no complete answer within {self._seconds:g} s")
        return left

    def moment(self) -> float:
        return min(self.left(), _LOOK_UP)

    def run(self, call: Callable[[], _T]) -> _T:
        """The result of a call that cannot be interrupted (a DNS look-up), waited for no longer than there is time."""
        future: Future[_T] = Future()
        _Dialler.idle_one().calls.put((call, future))
        try:
            while not future.done():
                with suppress(TimeoutError):  # that of the wait: what the call has raised is returned
                    future.exception(self.moment())
        except BaseException:
            future.add_done_callback(_discard)
            raise
        return future.result()


class _Dialler(threading.Thread):
    """A thread for what cannot be interrupted: one call after the other, and none for `_IDLE` seconds ends it."""

    _guard = threading.Lock()
    _idle: ClassVar[list["_Dialler"]] = []

    def __init__(self) -> None:
        super().__init__(name="dial", daemon=True)
        self.calls = SimpleQueue[tuple[Callable[[], Any], Future[Any]]]()

    @classmethod
    def idle_one(cls) -> "_Dialler":
        """One that nobody else has a call for."""
        with cls._guard:
            if cls._idle:
                return cls._idle.pop()
        made = cls()
        made.start()
        return made

    def run(self) -> None:
        while True:
            try:
                self._do(*self.calls.get(timeout=_IDLE))
            except Empty:
                with self._guard:
                    if self in self._idle:  # else somebody has just taken it
                        self._idle.remove(self)
                        return

    def _do(self, call: Callable[[], Any], future: Future[Any]) -> None:
        try:
            found = call()
        except BaseException as error:  # raised again where it is waited for
            self._rest()
            future.set_exception(error)
        else:
            self._rest()
            future.set_result(found)

    def _rest(self) -> None:
        """Before the result is told: whoever waits for it may have the next call."""
        with self._guard:
            self._idle.append(self)


def _discard(future: Future[_T]) -> None:
    """What nobody waits for any more: a connection is closed, an answer of DNS is forgotten."""
    if future.exception() is None and (close := getattr(future.result(), "close", None)):
        close()


class GuardedBackend(httpcore.NetworkBackend):
    """Dials only what the guard permits. `leave`: which name and port may be on a private network."""

    def __init__(
        self,
        clock: Clock,
        leave: Leave,
        trust: Trust,
        *,
        resolve: Resolve,
        network: httpcore.NetworkBackend,
    ) -> None:
        self._clock = clock
        self._trust = trust
        self._leave = leave
        self._resolve = resolve
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        def dial() -> httpcore.NetworkStream:
            addresses = self._leave.permitted(self._resolve(host, port), (host, port))
            return dialled(addresses, port, self._clock, self._network, socket_options)

        return TimedStream(self._clock.run(dial), self._clock, self._trust)


def dialled(
    addresses: Sequence[str],
    port: int,
    clock: Clock,
    network: httpcore.NetworkBackend,
    options: Iterable[httpcore.SOCKET_OPTION] | None,
) -> httpcore.NetworkStream:
    """A connection to the first of these that answers. FetchError: why none does."""
    reason = ""
    for tried, address in enumerate(addresses):
        share = clock.left() / (len(addresses) - tried)  # a silent address leaves time for the next one
        try:
            return network.connect_tcp(address, port, timeout=share, socket_options=options)
        except httpcore.ConnectTimeout:
            reason = f"{address} did not answer"
        except httpcore.ConnectError as error:
            reason = _refused(error, address, port)
    clock.left()
    raise FetchError(reason)


class TimedStream(httpcore.NetworkStream):
    """A connection whose every wait ends with the clock: httpx's time-outs are per read, and a drip outlives them."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock, trust: Trust) -> None:
        self._stream = stream
        self._clock = clock
        self._trust = trust

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            try:
                return self._stream.read(max_bytes, self._clock.moment())
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            for start in range(0, len(buffer), _AT_ONCE):  # who takes byte by byte is not waited for at each of them
                self._stream.write(buffer[start : start + _AT_ONCE], self._clock.left())
        except httpcore.WriteTimeout:
            self._clock.left()
            raise

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """By those whom we trust: `ssl_context` is the pool's, which trusts nobody."""
        try:
            left, trusted = self._clock.left(), self._trust()
            stream = self._clock.run(lambda: self._stream.start_tls(trusted, server_hostname, left))
        except httpcore.ConnectTimeout:
            self._clock.left()
            raise FetchError("the TLS handshake took too long") from None
        except (httpcore.ConnectError, ValueError) as error:
            raise FetchError(_untrusted(error.__cause__ or error)) from error
        return TimedStream(stream, self._clock, self._trust)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _refused(error: httpcore.ConnectError, address: str, port: int) -> str:
    cause = error.__cause__
    if isinstance(cause, ConnectionRefusedError):
        return f"{address} refused the connection (port {port})"
    return f"{address} cannot be reached: {getattr(cause, 'strerror', None) or error}"


def _untrusted(cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"TLS error: its certificate is not valid ({quoted(cause.verify_message)})"
    return f"TLS error: {quoted(str(getattr(cause, 'reason', None) or cause))}"

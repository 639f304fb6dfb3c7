"""The server in a thread of its own, so that the daemon and `syndicate serve` keep their main thread for signals."""

import asyncio
import errno
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from syndicate.errors import ConfigError
from syndicate.serve.connection import bounded, placed
from syndicate.serve.door import Door, Place

_KEEP_ALIVE = 10  # seconds an idle connection is kept
_BACKLOG = 1024
# The key that says where to listen → what to do where somebody else does.
_REMEDIES = {
    "serve.host": "another: port in [serve], and in base_url of [site]",
    "serve.status": 'another: status in [serve]; "" for none',
}


class Server:
    """Serves `app` on `host` and `port` (0: a free one, see `port` once started). Started once; a context manager.

    It touches no signal handler and logs nothing below an error. `patience` (seconds): a client that neither completes
    its request nor reads its answer is dropped after one to two of them. `door` says how many are let in. An `app` that
    has an `at_once` (as `create_app` makes it) is asked that first. `key`: the one that says where to listen.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        patience: float = 10.0,
        door: Door | None = None,
        key: str = "serve.host",
    ) -> None:
        self.host = host
        self.port = port
        self._key = key
        config = uvicorn.Config(
            app,
            http=bounded(patience, getattr(app, "at_once", None)),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",  # a malformed request is its sender's affair
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE,
            backlog=_BACKLOG,
        )
        self._uvicorn = _Uvicorn(config)
        self._uvicorn.door = door or Door()
        self._sockets: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, name="serve", daemon=True)
        self._settled = threading.Event()
        self._failure: BaseException | None = None
        self._uvicorn.settled = self._settled

    @property
    def address(self) -> str:
        """Where it is reached, like `http://127.0.0.1:8000/`."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"

    @property
    def alive(self) -> bool:
        """Is it serving? False before `start`, after `stop`, and after a failure that nobody expected."""
        return self._thread.is_alive() and not self._uvicorn.should_exit

    def responds(self, timeout: float) -> bool:
        """Does what answers requests come round within so many seconds? Needs no connection: a flood has them all."""
        return self.alive and self._uvicorn.comes_round(timeout)

    def start(self) -> None:
        """Return when it is listening. Raises ConfigError where it cannot: port in use, not allowed, no such host."""
        self._sockets = _listen(self.host, self.port, self._key)
        self.port = self._sockets[0].getsockname()[1]
        self._thread.start()
        self._settled.wait()
        if self._failure:
            raise self._failure

    def stop(self, timeout: float = 5.0) -> None:
        """Take no more requests, let running answers end, drop after half of `timeout` (seconds) what is still open."""
        self._uvicorn.grace = timeout / 2
        self._uvicorn.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            self._uvicorn.listeners = self._sockets
            self._uvicorn.run(sockets=[])  # it opens none of its own
        except BaseException as error:  # raised again by start, in the thread that can tell somebody
            self._failure = error
        finally:
            for listener in self._sockets:
                listener.close()
            self._settled.set()


class State(ServerState):
    """What uvicorn's connections share. The headers of every answer are made when one is given, once a second."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._second = -1
        super().__init__()

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """Date (RFC 9110 section 6.6.1). The same list within a second, and another one in the next."""
        now = int(self._clock())
        if now != self._second:
            self._second, self._headers = now, [(b"date", formatdate(now, usegmt=True).encode())]
        return self._headers

    @default_headers.setter
    def default_headers(self, _: object) -> None:
        """uvicorn begins with none."""


class _Uvicorn(uvicorn.Server):
    """uvicorn's own wakes ten times a second, for Date and to see whether it shall end: this one sleeps."""

    settled: threading.Event
    door: Door
    listeners: list[socket.socket]
    grace = 2.5
    _ending: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.server_state = State()

    @property
    def should_exit(self) -> bool:
        return self._should_exit

    @should_exit.setter
    def should_exit(self, should: bool) -> None:
        """From any thread."""
        self._should_exit = should
        if should and self._ending:
            loop, ending = self._ending
            with suppress(RuntimeError):  # it has ended
                loop.call_soon_threadsafe(ending.set)

    def comes_round(self, timeout: float) -> bool:
        """From any thread: does the loop do what it is handed?"""
        done = threading.Event()
        with suppress(RuntimeError):  # it has ended
            if self._ending:
                self._ending[0].call_soon_threadsafe(done.set)
        return done.wait(timeout)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)
        self.door.open(self.listeners, self._protocol)
        self.settled.set()

    async def main_loop(self) -> None:
        if self._ending and not self.should_exit:
            await self._ending[1].wait()

    def _protocol(self, place: Place) -> asyncio.Protocol:
        """As uvicorn makes it where it accepts by itself."""
        made = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return placed(made, place)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.door.close()
        for listener in self.listeners:
            listener.close()
        # uvicorn waits for its clients for ever, or cancels them with a traceback each.
        last_call = asyncio.get_running_loop().call_later(self.grace, self._drop_all)
        await super().shutdown(sockets)
        last_call.cancel()

    def _drop_all(self) -> None:
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()


def _listen(host: str, port: int, key: str) -> list[socket.socket]:
    """A listening socket for each address of the host, all on one port."""
    listeners: list[socket.socket] = []
    unavailable: OSError | None = None
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in found:
            chosen = listeners[0].getsockname()[1] if listeners else port
            try:
                listeners.append(_bind(family, (address[0], chosen, *address[2:])))
            except OSError as error:  # `localhost` has an IPv6 address also where the machine has no IPv6
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
                unavailable = error
        if unavailable and not listeners:
            raise unavailable
    except (OSError, OverflowError, UnicodeError) as error:
        for listener in listeners:
            listener.close()
        raise ConfigError(_reason(error, host, port, key)) from error
    return listeners


def _bind(family: int, address: tuple[object, ...]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _reason(error: Exception, host: str, port: int, key: str) -> str:
    match error:
        case socket.gaierror() | UnicodeError():
            return f"{key}: {host} is no host that can be found"
        case OSError(errno=errno.EADDRINUSE):
            return f"port {port} on {host} is in use ({_REMEDIES[key]})"
        case OSError(errno=errno.EACCES):
            return f"port {port} on {host} is not allowed to this user"
        case OSError(errno=errno.EADDRNOTAVAIL):
            return f"{key}: {host} is no address of this machine"
    return f"port {port} on {host}: {error}"

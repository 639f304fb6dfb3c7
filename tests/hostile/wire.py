"""A server on loopback that says what it likes, byte by byte, whatever was asked."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Self

Say = Callable[["Line"], None]


class Line:
    """One connection. What cannot be sent any more ends the answer: the client has hung up."""

    def __init__(self, connection: socket.socket, stopped: threading.Event) -> None:
        self._socket = connection
        self._stopped = stopped
        self._buffer = b""

    def request(self) -> bytes:
        """The head of a request; empty where none comes any more."""
        while b"\r\n\r\n" not in self._buffer:
            more = self._socket.recv(65536)
            if not more:
                return b""
            self._buffer += more
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def drip(self, data: bytes, seconds: float) -> None:
        """Byte by byte, again and again until nobody listens."""
        for n in range(1_000_000):
            self.wait(seconds)
            self.send(data[n % len(data) : n % len(data) + 1])

    def endlessly(self, data: bytes) -> None:
        for _ in range(1_000_000):
            self.send(data)
            if self._stopped.is_set():
                return

    def wait(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise ConnectionAbortedError

    def reset(self) -> None:
        """Hang up without a farewell (RST)."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self._socket.close()


class Wire:
    """`requests` are the heads that came; `say` is called for each of them."""

    def __init__(self, say: Say) -> None:
        self.requests: list[bytes] = []
        self._say = say
        self._stopped = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listening.settimeout(0.01)
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/feed"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for connection in self._connections:
            with contextlib.suppress(OSError):  # it has ended already
                connection.shutdown(socket.SHUT_RDWR)
        until = time.monotonic() + 2
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._listening.close()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listening.accept()
            except TimeoutError:
                continue
            self._connections.append(connection)
            thread = threading.Thread(target=self._answer, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection:
            line = Line(connection, self._stopped)
            try:
                while request := line.request():
                    self.requests.append(request)
                    self._say(line)
                    if connection.fileno() < 0 or self._stopped.is_set():
                        return
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                return  # the client has hung up, as it should

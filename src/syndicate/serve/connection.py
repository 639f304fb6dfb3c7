"""One connection: what can be answered at once is, and what a single client may cost has bounds.

uvicorn bounds how long a connection is idle after an answer of its own, this bounds the rest.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from syndicate.addresses import one_client
from syndicate.serve.answers import bad_request
from syndicate.serve.clients import speaks_for_others
from syndicate.serve.door import Place

# (target, headers, head=…, who=…) of a GET or HEAD → the head of its answer, but for Date and the empty line, and the
# body.
AtOnce = Callable[..., tuple[bytes, bytes] | None]

_MOST = 64 * 1024  # bytes of a head, and of a body that nobody reads
_FIELDS = 200  # of a head
_TOGETHER = 256  # requests that are read at once: nobody else is answered meanwhile
_WAITING = 100  # requests of one connection that wait for the answer to one before: each costs some kilobytes


class _TooMuchError(Exception):
    """Ends the reading of what has come; uvicorn takes it for a request that is not valid."""


class _Bounded(HttpToolsProtocol):
    """A connection that is dropped where nothing moves: a request that does not become whole, an answer nobody reads.

    Every `patience` seconds it looks whether a request began or bytes left since the last look. So it costs no request
    anything, and a slow client that does read is never cut off.

    Where no request is under way and its reader is not behind, `at_once` is asked first. Its answer goes out without
    the task, scope, messages and timer of an application, which cost several times what is left.
    """

    patience = 10.0
    at_once: AtOnce | None = None
    place: Place

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._cycles = deque[RequestResponseCycle]()  # under way or waiting, the oldest first
        self._begun = self._before = 0  # requests, now and when data last came
        self._unanswered = 0  # bytes
        self._drained = 0
        self._mark: tuple[int, int, int] | None = None
        self._is_done = False  # with the request that is being read
        self._who = self._known()
        self._common: tuple[object, bytes] = (None, b"")
        self._look = self.loop.call_later(self.patience, self._drop_if_stuck)
        self.place.idle, self.place.unread, self.place.drop = self._is_idle, self._is_unread, self.transport.abort

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        self.place.free()
        for cycle in self._cycles:  # uvicorn tells the last one only, and uvloop takes amiss what the others write then
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._before = self._begun
        # What comes of a body is bounded by who reads it, and not taken from the connection faster than by him.
        of_body = self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete
        super().data_received(data)
        self._unanswered = 0 if of_body or self._begun != before else self._unanswered + len(data)
        if self._unanswered > _MOST:
            self.transport.abort()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whoever has no more to say may still wait for an answer."""
        if self._is_idle():
            return False
        self.cycle.keep_alive = False
        return True

    def on_message_begin(self) -> None:
        self.url, self.headers, self.expect_100_continue, self._is_done, self._hosts = b"", [], False, False, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """As uvicorn does; what is done for each field is most of what a request costs."""
        name = name.lower()
        self.headers.append((name, value))
        if name == b"host":
            self._hosts += 1
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        if len(self.headers) > _FIELDS:
            raise _TooMuchError

    def on_headers_complete(self) -> None:
        self._begun += 1
        if self._begun - self._before > _TOGETHER or len(self.pipeline) > _WAITING:
            self.transport.abort()
            raise _TooMuchError
        self._is_done = self.transport.is_closing() or self._refused() or self._answered()
        if not self._is_done:
            url, headers, expects = self.url, self.headers, self.expect_100_continue
            super().on_message_begin()
            self.url, self.expect_100_continue = url, expects
            self.headers += headers
            if self.client and self._who is None:
                self.scope["client"] = (self.place.clients.behind(self.client[0], headers), 0)
            elif self._is_here() and speaks_for_others(headers):
                self.place.speaks_for_others()
            self.scope["state"].update(who=self._asking(), target=url)
            super().on_headers_complete()
            while self._cycles and self._cycles[0].response_complete:
                self._cycles.popleft()
            self._cycles.append(self.cycle)

    def on_body(self, body: bytes) -> None:
        if not self._is_done:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_done:
            super().on_message_complete()

    def _known(self) -> str | None:
        """Whom this connection counts as; None: whom a trusted proxy says, and that with each request."""
        return self.place.who if self.place.has_share else None

    def _is_here(self) -> bool:
        """Does it come from the very address that it comes to: from this machine?"""
        return bool(self.client and self.server and self.client[0] == self.server[0])

    def _asking(self) -> str:
        """Whom the request at hand counts as. A proxy that names nobody is not its readers."""
        if self._who is not None or not self.client:
            return self._who or ""
        peer = self.client[0]
        address = self.place.clients.behind(peer, self.headers)
        return "" if address == peer else one_client(address)

    def _refused(self) -> bool:
        """RFC 9112 section 3.2: one Host, from 1.1 on; otherwise two servers may read two hosts out of one request."""
        if self._hosts == 1 or (self._hosts == 0 and self.parser.get_http_version() == "1.0"):
            return False
        self.send_400_response("One Host is needed")
        return True

    def send_400_response(self, msg: str) -> None:
        """Never amid another answer, and never twice."""
        if not self._is_idle() and not self._is_its_body():
            self.transport.abort()
        elif not self.transport.is_closing():
            begin, body = bad_request(msg)
            if self.cycle is not None:
                self.cycle.disconnected = True  # that was the answer: whatever the application says is none
            self.transport.writelines((begin, self._of_all(), b"\r\n", body))
            self.transport.close()

    def _answered(self) -> bool:
        """Was that all? Not where an answer before it is not out yet, or where the application has to be asked."""
        method = self.parser.get_method()
        if self.at_once is None or method not in {b"GET", b"HEAD"}:
            return False
        if not self._is_idle() or self.flow.write_paused or self.parser.should_upgrade():
            return False
        who = self._asking() if self._who is None else self._who
        answer = self.at_once(self.url, self.headers, head=method == b"HEAD", who=who)
        if answer is None:
            return False
        stays, end = self.parser.should_keep_alive(), b"\r\n"
        if not stays:
            end = b"connection: close\r\n\r\n"
        elif self.parser.get_http_version() == "1.0":  # who asks for it is told that it stays (RFC 9112 section 9.3)
            end = b"connection: keep-alive\r\n\r\n"
        # In one call, and the body is not copied: what costs most is the system's.
        self.transport.writelines((b"".join((answer[0], self._of_all(), end)), answer[1]))
        if not stays:
            self.transport.close()
        return True

    def _of_all(self) -> bytes:
        """The headers that uvicorn gives to each answer, Date in particular: another list each second."""
        headers = self.server_state.default_headers
        if self._common[0] is not headers:
            self._common = headers, b"".join(b"%b: %b\r\n" % header for header in headers)
        return self._common[1]

    def resume_writing(self) -> None:
        self._drained += 1
        super().resume_writing()

    def _is_its_body(self) -> bool:
        """Is it the body of the one request under way that cannot be read, before anything was said to that?"""
        return bool(self.cycle.more_body and not self.cycle.response_started and not self.pipeline)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _is_unread(self) -> bool:
        return self.transport.get_write_buffer_size() > 0

    def _drop_if_stuck(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        mark = (self._begun, self._drained, waiting)
        working = not self._is_idle() and not waiting
        if mark == self._mark and not working:
            self.transport.abort()
        else:
            self._mark = mark
            self._look = self.loop.call_later(self.patience, self._drop_if_stuck)


def bounded(patience: float, at_once: AtOnce | None) -> type[asyncio.Protocol]:
    """The connections of one server. Each has its `place`."""
    own: dict[str, Any] = {"patience": patience}
    if at_once is not None:
        own["at_once"] = staticmethod(at_once)
    return type("BoundedHTTP", (_Bounded,), own)


def placed(protocol: Any, place: Place) -> asyncio.Protocol:
    """The protocol of a connection that was just let in."""
    protocol.place = place
    return protocol  # type: ignore[no-any-return]

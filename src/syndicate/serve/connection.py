"""What a single client may cost: uvicorn bounds how long a connection is idle, this bounds the rest."""

import asyncio
from typing import Any, Protocol

from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.http.flow_control import FlowControl

from syndicate.serve.door import Place

_MOST = 64 * 1024  # bytes of a request, head and body: we only answer GET and HEAD


class _Cycle(Protocol):
    """One request and its answer."""

    response_complete: bool


class _Bounded(asyncio.Protocol):
    """A connection that is dropped where nothing moves: a request that does not become whole, an answer nobody reads.

    Every `patience` seconds it looks whether a request began or bytes left since the last look. So it costs no request
    anything, and a slow client that does read is never cut off.
    """

    patience = 10.0
    place: Place

    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    flow: FlowControl
    cycle: _Cycle | None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._unanswered = 0
        self._drained = 0
        self._mark: tuple[object, int, int] | None = None
        self._look = self.loop.call_later(self.patience, self._drop_if_stuck)
        self.place.idle, self.place.unread, self.place.drop = self._is_idle, self._is_unread, self.transport.abort

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        self.place.free()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        self._unanswered = self._unanswered + len(data) if self.cycle is before else 0
        if self._unanswered > _MOST:
            self.transport.abort()

    def resume_writing(self) -> None:
        self._drained += 1
        super().resume_writing()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _is_unread(self) -> bool:
        return self.transport.get_write_buffer_size() > 0

    def _drop_if_stuck(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        mark = (self.cycle, self._drained, waiting)
        working = self.cycle is not None and not self.cycle.response_complete and not waiting
        if mark == self._mark and not working:
            self.transport.abort()
        else:
            self._mark = mark
            self._look = self.loop.call_later(self.patience, self._drop_if_stuck)


def bounded(patience: float) -> type[asyncio.Protocol]:
    """uvicorn's HTTP protocol (httptools where it is installed, else h11), bounded. Each has its `place`."""
    return type("BoundedHTTP", (_Bounded, AutoHTTPProtocol), {"patience": patience})


def placed(protocol: Any, place: Place) -> asyncio.Protocol:
    """The protocol of a connection that was just let in."""
    protocol.place = place
    return protocol  # type: ignore[no-any-return]

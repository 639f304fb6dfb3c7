"""One connection pool with its clock; used by one thread at a time."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from syndicate.client.dial import Clock
from syndicate.client.hop import Hop
from syndicate.client.library import httpcore, httpx
from syndicate.client.transport import Transport

_KEEP_ALIVE = (
    2.0  # seconds, below any server's own: a connection that is being closed at the other end is not used again
)
_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it trusts no authority: the backend puts ours in its place


class Worker:
    """httpx's own client would prepare the next request of each redirect, and look for cookies in each answer."""

    def __init__(self, clock: Clock, backend: httpcore.NetworkBackend, headers: list[tuple[bytes, bytes]]) -> None:
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
    def asked(self, hop: Hop, method: str, content: bytes | None) -> Iterator[httpx.Response]:
        """Its answer, whose body is still to come. The headers are put together here: httpx reads them four times."""
        own = hop.raw_headers()
        names = {name.lower() for name, _ in own}
        headers = [header for header in self._headers if header[0].lower() not in names] + own
        request = httpx.Request(method, hop.url, headers=headers, cookies=self._cookies, content=content)
        response = self._transport.handle_request(request, content)
        try:
            if "set-cookie" in response.headers:
                response.request = request
                self._cookies.extract_cookies(response)
            yield response
        finally:
            response.close()

    def close(self) -> None:
        self._transport.close()

"""What is asked of a server, how far it is followed, and how much of what it answers is read."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from syndicate.client.body import Body, body, too_large
from syndicate.client.library import httpcore, httpx
from syndicate.errors import FetchError, TooLarge

_DRAINED = 4_096  # bytes of a body that is nothing to us, but read, so that the connection can be used again


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`follows`: the statuses that lead on, at most `redirects` times; any other one is the answer.

    `most` bytes of a body, packed and unpacked; one that is larger is an error, unless its `beginning` will do.
    `always`: it is read whatever the status says. With `most` 0 the status is all that counts, and a body that is
    damaged, or does not end, spoils nothing.
    """

    method: str = "GET"
    content: bytes | None = None
    follows: frozenset[int] = frozenset()
    redirects: int = 0
    most: int
    beginning: bool = False
    always: bool = False

    def leads_on(self, status: int) -> bool:
        return bool(self.redirects) and status in self.follows

    def body_of(self, response: httpx.Response, headers: Mapping[str, str]) -> bytes:
        """FetchError where it is damaged, cut short or too large."""
        if not self.most:
            _drain(response, headers)
            return b""
        if not (self.always or response.is_success or response.status_code == HTTPStatus.NOT_MODIFIED):
            return b""
        length = headers.get("content-length", "")
        if not self.beginning and length.isdecimal() and int(length) > self.most:
            raise too_large(self.most)
        return self._read(response, body(headers.get("content-encoding", ""), self.most))

    def _read(self, response: httpx.Response, found: Body) -> bytes:
        try:
            for chunk in response.iter_raw():
                found.feed(chunk)
        except TooLarge:
            if self.beginning:
                return found.beginning()
            raise
        return found.finish()


def _drain(response: httpx.Response, headers: Mapping[str, str]) -> None:
    length = headers.get("content-length", "")
    if response.status_code == HTTPStatus.NO_CONTENT or (length.isdecimal() and int(length) <= _DRAINED):
        with suppress(FetchError, httpcore.NetworkError, httpcore.ProtocolError):
            for _ in response.iter_raw():
                pass

"""A body as it comes in: decompressed and bounded while it is read, never after (64 kB of gzip may be 67 MB).

FetchError carries the reason alone; the client puts the address before it.
"""

import zlib

from syndicate.client.reason import quoted
from syndicate.errors import FetchError

ACCEPT_ENCODING = "gzip, deflate"


def body(coding: str, limit: int) -> "Body":
    """A body under a Content-Encoding (RFC 9110 section 8.4) of at most `limit` bytes, packed and unpacked."""
    names = [name for part in coding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    match names:
        case []:
            return Body(limit)
        case ["gzip" | "x-gzip"]:
            return _Gzip(limit)
        case ["deflate"]:
            return _Deflate(limit)
    raise FetchError(f"its body is compressed in a way that was not asked for (Content-Encoding: {quoted(coding)})")


def too_large(limit: int) -> FetchError:
    return FetchError(f"its body is larger than {limit / 1_000_000:.3g} MB")


class Body:
    """`feed` it each chunk; `finish` gives the bytes. Both raise FetchError: too large, damaged, cut short."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = bytearray()

    def feed(self, chunk: bytes) -> None:
        self._bytes += chunk
        if len(self._bytes) > self._limit:
            raise too_large(self._limit)

    def finish(self) -> bytes:
        return bytes(self._bytes)


class _Compressed(Body):
    """One stream of zlib's. An empty body is empty under any coding: error pages come so."""

    coding: str
    wbits: int

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._inflate = zlib.decompressobj(self.wbits)
        self._received = 0

    def feed(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._received > self._limit:
            raise too_large(self._limit)
        try:
            self._decompress(chunk)
        except zlib.error as error:
            raise FetchError(f"its body is not the {self.coding} that it says it is ({error})") from error

    def finish(self) -> bytes:
        if self._received and not self._inflate.eof:
            raise FetchError(f"its body was cut short (the {self.coding} stream does not end)")
        return super().finish()

    def _decompress(self, chunk: bytes) -> None:
        super().feed(self._inflate.decompress(chunk, self._limit - len(self._bytes) + 1))


class _Gzip(_Compressed):
    """RFC 1952: one member or several; what follows the last one is padding."""

    coding = "gzip"
    wbits = 31

    def _decompress(self, chunk: bytes) -> None:
        while chunk:
            if self._inflate.eof:
                if not chunk.startswith(b"\x1f"):
                    return
                self._inflate = zlib.decompressobj(self.wbits)
            super()._decompress(chunk)
            chunk = self._inflate.unused_data


class _Deflate(_Compressed):
    """The coding "deflate" is a zlib stream (RFC 9110 section 8.4.1.2); some servers send the bare one (RFC 1951)."""

    coding = "deflate"
    wbits = 15
    _head: bytes | None = b""

    def _decompress(self, chunk: bytes) -> None:
        if self._head is not None:
            chunk = self._head + chunk
            if len(chunk) < 2:
                self._head = chunk
                return
            self._head = None
            if chunk[0] & 0x0F != 8 or int.from_bytes(chunk[:2], "big") % 31:  # RFC 1950 section 2.2
                self._inflate = zlib.decompressobj(-self.wbits)
        super()._decompress(chunk)

"""A body as it comes in: decompressed and bounded while it is read, never after (64 kB of gzip may be 67 MB).

FetchError carries the reason alone; the client puts the address before it.
"""

import zlib

from syndicate.client.reason import quoted
from syndicate.errors import FetchError, TooLarge

ACCEPT_ENCODING = "gzip, deflate"


# What would have to be undone (IANA's HTTP Content Coding Registry, and what its kin are called). Any other word says
# nothing of the bytes: servers write charsets there, and `none`.
_UNASKED = frozenset(
    {"aes128gcm", "br", "bzip2", "compress", "dcb", "dcz", "exi", "lzma", "pack200-gzip", "x-bzip2", "x-compress", "xz",
     "zstd"}
)  # fmt: skip
_MOST = 3  # codings of one body, one within the other
_PACKED = b"\x1f\x8b\x08"  # RFC 1952 section 2.3.1


def body(coding: str, limit: int) -> "Body":
    """A body under a Content-Encoding (RFC 9110 section 8.4) of at most `limit` bytes, packed and unpacked.

    What is a gzip file when all codings are undone is unpacked, too: a server packed it twice, or the feed is kept so.
    """
    names = [part.strip() for part in coding.lower().split(",")]
    known = [_CODINGS[name] for name in names if name in _CODINGS]
    if len(known) > _MOST or _UNASKED & {*names}:
        raise FetchError(f"its body is compressed in a way that was not asked for (Content-Encoding: {quoted(coding)})")
    found = Body(limit)
    for packed in known:  # in the order in which they were applied: the last is undone first
        found = packed(limit, found)
    return found


def too_large(limit: int) -> TooLarge:
    return TooLarge(f"its body is larger than {limit / 1_000_000:.3g} MB")


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
        found = bytes(self._bytes)
        for _ in range(_MOST):
            if not found.startswith(_PACKED):
                break
            found = _unpacked(found, self._limit)
        return found

    def beginning(self) -> bytes:
        """What has come, up to the limit: also of one that is too large."""
        return bytes(self._bytes[: self._limit])


def _unpacked(file: bytes, limit: int) -> bytes:
    inner = _Plain(limit)
    packed = _Gzip(limit, inner)
    packed.feed(file)
    return packed.finish()


class _Plain(Body):
    """Bytes as they are."""

    def finish(self) -> bytes:
        return bytes(self._bytes)


class _Compressed(Body):
    """One stream of zlib's; what is in it goes on to `inner`. An empty body is empty under any coding: error pages come
    so.
    """

    coding: str
    wbits: int

    def __init__(self, limit: int, inner: Body) -> None:
        super().__init__(limit)
        self._inner = inner
        self._inflate = zlib.decompressobj(self.wbits)
        self._received = self._sent = 0

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
        return self._inner.finish()

    def beginning(self) -> bytes:
        return self._inner.beginning()

    def _decompress(self, chunk: bytes) -> None:
        found = self._inflate.decompress(chunk, self._limit - self._sent + 1)
        self._sent += len(found)
        self._inner.feed(found)  # of one that is too large the beginning is there
        if self._sent > self._limit:
            raise too_large(self._limit)


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


_CODINGS: dict[str, type[_Compressed]] = {"gzip": _Gzip, "x-gzip": _Gzip, "deflate": _Deflate}

"""Published files in memory, as they go out: read once, hashed, compressed, with their headers ready."""

import gzip
import hashlib
import os
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.utils import formatdate
from http import HTTPStatus
from io import BufferedReader
from stat import S_ISREG
from typing import NamedTuple

from starlette.types import Message

from syndicate.publish import SECURE, STRICT, Headers, Kind, gzip_of, policy_of
from syndicate.serve.conditional import tag_of

Key = tuple[int, ...]

STREAMED = 8 * 2**20  # bytes; a bigger file is sent from the disk and not kept
_WORTH_GZIP = 512  # bytes; below it the header costs more than it saves
_OVERHEAD = 4096  # bytes of a copy besides its bodies, about
_GZIP = 31  # of zlib's `wbits`: one member with its header and its sum


class Head(NamedTuple):
    """What begins an answer: ASGI's message, and the same as it goes out but for Date and the empty line."""

    message: Message
    sent: bytes


@dataclass(frozen=True, slots=True)
class Representation:
    """One form of a file. `ok` and `unchanged` begin the answers 200 and 304; `body` None: it is to be streamed."""

    etag: bytes
    length: int
    body: bytes | None
    ok: Head
    unchanged: Head


@dataclass(frozen=True, slots=True)
class Copy:
    """A file as it was under `key`. `modified` (seconds since 1970) is what Last-Modified says, `vary` on
    which fields of a request the answer depends, `policy` a page's.
    """

    path: str
    key: Key
    digest: str
    modified: int
    plain: Representation
    gzip: Representation | None
    vary: bytes = b""
    policy: bytes = STRICT

    @property
    def size(self) -> int:
        bodies = (self.plain.body, self.gzip.body if self.gzip else None)
        return _OVERHEAD + sum(len(body) for body in bodies if body)


class Cache:
    """The copies last asked for, of no more than `capacity` bytes together. Not for threads: the event loop owns it."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._copies: OrderedDict[str, Copy] = OrderedDict()
        self.size = 0

    def get(self, path: str) -> Copy | None:
        copy = self._copies.get(path)
        if copy:
            self._copies.move_to_end(path)
        return copy

    def keep(self, copy: Copy) -> None:
        self.forget(copy.path)
        self._copies[copy.path] = copy
        self.size += copy.size
        while self.size > self._capacity:
            self.forget(next(iter(self._copies)))

    def forget(self, path: str) -> None:
        copy = self._copies.pop(path, None)
        if copy:
            self.size -= copy.size


def key_of(stat: os.stat_result) -> Key:
    """What differs as soon as a file was replaced or written to."""
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def open_inside(directory: str, path: str) -> BufferedReader:
    """The regular file at `path`, opened. Raises FileNotFoundError for anything else, and for what lies outside."""
    root = os.path.realpath(directory)
    real = os.path.realpath(os.path.join(root, path))
    if not real.startswith(os.path.join(root, "")):
        raise FileNotFoundError(path)
    # Not to wait for a pipe's other end, and not to follow a link put there since.
    descriptor = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    file = os.fdopen(descriptor, "rb")
    if not S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise FileNotFoundError(path)
    return file


def read(directory: str, path: str, kind: Kind, earlier: Copy | None) -> Copy:
    """Read a file whole under one descriptor: the old bytes or the new ones, never both. Raises OSError.

    Last-Modified never repeats or goes back while the bytes change: a client that asks by date alone would miss the
    second of two changes in one second, or one after the clock was set back.
    """
    with open_inside(directory, path) as file:
        stat = os.fstat(file.fileno())
        body = file.read() if stat.st_size <= STREAMED else None
        whole = hashlib.sha256(body) if body is not None else hashlib.file_digest(file, "sha256")
    packed = _packed_beside(directory, path, body) if body is not None and kind.compress else None
    length = stat.st_size if body is None else len(body)
    return copy_of(Read(path, key_of(stat), whole.hexdigest(), stat.st_mtime, length, body, packed), kind, earlier)


class Read(NamedTuple):
    """What was read of a file: `body` None where it is to be streamed, `packed` where it is there in that form."""

    path: str
    key: Key
    digest: str
    mtime: float
    length: int
    body: bytes | None
    packed: bytes | None = None


def copy_of(found: Read, kind: Kind, earlier: Copy | None) -> Copy:
    """As it goes out. `earlier`: what stood there before."""
    path, key, digest, mtime, length, body, beside = found
    now = time.time()
    modified = int(mtime if mtime <= now else now - 1)  # never later than Date (RFC 9110 section 8.8.2.1)
    if earlier:
        modified = max(modified, earlier.modified + (digest != earlier.digest))
    policy = policy_of(body or b"") if kind.page else STRICT
    if kind.page:
        kind = replace(kind, whole=(*kind.whole, (b"content-security-policy", policy)))
    shared = _shared_headers(kind, modified)
    plain = _representation(kind, shared, tag_of(digest, packed=False), body, length)
    packed = None
    if kind.compress and body is not None and is_worth_gzip(body):
        data = beside or zipped(body)
        coding: Headers = ((b"content-encoding", b"gzip"),)
        packed = _representation(kind, shared, tag_of(digest, packed=True), data, len(data), coding)
    return Copy(path, key, digest, modified, plain, packed, kind.vary, policy)


def is_worth_gzip(body: bytes) -> bool:
    return len(body) >= _WORTH_GZIP


def zipped(body: bytes) -> bytes:
    """The same bytes each time."""
    return gzip.compress(body, 6, mtime=0)


def _packed_beside(directory: str, path: str, body: bytes) -> bytes | None:
    """The `.gz` that `publish` wrote beside a file, where it unpacks to these very bytes: it may be older, or torn."""
    beside = gzip_of(path)
    if beside is None:
        return None
    try:
        with open_inside(directory, beside) as file:
            data = file.read(len(body))  # one that saves nothing is none
        unpacker = zlib.decompressobj(_GZIP)
        same = unpacker.decompress(data, len(body) + 1) == body
    except (OSError, zlib.error):
        return None
    return data if same and unpacker.eof and not unpacker.unused_data else None


def _shared_headers(kind: Kind, modified: int) -> Headers:
    headers: Headers = (
        (b"last-modified", formatdate(modified, usegmt=True).encode()),
        (b"cache-control", kind.cache_control),
        *kind.always,
    )
    return (*headers, (b"vary", kind.vary)) if kind.compress else headers


def _representation(
    kind: Kind, shared: Headers, etag: bytes, body: bytes | None, length: int, coding: Headers = ()
) -> Representation:
    unchanged: Headers = ((b"etag", etag), *shared)
    ok: Headers = (
        (b"content-type", kind.media_type.encode()),
        (b"content-length", b"%d" % length),
        *coding,
        *unchanged,
        (b"accept-ranges", b"bytes" if kind.ranges and not coding else b"none"),
        *SECURE,
        *kind.whole,
    )
    return Representation(etag, length, body, _head(HTTPStatus.OK, ok), _head(HTTPStatus.NOT_MODIFIED, unchanged))


def _head(status: HTTPStatus, headers: Headers) -> Head:
    return head_of(status, status.phrase.encode(), headers)


def head_of(status: int, phrase: bytes, headers: Headers) -> Head:
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return Head(start(status, headers), b"HTTP/1.1 %d %b\r\n%b" % (status, phrase, lines))


def start(status: int, headers: Iterable[tuple[bytes, bytes]]) -> Message:
    """The ASGI message that begins an answer."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}

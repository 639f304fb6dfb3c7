"""Published objects of a bucket, for who asks our server: a copy is believed for a moment, then asked for again."""

import errno
import gzip
import time
import zlib
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BufferedReader, RawIOBase
from threading import Lock
from typing import TYPE_CHECKING

from syndicate.errors import StoreError
from syndicate.objectstore import Object, ObjectStore, OtherVersion, SameVersion, Version
from syndicate.publish import GONE, HASH, Kind
from syndicate.serve.cache import STREAMED, Copy, Key, Read, copy_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BELIEVED = 2.0  # seconds: every cache in front of us keeps it for longer
_ASKED = 10_000  # paths of which it is remembered when they were asked for
_AT_ONCE = 32  # requests to the bucket
_PIECE = 2**20  # bytes of what is streamed that are asked for at once
_UNKNOWN: Key = ()


class Objects:
    """An origin (`origins.Origin`). `key` is called by the event loop, the others in threads."""

    def __init__(self, url: str) -> None:
        self.threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="bucket")
        self._objects = ObjectStore(url, briefly=True)
        self._guard = Lock()
        self._asked: OrderedDict[str, tuple[float, Version | None]] = OrderedDict()

    def key(self, path: str) -> Key:
        at, version = self._asked.get(path, (0.0, None))
        if time.monotonic() - at >= _BELIEVED:
            return _UNKNOWN
        if version is None:
            raise _absent(path)
        return _key(version)

    def read(self, path: str, kind: Kind, earlier: Copy | None) -> Copy:
        held = self._asked.get(path, (0.0, None))[1]
        known = held is not None and earlier is not None and earlier.key == _key(held)
        began = time.monotonic()
        try:
            found = self._get(path, kind, held.tag if known and held else None)
        except SameVersion:
            self._note(path, began, held)
            if earlier is not None:
                return earlier
            raise
        except StoreError as error:
            raise OSError(errno.EIO, str(error)) from error
        if found is None or GONE in found.attributes:
            self._note(path, began, None)
            raise _absent(path)
        copy = copy_of(_read(found), kind, earlier)
        self._note(path, began, found.version)
        return copy

    def open(self, copy: Copy) -> BufferedReader | None:
        """The head says whether it is the same still; each part is asked for by that version."""
        try:
            found = self._objects.get(copy.path, head=True)
        except StoreError as error:
            raise OSError(errno.EIO, str(error)) from error
        if found is None or _key(found.version) != copy.key:
            return None
        return BufferedReader(_Parts(self._objects, found), _PIECE)

    def _get(self, path: str, kind: Kind, held: str | None) -> Object | None:
        """What is too large to be kept without its body: such are files beside releases alone."""
        if kind.ranges:
            found = self._objects.get(path, held=held, head=True)
            if found is None or (found.size > STREAMED and _is_plain(found) and HASH in found.attributes):
                return found
        return self._objects.get(path, held=held)

    def _note(self, path: str, at: float, version: Version | None) -> None:
        with self._guard:
            self._asked[path] = (at, version)
            self._asked.move_to_end(path)
            if len(self._asked) > _ASKED:
                self._asked.popitem(last=False)


class _Parts(RawIOBase):
    """An object, read in parts. OSError where it was replaced since: half of one and half of another is none."""

    def __init__(self, objects: ObjectStore, found: Object) -> None:
        self._objects = objects
        self._found = found
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = offset + (self._at if whence == 1 else self._found.size if whence == 2 else 0)
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        end = min(self._at + len(view), self._found.size)
        if end <= self._at:
            return 0
        try:
            part = self._objects.part(self._found.key, self._found.version, self._at, end)
        except (OtherVersion, StoreError) as error:
            raise OSError(errno.EIO, str(error)) from error
        view[: len(part)] = part
        self._at += len(part)
        return len(part)


def _read(found: Object) -> Read:
    mtime, packed = found.modified.timestamp(), None if _is_plain(found) else found.body
    if not found.body and found.size:
        return Read(found.key, _key(found.version), found.attributes[HASH], mtime, found.size, None)
    try:
        body = found.body if packed is None else gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise OSError(errno.EIO, f"{found.key}: is damaged") from error
    return Read(found.key, _key(found.version), sha256(body).hexdigest(), mtime, len(body), body, packed)


def _is_plain(found: Object) -> bool:
    return found.attributes.get("Content-Encoding") != "gzip"


def _key(version: Version) -> Key:
    return (int.from_bytes(sha256(version.tag.encode()).digest()[:8]),)


def _absent(path: str) -> OSError:
    return FileNotFoundError(errno.ENOENT, "is not there", path)

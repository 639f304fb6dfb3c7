"""226: what changed in a feed since the version that a reader holds (RFC 3229 with `A-IM: feed`).

A delta is made once for all who hold one version, in a thread, and kept by (document, from, to). Where there is none,
or it is no smaller than the feed, the feed is the answer; that is kept, too.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import structlog

from syndicate.errors import SyndicateError
from syndicate.model import ETAG_DIGITS
from syndicate.publish import Headers, kind_of
from syndicate.serve.cache import Copy, Head, Representation, head_of, is_worth_gzip, zipped
from syndicate.serve.conditional import own_tags

log = structlog.get_logger()

# (path of a head, digits of the ETags that the reader holds, digits of what is published) → the digits of the one that
# the delta is from, and its bytes; None: there is none.
Make = Callable[[str, tuple[str, ...], str], tuple[str, bytes] | None]

_BASES = 8  # of the versions that a reader says it holds
_MOST, _BYTES = 2000, 32 * 2**20  # deltas that are kept
_MANY, _SHORT = 500, 300  # answers that are kept as they go out; bytes of the fields that asked for one
_NONE = 60.0  # seconds until it is asked again whether there is one: the store may have been ahead of what is published
_LONGEST = 2048  # bytes of a field that are worth reading
_FEED = re.compile(rb"(?:^|,)[ \t]*feed[ \t]*(?:;[ \t]*q[ \t]*=[ \t]*([0-9.]+)[ \t]*)?(?=,|$)", re.IGNORECASE)
# What knows no 226 must keep none of it: the next reader may hold another version (section 10.8.1).
_KEPT = b"no-store, im, max-age=60"


class Delta(NamedTuple):
    """From the version with the digits `base`, as it is and compressed; None where that saves nothing."""

    base: str
    plain: bytes
    gzip: bytes | None


class Key(NamedTuple):
    path: str
    bases: tuple[str, ...]
    digits: str


class Deltas:
    """The event loop's. `make` is called in a thread; it raises SyndicateError where it cannot say now."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._kept: OrderedDict[Key, Delta | float] = OrderedDict()  # where there is none, when that was found
        self._ready: OrderedDict[tuple[object, ...], tuple[Head, bytes]] = OrderedDict()  # the oldest first
        self._size = 0
        self._making: dict[Key, asyncio.Task[Delta | None]] = {}

    def ready(self, copy: Copy, form: Representation, asked: Mapping[bytes, bytes]) -> tuple[Head, bytes] | None:
        """The answer as far as it is known; None: it is the feed. Raises KeyError where that is to be found out."""
        said = (copy.digest, copy.modified, form.etag, asked.get(b"if-none-match", b""), asked.get(b"a-im", b""))
        if found := self._ready.get((copy.path, *said)):
            return found
        key = wanted_delta(copy, asked)
        if key is None:
            return None
        if key not in self:
            raise KeyError(key)
        delta = self.kept(key)
        if delta is None:
            return None
        found = used(copy, form, delta, said[3])
        if len(said[3]) + len(said[4]) <= _SHORT:
            self._ready[copy.path, *said] = found
            if len(self._ready) > _MANY:
                self._ready.popitem(last=False)
        return found

    def __contains__(self, key: Key) -> bool:
        """Is it known already whether there is one?"""
        found = self._kept.get(key)
        return found is not None and (isinstance(found, Delta) or time.monotonic() - found < _NONE)

    def kept(self, key: Key) -> Delta | None:
        """Raises KeyError where that is not known."""
        found = self._kept[key]
        self._kept.move_to_end(key)
        return found if isinstance(found, Delta) else None

    async def of(self, key: Key, length: int) -> Delta | None:
        """None: the feed, which has so many bytes, is the answer. Made once for all who ask meanwhile."""
        if key in self:
            return self.kept(key)
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(self._made(key, length))
            task.add_done_callback(lambda _: self._making.pop(key))
        return await task

    async def _made(self, key: Key, length: int) -> Delta | None:
        try:
            delta = await asyncio.to_thread(_delta, self._make, key, length)
        except SyndicateError:  # a publish is on its way, or the store is locked: the feed is right, too
            return None
        except Exception as error:
            log.error("a delta cannot be made", path=key.path, reason=repr(error))
            delta = None
        self._keep(key, delta)
        return delta

    def _keep(self, key: Key, delta: Delta | None) -> None:
        self._size += _size(delta) - _size(self._kept.pop(key, None))
        self._kept[key] = time.monotonic() if delta is None else delta
        while self._size > _BYTES or len(self._kept) > _MOST:
            self._size -= _size(self._kept.popitem(last=False)[1])


@lru_cache(maxsize=256)
def accepts_feed(a_im: bytes) -> bool:
    """Does the client take a part of a feed for the feed? `q=0` is a refusal (section 10.5.3)."""
    found = _FEED.search(a_im) if len(a_im) <= _LONGEST else None
    return found is not None and (found[1] is None or found[1].strip(b"0.") != b"")


def wanted_delta(copy: Copy, asked: Mapping[bytes, bytes]) -> Key | None:
    """What a reader who holds some versions of this file wants of it; None: nothing but the whole.

    Weak tags, too: what is sent is a feed, not a difference of bytes.
    """
    none_match, kind = asked.get(b"if-none-match"), kind_of(copy.path)
    if none_match is None or not (kind and kind.head and accepts_feed(asked.get(b"a-im", b""))):
        return None
    bases = tuple(dict.fromkeys(digits for _, digits in own_tags(none_match)))[:_BASES]
    return Key(copy.path, bases, copy.digest[:ETAG_DIGITS]) if bases else None


def used(copy: Copy, form: Representation, delta: Delta, none_match: bytes) -> tuple[Head, bytes]:
    """How the answer begins, and its bytes: in the coding that `form` of the feed has, where that saves something."""
    packed = delta.gzip if form is copy.gzip else None
    body = delta.plain if packed is None else packed
    # Named as the reader does: that of the compressed form is a tag of its own.
    base = next((tag for tag, digits in own_tags(none_match) if digits == delta.base), delta.base.encode())
    own: dict[bytes, bytes] = {
        b"content-length": b"%d" % len(body),
        b"cache-control": _KEPT,
        b"etag": form.etag if packed is not None or form is copy.plain else copy.plain.etag,
    }
    kept = (
        (name, own.get(name, value))
        for name, value in form.ok.message["headers"]
        if name != b"content-encoding" or packed is not None
    )
    headers: Headers = (*kept, (b"im", b"feed"), (b"delta-base", b'"%b"' % base))
    return head_of(226, b"IM Used", headers), body


def _delta(make: Make, key: Key, length: int) -> Delta | None:
    made = make(*key)
    if made is None or len(made[1]) >= length:
        return None
    return Delta(*made, zipped(made[1]) if is_worth_gzip(made[1]) else None)


def _size(delta: Delta | float | None) -> int:
    return len(delta.plain) + len(delta.gzip or b"") if isinstance(delta, Delta) else 0

"""The published folder as an ASGI application: GET and HEAD, validators, gzip, parts; what is gone or moved."""

import asyncio
import errno
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TypeVar

import structlog
from starlette.types import Message, Receive, Scope, Send

from syndicate.publish import FRESH, STRICT, Kind, Place, kind_of, page_of
from syndicate.serve.address import folder, locate
from syndicate.serve.answers import END, LATER, PLAIN, page, page_of_nothing, redirect, refuse, say, send_body, too_many
from syndicate.serve.asked import RARE, Asked, asked_by, beginning, form_of, is_held, is_opened, part_of
from syndicate.serve.buckets import HELD, WHOLE, Buckets
from syndicate.serve.cache import Cache, Copy, Key
from syndicate.serve.conditional import failed
from syndicate.serve.counted import NOTED, Counted
from syndicate.serve.deltas import Deltas, used, wanted_delta
from syndicate.serve.origins import origin
from syndicate.serve.ranges import content_range

log = structlog.get_logger()
_T = TypeVar("_T")

# Whatever the reason, it is not there. Anything else (too many open files, a failing disk) will pass: 503.
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENAMETOOLONG, errno.EISDIR, errno.ENXIO}
_AT_ONCE = 2**20  # bytes of a kept body that are handed to the connection whole: uvloop copies nothing of it
_STREAMED = 64 * 1024  # bytes of a file that are read for a reader at once
# What was answered: path, hash of the bytes, status, what was asked. A HEAD only where the status is 304.
Note = Callable[[tuple[str, str, int, Asked]], object]


async def _nothing() -> Message:
    """A client that stays, and says nothing more."""
    return await asyncio.Future()


class Files:
    """Serves `directory`, which may be changed at any time by files renamed into place.

    Each request asks its origin whether the copy in memory (of `capacity` bytes in all) is still the file. What is
    not there, or may not be seen, is answered by the folder's `404.html`, else by `not_found` (HTML, UTF-8): the same
    bytes and headers whatever was asked. `gone`, `moved` and `note`: see `create_app`. `link`: the value of Link for
    the head at a path, as it is now; empty: none. `buckets`: how much a client may ask at once; of
    what `__call__` answers, the caller has counted it. `counted`: hears of what `at_once` answers and is not noted.
    """

    def __init__(  # size: each is asked of its own
        self,
        directory: Place,
        *,
        not_found: bytes,
        gone: Callable[[str], bool] = lambda _: False,
        moved: Callable[[str], str | None] = lambda _: None,
        note: Note | None = None,
        link: Callable[[str], bytes] = lambda _: b"",
        buckets: Buckets | None = None,
        deltas: Deltas | None = None,
        counted: Counted | None = None,
        capacity: int = 64 * 2**20,
    ) -> None:
        self._origin = origin(directory)
        self._not_found = not_found
        self._gone = gone
        self._moved = moved
        self._note = note
        self._link = link
        self._take = buckets.take if buckets is not None else _never
        self._deltas = deltas
        self._count = counted.add if counted else _uncounted
        self._clock = time.monotonic
        self._cache = Cache(capacity)
        self._reading: dict[tuple[str, Key], asyncio.Task[Copy]] = {}

    def at_once(
        self, target: bytes, headers: Iterable[tuple[bytes, bytes]], *, head: bool, who: str = ""
    ) -> tuple[bytes, bytes] | None:
        """The answer to a GET or HEAD where the copy in memory is the file still: its head as it goes out, but for Date
        and the empty line, and its body. None: `__call__` answers, whatever it is.

        `target` and `headers` as they came (RFC 9112 section 3.2.1), their names in lower case; `who` counts
        as whom, empty: nobody. Without a task, a scope and messages, which cost several times what is left.
        """
        path = None if b"?" in target or b"#" in target else locate(target)
        copy = self._cache.get(path) if path else None
        if path is None or copy is None or _is_release(path):
            return None
        try:
            if self._moved(path) is not None or copy.key != self._origin.key(path):
                return None
        except Exception:  # said, and told, by `__call__`, which fails as well
            return None
        asked = asked_by(headers)
        if not RARE.isdisjoint(asked) or (is_opened(asked) and page_of(path)):
            return None
        form = form_of(copy, asked)
        held = is_held(form, copy, asked)
        body = b"" if head or held else form.body
        if body is None or len(body) > _AT_ONCE:
            return None
        begin, status = (form.unchanged, 304) if held else (form.ok, 200)
        if b"a-im" in asked and not held and self._deltas is not None:
            try:
                part = self._deltas.ready(copy, form, asked)
            except KeyError:  # it is to be made
                return None
            if part:
                begin, body, status = part[0], b"" if head else part[1], 226
        if who and (wait := self._take(who, path, self._clock(), HELD if held else WHOLE)):
            self._count(path, 429)
            return too_many(wait, head)
        if self._note and (held or not head):
            self._note((path, copy.digest, status, asked))
        else:
            self._count(path, status)
        return begin.sent, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = scope["method"] == "HEAD"
        if not head and scope["method"] != "GET":
            return await refuse(send)
        path = locate(scope["raw_path"])
        try:
            target = self._moved(path) if path else None
            status, copy = await self._look(path) if target is None else (301, None)
            if status == 404:
                path = path or folder(scope["raw_path"])
                target = await self._meant(path) if path else None
        except OSError:
            return await say(send, 503, *LATER, head)
        except Exception as error:  # of the store behind `gone` and `moved`, whatever it is: nobody else may tell
            log.error("cannot say what is gone or moved", reason=repr(error))
            return await say(send, 503, *LATER, head)
        if path and target is not None:
            await redirect(send, path, target, scope["query_string"], head)
        elif copy and status == 200:
            asked = asked_by(scope["headers"])
            opened = await self._opened(copy.path, asked)
            await self._answer(opened or copy, asked, scope, receive, _varied(send, copy.vary) if opened else send)
        else:
            body = copy.plain.body if copy else None
            policy = copy.policy if copy else STRICT
            headers = page(FRESH, policy) if status == 410 else page_of_nothing(policy)
            await say(send, status, self._not_found if body is None else body, headers, head)

    async def _look(self, path: str | None) -> tuple[int, Copy | None]:
        """The status of an answer and the file that is its body; None: `not_found` is. Raises what `gone` raises."""
        copy = await self._find(path)
        gone = copy is not None and _is_release(copy.path) and await asyncio.to_thread(self._gone, copy.path)
        if gone:
            copy = await self._find(path)  # what was found before the answer may have been the release itself
        return (410 if gone else 200, copy) if copy else (404, await self._find("404.html"))

    async def _meant(self, path: str) -> str | None:
        """The page of a topic or a release, where somebody leaves out what its address ends with, or writes a `/`."""
        page = f"{path.removesuffix('/')}.html"
        page = self._moved(page) or page
        return page if "." not in path and await self._find(page) else None

    async def _opened(self, path: str, asked: Asked) -> Copy | None:
        """The page instead of a feed, for who opens that in a browser; a feed reader never asks for a document."""
        page = page_of(path) if is_opened(asked) else None
        return await self._find(page) if page else None

    async def _answer(self, copy: Copy, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """In the order of RFC 9110 section 13.2.2. A part is always one of the plain bytes."""
        head = scope["method"] == "HEAD"  # for which there are no parts (section 14.2)
        part = None if head else part_of(copy, asked)
        form = copy.plain if part is not None else form_of(copy, asked)
        match, until = asked.get(b"if-match"), asked.get(b"if-unmodified-since")
        if failed(match, until, etag=form.etag, modified=copy.modified):
            return await say(send, 412, b"This is another version\n", PLAIN, head)
        if is_held(form, copy, asked):
            self._noted(copy, 304, asked, scope)
            await send(form.unchanged.message)
            return await send(END)
        if part is not None and not part:
            nowhere = (b"content-range", content_range(part, form.length))
            return await say(send, 416, b"This is shorter\n", (*PLAIN, nowhere))
        key = wanted_delta(copy, asked) if self._deltas is not None else None
        if self._deltas is not None and key and (delta := await self._deltas.of(key, copy.plain.length)):
            if not head:
                self._noted(copy, 226, asked, scope)
            begin, body = used(copy, form, delta, asked[b"if-none-match"])
            await send(begin.message)
            return await send_body(send, b"" if head else body)
        if part is None and not head:
            self._noted(copy, 200, asked, scope)
        if form.body is None and not head:
            return await self._stream(copy, scope, send, part, receive)
        await send(beginning(form, part))
        await send_body(send, b"" if head or form.body is None else form.body, part)

    def _noted(self, copy: Copy, status: int, asked: Asked, scope: Scope) -> None:
        if self._note:
            scope.setdefault("state", {})[NOTED] = True
            self._note((copy.path, copy.digest, status, asked))

    async def _find(self, path: str | None) -> Copy | None:
        """The file as it is now; None where there is none to be seen. Raises OSError where that cannot be said."""
        kind = kind_of(path) if path else None
        if path is None or kind is None:
            return None
        try:
            key = self._origin.key(path)
            return self._kept(path, key) or await self._read(path, key, kind, self._cache.get(path))
        except OSError as error:
            if error.errno not in {None, *_ABSENT}:
                raise
            self._cache.forget(path)
            return None

    def _kept(self, path: str, key: Key) -> Copy | None:
        copy = self._cache.get(path)
        return copy if copy and copy.key == key else None

    async def _read(self, path: str, key: Key, kind: Kind, earlier: Copy | None) -> Copy:
        """Read in a thread, once for all who ask meanwhile."""
        task = self._reading.get((path, key))
        if task is None:
            if kind.head and (link := self._link(path)):
                kind = replace(kind, whole=(*kind.whole, (b"link", link)))
            task = asyncio.create_task(self._threaded(partial(self._origin.read, path, kind, earlier)))
            self._reading[path, key] = task
            task.add_done_callback(lambda _: self._reading.pop((path, key)))
        copy = await task
        self._cache.keep(copy)
        return copy

    async def _threaded(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._origin.threads, work)

    async def _stream(
        self, copy: Copy, scope: Scope, send: Send, part: range | None = None, receive: Receive = _nothing
    ) -> None:
        """From the disk, as fast as the reader takes it, and no further than there is one."""
        try:
            file = await self._threaded(partial(self._origin.open, copy))
        except OSError:
            return await say(send, 503, *LATER)
        if file is None:  # replaced since: begin again with the new one
            self._cache.forget(copy.path)
            return await self(scope, receive, send)
        with closing(file):
            await send(beginning(copy.plain, part))
            file.seek(part.start if part else 0)
            left = len(part) if part else copy.plain.length
            leaving = asyncio.create_task(_disconnected(receive))
            try:
                while not leaving.done() and (piece := await self._threaded(partial(file.read, min(_STREAMED, left)))):
                    left -= len(piece)
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send(END)
            finally:
                leaving.cancel()


def _uncounted(path: str, status: int) -> None:
    """Nobody asks how many there were."""


def _never(who: str, document: str, now: float, cost: float) -> float:
    """Nobody is refused."""
    return 0.0


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _varied(send: Send, vary: bytes) -> Send:
    """The answer is that of its address for documents alone."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, vary if name == b"vary" else value) for name, value in message["headers"]]
            message = {**message, "headers": headers}
        await send(message)

    return sending


def _is_release(path: str) -> bool:
    return path.startswith("releases/") and path.endswith(".html")

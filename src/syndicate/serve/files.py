"""The published folder as an ASGI application: GET and HEAD, whole files, validators, gzip; what is gone or moved."""

import asyncio
import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import structlog
from starlette.types import Message, Receive, Scope, Send

from syndicate.serve.address import locate
from syndicate.serve.answers import END, LATER, PAGE, PIECE, PLAIN, redirect, say, send_body
from syndicate.serve.cache import Cache, Copy, Head, Key, key_of, open_inside, read
from syndicate.serve.conditional import accepts_gzip, unchanged
from syndicate.serve.kinds import OPENED, Kind, kind_of, page_of

log = structlog.get_logger()

# Whatever the reason, it is not there. Anything else (too many open files, a failing disk) will pass: 503.
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENAMETOOLONG, errno.EISDIR, errno.ENXIO}
_READ = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"sec-fetch-dest"})


class _Asked(NamedTuple):
    """What of a request's headers the answer depends on. `opened`: as a document, in a browser."""

    accept: bytes
    none_match: bytes | None
    since: bytes | None
    opened: bool


class Files:
    """Serves `directory`, which may be changed at any time by files renamed into place.

    Each request asks the file system whether the copy in memory (of `capacity` bytes in all) is still the file. What is
    not there, or may not be seen, is answered by the folder's `404.html`, else by `not_found` (HTML, UTF-8): the same
    bytes and headers whatever was asked. `gone` and `moved`: see `create_app`.
    """

    def __init__(
        self,
        directory: Path,
        *,
        not_found: bytes,
        gone: Callable[[str], bool] = lambda _: False,
        moved: Callable[[str], str | None] = lambda _: None,
        capacity: int = 64 * 2**20,
    ) -> None:
        self._directory = os.path.abspath(directory)
        self._not_found = not_found
        self._gone = gone
        self._moved = moved
        self._cache = Cache(capacity)
        self._reading: dict[tuple[str, Key], asyncio.Task[Copy]] = {}

    def at_once(
        self, target: bytes, headers: Iterable[tuple[bytes, bytes]], *, head: bool
    ) -> tuple[bytes, bytes] | None:
        """The answer to a GET or HEAD where the copy in memory is the file still: its head as it goes out, but for Date
        and the empty line, and its body. None: `__call__` answers, whatever it is.

        `target` and `headers` as they came (RFC 9112 section 3.2.1), their names in lower case. Without a task, a scope
        and messages, which cost several times what is left.
        """
        path = None if b"?" in target or b"#" in target else locate(target)
        kind = kind_of(path) if path else None
        if path is None or kind is None or _is_release(path):
            return None
        try:
            if self._moved(path) is not None:
                return None
            copy = self._kept(path, self._key(path))
        except Exception:  # said, and told, by `__call__`, which fails as well
            return None
        asked = _asked(headers)
        if copy is None or (asked.opened and page_of(path)):
            return None
        begin, body = _chosen(copy, asked, head=head)
        return None if body is None or len(body) > PIECE else (begin.sent, body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = scope["method"] == "HEAD"
        if not head and scope["method"] != "GET":
            return await say(send, 405, b"Method not allowed\n", (*PLAIN, (b"allow", b"GET, HEAD")))
        path = locate(scope["raw_path"])
        try:
            target = self._moved(path) if path else None
            status, copy = await self._look(path) if target is None else (301, None)
        except OSError:
            return await say(send, 503, *LATER, head)
        except Exception as error:  # of the store behind `gone` and `moved`, whatever it is: nobody else may tell
            log.error("cannot say what is gone or moved", reason=repr(error))
            return await say(send, 503, *LATER, head)
        if path and target is not None:
            await redirect(send, path, target, scope["query_string"], head)
        elif copy and status == 200:
            asked = _asked(scope["headers"])
            page = await self._opened(copy.path, asked)
            await self._answer(page or copy, asked, scope, _varied(send) if page else send)
        else:
            body = copy.plain.body if copy else None
            await say(send, status, self._not_found if body is None else body, PAGE, head)

    async def _look(self, path: str | None) -> tuple[int, Copy | None]:
        """The status of an answer and the file that is its body; None: `not_found` is. Raises what `gone` raises."""
        copy = await self._find(path)
        gone = copy is not None and _is_release(copy.path) and await asyncio.to_thread(self._gone, copy.path)
        if gone:
            copy = await self._find(path)  # what was found before the answer may have been the release itself
        return (410 if gone else 200, copy) if copy else (404, await self._find("404.html"))

    async def _opened(self, path: str, asked: _Asked) -> Copy | None:
        """The page instead of a feed, for who opens that in a browser; a feed reader never asks for a document."""
        page = page_of(path) if asked.opened else None
        return await self._find(page) if page else None

    async def _answer(self, copy: Copy, asked: _Asked, scope: Scope, send: Send) -> None:
        begin, body = _chosen(copy, asked, head=scope["method"] == "HEAD")
        if body is None:
            return await self._stream(copy, scope, send)
        await send(begin.message)
        await send_body(send, body)

    async def _find(self, path: str | None) -> Copy | None:
        """The file as it is now; None where there is none to be seen. Raises OSError where that cannot be said."""
        kind = kind_of(path) if path else None
        if path is None or kind is None:
            return None
        try:
            key = self._key(path)
            return self._kept(path, key) or await self._read(path, key, kind, self._cache.get(path))
        except OSError as error:
            if error.errno not in {None, *_ABSENT}:
                raise
            self._cache.forget(path)
            return None

    def _key(self, path: str) -> Key:
        return key_of(os.stat(f"{self._directory}/{path}"))

    def _kept(self, path: str, key: Key) -> Copy | None:
        copy = self._cache.get(path)
        return copy if copy and copy.key == key else None

    async def _read(self, path: str, key: Key, kind: Kind, earlier: Copy | None) -> Copy:
        """Read in a thread, once for all who ask meanwhile."""
        task = self._reading.get((path, key))
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(read, self._directory, path, kind, earlier))
            self._reading[path, key] = task
            task.add_done_callback(lambda _: self._reading.pop((path, key)))
        copy = await task
        self._cache.keep(copy)
        return copy

    async def _stream(self, copy: Copy, scope: Scope, send: Send) -> None:
        try:
            file = await asyncio.to_thread(open_inside, self._directory, copy.path)
        except OSError:
            return await say(send, 503, *LATER)
        with file:
            if key_of(os.fstat(file.fileno())) != copy.key:  # replaced since: begin again with the new one
                return await self(scope, _never, send)
            await send(copy.plain.ok.message)
            while piece := await asyncio.to_thread(file.read, PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send(END)


def _chosen(copy: Copy, asked: _Asked, *, head: bool) -> tuple[Head, bytes | None]:
    """The head of the answer, and its body; None: it is to be streamed."""
    form = copy.gzip if copy.gzip and accepts_gzip(asked.accept) else copy.plain
    if unchanged(asked.none_match, asked.since, etag=form.etag, modified=copy.modified):
        return form.unchanged, b""
    return form.ok, b"" if head else form.body


def _varied(send: Send) -> Send:
    """The answer is that of its address for documents alone."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, OPENED if name == b"vary" else value) for name, value in message["headers"]]
            message = {**message, "headers": headers}
        await send(message)

    return sending


def _is_release(path: str) -> bool:
    return path.startswith("releases/") and path.endswith(".html")


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> _Asked:
    """The lines of a list are one list (RFC 9110 section 5.3)."""
    accept, none_match, since, opened = b"", None, None, False
    for name, value in headers:
        if name not in _READ:
            continue
        if name == b"accept-encoding":
            accept = accept + b"," + value if accept else value
        elif name == b"if-none-match":
            none_match = value if none_match is None else none_match + b"," + value
        elif name == b"if-modified-since":
            since = value
        else:
            opened = opened or value == b"document"
    return _Asked(accept, none_match, since, opened)


async def _never() -> Message:
    return {"type": "http.disconnect"}

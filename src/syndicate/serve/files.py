"""The published folder as an ASGI application: GET and HEAD, whole files, validators, gzip; what is gone or moved."""

import asyncio
import errno
import os
from collections.abc import Callable
from html import escape
from pathlib import Path

import structlog
from starlette.types import Message, Receive, Scope, Send

from syndicate.serve.address import locate, reference
from syndicate.serve.cache import Cache, Copy, Key, key_of, open_inside, read, start
from syndicate.serve.conditional import accepts_gzip, unchanged
from syndicate.serve.kinds import OPENED, REVALIDATE, Headers, Kind, kind_of, page_of

log = structlog.get_logger()

_PIECE = 256 * 1024  # bytes handed to the connection at once, so that a slow client holds no more than that
_END: Message = {"type": "http.response.body", "body": b""}
# Whatever the reason, it is not there. Anything else (too many open files, a failing disk) will pass: 503.
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENAMETOOLONG, errno.EISDIR, errno.ENXIO}
_PLAIN: Headers = ((b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"))
_LATER = (b"Try again later\n", (*_PLAIN, (b"retry-after", b"60"), (b"cache-control", b"no-store")))
# Of a page that is no published file: without validators, so that no condition makes a 304 of it.
_PAGE: Headers = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", REVALIDATE),
    (b"x-content-type-options", b"nosniff"),
)
_MOVED = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Moved</title>
<main>
<h1>Moved</h1>
<p>This has <a href="{0}">a new address</a>.</p>
<p lang="de">Dies hat <a href="{0}">eine neue Adresse</a>.</p>
</main>
</html>
"""


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = scope["method"] == "HEAD"
        if not head and scope["method"] != "GET":
            return await _say(send, 405, b"Method not allowed\n", (*_PLAIN, (b"allow", b"GET, HEAD")))
        path = locate(scope["raw_path"])
        try:
            target = self._moved(path) if path else None
            status, copy = await self._look(path) if target is None else (301, None)
        except OSError:
            return await _say(send, 503, *_LATER, head)
        except Exception as error:  # of the store behind `gone` and `moved`, whatever it is: nobody else may tell
            log.error("cannot say what is gone or moved", reason=repr(error))
            return await _say(send, 503, *_LATER, head)
        if path and target is not None:
            await _redirect(send, path, target, scope["query_string"], head)
        elif copy and status == 200:
            page = await self._opened(copy.path, scope)
            await self._answer(page or copy, scope, _varied(send) if page else send, head)
        else:
            body = copy.plain.body if copy else None
            await _say(send, status, self._not_found if body is None else body, _PAGE, head)

    async def _look(self, path: str | None) -> tuple[int, Copy | None]:
        """The status of an answer and the file that is its body; None: `not_found` is. Raises what `gone` raises."""
        copy = await self._find(path)
        gone = copy is not None and _is_release(copy.path) and await asyncio.to_thread(self._gone, copy.path)
        if gone:
            copy = await self._find(path)  # what was found before the answer may have been the release itself
        return (410 if gone else 200, copy) if copy else (404, await self._find("404.html"))

    async def _opened(self, path: str, scope: Scope) -> Copy | None:
        """The page instead of a feed, for who opens that in a browser; a feed reader never asks for a document."""
        page = page_of(path)
        return await self._find(page) if page and (b"sec-fetch-dest", b"document") in scope["headers"] else None

    async def _answer(self, copy: Copy, scope: Scope, send: Send, head: bool) -> None:
        accept, none_match, since = _asked(scope)
        form = copy.gzip if copy.gzip and accepts_gzip(accept) else copy.plain
        if unchanged(none_match, since, etag=form.etag, modified=copy.modified):
            await send(form.unchanged)
            await send(_END)
        elif form.body is None and not head:
            await self._stream(copy, scope, send)
        else:
            await send(form.ok)
            await (send(_END) if head or form.body is None else _send_body(send, form.body))

    async def _find(self, path: str | None) -> Copy | None:
        """The file as it is now; None where there is none to be seen. Raises OSError where that cannot be said."""
        kind = kind_of(path) if path else None
        if path is None or kind is None:
            return None
        try:
            key = key_of(os.stat(os.path.join(self._directory, path)))
            copy = self._cache.get(path)
            return copy if copy and copy.key == key else await self._read(path, key, kind, copy)
        except OSError as error:
            if error.errno not in {None, *_ABSENT}:
                raise
            self._cache.forget(path)
            return None

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
            return await _say(send, 503, *_LATER)
        with file:
            if key_of(os.fstat(file.fileno())) != copy.key:  # replaced since: begin again with the new one
                return await self(scope, _never, send)
            await send(copy.plain.ok)
            while piece := await asyncio.to_thread(file.read, _PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send(_END)


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


def _asked(scope: Scope) -> tuple[bytes, bytes | None, bytes | None]:
    """Accept-Encoding, If-None-Match and If-Modified-Since; the lines of a list are one list (RFC 9110 section 5.3)."""
    accept, none_match, since = b"", None, None
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accept = accept + b"," + value if accept else value
        elif name == b"if-none-match":
            none_match = value if none_match is None else none_match + b"," + value
        elif name == b"if-modified-since":
            since = value
    return accept, none_match, since


async def _say(send: Send, status: int, body: bytes, headers: Headers, head: bool = False) -> None:
    await send(start(status, (*headers, (b"content-length", b"%d" % len(body)))))
    await (send(_END) if head else _send_body(send, body))


async def _redirect(send: Send, path: str, target: str, query: bytes, head: bool) -> None:
    location = reference(path, target, query)
    kind = kind_of(target)
    headers: Headers = (*_PAGE, (b"location", location.encode()), *(kind.always if kind else ()))
    await _say(send, 301, _MOVED.format(escape(location)).encode(), headers, head)


async def _send_body(send: Send, body: bytes) -> None:
    if len(body) <= _PIECE:
        return await send({"type": "http.response.body", "body": body})
    for position in range(0, len(body), _PIECE):
        piece = body[position : position + _PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": position + _PIECE < len(body)})


async def _never() -> Message:
    return {"type": "http.disconnect"}

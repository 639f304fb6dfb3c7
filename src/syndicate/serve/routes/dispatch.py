"""From a request to its route and back: what is refused before a route is asked, and the threads in which it is.

A route that is slow delays neither published files, which are the event loop's, nor another route: each has at most so
many of the threads, and those that wait for one are counted.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from traceback import extract_tb
from typing import TypeVar

import structlog
from starlette.types import Receive, Scope, Send

from syndicate.errors import StoreError
from syndicate.publish import NEVER, SECURE, STRICT, Headers, policy_of
from syndicate.serve.answers import PLAIN, say_bare
from syndicate.serve.routes.query import fields
from syndicate.serve.routes.values import Answer, Request, Route

log = structlog.get_logger()
_T = TypeVar("_T")
_R = TypeVar("_R")

_THREADS = 16
_EACH = 6  # of one route at once
_WAITING = 64  # requests of one route, under way or waiting
_PIECE, _WHOLE = 10.0, 60.0  # seconds until more of a body must have come, and all of it
_TOLD = 60.0  # seconds between two lines of the log on one fault of a route
_LATER: Headers = (*PLAIN, (b"retry-after", b"5"))
_CLOSE = (b"connection", b"close")  # what is left of a body is not read
_USUAL: Headers = ((b"cache-control", NEVER), (b"referrer-policy", b"no-referrer"), *SECURE)  # the first of a name
_BODILESS = {204, 304}


class _BusyError(Exception):
    """More wait for this route than may."""


class Routes:
    """The routes of one server. The event loop's, but for the threads in which handlers are called."""

    def __init__(self, routes: Iterable[Route], base: Callable[[], str]) -> None:
        self._routes = {route.path: route for route in routes}
        self._base = base
        self._pool = ThreadPoolExecutor(_THREADS, "route")
        self._turns = {path: asyncio.Semaphore(_EACH) for path in self._routes}
        self._here = Counter[str]()
        self._told: dict[tuple[str, str], float] = {}

    def around(self, raw_path: bytes) -> Route | None:
        """That which answers for what is below it, of a path that names nothing: `/n/`, `/n//x`, `/n/%ff`."""
        above, slash, _ = raw_path[1:].partition(b"/")
        route = self._routes.get(above.decode("latin-1")) if slash else None
        return route if route and route.below else None

    def find(self, path: str) -> Route | None:
        """That of this very path, else the nearest one above it that answers for what is below."""
        route, above = self._routes.get(path), path
        while route is None and "/" in above:
            above = above.rpartition("/")[0]
            route = self._routes.get(above)
            route = route if route and route.below else None
        return route

    async def answer(self, route: Route, path: str, scope: Scope, receive: Receive, send: Send) -> bool:
        """Ask the route, within its bounds. False: it says nothing, so this is an address like any unknown one."""
        answer = await self._answer(route, path, scope, receive)
        if answer is None:
            return False
        body = b"" if scope["method"] == "HEAD" or answer.status in _BODILESS else answer.body
        await say_bare(send, answer.status, body, _with_usual(answer))
        return True

    async def _answer(self, route: Route, path: str, scope: Scope, receive: Receive) -> Answer | None:
        head = scope["method"] == "HEAD"
        method = "GET" if head else scope["method"]
        headers = _joined(scope["headers"])
        closing = (_CLOSE,) if headers.keys() & {b"content-length", b"transfer-encoding"} else ()
        if method not in route.methods:
            return Answer(405, (*PLAIN, (b"allow", route.allow), *closing), b"Method not allowed\n")
        query = fields(scope["query_string"])
        if query is None:
            return Answer(400, (*PLAIN, *closing), b"This query cannot be read\n")
        try:
            asks = route.refused if method != "GET" else None
            if asks and (refused := await self._in_turn(route, asks, path)):
                return replace(refused, headers=(*refused.headers, *closing))
            body = await _body(headers, receive, route.most)
            if isinstance(body, Answer):
                return body
            client = scope.get("client") or ("",)
            request = Request(method, path, query, headers, body, client[0], self._base(), head)
            return await self._in_turn(route, route.handle, request)
        except _BusyError:
            return Answer(503, (*_LATER, *closing), b"Try again later\n")
        except Exception as error:  # a fault of one request, whatever it is, must not be one of the server
            self._tell(route, error)
            return Answer(503, _LATER, b"Try again later\n")

    async def _in_turn(self, route: Route, act: Callable[[_T], _R], about: _T) -> _R:
        """In one of the route's threads. Who still sends a body is not waiting for one, and in nobody's way."""
        if self._here[route.path] >= _WAITING:
            raise _BusyError
        self._here[route.path] += 1
        try:
            async with self._turns[route.path]:
                return await asyncio.get_running_loop().run_in_executor(self._pool, act, about)
        finally:
            self._here[route.path] -= 1

    def _tell(self, route: Route, error: Exception) -> None:
        """Never what was asked, which may hold a token or somebody's words: errors quote what they are about."""
        now, kind = asyncio.get_running_loop().time(), type(error).__name__
        if now - self._told.get((route.path, kind), -_TOLD) < _TOLD:
            return
        self._told[route.path, kind] = now
        at = extract_tb(error.__traceback__)[-1:]
        where = f"{os.path.basename(at[0].filename)}:{at[0].lineno}" if at else ""
        reason = {"reason": str(error)} if isinstance(error, StoreError) else {}
        log.error("a route could not answer", route=route.path, error=kind, at=where, **reason)


def _with_usual(answer: Answer) -> Headers:
    """The headers of an answer, and what it says nothing of."""
    said = dict(answer.headers)
    is_page = said.get(b"content-type", b"").startswith(b"text/html")
    usual = dict([*reversed(_USUAL), (b"content-security-policy", policy_of(answer.body) if is_page else STRICT)])
    if answer.status in _BODILESS:
        usual.pop(b"content-security-policy")
    else:
        usual[b"content-length"] = b"%d" % len(answer.body)
    return (*answer.headers, *((name, value) for name, value in usual.items() if name not in said))


async def _body(headers: Mapping[bytes, bytes], receive: Receive, most: int) -> bytes | Answer:
    """The request's body; else what to say of it. Whoever sends one by drips is not waited for."""
    length = headers.get(b"content-length", b"0")
    too_large = Answer(413, (*PLAIN, _CLOSE), b"This is too large\n")
    if not length.isdigit() or int(length) > most:
        return too_large
    pieces, size = list[bytes](), 0
    try:
        async with asyncio.timeout(_WHOLE):
            while True:
                async with asyncio.timeout(_PIECE):
                    message = await receive()
                if message["type"] == "http.disconnect":  # what came is not the whole, and nobody hears
                    return Answer(400, (*PLAIN, _CLOSE), b"This is not whole\n")
                pieces.append(message.get("body", b""))
                size += len(pieces[-1])
                if size > most:
                    return too_large
                if not message.get("more_body", False):
                    return b"".join(pieces)
    except TimeoutError:
        return Answer(408, (*PLAIN, _CLOSE), b"This took too long\n")


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        joined[name] = joined[name] + b", " + value if name in joined else value
    return joined

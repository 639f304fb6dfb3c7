"""What answers: whether we are well, by ourselves; then routes; everything else from the published folder."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from syndicate.publish import NEVER, SECURE, Headers, Place
from syndicate.serve.address import locate
from syndicate.serve.answers import refuse, say, say_too_many
from syndicate.serve.counted import Counted
from syndicate.serve.deltas import Deltas, Make
from syndicate.serve.files import Files, Note
from syndicate.serve.limits import Limits, Rates
from syndicate.serve.routes import Route, Routes

NOT_FOUND = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Not found</title>
<main>
<h1>Not found</h1>
<p>There is nothing at this address. <a href="/">All topics</a></p>
<p lang="de">Unter dieser Adresse gibt es nichts. <a href="/">Alle Themen</a></p>
</main>
</html>
"""

_JSON: Headers = ((b"content-type", b"application/json"), (b"cache-control", NEVER), *SECURE)
_LATER: Headers = ((b"retry-after", b"5"),)


class Pages:
    """The application that `create_app` makes. `at_once`: see `Files.at_once`; the server asks it first."""

    def __init__(
        self,
        files: Files,
        ready: Callable[[], bool],
        routes: Routes,
        limits: Limits | None = None,
        counted: Counted | None = None,
    ) -> None:
        self._files = files
        self._counted = counted
        self._routes = routes
        self._limits = limits
        self._own = {"/healthz": lambda: True, "/readyz": ready}
        self.at_once = files.at_once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._counted:
            send = self._counted.counting(scope, send)
        own = self._own.get(scope["path"])
        if own is None:
            await self._answer(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await refuse(send)
        elif own():
            await say(send, 200, b'{"status":"ok"}', _JSON, scope["method"] == "HEAD")
        else:
            await say(send, 503, b'{"status":"not ready"}', (*_JSON, *_LATER), scope["method"] == "HEAD")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = locate(scope["raw_path"])
        route = self._routes.find(path) if path else self._routes.around(scope["raw_path"])
        path = path or (route.path if route else None)
        who = scope.get("state", {}).get("who", "")
        if who and self._limits:
            rate = route.rate if route else Rates.DOCUMENT
            if wait := self._limits.wait(who, path or "", rate):
                return await say_too_many(send, wait, scope["method"] == "HEAD")
            send = self._limits.counting(send, who, path or "", rate)
        if not (path and route and await self._routes.answer(route, path, scope, receive, send)):
            await self._files(scope, receive, send)


def create_app(  # size: each is asked of its own
    directory: Place,
    *,
    ready: Callable[[], bool] = lambda: True,
    not_found: bytes = NOT_FOUND,
    gone: Callable[[str], bool] = lambda _: False,
    moved: Callable[[str], str | None] = lambda _: None,
    routes: Iterable[Route] = (),
    base: Callable[[], str] = lambda: "/",
    note: Note | None = None,
    hub: Callable[[], str] = lambda: "",
    documents: Callable[[], int] | None = None,
    delta: Make | None = None,
    counted: Counted | None = None,
) -> Pages:
    """An ASGI application that serves the published folder, `/healthz`, `/readyz` and `routes`.

    `ready` is asked at each `/readyz`, in the event loop: it must answer at once. `not_found` is the page (HTML, UTF-8)
    where the folder has no `404.html`.

    `gone` and `moved` are asked for paths relative to the folder, like `releases/ID.html` and `gesundheit.atom`.
    `moved` gives the new path of what has one (301): asked at each request, in the event loop, so it must answer from
    memory. `gone` says whether the page of a release, which is there, is the notice of its withdrawal (410): asked in
    a thread, so it may read the store. Where either of them fails, the answer is 503.

    `note` is called with what was answered of the folder, in the event loop: it does no more than to keep that.

    `base`: the address below which everything is published, as it is now; what routes are told. `hub`: the address of
    the WebSub hub, where there is one: each head links it, and itself (RFC 8288; WebSub section 4).

    `documents` says how many are published: asked now, and about once a minute in a thread. By that it is bounded how
    much one client may ask (`buckets`); None: by nothing.

    `delta` makes what changed in a head since a version of it (`deltas.Make`), in a thread; None: nothing does.

    `counted` counts every answer that is not noted.
    """

    def link(path: str) -> bytes:
        return f'<{address}>; rel="hub", <{base()}{quote(path)}>; rel="self"'.encode() if (address := hub()) else b""

    limits = Limits(documents) if documents else None
    files = Files(
        directory,
        not_found=not_found,
        gone=gone,
        moved=moved,
        note=note,
        link=link,
        buckets=limits.buckets if limits else None,
        deltas=Deltas(delta) if delta else None,
        counted=counted,
    )
    return Pages(files, ready, Routes(routes, base), limits, counted)

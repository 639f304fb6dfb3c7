"""What answers: our own few addresses by Starlette, everything else from the published folder."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from syndicate.serve.files import Files

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

_NO_STORE = {"Cache-Control": "no-store"}


class Pages:
    """The application that `create_app` makes. `at_once`: see `Files.at_once`; the server asks it first."""

    def __init__(self, files: Files, own: Starlette) -> None:
        self._files = files
        self._own = own
        self._addresses = {route.path for route in own.routes if isinstance(route, Route)}
        self.at_once = files.at_once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The files stand before the router, not behind it: it would cost each of them more than the file does.
        answer: ASGIApp = self._own if scope["path"] in self._addresses else self._files
        await answer(scope, receive, send)


def create_app(
    directory: Path,
    *,
    ready: Callable[[], bool] = lambda: True,
    not_found: bytes = NOT_FOUND,
    gone: Callable[[str], bool] = lambda _: False,
    moved: Callable[[str], str | None] = lambda _: None,
) -> Pages:
    """An ASGI application that serves the published folder, `/healthz` and `/readyz`.

    `ready` is asked at each `/readyz`, in the event loop: it must answer at once. `not_found` is the page (HTML, UTF-8)
    where the folder has no `404.html`.

    `gone` and `moved` are asked for paths relative to the folder, like `releases/ID.html` and `gesundheit.atom`.
    `moved` gives the new path of what has one (301): asked at each request, in the event loop, so it must answer from
    memory. `gone` says whether the page of a release, which is there, is the notice of its withdrawal (410): asked in
    a thread, so it may read the store. Where either of them fails, the answer is 503.
    """

    own = Starlette(routes=[Route("/healthz", _healthz), Route("/readyz", partial(_readyz, ready=ready))])
    return Pages(Files(directory, not_found=not_found, gone=gone, moved=moved), own)


async def _healthz(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"}, headers=_NO_STORE)


async def _readyz(_: Request, *, ready: Callable[[], bool]) -> JSONResponse:
    if ready():
        return JSONResponse({"status": "ok"}, headers=_NO_STORE)
    return JSONResponse({"status": "not ready"}, status_code=503, headers=_NO_STORE | {"Retry-After": "5"})

"""`/n/…`: newsrooms' own feeds, and the files beside what stands there.

By a token in the address (`/n/TOKEN/gesundheit.atom`), or in a field that is in no log (`/n/gesundheit.atom` with
Authorization). Whoever shows none that is good is told the same whatever is there: 401, or below a token in the address
the 404 of any unknown one. No token leaves this file but to who has sent it.
"""

import re
import time
from collections.abc import Callable, Iterable

from syndicate.app import App
from syndicate.mediatypes import with_charset
from syndicate.model import Newsroom
from syndicate.publish import Headers, kind_of
from syndicate.rooms import Access, Refused, Rooms, Uses
from syndicate.serve.address import reference
from syndicate.serve.answers import PLAIN
from syndicate.serve.routes.document import document
from syndicate.serve.routes.values import Answer, Request, Route

ROOT = "n"
# What stands behind /n/ where no token does: a head, an archive page, a file.
_UNNAMED = re.compile(r"[^/]*|[a-z0-9-]{1,60}/[0-9]+\.[a-z.]+|media/[^/]+/[^/]+")
_PRIVATE = b"private, no-store"
_ALWAYS: Headers = ((b"referrer-policy", b"no-referrer"),)
_VARIES: Headers = (*_ALWAYS, (b"vary", b"authorization"))
_OF_FEEDS = {b"content-security-policy", b"x-content-type-options"}  # of what goes with published ones


class Newsrooms:
    """`tick` counts the seconds of failures."""

    def __init__(self, app: App, tick: Callable[[], float] = time.monotonic) -> None:
        self._rooms = Rooms(app.store, lambda: app.plan, app.clock)
        self._access = Access(app.store, tick)
        self._store = app.store
        self.uses = Uses(app.store, app.clock)

    def __call__(self, request: Request) -> Answer | None:
        path = request.path.partition("/")[2]
        try:
            if _UNNAMED.fullmatch(path):
                return self._by_header(request, path)
            return self._by_address(request, *path.split("/", 1))
        except Refused as refused:
            later: Headers = ((b"retry-after", b"%d" % refused.seconds), *_own(_VARIES))
            return Answer(429, later, b"Too many attempts\n")

    def _by_header(self, request: Request, path: str) -> Answer | None:
        newsroom = self._access.by_header(request.headers.get(b"authorization", b""), request.client)
        if newsroom is None:
            asks: Headers = ((b"www-authenticate", b'Basic realm="syndicate", charset="UTF-8", Bearer'), *_own(_VARIES))
            return Answer(401, asks, b"A token is needed\n")
        return self._answer(newsroom, request, f"{ROOT}/", path)

    def _by_address(self, request: Request, token: str, path: str) -> Answer | None:
        newsroom, exposed = self._access.by_address(token, request.client)
        if exposed:
            self.uses.exposed(exposed)
        return self._answer(newsroom, request, f"{ROOT}/{token}/", path) if newsroom else None

    def _answer(self, newsroom: Newsroom, request: Request, below: str, path: str) -> Answer | None:
        self.uses.used(newsroom)
        if path.startswith("media/"):
            return self._media(newsroom, request, path)
        recorded = self._store.newsrooms.recorded()
        made = self._rooms.feed(newsroom, below, path)
        if made is None:
            return None
        if made.moved is not None:
            return Answer(301, ((b"location", reference(path, made.moved).encode()), *_own(_VARIES)), b"Moved\n")
        found = made.document
        if found is None:
            return None
        kind = kind_of(path)
        more = tuple(each for each in kind.whole if each[0] in _OF_FEEDS) if kind else ()
        answer = _document(request, found.body, with_charset(found.media_type), more)
        if answer.status == 304 or not request.head:
            self.uses.fetched(newsroom, path, recorded)
        return answer

    def _media(self, newsroom: Newsroom, request: Request, path: str) -> Answer | None:
        _, _, rest = path.partition("/")
        digest, _, name = rest.partition("/")
        kind = kind_of(path)
        found = self._rooms.media(newsroom, digest, name) if kind and name and "/" not in name else None
        return _document(request, found.body, kind.media_type, kind.whole) if kind and found else None


def _document(request: Request, body: bytes, media_type: str, more: Headers) -> Answer:
    return document(request, body, media_type, cache_control=_PRIVATE, vary=b"authorization", more=(*_ALWAYS, *more))


def _own(more: Headers) -> Headers:
    """What goes with a refusal, with these instead of what they name."""
    names = {name for name, _ in more}
    return (*(each for each in PLAIN if each[0] not in names), *more)


def newsrooms(app: App) -> Iterable[Route]:
    return (Route(ROOT, Newsrooms(app), below=True),)

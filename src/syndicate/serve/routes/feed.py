"""`/feed.atom?topic=A&topic=B&q=words` and the other formats: feeds of several topics, or of what is found in them."""

from collections.abc import Iterable

from syndicate.app import App
from syndicate.combined import FEED, Feeds, asked
from syndicate.errors import SearchRefused
from syndicate.formats import FORMATS, Format
from syndicate.mediatypes import with_charset
from syndicate.publish import FRESH, REST, kind_of
from syndicate.serve.answers import PLAIN, sentence
from syndicate.serve.limits import Rates
from syndicate.serve.routes.document import document
from syndicate.serve.routes.values import Answer, Request, Route


class CombinedFeed:
    """In one format, which may be published no longer."""

    def __init__(self, app: App, feeds: Feeds, form: Format) -> None:
        self._app = app
        self._feeds = feeds
        self._form = form

    def __call__(self, request: Request) -> Answer | None:
        if self._form.name not in self._app.plan.publish.formats:
            return None
        try:
            wanted = asked(request.query, self._app.plan.renamed)
            if wanted.fields != request.query:
                return _moved(wanted.address("", request.path)) if self._feeds.there_is(wanted) else None
            found = self._feeds.feed(wanted, self._form.name)
        except SearchRefused as refused:
            return Answer(400, PLAIN, sentence(str(refused)))
        if found is None:
            return None
        kind = kind_of(request.path)
        more = (*kind.always, *kind.whole) if kind else ()
        itself = ((b"link", f'<{wanted.address(request.base, request.path)}>; rel="self"'.encode()),)
        return document(request, found.body, with_charset(found.media_type), cache_control=FRESH, more=(*itself, *more))


def _moved(address: str) -> Answer:
    kept = tuple(each for each in PLAIN if each[0] != b"cache-control")
    return Answer(301, ((b"location", address.encode()), (b"cache-control", REST), *kept), b"Moved\n")


def feeds(app: App) -> Iterable[Route]:
    made = Feeds(app.store, lambda: app.plan, app.clock)
    for form in FORMATS.values():
        yield Route(f"{FEED}.{form.suffix}", CombinedFeed(app, made, form), rate=Rates.MADE)

"""`/search?q=words`: what is found, for people."""

from collections.abc import Iterable

from syndicate.app import App
from syndicate.combined import SEARCH, Searches
from syndicate.mediatypes import TYPES, with_charset
from syndicate.publish import FRESH, NEVER, policy_of
from syndicate.serve.answers import page
from syndicate.serve.limits import Rates
from syndicate.serve.routes.document import document
from syndicate.serve.routes.values import Answer, Request, Route


class Search:
    def __init__(self, app: App) -> None:
        self._searches = Searches(app.store, lambda: app.plan)

    def __call__(self, request: Request) -> Answer | None:
        found = self._searches.page(request.query)
        if found is None:
            return None
        body, is_fine = found
        policy = policy_of(body)
        if not is_fine:
            return Answer(400, page(NEVER, policy), body)
        more = ((b"content-security-policy", policy), (b"x-robots-tag", b"noindex"))
        return document(request, body, with_charset(TYPES[".html"]), cache_control=FRESH, more=more)


def searches(app: App) -> Iterable[Route]:
    return (Route(SEARCH, Search(app), rate=Rates.MADE),)

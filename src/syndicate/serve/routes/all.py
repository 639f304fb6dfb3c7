"""Which families of routes there are: one row each."""

from collections.abc import Callable, Iterable

from syndicate.app import App
from syndicate.combined import FEED, SEARCH
from syndicate.formats import FORMATS
from syndicate.model import HUB
from syndicate.serve.answers import LATER
from syndicate.serve.routes.feed import feeds
from syndicate.serve.routes.hub import hub_routes
from syndicate.serve.routes.newsrooms import ROOT, newsrooms
from syndicate.serve.routes.search import searches
from syndicate.serve.routes.values import Answer, Request, Route
from syndicate.serve.routes.websub import CALLBACKS, callbacks

FAMILIES: tuple[Callable[[App], Iterable[Route]], ...] = (
    newsrooms,
    callbacks,
    hub_routes,
    feeds,
    searches,
)


def routes_of(app: App) -> tuple[Route, ...]:
    """Of every family, for a program whose store is open."""
    return tuple(route for family in FAMILIES for route in family(app))


def routes_without_store() -> tuple[Route, ...]:
    """The same addresses while the store cannot be used: each answers 503, whoever asks, and no body is read.

    The 404 of an unknown address would end subscriptions: a newsroom's in its feed reader, ours at others' hubs.
    """
    paths = {ROOT: True, CALLBACKS: True, HUB: False, SEARCH: False} | {
        f"{FEED}.{form.suffix}": False for form in FORMATS.values()
    }
    return tuple(Route(path, _later, ("GET", "POST"), below, refused=_later) for path, below in paths.items())


def _later(_: Request | str) -> Answer:
    body, headers = LATER
    return Answer(503, headers, body)

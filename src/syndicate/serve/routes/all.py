"""Which families of routes there are: one row each."""

from collections.abc import Callable, Iterable

from syndicate.app import App
from syndicate.serve.routes.feed import feeds
from syndicate.serve.routes.hub import hub_routes
from syndicate.serve.routes.newsrooms import newsrooms
from syndicate.serve.routes.search import searches
from syndicate.serve.routes.values import Route
from syndicate.serve.routes.websub import callbacks

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

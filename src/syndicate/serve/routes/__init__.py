"""What is answered by asking the store, beside the published folder: one file for each family of routes.

values (Request, Answer, Route) › query, document, all (which families there are) › dispatch (in threads, with bounds)
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.serve.routes.all import routes_of, routes_without_store
    from syndicate.serve.routes.dispatch import Routes
    from syndicate.serve.routes.document import document
    from syndicate.serve.routes.newsrooms import Newsrooms
    from syndicate.serve.routes.query import fields
    from syndicate.serve.routes.values import Answer, Request, Route

__all__ = [
    "Answer",
    "Newsrooms",
    "Request",
    "Route",
    "Routes",
    "document",
    "fields",
    "routes_of",
    "routes_without_store",
]

by_need(
    __name__,
    {
        "all": ("routes_of", "routes_without_store"),
        "dispatch": ("Routes",),
        "document": ("document",),
        "newsrooms": ("Newsrooms",),
        "query": ("fields",),
        "values": ("Answer", "Request", "Route"),
    },
)

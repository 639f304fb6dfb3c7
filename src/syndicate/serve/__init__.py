"""What readers get: the published folder over HTTP, and whether we are well.

address › files (origins, cache, conditional, ranges, answers), routes › app › server (door, connection)
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.publish import NEVER, PUBLISHED, SECURE, Headers, Kind, kind_of, policy_of
    from syndicate.serve.address import locate, reference
    from syndicate.serve.answers import PLAIN, refuse, say
    from syndicate.serve.app import Pages, create_app
    from syndicate.serve.buckets import HELD, WHOLE, Buckets
    from syndicate.serve.cache import STREAMED, Cache, read
    from syndicate.serve.clients import Clients, speaks_for_others
    from syndicate.serve.conditional import accepts_gzip, failed, goes_on, unchanged
    from syndicate.serve.counted import Counted, kind_of_request
    from syndicate.serve.door import Door
    from syndicate.serve.files import Files, Note
    from syndicate.serve.limits import Rates, files_in
    from syndicate.serve.observed import Observed, answered
    from syndicate.serve.ranges import wanted
    from syndicate.serve.routes import (
        Answer,
        Newsrooms,
        Request,
        Route,
        document,
        fields,
        routes_of,
        routes_without_store,
    )
    from syndicate.serve.server import Server, State

__all__ = [
    "HELD",
    "NEVER",
    "PLAIN",
    "PUBLISHED",
    "SECURE",
    "STREAMED",
    "WHOLE",
    "Answer",
    "Buckets",
    "Cache",
    "Clients",
    "Counted",
    "Door",
    "Files",
    "Headers",
    "Kind",
    "Newsrooms",
    "Note",
    "Observed",
    "Pages",
    "Rates",
    "Request",
    "Route",
    "Server",
    "State",
    "accepts_gzip",
    "answered",
    "create_app",
    "document",
    "failed",
    "fields",
    "files_in",
    "goes_on",
    "kind_of",
    "kind_of_request",
    "locate",
    "policy_of",
    "read",
    "reference",
    "refuse",
    "routes_of",
    "routes_without_store",
    "say",
    "speaks_for_others",
    "unchanged",
    "wanted",
]

by_need(
    __name__,
    {
        "address": ("locate", "reference"),
        "answers": ("PLAIN", "refuse", "say"),
        "app": ("Pages", "create_app"),
        "buckets": ("HELD", "WHOLE", "Buckets"),
        "cache": ("STREAMED", "Cache", "read"),
        "clients": ("Clients", "speaks_for_others"),
        "conditional": ("accepts_gzip", "failed", "goes_on", "unchanged"),
        "counted": ("Counted", "kind_of_request"),
        "door": ("Door",),
        "files": ("Files", "Note"),
        "syndicate.publish": ("NEVER", "PUBLISHED", "SECURE", "Headers", "Kind", "kind_of", "policy_of"),
        "limits": ("Rates", "files_in"),
        "observed": ("Observed", "answered"),
        "ranges": ("wanted",),
        "routes": (
            "Answer",
            "Newsrooms",
            "Request",
            "Route",
            "document",
            "fields",
            "routes_of",
            "routes_without_store",
        ),
        "server": ("Server", "State"),
    },
)

"""The one place that dials. Bounded, guarded GET and POST: `Client.get(url) -> Answer`, or FetchError with the reason.

Everything that httpx or httpcore is used for is in this package; `library` alone imports them, and a command that asks
nobody does not pay for it.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.client.body import ACCEPT_ENCODING, body
    from syndicate.client.client import MAX_REDIRECTS, Answer, Client, Limits, Permit, server_of
    from syndicate.client.dial import resolve
    from syndicate.client.guard import permitted
    from syndicate.client.hop import PERMANENT
    from syndicate.client.page_delay import PageDelay
    from syndicate.client.reason import quoted, reason_alone, shown

__all__ = [
    "ACCEPT_ENCODING",
    "MAX_REDIRECTS",
    "PERMANENT",
    "Answer",
    "Client",
    "Limits",
    "PageDelay",
    "Permit",
    "body",
    "permitted",
    "quoted",
    "reason_alone",
    "resolve",
    "server_of",
    "shown",
]

by_need(
    __name__,
    {
        "body": ("ACCEPT_ENCODING", "body"),
        "client": ("MAX_REDIRECTS", "Answer", "Client", "Limits", "Permit", "server_of"),
        "dial": ("resolve",),
        "guard": ("permitted",),
        "hop": ("PERMANENT",),
        "page_delay": ("PageDelay",),
        "reason": ("quoted", "reason_alone", "shown"),
    },
)

"""Signed webhooks: each thing that happens to a release, told to an address of the operator's.

settled    which hooks there are
payload    what is sent, and its signature
names      what events and hooks are known by
errands    what is due, and what came of it: a kind of errand
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.webhooks.errands import Notices
    from syndicate.webhooks.names import key_of, named
    from syndicate.webhooks.payload import VERSION, headers, of_alarm, of_release, queued, signature
    from syndicate.webhooks.settled import settle

__all__ = [
    "VERSION",
    "Notices",
    "headers",
    "key_of",
    "named",
    "of_alarm",
    "of_release",
    "queued",
    "settle",
    "signature",
]

by_need(
    __name__,
    {
        "errands": ("Notices",),
        "names": ("key_of", "named"),
        "payload": ("VERSION", "headers", "of_alarm", "of_release", "queued", "signature"),
        "settled": ("settle",),
    },
)

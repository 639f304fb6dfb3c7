"""WebSub (W3C Recommendation, 23 January 2018), as a hub and as a subscriber.

protocol    what a request asks, what a hub asks back, signatures, the Link header
subscriber  what is to become of our own subscriptions
callbacks   those, asked for, confirmed, and what they push
"""

from syndicate.websub.callbacks import answer_of, is_awaited, reconcile, send, take
from syndicate.websub.protocol import (
    DEFAULT_LEASE,
    LEASES,
    MOST_SECRET,
    SIGNED_BY,
    Asked,
    BadRequest,
    agrees,
    asked,
    challenged,
    denied,
    fields,
    form,
    link_header,
    linked,
    signature,
)

__all__ = [
    "DEFAULT_LEASE",
    "LEASES",
    "MOST_SECRET",
    "SIGNED_BY",
    "Asked",
    "BadRequest",
    "agrees",
    "answer_of",
    "asked",
    "challenged",
    "denied",
    "fields",
    "form",
    "is_awaited",
    "link_header",
    "linked",
    "reconcile",
    "send",
    "signature",
    "take",
]

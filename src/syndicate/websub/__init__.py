"""WebSub (W3C Recommendation, 23 January 2018), as a hub and as a subscriber.

protocol    what a request asks, what a hub asks back, signatures, the Link header. Pure
hub         what our hub says to a request
questions   does who has asked mean it
pushes      what is new, brought to those who subscribe
pings       another hub is told of what has changed
subscriber  what is to become of our own subscriptions
callbacks   those, asked for, confirmed, and what they push
"""

from syndicate.websub.callbacks import answer_of, is_awaited, reconcile, send, take
from syndicate.websub.hub import MOST, MOST_OF_HOST, MOST_WAITING, Refusal, head_of, host_of, request
from syndicate.websub.pings import Pings
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
    signature,
)
from syndicate.websub.pushes import SLOW, Pushes, pause
from syndicate.websub.questions import Questions

__all__ = [
    "DEFAULT_LEASE",
    "LEASES",
    "MOST",
    "MOST_OF_HOST",
    "MOST_SECRET",
    "MOST_WAITING",
    "SIGNED_BY",
    "SLOW",
    "Asked",
    "BadRequest",
    "Pings",
    "Pushes",
    "Questions",
    "Refusal",
    "agrees",
    "answer_of",
    "asked",
    "challenged",
    "denied",
    "fields",
    "form",
    "head_of",
    "host_of",
    "is_awaited",
    "link_header",
    "pause",
    "reconcile",
    "request",
    "send",
    "signature",
    "take",
]

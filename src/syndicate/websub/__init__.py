"""WebSub (W3C Recommendation, 23 January 2018): what goes over the wire. Pure so far.

protocol    what a request asks, what a hub asks back, signatures, the Link header
"""

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
    "asked",
    "challenged",
    "denied",
    "fields",
    "form",
    "link_header",
    "linked",
    "signature",
]

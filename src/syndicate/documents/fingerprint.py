"""Of what a document is made beside the releases."""

from hashlib import sha256

from syndicate import __version__
from syndicate.model import Plan


def fingerprint(plan: Plan) -> str:
    """Another one: everything is rendered again."""
    publish = plan.publish
    parts = (
        __version__,
        plan.site,
        publish.formats,
        publish.html,
        publish.icon and sha256(publish.icon.body).hexdigest(),
        publish.page_size,
        plan.topics,
        publish.tombstones,
        publish.withdrawal_notice,
        sorted(plan.republished.items()),
        plan.hub,
    )
    return sha256(repr(parts).encode()).hexdigest()

"""Servers that asked to be left alone, whichever of our sources they told so."""

from datetime import datetime

from syndicate.fetch import Refused
from syndicate.store import Store


def resting(store: Store, now: datetime) -> dict[str, float]:
    """Whom no request may reach, and for how many seconds more: `Client.get(avoid=)`."""
    return {name: (until - now).total_seconds() for name, until in store.hosts.resting(now).items()}


def heed(error: Exception, store: Store, now: datetime) -> bool:
    """Leave the server alone that asked for it by this answer; whether one did. In the transaction that notes it."""
    if not (isinstance(error, Refused) and error.retry_after):
        return False
    store.hosts.leave_alone(error.server, error.retry_after, now)
    return True

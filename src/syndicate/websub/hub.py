"""What our hub says to a request: whether there is such a head, and whether there is room."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from syndicate.addresses import one_client
from syndicate.formats import head_named
from syndicate.model import Plan
from syndicate.store import Pending, Store
from syndicate.websub.protocol import Asked

MOST = 10_000  # subscriptions, with those that are asked for
MOST_OF_HOST = 1_000
MOST_WAITING = 10  # of one client
_AT_ONCE = timedelta(seconds=2)
_WAIT = f"{MOST_WAITING} of your requests wait for their verification"


class Refusal(NamedTuple):
    """`passes`: there is room as soon as others of his requests are verified, which takes no time so far."""

    status: HTTPStatus
    reason: str
    passes: bool = False


def head_of(plan: Plan, store: Store, topic: str) -> str | None:
    """The path of the published head that calls itself so, or that an earlier address leads to; None: none does."""
    path = topic.removeprefix(plan.site.base_url)
    head = head_named(path)
    if path == topic or head is None or not head[1].hub or head[1].name not in plan.publish.formats:
        return None
    name = plan.renamed.get(head[0], head[0])
    owners = store.outputs.of(document := f"{name}.{head[1].suffix}")
    return document if any((owner.kind, owner.id) == ("topic", name) for owner in owners) else None


def request(asked: Asked, plan: Plan, store: Store, client: str, now: datetime) -> Pending | Refusal:
    """What is to be verified, or why not. `client`: from where it was asked."""
    document, host, who = head_of(plan, store, asked.topic), host_of(asked.callback), one_client(client)
    subscriptions = store.subscriptions
    if document is None:
        return Refusal(HTTPStatus.NOT_FOUND, "hub.topic is no feed that is published here")
    if subscriptions.waiting(who) >= MOST_WAITING:
        since = subscriptions.waits_since(who)
        return Refusal(HTTPStatus.TOO_MANY_REQUESTS, _WAIT, passes=since is None or now - since < _AT_ONCE)
    if asked.mode == "subscribe" and not subscriptions.has(document, asked.callback):
        if subscriptions.of_host(host) >= MOST_OF_HOST:
            return Refusal(
                HTTPStatus.TOO_MANY_REQUESTS, f"this host has {MOST_OF_HOST:,} subscriptions: there is no more"
            )
        if subscriptions.count(MOST) >= MOST:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "there is no room for another subscription now")
    latest = store.versions.latest(document)
    return Pending(
        id=0,
        document=document,
        callback=asked.callback,
        mode=asked.mode,
        topic=asked.topic,
        host=host,
        secret=asked.secret,
        lease=asked.lease,
        token=asked.token,
        client=who,
        version=latest.id if latest else 0,
    )


def host_of(callback: str) -> str:
    return (urlsplit(callback).hostname or "").rstrip(".")

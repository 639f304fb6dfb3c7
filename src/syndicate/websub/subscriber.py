"""What is to become of our own subscriptions (W3C WebSub sections 4 to 6). Pure: no I/O, and the clock is handed in.

wanted       is a source to be pushed, and by whom
reconciled   what that makes of what there is
going        a request goes out: what holds until its hub has asked back
failed       it was not taken
confirmed    the hub has asked whether we mean it; or says that it will not
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from syndicate.model import Callback, FetchState, Hub, Plan, Source
from syndicate.polling import LONGEST_BACKOFF
from syndicate.urls import is_loopback_host, is_public_host, with_ascii_host

LEASE = timedelta(days=10)  # that we ask for
PATH = "websub"  # below base_url
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=3650)  # leases that are believed
_RENEWED = 0.75  # of a lease that has passed
_FIRST, _LAST = timedelta(minutes=5), timedelta(days=1)  # between two requests, doubled each time
_OTHER_HUB = 2  # requests without success, until the next one of several hubs is asked
_LEAVING = 5  # requests to end a subscription; then its lease is left to run out
_DENIED = timedelta(days=1)  # until a hub is asked again that would not


def wanted(source: Source, state: FetchState, plan: Plan) -> Hub | None:
    """Where it is to be pushed from; None where that cannot be, or nobody wants it.

    A hub has to reach us: where base_url is none of the web's, only one in the house can.
    """
    asked = source.enabled and source.url and source.hub and not (state.paused or state.gone)
    reached = source.allow_private or is_public_host(urlsplit(plan.site.base_url).hostname or "")
    return state.hub if asked and reached else None


def reconciled(
    hub: Hub | None, mine: Sequence[Callback], now: datetime, made: Callable[[Hub], Callback]
) -> Iterator[Callback]:
    """What has to be saved, of a source's callbacks (`mine`) and of one that is `made` where there is none.

    One that pushes goes on until its successor does: a hub that moves leaves no gap.
    """
    fitting = [each for each in mine if hub and each.state != "ending" and _fits(each, hub)]
    for each in fitting[1:]:
        yield ended(each, now)
    others = [each for each in mine if each not in fitting and each.state != "ending"]
    if hub is None or (fitting and fitting[0].since):
        yield from (ended(each, now) for each in others)
    elif hub and not fitting:
        yield from (ended(each, now) for each in others if each.since is None)
        yield made(hub)


def callback_of(source: Source, hub: Hub, now: datetime, random: Callable[[], str]) -> Callback:
    """A new one. What a source was allowed for its own host is allowed for a hub there, too."""
    return Callback(
        source=source.id,
        hub=hub.hubs[0],
        topic=hub.topic,
        token=random(),
        secret=random(),
        private=source.allow_private and _at_one_host(hub.hubs[0], source.url or ""),
        due=now,
    )


def going(callback: Callback, hubs: Sequence[str], now: datetime) -> Callback | None:
    """As it is while a request is under way, and until its hub has asked back; None: it is to be given up."""
    tries = callback.tries + 1
    if callback.state == "ending" and (tries > _LEAVING or callback.since is None):
        return None
    after = replace(callback, tries=tries, due=now + _pause(tries))
    if callback.state == "ending":
        return after
    if callback.until and callback.until <= now:  # nobody has renewed it
        after = replace(after, since=None, until=None)
    if after.since is None:
        others = [hub for hub in hubs if _at_one_host(hub, callback.hub) or not callback.private]
        after = replace(after, state="asked", hub=_turned(callback.hub, others) if tries > _OTHER_HUB else callback.hub)
    return after


def failed(callback: Callback, error: str, wait: float | None, now: datetime) -> Callback:
    """Its hub has not taken the request; `wait`: for how many seconds it wants to be left alone."""
    due = max(callback.due or now, now + min(timedelta(seconds=wait or 0), LONGEST_BACKOFF))
    return replace(callback, error=error, due=due)


def ended(callback: Callback, now: datetime) -> Callback:
    """We want no more of it."""
    return replace(callback, state="ending", due=now, tries=0)


def request(callback: Callback, base_url: str) -> bytes:
    """The form of section 5.1."""
    ending = callback.state == "ending"
    said = {
        "hub.callback": f"{base_url}{PATH}/{callback.token}",
        "hub.mode": "unsubscribe" if ending else "subscribe",
        "hub.topic": callback.topic,
    }
    if not ending:
        said |= {"hub.lease_seconds": f"{LEASE.total_seconds():.0f}", "hub.secret": callback.secret}
    return urlencode(said | {"hub.verify": "async"}).encode()  # hubs of PubSubHubbub 0.3 ask for the last


def confirmed(callback: Callback, said: Mapping[str, str], now: datetime) -> Callback | None:
    """As it is when a hub's question (section 5.3) is answered with yes; None: with no."""
    if said.get("hub.topic") != callback.topic or not said.get("hub.challenge"):
        return None
    mode, ending = said.get("hub.mode"), callback.state == "ending"
    if mode == "unsubscribe" and ending:
        return replace(callback, since=None, until=None, due=now)
    if mode != "subscribe" or ending:
        return None
    lease = _lease(said.get("hub.lease_seconds", ""))
    since = callback.since if callback.state == "active" and callback.since else now
    return replace(
        callback, state="active", since=since, until=now + lease, due=now + _RENEWED * lease, tries=0, error=None
    )


def denied(callback: Callback, said: Mapping[str, str], now: datetime) -> Callback | None:
    """As it is when its hub says that there is no subscription (section 5.2); None: it says nothing of it."""
    if said.get("hub.mode") != "denied" or said.get("hub.topic") != callback.topic or callback.state == "ending":
        return None
    reason = f"its hub will not: {said['hub.reason'][:200]}" if said.get("hub.reason") else "its hub will not"
    return replace(callback, state="denied", since=None, until=None, due=now + _DENIED, tries=0, error=reason)


def _fits(callback: Callback, hub: Hub) -> bool:
    return callback.topic == hub.topic and callback.hub in hub.hubs


def _turned(hub: str, hubs: Sequence[str]) -> str:
    return hubs[(hubs.index(hub) + 1) % len(hubs)] if hub in hubs else hub


def _pause(tries: int) -> timedelta:
    return min(_FIRST * (1 << min(tries - 1, 16)), _LAST)


def _lease(seconds: str) -> timedelta:
    """Where it is not said, that for which we asked."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) < 12):
        return LEASE
    return min(max(timedelta(seconds=int(seconds)), _SHORTEST), _LONGEST)


def _at_one_host(one: str, other: str) -> bool:
    """Whatever the ports, and whatever this machine is called."""
    hosts = {_host(one), _host(other)}
    return len(hosts) == 1 or all(host and is_loopback_host(host) for host in hosts)


def _host(url: str) -> str | None:
    return urlsplit(with_ascii_host(url)).hostname

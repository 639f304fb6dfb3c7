"""Our own subscriptions: asked for at hubs, confirmed when these ask back, and what they push, as it comes.

Nothing of it is shown: a callback's address is known to its hub alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from syndicate.client import server_of
from syndicate.errors import FetchError
from syndicate.fetch import failure
from syndicate.mediatypes import essence
from syndicate.model import Callback, FetchState, Hub, Plan, Push, Source
from syndicate.parse import hubs_of_header
from syndicate.polling import location
from syndicate.store import Store
from syndicate.text import squeeze
from syndicate.urls import feed_key
from syndicate.websub.protocol import FORM, agrees
from syndicate.websub.subscriber import (
    callback_of,
    confirmed,
    denied,
    failed,
    going,
    reconciled,
    request,
    wanted,
)

if TYPE_CHECKING:
    from syndicate.client import Answer, Client

_REDIRECTS = 3  # of a hub: 307 and 308
_MOST_WAITING = 16  # pushes of one source that are still to be ingested
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_CHALLENGE = 2_000  # characters of a challenge that are repeated


def reconcile(store: Store, plan: Plan, now: datetime, *, everyone: bool = False) -> None:
    """Make, end and leave subscriptions as the plan and the last polls have it.

    Of the sources of which a poll or a person has said something since (`callbacks.told`), or of `everyone`.
    """
    told, mine = {*store.callbacks.told()}, defaultdict[str, list[Callback]](list)
    if everyone:
        for each in store.callbacks.all():
            mine[each.source].append(each)
        states: Mapping[str, FetchState] = store.sources.with_hub()
        told |= mine.keys() | states.keys()
    elif told:
        mine |= {source: [*store.callbacks.of_source(source)] for source in told}
        states = {source: store.sources.state(source, files=False) for source in told}
    found = list[Callback]()
    for name in sorted(told):
        found += _reconciled(plan.by_id.get(name), states.get(name) or FetchState(source=name), mine[name], plan, now)
    if found or told:
        with store.transaction():
            for each in found:
                store.callbacks.save(each)
            store.callbacks.heard(told)


def _reconciled(
    source: Source | None, state: FetchState, mine: Sequence[Callback], plan: Plan, now: datetime
) -> Iterable[Callback]:
    if source is None:
        return reconciled(None, mine, now, _never)
    hub = wanted(source, location.recalled(state, source), plan)
    return reconciled(hub, mine, now, lambda there: callback_of(source, there, now, partial(token_urlsafe, 32)))


def _never(hub: Hub) -> Callback:
    raise AssertionError(f"nobody wants to be pushed by {hub.hubs}")


def send(identifier: int, *, store: Store, client: "Client", plan: Plan, now: datetime) -> str | None:
    """Ask a callback's hub for what is due of it. Why it would not; None where it has taken that, or nothing is due."""
    with store.transaction():
        callback = store.callbacks.get(identifier)
        if callback is None or callback.due is None or callback.due > now:
            return None
        if rests := store.sources.resting(now).get(_server(callback.hub)):
            store.callbacks.save(replace(callback, due=rests))
            return None
        hub = store.sources.state(callback.source, files=False).hub
        lapsed = callback.until is not None and callback.until <= now
        after = going(callback, hub.hubs if hub else (), now)
        if after is None:
            store.callbacks.drop(identifier)
            return None
        store.callbacks.save(after)  # should this never end, the hub is not asked again at once
    if lapsed:
        _hurry(store, plan, after.source, now)
    try:
        _ask(after, client, plan, store, now)
    except FetchError as error:
        reason = _TOKEN.sub("…", str(error))  # a hub may repeat the address of a callback, which is nobody else's
        with store.transaction():
            if found := store.callbacks.get(identifier):  # it may have asked back meanwhile
                store.callbacks.save(failed(found, reason, error.retry_after, now))
        return reason
    return None


def _ask(callback: Callback, client: "Client", plan: Plan, store: Store, now: datetime) -> None:
    """FetchError: why the hub has not taken it. That it wants to be left alone is known to all who ask its server."""
    form = request(callback, plan.site.base_url)
    source = plan.by_id.get(callback.source)
    answer = client.through(source.proxy if source else "").post(
        callback.hub, form, {"Content-Type": FORM}, allow_private=callback.private, redirects=_REDIRECTS
    )
    if not answer.fault:
        return
    error = failure(answer, now)
    if error.retry_after:
        store.sources.leave_alone(answer.server, error.retry_after, now)
    words = squeeze(answer.body[:500].decode("utf-8", "replace")) if _is_plain(answer) else ""
    raise FetchError(f"{error}: {words[:200]}" if words else str(error), retry_after=error.retry_after)


def _is_plain(answer: "Answer") -> bool:
    """Does it say why, in words (section 5.1)?"""
    return essence(answer.headers.get("content-type", "")) == "text/plain"


def _server(url: str) -> str:
    try:
        return server_of(url)
    except FetchError:  # asking it will say why
        return ""


def answer_of(token: str, query: Sequence[tuple[str, str]], store: Store, plan: Plan, now: datetime) -> str | None:
    """What a hub is answered that asks whether we mean it (section 5.3), or says that it will not; None: no."""
    said = dict(query)
    if not is_known(token, store) or len(said) < len(query):  # what is said twice is not understood
        return None
    with store.transaction():
        callback = store.callbacks.of_token(token)
        if callback is None:
            return None
        if after := denied(callback, said, now):
            store.callbacks.save(after)
            _hurry(store, plan, callback.source, now)
            return ""
        challenge = said.get("hub.challenge", "")
        after = confirmed(callback, said, now) if len(challenge) <= _CHALLENGE else None
        if after is None:
            return None
        if after.state == "ending":
            store.callbacks.drop(after.id)
        else:
            store.callbacks.save(after)
            store.callbacks.tell(after.source)  # what it takes the place of may end
        return challenge


def is_known(token: str, store: Store) -> bool:
    return bool(_TOKEN.fullmatch(token) and store.callbacks.of_token(token))


def is_awaited(token: str, store: Store) -> bool:
    """Is there a hub that may push there?"""
    return _awaited(token, store) is not None


def _awaited(token: str, store: Store) -> Callback | None:
    callback = store.callbacks.of_token(token) if _TOKEN.fullmatch(token) else None
    return None if callback is None or callback.state in ("ending", "denied") else callback


def take(token: str, headers: Mapping[bytes, bytes], body: bytes, store: Store, now: datetime) -> tuple[int, str]:
    """What is pushed, kept until it is ingested: the status of the answer, and of which source it is, if it is.

    Nothing of it is looked into before its signature is (section 7). Who does not know the secret is nobody to us.
    """
    callback = _awaited(token, store)
    if callback is None:
        return 410, ""
    if not agrees(headers.get(b"x-hub-signature", b"").decode("latin-1"), callback.secret, body):
        store.callbacks.refuse(callback)
        return 403, ""
    topic = hubs_of_header(headers.get(b"link", b"").decode("latin-1"), None).topic
    if topic and feed_key(topic) != feed_key(callback.topic):
        store.callbacks.refuse(callback)
        return 403, ""
    if store.callbacks.waiting(callback.source) >= _MOST_WAITING:
        return 503, ""
    media_type = headers.get(b"content-type", b"").decode("latin-1") or None
    coding = headers.get(b"content-encoding", b"").decode("latin-1")
    store.callbacks.keep(callback, Push(body=body, media_type=media_type, coding=coding, at=now))
    return 202, callback.source


def _hurry(store: Store, plan: Plan, source: str, now: datetime) -> None:
    """Nobody pushes it any more: it is asked as often as others."""
    if found := plan.by_id.get(source):
        store.sources.hurry(source, now + found.interval)

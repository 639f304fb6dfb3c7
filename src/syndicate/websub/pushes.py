"""What is new in a head, brought to those who subscribe to it (section 7).

Nothing is noted of a push before it is made: a subscription is due while what it has is older than what is published.
So a process that is killed between the two brings it again, once, and nothing is lost.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from syndicate import documents
from syndicate.client import Client, reason_alone
from syndicate.errors import ClientClosed, FetchError, StoreError
from syndicate.formats import head_named
from syndicate.mediatypes import with_charset
from syndicate.model import Delivered, Errand, Event, Plan, Undelivered
from syndicate.publish import target
from syndicate.store import Behind, Brought, Store, Subscription
from syndicate.websub.protocol import link_header, signature

SLOW = 2.0  # seconds: who takes longer waits in a lane of his own the next time
_FIRST, _LONGEST = timedelta(seconds=10), timedelta(hours=6)  # between two tries


class Parcel(NamedTuple):
    """What is brought to all who have the same version."""

    version: Behind
    body: bytes
    media_type: str
    hub: str
    private: bool


class Taken(NamedTuple):
    """`status` 0: there was no answer, and `reason` why."""

    subscription: Subscription
    version: int
    status: int
    reason: str
    seconds: float


class Pushes:
    def __init__(self, store: Store, client: Callable[[], Client], tell: Callable[[Event], object]) -> None:
        self._store = store
        self._client = client
        self._tell = tell
        self._made: dict[tuple[Behind, int], Parcel | None] = {}  # at the last look, by (what is there, what he has)

    def due(self, plan: Plan, now: datetime) -> Iterator[Errand]:
        """The bytes are made once for all who have the same version, and kept as long as some of them are due."""
        if not plan.has_own_hub:
            return
        before, self._made = self._made, {}
        self._store.subscriptions.expire(now)
        for behind in self._store.subscriptions.behind():
            for each in self._store.subscriptions.due(behind, now):
                step = (behind, each.delivered)
                if step not in self._made:
                    self._made[step] = before.get(step) or self._parcel(behind, each.delivered, plan, now)
                if parcel := self._made[step]:
                    key = ("push", each.id)
                    yield Errand(key=key, act=partial(self._bring, each, parcel), slow=each.slow)

    def _parcel(self, behind: Behind, since: int, plan: Plan, now: datetime) -> Parcel | None:
        """None: the head is not there just now, or shows nothing that did not stand there before."""
        held, latest = self._store.versions.get(since), self._store.versions.get(behind.version)
        if held and latest and not documents.is_news(held, latest):
            self._store.subscriptions.catch_up(behind, since)
            return None
        head = head_named(behind.document)
        if head is None or head[1].name not in plan.publish.formats:
            return None
        topic, form = head
        delta = documents.delta(self._store, plan, topic, form.name, held, now) if held else None
        body = delta.body if delta else _head(plan, behind.document)
        if body is None:
            return None
        return Parcel(behind, body, with_charset(form.media_type), plan.hub, plan.serve.hub_allow_private)

    def _bring(self, subscription: Subscription, parcel: Parcel) -> Taken:
        headers = {"Content-Type": parcel.media_type, "Link": link_header(parcel.hub, subscription.topic)}
        if subscription.secret:
            headers["X-Hub-Signature"] = signature(subscription.secret, parcel.body)
        started, status, reason = time.monotonic(), 0, ""
        try:
            answer = self._client().post(
                subscription.callback, parcel.body, headers, allow_private=parcel.private, most=0
            )
            status, reason = answer.status, answer.fault
        except ClientClosed:
            raise
        except FetchError as error:
            reason = reason_alone(error)
        return Taken(subscription, parcel.version.version, status, reason, time.monotonic() - started)

    def next(self) -> datetime | None:
        return self._store.subscriptions.next_push()

    def record(self, outcomes: Sequence[Taken], now: datetime) -> bool:
        """In a transaction. Whether something is due now that was not."""
        store = self._store.subscriptions
        gone = [each for each in outcomes if each.status == HTTPStatus.GONE]
        rest = [each for each in outcomes if each.status != HTTPStatus.GONE]
        store.end([each.subscription.id for each in gone])
        pushed = [_pushed(each, now) for each in rest]
        store.pushed(pushed, now)
        for each in gone:
            self._failed(each, None)
        for each, outcome in zip(rest, pushed, strict=True):
            if outcome.reason:
                self._failed(each, outcome.retry)
        taken = [each.subscription.document for each in rest if not each.reason]
        for document in dict.fromkeys(taken):
            self._tell(Delivered(what="push", of=document, number=taken.count(document)))
        return False

    def _failed(self, taken: Taken, again: datetime | None) -> None:
        its = taken.subscription
        self._tell(
            Undelivered(
                what="push",
                host=its.host,
                of=its.document,
                reason=taken.reason,
                again=again,
                failures=its.failures + 1,
            )
        )


def _head(plan: Plan, document: str) -> bytes | None:
    try:
        return target(plan.publish.directory, briefly=True).read(document)
    except StoreError:
        return None


def pause(failures: int) -> timedelta:
    """Before the next try, after so many in a row that failed."""
    return min(_FIRST * (1 << min(failures - 1, 20)), _LONGEST)


def _pushed(taken: Taken, now: datetime) -> Brought:
    slow = taken.seconds > SLOW
    if not taken.reason:
        return Brought(taken.subscription.id, taken.version, slow)
    retry = now + pause(taken.subscription.failures + 1)
    return Brought(taken.subscription.id, taken.version, slow, taken.reason, retry)

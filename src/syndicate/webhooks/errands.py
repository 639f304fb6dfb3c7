"""What is due at webhooks, and what came of it: a kind of errand.

Each hook hears of one event at a time, in the order in which they happened: who refuses one, or hangs, holds up what is
behind it, and no other hook. A row is there until it was taken, so a process that is killed sends one event again,
under the same id.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from syndicate import documents
from syndicate.client import Client, reason_alone
from syndicate.errors import FetchError
from syndicate.model import Delivered, Errand, Event, Plan, Undelivered, Webhook
from syndicate.store import Happened, Queued, Store
from syndicate.webhooks import payload
from syndicate.webhooks.names import named, subject
from syndicate.webhooks.settled import settle

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=24)  # between two tries
_DOUBLED = 11  # times the first pause, and it is the longest
KEPT = timedelta(days=3)  # that an event is tried to be told: longer than all pauses until the longest has passed
_SLOW = 2.0  # seconds: who takes longer waits in a lane of his own the next time
_PART = 1_000  # rows of what happened that are looked at in one transaction


class Sent(NamedTuple):
    """`fault`: why it was not taken; empty where it was."""

    queued: Queued
    fault: str
    seconds: float


class Notices:
    """Of one program. `due` costs a statement where nothing has happened, none where there are no hooks."""

    def __init__(self, store: Store, client: Callable[[], Client], tell: Callable[[Event], object]) -> None:
        self._store = store
        self._client = client
        self._tell = tell
        self._hooks: tuple[Webhook, ...] | None = None
        self._last = 0  # of what happened, looked at for all hooks
        self._slow = set[str]()
        self._next: datetime | None = None

    def due(self, plan: Plan, now: datetime) -> Iterator[Errand]:
        if plan.webhooks != self._hooks:
            settle(self._store, plan)
            self._hooks, self._last = plan.webhooks, 0
        if not plan.webhooks:
            return
        if (last := self._store.happened.last()) > self._last:
            self._queue(plan, last)
        hooks = {hook.url: hook for hook in plan.webhooks}
        for queued in self._store.webhooks.due(now):
            body = self._body(queued, plan)
            act = partial(self._send, hooks[queued.url], queued, body)
            yield Errand(key=("webhook", queued.url), act=act, slow=queued.url in self._slow)
        self._next = self._store.webhooks.next()

    def record(self, outcomes: Sequence[Sent], now: datetime) -> bool:
        """In a transaction. Whether something may be due now that was not: what is behind."""
        failures = {hook.url: hook.failures for hook in self._store.webhooks.list()}
        for queued, fault, seconds in outcomes:
            (self._slow.add if seconds > _SLOW else self._slow.discard)(queued.url)
            if queued.url not in failures:
                continue  # it is configured no more
            if fault:
                self._failed(queued, fault, failures[queued.url] + 1, now)
            else:
                self._store.webhooks.took(queued.url, queued.id)
                self._store.alarms.end("webhook", subject(queued.url))
                self._tell(Delivered(what="webhook", of=queued.event))
        return True

    def next(self) -> datetime | None:
        return self._next

    def _queue(self, plan: Plan, last: int) -> None:
        """Rows for what has happened, and that it was looked at: both or neither."""
        seen = min((hook.seen for hook in self._store.webhooks.list()), default=last)
        while seen < last:
            with self._store.transaction():
                since = {hook.url: hook.seen for hook in self._store.webhooks.list()}
                found = self._store.happened.since(seen, limit=_PART)
                seen = found[-1].id if len(found) == _PART else last
                rows = [
                    payload.queued(hook, each)
                    for each in found
                    for hook in plan.webhooks
                    if each.id > since[hook.url] and _wants(hook, each, plan)
                ]
                self._store.webhooks.queue(rows, seen)
        self._last = last

    def _body(self, queued: Queued, plan: Plan) -> bytes:
        if not queued.release:
            return payload.of_alarm(queued, plan)
        release = self._store.releases.get(queued.release)
        return payload.of_release(queued, release and documents.as_shown(self._store, plan, release), plan)

    def _send(self, hook: Webhook, queued: Queued, body: bytes) -> Sent:
        started = time.monotonic()
        told = payload.headers(hook.secret, body, queued, datetime.now(UTC))
        try:
            answer = self._client().post(hook.url, body, told, allow_private=hook.allow_private, most=0)
            fault = answer.fault
        except FetchError as error:
            fault = reason_alone(error)
        return Sent(queued, fault, time.monotonic() - started)

    def _failed(self, queued: Queued, fault: str, failures: int, now: datetime) -> None:
        shown, again = named(queued.url), now + pause(failures)
        self._store.webhooks.failed(queued.url, fault, again, now)
        lost = self._store.webhooks.give_up(queued.url, now - KEPT)
        if failures > _DOUBLED + 1 or lost:
            text = f"webhook {shown} takes nothing: {fault}; what is older than {KEPT.days} days is not sent any more"
            self._store.alarms.ring("webhook", subject(queued.url), text, now)
        self._tell(
            Undelivered(what="webhook", host=shown, of=queued.event, reason=fault, again=again, failures=failures)
        )


def pause(failures: int) -> timedelta:
    """Before the next try, after so many in a row that failed."""
    return LONGEST if failures > _DOUBLED else FIRST * 2 ** (failures - 1)


def _wants(hook: Webhook, happened: Happened, plan: Plan) -> bool:
    topics = {plan.renamed.get(topic, topic) for topic in hook.topics}
    return happened.kind in hook.events and (not topics or not topics.isdisjoint(happened.topics))

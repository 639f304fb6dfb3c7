"""Another hub is told of each head that has changed; it asks for it by itself (PubSubHubbub 0.4 section 7.1)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from syndicate.client import Client, reason_alone
from syndicate.errors import ClientClosed, FetchError
from syndicate.formats import FORMATS
from syndicate.model import Delivered, Errand, Event, Plan, Undelivered
from syndicate.store import Behind, Store
from syndicate.urls import without_secrets
from syndicate.websub.hub import host_of
from syndicate.websub.protocol import FORM
from syndicate.websub.pushes import pause

_REDIRECTS = 3
_ALARM = timedelta(hours=1)  # that it fails until a person is told


class Pinged(NamedTuple):
    """Which heads it was told of, and why not of all; empty where it was."""

    hub: str
    told: tuple[Behind, ...]
    reason: str


class Pings:
    """`again`, `since`, `failures`: of a hub that does not answer, as long as this process lives."""

    def __init__(self, store: Store, client: Callable[[], Client], tell: Callable[[Event], object]) -> None:
        self._store = store
        self._client = client
        self._tell = tell
        self._again: datetime | None = None
        self._since: datetime | None = None
        self._failures = 0
        self._clean = False  # is there surely no alarm of a hub that is no longer told

    def due(self, plan: Plan, now: datetime) -> Iterator[Errand]:
        hub = plan.hub
        if not hub or plan.has_own_hub:
            self._forget()
        if not hub or plan.has_own_hub or (self._again and now < self._again):
            return
        formats = [FORMATS[name] for name in plan.publish.formats if FORMATS[name].hub]
        heads = [f"{row.id}.{form.suffix}" for row in self._store.feeds.list() for form in formats]
        if behind := self._store.subscriptions.unpinged(hub, heads):
            yield Errand(key="ping", act=partial(self._ping, hub, behind, plan))

    def _forget(self) -> None:
        if not self._clean:
            self._clean, self._failures, self._again, self._since = True, 0, None, None
            self._store.alarms.end("hub", "")

    def _ping(self, hub: str, heads: Sequence[Behind], plan: Plan) -> Pinged:
        told = list[Behind]()
        for head in heads:
            address = f"{plan.site.base_url}{head.document}"
            body = urlencode({"hub.mode": "publish", "hub.url": address, "hub.topic": address}).encode()
            try:
                answer = self._client().post(
                    hub,
                    body,
                    {"Content-Type": FORM},
                    allow_private=plan.serve.hub_allow_private,
                    redirects=_REDIRECTS,
                )
            except ClientClosed:
                break  # what it was told of is so
            except FetchError as error:
                return Pinged(hub, tuple(told), reason_alone(error))
            if answer.fault:
                return Pinged(hub, tuple(told), answer.fault)
            told.append(head)
        return Pinged(hub, tuple(told), "")

    def record(self, outcomes: Sequence[Pinged], now: datetime) -> bool:
        """In a transaction. Whether something is due now that was not."""
        for hub, told, fault in outcomes:
            self._store.subscriptions.pinged(hub, told)
            for head in told:
                self._tell(Delivered(what="ping", of=head.document))
            if fault:
                self._failed(hub, fault, now)
            else:
                self._failures, self._again, self._since = 0, None, None
                self._store.alarms.end("hub", "")
        return True

    def _failed(self, hub: str, fault: str, now: datetime) -> None:
        self._failures += 1
        self._clean = False
        self._since = self._since or now
        self._again = now + pause(self._failures)
        self._tell(
            Undelivered(what="ping", host=host_of(hub), of="", reason=fault, again=self._again, failures=self._failures)
        )
        if now - self._since >= _ALARM:
            text = f"the hub {without_secrets(hub)} is not told of what changes: {fault}"
            self._store.alarms.ring("hub", "", text, now)

    def next(self) -> datetime | None:
        return self._again

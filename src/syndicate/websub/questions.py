"""Does who has asked for it mean it? Each is asked at his callback, one at a time of a host (section 5.3)."""

import hmac
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from syndicate.client import Client, reason_alone
from syndicate.errors import ClientClosed, FetchError
from syndicate.model import Errand, Event, Plan, Undelivered, Verified
from syndicate.store import Pending, Store
from syndicate.websub.protocol import Asked, challenged, denied

_CHALLENGE = 32  # bytes
_PAUSES = (timedelta(seconds=10), timedelta(minutes=1))  # before he is asked again, where nobody answered
_ENDED = "the publisher has ended this subscription"


class Answered(NamedTuple):
    """`reason` why he did not say so; empty where he did. `again`: he may yet."""

    pending: Pending
    reason: str = ""
    again: bool = False


class Questions:
    """The verifications of our hub."""

    def __init__(self, store: Store, client: Callable[[], Client], tell: Callable[[Event], object]) -> None:
        self._store = store
        self._client = client
        self._tell = tell

    def due(self, plan: Plan, now: datetime) -> Iterator[Errand]:
        if not plan.has_own_hub:
            return
        for pending in self._store.subscriptions.pending(now):
            private = plan.serve.hub_allow_private
            yield Errand(key=("question", pending.host), act=partial(self._ask, pending, private))

    def _ask(self, pending: Pending, private: bool) -> Answered:
        if pending.mode == "denied":
            return self._deny(pending, private)
        challenge = secrets.token_hex(_CHALLENGE)
        question = challenged(_asked(pending), challenge)
        try:
            answer = self._client().get_once(question, headers={"Accept": "*/*"}, allow_private=private)
        except ClientClosed:
            raise
        except FetchError as error:
            return Answered(pending, reason_alone(error), again=True)
        if answer.fault:
            return Answered(pending, answer.fault, answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR)
        if not hmac.compare_digest(answer.body, challenge.encode()):
            return Answered(pending, "answered with another challenge than it was asked with")
        return Answered(pending)

    def _deny(self, pending: Pending, private: bool) -> Answered:
        """Once, whatever he says to it."""
        try:
            self._client().get_once(denied(pending.callback, pending.topic, _ENDED), allow_private=private)
        except ClientClosed:
            raise
        except FetchError as error:
            return Answered(pending, reason_alone(error))
        return Answered(pending)

    def next(self) -> datetime | None:
        return self._store.subscriptions.next_question()

    def record(self, outcomes: Sequence[Answered], now: datetime) -> bool:
        """In a transaction. Whether something is due now that was not."""
        for pending, fault, again in outcomes:
            pause = _PAUSES[pending.tries] if again and pending.tries < len(_PAUSES) else None
            until = now + pause if pause else None
            if pending.mode == "denied":
                self._store.subscriptions.settle(pending)
                continue
            if not fault:
                self._store.subscriptions.confirm(pending, now)
                self._tell(Verified(mode=pending.mode, host=pending.host, document=pending.document))
                continue
            if until:
                self._store.subscriptions.try_later(pending, until)
            else:
                self._store.subscriptions.settle(pending)
            what, failures = f"question whether to {pending.mode}", pending.tries + 1
            self._tell(
                Undelivered(
                    what=what,
                    host=pending.host,
                    of=pending.document,
                    reason=fault,
                    again=until,
                    failures=failures,
                    by_stranger=True,
                )
            )
        return True


def _asked(pending: Pending) -> Asked:
    return Asked(
        mode="subscribe" if pending.mode == "subscribe" else "unsubscribe",
        topic=pending.topic,
        callback=pending.callback,
        lease=pending.lease,
        token=pending.token,
    )

"""A person is told when something comes to need one, and when nothing does any more: by mail, and by webhooks.

What is told stands in the store, so that a start tells nothing twice. Nothing that goes outside names a release that is
held by more than its id.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from syndicate import client
from syndicate.app.needs import Need
from syndicate.app.status import needing
from syndicate.doors import ByName
from syndicate.errors import MailError
from syndicate.model import Alarming, Delivered, Errand, Event, Plan, Undelivered
from syndicate.store import Queued, Store
from syndicate.text import clean, count, squeeze
from syndicate.webhooks import key_of

if TYPE_CHECKING:
    from email.message import EmailMessage

# By name: few have mail, and it brings a good part of the standard library.
letter = ByName("syndicate.app.letter", "letter")
hand_in = ByName("syndicate.mail", "send")

_FIRST = timedelta(seconds=10)  # after a start
_OVERDUE = timedelta(minutes=15)  # after a start: whom nobody asked while nobody ran is asked before he is missed
_LOOK = timedelta(minutes=1)
_TURN = timedelta(minutes=15)  # between two mails, at least
_MORE = timedelta(hours=1)  # until one that there is more of it
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))  # between two tries
_MAIL, _HOOK = "mail", "webhook"  # what of ours has failed is told by the other one
_LONGEST = 500  # characters of a line

Key = tuple[str, str]  # kind and subject


@dataclass(frozen=True)
class Told:
    """What was told: to webhooks with its words, by mail (at what time) by what it is."""

    hooks: Mapping[Key, str] = field(default_factory=dict)
    mail: frozenset[Key] = frozenset()
    at: datetime | None = None


class Sent(NamedTuple):
    """A mail that was sent, of these; `fault`: why not."""

    needs: frozenset[Key]
    alarm: Alarming
    fault: str


class Telling:
    """A kind of errand (`errands_of`). Where nobody is to be told, nothing is looked at."""

    def __init__(self, store: Store, posting: Callable[[], "client.Client"], tell: Callable[[Event], object]) -> None:
        self._store = store
        self._tell = tell
        self._next: datetime | None = None
        self._since: datetime | None = None  # when it was first asked what is due
        self._again: datetime | None = None
        self._failures = 0

    def due(self, plan: Plan, now: datetime) -> Iterator[Errand]:
        hooks = [hook.url for hook in plan.webhooks if "alarm" in hook.events]
        if not (hooks or plan.alarm.mail):
            self._next = None
            return
        self._since = self._since or now
        self._next = self._next or now + _FIRST
        if now < self._next:
            return
        self._next = now + _LOOK
        needs = needs_of(plan, self._store, now, early=now - self._since < _OVERDUE)
        told = self._recall()
        later = self._told_hooks(told, needs, hooks, now)
        if needs and not later.mail <= needs.keys():  # what comes again is news
            later = replace(later, mail=later.mail & needs.keys())
            self._remember(later)
        if plan.alarm.mail and self._is_to_be_mailed(later, needs, now):
            fresh = needs.keys() - later.mail
            message = letter(plan, needs, fresh, now)
            yield Errand(key="mail", act=partial(_send, message, plan.alarm, frozenset(needs)))

    def record(self, outcomes: Sequence[Sent], now: datetime) -> bool:
        """In a transaction. Whether something may be due now that was not."""
        for needs, alarm, fault in outcomes:
            if fault:
                self._failed(alarm, fault, now)
                continue
            self._failures, self._again = 0, None
            self._remember(replace(self._recall(), mail=needs, at=now))
            self._store.alarms.end(_MAIL, "")
            self._tell(Delivered(what="mail", of=count(len(needs), "need")))
        return False

    def next(self) -> datetime | None:
        return self._next

    def _failed(self, alarm: Alarming, fault: str, now: datetime) -> None:
        self._again = now + _PAUSES[min(self._failures, len(_PAUSES) - 1)]
        self._failures += 1
        self._store.alarms.ring(_MAIL, "", f"mail cannot be sent: {fault}", now)
        host = urlsplit(alarm.smtp).hostname or ""
        self._tell(Undelivered(what="mail", host=host, of="", reason=fault, again=self._again, failures=self._failures))

    def _is_to_be_mailed(self, told: Told, needs: Mapping[Key, str], now: datetime) -> bool:
        if self._again and now < self._again:
            return False
        turned, more = bool(needs) != bool(told.mail), needs.keys() - told.mail
        pause = _TURN if turned else _MORE
        return bool(turned or more) and (told.at is None or not timedelta() <= now - told.at < pause)

    def _told_hooks(self, told: Told, needs: Mapping[Key, str], hooks: Sequence[str], now: datetime) -> Told:
        """What has come and what is over, as events: queued with that it was."""
        wanted = {key: text for key, text in needs.items() if key[0] != _HOOK}
        if wanted.keys() == told.hooks.keys():
            return told
        came = [(key, text, "needs a person") for key, text in wanted.items() if key not in told.hooks]
        over = [(key, text, "over") for key, text in told.hooks.items() if key not in wanted]
        events = [_event(key, text, state, now) for key, text, state in (*came, *over)]
        later = replace(told, hooks=wanted)
        with self._store.transaction():
            self._store.webhooks.queue([event._replace(url=url) for event in events for url in hooks], 0)
            self._remember(later)
        return later

    def _recall(self) -> Told:
        said = json.loads(self._store.recalled("told") or "{}")
        at = said.get("at")
        return Told(
            {(kind, subject): text for kind, subject, text in said.get("hooks", ())},
            frozenset((kind, subject) for kind, subject in said.get("mail", ())),
            datetime.fromisoformat(at) if at else None,
        )

    def _remember(self, told: Told) -> None:
        said = {
            "hooks": [[*key, text] for key, text in sorted(told.hooks.items())],
            "mail": sorted(map(list, told.mail)),
            "at": told.at.isoformat() if told.at else None,
        }
        self._store.remember("told", json.dumps(said, ensure_ascii=False))


def needs_of(plan: Plan, store: Store, now: datetime, *, early: bool = False) -> dict[Key, str]:
    """What needs a person, in words that may go outside; but that no mail could be sent. `early`: after a start."""
    aside = {_MAIL, "overdue", "machine"} if early else {_MAIL}
    found = needing(plan, store, now).each_need
    return {(need.kind, need.subject): _line(need) for need in found if need.kind not in aside}


def _line(need: Need) -> str:
    text = squeeze(clean(need.told))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _event(key: Key, text: str, state: str, now: datetime) -> Queued:
    kind, subject = key
    told = {"kind": kind, "subject": subject, "state": state, "text": text}
    return Queued(
        id=0,
        url="",
        key=key_of("alarm", kind, subject, state, now.isoformat()),
        event="alarm",
        release="",
        revision=0,
        at=now,
        topics=(),
        text=json.dumps(told, ensure_ascii=False),
    )


def _send(message: "EmailMessage", alarm: Alarming, needs: frozenset[Key]) -> Sent:
    try:
        hand_in(message, alarm)
    except MailError as error:
        return Sent(needs, alarm, str(error))
    return Sent(needs, alarm, "")

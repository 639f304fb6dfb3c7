"""What fails again and again: told once, tried again after growing pauses, told when it works again.

Each is an alarm in the store. Where the store itself fails, it is kept here, and who listens carries it further.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from syndicate.app.clock import system_clock
from syndicate.errors import StoreError, StoreUnusable, SyndicateError
from syndicate.model import Backup, Expire, Failed, Job, LiftDue, Publish, Recovered, Repair, SettleDue
from syndicate.store import Store

_STORE = "store"
_KINDS: dict[type[Job], str] = {
    Publish: "publish",
    LiftDue: "lift",
    SettleDue: "settle",
    Expire: "expire",
    Repair: "repair",
    Backup: "backup",
}
_PAUSES = (1, 2, 4, 8, 15, 30, 60)  # seconds; what was mended is seen within a minute
_RELAPSE = 600.0  # seconds: what fails again within was not well


@dataclass(slots=True)
class Trouble:
    """`kind`: `store`, or the kind of a job. `again`: no try before; `ended`: when it worked once more. In seconds."""

    kind: str
    text: str
    tries: int
    again: float
    ended: float | None = None


class Troubles:
    """Of one store and one folder of feeds; for threads. `tick` counts seconds."""

    def __init__(self, store: Store, tick: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._tick = tick
        self._guard = threading.Lock()
        self._known: dict[str, Trouble] = {}

    def __iter__(self) -> Iterator[Trouble]:
        with self._guard:
            return iter([trouble for trouble in self._known.values() if trouble.ended is None])

    def failed(self, job: Job | None, error: Exception) -> Failed:
        """What is to be told of it. One source's own affair is no trouble: its state tells."""
        text = str(error) if isinstance(error, SyndicateError) else f"internal error: {error!r}"
        kind = _kind_of(job, error)
        news = kind is None or self._fails(kind, text)
        self.alarm(kind, text)
        return Failed(job=job, error=text, cause=error, again=not news)

    def worked(self, job: Job | None) -> Iterator[Recovered]:
        kind = _kind_of(job)
        if kind and self._works(kind):
            yield Recovered(kind=kind)
        self.alarm(kind, None)

    def rests(self, job: Job) -> bool:
        """Has it just failed, so that it is too early for another try?"""
        return self._rests(_kind_of(job) or "")

    def of_store(self) -> Iterator[Failed | Recovered]:
        """Try it out, where it did not work and a pause has passed: what has changed since."""
        if (self._store.lost or self._has(_STORE)) and not self._rests(_STORE):
            try:
                self._store.try_out()
            except StoreError as error:
                yield self.failed(None, error)
            else:
                if self._works(_STORE):
                    yield Recovered(kind=_STORE)

    @property
    def store_works(self) -> bool:
        return not self._has(_STORE)

    def alarm(self, kind: str | None, text: str | None) -> None:
        """Ring it, or with None end it; not that of the store, which could not be written."""
        if kind in (None, _STORE):
            return
        with suppress(StoreError):
            if text:
                self._store.alarms.ring(kind, "", text, system_clock())
            else:
                self._store.alarms.end(kind, "")

    def _has(self, kind: str) -> bool:
        return any(trouble.kind == kind for trouble in self)

    def _fails(self, kind: str, text: str) -> bool:
        """Whether that is news: it worked before, or failed for another reason."""
        with self._guard:
            before, now = self._known.get(kind), self._tick()
            relapse = before and (before.ended is None or now - before.ended < _RELAPSE)
            tries = before.tries + 1 if before and relapse else 1
            self._known[kind] = Trouble(kind, text, tries, now + _PAUSES[min(tries, len(_PAUSES)) - 1])
            return before is None or before.ended is not None or before.text != text

    def _works(self, kind: str) -> bool:
        """Whether that is news: it failed before."""
        with self._guard:
            before = self._known.get(kind)
            if before is None or before.ended is not None:
                return False
            before.ended = self._tick()
            return True

    def _rests(self, kind: str) -> bool:
        with self._guard:
            found = self._known.get(kind)
            return found is not None and found.ended is None and self._tick() < found.again


def _kind_of(job: Job | None, error: Exception | None = None) -> str | None:
    if isinstance(error, StoreUnusable):
        return _STORE
    return _KINDS.get(type(job)) if job else None

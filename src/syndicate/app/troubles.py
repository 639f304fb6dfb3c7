"""What fails again and again: told once, tried again after growing pauses, told when it works again.

Each is an alarm in the store. Where the store itself fails, it is kept here, and who listens carries it further.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from syndicate.app.clock import system_clock
from syndicate.errors import StoreError, StoreUnusable, in_words
from syndicate.model import Backup, Expire, Failed, Job, LiftDue, Publish, Recovered, Repair, SettleDue
from syndicate.store import Store, is_damage

_STORE = "store"
_KINDS: dict[type[Job], str] = {
    Publish: "publish",
    LiftDue: "lift",
    SettleDue: "settle",
    Expire: "expire",
    Repair: "repair",
    Backup: "backup",
}
JOBS = (*_KINDS.values(),)
KINDS = (_STORE, *JOBS)  # of what may fail again and again, and work again
PAUSES = (1, 2, 4, 8, 15, 30, 60)  # seconds; what was mended is seen within a minute
_RELAPSE = 600.0  # seconds: what fails again within was not well
_REASONS = 5  # of one trouble that are told, if it has ever another one


@dataclass(slots=True)
class Trouble:
    """`kind`: `store`, or the kind of a job. `again`: no try before; `ended`: when it worked once more. In seconds.

    `told`: the reasons that were. `relapsed`: it had been told that it works again, and did not; that is told no more
    before it has gone well for a while. `damaged`: the store has to be looked through, to see whether it works.
    """

    kind: str
    text: str
    tries: int
    again: float
    ended: float | None = None
    told: frozenset[str] = frozenset()
    relapsed: bool = False
    damaged: bool = False


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
        text = in_words(error)
        kind = _kind_of(job, error)
        news = kind is None or self._fails(kind, text, damaged=is_damage(error))
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
                self._store.try_out(whole=self._is_damaged())
            except StoreError as error:
                yield self.failed(None, error)
            else:
                if self._works(_STORE):
                    yield Recovered(kind=_STORE)
        for kind in self._well():
            yield Recovered(kind=kind)

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

    def _fails(self, kind: str, text: str, *, damaged: bool = False) -> bool:
        """Whether that is news: it worked before, or failed for another reason."""
        with self._guard:
            before, now = self._known.get(kind), self._tick()
            if before is None or (before.ended is not None and now - before.ended >= _RELAPSE):
                before = Trouble(kind, text, 0, now, now)
            begins = before.ended is not None and not before.relapsed
            news = begins or (text not in before.told and len(before.told) < _REASONS)
            self._known[kind] = Trouble(
                kind,
                text,
                before.tries + 1,
                now + PAUSES[min(before.tries + 1, len(PAUSES)) - 1],
                told=before.told | {text} if news else before.told,
                relapsed=before.relapsed or (begins and before.tries > 0),
                damaged=damaged,
            )
            return news

    def _works(self, kind: str) -> bool:
        """Whether that is news: it failed before. Where it has relapsed, not before it goes well for a while."""
        with self._guard:
            before = self._known.get(kind)
            if before is None or before.ended is not None:
                return False
            before.ended = self._tick()
            return not before.relapsed

    def _well(self) -> list[str]:
        """Which of those that had relapsed have gone well for a while."""
        if not self._known:
            return []
        with self._guard:
            well = [t for t in self._known.values() if t.relapsed and t.ended and self._tick() - t.ended >= _RELAPSE]
            for trouble in well:
                trouble.relapsed = False
            return [trouble.kind for trouble in well]

    def _is_damaged(self) -> bool:
        """Has it to be looked through? That takes its time: nobody else begins with it meanwhile."""
        with self._guard:
            found = self._known.get(_STORE)
            if found is None or found.ended is not None or not found.damaged:
                return False
            found.again = self._tick() + PAUSES[-1]
            return True

    def _rests(self, kind: str) -> bool:
        with self._guard:
            found = self._known.get(kind)
            return found is not None and found.ended is None and self._tick() < found.again


def _kind_of(job: Job | None, error: Exception | None = None) -> str | None:
    if isinstance(error, StoreUnusable):
        return _STORE
    return _KINDS.get(type(job)) if job else None

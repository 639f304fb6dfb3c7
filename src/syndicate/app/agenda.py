"""Which polls are to be begun, kept up to date by what has come since the last look.

The store's index tells whose next poll has come; what no index tells (who was never asked, whose `url` is another one
now, a clock that was ahead) is found by a look at all of them: at the start, with another plan, and every few minutes.
What it gives is a proposal: whoever carries a job asks `polling.turn` again, with the source's claim.
"""

import heapq
from datetime import datetime, timedelta

from syndicate.app.due import Due, all_due, due_one, is_fresh
from syndicate.errors import StoreError
from syndicate.model import Event, Plan, Poll, Polled
from syndicate.polling import Queue, Why
from syndicate.store import Store

_AGAIN = timedelta(seconds=2)  # until one is looked at again that could not be asked
_FEW = 1_000  # so many wait that what others have written can wait, too


class Agenda:
    """Not for several threads at once. `queue`: who waits for a place, and who is under way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.queue = Queue()
        self._plan: Plan | None = None
        self._seen: datetime | None = None  # the moment of the last look
        self._looked: datetime | None = None  # at all of them
        self._version: object = None
        self._later = list[tuple[datetime, str]]()  # a heap, of …
        self._put_off = set[str]()  # … those that are not looked at before their time

    def look(self, plan: Plan, now: datetime) -> None:
        """Once a second: bring in whose turn has come. Costs what has come, but for a look at all."""
        self.queue.tick()
        try:
            self._look(plan, now)
        except StoreError:
            self._looked = None  # nobody is to be lost by that
            raise

    def _look(self, plan: Plan, now: datetime) -> None:
        version, before = self._store.version, self._seen
        if before and now < before:  # whoever was put off, was so by a clock that was ahead
            self._later.clear()
            self._put_off.clear()
        if plan is not self._plan or not is_fresh(self._looked, now):
            for each in all_due(plan.sources, self._store, now):
                self._put(each, now)
            self._plan = plan
            self._looked = now
        elif before is None or before != now or version != self._version:
            # Another process may have put somebody back to a time that has been looked at (`sources resume`, say).
            anew = version != self._version and len(self.queue) < _FEW
            self._bring(self._store.sources.come(None if anew else before, now), plan, now)
        self._seen, self._version = now, version
        self._bring(self._waited(now), plan, now)

    def next(self, plan: Plan) -> Poll | None:
        """A job for who has waited for longest, if there is a place at its host. It is under way from now on."""
        found = self.queue.take(plan.fetch.per_host)
        return Poll(found[1], (found[0],)) if found else None

    def ended(self, source: str, events: tuple[Event, ...], plan: Plan, now: datetime) -> None:
        """It is no longer under way. `plan`: by which it was asked."""
        self.queue.end(source)
        polled = next((event for event in events if isinstance(event, Polled)), None)
        if polled and polled.waits:
            self._wait(source, polled.waits)
        elif plan is not self._plan or polled is None or polled.skipped:
            self._wait(source, now + _AGAIN)
        else:
            try:
                soon = self._store.sources.next_poll(source)
            except StoreError:  # whoever looks next tells it
                soon = None
            if soon is None or (self._seen and soon <= self._seen):
                self._wait(source, soon or now)

    def is_put_off(self, source: str) -> bool:
        """Is it left alone until its time comes?"""
        return source in self._put_off

    def _put(self, due: Due, now: datetime) -> None:
        if due.turn.why is None:
            self.queue.put(due.source, due.host, due.since, paced=not due.in_house)
        elif due.turn.why in (Why.NOT_BEFORE, Why.HOST_RESTS):
            self._wait(due.source, due.turn.waits or now + _AGAIN)

    def _wait(self, source: str, until: datetime) -> None:
        if source not in self._put_off:
            self._put_off.add(source)
            heapq.heappush(self._later, (until, source))

    def _waited(self, now: datetime) -> list[str]:
        """Those that were put off until now."""
        found = list[str]()
        while self._later and self._later[0][0] <= now:
            found.append(heapq.heappop(self._later)[1])
        self._put_off.difference_update(found)
        return found

    def _bring(self, sources: list[str], plan: Plan, now: datetime) -> None:
        known = [plan.by_id[each] for each in sources if each in plan.by_id and each not in self._put_off]
        known = [source for source in known if source.id not in self.queue]
        if not known:
            return
        resting = self._store.sources.resting(now)
        for source in known:
            state = self._store.sources.state(source.id, files=False)
            self._put(due_one(source, state, resting, now), now)

"""Whose turn has come, given to the engine host by host: for a pool of several machines, in the place of an agenda."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from syndicate.app import Due, all_due, due_one, is_fresh, place_in
from syndicate.model import Event, FetchState, Plan, Poll
from syndicate.polling import Queue, Why
from syndicate.schedule.engine import Deferred, Engine
from syndicate.store import Store

_FULL = 1_000  # jobs that wait: then those who carry them have enough to do
_MOST = 5_000  # sources that are brought in one look
SOURCES = 50  # of one job
_STALLED = 10.0  # seconds between two looks for jobs whose worker was killed
_WAITING = (Why.NOT_BEFORE, Why.HOST_RESTS)


class Dispatch:
    """`queue`: what is under way in this process, and is no job of the engine: what was dropped, or pushed."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self.queue = Queue()
        self._store = store
        self._engine = engine
        self._plan: Plan | None = None
        self._looked: datetime | None = None
        self._new = set[str]()  # those that no index tells of
        self._sent = dict[str, frozenset[str]]()  # by place
        self._stalled = 0.0

    def look(self, plan: Plan, now: datetime) -> None:
        """Once a second, by whoever says what is due."""
        self.queue.tick()
        if time.monotonic() >= self._stalled:
            self._stalled = time.monotonic() + _STALLED
            self._engine.end_stalled()
        jobs = self._store.jobs()
        self._sent = {place: sources for place, sources in self._sent.items() if place in jobs.locks}
        if jobs.waiting < _FULL:
            self._engine.defer([*self._due(plan, now, jobs.locks)])

    def next(self, plan: Plan) -> Poll | None:
        """The engine brings them."""
        return None

    def ended(self, source: str, events: tuple[Event, ...], plan: Plan, now: datetime) -> None:
        self.queue.end(source)

    def _due(self, plan: Plan, now: datetime, taken: Mapping[str, str]) -> Iterator[Deferred]:
        """A job for each place that has none: those first that have waited for longest."""
        places = dict[str, list[Due]]()
        for place, each in self._found(plan, now):
            if place not in taken:
                places.setdefault(place, []).append(each)
        for place, found in sorted(places.items(), key=lambda item: min(each.since for each in item[1])):
            chosen = sorted(found, key=lambda each: each.since)[:SOURCES]
            self._sent[place] = frozenset(each.source for each in chosen)
            source = plan.by_id[chosen[0].source]
            machine = (source.machine or plan.cluster.machine) if source.path else ""
            yield Deferred(Poll(chosen[0].host, tuple(each.source for each in chosen)), place, machine)

    def _found(self, plan: Plan, now: datetime) -> Iterator[tuple[str, Due]]:
        self._look_at_all(plan, now)
        sent = frozenset[str]().union(*self._sent.values())
        come = dict.fromkeys((*self._store.sources.come(None, now), *self._new))
        known = [each for each in come if each in plan.by_id and each not in sent]
        resting, found = self._store.sources.resting(now), 0
        for first in range(0, len(known), _MOST):
            if found >= _MOST:  # of these; those whose host rests have waited for long, and take nobody's place
                return
            for each in self._looked_at(known[first : first + _MOST], plan, resting, now):
                found += 1
                yield each

    def _looked_at(
        self, known: Sequence[str], plan: Plan, resting: dict[str, datetime], now: datetime
    ) -> Iterator[tuple[str, Due]]:
        """Those of them that may be asked, by the place where they live."""
        states = self._store.sources.states_of(known)
        for identifier in known:
            source, state = plan.by_id[identifier], states.get(identifier) or FetchState(source=identifier)
            each = due_one(source, state, resting, now)
            if each.turn.why is None:
                yield place_in(source, state) or f"source:{identifier}", each
            elif each.turn.why not in _WAITING:
                self._new.discard(identifier)

    def _look_at_all(self, plan: Plan, now: datetime) -> None:
        """Who was never asked, whose `url` is another one now, a clock that was ahead."""
        if plan is self._plan and is_fresh(self._looked, now):
            return
        self._new = {
            each.source for each in all_due(plan.sources, self._store, now) if each.turn.why in (None, *_WAITING)
        }
        self._plan, self._looked = plan, now

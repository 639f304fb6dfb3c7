"""In the place of the engine that carries jobs between machines, with its manners.

Of two jobs of one place never both are carried, nor do both wait. Who is killed leaves its jobs, and their places are
taken until somebody who has the clock ends them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.day.database import Database
from benchmarks.day.world import Body, World
from syndicate.errors import StoreUnusable
from syndicate.model import Poll
from syndicate.schedule import Deferred
from syndicate.store import Waiting

_STALLED = 20.0  # as the engine's
_BEAT = 5.0


@dataclass(eq=False)
class _Row:
    job: Poll
    place: str
    by: "Carrier | None" = None


class Owner(Body, Protocol):
    engine: "Carrier"


class Queue:
    """The engine's tables. `carried`: how many jobs, ever."""

    def __init__(self, world: World, database: Database) -> None:
        self.world = world
        self.carried = 0
        self.carriers = list[Carrier]()
        self._database = database
        self._waiting = dict[str, _Row]()  # by place, in their order
        self._doing = dict[str, _Row]()

    def waiting(self) -> Waiting:
        self._reached()
        locks = dict.fromkeys(self._waiting, "todo") | dict.fromkeys(self._doing, "doing")
        return Waiting(len(self._waiting), None, locks)

    def put(self, jobs: Iterable[Deferred]) -> None:
        self._reached()
        for job, place, _ in jobs:
            self._waiting.setdefault(place, _Row(job, place))

    def take(self, carrier: "Carrier") -> _Row | None:
        self._reached()
        place = next((place for place in self._waiting if place not in self._doing), None)
        if place is None:
            return None
        row = self._doing[place] = self._waiting.pop(place)
        row.by = carrier
        self.carried += 1
        return row

    def end(self, row: _Row) -> None:
        """Nothing where somebody else has ended it already."""
        if self._database.away:
            row.by = None  # as of one who has gone
        elif self._doing.get(row.place) is row:
            del self._doing[row.place]

    def end_stalled(self) -> None:
        self._reached()
        now = self.world.now
        for place, row in [*self._doing.items()]:
            if row.by is None or now - row.by.beat >= _STALLED:
                del self._doing[place]

    def beat(self, carrier: "Carrier") -> None:
        if not self._database.away and self.world.now - carrier.beat >= _BEAT:
            carrier.beat = self.world.now

    def _reached(self) -> None:
        if self._database.away:
            raise StoreUnusable("jobs: the database is away")


class Carrier:
    """The engine of one process. `may` it take jobs just now? `under_way`: how many of them."""

    def __init__(self, queue: Queue, body: Body, carry: Callable[[Poll], object], most: int) -> None:
        self.may = True
        self.beat = queue.world.now
        self._queue = queue
        self._body = body
        self._carry = carry
        self._most = most
        self.under_way = 0
        queue.carriers.append(self)

    def defer(self, jobs: Sequence[Deferred]) -> None:
        if jobs:
            self._queue.put(jobs)
            for carrier in self._queue.carriers:  # they are told
                carrier.wake()

    def end_stalled(self) -> None:
        self._queue.end_stalled()

    def wake(self) -> None:
        self._queue.world.begin(self.look, self._body)

    def look(self) -> None:
        """Take what there is room for. One after the other has the first look: what is left is the others'."""
        self._queue.beat(self)
        while self.may and self.under_way < self._most and (row := self._taken()):
            self.under_way += 1
            self._queue.world.begin(lambda row=row: self._done(row), self._body)  # type: ignore[misc]
            self._queue.carriers.remove(self)
            self._queue.carriers.append(self)

    def _taken(self) -> _Row | None:
        try:
            return self._queue.take(self)
        except StoreUnusable:
            return None

    def _done(self, row: _Row) -> None:
        try:
            self._carry(row.job)
        finally:
            self._queue.end(row)
            self.under_way -= 1
        self.look()

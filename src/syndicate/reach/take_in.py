"""What was served, as it is kept: once a second by one thread, never in a request, and never where nothing moves."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.model import Copies, Given, Hold
from syndicate.reach.agents import OTHER, Agent
from syndicate.reach.count import AFRESH, KEPT, Fetch, counted, gone_on, merged, strange
from syndicate.store import Store

NAMES = 200  # of agents that may come to be known in a day: more are one, `other`
MOST = 200_000  # rows
VERSIONS = 16  # of a document, of one agent, before the oldest are put together
_PATIENCE = timedelta(minutes=2)  # a file is there a moment before the store knows its version
_WAITING = 10_000
_REMEMBERED = 50_000
_TAGS = 8  # of one request that are looked up
_STRANGE = 1_000  # of a second that are looked up and not found: anybody may send some
_TIDY = timedelta(hours=1)
_AT_ONCE = 500  # document and agent: others wait to write meanwhile
_SECOND = timedelta(seconds=1)  # to which Last-Modified is rounded


class Answered(NamedTuple):
    """A feed's document that was given, or (`unchanged`) is held still.

    `digits`: what its ETag says, `named`: what the client's ETags say, `since`: its date, where it sent no ETag.
    """

    document: str
    digits: str
    unchanged: bool
    named: Sequence[str]
    since: datetime | None
    agent: Agent
    at: datetime


Changed = dict[Copies, dict[str, Hold | None]]


class Intake:
    """Of one process; for one thread. `take_in` may be called at any time, also with nothing."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._known = OrderedDict[tuple[str, str], Given]()  # by document and digits
        self._waiting: list[Answered] = []
        self._settled = OrderedDict[tuple[str, str, str], datetime]()  # that are known to be held: nothing moves
        self._tidied: datetime | None = None
        self._strange = 0

    def take_in(self, answered: Iterable[Answered]) -> int:
        """Count it; how many rows were written. What cannot be counted yet waits for the next time."""
        now = self._clock()
        if self._tidied is None or now - self._tidied >= _TIDY:
            self._tidy(now)
        fetches = dict[Copies, list[Fetch]]()
        waiting, self._waiting, self._strange = self._waiting, [], 0
        for each in (*waiting, *answered):
            if each.unchanged and self._is_settled(each):
                continue
            if fetch := self._fetch(each, now):
                fetches.setdefault(Copies(each.document, each.agent.name), []).append(fetch)
        if not fetches:
            return 0
        rows, named = self._store.together(lambda: self._count(fetches, now), lasting=False)
        self._settle(named)
        return rows

    def _is_settled(self, each: Answered) -> bool:
        at = self._settled.get((each.document, each.agent.name, each.digits))
        return at is not None and each.at - at < AFRESH

    def _fetch(self, each: Answered, now: datetime) -> Fetch | None:
        """None where it is of a version that the store does not know, or not yet."""
        served = self._look_up(each.document, each.digits)
        if served is None:
            if now - each.at < _PATIENCE and len(self._waiting) < _WAITING:
                self._waiting.append(each)
            return None
        held = [self._look_up(each.document, digits) for digits in each.named[:_TAGS]]
        if each.since and not each.unchanged:
            held.append(self._as_of(each.document, each.since, each.digits))
        return Fetch(
            served,
            tuple(filter(None, held)),
            each.unchanged,
            each.at,
            tuple(each.named[:_TAGS]),
            each.agent.subscribers,
        )

    def _look_up(self, document: str, digits: str) -> Given | None:
        """A version that we gave out. Nothing is remembered of what is none."""
        of = (document, digits)
        if found := self._known.get(of):
            self._known.move_to_end(of)
            return found
        if self._strange >= _STRANGE:
            return None
        version = self._store.versions.of(document, digits)
        self._strange += version is None
        if version:
            found = self._known[of] = Given(digits, version.generation)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _as_of(self, document: str, date: datetime, served: str) -> Given | None:
        """What a client holds that was given another version than it had at this date."""
        version = self._store.versions.as_of(document, date + _SECOND, served)
        return Given(version.hash, version.generation) if version else None

    def _count(self, fetches: dict[Copies, list[Fetch]], now: datetime) -> tuple[int, dict[Copies, list[Fetch]]]:
        """In the transaction that writes: how many rows there were, and the fetches by whom they were counted."""
        named = self._named(fetches, now)
        before = self._store.holds.of(named)
        changed: Changed = {copies: {} for copies in named}
        for copies, found in named.items():
            now_held = {**before.get(copies, {}), **changed[copies]}
            rows, brought = {digits: row for digits, row in now_held.items() if row}, dict[str, Hold]()
            for digits, most in strange(rows, found).items():
                if mine := self._from_other_names(copies, digits, most, changed):
                    own = rows.get(digits)
                    brought[digits] = own._replace(n=own.n + mine.n) if own else mine
            changed[copies].update(counted(rows, found, brought))
        return self._store.holds.put(changed), named

    def _from_other_names(self, copies: Copies, digits: str, most: int, changed: Changed) -> Hold | None:
        """Copies of the product's other versions that go on under this name; what is left of these is `changed`."""
        product, slash, _ = copies.agent.partition("/")
        if not slash:
            return None
        for of, stored in self._store.holds.of_product(copies.document, f"{product}/", digits):
            row = changed.get(of, {}).get(digits, stored)
            if of != copies and row and (row.n or row.plain):
                mine, left = gone_on(row, most)
                changed.setdefault(of, {})[digits] = left
                return mine
        return None

    def _settle(self, named: dict[Copies, list[Fetch]]) -> None:
        """What is written is known to be held: that is not looked up again."""
        for (document, agent), found in named.items():
            for fetch in found:
                key = (document, agent, fetch.served.digits)
                if fetch.unchanged:
                    self._settled[key] = fetch.at
                else:
                    self._settled.pop(key, None)
        while len(self._settled) > _REMEMBERED:
            self._settled.popitem(last=False)

    def _named(self, fetches: dict[Copies, list[Fetch]], now: datetime) -> dict[Copies, list[Fetch]]:
        """With the names of agents that are told apart."""
        told = self._store.holds.admit({agent for _, agent in fetches}, NAMES, now)
        named = dict[Copies, list[Fetch]]()
        for (document, agent), found in fetches.items():
            named.setdefault(Copies(document, agent if agent in told else OTHER), []).extend(found)
        return named

    def _tidy(self, now: datetime) -> None:
        self._tidied = now
        holds = self._store.holds

        def tidy() -> None:
            holds.expire(now - KEPT, MOST)
            self._store.newsrooms.forget_fetches(now - KEPT)
            if many := holds.with_many(VERSIONS, _AT_ONCE):
                borders = holds.borders()
                holds.put({pair: merged(rows, VERSIONS, _parting(borders)) for pair, rows in many.items()})

        self._store.together(tidy, lasting=False)


def _parting(borders: Sequence[int]) -> Callable[[Given, Given], bool]:
    """Is there a correction or a withdrawal between two versions? `borders`: their generations."""
    return lambda older, newer: any(older.generation < border <= newer.generation for border in borders)

"""The connection to the database, whichever that is: rooms ask it, and write through it alone."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any, Protocol, TypeVar

from syndicate.errors import NotOurs, StoreError, StoreUnusable
from syndicate.store.acts import Acting, Journal, journalled
from syndicate.store.alone import Alone
from syndicate.store.codec import listed
from syndicate.store.decisions import Decisions
from syndicate.store.indexes import Indexes
from syndicate.store.turns import Turns, Unit, turns

_T = TypeVar("_T")
PATIENCE = 120.0  # seconds of waiting for another process that writes
_MOST = 32  # units that share a commit, …
_LONGEST = 0.05  # … and seconds after which none is taken on any more: nobody waits long for the others
_ENDED = "what was to be written was undone; try again"
_FACTS = (
    "INSERT INTO meta SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true ON CONFLICT (name)"
    " DO UPDATE SET value = excluded.value WHERE excluded.name <> 'written' OR excluded.value > meta.value"
)

Values = Sequence[object] | Mapping[str, object]


class Rows(Protocol):
    """What a statement found, or how many rows it wrote."""

    @property
    def rowcount(self) -> int: ...
    @property
    def description(self) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Alone, ABC):
    """One per process and store; each thread has its own transaction. `transaction` is the only way to write.

    `name`: as people are told of it. `key`: by which one process knows it again, by whichever name it is opened.
    """

    name: str
    indexes: Indexes

    def __init__(self, key: str, journal: Journal) -> None:
        self.key = key
        self._turns = turns(key)
        self.decisions = Decisions(self)
        self.journal = journal
        self.acts = Acting()

    @abstractmethod
    def execute(self, sql: str, values: Values = ()) -> Rows:
        """A statement of the SQL that both databases know (docs/architecture.md). StoreUnusable where it fails."""

    @abstractmethod
    def executemany(self, sql: str, rows: Iterable[Values]) -> object:
        """The same for each of these."""

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """Is this thread in one, also one that only reads?"""

    @abstractmethod
    def patiently(self, action: Callable[[], _T]) -> _T:
        """Do it, again and again while somebody else keeps the store from us, but not for ever."""

    @abstractmethod
    def one_moment(self) -> AbstractContextManager[None]:
        """What is read within is as it was at its begin. Nothing is written."""

    @property
    @abstractmethod
    def version(self) -> object:
        """The same as before where, by this thread's view, nobody else has written since."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Bytes."""

    @property
    @abstractmethod
    def lost(self) -> bool:
        """Was it taken away under our hands, or another one put in its place?"""

    @abstractmethod
    def try_out(self, *, whole: bool) -> None:
        """StoreUnusable where it is seen without writing that it cannot be used. `whole`: all of it is read."""

    @abstractmethod
    def defer_keys(self) -> None:
        """Within this transaction, a row may name one that comes later."""

    @abstractmethod
    def uncounted(self, table: str) -> AbstractContextManager[None]:
        """Triggers need not act on rows of this table within: what they would write is written besides."""

    @abstractmethod
    def number_on(self) -> None:
        """Rows were put in with numbers of their own: those that come have higher ones."""

    @abstractmethod
    def referring(self) -> list[tuple[str, str]]:
        """(table, column) of whatever names a release."""

    @abstractmethod
    def claim(self, source: str, place: Callable[[], str | None]) -> AbstractContextManager[bool]:
        """Whether this source is ours to ask, within the block. Waits for nobody. `place`: where it lives."""

    @abstractmethod
    def wait_for_others(self, seconds: float) -> None:
        """For so long another process that writes is waited for, from now on."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def _begin(self, *, lasting: bool) -> None:
        """Nobody else writes until the end of it. Without `lasting` its commit need not wait for the disk."""

    @abstractmethod
    def _commit(self) -> None:
        """What was written since is there, or StoreUnusable says that nothing is."""

    def of(self, sql: str, sought: Collection[object], *more: object) -> Iterable[Any]:
        """The rows of a statement that has all these as its first value, for its `json_each`. Nothing for nothing."""
        return self.execute(sql, (listed(sought), *more)) if sought else ()

    @contextmanager
    def transaction(self) -> Iterator["Connection"]:
        """What is read is still so when it is written. Nested calls join the outer one.

        One thread of this process at a time, in the order in which they came; another process is waited for.
        """
        if self.is_within():
            yield self
            return
        with self._turns.turn(), self._written(self._under()):
            yield self

    def together(self, unit: Callable[[], _T], *, lasting: bool = True) -> _T:
        """What `unit` returns, called within a transaction that it may share with those of other threads.

        All of them are written by one commit, in the order in which they came; another thread may call it. One that
        raises is undone alone, and raises here. It may be called again, where nothing of the first time was written.
        Without `lasting`, the commit does not wait for the disk: it outlives the process, but no loss of power.
        """
        if self.is_within():
            return unit()
        queue, mine = self._turns, Unit(unit, self, self._under(), lasting=lasting)
        while not mine.settled:
            with queue.turn(mine) as has_turn:
                if has_turn:
                    self._lead(mine, queue)
        return mine.outcome()

    def looked(self, look: Callable[[], _T]) -> _T:
        """What `look` returns, of the store as it is at one moment. It writes nothing."""
        if self.in_transaction:
            return look()
        with self.one_moment():
            return look()

    def generation(self) -> str:
        """Another one as soon as something is recorded, or marked to be rendered, by whomever."""
        row = self.execute(
            "SELECT (SELECT value FROM meta WHERE name = 'recorded'), (SELECT value FROM meta WHERE name = 'advanced'),"
            " (SELECT seq FROM sqlite_sequence WHERE name = 'dirty')"
        ).fetchone()
        return " ".join(map(str, row))

    def put_act(self, kind: str, at: str, data: Mapping[str, Any]) -> None:
        """Into the journal, before the transaction is committed that this one records."""
        if not self.is_within():
            raise RuntimeError("an act is journalled in the transaction that records it")
        self.acts.done.append((kind, at, data))

    def note_write(self, at: str) -> None:
        """With the commit: when something was recorded, the latest that was told."""
        with self.transaction():
            self.acts.facts["written"] = max(self.acts.facts.get("written", ""), at)

    def note_mark(self, mark: str) -> None:
        """With the commit: the mark of the last recording in it (`Decisions`)."""
        if not self.is_within():
            raise RuntimeError("a mark is left in the transaction that records")
        self.acts.facts["recorded"] = mark

    def is_within(self) -> bool:
        """Is this thread in a transaction that writes? None is begun where it decides."""
        if self.decisions.under_way:
            raise RuntimeError("nothing is written while it is decided")
        return self.in_transaction

    def _lead(self, first: Unit[_T], queue: Turns) -> None:
        """Do it, and those of the threads that come next. What is not settled after that is tried again."""
        done = list[Unit[Any]]()
        with ExitStack() as followers:
            try:
                with self._written(under := set[object](), lasting=first.lasting):
                    for unit in self._in_turn(first, queue, followers):
                        done.append(unit)
                        self._do(unit, alone=unit is first)
                        if not self.in_transaction:  # the disk is full, say: there is nothing of the others any more
                            unit.settle(None if unit.failed else StoreUnusable(f"{self.name}: {_ENDED}"))
                            return
                        under.update(() if unit.failed else unit.under)
            except NotOurs:
                self._tell_apart(done)
            except StoreUnusable as error:
                for unit in done or [first]:  # none where it could not be begun
                    unit.settle(error)
            else:
                for unit in done:
                    unit.settle()

    def _do(self, unit: Unit[Any], *, alone: bool) -> None:
        """Undone alone where it fails. That the end of its savepoint is not told costs nothing: the commit is near."""
        before, facts = len(self.acts.done), dict(self.acts.facts)
        if not alone:
            self.execute("SAVEPOINT unit")
        unit.do()
        if unit.failed and self.in_transaction:
            self.execute("ROLLBACK" if alone else "ROLLBACK TO unit")
            del self.acts.done[before:]
            self.acts.facts = facts

    def _tell_apart(self, done: Iterable[Unit[Any]]) -> None:
        """Who has lost what he works under is told so."""
        for unit in done:
            try:
                self._assure(unit.under)
            except StoreError as error:
                unit.settle(error)

    def _in_turn(self, first: Unit[_T], queue: Turns, followers: ExitStack) -> Iterator[Unit[Any]]:
        end = time.monotonic() + _LONGEST
        yield first
        for _ in range(_MOST - 1):
            following = followers.enter_context(queue.follower(first)) if time.monotonic() < end else None
            if following is None:
                return
            yield following

    @contextmanager
    def _written(self, under: Collection[object], *, lasting: bool = True) -> Iterator[None]:
        """Begin … commit, of whoever has the turn. `under`: what is worked under. NotOurs, where it is not any more."""
        self._begin(lasting=lasting)
        try:
            yield
            if self.in_transaction:
                if under:
                    self._assure(under)
                acts, facts = self.acts.done, self.acts.facts
                if facts:
                    self.execute(_FACTS, (listed(facts.items()),))
                last = journalled(self, self.journal, acts) if acts else None
                self._commit()
                if last is not None:
                    self.journal.done(last)
        finally:
            self.acts.done.clear()
            self.acts.facts.clear()
            self._undo()

    def _undo(self) -> None:
        if self.in_transaction:
            with suppress(StoreUnusable):  # what went wrong before is what is to be told
                self.execute("ROLLBACK")

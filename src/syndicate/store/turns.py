"""Whose turn it is to write: the threads of one process stand in a queue.

SQLite's busy handler is none: it is not fair, and starves one thread behind the others' transactions. Who has the turn
may do the work of those that stand directly behind it, in one commit with its own: nobody is overtaken by that.
"""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class Unit(Generic[_T]):
    """What one thread wants written, done by whoever has the turn. `within`: the connection that it belongs to.

    `under`: what its thread works under.
    """

    def __init__(self, work: Callable[[], _T], within: object, under: Collection[Any] = (), *, lasting: bool) -> None:
        self.work = work
        self.within = within
        self.under = under
        self.lasting = lasting
        self.settled = False  # else whoever wanted it tries again
        self._result: list[_T] = []
        self._error: BaseException | None = None

    def do(self) -> None:
        """What it raises is its own thread's."""
        try:
            self._result = [self.work()]
        except Exception as error:
            self._error = error

    def settle(self, error: Exception | None = None) -> None:
        """It is so for good: written, or failed as it did, or with all others by this `error`."""
        self._error = self._error or error
        self.settled = True

    @property
    def failed(self) -> bool:
        return self._error is not None

    def outcome(self) -> _T:
        if self._error:
            raise self._error
        return self._result[0]


class _Waiter:
    def __init__(self, unit: Unit[Any] | None) -> None:
        self.unit = unit
        self.has_turn = False
        self._called = threading.Lock()
        self._called.acquire()

    def wait(self) -> None:
        self._called.acquire()

    def call(self) -> None:
        self._called.release()


class Turns:
    """A lock that is had in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[_Waiter] = deque()

    @contextmanager
    def turn(self, unit: Unit[Any] | None = None) -> Iterator[bool]:
        """Whether it is ours, within the block; with a `unit`, somebody else may have done that in our place instead.

        Whoever has it must not ask again: a transaction within another joins that.
        """
        mine = self._wait(_Waiter(unit))
        try:
            yield mine
        finally:
            if mine:
                self._hand_on()

    @contextmanager
    def follower(self, leader: Unit[Any]) -> Iterator[Unit[Any] | None]:
        """The unit of whoever is next, where it can be done with this one; its thread waits until the block's end."""
        waiter = self._next(leader)
        try:
            yield waiter.unit if waiter else None
        finally:
            if waiter:
                waiter.call()

    def waiting(self) -> int:
        with self._guard:
            return len(self._waiting)

    def _next(self, leader: Unit[Any]) -> _Waiter | None:
        with self._guard:
            unit = self._waiting[0].unit if self._waiting else None
            joins = unit and unit.within is leader.within and unit.lasting <= leader.lasting
            return self._waiting.popleft() if joins else None

    def _wait(self, waiter: _Waiter) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(waiter)
        try:
            waiter.wait()
        except BaseException:  # Ctrl-C: whoever stands behind us is not to wait for ever
            with self._guard:
                if waiter in self._waiting:
                    self._waiting.remove(waiter)
            if waiter.has_turn:
                self._hand_on()
            raise
        return waiter.has_turn

    def _hand_on(self) -> None:
        with self._guard:
            self._taken = bool(self._waiting)
            if self._waiting:
                waiter = self._waiting.popleft()
                waiter.has_turn = True
                waiter.call()


_turns: dict[str, Turns] = {}


def turns(store: str) -> Turns:
    """By the key of its connection."""
    return _turns.setdefault(store, Turns())


def waiting(store: str) -> int:
    """How many threads of this process wait for their turn to write."""
    return turns(store).waiting()

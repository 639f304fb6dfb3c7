"""The connections to one database, kept for all threads of this process.

Our own few lines: a thread that needs a connection makes it, so it is told at once and in the server's words why there
is none. psycopg's pool makes them in threads of its own, and whoever waits learns that it has waited.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg

from syndicate.errors import StoreUnusable
from syndicate.store.postgresql.address import Address
from syndicate.store.postgresql.driver import Found, connected, executed, is_gone, is_idle, is_passing, told

_T = TypeVar("_T")
MOST = 10  # connections of one process
_WAIT = 60.0  # seconds until one of them is free
_AWAY = 15.0  # seconds that a server is waited for at most: a restart, and who waits longer is better told
_PAUSE = 0.1  # seconds between two tries, …
_LONGEST = 2.0  # … growing to this

Raw = psycopg.Connection[Any]


class Pool:
    """`patience`: for how many seconds a server that is not there is tried again."""

    def __init__(self, address: Address, patience: float, most: int = MOST) -> None:
        self.name = address.name
        self.patience = patience
        self._address = address
        self._places = threading.BoundedSemaphore(most)
        self._idle = list[Raw]()
        self._closed = False
        self._away: float | None = None  # since when the server does not answer

    @contextmanager
    def lent(self) -> Iterator[Raw]:
        """A connection of ours alone. One that has ended, or is within something, is not lent again."""
        if self._closed:
            raise StoreUnusable(f"{self.name}: is closed: the program ends")
        if not self._places.acquire(timeout=_WAIT):
            raise StoreUnusable(f"{self.name}: all connections were in use for {_WAIT:.0f} s; see `[cluster] pool`")
        try:
            try:
                raw = self._idle.pop()
            except IndexError:
                raw = self._connected()
            try:
                yield raw
            finally:
                if not raw.closed and is_idle(raw) and not self._closed:
                    self._idle.append(raw)
                else:
                    raw.close()
        finally:
            self._places.release()

    def asked(self, sql: str, values: Sequence[object]) -> Found:
        """One statement, in a transaction of its own. One that met a connection which had ended is asked again.

        So it changes nothing, or the same again.
        """
        for last in (False, True):
            try:
                with self.lent() as raw:
                    return executed(raw, sql, values)
            except psycopg.Error as error:
                if last or not is_gone(error):
                    raise told(self.name, error) from error
                self.forget()
        raise AssertionError("the second try returns or raises")

    def patiently(self, action: Callable[[], _T]) -> _T:
        """Do it, again and again while the server is not there, or busy with others, but not for ever."""
        began, pause = time.monotonic(), _PAUSE
        while True:
            try:
                done = action()
            except StoreUnusable as error:
                since, waits = began, self.patience
                if is_gone(error.__cause__):  # whoever comes when it has been away for long need not wait again
                    since = self._away = self._away or began
                    waits = min(waits, _AWAY)
                if self._closed or not is_passing(error.__cause__) or time.monotonic() + pause > since + waits:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST)
            else:
                self._away = None
                return done

    def forget(self) -> None:
        """Those of before a restart of the server are not lent again."""
        while self._idle:
            with suppress(IndexError):  # another thread has it by now
                self._idle.pop().close()

    def close(self) -> None:
        self._closed = True
        self.forget()

    def _connected(self) -> Raw:
        try:
            return connected(self._address.url)
        except psycopg.Error as error:
            raise told(self.name, error) from error

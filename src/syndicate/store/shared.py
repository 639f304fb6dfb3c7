"""What the store is asked by those who share it: whose a source, a host or a role is, and who else is there."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from syndicate.store.connection import Connection
from syndicate.store.machines import Heard, Machine, Role, Waiting


class Shared:
    """A part of `Store`. On one machine all is ours; there SQLite's file keeps two processes from one source."""

    _connection: Connection

    @contextmanager
    def claim(self, source: str, place: Callable[[], str | None] = lambda: None) -> Iterator[bool]:
        """Whether this source is ours to ask, within the block: nobody else does then, in no thread and no process.

        `place`: the host that it lives at. Where machines share the store, no other one asks that either, and what is
        recorded within is recorded only as long as it is so (NotOurs).
        """
        with self._connection.claim(source, place) as mine:
            yield mine

    @property
    def is_shared(self) -> bool:
        """By several machines, where a process carries jobs, and some do what one alone does (`role`)."""
        return self._connection.is_shared

    @property
    def url(self) -> str:
        """Where the others find it, where there are some. It may have a password."""
        return self._connection.url

    @contextmanager
    def at(self, host: str) -> Iterator[bool]:
        """Whether this process may ask there, within the block: for several claims, one after the other."""
        with self._connection.at(host) as mine:
            yield mine

    @contextmanager
    def role(self, kind: Role) -> Iterator[bool]:
        """Whether this is ours to do, within the block. A process that has it keeps it to its end."""
        with self._connection.role(kind) as mine:
            yield mine

    def number(self, kind: Role) -> int:
        """Another one, and a higher one, each time that this process gets that role."""
        return self._connection.number(kind)

    def check(self) -> None:
        """Before what cannot be undone: NotOurs where what this thread works under is no longer ours."""
        self._connection.check()

    def says(self, words: str) -> None:
        """What is told with each role, from now on: by which plan and program it is done."""
        self._connection.said = words

    def stand_aside(self, why: str) -> None:
        """From now on this process has no role, and gives back those that it has; empty: it may have some again."""
        self._connection.aside = why

    @property
    def aside(self) -> str:
        """Why this process has no role, and is to ask nobody; mostly empty."""
        return self._connection.aside

    def skew(self) -> timedelta:
        """By how much the database's clock is ahead of this machine's."""
        return self._connection.skew()

    def machines(self) -> tuple[Machine, ...]:
        return self._connection.machines()

    def here(self, kind: str, said: str = "") -> None:
        """This process is one of `machines`. To be called again and again. StoreLocked: another wants to be alone."""
        self._connection.here(kind, said)

    def said_by(self, kind: Role) -> tuple[str, str] | None:
        """Which process has that role now, if any, and what it `says` with it."""
        return self._connection.said_by(kind)

    def listen(self, heard: Callable[[Heard], object]) -> AbstractContextManager[object]:
        """Until that is closed, `heard` is called when any process has marked what is to be published, or has
        published, in a thread of its own. It raises nothing. Not all is heard: who waits is to look besides.
        """
        return self._connection.listen(heard)

    def jobs(self) -> Waiting:
        """What waits to be carried, and what is."""
        return self._connection.jobs()

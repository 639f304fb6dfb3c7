"""What the threads of a process work under: leases that they share, and that are looked at before they record."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from syndicate.errors import NotOurs
from syndicate.store.postgresql.leases import Held, Key, Leases


class _OfThread(threading.local):
    """`more`: where what is asked besides is held, until the end of the claim."""

    def __init__(self) -> None:
        self.under = tuple[Held, ...]()
        self.more: ExitStack | None = None


class Holding:
    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._guard = threading.Lock()
        self._users = Counter[Key]()
        self._claimed = set[str]()
        self._own = _OfThread()

    @property
    def under(self) -> tuple[Held, ...]:
        """This thread, now."""
        return self._own.under

    @contextmanager
    def claim(self, source: str, place: Callable[[], str | None]) -> Iterator[bool]:
        """Whether this source is ours to ask, with the host that it lives at."""
        with self._guard:
            free = source not in self._claimed
            if free:
                self._claimed.add(source)
        try:
            with ExitStack() as held:
                mine = free and held.enter_context(self.at(place() or f"source:{source}"))
                before, self._own.more = self._own.more, held
                try:
                    yield mine
                finally:
                    self._own.more = before
        finally:
            if free:
                self._claimed.discard(source)

    @contextmanager
    def at(self, host: str) -> Iterator[bool]:
        """Whether this process has the host, within the block: its threads share it."""
        key = ("host", host)
        number = self._join(key)
        if number is None:
            yield False
            return
        try:
            with self._working_under(Held(*key, number)):
                yield True
        finally:
            self._part(key)

    @contextmanager
    def role(self, kind: str, said: str) -> Iterator[bool]:
        """Whether that is ours to do, within the block: taken where nobody has it, and kept."""
        lease = self._leases.kept(kind, "", said)
        if lease is None:
            yield False
            return
        with self._working_under(Held(kind, "", lease.number)):
            yield True

    def visit(self, host: str) -> None:
        """Directly before a request. NotOurs: nothing is to be begun. A person's own look needs no lease."""
        if not self._own.under:
            return
        self.check()
        is_ours = any(each.kind == "host" and each.name == host for each in self._own.under)
        if self._own.more and not is_ours and not self._own.more.enter_context(self.at(host)):
            raise NotOurs(f"{host} is being asked by another process")

    def check(self) -> None:
        """NotOurs where something that this thread works under has run out."""
        if not self._leases.are(self._own.under):
            raise lost(self._own.under)

    @contextmanager
    def _working_under(self, held: Held) -> Iterator[None]:
        before = self._own.under
        self._own.under = (*before, held)
        try:
            yield
        finally:
            self._own.under = tuple(each for each in self._own.under if each is not held)

    def _join(self, key: Key) -> int | None:
        with self._guard:
            if self._users[key] and not self._leases.lasts(*key):
                return None
            if not self._users[key] and self._leases.take(*key) is None:
                return None
            self._users[key] += 1
            return self._leases.number(*key)

    def _part(self, key: Key) -> None:
        with self._guard:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key]
                self._leases.leave(*key)


def lost(held: Iterable[Held]) -> NotOurs:
    named = ", ".join(f"{each.kind} {each.name}".rstrip() for each in held)
    return NotOurs(f"has lost its lease ({named}): what was begun with it is thrown away")

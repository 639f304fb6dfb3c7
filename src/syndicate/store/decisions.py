"""What is decided outside of the transaction that writes it, and still stands when it is written (`recordings`)."""

import secrets
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from syndicate.store.recordings import Touched, all_of, recordings

if TYPE_CHECKING:
    from syndicate.store.connection import Connection

_T = TypeVar("_T")
_D = TypeVar("_D")


class _Answer(NamedTuple):
    """What a question of a decision was told, and what that depends on."""

    question: Hashable
    told: Any
    touched: Touched


@dataclass
class _Ahead:
    """What was asked ahead of a decision, since that mark."""

    mark: str | None
    answers: list[_Answer] = field(default_factory=list)


class _OfThread(threading.local):
    """`looked`: what the decision under way depends on; None: none is. `asks_ahead`: is it being asked ahead of one?

    `mark`: the last one before what is being recorded, by itself in a tuple.
    """

    looked: list[Touched] | None = None
    ahead: _Ahead | None = None
    asks_ahead = False
    mark: tuple[str | None] | None = None


class Decisions:
    """Those of one connection, each of its own thread."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._recordings = recordings(connection.key)
        self._own = _OfThread()

    @property
    def under_way(self) -> bool:
        """Does this thread decide just now? It writes nothing."""
        return self._own.looked is not None

    def decided(self, decide: Callable[[], _D], record: Callable[[_D], _T]) -> _T:
        """What `record` makes of a decision, as a unit (`together`). `decide` writes nothing: it reads one moment.

        It is called outside of the transaction. Where something of what it `looked` at was written by then, or another
        process has recorded something, it is called again, within.
        """
        if self._connection.is_within():
            return record(decide())
        first, looked, since = self._connection.patiently(lambda: self._at_one_moment(decide))

        def unit() -> _T:
            mark = self._mark()
            stands = self._recordings.leave(looked, since, mark)
            with self._marked(mark):
                return record(first if stands else decide())

        return self._connection.together(unit)

    def ahead(self, look: Callable[[], _T]) -> _T:
        """What `look` returns. What it was told the next decision is told again, where nothing of it was written."""
        own = self._own
        own.ahead, own.asks_ahead = _Ahead(self._mark()), True
        try:
            return look()
        finally:
            own.asks_ahead = False

    def told(self, question: Hashable, ask: Callable[[], tuple[_T, Touched]]) -> _T:
        """The answer to what a decision depends on, which may have been asked ahead of it."""
        own = self._own
        before = own.ahead.answers if own.ahead and self.under_way else ()
        found = next((each for each in before if each.question == question), None) or _Answer(question, *ask())
        if own.ahead and own.asks_ahead:
            own.ahead.answers.append(found)
        if own.looked is not None:
            own.looked.append(found.touched)
        answer: _T = found.told
        return answer

    def look(self, *names: Iterable[Hashable], texts: Iterable[Sequence[int]] = ()) -> None:
        """What a decision depends on: `touched` of a recording tells of the same things."""
        if self._own.looked is not None:
            self._own.looked.append(things(*names, texts=texts))

    def wrote(self, touched: Touched | None) -> None:
        """Leave a mark that what was looked at may be otherwise. In the transaction that makes it so."""
        mark = secrets.token_hex(8)
        self._recordings.note(mark, self._mark(), touched)
        self._connection.note_mark(mark)

    def _at_one_moment(self, decide: Callable[[], _D]) -> tuple[_D, Touched, str | None]:
        looked, own = list[Touched](), self._own
        with self._connection.one_moment():
            own.looked = looked
            try:
                since = self._mark()
                if ahead := own.ahead:
                    ahead.answers = [a for a in ahead.answers if self._recordings.leave(a.touched, ahead.mark, since)]
                return decide(), all_of(looked), since
            finally:
                own.looked = own.ahead = None

    @contextmanager
    def _marked(self, mark: str | None) -> Iterator[None]:
        """Known to be the last one before what is recorded within."""
        self._own.mark = (mark,)
        try:
            yield
        finally:
            self._own.mark = None

    def _mark(self) -> str | None:
        """That of the last recording, also of one that is not committed yet."""
        if pending := self._connection.acts.facts.get("recorded"):
            return pending
        if self._own.mark:
            return self._own.mark[0]
        row = self._connection.execute("SELECT value FROM meta WHERE name = 'recorded'").fetchone()
        return str(row[0]) if row else None


def things(*names: Iterable[Hashable], texts: Iterable[Sequence[int]] = ()) -> Touched:
    """What is looked at, by its names and by the numbers of its texts."""
    return Touched(frozenset().union(*names), tuple(map(frozenset, texts)))

"""Whether what was decided still stands: each recording leaves a mark in the store, and this process knows its own.

What is decided outside of the transaction that writes it has looked at the store as it was at one mark. By the time of
writing there may be others: where all of them are this process's and have touched nothing of what was looked at, it
stands; where another process has left one, nobody knows what it touched, and it is decided again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import NamedTuple

from syndicate.model import Change, Changes
from syndicate.revise import MAY_BE_ALIKE, keys_in_store, sketch
from syndicate.text import head

_MOST = 200_000  # names and numbers that are remembered, …
_LONGEST = 300.0  # … and seconds: whatever takes longer to be decided is decided again


class Touched(NamedTuple):
    """What was looked at, or is otherwise. `names`: ids, atom ids, keys, heads, hashes of entries, `pages_of`.

    `texts`: the sketch of each. Two that have less in common than may be alike are nothing to one another.
    """

    names: frozenset[Hashable]
    texts: Sequence[frozenset[int]] = ()

    @property
    def size(self) -> int:
        return len(self.names) + sum(map(len, self.texts))

    def meets(self, other: "Touched") -> bool:
        return not self.names.isdisjoint(other.names) or self._is_alike(other)

    def _is_alike(self, other: "Touched") -> bool:
        mine = self._with(frozenset[int]().union(*other.texts))
        theirs = other._with(frozenset[int]().union(*mine))
        return any(len(one & two) >= MAY_BE_ALIKE for one in mine for two in theirs)

    def _with(self, numbers: frozenset[int]) -> list[frozenset[int]]:
        """Of its texts those that could be like one of these numbers, with what they have of them."""
        common = (text & numbers for text in self.texts)
        return [text for text in common if len(text) >= MAY_BE_ALIKE]


def all_of(parts: Collection[Touched]) -> Touched:
    """One of them all."""
    return Touched(frozenset().union(*(part.names for part in parts)), tuple(t for part in parts for t in part.texts))


class Recordings:
    """Those of this process, by their marks. `tick` counts seconds."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._guard = threading.Lock()
        self._tick = tick
        self._made = OrderedDict[str, tuple[str | None, Touched | None, float]]()
        self._held = 0

    def note(self, mark: str, after: str | None, touched: Touched | None) -> None:
        """A recording that follows that one; `touched` is None where it may be anything. It need not come to pass."""
        with self._guard:
            now = self._tick()
            self._made[mark] = (after, touched, now)
            self._held += touched.size if touched else 0
            while len(self._made) > 1 and (self._held > _MOST or self._oldest() < now - _LONGEST):
                _, (_, forgotten, _) = self._made.popitem(last=False)
                self._held -= forgotten.size if forgotten else 0

    def leave(self, looked: Touched, since: str | None, mark: str | None) -> bool:
        """Have the recordings since the one mark, until the other one, left alone what was looked at?"""
        with self._guard:
            while mark != since:
                after, touched, _ = self._made.get(mark or "", (None, None, 0.0))
                if touched is None or touched.meets(looked):
                    return False
                mark = after
        return True

    def _oldest(self) -> float:
        return next(iter(self._made.values()))[2]


def touched(changes: Changes, *, moved: bool) -> Touched | None:
    """What is otherwise by these changes; None: who knows. `moved`: keys have come to where readers' are, or gone."""
    if moved or any(c.was or c.yields or c.absorbs or c.verdict == "adopted" for c in changes.changes):
        return None
    names = frozenset[Hashable]({*changes.edits, *changes.reverted}).union(*map(_names, changes.changes))
    texts = (frozenset(sketch(change.release)) for change in changes.changes if change.tells)
    return Touched(names, tuple(filter(None, texts)))


def pages_of(source: str) -> Hashable:
    """What is known of the pages of its releases."""
    return ("pages", source)


def _names(change: Change) -> set[Hashable]:
    release = change.release
    editions = (*change.stands_again, *([change.edition] if change.edition else []))
    found: set[Hashable] = {*keys_in_store(release, change.keys), *(e.said.entry for e in editions if e.said.entry)}
    if found or editions or change.verdict != "unchanged":
        found.add(release.id)
    if change.tells:
        found |= {*keys_in_store(release, release.keys), release.atom_id, head(release.kicker, release.title)}
    return found


_recordings: dict[str, Recordings] = {}


def recordings(store: str) -> Recordings:
    """By the key of its connection."""
    return _recordings.setdefault(store, Recordings())

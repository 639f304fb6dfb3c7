"""Whether what was decided still stands: each recording leaves a mark in the store, and this process knows its own.

What is decided outside of the transaction that writes it has looked at the store as it was at one mark. By the time of
writing there may be others: where all of them are this process's and have touched nothing of what was looked at, it
stands; where another process has left one, nobody knows what it touched, and it is decided again.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path

from syndicate.model import Change, Changes
from syndicate.revise import keys_in_store, sketch
from syndicate.text import head

Touched = frozenset[Hashable]  # ids, atom ids, keys, heads, numbers of texts, hashes of entries, `pages_of`
_MOST = 200_000  # that are remembered


class Recordings:
    """Those of this process, by their marks."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._made = OrderedDict[str, tuple[str | None, Touched | None]]()
        self._held = 0

    def note(self, mark: str, after: str | None, touched: Touched | None) -> None:
        """A recording that follows that one; `touched` is None where it may be anything. It need not come to pass."""
        with self._guard:
            self._made[mark] = (after, touched)
            self._held += len(touched or ())
            while self._held > _MOST and len(self._made) > 1:
                _, (_, forgotten) = self._made.popitem(last=False)
                self._held -= len(forgotten or ())

    def leave(self, looked: Touched, since: str | None, mark: str | None) -> bool:
        """Have the recordings since the one mark, until the other one, left alone what was looked at?"""
        with self._guard:
            while mark != since:
                after, touched = self._made.get(mark or "", (None, None))
                if touched is None or not touched.isdisjoint(looked):
                    return False
                mark = after
        return True


def touched(changes: Changes, *, moved: bool) -> Touched | None:
    """What is otherwise by these changes; None: who knows. `moved`: keys have come to where readers' are, or gone."""
    if moved or any(c.was or c.yields or c.absorbs or c.verdict == "adopted" for c in changes.changes):
        return None
    found: set[Hashable] = {*changes.edits, *changes.reverted}
    for change in changes.changes:
        found |= _touched(change)
    return frozenset(found)


def pages_of(source: str) -> Hashable:
    """What is known of the pages of its releases."""
    return ("pages", source)


def _touched(change: Change) -> set[Hashable]:
    release = change.release
    editions = (*change.stands_again, *([change.edition] if change.edition else []))
    found: set[Hashable] = {*keys_in_store(release, change.keys), *(e.said.entry for e in editions if e.said.entry)}
    if found or editions or change.verdict != "unchanged":
        found.add(release.id)
    if change.tells:
        found |= {*keys_in_store(release, release.keys), *sketch(release)}
        found |= {release.atom_id, head(release.kicker, release.title)}
    return found


_recordings: dict[Path, Recordings] = {}


def recordings(store: Path) -> Recordings:
    """By whichever name it is opened."""
    return _recordings.setdefault(store.resolve(), Recordings())

"""A configuration put to everything that is held: what it would do, counted first, then each with its reason.

The store is read as it is at one moment, and nothing is written to it. What is found is put aside in a file without a
name, so that its count can be told first, however much it is.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from syndicate.model import VISIBLE, Plan
from syndicate.pipeline import with_reserved
from syndicate.store import ALL, Store
from syndicate.trying.chosen import chosen
from syndicate.trying.differences import differences
from syndicate.trying.settings import settings
from syndicate.trying.taken import taken
from syndicate.trying.topics import topic_changes
from syndicate.trying.values import Difference, Held, Setting, TopicChange

_IN_MEMORY = 4_000_000  # bytes of what was found; more is put aside on the disk


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`held`: how many releases it was put to; `counts`: kind → how many differences. `differences`: the newest first.

    `known`: is it known by which configuration the store was classified last? If not, only what the store itself tells
    is compared: topics, and whose text is shown.
    """

    known: bool
    held: int
    counts: Mapping[str, int]
    settings: tuple[Setting, ...]
    topics: tuple[TopicChange, ...]
    differences: Iterable[Difference]

    @property
    def nothing(self) -> bool:
        return not (self.counts or self.settings or self.topics)


@contextmanager
def tried(store: Store, plan: Plan, *, looked: Callable[[int], object] = lambda _: None) -> Iterator[Trial]:
    """`looked`: told of how many more releases have been looked at. Whoever gets the trial reads it within."""
    with SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="utf-8", newline="\n") as aside:
        yield store.looked(lambda: _tried(store, plan, aside, looked))


def _tried(store: Store, plan: Plan, aside: IO[str], looked: Callable[[int], object]) -> Trial:
    before, after = taken(store), chosen(with_reserved(store, plan))
    aside.seek(0)
    aside.truncate()
    stored = {row.id: (row.title, row.entries) for row in store.feeds.list()}
    found = _Found(Counter({after.renamed.get(i, i): count for i, (_, count) in stored.items()}))
    for release, editions in store.releases.told():
        found.delivered.update(edition.source for edition in editions)
        for each in differences(Held(release, editions), before, after):
            found.add(each)
            aside.write(json.dumps(each, ensure_ascii=False) + "\n")
        found.held += 1
        if found.held % 100 == 0:
            looked(100)
    return Trial(
        known=before is not None,
        held=found.held,
        counts=found.counts,
        settings=tuple(settings(before, after, found.delivered)),
        topics=tuple(topic_changes(stored, found.inside, after, ALL)),
        differences=_Aside(aside),
    )


@dataclass
class _Found:
    inside: Counter[str]  # topic → how many readers would find in it
    held: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)

    def add(self, found: Difference) -> None:
        self.counts[found.kind] += 1
        if found.kind in ("moved", "held", "shown") and found.state in (*VISIBLE, "held"):
            self.inside.subtract(found.before if found.kind != "shown" else ())
            self.inside.update(found.after if found.kind != "held" else ())


class _Aside:
    """What was put aside, as often as it is asked for."""

    def __init__(self, aside: IO[str]) -> None:
        self._aside = aside

    def __iter__(self) -> Iterator[Difference]:
        self._aside.seek(0)
        for line in self._aside:
            *values, before, after = json.loads(line)
            yield Difference._make((*values, tuple(before), tuple(after)))

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
from syndicate.text import count
from syndicate.trying.chosen import Chosen, chosen
from syndicate.trying.differences import differences
from syndicate.trying.identity import Identities
from syndicate.trying.ruled import let_in, ruled_otherwise
from syndicate.trying.searching import Searching
from syndicate.trying.settings import settings
from syndicate.trying.taken import Untaken, taken, untaken
from syndicate.trying.topics import topic_changes
from syndicate.trying.values import Difference, Held, Setting, TopicChange

_SAID = 100  # releases after which is told how far it is
_IN_MEMORY = 4_000_000  # bytes of what was found; more is put aside on the disk


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`held`: how many releases it was put to; `counts`: kind → how many differences. `differences`: the newest first.

    `known`: is it known by which configuration the store was classified last? If not, only what the store itself tells
    is compared: topics, and whose text is shown. `asks`: what a person should know before all else.
    """

    known: bool
    asks: tuple[str, ...]
    held: int
    counts: Mapping[str, int]
    settings: tuple[Setting, ...]
    topics: tuple[TopicChange, ...]
    differences: Iterable[Difference]

    @property
    def nothing(self) -> bool:
        return not (self.counts or self.settings or self.topics or self.asks)


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
    found = _Found(aside, Counter({after.renamed.get(i, i): count for i, (_, count) in stored.items()}))
    searching, by = Searching(), {each.source.id: each for each in untaken(store, plan)}
    known_by = Identities({each.source.id: each.source for each in by.values()}, searching.match)
    for release, editions in store.releases.told():
        found.delivered.update(edition.source for edition in editions)
        found.add(differences(Held(release, editions), before, after, searching.search))
        for edition in editions:
            if edition.source in by and not release.withdrawn:
                names = store.releases.names(release.id, edition.source)
                own = [key for key in names if key.kind == "id" or len(editions) == 1]  # an address may be another's
                found.add(known_by.of(release, edition.said, own))
        found.held += 1
        if found.held % _SAID == 0:
            looked(_SAID)
    found.add(_let_in(store, before, after, searching))
    return Trial(
        known=before is not None,
        asks=(*_drops_all(found), *_wants_word(by.values()), *_hangs(searching)),
        held=found.held,
        counts=found.counts,
        settings=tuple(settings(before, after, found.delivered)),
        topics=tuple(topic_changes(stored, found.inside, after, ALL)),
        differences=_Aside(aside),
    )


def _let_in(store: Store, before: Chosen | None, after: Chosen, searching: Searching) -> Iterator[Difference]:
    """What was dropped and would come in."""
    changed = {s.id: s for s in after.sources if before and ruled_otherwise(before.by_id.get(s.id), s)}
    for dropped in store.dropped.list(changed):
        if reason := let_in(dropped, changed[dropped.source], searching.search):
            yield Difference("let in", "", dropped.title, "", dropped.source, f"source {dropped.source}: {reason}")


def _drops_all(found: "_Found") -> Iterator[str]:
    for source, dropped in found.dropped.items():
        if dropped == found.delivered[source]:
            yield (
                f"source {source}: its rules would have let in none of the {count(dropped, 'release')} that are held"
                " of it: is that meant? They stay, and nothing of the kind comes to them"
            )


def _wants_word(sources: Iterable[Untaken]) -> Iterator[str]:
    for each in sources:
        yield (
            f'source {each.source.id}: identity = "{each.source.identity}" on a source with'
            f' {count(each.releases, "release")}, known by "{each.by}" until now: no start and no reload takes it'
            " before `syndicate try --accept`"
        )


def _hangs(searching: Searching) -> Iterator[str]:
    for expression in searching.hung:
        yield f"/{expression}/ takes too long and is not heeded, here or where documents are read: put it otherwise"


@dataclass
class _Found:
    aside: IO[str]
    inside: Counter[str]  # topic → how many readers would find in it
    held: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, found: Iterable[Difference]) -> None:
        for each in found:
            self._count(each)
            self.aside.write(json.dumps(each, ensure_ascii=False) + "\n")

    def _count(self, each: Difference) -> None:
        self.counts[each.kind] += 1
        if each.kind == "dropped":
            self.dropped[each.source or ""] += 1
        if each.kind in ("moved", "held", "shown") and each.state in (*VISIBLE, "held"):
            self.inside.subtract(each.before if each.kind != "shown" else ())
            self.inside.update(each.after if each.kind != "held" else ())


class _Aside:
    """What was put aside, as often as it is asked for."""

    def __init__(self, aside: IO[str]) -> None:
        self._aside = aside

    def __iter__(self) -> Iterator[Difference]:
        self._aside.seek(0)
        for line in self._aside:
            *values, before, after = json.loads(line)
            yield Difference._make((*values, tuple(before), tuple(after)))

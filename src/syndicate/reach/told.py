"""What became of a release's last correction or withdrawal: who holds the old version, who the new one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.formats import FORMATS
from syndicate.model import Hold
from syndicate.placement import Happening
from syndicate.reach.count import believed
from syndicate.reach.newsrooms import Named, Turn, in_advance_of, of_newsrooms
from syndicate.store import ALL, Happened, Store

SEEN = "own server only"
SETTLED_AFTER = timedelta(days=7)  # who has not come back by then does not come back: nobody waits for him

_LOOKED_AT = 100  # releases, the last that were corrected or withdrawn
_SHOWS: tuple[Happening, ...] = ("published", "lifted")
_TELLS: tuple[Happening, ...] = ("corrected", "withdrawn")


class Count(NamedTuple):
    """Of one agent, over all documents: copies of the old and of the new version, and how many went out without a
    validator (`plain`, of these `plain_old` of the old one). `last`: when it last fetched or asked.
    """

    agent: str
    old: int = 0
    new: int = 0
    plain: int = 0
    plain_old: int = 0
    subscribers: int | None = None
    last: datetime | None = None


class Told(NamedTuple):
    """`event` is the last correction or withdrawal (None: there was none), `since` when readers first had what it put
    right or took back, where that is kept; `again`: it was restored at that time.
    """

    release: str
    event: Turn | None
    since: datetime | None = None
    again: datetime | None = None
    newsrooms: tuple[Named, ...] = ()
    subscribers: tuple[Named, ...] = ()
    agents: tuple[Count, ...] = ()

    @property
    def old(self) -> int:
        """Copies of the old version that are known to be held."""
        return sum(agent.old for agent in self.agents) + self._named(old=True)

    @property
    def new(self) -> int:
        return sum(agent.new for agent in self.agents) + self._named(old=False)

    @property
    def unknown(self) -> int:
        """Copies of the old version that went out without a validator: nobody can say who has them still."""
        return sum(agent.plain_old for agent in self.agents)

    def settled(self, now: datetime) -> bool:
        """Nobody who is known holds the old version, or it is long ago."""
        return not self.event or not self.old or now - self.event.at >= SETTLED_AFTER

    def _named(self, *, old: bool) -> int:
        return sum(each.old is old for each in (*self.newsrooms, *self.subscribers))


def told(store: Store, release: str) -> Told:
    """Of a release by its id. Nothing of what no reader has seen: that happened to nobody."""
    return _told(store, release, _Rows(store))


class _Rows:
    """What is held of documents; each is read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read = dict[str, dict[str, dict[str, Hold]]]()

    def of(self, documents: Iterable[str]) -> Iterator[tuple[str, Iterable[Hold]]]:
        """Agent by agent, of one document after the other."""
        documents = [*documents]
        new = [document for document in documents if document not in self._read]
        self._read.update((document, {}) for document in new)
        for (document, agent), rows in self._store.holds.within(new).items():
            self._read[document][agent] = rows
        for document in documents:
            for agent, rows in self._read[document].items():
                yield agent, rows.values()


def _told(store: Store, release: str, holds: _Rows) -> Told:
    rows = store.happened.of(release)
    event = next((row for row in reversed(rows) if row.kind in _TELLS), None)
    if event is None:
        return _in_advance(store, release)
    before = [row for row in rows if row.id < event.id]
    found, heads = store.releases.get(release), _heads(event.topics)
    issued = found.issued if found else None
    since = next((row.at for row in before if row.kind in _SHOWS), issued)
    shown = _spans(before, event, store.versions.first_since(heads, issued) if issued else 0)
    counts = dict[str, list[Count]]()
    for agent, held in holds.of([*heads, *_pages(store, event)]):
        counts.setdefault(agent, []).append(_count(agent, held, shown, event.generation))
    return Told(
        release,
        Turn(event.kind, event.at, event.generation),
        since,
        again=next((row.at for row in rows if row.id > event.id and row.kind in _SHOWS), None),
        newsrooms=of_newsrooms(store, release, event.topics, shown, event.generation),
        subscribers=_subscribers(store, heads, shown, event.generation),
        agents=tuple(sorted(filter(_tells, map(_sum, counts.values())), key=lambda each: (-each.old, each.agent))),
    )


def _in_advance(store: Store, release: str) -> Told:
    """Of what no other reader has seen."""
    found = in_advance_of(store, release)
    return Told(release, found.turn, found.since, newsrooms=found.newsrooms) if found else Told(release, None)


def _subscribers(store: Store, heads: Sequence[str], shown: Sequence[range], generation: int) -> tuple[Named, ...]:
    """By host: several may have one, and then one of them that is behind is enough."""
    found = dict[str, Named]()
    for host, at, last in store.subscriptions.reached(heads):
        has_new = at is not None and at >= generation
        has_old = not has_new and (at is None or any(at in span for span in shown))
        before = found.get(host, Named(host, None, None))
        olds = {before.old, False if has_new else True if has_old else None}
        lasts = [each for each in (before.last, last) if each]
        found[host] = Named(host, True if True in olds else False if False in olds else None, max(lasts, default=None))
    return tuple(sorted(found.values(), key=lambda each: (not each.old, each.name)))


def _spans(before: Sequence[Happened], event: Happened, first: int) -> list[range]:
    """The generations in which readers had what the event put right or took back.

    `first`: from which on, where nothing is told of its first showing (it was no news then, or that is long ago).
    """
    spans, since = list[range](), None if before and before[0].kind in _SHOWS else first
    for row in (*before, event):
        if row.kind in _SHOWS:
            since = row.generation if since is None else since
        elif row.kind == "withdrawn" or row is event:
            spans.append(range(0 if since is None else since, row.generation))
            since = None
    return spans


def _heads(topics: Iterable[str]) -> list[str]:
    return [f"{topic}.{row.suffix}" for topic in dict.fromkeys((*topics, ALL)) for row in FORMATS.values()]


def _pages(store: Store, event: Happened) -> list[str]:
    """The archive pages of its topics that changed by it."""
    topics = {*event.topics, ALL}
    changed = (path.partition("/") for path in store.versions.superseded_at(event.at))
    return ["".join(parts) for parts in changed if parts[1] and parts[0] in topics]


def _count(agent: str, rows: Iterable[Hold], shown: Sequence[range], generation: int) -> Count:
    """Of one document."""
    found = Count(agent)
    for row in believed(rows):
        is_new = row.given.generation >= generation
        if not is_new and not any(row.given.generation in span for span in shown):
            continue  # from before it was there
        found = _sum(
            (
                found,
                Count(
                    agent,
                    old=0 if is_new else row.n,
                    new=row.n if is_new else 0,
                    plain=row.plain,
                    plain_old=0 if is_new else row.plain,
                    subscribers=row.subscribers,
                    last=row.last,
                ),
            )
        )
    return found


def _sum(counts: Iterable[Count]) -> Count:
    """Of one agent."""
    counts = tuple(counts)
    return Count(
        counts[0].agent,
        old=sum(count.old for count in counts),
        new=sum(count.new for count in counts),
        plain=sum(count.plain for count in counts),
        plain_old=sum(count.plain_old for count in counts),
        subscribers=max((count.subscribers for count in counts if count.subscribers), default=None),
        last=max((count.last for count in counts if count.last), default=None),
    )


def _tells(count: Count) -> bool:
    return bool(count.old or count.new or count.plain)


def recent(store: Store, now: datetime) -> Iterator[Told]:
    """Of what was corrected or withdrawn of late and has not settled, the last first: each release once."""
    holds = _Rows(store)
    for release in store.happened.lately(_TELLS, now - SETTLED_AFTER, _LOOKED_AT):
        found = _told(store, release, holds)
        if not found.again and not found.settled(now):
            yield found

"""A store of dicts that answers `revise` as the real one does, and documents that a source could state."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple

from syndicate.model import Change, Edition, Item, Key, Known, Release, Sought, Source
from syndicate.normalise import normalise
from syndicate.revise import SourceContext, keys_in_store, revise, settle, sketch, sought, still_sought, with_edition
from syndicate.text import head

START = datetime(2026, 5, 2, 8, tzinfo=UTC)
SOURCE = Source(id="amt", url="https://amt.example/feed", tag="amt.example,2026")


class Shelf:
    """What is held, by id. `read` is a poll, `tick` the clock; both give the changes that they made."""

    def __init__(self, source: Source = SOURCE) -> None:
        self.source = source
        self.now = START
        self.releases: dict[str, Release] = {}
        self.editions: dict[str, tuple[Edition, ...]] = {}
        self.keys: dict[Key, str] = {}
        self.named: dict[Key, int] = {}
        self._numbers = count(1)

    def known(self, asked: Sought) -> Known:
        by_key = {key: self.keys[key] for key in asked.keys if key in self.keys}
        heads = {at: tuple(i for i, r in self.releases.items() if head(r.kicker, r.title) == at) for at in asked.heads}
        alike = {key: self._alike(numbers) for key, numbers in asked.sketches.items()}
        ids = {*by_key.values(), *(i for found in heads.values() for i in found)}
        ids |= {i for found in alike.values() for i, _ in found}
        return Known(
            by_key=by_key,
            names={key: self.named[key] for key in by_key if self.named[key] > 1},
            by_head={at: found for at, found in heads.items() if found},
            by_atom_id={r.atom_id: i for i, r in self.releases.items() if r.atom_id in asked.atom_ids},
            releases={i: self.releases[i] for i in ids},
            editions={i: self.editions.get(i, ()) for i in ids},
            alike={key: found for key, found in alike.items() if found},
        )

    def _alike(self, numbers: Sequence[int]) -> tuple[tuple[str, int], ...]:
        shared = ((i, len({*numbers} & {*sketch(release)})) for i, release in self.releases.items())
        return tuple(sorted((pair for pair in shared if pair[1]), key=lambda pair: -pair[1])[:5])

    def read(self, *items: Item, capture: str = "feed", paths: Iterable[str] = ()) -> list[Change]:
        return self.read_all([(capture, items)], paths)

    def read_all(self, documents: Iterable[tuple[str, Sequence[Item]]], paths: Iterable[str] = ()) -> list[Change]:
        incoming = [
            (release, capture)
            for capture, items in documents
            for item in items
            if isinstance(release := normalise(item, self.source, now=self.now), Release)
        ]
        releases = [release for release, _ in incoming]
        known = self.known(sought(releases, tag=self.source.tag))
        more = still_sought(releases, known)
        known = known.with_more(self.known(more)) if more else known
        context = SourceContext(self.source, lambda _: f"release{next(self._numbers):05}", frozenset(paths))
        changes = revise(incoming, known, context, now=self.now)
        self._record(changes)
        return [*changes]

    def tick(self, span: timedelta) -> list[Change]:
        """Time goes by, then what was due is put in."""
        self.now += span
        made = []
        for identifier, editions in self.editions.items():
            change = settle(self.releases[identifier], self.source, editions, {}, now=self.now)
            made += [change] if change else []
        self._record(made)
        return made

    def _record(self, changes: Iterable[Change]) -> None:
        for change in changes:
            release = change.release
            if release.visible and release.issued is None:
                release = replace(release, issued=self.now)
            for key in keys_in_store(release, change.keys):
                self._name(key, release.id, takes=key.kind == "path")
            if change.edition:
                self.editions[release.id] = with_edition(self.editions.get(release.id, ()), change.edition)
            if change.verdict == "unchanged":
                continue
            self.releases[release.id] = release
            for key in keys_in_store(release, release.keys):
                self._name(key, release.id, takes=change.verdict == "new")

    def _name(self, key: Key, identifier: str, *, takes: bool) -> None:
        before = self.keys.get(key)
        if before is None or (takes and before != identifier):
            self.keys[key] = identifier
            self.named[key] = self.named.get(key, 0) + 1


class Entry(NamedTuple):
    """What a feed's entry states."""

    title: str
    text: str
    id: str | None = None
    link: str | None = None
    date: str | None = None
    updated: str | None = None
    kicker: str | None = None
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()

    def item(self) -> Item:
        return Item(
            id=self.id,
            url=self.link,
            title=self.title,
            content=f"{self.text}",
            published=self.date,
            updated=self.updated,
            kicker=self.kicker,
            categories=self.categories,
            authors=self.authors,
        )


def poll(shelf: Shelf, document: Sequence[Entry]) -> list[Change]:
    return shelf.read(*(entry.item() for entry in document))


def news(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """What a reader would be told of."""
    return [(c.verdict, c.release.title) for c in changes if c.verdict in ("new", "corrected", "completed")]

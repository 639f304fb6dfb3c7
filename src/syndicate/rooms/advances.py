"""What embargoed newsrooms have before its end, as the store tells it at one moment."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from syndicate.model import Plan, Release, Tombstone
from syndicate.placement import ALL, Advance
from syndicate.render import release_path
from syndicate.rooms.marked import dated
from syndicate.store import Store, named_by


class Held(NamedTuple):
    """A release before its end, or a version that waits for its own of one that is `public`; with its ids there."""

    release: Release
    advance: Advance
    public: Release | None = None


class Gone(NamedTuple):
    """What stands there no more under an id, in the feeds of these topics."""

    tombstone: Tombstone
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Advances:
    """`held`: what changed last is first. `gone`: the last first."""

    held: tuple[Held, ...] = ()
    gone: tuple[Gone, ...] = ()

    def of(self, topics: Collection[str]) -> "Advances":
        """What there is in the feeds of these topics; ALL is one like any other."""

        def among(own: Iterable[str]) -> bool:
            return ALL in topics or not {*own}.isdisjoint(topics)

        return Advances(
            tuple(each for each in self.held if among(each.release.topics)),
            tuple(each for each in self.gone if among(each.topics)),
        )

    @property
    def topics(self) -> frozenset[str]:
        """In whose feeds something is held."""
        return frozenset(topic for each in (*self.held,) for topic in each.release.topics).union(
            topic for each in self.gone for topic in each.topics
        )

    def shows(self, digest: str, name: str) -> bool:
        """Does one of these name that file?"""
        return any((digest, name) in named_by(each.release) for each in self.held)


def advances(store: Store, plan: Plan, now: datetime) -> Advances:
    """All of them, of every topic."""
    waiting = _waiting(store)
    rows = store.advances.of([release.id for release, _ in waiting])
    since = now - max(plan.publish.tombstones, plan.publish.withdrawal_notice)
    moved = [(row, release) for row, release in store.advances.moved(since) if release.state != "embargoed"]
    withdrawn = store.advances.withdrawn(since)
    buried = store.advances.of([release.id for release in withdrawn])
    taken = store.advances.taken([row.atom_id for row in (*rows, *(row for row, _ in moved), *buried)])
    held = (_held(release, version, rows, taken) for release, version in waiting)
    return Advances(
        tuple(sorted(held, key=lambda each: (each.release.updated, each.release.id), reverse=True)),
        (
            *(_moved(row, release, plan) for row, release in moved if row.atom_id not in taken),
            *_withdrawn(withdrawn, buried, taken, plan),
        ),
    )


def _waiting(store: Store) -> list[tuple[Release, Release]]:
    """(release, the version with the embargo): of several versions of one that which ends first, as `lift` has it."""
    found = dict[str, tuple[Release, Release]]()
    for release, version in store.releases.waiting():
        if not release.held and (release.id not in found or _ends(version) < _ends(found[release.id][1])):
            found[release.id] = (release, version)
    return [*found.values()]


def _ends(version: Release) -> tuple[bool, float, str]:
    until = version.embargo.until if version.embargo else None
    return until is None, until.timestamp() if until else 0.0, version.source or ""


def _held(release: Release, version: Release, rows: Iterable[Advance], taken: Mapping[str, str]) -> Held:
    mine = [row for row in rows if row.release == release.id and row.ended is None]
    now = replace(version, id=release.id, topics=release.topics, notes=release.notes, published=release.published)
    if not mine:  # nobody has seen it come
        row = Advance(atom_id=release.atom_id, release=release.id, since=release.first_seen, updated=release.updated)
    else:
        row = mine[0]
    if taken.get(row.atom_id, release.id) != release.id:  # what readers know has that id by now
        row = replace(row, atom_id=release.atom_id)
    row = replace(row, embargo=version.embargo, source=None if release is version else version.source or "")
    now = replace(now, atom_id=row.atom_id)
    if release.visible:
        return Held(replace(now, updated=max(release.updated, row.updated)), row, release)
    return Held(dated(now, row), row)


def _moved(row: Advance, release: Release, plan: Plan) -> Gone:
    """The id under which it stood before; and where it is read now."""
    base = plan.site.base_url
    address = base
    if release.visible:
        address = release.url or base + release_path(release.id)
    stone = Tombstone(
        release.id, row.atom_id, row.updated, min(release.published, row.since), None, address, moved=True
    )
    return Gone(stone, release.topics)


def _withdrawn(
    releases: Iterable[Release], rows: Iterable[Advance], taken: Mapping[str, str], plan: Plan
) -> Iterable[Gone]:
    known = {row.release: row for row in rows}
    for release in releases:
        row = known.get(release.id)
        if row and taken.get(row.atom_id, release.id) == release.id:
            when = max(release.withdrawn or row.updated, row.updated)
            published = min(release.published, row.since)
            stone = Tombstone(release.id, row.atom_id, when, published, release.reason, plan.site.base_url)
            yield Gone(stone, release.topics)

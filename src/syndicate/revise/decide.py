"""What a document comes to: new, completed, corrected, withdrawn, unchanged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.model import Change, Edition, Key, Known, Release, Source
from syndicate.revise._editions import says_the_same, shown, update, with_edition
from syndicate.revise._match import Desk, Incoming, without_shared_keys

_FEW = 5  # releases of a source that may go at once, and not more than …
_SHARE = 10  # … one in so many of them; a single one may always


@dataclass(frozen=True)
class Teller:
    """Who speaks: the source, and how new ids are made."""

    source: Source
    mint: Callable[[], str]


def revise(incoming: Sequence[Incoming], known: Known, teller: Teller, *, now: datetime) -> tuple[Change, ...]:
    """One change for each release of a document, in its order; `unchanged` where there is nothing to record."""
    desk = Desk(known)
    batch = without_shared_keys(incoming)
    claimed: dict[str | None, set[str]] = {}  # capture → the releases that it names by more than their words
    for release, capture in batch:
        named = {i for key in release.keys if key.kind != "hash" and (i := desk.by_key.get(key))}
        claimed.setdefault(capture, set()).update(named)
    changes = []
    for release, capture in batch:
        stored = desk.match_headline(release) if release.headline else desk.match(release, claimed[capture])
        change = replace(_decide(release, stored, desk, teller, now), capture=capture)
        changes.append(change)
        desk.note(change)
        claimed[capture].add(change.release.id)
    return tuple(changes)


def retire(
    gone: Sequence[tuple[Key, str | None]], known: Known, source: Source, *, now: datetime
) -> tuple[Change, ...]:
    """What a source takes back of what it delivered itself: (what names it, the reason)."""
    changes: dict[str, Change] = {}
    for key, reason in gone:
        stored = known.releases.get(known.by_key.get(key, ""))
        if stored is None or stored.withdrawn or stored.id in changes:
            continue
        mine = next((e for e in known.editions.get(stored.id, ()) if e.source == source.id), None)
        if mine and not mine.said.withdrawn:
            said = replace(mine.said, withdrawn=now, reason=reason)
            changes[stored.id] = _take_back(said, stored, mine, known, now)
    return tuple(changes.values())


def too_many(gone: int, delivered: int) -> bool:
    """Would so much of a source's go at once that it is more likely an accident, like a folder that is not mounted?"""
    return gone > _FEW or (gone > 1 and gone * _SHARE > delivered)


def _decide(release: Release, stored: Release | None, desk: Desk, teller: Teller, now: datetime) -> Change:
    if stored is None:
        return _new(release, desk, teller)
    before = desk.editions.get(stored.id, ())
    mine = next((e for e in before if e.source == teller.source.id), None)
    # What was moved is known by its new path, address and id, too.
    further = () if release.headline else desk.further_keys(release, stored)
    nothing = Change(verdict="unchanged", release=stored, keys=further)
    release = _freed(release, stored, mine)
    # What was withdrawn does not come back by being said again.
    if release.headline or stored.withdrawn or (mine and (mine.said.withdrawn or says_the_same(mine.said, release))):
        return nothing
    if release.withdrawn:
        return _take_back(replace(release, id=stored.id), stored, mine, desk.known, now) if mine else nothing
    edition = Edition(source=teller.source.id, priority=teller.source.priority, said=replace(release, id=stored.id))
    if release.state == "embargoed" and stored.visible:
        return Change(verdict="held", release=stored, edition=edition, pending=release)
    words = shown(with_edition(before, edition), desk.known.edits.get(stored.id, {}), stored) or release
    return replace(update(words, stored, release.keys, now), edition=edition, keys=further)


def _freed(release: Release, stored: Release, mine: Edition | None) -> Release:
    """An embargo that a person or the clock has ended is not another because it is said again."""
    for before in (stored, mine.said if mine else stored):
        if release.embargo and before.lifted and before.embargo == release.embargo:
            return replace(release, lifted=before.lifted)
    return release


def _new(release: Release, desk: Desk, teller: Teller) -> Change:
    minted = replace(
        release,
        id=teller.mint(),
        atom_id=desk.free_atom_id(release, teller.source.tag),
        keys=release.keys if release.headline else desk.own_keys(release),
    )
    edition = Edition(source=teller.source.id, priority=teller.source.priority, said=minted)
    return Change(verdict="new", release=minted, edition=None if release.headline else edition)


def _take_back(said: Release, stored: Release, mine: Edition, known: Known, now: datetime) -> Change:
    """One source's edition goes: the others go on; without any, the release is withdrawn."""
    edition = replace(mine, said=said)
    words = shown(with_edition(known.editions.get(stored.id, ()), edition), known.edits.get(stored.id, {}), stored)
    if words is None:
        gone = replace(stored, withdrawn=now, reason=said.reason)
        return Change(verdict="withdrawn", release=gone, edition=edition)
    return replace(update(words, stored, (), now), edition=edition)

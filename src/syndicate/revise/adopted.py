"""Releases that were taken over from the folder of feeds (semantics: Adopted). Pure.

Nobody knows who delivered them, until a source says its first word of one: that is taken as what it said before, and
nothing is corrected by it. They have no `source` until some source's words are shown.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from syndicate.model import Change, Edition, Embargo, Key, Known, Memory, Release, Source
from syndicate.revise.likeness import seen
from syndicate.revise.match import Matcher
from syndicate.text import fold, head


class Told(NamedTuple):
    """Who says its first word, whether it is that of several entries, and when."""

    source: Source
    joined: bool
    now: datetime


def is_adopted(stored: Release, mine: Edition | None) -> bool:
    """Was it taken over, and has this source not said a word of it?"""
    return stored.source is None and mine is None


def waits_for_a_person(release: Release, holds: datetime | None) -> bool:
    """Could the store that was lost have known its embargo, and that it was withdrawn under it?"""
    return holds is not None and (release.stated is None or release.stated <= holds)


def until_lifted(embargo: Embargo) -> Embargo:
    """The same, but its end is for a person to say."""
    return Embargo(event=embargo.event or (f"{embargo.until:%Y-%m-%d %H:%M} UTC" if embargo.until else None))


def learn(matcher: Matcher, incoming: Iterable[Release]) -> None:
    """The heads of what was withdrawn, before anything else is looked up: its own words make it no headline again."""
    for release in incoming:
        stored = None if release.headline else matcher.adopted(release)
        if stored and stored.withdrawn:
            matcher.by_head.setdefault(head(release.kicker, release.title), []).append(stored.id)


def first_word(release: Release, stored: Release, matcher: Matcher, told: Told) -> Change | None:
    """What a source says of it for the first time. None of a headline: that is completed as any other."""
    keys = tuple(key for key in release.keys if key.kind == "path" or key not in matcher.by_key)
    said = replace(release, id=stored.id)
    if stored.withdrawn:
        return _forgotten(said, stored, told)
    if stored.headline:
        return None
    if release.withdrawn:
        if matcher.adopted(release) is not stored:  # only under an id of its own it speaks for what it has delivered
            return Change(verdict="unchanged", release=stored)
        return replace(taken_back(stored, release.reason, told.now), edition=_edition(said, told), keys=keys)
    if release.state == "embargoed":
        if not _same_words(release, stored):
            return _held(replace(release, embargo=release.embargo and until_lifted(release.embargo)), stored, matcher)
        said = replace(said, lifted=told.now)
    return Change(verdict="unchanged", release=stored, edition=_edition(said, told), keys=keys)


def untold(key: Key, known: Known) -> Release | None:
    """What was taken over under this id as its atom id, and no source has told yet."""
    stored = known.releases.get(known.by_atom_id.get(key.value, "")) if key.kind == "id" else None
    return stored if stored and stored.source is None and not known.editions.get(stored.id) else None


def taken_back(stored: Release, reason: str | None, now: datetime) -> Change:
    """By the source whose id it has."""
    return Change(verdict="withdrawn", release=replace(stored, withdrawn=now, reason=reason))


def _forgotten(said: Release, stored: Release, told: Told) -> Change:
    """It stays withdrawn; its words are known again, so that no other release shows them, and for `restore`."""
    release = replace(
        said,
        atom_id=stored.atom_id,
        published=stored.published,
        updated=stored.updated,
        issued=stored.issued,
        first_seen=stored.first_seen,
        withdrawn=stored.withdrawn,
        reason=stored.reason,
        revision=stored.revision,
    )
    return Change(verdict="merged", release=release, edition=_edition(said, told))


def _held(release: Release, stored: Release, matcher: Matcher) -> Change:
    """Its new words wait for a person; readers keep what they have."""
    waiting = any(
        version.source == release.source and seen(version) == seen(release)
        for version in matcher.known.pending.get(stored.id, ())
    )
    return Change(verdict="unchanged" if waiting else "held", release=stored, pending=None if waiting else release)


def _edition(said: Release, told: Told) -> Edition:
    memory = Memory(modified=said.modified, joined=told.joined)
    return Edition(source=told.source.id, priority=told.source.priority, said=said, memory=memory)


def _same_words(one: Release, other: Release) -> bool:
    return fold(one.title) == fold(other.title) and seen(one)["content"] == seen(other)["content"]

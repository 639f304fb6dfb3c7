"""What several sources and a person say of one release, put together. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from syndicate.model import Change, Edition, Key, Note, Release, Verdict
from syndicate.revise.likeness import seen
from syndicate.text import fold
from syndicate.urls import canonical_url

Edits = Mapping[str, Any]  # what a person changed: field of `Release` → its value


def with_edition(editions: tuple[Edition, ...], edition: Edition) -> tuple[Edition, ...]:
    """The editions with this source's latest word in its old place, or at the end."""
    if any(e.source == edition.source for e in editions):
        return tuple(edition if e.source == edition.source else e for e in editions)
    return (*editions, edition)


def shown(editions: tuple[Edition, ...], edits: Edits) -> Release | None:
    """The words to show: of the edition with the highest priority, then the first seen, with what a person changed.

    None where every source has withdrawn its own.
    """
    standing = [edition for edition in editions if not edition.said.withdrawn]
    if not standing:
        return None
    said = max(standing, key=lambda edition: edition.priority).said  # max keeps the first of equals
    return with_edits(said, edits)


def with_edits(said: Release, edits: Edits) -> Release:
    """With what a person changed."""
    if "embargo" in edits:  # another end: whether it has come is for the clock to say
        said = replace(said, lifted=None)
    if edits.get("stated"):
        said = replace(said, published=edits["stated"])
    return replace(said, **edits)


def said_of(said: Release, field: str) -> Any:
    """What a source says of what a person may change; of topics that a person gave: all that names some."""
    return (
        tuple(sorted({name for names in _names(said) for name in names}))
        if field == "assigned"
        else getattr(said, field)
    )


def hides(said: Release, field: str, value: Any, over: Any) -> bool:
    """Does a field that a person changed to `value`, while the source said `over`, hide what it `said` since?"""
    if field == "assigned":
        return bool(said_of(said, field) != over)
    now, then, by_hand = (
        seen(version).get(field, getattr(version, field))
        for version in (said, replace(said, **{field: over}), replace(said, **{field: value}))
    )
    return bool(now not in (then, by_hand))


def says_the_same(before: Release, now: Release) -> bool:
    """Has this source nothing new to say? A stated date that moves is nothing: some state the time of the request."""
    moved = now.url is not None and (before.url is None or canonical_url(before.url) != canonical_url(now.url))
    return seen(before) == seen(now) and states_the_same(before, now) and not moved


def states_the_same(before: Release, now: Release) -> bool:
    """Is all the same but what a reader sees? A date or an address that goes is nothing; an order of topics neither."""
    return (
        before.embargo == now.embargo
        and (before.stated is not None or now.stated is None)
        and _names(before) == _names(now)
        and now.withdrawn is None
    )


def _names(release: Release) -> tuple[frozenset[str], ...]:
    """What its topics are made of."""
    named = ({release.kicker or "", *release.kickers}, release.categories, release.topic_names)
    return tuple(frozenset(map(fold, names)) - {""} for names in named)


def all_notes(*releases: Release) -> tuple[Note, ...]:
    """The notes of what becomes one release, the newest first."""
    found = dict.fromkeys(note for release in releases for note in release.notes)
    return tuple(sorted(found, key=lambda note: note.at, reverse=True))


def update(words: Release, stored: Release, keys: Iterable[Key], now: datetime) -> Change:
    """`stored` with these words: a correction where a reader who had it would see a change."""
    old, new = seen(stored), seen(words)
    fields = tuple(name for name in new if old[name] != new[name])
    dated = "published" in stored.inferred and words.stated is not None and stored.stated is None
    published = words.published if dated else stored.published
    corrected = bool(fields) and stored.visible
    verdict: Verdict = "corrected" if fields else "dated" if dated else "merged"
    if stored.headline and not words.headline:
        verdict = "completed"
    inferred = {*words.inferred} - {"published"}
    if "published" in stored.inferred and not dated:
        inferred.add("published")
    if corrected:
        updated = max(now, stored.updated + timedelta(seconds=1), published)
    else:
        updated = max(stored.updated, published) if stored.visible else max(words.updated, published)
    release = replace(
        words,
        id=stored.id,
        atom_id=stored.atom_id,
        first_seen=stored.first_seen,
        issued=stored.issued,
        published=published,
        stated=stored.stated or words.stated,
        updated=updated,
        inferred=tuple(sorted(inferred)),
        url=_same_url(stored.url, words.url),
        revision=stored.revision + 1 if corrected else stored.revision,
        keys=tuple(dict.fromkeys((*stored.keys, *words.keys, *keys))),
        topics=stored.topics,
        held=stored.held,
        notes=stored.notes,  # a person's, whatever sources say
        # Only the embargo that was lifted is: a later one is another.
        lifted=words.lifted or (stored.lifted if words.embargo == stored.embargo else None),
    )
    return Change(verdict=verdict, release=release, fields=fields)


def quietly(change: Change, stored: Release) -> Change:
    """Replaced as a typo is: readers who look see it, nobody is told."""
    if change.verdict != "corrected":
        return change
    return replace(change, release=replace(change.release, updated=stored.updated), verdict="quiet")


def _same_url(stored: str | None, words: str | None) -> str | None:
    """The address a reader has keeps its form while it is the same page."""
    return stored if stored and words and canonical_url(stored) == canonical_url(words) else words or stored

"""Incoming × stored → Changes: the only place that decides. Pure; `now` and the source of new ids are handed in.

Rules: semantics, Identity, Dates, Embargo and Correction.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.model import Change, Edition, Key, Known, Release, Source, Verdict
from syndicate.text import canonical_url, fold, head, squeeze, tag_uri, without_query

_SRC = re.compile(r'(?<=src=")[^"?#]*([?#][^"]*)')
_MARKUP = re.compile(r"<[^>]*>")
_UNLIKE_TITLE, _UNLIKE_TEXT = 0.34, 0.1  # shares of common words and of common runs of three words

Incoming = tuple[Release, str | None]  # a normalised release, and the hash of the bytes that said so


@dataclass(frozen=True)
class Teller:
    """Who speaks: the source, and how new ids are made."""

    source: Source
    mint: Callable[[], str]


class _Desk:
    """What is known, and what this very document has added to it."""

    def __init__(self, known: Known) -> None:
        self.by_key = dict(known.by_key)
        self.by_head = {key: list(ids) for key, ids in known.by_head.items()}
        self.by_atom_id = dict(known.by_atom_id)
        self.releases = dict(known.releases)
        self.editions = dict(known.editions)

    def note(self, change: Change) -> None:
        release = change.release
        self.releases[release.id] = release
        self.by_atom_id[release.atom_id] = release.id
        for key in release.keys:
            self.by_key[key] = release.id
        ids = self.by_head.setdefault(head(release.kicker, release.title), [])
        if release.id not in ids:
            ids.append(release.id)
        if change.edition:
            self.editions[release.id] = with_edition(self.editions.get(release.id, ()), change.edition)


def revise(incoming: Sequence[Incoming], known: Known, teller: Teller, *, now: datetime) -> tuple[Change, ...]:
    """What one document comes to, in its order. Headlines that are known already are in it as `unchanged`."""
    desk = _Desk(known)
    batch = _without_shared_keys(incoming)
    claimed = {i for release, _ in batch for key in release.keys if key.kind != "hash" and (i := desk.by_key.get(key))}
    changes = []
    for release, capture in batch:
        stored = _headline_match(release, desk) if release.headline else _match(release, desk, claimed)
        change = _decide(release, stored, desk, teller, now)
        changes.append(replace(change, capture=capture))
        desk.note(change)
        claimed.add(change.release.id)
    return tuple(changes)


def lift(stored: Release, pending: Release | None, *, now: datetime) -> Change:
    """The end of an embargo, by the clock or by a person: what was held is public from `now` on."""
    if pending is None:
        undated = "published" in stored.inferred or stored.published > now
        published = now if undated else stored.published
        inferred = tuple(dict.fromkeys((*stored.inferred, "published"))) if undated else stored.inferred
        released = replace(
            stored, lifted=now, published=published, updated=max(published, min(stored.updated, now)), inferred=inferred
        )
        return Change(verdict="lifted", release=released)
    change = _update(replace(pending, lifted=now), stored, (), now)
    return replace(change, verdict="lifted") if change.verdict != "unchanged" else change


def with_edition(editions: tuple[Edition, ...], edition: Edition) -> tuple[Edition, ...]:
    """The editions with this source's latest word in its old place, or at the end."""
    if any(e.source == edition.source for e in editions):
        return tuple(edition if e.source == edition.source else e for e in editions)
    return (*editions, edition)


def seen(release: Release) -> dict[str, object]:
    """What a reader would see of a release, field by field, without what changes by itself.

    White space, an image's cache-buster, the related block and the dates are no part of it.
    """
    return {
        "kicker": release.kicker,
        "title": release.title,
        "teaser": release.teaser,
        "content": squeeze(_SRC.sub(lambda m: m[0][: m.start(1) - m.start()], release.content)).replace("> <", "><"),
        "images": [(i.alt, i.caption, i.credit, i.url and without_query(i.url)) for i in release.images],
        "enclosures": [(e.url, e.type, e.title) for e in release.enclosures],
        "contact": release.contact,
        "authors": release.authors,
        "corrects": release.corrects,
        "kind": release.kind,
        "language": release.language,
        "license": release.license,
    }


def _decide(release: Release, stored: Release | None, desk: _Desk, teller: Teller, now: datetime) -> Change:
    if stored is None:
        return _new(release, desk, teller)
    if release.headline:
        return Change(verdict="unchanged", release=stored)
    edition = Edition(source=teller.source.id, priority=teller.source.priority, said=replace(release, id=stored.id))
    before = desk.editions.get(stored.id, ())
    mine = next((e for e in before if e.source == teller.source.id), None)
    if stored.withdrawn or (mine and _says_the_same(mine.said, release)):
        return Change(verdict="unchanged", release=stored)
    if release.withdrawn:
        own = mine is not None or stored.source == teller.source.id
        verdict: Verdict = "withdrawn" if own else "unchanged"
        return Change(verdict=verdict, release=replace(stored, withdrawn=now) if own else stored)
    if release.state == "embargoed" and stored.visible:
        return Change(verdict="held", release=stored, edition=edition, pending=release)
    after = with_edition(before, edition)
    # The first of those with the highest priority: max keeps the first of equals.
    shown = max(after, key=lambda e: e.priority).said
    return replace(_update(shown, stored, release.keys, now), edition=edition)


def _update(shown: Release, stored: Release, keys: Iterable[Key], now: datetime) -> Change:
    """`stored` with the words of `shown`: a correction where a reader who had it would see a change."""
    old, new = seen(stored), seen(shown)
    fields = tuple(name for name in new if old[name] != new[name])
    dated = "published" in stored.inferred and shown.stated is not None and stored.stated is None
    published = shown.published if dated else stored.published
    corrected = bool(fields) and stored.visible
    verdict: Verdict = "corrected" if fields else "dated" if dated else "merged"
    if stored.headline and not shown.headline:
        verdict = "completed"
    inferred = {*shown.inferred} - {"published"} | (
        {"published"} if "published" in stored.inferred and not dated else set()
    )
    if corrected:
        updated = max(now, stored.updated + timedelta(seconds=1), published)
    else:
        updated = max(stored.updated, published) if stored.visible else max(shown.updated, published)
    release = replace(
        shown,
        id=stored.id,
        atom_id=stored.atom_id,
        first_seen=stored.first_seen,
        issued=stored.issued,
        published=published,
        stated=stored.stated or shown.stated,
        updated=updated,
        inferred=tuple(sorted(inferred)),
        url=_same_url(stored.url, shown.url),
        revision=stored.revision + 1 if corrected else stored.revision,
        keys=tuple(dict.fromkeys((*stored.keys, *shown.keys, *keys))),
        topics=stored.topics,
        held=stored.held,
        lifted=shown.lifted or (stored.lifted if shown.embargo else None),
    )
    return Change(verdict=verdict, release=release, fields=fields)


def _same_url(stored: str | None, shown: str | None) -> str | None:
    """The address a reader has keeps its form while it is the same page."""
    return stored if stored and shown and canonical_url(stored) == canonical_url(shown) else shown or stored


def _new(release: Release, desk: _Desk, teller: Teller) -> Change:
    minted = replace(release, id=teller.mint(), atom_id=_free_atom_id(release, desk, teller))
    edition = Edition(source=teller.source.id, priority=teller.source.priority, said=minted)
    return Change(verdict="new", release=minted, edition=None if release.headline else edition)


def _free_atom_id(release: Release, desk: _Desk, teller: Teller) -> str:
    """The proposed one; where another release holds it, a minted one, with a counter where that is taken too."""
    parts = tuple(release.keys[0]) if release.keys else head(release.kicker, release.title)
    candidate, counter = release.atom_id, 1
    while candidate in desk.by_atom_id:
        candidate = tag_uri(teller.source.tag, teller.source.id, *parts, *([str(counter)] if counter > 1 else []))
        counter += 1
    return candidate


def _match(release: Release, desk: _Desk, claimed: set[str]) -> Release | None:
    for key in release.keys:
        known = desk.by_key.get(key)
        if known is None or known not in desk.releases:
            continue
        stored = desk.releases[known]
        if stored.headline:
            return stored
        # Equal words are the same release that has moved, unless this document has both.
        if key.kind == "hash" and known in claimed:
            continue
        # An id that is an address can be used again as an address is.
        reusable = key.kind in ("url", "path") or key.value.startswith(("http://", "https://"))
        if reusable and plainly_other(stored, release):
            return None
        return stored
    heads = (desk.releases[i] for i in desk.by_head.get(head(release.kicker, release.title), ()) if i in desk.releases)
    return next((r for r in heads if r.headline and not r.withdrawn), None)


def _headline_match(release: Release, desk: _Desk) -> Release | None:
    ids = [desk.by_key[key] for key in release.keys if key in desk.by_key]
    ids += desk.by_head.get(head(release.kicker, release.title), ())
    return next((desk.releases[i] for i in ids if i in desk.releases), None)


def _says_the_same(before: Release, now: Release) -> bool:
    """Has this source nothing new to say? A stated date that moves is nothing: some state the time of the request."""
    return (
        seen(before) == seen(now)
        and before.embargo == now.embargo
        and (before.stated is None) == (now.stated is None)
        and (before.categories, before.topic_names) == (now.categories, now.topic_names)
        and before.withdrawn is None
        and now.withdrawn is None
        and (canonical_url(before.url) if before.url else None) == (canonical_url(now.url) if now.url else None)
    )


def plainly_other(a: Release, b: Release) -> bool:
    """Are these two different releases at one address? Only where title *and* text are unlike."""
    one, two = set(fold(a.title).split()), set(fold(b.title).split())
    if len(one & two) >= _UNLIKE_TITLE * len(one | two):
        return False
    runs, others = _runs(a), _runs(b)
    return len(runs & others) < _UNLIKE_TEXT * min(len(runs), len(others))


def _runs(release: Release) -> set[tuple[str, ...]]:
    words = fold(f"{release.teaser or ''} {_MARKUP.sub(' ', release.content)}").split()
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))} if words else set()


def _without_shared_keys(incoming: Sequence[Incoming]) -> list[Incoming]:
    """One id, or one address, on several entries of one document is none."""
    by_words: dict[tuple[str | None, Key], set[Key]] = {}
    for release, capture in incoming:
        for key in release.keys:
            if not release.headline and key.kind in ("id", "url"):
                by_words.setdefault((capture, key), set()).add(release.keys[-1])
    return [
        (
            release
            if release.headline
            else replace(release, keys=tuple(k for k in release.keys if len(by_words.get((capture, k), ())) <= 1)),
            capture,
        )
        for release, capture in incoming
    ]

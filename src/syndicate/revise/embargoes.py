"""Law: until its end nothing public differs from a world without the embargoed release (semantics: Embargo). Pure.

What is public is decided on first, as if nothing were held. What is under an embargo stands apart, until its end says
its words in public.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from syndicate.model import Change, Key, Known, Release, Source
from syndicate.revise import decide
from syndicate.revise.adopted import waits_for_a_person
from syndicate.revise.again import with_its_embargo
from syndicate.revise.claims import Claims, Incoming
from syndicate.revise.decide import SourceContext
from syndicate.revise.editions import Edits, all_notes, says_the_same, with_edition
from syndicate.revise.likeness import plainly_other
from syndicate.revise.match import Matcher
from syndicate.revise.unseen import delivered, of_its_entry, other_atom_id, own, seen, unseen


def revise(incoming: Sequence[Incoming], known: Known, context: SourceContext, *, now: datetime) -> tuple[Change, ...]:
    """One change for each release of a document, in its order; `unchanged` where there is nothing to record."""
    source = context.source.id
    still = [(_still(release, capture, known, context), capture) for release, capture in incoming]
    batch = [(_held_on(_ended(release, known, source, now), known, context), capture) for release, capture in still]
    held = [i for i, (release, _) in enumerate(batch) if _is_held(release, known, source)]
    shown = sorted({*range(len(batch))} - {*held})
    made = dict(zip(shown, decide.revise([batch[i] for i in shown], seen(known), context, now=now), strict=True))
    spoken = {i for n in held for key in of_its_entry(batch[n][0]) if (i := known.by_key.get(unseen(key, source)))}
    for i in shown:
        release, _ = batch[i]
        made[i] = _in_its_place(_spoken_over(made[i], release, known, source), release, known, context, spoken)
    entries = [batch[i] for i in held]
    after = own(known, (release for release, _ in entries), source, _with(known, made.values()))
    made |= zip(held, decide.revise(entries, after, context, now=now), strict=True)
    return tuple(made[i] for i in range(len(batch)))


def retire(
    gone: Sequence[tuple[Key, str | None]], known: Known, source: Source, *, now: datetime
) -> tuple[Change, ...]:
    """What a source takes back of what it delivered itself, shown or not: (what names it, the reason)."""
    hidden = [(unseen(key, source.id), reason) for key, reason in gone]
    return (
        *decide.retire(gone, seen(known), source, now=now),
        *(change for change in decide.retire(hidden, known, source, now=now) if change.release.never_shown),
    )


def emerge(change: Change, edits: Edits, known: Known, context: SourceContext, *, now: datetime) -> Change:
    """`change` lifts what nobody has seen: what it comes to, as if its source said it in public just now.

    An edition of what readers have, the text of a headline, or a release of its own.
    """
    stored = change.release
    others = {name: value for name, value in edits.items() if name != "embargo"}
    said = change.edition.said if change.edition else stored
    # Its end says them, and no reader: they are news, whoever has read what readers have.
    words = replace(said, published=stored.published, updated=stored.updated, inferred=stored.inferred, reader=None)
    words = replace(words, lifted=stored.lifted)
    world = seen(known)
    world = replace(world, edits={i: {**others, **world.edits.get(i, {})} for i in world.releases})
    (made,) = decide.revise([(replace(words, issued=None), None)], world, context, now=now)
    if made.verdict != "new" and not _absorbs(made, world, context.source.id):
        return change
    if made.verdict == "new":
        keys = made.release.keys
        free = stored.atom_id not in world.by_atom_id
        release = replace(stored, keys=keys, atom_id=stored.atom_id if free else made.release.atom_id)
        return replace(change, release=release)
    made = _absorbing(made, stored)
    return made if made.verdict in ("merged", "dated", "unchanged") else replace(made, verdict="lifted")


def _still(release: Release, capture: str | None, known: Known, context: SourceContext) -> Release:
    """With the embargo that another reader has found in the same bytes."""
    source = context.source.id
    names = [] if release.headline else [*of_its_entry(release)]
    found = [known.by_key.get(unseen(key, source)) or delivered(known, key, source) for key in names]
    for identifier in filter(None, (*found, known.by_entry.get(release.entry or ""))):
        waiting = (version for version in known.pending.get(identifier, ()) if version.source == source)
        told = (edition.said for edition in known.editions.get(identifier, ()) if edition.source == source)
        before = next(waiting, None) or next(told, None)
        if before:
            return with_its_embargo(release, replace(before, id=identifier), context.again, capture)
    return release


def _ended(release: Release, known: Known, source: str, now: datetime) -> Release:
    """An embargo whose end has passed, or that was lifted before, holds nothing."""
    if release.embargo is None or release.lifted:
        return release
    if release.embargo.until and release.embargo.until <= now:
        return replace(release, lifted=release.embargo.until)
    for key in release.keys:
        identifier = delivered(known, key, source) or ""
        versions = [known.releases.get(identifier)]
        versions += [e.said for e in known.editions.get(identifier, ()) if e.source == source]
        for before in versions:
            if before and before.lifted and before.embargo == release.embargo:
                return replace(release, lifted=before.lifted)
    return release


def _held_on(release: Release, known: Known, context: SourceContext) -> Release:
    """In an adopted store an ended embargo holds what is not public: whether it was withdrawn under it is forgotten."""
    if not (release.embargo and release.lifted and waits_for_a_person(release, context.holds())):
        return release
    source = context.source
    matcher = Matcher(seen(known), source.tag, context.paths, identity=source.identity)
    found = matcher.match(release, Claims())
    return release if found and not found.stored.headline else replace(release, lifted=None)


def _is_held(release: Release, known: Known, source: str) -> bool:
    """Is it under an embargo, or what was withdrawn under one, or what a person holds on?"""
    told = any(delivered(known, key, source) for key in of_its_entry(release))
    if release.never_shown:
        return not (release.withdrawn and told)
    if told:
        return False
    stored = _own_entry(release, known, source)
    return stored is not None and bool(stored.withdrawn or known.edits.get(stored.id, {}).get("embargo"))


def _own_entry(release: Release, known: Known, source: str) -> Release | None:
    """The unseen release of this source that is the same entry."""
    for key in of_its_entry(release):
        stored = known.releases.get(known.by_key.get(unseen(key, source), ""))
        if stored and stored.never_shown and stored.headline == release.headline:
            mine = next((e.said for e in known.editions.get(stored.id, ()) if e.source == source), stored)
            if key.kind == "hash" or not plainly_other(mine, release, named=key.kind != "url"):
                return stored
    return None


def _spoken_over(change: Change, release: Release, known: Known, source: str) -> Change:
    """What waited behind what readers have goes, where its source says again what they have."""
    waiting = any(version.source == source for version in known.pending.get(change.release.id, ()))
    mine = next((e for e in known.editions.get(change.release.id, ()) if e.source == source), None)
    if change.verdict != "unchanged" or not waiting or mine is None or not says_the_same(mine.said, release):
        return change
    return replace(change, verdict="held", edition=change.edition or mine)


def _in_its_place(change: Change, release: Release, known: Known, context: SourceContext, spoken: set[str]) -> Change:
    """What is public takes the place of the unseen release that is the same entry, and any id that it needs."""
    stored = _own_entry(release, known, context.source.id)
    if stored and stored.id in spoken:
        stored = None  # the document has both
    if change.verdict != "new":
        absorbs = stored is not None and not stored.withdrawn and _absorbs(change, known, context.source.id)
        return _absorbing(change, stored) if stored and absorbs else change
    if stored:
        same = stored.atom_id == change.release.atom_id
        change = _instead(change, stored.id if same else change.release.id, known.edits.get(stored.id, {}))
        change = replace(change, release=replace(change.release, notes=stored.notes))
        change = replace(change, was=stored.id)
    return yielded(change, known, context.source.tag, context.mint)


def yielded(change: Change, known: Known, authority: str, mint: Callable[[str], str]) -> Change:
    """A new release has its ids from whoever has them unseen: that one gets others."""
    holder = known.releases.get(known.by_atom_id.get(change.release.atom_id, ""))
    if holder is None or holder.id == change.was or not holder.never_shown:
        return change
    yielding = replace(holder, atom_id=other_atom_id(holder, authority))
    if holder.id == change.release.id:
        yielding = replace(yielding, id=mint(yielding.atom_id))
    return replace(change, yields=((holder.id, yielding),))


def _instead(change: Change, identifier: str, edits: Edits) -> Change:
    """A new release in the place of one that was held; what a person changed of that stays."""
    fields: dict[str, Any] = {name: value for name, value in edits.items() if name != "embargo"}
    edition = change.edition and replace(change.edition, said=replace(change.edition.said, id=identifier))
    return replace(change, verdict="lifted", release=replace(change.release, id=identifier, **fields), edition=edition)


def _absorbing(change: Change, unseen: Release) -> Change:
    """`change` to what readers have, which from now on is what nobody had seen, too; notes of both stay."""
    notes = all_notes(change.release, unseen)
    told = replace(change, release=replace(change.release, notes=notes), absorbs=(unseen.id,))
    return replace(told, verdict="merged") if unseen.notes and not change.tells else told


def _absorbs(change: Change, known: Known, source: str) -> bool:
    """Is a release that readers know what this source's unseen one is, too? Not where another source withdrew it."""
    told = any(edition.source == source for edition in known.editions.get(change.release.id, ()))
    return told or not change.release.withdrawn


def _with(known: Known, changes: Iterable[Change]) -> Known:
    """What is known after these."""
    changes = [*changes]
    now = {old: new for change in changes for old, new in change.renamed}
    releases = {i: release for i, release in known.releases.items() if i not in now}
    editions = {now.get(i, i): told for i, told in known.editions.items()}
    by_key = {key: now.get(i, i) for key, i in known.by_key.items()}
    by_head = {at: tuple(now.get(i, i) for i in ids) for at, ids in known.by_head.items()}
    by_atom_id = dict(known.by_atom_id)
    for change in changes:
        for release in (change.release, *(release for _, release in change.yields)):
            releases[release.id] = release
            by_atom_id[release.atom_id] = release.id
        by_key |= dict.fromkeys((*change.release.keys, *change.keys), change.release.id)
        if change.edition:
            editions[change.release.id] = with_edition(editions.get(change.release.id, ()), change.edition)
    return replace(known, releases=releases, editions=editions, by_key=by_key, by_head=by_head, by_atom_id=by_atom_id)

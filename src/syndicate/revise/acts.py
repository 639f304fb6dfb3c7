"""What the clock or a person does to a release."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.model import Change, Edition, Key, Note, Release, Verdict
from syndicate.revise.editions import Edits, shown, update, with_edition, with_edits
from syndicate.revise.likeness import seen
from syndicate.urls import canonical_url


def lift(
    stored: Release,
    pending: Release | None,
    editions: tuple[Edition, ...] = (),
    edits: Edits | None = None,
    *,
    now: datetime,
) -> Change:
    """The end of an embargo: what was held is public from `now` on.

    `pending` is a version that waited behind what readers have; of several `editions` it need not be the one to show.
    """
    if pending is not None:
        free = replace(pending, lifted=now)
        mine = next(
            (e for e in editions if e.source == pending.source), Edition(source=pending.source or "", said=free)
        )
        edition = replace(mine, said=free)
        words = shown(with_edition(editions, edition), edits or {}) or free
        change = update(words, stored, (), now)
        verdict = "lifted" if change.fields or change.verdict == "completed" else change.verdict
        return replace(change, verdict=verdict, edition=edition)
    undated = "published" in stored.inferred or stored.published > now
    published = now if undated else stored.published
    released = replace(
        stored,
        lifted=now,
        published=published,
        updated=max(published, min(stored.updated, now)),
        inferred=tuple(dict.fromkeys((*stored.inferred, "published"))) if undated else stored.inferred,
    )
    return Change(verdict="lifted", release=released, edition=_with_embargo_ended(stored.source, editions, now))


def _with_embargo_ended(source: str | None, editions: tuple[Edition, ...], now: datetime) -> Edition | None:
    """What the source said, with its embargo ended: saying it again holds nothing."""
    mine = next((e for e in editions if e.source == source), None)
    return mine and replace(mine, said=replace(mine.said, lifted=now))


def withdraw(stored: Release, reason: str | None, *, now: datetime) -> Change:
    """By a person, whoever delivered it. Only `restore` brings it back."""
    return Change(verdict="withdrawn", release=replace(stored, withdrawn=now, reason=reason))


def restore(stored: Release, editions: tuple[Edition, ...], edits: Edits, *, now: datetime) -> Change:
    """Back again, with an `updated` later than the tombstone's `when`.

    It comes in the words that its sources have by now: it may have been withdrawn to be put right.
    """
    later = max(now, (stored.withdrawn or now) + timedelta(seconds=1), stored.updated + timedelta(seconds=1))
    updated = later if stored.issued else stored.updated
    back = replace(stored, withdrawn=None, reason=None, updated=updated)
    # What its sources had taken back themselves stays so, unless that was all there is.
    theirs = editions if all(e.said.withdrawn for e in editions) else ()
    standing = tuple(replace(e, said=replace(e.said, withdrawn=None, reason=None)) for e in theirs)
    words = shown(standing or editions, edits)
    moved = words is not None and words.embargo != stored.embargo
    if words is None or (moved and not stored.never_shown) or (not moved and seen(words) == seen(back)):
        return Change(verdict="restored", release=back, stands_again=standing)
    change = update(words, back, (), now)
    release = replace(change.release, updated=max(change.release.updated, updated))
    return replace(change, verdict="restored", release=release, stands_again=standing)


@dataclass(frozen=True)
class ByHand:
    """What a person says beside the fields that they change.

    A `note` stands above the text from now on, before the earlier ones; `no_notes` takes those away. `minor` (a typo)
    moves neither `updated` nor the position. `reverted`: fields that are their source's again.
    """

    note: str | None = None
    minor: bool = False
    no_notes: bool = False
    reverted: tuple[str, ...] = ()


def edit(stored: Release, editions: tuple[Edition, ...], edits: Edits, by_hand: ByHand, *, now: datetime) -> Change:
    """The release with all that a person changed so far, `edits`; a later poll does not undo it.

    Another date, other topics or another address are no correction: a reader's copy stays what it is.
    """
    words = shown(editions, edits) or with_edits(stored, edits)
    address = edits.get("url")
    change = update(words, stored, (Key("url", "", canonical_url(address)),) if address else (), now)
    release, fields = change.release, change.fields
    if "url" in edits or "url" in by_hand.reverted:
        release = replace(release, url=words.url)
    if edits.get("stated") or "stated" in by_hand.reverted:
        release = _dated(release, words, edits.get("stated") is not None, now)
    moved = max(now, stored.updated + timedelta(seconds=1))
    notes = () if by_hand.no_notes else stored.notes
    if by_hand.note:
        notes = (Note(moved if stored.visible and not by_hand.minor else now, by_hand.note), *notes)
    if notes != stored.notes:
        release, fields = replace(release, notes=notes), (*fields, "note")
    if not fields or not stored.visible:
        return _in_place(replace(change, release=release, fields=fields), stored)
    release = replace(release, revision=stored.revision + 1, updated=stored.updated if by_hand.minor else moved)
    return replace(change, release=release, fields=fields, verdict="minor" if by_hand.minor else "corrected")


def _dated(release: Release, words: Release, by_hand: bool, now: datetime) -> Release:
    """With the date that a person gave it, or that its source states; else that of its first showing."""
    stated = words.stated if words.stated and (by_hand or words.stated <= now) else None
    published = stated or release.lifted or release.first_seen
    inferred = {*release.inferred} - {"published"} if stated else {*release.inferred, "published"}
    return replace(
        release,
        published=published,
        stated=words.stated,
        updated=max(release.updated, published) if release.issued else published,
        inferred=tuple(sorted(inferred)),
    )


def _in_place(change: Change, stored: Release) -> Change:
    """A change that no reader's copy shows, by its own word."""
    changed = [n for n in ("published", "assigned", "url") if getattr(change.release, n) != getattr(stored, n)]
    if not changed or change.fields:
        return change
    verdict: Verdict = "dated" if "published" in changed else "reclassified" if "assigned" in changed else "minor"
    return replace(change, verdict=verdict, fields=tuple(changed))


def split(
    stored: Release,
    editions: tuple[Edition, ...],
    edits: Edits,
    source: str,
    *,
    ids: tuple[str, str],
    now: datetime,
) -> tuple[Change, Change]:
    """Two editions are two releases after all: (the one without this source's, the new one).

    `ids` are the new one's (id, atom_id).
    """
    identifier, atom_id = ids
    own = next(e for e in editions if e.source == source)
    words = shown(tuple(e for e in editions if e.source != source), edits) or stored
    rest = update(words, stored, (), now)
    # Its address stays with the first; this source's word of it means the new one.
    keys = tuple(Key("url", source, key.value) if key.kind == "url" else key for key in own.said.keys)
    moved = max(now, stored.updated + timedelta(seconds=1))
    apart = replace(own.said, id=identifier, atom_id=atom_id, updated=moved, keys=keys, issued=None)
    if "embargo" in edits and not rest.release.visible:
        apart = replace(apart, embargo=edits["embargo"], lifted=None)
    edition = replace(own, said=apart)
    return replace(rest, parted=source), Change(verdict="new", release=apart, edition=edition)

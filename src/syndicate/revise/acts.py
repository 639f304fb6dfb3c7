"""What the clock or a person does to a release."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.model import Change, Edition, Key, Note, Release
from syndicate.revise.editions import Edits, shown, update, with_edition
from syndicate.revise.likeness import seen


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
    if words is None or words.embargo != stored.embargo or seen(words) == seen(back):
        return Change(verdict="restored", release=back, stands_again=standing)
    change = update(words, back, (), now)
    release = replace(change.release, updated=max(change.release.updated, updated))
    return replace(change, verdict="restored", release=release, stands_again=standing)


@dataclass(frozen=True)
class Telling:
    """How readers are told what a person changed: by a `note` above the text, before the earlier ones, which stay.

    `minor` (a typo) moves neither `updated` nor the position. `no_notes` takes the earlier notes away.
    """

    note: str | None = None
    minor: bool = False
    no_notes: bool = False


def edit(stored: Release, editions: tuple[Edition, ...], edits: Edits, telling: Telling, *, now: datetime) -> Change:
    """The release with all that a person changed so far, `edits`; a later poll does not undo it."""
    words = shown(editions, edits) or replace(stored, **edits)
    change = update(words, stored, (), now)
    release, fields = change.release, change.fields
    moved = max(now, stored.updated + timedelta(seconds=1))
    notes = () if telling.no_notes else stored.notes
    if telling.note:
        notes = (Note(moved if stored.visible and not telling.minor else now, telling.note), *notes)
    if notes != stored.notes:
        release, fields = replace(release, notes=notes), (*fields, "note")
    if not fields or not stored.visible:
        return replace(change, release=release, fields=fields)
    release = replace(release, revision=stored.revision + 1, updated=stored.updated if telling.minor else moved)
    return replace(change, release=release, fields=fields, verdict="minor" if telling.minor else "corrected")


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

"""What a document comes to: new, completed, corrected, withdrawn, unchanged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from syndicate.model import Change, Edition, Key, Known, Memory, Release, Source
from syndicate.revise.adopted import Told, first_word, is_adopted, learn, taken_back, untold
from syndicate.revise.again import (
    Again,
    announced_otherwise,
    in_place,
    is_as_it_was,
    otherwise,
    read_again,
    same_bytes,
    signed,
    taken_back_by_the_reader,
)
from syndicate.revise.claims import Claims, Incoming, without_shared_keys
from syndicate.revise.complete import stricter
from syndicate.revise.editions import quietly, says_the_same, shown, update, with_edition
from syndicate.revise.entries import Entry, entries_of
from syndicate.revise.match import Matcher
from syndicate.revise.oldnews import heard, is_stale, was_said, weigh
from syndicate.revise.stays import with_what_stays

_FEW = 5  # releases of a source that may go at once, and not more than …
_SHARE = 10  # … one in so many of them; a single one may always


@dataclass(frozen=True)
class SourceContext:
    """Who speaks: the source, how new ids are made, and which files of a folder are there."""

    source: Source
    mint: Callable[[str], str]  # of an atom_id
    paths: frozenset[str] = frozenset()
    # Until when embargoes of what was stated wait for a person (semantics: Adopted); asked where there is one.
    holds: Callable[[], datetime | None] = lambda: None
    again: Again = field(default_factory=Again)  # what was read before, by another reader
    first: bool = False  # readers had it without its text: it is completed, whatever the source's `update`


def revise(incoming: Sequence[Incoming], known: Known, context: SourceContext, *, now: datetime) -> tuple[Change, ...]:
    """One change for each release of a document, in its order; `unchanged` where there is nothing to record."""
    source = context.source
    matcher = Matcher(known, source.tag, context.paths, context.again, identity=source.identity)
    batch = without_shared_keys(incoming)
    learn(matcher, (release for release, _ in batch))
    documents: dict[str | None, list[int]] = {}
    for place, (_, capture) in enumerate(batch):
        documents.setdefault(capture, []).append(place)
    changes: dict[int, Change] = {}
    for capture, places in documents.items():
        made = _document([batch[place][0] for place in places], capture, matcher, context, now)
        changes |= {place: replace(change, capture=capture) for place, change in zip(places, made, strict=True)}
    return tuple(changes[place] for place in range(len(batch)))


def _document(
    document: Sequence[Release], capture: str | None, matcher: Matcher, context: SourceContext, now: datetime
) -> list[Change]:
    claims = matcher.claims(document)
    entries = entries_of(document, matcher, claims)
    changes = []
    for entry in entries:
        entry.capture = capture
        stored = _stored(entry, matcher, claims)
        if entry.speaker and stored:
            further = matcher.further_keys(entry.release, stored)
            change = Change(verdict="unchanged", release=stored, keys=further)
        elif stored is None and (before := context.again.announced(entry.release, capture)):
            change = Change(verdict="quiet", release=announced_otherwise(before, entry.release))
        else:
            change = _decide(entry, stored, matcher, context, now)
        entry.release = replace(entry.release, id=change.release.id)
        changes.append(change)
        matcher.note(change)
        claims.add(change.release.id, entry.release)
    return changes


def _stored(entry: Entry, matcher: Matcher, claims: Claims) -> Release | None:
    """What stands by now of the release that an entry is; this document may have added it."""
    if entry.release.headline:
        return matcher.match_headline(entry.release)
    if entry.match and entry.match.by not in ("head", "words"):
        return matcher.releases[entry.match.stored.id]
    if entry.speaker and entry.speaker.release.id:
        return matcher.releases[entry.speaker.release.id]
    found = matcher.match(entry.release, claims)
    return found.stored if found else None


def retire(
    gone: Sequence[tuple[Key, str | None]], known: Known, source: Source, *, now: datetime
) -> tuple[Change, ...]:
    """What a source takes back of what it delivered itself: (what names it, the reason)."""
    changes: dict[str, Change] = {}
    for key, reason in gone:
        stored = known.releases.get(known.by_key.get(key, "")) or untold(key, known)
        if stored is None or stored.withdrawn or stored.id in changes:
            continue
        if untold(key, known) is stored:
            changes[stored.id] = taken_back(stored, reason, now)
            continue
        mine = next((e for e in known.editions.get(stored.id, ()) if e.source == source.id), None)
        if mine and not mine.said.withdrawn:
            said = replace(mine.said, withdrawn=now, reason=reason)
            changes[stored.id] = _take_back(said, stored, mine, known, now)
    return tuple(changes.values())


def too_many(gone: int, delivered: int) -> bool:
    """Would so much of a source's go at once that it is more likely an accident, like a folder that is not mounted?"""
    return gone > _FEW or (gone > 1 and gone * _SHARE > delivered)


def _decide(entry: Entry, stored: Release | None, matcher: Matcher, context: SourceContext, now: datetime) -> Change:
    release, source = entry.release, context.source
    if stored is None:
        return _new(entry, matcher, context)
    mine = _edition(stored, matcher, source)
    # What was moved is known by its new path, address and id, too.
    further = () if release.headline else matcher.further_keys(release, stored)
    nothing = Change(verdict="unchanged", release=stored, keys=further)
    release = _freed(release, stored, mine)
    # What was withdrawn does not come back by being said again.
    first = is_adopted(stored, mine) and not release.headline
    if first and (told := first_word(release, stored, matcher, Told(source, entry.joined, now))):
        return told
    if release.headline or (mine and mine.said.withdrawn):
        return nothing
    if stored.withdrawn:
        return _meanwhile(entry, release, mine, nothing, context, now) if mine else nothing
    if release.withdrawn:
        said = replace(release, id=stored.id)
        if mine is None or taken_back_by_the_reader(mine, said, context.again, entry.capture):
            return nothing
        return _take_back(said, stored, mine, matcher.known, now)
    if release.state == "embargoed" and not stored.never_shown:
        return nothing if mine and is_stale(release, mine.memory) else _pending(release, stored, matcher.known)
    if mine and context.again.is_silent(stored.id, entry.capture):
        return nothing
    if mine and source.path and (standing := _newer_file(entry, release, mine, context)):
        return replace(nothing, copy_of=standing)
    if mine and _is_ignored(release, stored, mine, context):
        return _ignored(nothing, mine, matcher.known)
    return _told(entry, release, nothing, matcher, context, now)


def _told(
    entry: Entry, release: Release, nothing: Change, matcher: Matcher, context: SourceContext, now: datetime
) -> Change:
    """What becomes of a release that readers may have by these words. `nothing`: how it stands where nothing does."""
    stored, source = nothing.release, context.source
    before, mine = matcher.editions.get(stored.id, ()), _edition(stored, matcher, source)
    edition = Edition(source=source.id, priority=source.priority, said=replace(release, id=stored.id))
    if mine is None:
        edition = replace(edition, memory=Memory(modified=release.modified, joined=entry.joined))
    else:
        edition, was = _weighed(entry, edition, mine, stored, context, now)
        if edition.said == mine.said:
            return replace(nothing, edition=None if is_as_it_was(edition, mine) else edition)
    words = shown(with_edition(before, edition), matcher.known.edits.get(stored.id, {})) or edition.said
    change = replace(update(words, stored, edition.said.keys, now), edition=edition, keys=nothing.keys)
    if mine and otherwise(mine.said, release):
        change = in_place(change, stored, was.said, edition.said)
    return quietly(change, stored) if mine and source.update == "quiet" and not context.first else change


def _is_ignored(release: Release, stored: Release, mine: Edition, context: SourceContext) -> bool:
    """Does the operator not want what this source changes of what readers have? The same bytes are no change."""
    wanted = context.source.update != "ignore" or context.first or stored.issued is None or stored.headline
    return not (wanted or same_bytes(mine.said, release))


def _ignored(nothing: Change, mine: Edition, known: Known) -> Change:
    """It stays what it is; of what waited under an embargo its source says by now that there is none."""
    waiting = any(version.source == mine.source for version in known.pending.get(nothing.release.id, ()))
    return replace(nothing, verdict="held", edition=mine) if waiting else nothing


def _edition(stored: Release, matcher: Matcher, source: Source) -> Edition | None:
    return next((e for e in matcher.editions.get(stored.id, ()) if e.source == source.id), None)


def _weighed(
    entry: Entry, told: Edition, mine: Edition, stored: Release, context: SourceContext, now: datetime
) -> tuple[Edition, Edition]:
    """What this source's edition is now, and what it was, in the words that today's reader finds in it."""
    mine = read_again(mine, told.said, context.again, entry.capture)
    source = context.source
    if entry.joined and not mine.memory.joined:
        mine = replace(mine, memory=replace(mine.memory, joined=True))
    said = told.said
    if source.url:
        said, memory = with_what_stays(said, mine, now)
        mine = replace(mine, memory=memory)
    never_shown = stored.issued is None
    if never_shown and is_stale(said, mine.memory):  # an old copy, but its embargo counts
        entry.others.append(said)
        said = replace(mine.said, modified=mine.memory.modified)
    for other in entry.others if never_shown else ():
        held = stricter(said, other)
        said = replace(said, embargo=held.embargo, lifted=held.lifted)
    mine = replace(mine, memory=heard(mine.memory, entry.others, said))
    weighed = weigh(said, mine, source, shown=stored.visible, now=now)
    if weighed.speaks:
        return replace(told, said=said, memory=weighed.memory), mine
    edition = replace(mine, priority=told.priority, memory=weighed.memory)
    return edition if weighed.memory.waiting else signed(edition, said), mine


def _meanwhile(
    entry: Entry, release: Release, mine: Edition, nothing: Change, context: SourceContext, now: datetime
) -> Change:
    """What a source says of what a person has withdrawn is shown to nobody, and kept for who restores it."""
    # An embargo on what readers had is not to be restored away; on what nobody has seen it is the one that holds.
    if release.withdrawn or (release.embargo != mine.said.embargo and not nothing.release.never_shown):
        return nothing
    source = context.source
    told = Edition(source=source.id, priority=source.priority, said=replace(release, id=nothing.release.id))
    edition, _ = _weighed(entry, told, mine, nothing.release, context, now)
    return replace(nothing, edition=None if is_as_it_was(edition, mine) else edition)


def _newer_file(entry: Entry, release: Release, mine: Edition, context: SourceContext) -> str | None:
    """The file whose newer words stand, where this one is a copy of an old version at another path."""
    path, standing = (next((k.value for k in r.keys if k.kind == "path"), None) for r in (release, mine.said))
    there = path is not None and standing is not None and standing != path and standing in context.paths
    old = is_stale(release, mine.memory) or (was_said(release, mine.memory) and not says_the_same(mine.said, release))
    # What did not speak before does not because it is read otherwise.
    old = old or (context.again.is_known(entry.capture) and otherwise(mine.said, release))
    return standing if there and old else None


def _pending(release: Release, stored: Release, known: Known) -> Change:
    """A new version under an embargo waits; readers keep what they have, and so does the edition."""
    waiting = any(
        version.source == release.source and says_the_same(version, release)
        for version in known.pending.get(stored.id, ())
    )
    return Change(verdict="unchanged" if waiting else "held", release=stored, pending=None if waiting else release)


def _freed(release: Release, stored: Release, mine: Edition | None) -> Release:
    """An embargo that a person or the clock has ended is not another because it is said again."""
    for before in (stored, mine.said if mine else stored):
        if release.embargo and before.lifted and before.embargo == release.embargo:
            return replace(release, lifted=before.lifted)
    return release


def _new(entry: Entry, matcher: Matcher, context: SourceContext) -> Change:
    release, source = entry.release, context.source
    atom_id = matcher.free_atom_id(release, source.tag)
    minted = replace(
        release,
        id=context.mint(atom_id),
        atom_id=atom_id,
        keys=release.keys if release.headline else matcher.own_keys(release),
    )
    memory = Memory(modified=release.modified, joined=entry.joined)
    edition = Edition(source=source.id, priority=source.priority, said=minted, memory=memory)
    return Change(verdict="new", release=minted, edition=None if release.headline else edition)


def _take_back(said: Release, stored: Release, mine: Edition, known: Known, now: datetime) -> Change:
    """One source's edition goes: the others go on; without any, the release is withdrawn."""
    edition = replace(mine, said=said)
    words = shown(with_edition(known.editions.get(stored.id, ()), edition), known.edits.get(stored.id, {}))
    if words is None:
        gone = replace(stored, withdrawn=now, reason=said.reason)
        return Change(verdict="withdrawn", release=gone, edition=edition)
    return replace(update(words, stored, (), now), edition=edition)

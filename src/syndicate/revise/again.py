"""An upgrade corrects nothing (semantics: Identity): what the same bytes come to under another reader is put in place
of what they came to before. Pure.

So what a source says now is not held against what an earlier program made of its last words, but against what today's
makes of them; that is shown as a typo's correction is, in place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from syndicate.model import Change, Edition, Memory, Release, Verdict
from syndicate.revise.complete import stricter
from syndicate.revise.likeness import seen
from syndicate.revise.stays import with_all
from syndicate.text import fold


@dataclass(frozen=True, slots=True)
class Again:
    """What is known of bytes that were read before.

    `words`: release → what the kept bytes of its source's last words come to by today's reader. `documents`: hashes of
    those that have not changed since they were read. `speakers`: release → which file of a folder said its last words,
    where that is still there: another one that has not changed does not speak either. `headlines`: document → those
    that it made.
    """

    words: Mapping[str, Release] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()
    speakers: Mapping[str, str] = field(default_factory=dict)
    headlines: Mapping[str, tuple[Release, ...]] = field(default_factory=dict)

    def is_known(self, capture: str | None) -> bool:
        return capture in self.documents

    def only_read_otherwise(self, before: Release, now: Release, capture: str | None) -> bool:
        """Has its source not changed it, but another reader read it?"""
        return otherwise(before, now) and (same_bytes(before, now) or self.is_known(capture))

    def announced(self, release: Release, capture: str | None) -> Release | None:
        """The headline of a document that was read before, where today's reader finds the same title in it."""
        made = self.headlines.get(capture or "", ()) if release.headline else ()
        return next((before for before in made if fold(before.title) == fold(release.title)), None)

    def is_silent(self, release: str, capture: str | None) -> bool:
        """Is this a document that was read before, and that did not say what stands?"""
        return self.is_known(capture) and self.speakers.get(release, capture) != capture


def same_bytes(before: Release, now: Release) -> bool:
    return before.entry is not None and before.entry == now.entry


def same_reading(before: Release, now: Release) -> bool:
    """The same bytes read by the same reader: nothing is said that was not said then."""
    return same_bytes(before, now) and before.reader is not None and before.reader == now.reader


def otherwise(before: Release, now: Release) -> bool:
    """Has another reader read `before`? What no reader has signed (an act, a test) was read by none."""
    return now.reader is not None and before.reader != now.reader


def signed(edition: Edition, said: Release) -> Edition:
    """The same words, as those of the bytes that say them now."""
    return replace(edition, said=replace(edition.said, entry=said.entry, reader=said.reader))


def is_as_it_was(edition: Edition, before: Edition) -> bool:
    """In words, memory, and by what its words were read."""
    return edition == before and (edition.said.entry, edition.said.reader) == (before.said.entry, before.said.reader)


def taken_back_by_the_reader(mine: Edition, said: Release, again: Again, capture: str | None) -> bool:
    """Are these the words of before, understood by today's reader alone? An upgrade withdraws nothing."""
    kept = again.words.get(said.id)
    known = same_bytes(mine.said, said) or again.is_known(capture) or (kept is not None and kept.withdrawn is not None)
    return otherwise(mine.said, said) and known


def read_again(mine: Edition, said: Release, again: Again, capture: str | None) -> Edition:
    """`mine` as it would be, had today's reader read it; as it is, where that has.

    Where neither the bytes are the same nor those of before were kept, nobody knows what the source itself has changed:
    a later `updated` says that it has; without one, what it says now is taken for what it said then.
    """
    if not otherwise(mine.said, said):
        return mine
    memory = mine.memory
    if again.is_known(capture) and memory.waiting and not same_bytes(mine.said, said):
        waiting = replace(memory.waiting, said=said)
        return replace(mine, memory=replace(memory, waiting=waiting))
    if again.only_read_otherwise(mine.said, said, capture):
        base = said
    elif (kept := again.words.get(said.id)) is not None:
        base = kept
    elif said.modified and memory.modified and said.modified > memory.modified:
        return mine
    else:
        base = said
    base = replace(with_all(base, mine.said) if memory.joined else base, id=said.id)
    return replace(mine, said=_with_what_leaves(base, memory), memory=_told(mine, base))


def with_its_embargo(said: Release, mine: Release, again: Again, capture: str | None) -> Release:
    """What another reader no longer finds, or finds to end earlier, holds on: an upgrade lifts nothing.

    And what was lifted is not held again, because its end is read otherwise.
    """
    kept = again.words.get(mine.id)
    unchanged = again.is_known(capture) or (kept is not None and kept.embargo == said.embargo)
    if mine.embargo is None or not (same_bytes(mine, said) or (otherwise(mine, said) and unchanged)):
        return said
    if mine.lifted:
        return replace(said, embargo=said.embargo or mine.embargo, lifted=mine.lifted)
    held = stricter(said, mine)
    return replace(said, embargo=held.embargo, lifted=held.lifted)


def announced_otherwise(before: Release, now: Release) -> Release:
    """A headline with the topic and the teaser that today's reader finds."""
    return replace(
        before,
        kicker=now.kicker,
        title=now.title,
        teaser=now.teaser,
        images=now.images,
        categories=now.categories,
        entry=now.entry,
        reader=now.reader,
    )


def in_place(change: Change, stored: Release, before: Release, said: Release) -> Change:
    """`before`: the last words as today's reader has them. Where `said` differs for a reader, it is a correction."""
    if seen(before) != seen(said) and change.verdict in ("corrected", "completed"):
        return change
    updated = stored.updated
    published = change.release.published if change.release.published <= updated else stored.published
    release = replace(
        change.release, updated=updated, published=published, revision=stored.revision, notes=stored.notes
    )
    if {*release.inferred} == {*stored.inferred}:  # in whichever order
        release = replace(release, inferred=stored.inferred)
    further = {*release.keys} - {*stored.keys}
    if replace(release, keys=stored.keys) == stored and further <= {*change.keys}:
        return Change(verdict="unchanged", release=stored, edition=change.edition, keys=change.keys)
    verdict: Verdict = "quiet"
    return replace(change, verdict=verdict, release=release)


def _with_what_leaves(said: Release, memory: Memory) -> Release:
    """Categories that have left are there for their day."""
    there = (said.kicker, *said.kickers, *said.categories)
    left = [left for left in memory.leaving if left.name not in there]
    return replace(
        said,
        kickers=(*said.kickers, *(one.name for one in left if one.field == "kickers")),
        categories=(*said.categories, *(one.name for one in left if one.field == "categories")),
    )


def _told(mine: Edition, base: Release) -> Memory:
    """With the latest `updated` as today's reader reads it."""
    latest = mine.memory.modified == mine.said.modified
    return replace(mine.memory, modified=base.modified) if latest else mine.memory

"""What has waited for its time is put in by the clock (semantics: Identity). Pure."""

from dataclasses import replace
from datetime import datetime

from syndicate.model import A_WEEK, Change, Edition, Memory, Release, Source, Verdict
from syndicate.revise.editions import Edits, quietly, shown, update, with_edition
from syndicate.revise.oldnews import spoken
from syndicate.revise.stays import without_what_left


def settle(
    stored: Release, source: Source, editions: tuple[Edition, ...], edits: Edits, *, now: datetime
) -> Change | None:
    """This source's words whose time has come: an earlier revision or stale words as a correction.

    A flickering span in place: neither `updated` nor position move. A category that left a day ago leaves its topic.
    None where nothing is due.
    """
    mine = next((edition for edition in editions if edition.source == source.id), None)
    if mine is None or mine.memory.due is None or mine.memory.due > now:
        return None
    ignored = source.update == "ignore" and stored.issued  # as it would be by now, did it come again
    if ignored or stored.withdrawn or mine.said.withdrawn:
        return Change(verdict="unchanged", release=stored, edition=replace(mine, memory=_without_waiting(mine.memory)))
    after, quiet = _put_in(mine, stored, now)
    if after.said == replace(mine.said, id=stored.id):
        return Change(verdict="unchanged", release=stored, edition=after)
    held = after.said.state == "embargoed" and not stored.never_shown
    words = None if held else shown(with_edition(editions, after), edits)
    change = replace(update(words or stored, stored, (), now), edition=after)
    if source.update == "quiet":
        change = quietly(change, stored)
    return _in_place(change, stored) if quiet else change


def _put_in(mine: Edition, stored: Release, now: datetime) -> tuple[Edition, bool]:
    """The edition with what was due, and whether that is to be seen by nobody."""
    said, memory, quiet = mine.said, mine.memory, False
    if memory.waiting and memory.waiting.due <= now:
        why, said = memory.waiting.why, memory.waiting.said
        memory, quiet = spoken(mine, said, now=now, shown=stored.visible, why=why), why == "flickers"
    said, memory = without_what_left(said, memory, now)
    if memory.went_back and memory.went_back + A_WEEK <= now:
        memory = replace(memory, went_back=None)
    return replace(mine, said=replace(said, id=stored.id), memory=memory), quiet


def _in_place(change: Change, stored: Release) -> Change:
    """Replaced as a typo is: readers who look see it, nobody is told."""
    release = replace(change.release, updated=stored.updated)
    verdict: Verdict = "minor" if change.fields else change.verdict
    return replace(change, release=release, verdict=verdict)


def _without_waiting(memory: Memory) -> Memory:
    return replace(memory, waiting=None, leaving=(), went_back=None)

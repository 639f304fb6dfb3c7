"""What a source says, decided on and recorded: one sentence for polls, pages and backfills."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from syndicate.model import Capture, Change, Changes, Embargo, Plan, Source
from syndicate.recording.classified import classified, mint
from syndicate.recording.known import known_of
from syndicate.recording.record import record
from syndicate.revise import Again, Incoming, SourceContext, completed, revise, until_lifted, waits_for_a_person
from syndicate.store import Store


@dataclass(frozen=True, slots=True)
class Heard:
    """What a source says at once, with the bytes that it was found in.

    `backfill`: it is of the past. `first`: readers had it without its text: it is completed, not corrected. `files`:
    the paths at which a folder's files stand now. `again`: what is known of bytes that another reader has read.
    """

    incoming: Sequence[Incoming]
    captures: Sequence[Capture]
    backfill: bool = False
    first: bool = False
    files: frozenset[str] = frozenset()
    again: Again = field(default_factory=Again)


def decide(heard: Heard, source: Source, *, store: Store, plan: Plan, now: datetime) -> Changes:
    """What that comes to. Writes nothing: what it was decided on is to be so still when it is recorded."""
    known = known_of(store, (release for release, _ in heard.incoming), tag=source.tag)
    holds = cache(lambda: _holds(store, source))
    context = SourceContext(source, mint(store, known), heard.files, holds, heard.again, first=heard.first)
    decided = revise(heard.incoming, known, context, now=now)
    held = {c.release.id: c.release.embargo for c in decided if _is_to_be_lifted(c, holds) and c.release.embargo}
    said = (_held_on(completed(c) if heard.first else c, held) for c in decided)
    return Changes(
        source=source.id,
        changes=tuple(classified(change, store, plan, now, known) for change in said),
        edits={identifier: {"embargo": until_lifted(embargo)} for identifier, embargo in held.items()},
        backfill=heard.backfill,
    )


def take_in(heard: Heard, source: Source, *, store: Store, plan: Plan, now: datetime) -> Changes:
    """In the transaction of whoever asked."""
    changes = decide(heard, source, store=store, plan=plan, now=now)
    record(store, changes, plan, captures=heard.captures, now=now)
    return changes


def _holds(store: Store, source: Source) -> datetime | None:
    """Until when what is stated may have been known to a store that was lost, and whose folder this one took over.

    At a source's first poll that is all that it says, whatever its dates.
    """
    adopted = store.adopted()
    first = adopted and store.sources.state(source.id, files=False).last_success is None
    return datetime.max.replace(tzinfo=UTC) if first else adopted


def _is_to_be_lifted(change: Change, holds: Callable[[], datetime | None]) -> bool:
    """Is it new, and under an embargo that only a person ends?"""
    release = change.release
    return change.verdict == "new" and release.state == "embargoed" and waits_for_a_person(release, holds())


def _held_on(change: Change, held: Mapping[str, Embargo]) -> Change:
    embargo = held.get(change.release.id) if change.verdict == "new" else None
    return replace(change, release=replace(change.release, embargo=until_lifted(embargo))) if embargo else change

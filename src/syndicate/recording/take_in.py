"""What a source says, decided on and recorded: one sentence for polls, pages and backfills."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from syndicate.model import Capture, Changes, Plan, Source
from syndicate.recording.classified import classified, mint
from syndicate.recording.known import known_of
from syndicate.recording.record import record
from syndicate.revise import Incoming, SourceContext, completed, revise
from syndicate.store import Store


def take_in(
    incoming: Sequence[Incoming],
    captures: Iterable[Capture],
    source: Source,
    *,
    store: Store,
    plan: Plan,
    now: datetime,
    backfill: bool = False,
    first: bool = False,
    files: frozenset[str] = frozenset(),
) -> Changes:
    """In the transaction of whoever asked. `first`: readers had it without its text: it is completed, not corrected.

    `files`: the paths at which a folder's files stand now.
    """
    known = known_of(store, (release for release, _ in incoming), tag=source.tag)
    decided = revise(incoming, known, SourceContext(source, mint(store), files), now=now)
    changes = Changes(
        source=source.id,
        changes=tuple(classified(completed(c) if first else c, store, plan, now) for c in decided),
        backfill=backfill,
    )
    record(store, changes, plan, captures=captures, now=now)
    return changes

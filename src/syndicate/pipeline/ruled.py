"""What a source's rules come to at a poll: what goes on, what is kept of the rest, and what a person is told of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syndicate import rules
from syndicate.model import Changes, LastDocument, Media, Source
from syndicate.pipeline.learnt import GoodPoll
from syndicate.reading import reader_of
from syndicate.revise import Sight, dropped_key
from syndicate.store import Store, named_by
from syndicate.text import digest

_A_DAY = timedelta(days=1)
_BELIEVED = timedelta(days=30)  # since something got past the rules: by then they are as they are meant
_MOST = 5  # rules that are named


def files_of(seen: Sight, found: Sequence[Media]) -> Sequence[Media]:
    """The files beside what goes on; those of what is dropped are not kept."""
    if not seen.dropped:
        return found
    named = {name for release, _ in seen.incoming for name in named_by(release)}
    return [each for each in found if (each.hash, each.name) in named]


def keep(poll: GoodPoll, seen: Sight, changes: Changes, store: Store) -> int:
    """In the transaction that records it. How many are dropped that were not before."""
    source, now = poll.source, poll.now
    new = store.dropped.keep(source.id, seen.dropped, now)
    if seen.incoming and (rules.of(source) or _is_read_otherwise(poll)):
        store.dropped.forget(source.id, (dropped_key(release) for release, _ in seen.incoming))
    if (
        rules.of(source)
        and changes.count("new")
        and _is_news(store.dropped.past(source.id, _name(source)), now, _A_DAY)
    ):
        store.dropped.note_past(source.id, _name(source), now)
    return new


def observed(
    poll: GoodPoll, document: LastDocument | None, store: Store, seen: Sight | None = None
) -> Mapping[str, str | None]:
    """Kind → what an alarm is to say, None where it is to ring no more. `document`: what is kept of it; `seen`: of what
    was read of it, where something was.
    """
    source, told = poll.source, dict[str, str | None]()
    if poll.reading.hung:
        told["expression"] = _hangs(source, [*poll.reading.hung])
    elif _is_read_otherwise(poll):
        told["expression"] = None
    if not rules.of(source):
        return told | {"rules": None}
    found = None if poll.result.delta else _is_all(poll, document, seen or Sight(()), store)
    if found is not None:
        told["rules"] = _drops_all(source, store, poll.now) if found else None
    return told


def _is_all(poll: GoodPoll, document: LastDocument | None, seen: Sight, store: Store) -> bool | None:
    """Is nothing held of all that it has? Of a folder: ever. None: it has nothing, or nobody looked."""
    if poll.source.path and seen.dropped:
        return not any(store.releases.delivered(poll.source.id, never_shown=unseen) for unseen in (True, False))
    if document is None:
        return seen.everything if seen.dropped or seen.incoming else None
    pieces = [piece for piece in document.pieces if not piece.gone]
    return all(piece.dropped for piece in pieces) if pieces else None


def _is_read_otherwise(poll: GoodPoll) -> bool:
    """Has it other rules than at the last poll, perhaps?"""
    return poll.before.reader != reader_of(poll.source)


def _drops_all(source: Source, store: Store, now: datetime) -> str | None:
    """Of the rules as a whole: which of them it was, `why --dropped` tells."""
    if not _is_news(store.dropped.past(source.id, _name(source)), now, _BELIEVED):
        return None
    drop, keep = (", ".join(each[:_MOST]) for each in (source.drop, source.keep))
    by = "; ".join(filter(None, (drop and f"drop = {drop}", keep and f"keep = {keep}")))
    return f"{source.id}: its rules drop everything, so nothing is held of what it has: {by}"


def _hangs(source: Source, hung: Sequence[str]) -> str:
    told = ", ".join(f"/{pattern}/" for pattern in hung[:_MOST])
    return f"{source.id}: a rule takes too long and is not heeded, so what it is to judge is kept: {told}"


def _is_news(last: datetime | None, now: datetime, span: timedelta) -> bool:
    return last is None or now - last > span


def _name(source: Source) -> str:
    return digest(repr((source.keep, source.drop)), length=16)

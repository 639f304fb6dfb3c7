"""What a source's rules come to at a poll: what goes on, what is kept of the rest, and what a person is told of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syndicate import rules
from syndicate.model import NO_KEEP, Changes, LastDocument, Source
from syndicate.pipeline.learnt import GoodPoll
from syndicate.reading import Reading, reader_of
from syndicate.recording import known_of
from syndicate.revise import Incoming, Sight, dropped_key, first_sight
from syndicate.store import Store
from syndicate.text import count, digest

_A_DAY = timedelta(days=1)
_BELIEVED = timedelta(days=30)  # since something got past the rules: by then they are as they are meant
_MOST = 5  # expressions that are named


def sight(said: Sequence[Incoming], reading: Reading, source: Source, store: Store) -> Sight:
    """What of it goes on. Costs nothing where no rule says otherwise."""
    if not any(each and each.out for each in reading.ruled):
        return Sight(said)
    known = known_of(store, (release for release, _ in said), tag=source.tag)
    return first_sight(said, reading.ruled, known, source)


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


def observed(poll: GoodPoll, seen: Sight, document: LastDocument | None, store: Store) -> Mapping[str, str | None]:
    """Kind → what an alarm is to say, None where it is to ring no more."""
    source, told = poll.source, dict[str, str | None]()
    if poll.reading.hung:
        told["expression"] = _hangs(source, [*poll.reading.hung])
    elif _is_read_otherwise(poll):
        told["expression"] = None
    if seen.incoming or not rules.of(source):
        told["rules"] = None
    elif seen.dropped and not poll.result.delta:
        told["rules"] = _drops_all(poll, seen, document, store) if _is_all(poll, document, store) else None
    return told


def _is_read_otherwise(poll: GoodPoll) -> bool:
    """Has it other rules than at the last poll, perhaps?"""
    return poll.before.reader != reader_of(poll.source)


def _is_all(poll: GoodPoll, document: LastDocument | None, store: Store) -> bool:
    """Is nothing held of all that it has? Of a folder: ever."""
    if poll.source.path:
        return not any(store.releases.delivered(poll.source.id, never_shown=unseen) for unseen in (True, False))
    return document is None or all(piece.dropped for piece in document.pieces if not piece.gone)


def _drops_all(poll: GoodPoll, seen: Sight, document: LastDocument | None, store: Store) -> str | None:
    source = poll.source
    if not _is_news(store.dropped.past(source.id, _name(source)), poll.now, _BELIEVED):
        return None
    entries = len(document.pieces) if document else len(seen.dropped)
    ((rule, _),) = Counter(each.rule for each in seen.dropped).most_common(1)
    by = "none matches a rule of source.keep" if rule == NO_KEEP else f"by source.drop, like {rule}"
    found = count(entries, "entry", "entries")
    return f"{source.id}: its rules drop everything, so none is held of its {found}: {by}"


def _hangs(source: Source, hung: Sequence[str]) -> str:
    told = ", ".join(f"/{pattern}/" for pattern in hung[:_MOST])
    return f"{source.id}: a rule takes too long and is not heeded, so what it is to judge is kept: {told}"


def _is_news(last: datetime | None, now: datetime, span: timedelta) -> bool:
    return last is None or now - last > span


def _name(source: Source) -> str:
    return digest(repr((source.keep, source.drop)), length=16)

"""One poll of one source."""

from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.client import Client
from syndicate.errors import FetchError, SyndicateError
from syndicate.fetch import fetch
from syndicate.model import Change, Changes, FetchResult, FetchState, Key, Source
from syndicate.pipeline._house import House, classified
from syndicate.pipeline._reading import Reading, read
from syndicate.revise import Teller, retire, revise, too_many
from syndicate.store import Store

_LONGEST_PAUSE = timedelta(hours=6)


def ingest(source: Source, *, store: Store, client: Client | None, house: House, now: datetime) -> Changes:
    """Ask one source, and record what it says in one transaction.

    FetchError, SourceGone or ParseError where it could not be read: noted in the store, nothing else is changed.
    A crash leaves the earlier fetch state, so the source is simply asked again.
    """
    before = store.sources.state(source.id)
    try:
        result = fetch(source, before, client=client, now=now, max_bytes=house.max_bytes)
        reading = read(result.captures, source, now=now, max_bytes=house.max_bytes)
    except SyndicateError as error:
        note_failure(store, source, error, now)
        raise
    with store.transaction():
        incoming = reading.incoming
        known = store.known((release for release, _ in incoming), tag=source.tag)
        decided = revise(incoming, known, Teller(source, house.mint), now=now)
        changes = Changes(
            source=source.id,
            changes=tuple(classified(change, store, house, now) for change in decided),
            rejected=(*result.rejected, *reading.rejected),
            notes=reading.notes,
            untouched=len(result.state.files) - len(reading.files),
        )
        store.record(changes, captures=result.captures, now=now)
        store.outputs.keep(reading.media)
        retired = _retire(store, source, result, reading, house, now)
        _remember(store, source, before, result, reading, now)
    return replace(changes, changes=(*changes.changes, *retired))


def _retire(
    store: Store, source: Source, result: FetchResult, reading: Reading, house: House, now: datetime
) -> tuple[Change, ...]:
    """Record what the source takes back: after what it says, so that a moved file is known at its new path."""
    gone = _gone(store, source, result, reading)
    decided = retire(gone, store.known((), (key for key, _ in gone)), source, now=now)
    if decided and (too_many(len(decided), store.releases.delivered(source.id)) or _emptied(source, result, decided)):
        _guard(store, source, len(decided), now)
        return ()
    if result.captures or source.path:  # a feed that has not changed says nothing of what was held back
        store.alarms.end("guard", source.id)
    if not decided:
        return ()
    retired = tuple(classified(change, store, house, now) for change in decided)
    store.record(Changes(source=source.id, changes=retired), now=now)
    return retired


def _gone(store: Store, source: Source, result: FetchResult, reading: Reading) -> list[tuple[Key, str | None]]:
    """What it takes back: by a tombstone, or by a file that is no longer there."""
    gone = list(reading.gone)
    if source.path and source.missing == "withdraw" and not result.unsettled:
        gone += [(key, None) for key in store.releases.without_file(source.id, {*result.state.files})]
    return gone


def _emptied(source: Source, result: FetchResult, decided: tuple[Change, ...]) -> bool:
    """Is a folder without any file? It is more likely not mounted than cleared."""
    return bool(source.path and decided and not result.state.files)


def _guard(store: Store, source: Source, held: int, now: datetime) -> None:
    """Ask for a person where too much would go at once, until it is no longer so."""
    text = (
        f"{held} releases of {source.id} would be withdrawn at once: none was. If that is meant,"
        " `syndicate releases withdraw` each; else bring the files or entries back"
    )
    store.alarms.ring("guard", source.id, text, now)


def note_failure(store: Store, source: Source, error: Exception, now: datetime) -> None:
    """That it failed and why, and when it is asked again."""
    store.sources.save(_failed(store.sources.state(source.id, files=False), source, error, now))


def _failed(before: FetchState, source: Source, error: Exception, now: datetime) -> FetchState:
    failures = before.failures + 1
    pause = (
        source.interval
        if source.path
        else max(source.interval, min(source.interval * 2 ** min(failures - 1, 10), _LONGEST_PAUSE))
    )
    retry_after = error.retry_after if isinstance(error, FetchError) else None
    return replace(
        before,
        last_attempt=now,
        next_poll=now + pause,
        not_before=now + timedelta(seconds=retry_after) if retry_after else before.not_before,
        error=str(error),
        failures=failures,
    )


def _remember(
    store: Store,
    source: Source,
    before: FetchState,
    result: FetchResult,
    reading: Reading,
    now: datetime,
) -> None:
    """What the next poll needs: validators only now, when everything was parsed and stored."""
    pause = timedelta(seconds=1) if result.unsettled else source.interval
    state = replace(
        result.state, last_attempt=now, last_success=now, next_poll=now + pause, not_before=None, error=None, failures=0
    )
    store.sources.save(state)
    if source.path:
        files = {**state.files, **{file.path: file for file in reading.files}}
        store.sources.save_files(source.id, before, files.values())
    noted = [(r.where, r, False) for r in result.rejected]
    noted += [(place, r, False) for place, r in reading.rejected_at]
    noted += [(place, r, True) for place, r in reading.notes_at]
    places = {place for place, _, _ in noted} | {capture.path or "" for capture in result.captures}
    store.sources.quarantine(source.id, places, noted, now)

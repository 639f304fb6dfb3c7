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
        store.sources.save(_failed(before, source, error, now))
        raise
    with store.transaction():
        incoming, gone = reading.incoming, _gone(reading, result, source)
        known = store.known((release for release, _ in incoming), (key for key, _ in gone))
        decided = revise(incoming, known, Teller(source, house.mint), now=now)
        retired = retire(gone, known, source, now=now)
        guarded = too_many(len(retired), store.releases.delivered(source.id)) or _emptied(result, retired)
        _guard(store, source, retired if guarded else (), now)
        decided = decided if guarded else (*decided, *retired)
        changes = Changes(
            source=source.id,
            changes=tuple(classified(change, store, house, now) for change in decided),
            rejected=(*result.rejected, *reading.rejected),
            notes=reading.notes,
            untouched=len(result.state.files) - len(reading.files),
        )
        store.record(changes, captures=result.captures, now=now)
        store.outputs.keep(reading.media)
        _remember(store, source, before, result, reading, now, guarded=guarded)
    return changes


def _gone(reading: Reading, result: FetchResult, source: Source) -> list[tuple[Key, str | None]]:
    """What the source takes back: by a tombstone, or by a file that is no longer there."""
    missing = result.missing if source.missing == "withdraw" else ()
    return [*reading.gone, *((Key("path", source.id, path), None) for path in missing)]


def _emptied(result: FetchResult, retired: tuple[Change, ...]) -> bool:
    """Is a folder suddenly without any file? It is more likely not mounted than cleared."""
    return bool(retired and result.missing and not result.state.files)


def _guard(store: Store, source: Source, held: tuple[Change, ...], now: datetime) -> None:
    """Ask for a person where too much would go at once, until it is no longer so."""
    if not held:
        store.alarms.end("guard", source.id)
        return
    text = (
        f"{len(held)} releases of {source.id} would be withdrawn at once: nothing was. If that is meant,"
        " `syndicate releases withdraw` each; else bring the files or entries back"
    )
    store.alarms.ring("guard", source.id, text, now)


def _failed(before: FetchState, source: Source, error: SyndicateError, now: datetime) -> FetchState:
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
    *,
    guarded: bool,
) -> None:
    """What the next poll needs: validators only now, when everything was parsed and stored."""
    pause = timedelta(seconds=1) if result.unsettled else source.interval
    state = replace(
        result.state, last_attempt=now, last_success=now, next_poll=now + pause, not_before=None, error=None, failures=0
    )
    store.sources.save(state)
    if source.path:
        files = {**state.files, **{file.path: file for file in reading.files}}
        if guarded:  # what is missing is asked for again at the next poll
            files = {**{path: before.files[path] for path in result.missing if path in before.files}, **files}
        store.sources.save_files(source.id, before, files.values())
    noted = [(r.where, r, False) for r in result.rejected]
    noted += [(place, r, False) for place, r in reading.rejected_at]
    noted += [(place, r, True) for place, r in reading.notes_at]
    places = {place for place, _, _ in noted} | {capture.path or "" for capture in result.captures}
    store.sources.quarantine(source.id, places, noted, now)

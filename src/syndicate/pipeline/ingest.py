"""One poll of one source."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from syndicate import reading as readers
from syndicate import rules
from syndicate.alarms import observed, tell
from syndicate.discovery import found
from syndicate.errors import NotOurs, SyndicateError, WorkersClosed
from syndicate.fetch import fetch
from syndicate.fulltext import with_known_pages
from syndicate.model import (
    Capture,
    Change,
    Changes,
    Day,
    FetchResult,
    FetchState,
    Key,
    LastDocument,
    Plan,
    Rejected,
    Source,
    Spent,
)
from syndicate.pipeline import ruled
from syndicate.pipeline.bucketed import in_folder
from syndicate.pipeline.learnt import GoodPoll, day_of, learnt, note, pushed_since
from syndicate.pipeline.news import Asked, News, keep, read_news
from syndicate.pipeline.unchanged import is_unchanged, unchanged
from syndicate.polling import begun, failed, location
from syndicate.reading import Run, reader_of
from syndicate.recording import Heard, classified, decide, known_ahead, known_of, read_again, record, sight
from syndicate.revise import Sight, retire, too_many, unseen, without_shared_keys
from syndicate.store import KnownPages, Store, packed

if TYPE_CHECKING:
    from syndicate.client import Client


@dataclass(frozen=True, slots=True)
class _Decided:
    """What it comes to: of releases, and of their pages; what of the document is kept, and what the next poll knows.

    `told`: the releases of which it has an entry.
    """

    changes: Changes
    captures: tuple[Capture, ...]  # that are kept
    pages: KnownPages
    document: LastDocument | None
    sight: Sight
    told: frozenset[str]


def ingest(  # size: what is known of a source is not read twice
    source: Source,
    *,
    store: Store,
    client: "Client | None",
    plan: Plan,
    now: datetime,
    run: Run | None = None,
    state: FetchState | None = None,
) -> Changes:
    """Ask one source, and record what it says in one transaction. What that comes to is decided before, outside.

    FetchError, SourceGone, ParseError or WorkerLost where it could not be read: noted in the store, nothing else is
    changed; WorkersClosed where the program ends, NotOurs where another process asks it by now: not even noted. A crash
    leaves the earlier validators, so what it would have said is asked for again. `run` calls the parsers where a
    document cannot harm us. Whoever calls has the claim of the source (`store.claim`), and may know its `state`.
    """
    before = location.recalled(state or store.sources.state(source.id, files=source.path is not None), source)
    last = _last_document(store, source, before)
    source, held = in_folder(source, plan)

    def ask(state: FetchState) -> FetchResult:
        with held():
            return fetch(source, state, client=client, now=now, max_bytes=plan.fetch.max_bytes, hosts=store.sources)

    if source.url:
        store.sources.begin(begun(source, before, now))
    began = perf_counter()
    try:
        result = _with_last(found(source, _asking(source, before, last), ask, run), before, last)
        asked = perf_counter()
        news = read_news(Asked(source, before, store, now, plan.fetch.max_bytes, run), result)
    except (WorkersClosed, NotOurs):
        raise
    except SyndicateError as error:
        note_failure(store, source, error, plan=plan, now=now)
        raise
    poll = GoodPoll(source, before, result, news.reading, now, day_of(now, plan))
    have_read = perf_counter()
    if is_unchanged(source, result) or news.none:
        changes = unchanged(poll, news, store=store)
    else:
        changes = taken(poll, news, store=store, plan=plan, run=run)
    return replace(changes, spent=Spent(asked - began, have_read - asked, perf_counter() - have_read))


def taken(poll: GoodPoll, news: News, *, store: Store, plan: Plan, run: Run | None = None) -> Changes:
    """Decide what was read comes to, and record it."""
    source, result, now = poll.source, poll.result, poll.now
    said = without_shared_keys(news.reading.incoming)
    held = news.held or known_ahead(store, (release for release, _ in said), tag=source.tag)
    again = read_again(
        said, result, source, held, store=store, read=partial(readers.read, source=source, now=now, run=run)
    )

    def decided() -> _Decided:
        seen = sight(said, news.reading.ruled, source, store)
        pages = store.pages.known(source.id, (release for release, _ in seen.incoming))
        incoming = with_known_pages(pages, source, seen.incoming, now, again)
        heard = Heard(incoming, result.captures, files=frozenset(result.state.files), again=again)
        changes = decide(heard, source, store=store, plan=plan, now=now)
        document = news.document(incoming, changes.changes, seen.entries)
        told = frozenset(
            change.release.id
            for (release, _), change in zip(incoming, changes.changes, strict=True)
            if not release.headline
        )
        return _Decided(changes, packed(changes, result.captures), pages, document, seen, told)

    return store.decided(decided, lambda found: _record(store, poll, news, found, plan))


def _record(store: Store, poll: GoodPoll, news: News, decided: _Decided, plan: Plan) -> Changes:
    source, result, reading, now = poll.source, poll.result, poll.reading, poll.now
    if result.missing:
        result = _read_again(store, source, result)
        poll = replace(poll, result=result)
    changes, ringing = decided.changes, store.alarms.of(source.id)
    store.pages.keep(decided.pages)
    keep(news, decided.document, poll, store)
    record(store, changes, plan, captures=decided.captures, now=now)
    _ignore_copies(changes.changes, result, reading)
    store.outputs.keep(ruled.files_of(decided.sight, reading.media))
    dropped = ruled.keep(poll, decided.sight, changes, store)
    retired = _retire(store, poll, plan, ringing, decided.told)
    changes = replace(
        changes,
        changes=(*changes.changes, *retired),
        rejected=(*result.rejected, *reading.rejected),
        notes=reading.notes,
        read=len(reading.files),
        untouched=len(result.state.files) - len(reading.files),
        left=result.left,
        passed=news.passed + len(decided.sight.dropped) - dropped,
        dropped=dropped,
    )
    after = _remember(store, poll, changes, ringing)
    if not result.pushed:
        told = observed(source, after, result, reading, now)
        told = {**told, **ruled.observed(poll, decided.document, store, decided.sight)}
        tell(store, source, told, ringing, now)
    return changes


def _last_document(store: Store, source: Source, before: FetchState) -> Capture | None:
    """What another reader has read last of an address, where its bytes were kept: it is read again, once."""
    stale = source.url and before.hash and before.reader != reader_of(source)
    return store.readings.bytes(before.hash) if stale and before.hash else None


def _asking(source: Source, before: FetchState, last: Capture | None) -> FetchState:
    """What is asked for: what has changed; without any condition where the last document is to be read again."""
    state = replace(before, reader=reader_of(source))
    whole = source.url and before.reader != state.reader and last is None
    return replace(state, etag=None, last_modified=None, hash=None) if whole else state


def _with_last(result: FetchResult, before: FetchState, last: Capture | None) -> FetchResult:
    """With the last document, where nothing came that has all of it; it may have come as it was."""
    if not (last or result.captures):
        return result
    found = [replace(each, known=True) if each.url and each.hash == before.hash else each for each in result.captures]
    if last and (not found or result.delta):
        found = [last, *found]
    return replace(result, captures=tuple(found))


def _ignore_copies(decided: Iterable[Change], result: FetchResult, reading: "readers.Reading") -> None:
    """`status` tells of old versions at other paths, which are read again when what stands instead has gone."""
    copies = [change for change in decided if change.copy_of]
    paths = {capture.hash: capture.path for capture in result.captures} if copies else {}
    for change in copies:
        if path := paths.get(change.capture or ""):
            why = f"is a copy of an old version of {change.copy_of}: ignored while that is there"
            reading.notes_at.append((path, Rejected(path, why)))


def _read_again(store: Store, source: Source, result: FetchResult) -> FetchResult:
    """Where a file has gone, its release's other files are read at the next poll: one may be an old copy, ignored."""
    others = store.releases.files_beside(source.id, result.missing) & result.state.files.keys()
    unread = {path: replace(result.state.files[path], size=-1, mtime_ns=-1, hash="") for path in others}
    state = replace(result.state, files={**result.state.files, **unread})
    return replace(result, state=state, unsettled=result.unsettled or bool(unread)) if unread else result


def _retire(
    store: Store, poll: GoodPoll, plan: Plan, ringing: Container[str], told: Container[str]
) -> tuple[Change, ...]:
    """Record what the source takes back: after what it says, so that a moved file is known at its new path.

    Where it is not known by its own id, that may be an earlier one, taken back beside an entry, which stands.
    """
    source, result, now = poll.source, poll.result, poll.now
    gone = _gone(store, source, result, poll.reading)
    keys = [each for key, _ in gone for each in (key, unseen(key, source.id))]
    decided = retire(gone, known_of(store, (), keys, tag=source.tag), source, now=now)
    if source.url and not rules.by_own_id(source):
        decided = tuple(change for change in decided if change.release.id not in told)
    kinds = {change.release.never_shown for change in decided}
    held_back = {kind for kind in kinds if _too_much(store, source, result, decided, kind)}
    taken = [change for change in decided if change.release.never_shown not in held_back]
    if held := len(decided) - len(taken):
        _guard(store, source, held, now)
    elif "guard" in ringing and _says_all(source, result):  # what has not changed says nothing of what was held
        store.alarms.end("guard", source.id)
    if not taken:
        return ()
    retired = tuple(classified(change, store, plan, now) for change in taken)
    record(store, Changes(source=source.id, changes=retired), plan, now=now)
    return retired


def _says_all(source: Source, result: FetchResult) -> bool:
    return bool(result.captures or source.path) and not result.pushed


def _gone(
    store: Store, source: Source, result: FetchResult, reading: "readers.Reading"
) -> list[tuple[Key, str | None]]:
    """What it takes back: by a tombstone, or by a file that is no longer there."""
    gone = list(reading.gone)
    if source.path and source.missing == "withdraw" and not result.unsettled and not result.left:
        gone += [(key, None) for key in store.releases.without_file(source.id, {*result.state.files})]
    return gone


def _too_much(
    store: Store, source: Source, result: FetchResult, decided: tuple[Change, ...], never_shown: bool
) -> bool:
    """Is it more likely an accident that so much goes? What nobody has seen does not count among the others."""
    gone = sum(change.release.never_shown == never_shown for change in decided)
    delivered = store.releases.delivered(source.id, never_shown=never_shown)
    return too_many(gone, delivered) or _emptied(store, source, result, never_shown)


def _emptied(store: Store, source: Source, result: FetchResult, never_shown: bool) -> bool:
    """Is a folder without any file? It is more likely not mounted than cleared."""
    if source.path is None:
        return False
    files = {*result.state.files}
    return not (files if never_shown else files - store.releases.unseen_files(source.id))


def _guard(store: Store, source: Source, held: int, now: datetime) -> None:
    """Ask for a person where too much would go at once, until it is no longer so."""
    text = f"{held} releases of {source.id} would be withdrawn at once: none was"
    store.alarms.ring("guard", source.id, text, now)


def note_failure(store: Store, source: Source, error: Exception, *, plan: Plan, now: datetime) -> None:
    """That it failed and why, and when it is asked again."""
    came = Day(day_of(now, plan), polls=1, failures=1)

    def noted() -> None:
        store.sources.save(failed(source, store.sources.state(source.id, files=False), error, now), came)

    store.together(noted)


def _remember(store: Store, poll: GoodPoll, changes: Changes, ringing: Mapping[str, datetime]) -> FetchState:
    """What the next poll needs: validators only now, when everything was parsed and stored."""
    source, result, reading = poll.source, poll.result, poll.reading
    brought = sum(change.verdict not in ("unchanged", "quiet") for change in changes.changes)
    state = learnt(poll, brought=brought, alarmed=ringing.get("fewer"), since=pushed_since(poll, store))
    note(state, poll, store, changes)
    if source.path:
        files = {**state.files, **{file.path: file for file in reading.files}}
        store.sources.save_files(source.id, poll.before, files.values())
    noted = [(r.where, r, False) for r in result.rejected]
    noted += [(place, r, False) for place, r in reading.rejected_at]
    noted += [(place, r, True) for place, r in reading.notes_at]
    places = {place for place, _, _ in noted} | {capture.path or "" for capture in result.captures}
    places -= {""} if result.pushed else set()  # what of the last whole document could not be used is still so
    store.sources.quarantine(source.id, places, noted, poll.now)
    return state

"""A poll that brought nothing new (304, or the very bytes of the last time): nothing is read, decided or placed."""

from datetime import datetime

from syndicate import reading as readers
from syndicate.alarms import observe
from syndicate.model import Changes, FetchResult, FetchState, Source
from syndicate.pipeline.learnt import GoodPoll, learnt
from syndicate.store import Store


def is_unchanged(source: Source, result: FetchResult) -> bool:
    """Has an address nothing to tell? What a folder tells may be that a file has gone."""
    return source.url is not None and not result.captures


def unchanged(source: Source, before: FetchState, result: FetchResult, *, store: Store, now: datetime) -> Changes:
    """Note that it answered, and when it is asked again; ring and end what follows from that alone.

    Not waiting for the disk: where the power fails, nothing is lost but that it was asked.
    """
    poll = GoodPoll(source, before, result, readers.Reading(), now)

    def noted() -> None:
        after = learnt(poll, brought=False, alarmed=store.alarms.since("fewer", source.id))
        store.sources.save(after)
        observe(store, source, after, result, poll.reading, now)
        store.note_write(now)

    store.together(noted, lasting=False)
    return Changes(source=source.id, untouched=len(result.state.files))

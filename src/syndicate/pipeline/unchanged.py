"""A poll that brought nothing new (304, the very bytes of the last time, or the same entries): nothing is read, decided
or placed.
"""

from syndicate import rules
from syndicate.alarms import observed, tell
from syndicate.model import Changes, FetchResult, Source
from syndicate.pipeline import ruled
from syndicate.pipeline.learnt import GoodPoll, learnt, note, pushed_since
from syndicate.pipeline.news import News, keep
from syndicate.store import Store


def is_unchanged(source: Source, result: FetchResult) -> bool:
    """Has an address nothing to tell? What a folder tells may be that a file has gone."""
    return source.url is not None and not result.captures


def unchanged(poll: GoodPoll, news: News, *, store: Store) -> Changes:
    """Note that it answered, and when it is asked again; ring and end what follows from that alone.

    Not waiting for the disk: where the power fails, nothing is lost but that it was asked.
    """
    source, result, now = poll.source, poll.result, poll.now

    def noted() -> None:
        ringing = store.alarms.of(source.id)
        after = learnt(poll, brought=0, alarmed=ringing.get("fewer"), since=pushed_since(poll, store))
        note(after, poll, store)
        document = news.document((), ())
        keep(news, document, poll, store)
        told = {**observed(source, after, result, poll.reading, now)}
        if document and rules.of(source):
            told |= ruled.observed(poll, document, store)
        tell(store, source, told, ringing, now)
        store.note_write(now)

    store.together(noted, lasting=False)
    return Changes(source=source.id, untouched=len(result.state.files), passed=news.passed)

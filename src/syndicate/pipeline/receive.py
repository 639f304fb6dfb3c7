"""One push of a source's hub: its document, in part or whole, with all the guards of a poll. It asks nobody."""

from datetime import datetime

from syndicate.client import body
from syndicate.model import Capture, Changes, FetchResult, Plan, Push, Source
from syndicate.pipeline.ingest import taken
from syndicate.pipeline.learnt import GoodPoll, day_of
from syndicate.pipeline.news import Asked, read_news
from syndicate.polling import location
from syndicate.reading import Run
from syndicate.store import Store


def receive(source: Source, push: Push, *, store: Store, plan: Plan, now: datetime, run: Run | None = None) -> Changes:
    """Record what it says in one transaction. What it leaves out is neither missing nor withdrawn.

    FetchError where its body is damaged or too large, ParseError or WorkerLost where it cannot be read: nothing is
    changed. What the next poll asks for is as if there had been no push. Whoever calls has the source's claim.
    """
    before = location.recalled(store.sources.state(source.id, files=False), source)
    most = plan.fetch.max_bytes
    place = before.hub.place if before.hub else location.address(source, before)
    capture = Capture(body=_unpacked(push, most), media_type=push.media_type, url=place)
    if capture.hash == before.hash:
        return Changes(source=source.id)
    result = FetchResult(state=before, captures=(capture,), delta=True, pushed=True)
    news = read_news(Asked(source, before, store, now, most, run), result)
    if news.difference and not news.difference.chosen:
        return Changes(source=source.id, passed=news.passed)
    poll = GoodPoll(source, before, result, news.reading, now, day_of(now, plan))
    return taken(poll, news, store=store, plan=plan, run=run)


def _unpacked(push: Push, most: int) -> bytes:
    """Of a push that is packed, no more than may be unpacked."""
    found = body(push.coding, most)
    found.feed(push.body)
    return found.finish()

"""A poll that brought nothing new: what it leaves is what any good poll leaves, and it costs a few statements."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from servers import Reply, Server
from syndicate import store as stores
from syndicate.client import Client, Limits
from syndicate.config import load
from syndicate.model import Changes, FetchState, Rhythm, Source
from syndicate.pipeline import ingest
from syndicate.polling import interval
from syndicate.reading import reader_of
from syndicate.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = b"<rss version='2.0'><channel><title>Talland</title></channel></rss>"
QUIET = tuple(NOW - days * DAY for days in (90, 88, 86, 84))  # it used to bring something every other day
UNCHANGED, SAME = Reply(status=304), Reply(body=FEED, headers={"ETag": '"2"'})


class Portal:
    """A source that was read an hour ago, its server and its store."""

    def __init__(self, folder: Path, server: Server, store: Store, client: Client) -> None:
        (folder / "config.toml").write_text('[site]\ntag = "presse.talland.example,2026"\n', encoding="utf-8")
        self.plan, self.server, self.store, self._client = load(folder / "config.toml"), server, store, client
        self.source = Source(id="talland", url=server.url("/feed"), allow_private=True)
        self.before = FetchState(
            source="talland",
            etag='"1"',
            hash=hashlib.sha256(FEED).hexdigest(),
            whole=NOW - HOUR,
            last_attempt=NOW - HOUR,
            last_success=NOW - HOUR,
            next_poll=NOW,
            configured=self.source.url,
            form="rss",
            reader=reader_of(self.source),
        )

    def poll(self, answer: Reply, now: datetime = NOW) -> Changes:
        self.server.answers("/feed", answer)
        return ingest(self.source, store=self.store, client=self._client, plan=self.plan, now=now)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    limits = Limits("syndicate/test", timeout=5, max_bytes=100_000)
    with Server() as server, stores.open(f"sqlite:///{tmp_path}/s.db") as store, Client(limits) as client:
        yield Portal(tmp_path, server, store, client)


@pytest.mark.parametrize(
    ("answer", "before", "after"),
    [
        (UNCHANGED, {}, {}),
        (SAME, {}, {"etag": '"2"', "whole": NOW}),
        (replace(SAME, headers={}), {"etag": None}, {"etag": None, "whole": NOW}),
        (UNCHANGED, {"failures": 3, "error": "no answer"}, {"failures": 0, "error": None}),
        (UNCHANGED, {"not_before": NOW - HOUR, "gone": True}, {"not_before": None, "gone": False}),
        (UNCHANGED, {"whole": None}, {"whole": NOW}),
        (UNCHANGED, {"last_success": None}, {"delivered": (NOW,)}),
        (UNCHANGED, {"moved": "https://a.example/", "moves": 2}, {"moved": None, "moves": 0}),
        (UNCHANGED, {"rhythm": Rhythm(2 * HOUR), "delivered": QUIET, "entries": 20}, {}),
        (SAME, {"rhythm": Rhythm(skip_hours=frozenset({13, 14})), "entries": 0}, {"etag": '"2"', "whole": NOW}),
    ],
)
def test_the_state_that_it_leaves(portal: Portal, answer: Reply, before: dict[str, Any], after: dict[str, Any]) -> None:
    known = replace(portal.before, **before)
    portal.store.sources.save(known)
    assert portal.poll(answer) == Changes(source="talland")
    expected = replace(known, **{"last_attempt": NOW, "last_success": NOW, "next_poll": None, **after})
    due = interval.after_success(portal.source, expected, fresh=None, now=NOW, first=known.last_success is None)
    assert portal.store.sources.state("talland") == replace(expected, next_poll=due)
    assert portal.store.last_write() == NOW


def test_it_is_good_for_as_long_as_its_answer_says(portal: Portal) -> None:
    portal.store.sources.save(portal.before)
    portal.poll(replace(UNCHANGED, headers={"Cache-Control": "max-age=36000"}))
    due = portal.store.sources.state("talland").next_poll
    assert due is not None
    assert due >= NOW + 10 * HOUR


def test_alarms_that_its_state_alone_rings_and_ends(portal: Portal) -> None:
    portal.store.sources.save(replace(portal.before, delivered=QUIET, entries=20))
    portal.store.alarms.ring("fewer", "talland", "only 3 of its usual 20", NOW - 8 * DAY)
    portal.store.alarms.ring("encoding", "talland", "its letters are broken", NOW)
    portal.poll(UNCHANGED)
    assert [alarm.kind for alarm in portal.store.alarms.list()] == ["encoding", "silent"]
    portal.store.sources.save(replace(portal.before, delivered=(NOW - HOUR,)))
    portal.poll(UNCHANGED)
    assert [alarm.kind for alarm in portal.store.alarms.list()] == ["encoding"]


@pytest.mark.sqlite
def test_it_costs_a_few_statements_and_none_that_looks_through_a_table(portal: Portal) -> None:
    """Each of them by a key, or by a list of keys that is handed in."""
    portal.store.sources.save(portal.before)
    portal.poll(UNCHANGED)
    said = list[str]()
    raw = portal.store._connection.db.conn
    raw.set_trace_callback(said.append)
    portal.poll(UNCHANGED, NOW + HOUR)
    raw.set_trace_callback(None)
    assert len(said) <= 18
    asked = [sql for sql in said if sql.startswith(("SELECT", "INSERT"))]
    plans = [row[3] for sql in asked for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [plan for plan in plans if plan.startswith("SCAN") and "json_each" not in plan] == []

"""A poll costs what is new in its document: counted by the entries that are read, and by the readers that are asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portals import Portal, html, listing, page
from servers import Reply, Server
from syndicate.doors import Brief
from syndicate.model import Changes, Source
from syndicate.reading import Reading
from worlds import NOW, SITE, World

HOUR = timedelta(hours=1)


class Counted:
    """Calls the parsers here, and counts the entries that they read at each poll."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __call__(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        part = function(*arguments, **named)
        if isinstance(part, Reading):
            self.read.append(len(part.told))
        return part


class Asked(Counted):
    """Which of them it may call where there are no limits."""

    def __init__(self) -> None:
        super().__init__()
        self.brief: list[bool] = []

    def __call__(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        part = super().__call__(function, *arguments, **named)
        self.brief += [isinstance(function, Brief)] if isinstance(part, Reading) else []
        return part


class Feed:
    """A source and its document; `poll` says how many entries were read by each reader that was asked."""

    def __init__(self, world: World, server: Server, kind: str) -> None:
        self.world, self.server, self.kind = world, server, kind
        self.now = NOW
        self.source = Source(id="amt", url=server.url("/feed"), allow_private=True, tag=SITE.tag)

    def poll(self, *entries: str, head: str = "", asked: Counted | None = None) -> tuple[Changes, list[int]]:
        self.now += HOUR
        body = rss(*entries, head=head) if self.kind == "rss" else jsonfeed(*entries, head=head)
        self.server.answers("/feed", Reply(body=body, headers={"Content-Type": f"application/{self.kind}"}))
        counted = asked or Counted()
        return self.world.poll(self.now, self.source, run=counted), counted.read


def rss(*entries: str, head: str) -> bytes:
    items = (
        f"<item><guid isPermaLink='false'>{name}</guid><title>Meldung {name}</title>"
        f"<link>https://amt.example/{name}</link><description>{text}</description></item>"
        for name, _, text in (entry.partition(" ") for entry in entries)
    )
    return f"<rss version='2.0'><channel><title>Amt</title>{head}{''.join(items)}</channel></rss>".encode()


def jsonfeed(*entries: str, head: str) -> bytes:
    items = [
        {"id": name, "title": f"Meldung {name}", "url": f"https://amt.example/{name}", "content_text": text or "Text"}
        for name, _, text in (entry.partition(" ") for entry in entries)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": head or "Amt", "items": items}).encode()


@pytest.fixture(params=["rss", "json"])
def feed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Feed]:
    world = World(tmp_path, html=False)
    with Server() as server:
        yield Feed(world, server, request.param)
    world.close()


BRIEF = [
    (("neu Ganz neu",), [True]),
    (tuple(f"neu{number} " + "Wald und Wiesen. " * 300 for number in range(5)), [True]),
    (tuple(f"neu{number} " + "Wald und Wiesen. " * 300 for number in range(7)), [False]),
    (("neu " + "Wald und Wiesen. " * 3_000,), [False]),
]


@pytest.mark.parametrize(("new", "brief"), BRIEF)
def test_little_that_is_new_in_a_feed_is_read_without_limits(
    tmp_path: Path, new: tuple[str, ...], brief: list[bool]
) -> None:
    with Server() as server, closing(World(tmp_path, html=False)) as world:
        feed = Feed(world, server, "rss")
        asked = Asked()
        feed.poll(*TWENTY, asked=asked)
        assert asked.brief == [False], "a document of which nothing is known yet"
        feed.poll(*new, *TWENTY, asked=asked)
        assert asked.brief[1:] == brief
        feed.poll(*new, *TWENTY, head="<", asked=asked)
        assert asked.brief[2:] == [False], "one that is not well-formed"


TWENTY = tuple(f"n{number} Text Nummer {number}" for number in range(20))


def test_of_twenty_entries_only_the_new_one_is_read(feed: Feed) -> None:
    assert feed.poll(*TWENTY)[1] == [20]
    changes, read = feed.poll("neu Ganz neu", *TWENTY[:-1])
    assert read == [1]
    assert (changes.count("new"), changes.count("unchanged"), changes.passed) == (1, 19, 19)
    changes, read = feed.poll("neu Ganz anders", *TWENTY[:-1])
    assert read == [1]
    assert changes.count("corrected") == 1


@pytest.mark.parametrize("again", [TWENTY, TWENTY[::-1], TWENTY[:12]])
def test_no_reader_is_asked_where_nothing_is_new(feed: Feed, again: tuple[str, ...]) -> None:
    feed.poll(*TWENTY)
    for minute in range(2):
        changes, read = feed.poll(*again, head=f"<lastBuildDate>Mon, 01 Jun 2026 10:{minute:02}:00 GMT</lastBuildDate>")
        assert read == []
        assert changes.count("unchanged") == len(again)
        assert changes.changes == ()
    state = feed.world.store.sources.state("amt")
    assert (state.entries, state.last_success) == (len(again), feed.now)


def test_what_goes_back_to_earlier_words_is_read(feed: Feed) -> None:
    feed.poll("a Eins und eins ist zwei")
    assert feed.poll("a Zwei und zwei ist vier")[1] == [1]
    assert feed.poll("a Eins und eins ist zwei")[1] == [1]


def test_an_entry_whose_id_another_takes_is_read_with_it(feed: Feed) -> None:
    feed.poll("a Eins", "b Zwei", "c Drei")
    _, read = feed.poll("a Eins", "b Zwei", "c Drei", "a Vier")
    assert read[-1] == 2
    assert feed.poll("a Eins", "b Zwei", "c Drei")[1] == [1]


def test_what_a_person_is_told_of_is_read_at_each_poll(feed: Feed) -> None:
    held = "h Sperrfrist: bis zum Beginn der Rede. Es geht um das Haus."
    broken = ("k Die L\ufffdnder bauen.", "l Die St\ufffddte bauen.")
    for minutes in range(2):
        _, read = feed.poll("a Eins", held, *broken, head=f"<ttl>{minutes}</ttl>")
        assert read == [3 if minutes else 4]
        assert [alarm.kind for alarm in feed.world.store.alarms.list()] == ["encoding"]
    _, read = feed.poll("a Eins")
    assert read == [0]  # what was told of the others is told no more
    assert [alarm.kind for alarm in feed.world.store.alarms.list()] == ["fewer"]


def test_after_it_was_forgotten_all_of_a_source_is_read(feed: Feed) -> None:
    feed.poll(*TWENTY)
    feed.world.store.sources.forget("amt")
    assert feed.poll(*TWENTY)[1] == [20]


def test_a_document_that_is_not_well_formed_is_read_as_a_whole(feed: Feed) -> None:
    feed.poll(*TWENTY[:3])
    if feed.kind == "rss":
        _, read = feed.poll(*TWENTY[:3], "x a & b")
        assert read == [4]
        assert feed.poll(*TWENTY[:3])[1] == [3]


def test_how_often_it_wants_to_be_asked_is_heard_though_nothing_is_new(feed: Feed) -> None:
    feed.poll(*TWENTY)
    feed.poll(*TWENTY, head="<ttl>300</ttl>")
    every = feed.world.store.sources.state("amt").rhythm.every
    assert every == (timedelta(minutes=300) if feed.kind == "rss" else None)


OAKS = {f"/m{number}": f"Neue Eichen für den Bergwald Nummer {number}" for number in range(9)}


def test_of_a_list_whose_pages_were_read_only_what_is_new_is_told_to_the_store(tmp_path: Path) -> None:
    with Server() as server, Portal(tmp_path, server, path="/liste", fulltext=None) as portal:
        for path, title in OAKS.items():
            server.answers(
                path, html(page(title, f"Am Hohen Stein wachsen {path} Eichen.", "Das Forstamt pflanzt sie."))
            )
        seen = list[tuple[int, int]]()
        for hour, entries in enumerate((OAKS, OAKS, OAKS, dict([*OAKS.items()][:8]), {**OAKS, "/m4": "Neue Buchen"})):
            body = listing([(title, path) for path, title in entries.items()]) + b"<!-- %d -->" % hour
            server.answers("/liste", html(body))
            counted = Counted()
            changes = portal.poll(NOW + hour * HOUR, run=counted)
            seen.append((sum(counted.read), changes.passed))
            portal.complete_all(NOW + hour * HOUR)
        assert seen == [(9, 0), (9, 0), (0, 9), (0, 8), (2, 7)]

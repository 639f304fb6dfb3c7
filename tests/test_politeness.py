"""Asking politely, as a server sees it: who asks how often, with what, and who stops."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from builders import make_release
from servers import Reply, Server
from syndicate.app import App, system_clock
from syndicate.client import PageDelay
from syndicate.config import load
from syndicate.errors import FetchError, ParseError, SourceGone, UnexpectedPage
from syndicate.model import FetchState, Key, Poll, Polled, Source
from syndicate.schedule import Schedule
from syndicate.store import QueuedPage
from waiting import PATIENCE, until
from worlds import NOW, SITE, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
XML = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def rss(*numbers: int, more: str = "") -> bytes:
    items = "".join(
        f"<item><title>Meldung {n}</title><link>https://www.talland.example/m/{n}</link>"
        f"<guid>https://www.talland.example/m/{n}</guid><description>Teaser {n}</description>"
        "<category>Forst</category></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>P</title>{more}{items}</channel></rss>'.encode()


def page(*feeds: str, title: str = "Presse") -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    head = f"<head><title>{title}</title>{links}</head>"
    return f"<!doctype html><html>{head}<body><p>Willkommen.</p></body></html>".encode()


MAINTENANCE = page(title="Wartungsarbeiten")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


class Asked:
    """A world with one source that is asked at hours of its own."""

    def __init__(self, root: Path, server: Server) -> None:
        self.server = server
        self.world = World(root)
        self.source = Source(id="portal", url=server.url("/rss"), allow_private=True, tag=SITE.tag)
        self.now = NOW

    def poll(self, *, fails: type[Exception] | None = None) -> FetchState:
        """An hour later; what is known of the source then."""
        self.now += HOUR
        if fails:
            with pytest.raises(fails) as caught:
                self.world.poll(self.now, self.source)
            assert "127.0.0.1" in str(caught.value)
        else:
            self.world.poll(self.now, self.source)
        return self.state

    @property
    def state(self) -> FetchState:
        return self.world.store.sources.state("portal")

    @property
    def paths(self) -> list[str]:
        """What was asked for since the last look."""
        found = [request.path for request in self.server.requests]
        self.server.requests.clear()
        return found


@pytest.fixture
def asked(tmp_path: Path, server: Server) -> Iterator[Asked]:
    made = Asked(tmp_path, server)
    yield made
    made.world.close()


# --- 301 and 308 ------------------------------------------------------------------------------------------------------


def moves(asked: Asked, status: int = 301) -> str:
    asked.server.answers("/rss", Reply(status=status, headers={"Location": "/neu"}))
    return asked.server.answers("/neu", Reply(body=rss(1), headers={"ETag": '"1"', **XML}), Reply(status=304))


@pytest.mark.parametrize("status", [301, 308])
def test_a_move_is_believed_after_three_good_polls(asked: Asked, status: int) -> None:
    new = moves(asked, status)
    assert asked.poll().address is None
    asked.server.answers("/neu", Reply(status=500))
    asked.poll(fails=FetchError)
    asked.server.answers("/neu", Reply(body=b"kein Feed"))
    asked.poll(fails=ParseError)
    asked.server.answers("/neu", Reply(body=rss(1, 2), headers={"ETag": '"2"', **XML}), Reply(status=304))
    assert asked.poll().address is None
    assert asked.poll().address == new
    assert asked.paths == ["/rss", "/neu"] * 5
    asked.poll()
    assert asked.server.requests[0].headers["If-None-Match"] == '"2"'
    assert asked.paths == ["/neu"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_detour_is_never_believed(asked: Asked, status: int) -> None:
    moves(asked, status)
    for _ in range(5):
        assert (asked.poll().address, asked.state.moves) == (None, 0)


def test_a_place_that_may_not_be_dialled_is_never_believed(asked: Asked) -> None:
    asked.server.answers("/rss", Reply(status=301, headers={"Location": "http://10.0.0.1/"}))
    for _ in range(4):
        state = asked.poll(fails=FetchError)
        assert (state.address, state.moved, state.moves) == (None, None, 0)


@pytest.mark.parametrize(
    ("reply", "fails", "polls"),
    [
        (Reply(status=404), FetchError, 1),
        (Reply(status=410), SourceGone, 1),
        (Reply(body=MAINTENANCE, headers=HTML), UnexpectedPage, 1),
        (Reply(status=500), FetchError, 3),
    ],
    ids=["404", "410", "page", "500"],
)
def test_a_move_that_led_to_nothing_is_taken_back(
    asked: Asked, reply: Reply, fails: type[Exception], polls: int
) -> None:
    new = moves(asked)
    for _ in range(3):
        asked.poll()
    assert asked.state.address == new
    asked.server.answers("/neu", reply)
    for n in range(polls):
        assert asked.state.address == new, f"given up after {n}"
        asked.poll(fails=fails)
    assert (asked.state.address, asked.state.gone) == (None, False)
    asked.server.answers("/rss", Reply(body=rss(1, 2), headers=XML))
    assert asked.poll().failures == 0
    assert asked.paths[-1] == "/rss"


def test_another_url_in_the_configuration_is_asked_at_once_and_afresh(asked: Asked) -> None:
    moves(asked)
    for _ in range(3):
        asked.poll()
    asked.source = replace(asked.source, url=asked.server.answers("/anders", Reply(body=rss(1), headers=XML)))
    asked.poll()
    last = asked.server.requests[-1]
    assert (last.path, last.headers["If-None-Match"], asked.state.address) == ("/anders", None, None)


# --- a page that links a feed -----------------------------------------------------------------------------------------


def test_the_feed_behind_a_page_is_asked_from_then_on(asked: Asked) -> None:
    asked.server.answers("/rss", Reply(body=page("/feed?a=1&amp;b=2", "/zwei"), headers=HTML))
    asked.server.answers("/feed", Reply(body=rss(1, 2), headers={"ETag": '"1"', **XML}), Reply(status=304))
    state = asked.poll()
    assert (state.address, state.form, state.etag) == (asked.server.url("/feed?a=1&b=2"), "feed", '"1"')
    asked.poll()
    assert asked.paths == ["/rss", "/feed?a=1&b=2", "/feed?a=1&b=2"]
    asked.server.answers("/feed", Reply(status=404))
    asked.poll(fails=FetchError)
    asked.server.answers("/rss", Reply(body=page("/zwei"), headers=HTML))
    asked.server.answers("/zwei", Reply(body=rss(1, 2, 3), headers=XML))
    assert asked.poll().address == asked.server.url("/zwei")
    assert asked.paths == ["/feed?a=1&b=2", "/rss", "/zwei"]


def welcome(*feeds: str) -> Reply:
    """A home page that could be read as a release."""
    text = "<main><h1>Land Talland</h1><p>Hier finden Sie Termine und Ansprechpersonen der Landesregierung.</p></main>"
    return Reply(body=page(*feeds).replace(b"<p>Willkommen.</p>", text.encode()), headers=HTML)


@pytest.mark.parametrize("lost", [Reply(status=404), Reply(status=410), welcome("/neu")], ids=["404", "410", "page"])
def test_a_feed_that_its_page_no_longer_links_is_looked_for_again(asked: Asked, lost: Reply) -> None:
    """The page itself is no release, and neither is one that stands in for it a way to a feed."""
    asked.server.answers("/rss", welcome("/alt"))
    asked.server.answers("/alt", Reply(body=rss(1), headers={"ETag": '"1"', **XML}))
    asked.server.answers("/neu", Reply(body=rss(1, 2), headers=XML))
    asked.poll()
    asked.server.answers("/alt", lost)
    asked.poll(fails=SourceGone if lost.status == 410 else UnexpectedPage if lost.status == 200 else FetchError)
    for instead in (welcome(), Reply(body=page("/neu", title="Wartungsarbeiten"), headers=HTML), welcome()):
        asked.server.answers("/rss", instead)
        state = asked.poll(fails=UnexpectedPage)
        assert (state.address, state.form, state.gone) == (None, "feed", False)
    assert asked.paths == ["/rss", "/alt", "/alt", "/rss", "/rss", "/rss"]
    asked.server.answers("/rss", welcome("/neu"))
    assert asked.poll().address == asked.server.url("/neu")
    asked.poll()
    assert asked.paths == ["/rss", "/neu", "/neu"]
    asked.world.publish()
    assert sorted(asked.world.entries()) == ["Meldung 1", "Meldung 2"]


def test_a_page_where_a_feed_has_moved_to_is_no_release(asked: Asked) -> None:
    new = moves(asked)
    for _ in range(3):
        asked.poll()
    asked.server.answers("/neu", welcome())
    for address in (None, None, None):
        state = asked.poll(fails=UnexpectedPage)
        assert (state.address, state.form) == (address, "feed")
    asked.server.answers("/neu", Reply(body=rss(1, 2), headers=XML))
    for address in (None, None, new):
        assert asked.poll().address == address
    asked.world.publish()
    assert sorted(asked.world.entries()) == ["Meldung 1", "Meldung 2"]


@pytest.mark.parametrize(
    ("reply", "fails"),
    [
        (Reply(status=404), ParseError),  # a dead link is none, and the page itself is no list
        (Reply(status=500), FetchError),
        (Reply(body=MAINTENANCE, headers=HTML), UnexpectedPage),
        (Reply(status=302, headers={"Location": "http://10.0.0.1/"}), FetchError),
    ],
    ids=["404", "500", "page", "private"],
)
def test_a_page_whose_feed_is_none(asked: Asked, reply: Reply, fails: type[Exception]) -> None:
    asked.server.answers("/rss", Reply(body=page("/feed"), headers=HTML))
    asked.server.answers("/feed", reply)
    state = asked.poll(fails=fails)
    assert (state.address, state.form, state.etag) == (None, None, None)
    assert asked.paths == ["/rss", "/feed"]


@pytest.mark.parametrize(
    ("start", "paths"),
    [
        (page("/weg", "/feed"), ["/weg", "/feed"]),
        (b'<!DOCTYPE html><h1>Land</h1><p>Hier.</p><a href="/abo"><img src="x.png" alt="RSS"></a>', ["/abo", "/feed"]),
    ],
)
def test_a_dead_link_is_passed_over_and_a_page_of_feeds_is_one_more_hop(
    asked: Asked, start: bytes, paths: list[str]
) -> None:
    asked.server.answers("/rss", Reply(body=start, headers=HTML))
    asked.server.answers("/abo", Reply(body=page("/feed"), headers=HTML))
    asked.server.answers("/feed", Reply(body=rss(1), headers=XML))
    assert asked.poll().address == asked.server.url("/feed")
    assert asked.paths == ["/rss", *paths]


@pytest.mark.parametrize("title", ["Wartungsarbeiten", "Anmelden", "Just a moment..."])
def test_a_page_that_stands_in_for_another_leads_nowhere(asked: Asked, title: str) -> None:
    """Already at the first poll, when nobody knows yet what there will be."""
    asked.server.answers("/rss", Reply(body=page("/kommentare", title=title), headers=HTML))
    asked.server.answers("/kommentare", Reply(body=rss(1), headers=XML))
    state = asked.poll(fails=ParseError)
    assert (state.address, state.form) == (None, None)
    assert asked.paths == ["/rss"]


def test_a_linked_feed_on_another_private_host_is_refused(asked: Asked) -> None:
    there = asked.server.url("/feed", host="localhost")
    asked.server.answers("/rss", Reply(body=page(there), headers=HTML))
    asked.poll(fails=FetchError)
    assert "localhost" in (asked.state.error or "")
    assert asked.paths == ["/rss"]


@pytest.mark.parametrize("body", [MAINTENANCE, page("/rss"), page("/kommentare"), page(title="Login")])
def test_a_page_where_a_feed_was_is_a_failure_with_its_own_name(asked: Asked, body: bytes) -> None:
    """Whatever that page links: a maintenance page has its site's own links, too."""
    asked.server.answers("/rss", Reply(body=rss(1, 2), headers={"ETag": '"1"', **XML}))
    asked.poll()
    asked.server.answers("/rss", Reply(body=body, headers={"ETag": '"wartung"', **HTML}))
    state = asked.poll(fails=UnexpectedPage)
    assert (state.etag, state.form, state.failures) == ('"1"', "feed", 1)
    asked.server.answers("/rss", Reply(status=304))
    assert asked.poll().failures == 0
    assert asked.paths == ["/rss"] * 3
    asked.world.publish()
    assert len(asked.world.entries()) == 2


# --- what is new alone ------------------------------------------------------------------------------------------------


def test_what_a_delta_leaves_out_is_not_missing(asked: Asked) -> None:
    asked.server.answers("/rss", Reply(body=rss(*range(1, 21)), headers={"ETag": '"1"', **XML}))
    assert asked.poll().entries == 20
    asked.server.answers("/rss", Reply(status=226, body=rss(21), headers={"ETag": '"2"', "IM": "feed", **XML}))
    state = asked.poll()
    assert asked.server.requests[-1].headers["A-IM"] == "feed"
    assert (state.entries, state.etag) == (20, '"2"')
    assert asked.world.store.alarms.list() == ()
    asked.world.publish()
    assert len(asked.world.entries()) == 21


# --- how often --------------------------------------------------------------------------------------------------------


def wait(asked: Asked) -> timedelta:
    assert asked.state.next_poll
    return asked.state.next_poll - asked.now


@pytest.mark.parametrize(
    ("more", "headers", "least"),
    [
        ("<ttl>120</ttl>", {}, 2 * HOUR),
        ("", {"Cache-Control": "max-age=7200"}, 2 * HOUR),
        ("<ttl>1000000</ttl>", {}, DAY),
        ("", {"Cache-Control": "max-age=99999999"}, DAY),
        ("<ttl>120</ttl>", {"Cache-Control": "max-age=10800"}, 3 * HOUR),
    ],
)
def test_what_it_asks_for_is_kept(asked: Asked, more: str, headers: dict[str, str], least: timedelta) -> None:
    asked.source = replace(asked.source, interval=timedelta(minutes=5))
    asked.server.answers("/rss", Reply(body=rss(1, more=more), headers={"ETag": '"1"', **XML, **headers}))
    asked.poll()
    assert least <= wait(asked) <= least + HOUR
    asked.server.answers("/rss", Reply(status=304, headers=headers))
    asked.poll()  # what the feed itself said holds on
    assert least <= wait(asked) <= least + HOUR


def test_a_quiet_source_is_asked_ever_less_until_it_says_something(asked: Asked) -> None:
    asked.source = replace(asked.source, interval=timedelta(minutes=5))
    asked.server.answers("/rss", Reply(body=rss(1), headers=XML))
    found = []
    for _ in range(8):
        asked.poll()
        found.append(wait(asked))
    assert found[0] <= timedelta(minutes=7.5)
    assert timedelta(minutes=20) <= found[-1] <= timedelta(minutes=22)
    asked.server.answers("/rss", Reply(body=rss(1, 2), headers=XML))
    asked.poll()
    assert wait(asked) <= timedelta(minutes=5.5)
    assert asked.state.delivered[-1] == asked.now


def test_failures_and_recovery(asked: Asked) -> None:
    asked.server.answers("/rss", Reply(status=500))
    for n, minutes in enumerate((60, 120, 240, 360), 1):
        assert asked.poll(fails=FetchError).failures == n
        assert timedelta(minutes=minutes) <= wait(asked) <= timedelta(minutes=1.1 * minutes)
    asked.server.answers("/rss", Reply(body=rss(1), headers=XML))
    assert asked.poll().failures == 0
    assert wait(asked) < timedelta(minutes=120)


# --- the whole house --------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Open = Callable[..., App]


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens the program on the same store again and again, as restarts do: house(a=url, b=url)."""
    opened: list[App] = []
    clock = request.getfixturevalue("clock") if "clock" in request.fixturenames else system_clock

    def start(**urls: str) -> App:
        while opened:
            opened.pop().__exit__()
        sources = "".join(
            f'[[source]]\nid = "{name}"\nurl = "{url}"\nallow_private = true\n' for name, url in urls.items()
        )
        path = tmp_path / "config.toml"
        path.write_text(f'[site]\nbase_url = "http://127.0.0.1:8000/"\n{sources}', encoding="utf-8")
        opened.append(App(load(path), clock=clock).__enter__())
        return opened[0]

    yield start
    for service in opened:
        service.__exit__()


def due(service: App) -> list[str]:
    return [job.sources[0] for job in service.due()]


def ask(service: App, source: str, call: Literal["each", "named"] = "each") -> Polled:
    (done,) = service.run(Poll(None, (source,), call))
    assert isinstance(done, Polled)
    return done


def cycle(service: App, *, named: bool = False) -> list[str]:
    """What asking all of them came to."""
    jobs = [Poll(None, (source.id,), "named" if named else "each") for source in service.plan.sources]
    polled = [event for event in service.run_all(jobs) if isinstance(event, Polled)]
    assert not any(one.changes and one.changes.rejected for one in polled)
    return [(one.error and "error") or one.skipped or (one.waits and "waits") or "ok" for one in polled]


def test_a_restart_asks_nobody_twice(server: Server, house: Open, clock: Clock) -> None:
    urls = {name: server.answers(f"/{name}", Reply(body=rss(1), headers=XML)) for name in "abc"}
    service = house(**urls)
    assert due(service) == ["a", "b", "c"]
    assert cycle(service) == ["ok"] * 3
    for _ in range(3):
        assert due(house(**urls)) == []
    clock.now += 2 * HOUR
    assert sorted(due(house(**urls))) == ["a", "b", "c"]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["600", "Mon, 01 Jun 2026 12:10:00 GMT"])
def test_a_retry_after_is_the_whole_servers_and_outlives_a_restart(
    server: Server, house: Open, clock: Clock, status: int, form: str
) -> None:
    with Server() as other:
        urls = {name: server.answers(f"/{name}", Reply(body=rss(1), headers=XML)) for name in "ab"}
        urls["c"] = other.answers("/c", Reply(body=rss(1), headers=XML))
        urls["d"] = other.answers("/d", Reply(status=302, headers={"Location": urls["b"]}))
        service = house(**urls)
        server.answers("/a", Reply(status=status, headers={"Retry-After": form}))
        ask(service, "a")
        server.requests.clear()
        for named in (False, True):
            service = house(**urls)
            assert due(service) == ([] if named else ["c", "d"])
            assert cycle(service, named=named) == ["waits", "waits", "ok", "waits" if named else "error"]
        assert server.requests == []
        clock.now += timedelta(seconds=599)
        assert not {"a", "b"} & {*due(house(**urls))}
        clock.now += timedelta(seconds=6)  # seconds count from the answer
        assert due(house(**urls))[:1] == ["b"]  # `a` waits for its own pause after a failure besides
        server.answers("/a", Reply(body=rss(1), headers=XML))  # else it says so once more, perhaps before `b` is asked
        assert cycle(house(**urls))[1] == "ok"


def test_gone_stops_a_source_until_somebody_asks(server: Server, house: Open, clock: Clock) -> None:
    urls = {"a": server.answers("/a", Reply(status=410))}
    service = house(**urls)
    assert cycle(service) == ["error"]
    clock.now += 30 * DAY
    service = house(**urls)
    assert (due(service), cycle(service)) == ([], ["gone (410)"])
    assert len(server.requests) == 1
    assert cycle(service, named=True) == ["error"]
    assert len(server.requests) == 2
    service.store.sources.resume("a")
    assert due(service) == ["a"]
    assert cycle(service) == ["error"]
    server.answers("/neu", Reply(body=rss(1), headers=XML))
    service = house(a=server.url("/neu"))
    assert (due(service), cycle(service)) == (["a"], ["ok"])
    assert not service.store.sources.state("a").gone


def test_a_paused_source_is_asked_by_name_only(server: Server, house: Open, clock: Clock) -> None:
    service = house(a=server.answers("/a", Reply(body=rss(1), headers=XML)))
    service.store.sources.pause("a")
    assert (due(service), cycle(service)) == ([], ["paused"])
    assert server.requests == []
    assert cycle(service, named=True) == ["ok"]
    assert (due(service), cycle(service)) == ([], ["paused"])


ASK = """
import sys
from pathlib import Path
from syndicate.config import load
from syndicate.app import App
from syndicate.model import Poll
with App(load(Path(sys.argv[1]))) as service:
    print(service.run(Poll(None, ("a",), "named")))
"""


@pytest.mark.sqlite
def test_one_request_in_flight_over_all_processes(server: Server, house: Open) -> None:
    service = house(a=server.answers("/a", Reply(body=rss(1), headers=XML, delay=3)))
    asking = threading.Thread(target=ask, args=(service, "a"))
    asking.start()
    until(lambda: server.requests)
    assert ask(service, "a").skipped == "is being asked by another process"
    assert due(service) == []
    command = [sys.executable, "-c", ASK, str(service.plan.path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "is being asked by another process" in said
    asking.join()
    assert (len(server.requests), server.busiest) == (1, 1)


@pytest.mark.sqlite
def test_a_kill_while_it_is_asked_makes_nobody_hammer_it(server: Server, house: Open, clock: Clock) -> None:
    """Whatever dies of a source comes back a minute later, and after that at its interval."""
    urls = {"a": server.answers("/a", Reply(body=rss(1), headers=XML, delay=600))}
    command = [sys.executable, "-c", ASK, str(house(**urls).plan.path)]
    waits = []
    for n in range(3):
        process = subprocess.Popen(command)
        until(lambda n=n: len(server.requests) > n)
        process.kill()
        process.wait()
        state = house(**urls).store.sources.state("a")
        assert state.next_poll
        assert state.last_attempt
        waits.append((state.next_poll - state.last_attempt) / timedelta(minutes=1))
    assert waits == [1, 60, 60]


def test_many_overdue_sources_come_a_few_at_a_time(server: Server, house: Open) -> None:
    go = threading.Event()
    with Server() as other:
        held = Reply(body=rss(1), headers=XML, after=go)
        urls = {f"s{n:02}": server.answers(f"/s{n:02}", held) for n in range(6)}
        for n in range(2):  # of another name, too: a client has so many places for each
            other.answers(f"/t{n}", Reply(body=rss(9), headers=XML))
            urls[f"t{n}"] = other.url(f"/t{n}", host="localhost")
        schedule = Schedule(house(**urls))
        schedule.start()
        try:
            until(lambda: len(server.requests) >= 2 and len(other.requests) >= 2)
            assert {request.path for request in server.requests} == {"/s00", "/s01"}
            go.set()
            until(lambda: len(server.requests) >= 6)
        finally:
            go.set()
            assert schedule.stop(PATIENCE)
        assert {request.path for request in server.requests} == {f"/s{n:02}" for n in range(6)}
        assert server.busiest <= 2
        assert len(other.requests) == 2


def wanting(service: App, urls: dict[str, str]) -> None:
    """Each source was asked just now, and one page of its releases is due: that at its address."""
    for name, url in urls.items():
        service.store.sources.save(
            FetchState(source=name, configured=url, last_attempt=NOW, last_success=NOW, next_poll=NOW + DAY)
        )
        release = make_release(source=name, url=f"{url}/1", headline=True, keys=(Key("id", name, "1"),))
        service.store.pages.put(QueuedPage(said=release, due=NOW))


@pytest.mark.parametrize("blocked", ["rests", "is being asked", "has just been asked", None])
def test_pages_that_may_not_be_asked_keep_no_place_of_those_that_may(
    blocked: str | None, server: Server, house: Open, clock: Clock
) -> None:
    with Server() as other:
        urls = {f"a{n:02}": server.url(f"/a{n:02}") for n in range(12)} | {"z": other.url("/z")}
        service = house(**urls)
        wanting(service, urls)
        host = urls["a00"].split("/")[2]
        delay = PageDelay(3600 if blocked == "has just been asked" else 0.2)
        service.tools = replace(service.tools, page_delay=delay)
        if blocked == "rests":
            service.store.sources.leave_alone(host, 600, NOW)
        if blocked == "has just been asked":
            with service.tools.page_delay.turn(host):
                pass
        with service.tools.page_delay.turn(host) if blocked == "is being asked" else nullcontext():
            look(service, other)
        assert [request.path for request in other.requests] == ["/robots.txt", "/z/1"]
        assert len(server.requests) <= (0 if blocked else 2)  # each second one, while there are some


def look(service: App, other: Server) -> None:
    """Let the schedule run until that server is asked."""
    schedule = Schedule(service)
    schedule.start()
    until(lambda: other.requests)
    assert schedule.stop(PATIENCE)


def test_what_nobody_may_ask_is_no_work(server: Server, house: Open, clock: Clock) -> None:
    urls = {name: server.url(f"/{name}") for name in ("a", "b", "c")}
    service = house(**urls)
    wanting(service, urls | {"nicht-mehr-da": server.url("/x")})
    host = server.url("").split("/")[2]
    assert [(job.host, job.source) for job in service.pages_due()] == [(host, "a"), (host, "b"), (host, "c")]
    without = replace(service.plan.sources[0], fulltext=False)
    off = replace(service.plan.sources[1], enabled=False)
    service.plan = replace(service.plan, sources=(without, off, service.plan.sources[2]))
    assert [job.source for job in service.pages_due()] == ["c"]
    with service.tools.page_delay.turn(host):
        assert [*service.pages_due()] == []
    service.store.sources.pause("c")
    assert [*service.pages_due()] == []


def test_the_end_waits_for_what_is_under_way_alone(server: Server, house: Open, clock: Clock) -> None:
    urls = {f"s{n:02}": server.answers(f"/s{n:02}", Reply(body=rss(n), headers=XML, delay=0.3)) for n in range(12)}
    service = house(**urls)
    schedule = Schedule(service)
    for source in service.plan.sources:
        service.store.sources.pause(source.id)
    schedule.start()
    for source in service.plan.sources:
        service.store.sources.resume(source.id)
        schedule.submit(Poll(None, (source.id,), "each"), again=True)
    until(lambda: server.requests)
    assert schedule.stop(PATIENCE)
    assert len(server.requests) <= 8
    schedule.submit(Poll(None, (service.plan.sources[0].id,), "each"), again=True)  # nor does anything begin after it


def test_a_clock_that_was_ahead_sends_nobody_away(server: Server, house: Open, clock: Clock) -> None:
    service = house(a=server.answers("/a", Reply(body=rss(1), headers=XML)))
    clock.now = NOW + 3650 * DAY
    server.answers("/a", Reply(status=429, headers={"Retry-After": "3600"}))
    assert cycle(service) == ["error"]
    clock.now = NOW
    assert due(service) == ["a"]
    server.answers("/a", Reply(status=429, headers={"Retry-After": "60"}))
    assert cycle(service) == ["error"]
    assert cycle(service) == ["waits"]
    clock.now += timedelta(seconds=65)
    server.answers("/a", Reply(body=rss(1), headers=XML))
    assert cycle(service) == ["ok"]


def test_what_is_asked_each_second_brings_its_changes_within_a_few(server: Server, house: Open) -> None:
    url = server.answers("/a", Reply(body=rss(1), headers=XML))
    service = house(a=url)
    quick = replace(service.plan.sources[0], interval=timedelta(seconds=1))
    service.plan = replace(service.plan, sources=(quick,))
    schedule = Schedule(service)
    schedule.start()
    try:
        for count in (1, 2):
            server.answers("/a", Reply(body=rss(*range(count)), headers=XML))
            until(lambda count=count: sum(service.store.releases.counts().values()) == count)
    finally:
        assert schedule.stop(PATIENCE)


def test_no_secret_is_told(server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """User, password, token and header: in no log, error, feed or page, nor with what is kept of the bytes."""
    world = World(tmp_path)
    secret = server.url("/rss?token=geheim").replace("//", "//presse:geheim@")
    source = Source(
        id="portal", url=secret, allow_private=True, tag=SITE.tag, headers=(("Authorization", "Bearer geheim"),)
    )
    server.answers("/rss", Reply(body=rss(1), headers=XML), Reply(status=500), Reply(body=b"", headers=XML))
    world.poll(NOW, source)
    assert server.requests[0].headers["Authorization"] == "Bearer geheim"
    for fails in (FetchError, ParseError):
        with pytest.raises(fails) as caught:
            world.poll(NOW + HOUR, source)
        assert "geheim" not in str(caught.value)
    assert "geheim" not in (world.store.sources.state("portal").error or "")
    world.publish()
    assert not [path for path, body in world.bytes().items() if b"geheim" in body]
    (release,) = world.store.releases.list()
    assert "geheim" not in json.dumps(repr(release))
    rows = world.store._connection.execute("SELECT url FROM capture").fetchall()
    assert "geheim" not in str(rows)
    world.close()
    assert "geheim" not in "".join(capfd.readouterr())

"""robots.txt is obeyed where pages and the past are asked: at real servers, with the clock handed in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from portals import EICHEN, TEXT, Portal, entry, feed, html, listing, page, rss
from servers import Reply, Server
from syndicate.client import PageDelay
from syndicate.fulltext import backfill, pages_of
from syndicate.polling import RobotsState, robots
from worlds import NOW

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OTHER = "Werkstattpreis geht nach Erlenstadt"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def portal(tmp_path: Path, server: Server) -> Iterator[Portal]:
    """Two releases, of which nobody has read the page."""
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/presse/1")), entry(OTHER, server.url("/intern/2")))))
    server.answers("/presse/1", html(page()))
    server.answers("/intern/2", html(page(OTHER, *(f"{text} Preis." for text in TEXT[::-1]), kicker="Handwerk")))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        yield portal


def text(body: str, status: int = 200) -> Reply:
    return Reply(status=status, body=body.encode(), headers={"Content-Type": "text/plain"})


def pages(portal: Portal, now: datetime = NOW) -> list[str]:
    """The pages that are asked at this moment, and the robots.txt before them."""
    before = len(portal.server.requests)
    portal.complete_all(now)
    return [request.path for request in portal.server.requests[before:]]


# --- what is forbidden ------------------------------------------------------------------------------------------------


def test_what_it_forbids_is_not_asked_and_what_the_feed_says_stays(portal: Portal, server: Server) -> None:
    server.answers("/robots.txt", text("User-agent: *\nDisallow: /intern/\n"), text(""))
    assert pages(portal) == ["/robots.txt", "/presse/1"]
    found = {release.title: release for release in portal.store.releases.list()}
    assert {title: (r.state, bool(r.content)) for title, r in found.items()} == {
        EICHEN: ("public", True),
        OTHER: ("public", False),
    }
    # It is told, by status …
    told = f"{server.url('/intern/2')}: its robots.txt forbids it (Disallow: /intern/)"
    assert portal.store.pages.counted("portal").failures == ((server.url("/intern/2"), told),)
    # … and by `why`.
    assert [row.error for row in pages_of(portal.store, found[OTHER])] == [told]
    # A day later it may be another: the robots.txt is asked again, and then the page.
    assert pages(portal, NOW + 23 * H) == ["/presse/1"]  # the look of an hour, with the robots.txt as it was
    assert pages(portal, NOW + D) == ["/robots.txt", "/intern/2", "/presse/1"]
    assert portal.events(OTHER) == ["new", "completed"]


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ("User-agent: *\nDisallow: /\n", []),
        ("User-agent: syndicate\nDisallow: /\n\nUser-agent: *\nAllow: /\n", []),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Syndicate\nAllow: /presse/\nDisallow: /\n", ["/presse/1"]),
        ("User-agent: *\nDisallow: /*/2$\n", ["/presse/1"]),
        ("User-agent: anders\nDisallow: /\n", ["/intern/2", "/presse/1"]),
        ("<!DOCTYPE html><title>Start</title>", ["/intern/2", "/presse/1"]),
    ],
)
def test_who_is_meant_and_what(portal: Portal, server: Server, body: str, asked: list[str]) -> None:
    server.answers("/robots.txt", text(body))
    assert pages(portal) == ["/robots.txt", *asked]


def test_an_operator_may_ignore_it(portal: Portal, server: Server) -> None:
    server.answers("/robots.txt", text("User-agent: *\nDisallow: /\n"))
    portal.source = replace(portal.source, robots="ignore")
    assert pages(portal) == ["/intern/2", "/presse/1"]


def test_polls_do_not_ask_for_it(portal: Portal) -> None:
    assert [request.path for request in portal.server.requests] == ["/feed"]


def test_a_name_of_ones_own_is_the_one_that_is_meant(portal: Portal, server: Server) -> None:
    server.answers("/robots.txt", text("User-agent: Amtsbote\nDisallow: /\n"))
    portal.source = replace(portal.source, headers=(("User-Agent", "Amtsbote/2.0"),))
    assert pages(portal) == ["/robots.txt"]


def test_each_hop_is_judged_by_its_own_servers(portal: Portal, server: Server) -> None:
    with Server() as other:
        other.answers("/robots.txt", text("User-agent: *\nDisallow: /\n"))
        there = other.url("/2")
        server.answers("/robots.txt", text("User-agent: *\nDisallow: /geheim/\n"))
        server.answers("/presse/1", Reply(status=302, headers={"Location": "/geheim/1"}))
        server.answers("/intern/2", Reply(status=302, headers={"Location": there.replace("127.0.0.1", "localhost")}))
        done = {page.url: page.error or "" for page in portal.complete_all()}
        assert "redirected to" in done[server.url("/presse/1")]
        assert "forbids it (Disallow: /geheim/)" in done[server.url("/presse/1")]
        assert other.requests == []  # a private host: its robots.txt is asked as its pages are
        assert "/geheim/1" not in portal.asked()


# --- what is answered -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_none_that_may_be_had_forbids_nothing(portal: Portal, server: Server, status: int) -> None:
    server.answers("/robots.txt", text("User-agent: *\nDisallow: /\n", status))
    assert pages(portal) == ["/robots.txt", "/intern/2", "/presse/1"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_while_it_cannot_be_reached_nothing_is_asked_there(portal: Portal, server: Server, status: int) -> None:
    server.answers("/robots.txt", text("", status))
    assert pages(portal) == ["/robots.txt"]
    assert "robots.txt failed" in portal.store.pages.counted("portal").failures[0][1]
    assert pages(portal, NOW + 59 * M) == []
    assert pages(portal, NOW + H) == ["/robots.txt"]
    assert {row.tries for row in map(portal.store.pages.find, ["portal"], portal.store.releases.list()) if row} == {0}
    server.answers("/robots.txt", text(""))
    assert pages(portal, NOW + 2 * H) == ["/robots.txt", "/intern/2", "/presse/1"]


def test_too_many_is_a_word_for_the_whole_server(portal: Portal, server: Server) -> None:
    server.answers("/robots.txt", text("", 429), text(""))
    assert pages(portal) == ["/robots.txt"]
    assert [*portal.store.sources.resting(NOW)] == [f"127.0.0.1:{server.port}"]


def test_the_last_one_holds_while_it_cannot_be_reached(portal: Portal, server: Server) -> None:
    server.answers("/robots.txt", text("User-agent: *\nDisallow: /intern/\n"), text("", 500))
    pages(portal)
    for days in (1, 8, 40):
        assert pages(portal, NOW + days * D) == ["/robots.txt", "/presse/1"]


def test_five_redirects_are_followed_and_with_more_there_is_none(portal: Portal, server: Server) -> None:
    for n in range(6):
        server.answers(f"/r{n}", Reply(status=301, headers={"Location": f"/r{n + 1}"}))
    server.answers("/robots.txt", Reply(status=301, headers={"Location": "/r2"}))
    server.answers("/r6", text("User-agent: *\nDisallow: /intern/\n"))
    assert pages(portal)[-2:] == ["/r6", "/presse/1"]
    server.answers("/robots.txt", Reply(status=301, headers={"Location": "/r0"}))
    assert pages(portal, NOW + D)[-2:] == ["/intern/2", "/presse/1"]


HOST = "https://amt.example"


@pytest.mark.parametrize(
    ("state", "again", "rules"),  # when it is asked again, and what holds meanwhile
    [
        (None, None, None),
        (RobotsState(HOST, NOW, b"x"), NOW + D, b"x"),
        (RobotsState(HOST, NOW - 23 * H, b"x"), NOW + H, b"x"),
        (RobotsState(HOST, NOW - D, b"x"), None, b"x"),
        (RobotsState(HOST, NOW, b""), NOW + D, b""),
        (RobotsState(HOST, NOW, None, NOW), NOW + H, None),
        (RobotsState(HOST, NOW - H, None, NOW - H), None, None),
        (RobotsState(HOST, NOW, None, NOW - 29 * D), NOW + H, None),
        (RobotsState(HOST, NOW, None, NOW - 30 * D), NOW + H, b""),
        (RobotsState(HOST, NOW, b"x", NOW - 90 * D), NOW + H, b"x"),
        (RobotsState(HOST, NOW + 9 * D, b"x"), None, b"x"),  # a clock that was ahead
    ],
)
def test_what_it_is_worth(state: RobotsState | None, again: datetime | None, rules: bytes | None) -> None:
    assert robots.ask_again(state, NOW) == again
    assert state is None or robots.rules_of(state, NOW) == rules


# --- how slowly -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "pause"),
    [
        ("User-agent: *\nCrawl-delay: 7\n", 7.0),
        ("User-agent: *\nCrawl-delay: 86400\n", 60.0),
        ("User-agent: *\nCrawl-delay: 1\n", 2.0),  # no less than the operator's own
        ("User-agent: *\nDisallow:\n", 2.0),
    ],
)
def test_a_crawl_delay_is_kept_to(portal: Portal, server: Server, body: str, pause: float) -> None:
    at = [100.0]

    def sleep(seconds: float) -> None:
        at[0] += seconds

    server.answers("/robots.txt", text(body))
    portal.page_delay = PageDelay(2, clock=lambda: at[0], sleep=sleep)
    seen: list[float] = []
    portal.complete_all(tell=lambda _: seen.append(at[0]))
    assert seen == [100.0, 100.0 + pause]


# --- the past ---------------------------------------------------------------------------------------------------------


def test_a_backfill_says_what_is_forbidden_and_keeps_the_headline(tmp_path: Path, server: Server) -> None:
    server.answers("/robots.txt", text("User-agent: *\nDisallow: /intern/\nDisallow: /liste?seite=2\n"))
    server.answers("/liste", html(listing([(EICHEN, "/presse/1"), (OTHER, "/intern/2")], older="/liste?seite=2")))
    server.answers("/presse/1", html(page()))
    with Portal(tmp_path, server, path="/liste", format="html", fulltext=None) as portal:
        done = backfill(portal.source, 9, portal.work())
        (step,) = done.steps
        assert [(refused.where, "robots.txt forbids it" in refused.reason) for refused in step.refused] == [
            (server.url("/intern/2"), True)
        ]
        assert "its robots.txt forbids it (Disallow: /liste?seite=2)" in (done.error or "")
        assert done.next == server.url("/liste?seite=2")
        assert {r.title: r.state for r in portal.store.releases.list()} == {EICHEN: "public", OTHER: "headline"}
        assert portal.asked() == ["/liste", "/presse/1"]

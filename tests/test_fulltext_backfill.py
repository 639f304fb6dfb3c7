"""The past of a source: lists and feeds of several pages, at a real server."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli_site import Process, Site
from portals import TEXT, Portal, entry, feed, html, listing, page, rss
from servers import Reply, Server
from syndicate.app import AtTimes
from syndicate.client import PageDelay
from syndicate.fulltext import backfill
from syndicate.model import Asked, Backfilled, Event, Step
from waiting import until
from worlds import NOW

TITLES = [
    "Neue Eichen für den Bergwald",
    "Schule in Erlenstadt eröffnet",
    "Brücke in Brunnau gesperrt",
    "Werkstattpreis geht nach Lindenau",
    "Radweg am Hohen Stein fertig",
    "Notaufnahme in Hohenried erweitert",
]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def paged(server: Server, titles: list[str] = TITLES, size: int = 2) -> None:
    """A list at /liste, so many headlines on a page, and a page for each release at /m1 (the last), /m2, …"""
    oldest_first = {title: f"/m{n}" for n, title in enumerate(reversed(titles), 1)}
    for title, link in oldest_first.items():
        server.answers(link, html(page(title)))
    for number, start in enumerate(range(0, len(titles), size)):
        path = f"/liste?seite={number}" if number else "/liste"
        older = f"/liste?seite={number + 1}" if start + size < len(titles) else None
        shown = [(title, oldest_first[title]) for title in titles[start : start + size]]
        server.answers(path, html(listing(shown, older=older)))


class Past(Portal):
    """A portal whose source is a list; `walk_back` is one call."""

    def __init__(self, root: Path, server: Server, **fields: Any) -> None:
        super().__init__(root, server, **{"path": "/liste", "format": "html", "fulltext": None, **fields})

    def walk_back(
        self,
        pages: int = 9,
        *,
        now: datetime = LATER,
        restart: bool = False,
        tell: Callable[[Event], object] = lambda _: None,
    ) -> Backfilled:
        return backfill(self.source, pages, self.work(now, tell=tell), restart=restart)

    @property
    def titles(self) -> list[str]:
        return sorted(release.title for release in self.store.releases.list())

    def past(self) -> list[str]:
        """The titles of the archive pages that the walk from the head finds, the newest first."""
        known = {release.atom_id: release.title for release in self.store.releases.list()}
        return [known[i] for path, ids in self.walk() if path != "all.atom" for i in ids]


def ends(done: Backfilled) -> tuple[int, int, bool, str | None]:
    return len(done.steps), sum(step.new for step in done.steps), done.next is None, done.error


def test_the_past_fills_archive_pages_and_no_head(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server, page_size=2) as portal:
        portal.poll()
        portal.complete_all()
        portal.publish()
        heads = {path: body for path, body in portal.bytes().items() if path in ("all.rss", "forst.rss")}

        done = portal.walk_back()
        portal.publish(LATER)

        assert ends(done) == (3, 4, True, None)
        assert [(step.number, step.new, step.known) for step in done.steps] == [(1, 0, 2), (2, 2, 0), (3, 2, 0)]
        assert portal.entries() == TITLES[:2]
        # That there is more than the head, it says from now on; nothing else.
        whole = re.compile(rb"\s*<fh:complete/>| xmlns:fh=\"[^\"]*\"")
        assert {path: whole.sub(b"", portal.bytes()[path]) for path in heads} == {
            path: whole.sub(b"", body) for path, body in heads.items()
        }
        assert portal.past() == TITLES[2:]
        assert {release.state for release in portal.store.releases.list()} == {"public"}
        assert all("Bergwald schützt" in release.content for release in portal.store.releases.list())


def test_a_source_that_was_never_polled_has_only_a_past(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        assert ends(portal.walk_back()) == (3, 6, True, None)
        portal.publish(LATER)
        assert portal.entries() == []
        assert portal.past() == TITLES
        assert {change.verdict for change in portal.poll(LATER).changes} == {"unchanged"}


def test_a_second_call_goes_on_where_the_first_stopped(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        first = portal.walk_back(1)
        assert (ends(first), first.next) == ((1, 2, False, None), server.url("/liste?seite=1"))
        assert [step.number for step in portal.walk_back(1).steps] == [2]
        assert ends(portal.walk_back(5)) == (1, 2, True, None)
        assert portal.titles == sorted(TITLES)
        assert portal.asked("/liste") == ["/liste", "/liste?seite=1", "/liste?seite=2"]
        assert ends(portal.walk_back()) == (0, 0, True, None)
        assert len(portal.asked()) == 3 + 6


def test_a_restart_begins_again_and_brings_nothing_twice(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        portal.walk_back()
        last = [(TITLES[4], "/m2"), (TITLES[5], "/m1")]
        server.answers("/liste?seite=2", html(listing(last, older="/liste?seite=3")))
        server.answers("/liste?seite=3", html(listing([(TITLES[5], "/m1"), ("Archiv in Hohenried geöffnet", "/m9")])))
        server.answers("/m9", html(page("Archiv in Hohenried geöffnet")))
        assert [step.new for step in portal.walk_back(restart=True).steps] == [0, 0, 0, 1]


def test_a_call_that_was_killed_has_recorded_whole_pages_only(tmp_path: Path, server: Server) -> None:
    def on_page(done: Asked | Step) -> None:
        if done.url == server.url("/m3"):  # the first release of the second page
            raise KeyboardInterrupt

    paged(server)
    with Past(tmp_path, server) as portal:
        with pytest.raises(KeyboardInterrupt):
            portal.walk_back(tell=lambda done: on_page(done))
        assert portal.titles == sorted(TITLES[:2])
        assert portal.store.pages.counted("portal").read == 4  # those of the second list page are kept
        assert [step.number for step in portal.walk_back().steps] == [2, 3]
        assert portal.titles == sorted(TITLES)


def test_a_page_that_fails_keeps_what_was_walked(tmp_path: Path, server: Server) -> None:
    paged(server)
    server.answers("/liste?seite=1", Reply(status=500), html(b"<html><body>Wartung</body></html>"))
    with Past(tmp_path, server) as portal:
        for reason in ("answered 500", "maintenance page"):
            done = portal.walk_back()
            assert (done.next, reason in (done.error or "")) == (server.url("/liste?seite=1"), True)
        assert portal.titles == sorted(TITLES[:2])
        paged(server)
        assert ends(portal.walk_back()) == (2, 4, True, None)


def test_a_host_that_asks_for_patience_is_not_asked_by_the_next_call(tmp_path: Path, server: Server) -> None:
    paged(server)
    server.answers("/liste?seite=1", Reply(status=503, headers={"Retry-After": "60"}))
    with Past(tmp_path, server) as portal:
        assert "answered 503" in (portal.walk_back().error or "")
        assert "left alone" in (portal.walk_back().error or "")
        assert portal.asked("/liste?") == ["/liste?seite=1"]


def test_a_host_that_asks_for_patience_is_not_asked_for_the_next_page(tmp_path: Path, server: Server) -> None:
    paged(server)
    server.answers("/m5", Reply(status=429, headers={"Retry-After": "60"}), html(page(TITLES[1])))
    with Past(tmp_path, server) as portal:
        done = portal.walk_back()
        assert (ends(done)[:3], "answered 429" in (done.error or "")) == ((1, 2, False), True)
        assert "left alone" in (portal.walk_back().error or "")
        assert portal.asked() == ["/liste", "/m6", "/m5"]
        later = LATER + timedelta(seconds=90)
        assert ends(portal.walk_back(now=later)) == (2, 4, True, None)
        portal.complete_all(later + timedelta(minutes=15))
        assert all("Bergwald schützt" in release.content for release in portal.store.releases.list())


def test_a_host_that_asks_for_patience_gets_it_for_the_rest_of_the_page(tmp_path: Path, server: Server) -> None:
    paged(server, size=6)
    server.answers("/m5", Reply(status=429, headers={"Retry-After": "60"}), html(page(TITLES[1])))
    with Past(tmp_path, server) as portal:
        assert ends(portal.walk_back()) == (1, 6, True, None)
        assert portal.asked("/m") == ["/m6", "/m5"]
        portal.complete_all(LATER + timedelta(hours=1))
        portal.publish(LATER + timedelta(hours=1))
        assert (portal.entries(), portal.past()) == ([], TITLES)
        assert sorted(portal.asked("/m")) == sorted(["/m5", *(f"/m{n}" for n in range(1, 7))])


def test_what_a_poll_has_brought_to_the_head_is_corrected_there(tmp_path: Path, server: Server) -> None:
    paged(server)
    old, hour = TITLES[5], timedelta(hours=1)

    def polled(*entries: tuple[str, str], teaser: str, now: timedelta) -> None:
        body = listing(entries).replace(b"<h3>", f'<p class="teaser">{teaser}</p><h3>'.encode(), 1)
        server.answers("/liste", html(body))
        portal.poll(LATER + now)

    with Past(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        portal.walk_back()
        polled((old, "/m1"), (TITLES[0], "/m6"), (TITLES[1], "/m5"), teaser="Neu gefasst.", now=hour)
        server.answers("/m1", html(page(old, "Die Notaufnahme wird im Winter fertig und kostet mehr.", *TEXT)))
        (done,) = (page for page in portal.complete_all(LATER + 2 * hour) if page.changes.changes)
        assert (done.changes.count("corrected"), done.changes.backfill) == (1, False)


@pytest.mark.parametrize("fulltext", [True, False])
def test_one_id_on_several_entries_is_none_in_the_past_too(tmp_path: Path, server: Server, fulltext: bool) -> None:
    pages = {title: server.url(f"/m{n}") for n, title in enumerate(TITLES)}
    for n, title in enumerate(TITLES):
        server.answers(f"/m{n}", html(page(title, f"{title}: das wurde heute in Brunnau bekannt.", *TEXT)))
    server.answers("/feed", rss(feed(*(entry(title, url, f"Zu {title}.", guid="x") for title, url in pages.items()))))
    with Past(tmp_path, server, url=server.url("/feed"), format="auto", fulltext=fulltext) as portal:
        portal.walk_back()
        portal.poll(LATER)
        portal.complete_all(LATER)
        assert portal.titles == sorted(TITLES)
        found = portal.store.releases.list()
        assert [r.title for r in found if fulltext and r.title not in r.content] == []
        assert all((row := portal.store.pages.find("portal", r)) is None or len(row.said.keys) == 2 for r in found)


def test_another_address_of_the_source_has_a_past_of_its_own(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        portal.walk_back(1)
        server.answers("/andere", html(listing([("Archiv in Hohenried geöffnet", "/m9"), (TITLES[5], "/m1")])))
        portal.source = replace(portal.source, url=server.url("/andere"))
        portal.walk_back(1)
        assert portal.asked("/liste") + portal.asked("/andere") == ["/liste", "/andere"]


def test_an_operators_own_accept_is_the_lists(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server, headers=(("accept", "text/x-own"),)) as portal:
        portal.walk_back(1)
    assert [r.headers.get_all("accept") for r in server.requests if r.path == "/liste"] == [["text/x-own"]]


def test_a_release_whose_page_fails_costs_no_other_and_is_completed_in_the_past(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        server.answers("/m3", Reply(status=500), html(page(TITLES[3])))
        done = portal.walk_back()
        portal.publish(LATER)
        refused = [(where.where, where.reason) for step in done.steps for where in step.refused]
        assert refused == [(server.url("/m3"), f"{server.url('/m3')} answered 500 Internal Server Error")]
        assert ends(done) == (3, 4, True, None)
        assert portal.past() == TITLES[2:]
        assert portal.events(TITLES[3]) == ["new"]

        portal.complete_all(LATER + timedelta(hours=1))
        portal.publish(LATER + timedelta(hours=1))
        assert portal.events(TITLES[3]) == ["new", "completed"]
        assert (portal.entries(), portal.past()) == (TITLES[:2], TITLES[2:])


def test_without_headlines_only_what_was_read_is_recorded(tmp_path: Path, server: Server) -> None:
    paged(server)
    server.answers("/m3", Reply(status=404))
    with Past(tmp_path, server, headlines=False) as portal:
        portal.walk_back()
        assert portal.titles == sorted({*TITLES} - {TITLES[3]})
        portal.walk_back(restart=True)
        assert portal.asked("/m3") == ["/m3"]


def test_without_full_text_the_list_is_all_there_is(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server, fulltext=False) as portal:
        assert ends(portal.walk_back()) == (3, 6, True, None)
        assert portal.asked("/m") == []


def test_an_embargo_in_the_past_holds(tmp_path: Path, server: Server) -> None:
    paged(server)
    held = page(TITLES[5], before="<p>Sperrfrist: Redebeginn</p>")
    server.answers("/m1", html(held))
    with Past(tmp_path, server) as portal:
        portal.walk_back()
        portal.publish(LATER)
        assert portal.past() == TITLES[:5]
        assert TITLES[5].encode() not in b"".join(portal.bytes().values())


# --- what moves meanwhile ---------------------------------------------------------------------------------------------


def test_releases_that_arrive_meanwhile_are_news(tmp_path: Path, server: Server) -> None:
    news = ["Ganz neue Meldung aus Brunnau", "Kläranlage in Lindenau eingeweiht"]
    paged(server)
    with Past(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        portal.walk_back(1)
        paged(server, [*news, *TITLES])  # every page of the list moves by one
        portal.poll(LATER)
        portal.complete_all(LATER)
        portal.walk_back()
        portal.publish(LATER)
        assert portal.entries() == [*news, *TITLES[:2]]
        assert portal.past() == TITLES[2:]


def test_what_is_newer_than_all_that_is_known_is_the_next_polls(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        paged(server, ["Ganz neue Meldung aus Brunnau", *TITLES], size=4)
        portal.walk_back()
        assert portal.titles == sorted(TITLES)
        portal.poll(LATER)
        portal.complete_all(LATER)
        portal.publish(LATER)
        assert portal.entries()[0] == "Ganz neue Meldung aus Brunnau"


def test_what_a_poll_brings_while_its_page_is_read_is_there_once(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:

        def on_page(done: Asked | Step) -> None:
            if done.url == server.url("/m5") and not portal.store.releases.list():
                portal.poll(LATER)

        done = portal.walk_back(tell=on_page)
        portal.publish(LATER)
        assert [step.new for step in done.steps] == [0, 2, 2]
        assert portal.events(TITLES[0]) == ["new"]  # the poll's, and so are their pages
        assert portal.entries() == TITLES[:2]
        assert portal.past() == TITLES[2:]


def test_two_at_once_do_not_walk_over_each_other(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        other: list[Backfilled] = []

        def on_page(done: Asked | Step) -> None:
            if not other:
                other.append(Backfilled(source=""))
                other.append(portal.walk_back())

        done = portal.walk_back(tell=on_page)
        assert "another backfill" in (done.error or "")
        assert ends(other[1]) == (3, 6, True, None)
        assert portal.titles == sorted(TITLES)


@pytest.mark.parametrize("older", ["/liste", "/liste?seite=2", "/liste?seite=1#oben"])
def test_a_list_that_leads_back_ends(tmp_path: Path, server: Server, older: str) -> None:
    paged(server)
    server.answers("/liste?seite=2", html(listing([(TITLES[4], "/m2"), (TITLES[5], "/m1")], older=older)))
    with Past(tmp_path, server) as portal:
        assert ends(portal.walk_back(50)) == (3, 6, True, None)


def test_a_list_that_shows_its_last_page_for_ever_ends(tmp_path: Path, server: Server) -> None:
    paged(server)
    for n in range(2, 9):
        shown = [(TITLES[4], "/m2"), (TITLES[5], "/m1")]
        server.answers(f"/liste?seite={n}", html(listing(shown, older=f"/liste?seite={n + 1}")))
    with Past(tmp_path, server) as portal:
        assert ends(portal.walk_back(50)) == (5, 6, True, None)


# --- feeds ------------------------------------------------------------------------------------------------------------


def rss_pages(server: Server) -> None:
    """RFC 5005 section 4: /feed with a previous archive."""
    for number, start in enumerate(range(0, 6, 2)):
        path = f"/feed?alt={number}" if number else "/feed"
        older = f'<atom:link rel="prev-archive" href="/feed?alt={number + 1}"/>' if start < 4 else ""
        entries = (entry(title, server.url(f"/m{TITLES.index(title)}")) for title in TITLES[start : start + 2])
        server.answers(path, rss(feed(*entries, links=older)))


def json_pages(server: Server) -> None:
    for number, start in enumerate(range(0, 6, 2)):
        path = f"/feed?alt={number}" if number else "/feed"
        items = [{"id": t, "url": server.url(f"/m{TITLES.index(t)}"), "title": t} for t in TITLES[start : start + 2]]
        body = {"version": "https://jsonfeed.org/version/1.1", "title": "Talland", "items": items}
        body |= {"next_url": server.url(f"/feed?alt={number + 1}")} if start < 4 else {}
        reply = Reply(body=json.dumps(body).encode(), headers={"Content-Type": "application/feed+json"})
        server.answers(path, reply)


@pytest.mark.parametrize("pages", [rss_pages, json_pages])
def test_a_feed_has_a_past_too(tmp_path: Path, server: Server, pages: Callable[[Server], None]) -> None:
    pages(server)
    with Past(tmp_path, server, url=server.url("/feed"), format="auto") as portal:
        portal.poll()
        assert ends(portal.walk_back()) == (3, 4, True, None)
        portal.publish(LATER)
        assert (portal.entries(), portal.past()) == (TITLES[:2], TITLES[2:])
        assert portal.asked("/m") == []


def test_a_teaser_feeds_past_is_completed_from_its_pages(tmp_path: Path, server: Server) -> None:
    rss_pages(server)
    for n, title in enumerate(TITLES):
        server.answers(f"/m{n}", html(page(title)))
    with Past(tmp_path, server, url=server.url("/feed"), format="auto", fulltext=True) as portal:
        portal.walk_back()
        assert all("Bergwald schützt" in release.content for release in portal.store.releases.list())
        assert {event for title in TITLES for event in portal.events(title)} == {"new"}


def test_a_source_without_older_pages_says_so_at_once(tmp_path: Path, server: Server) -> None:
    server.answers("/feed", rss(feed(entry(TITLES[0], server.url("/m1")))))
    with Past(tmp_path, server, url=server.url("/feed"), format="auto") as portal:
        assert ends(portal.walk_back()) == (1, 1, True, None)


def test_it_is_slow(tmp_path: Path, server: Server) -> None:
    paged(server)
    at = [100.0]
    seen: list[tuple[str, float]] = []

    def sleep(seconds: float) -> None:
        at[0] += seconds

    with Past(tmp_path, server) as portal:
        portal.page_delay = PageDelay(7, clock=lambda: at[0], sleep=sleep)
        portal.walk_back(1, tell=lambda done: seen.append((str(getattr(done, "url", done)), at[0])))
    assert seen == [(server.url("/m6"), 107.0), (server.url("/m5"), 114.0), (server.url("/liste"), 114.0)]


# --- the command ------------------------------------------------------------------------------------------------------


def site(folder: Path, server: Server, delay: str = "0s") -> Site:
    source = f'[[source]]\nid = "portal"\nurl = "{server.url("/liste")}"\nformat = "html"\nallow_private = true\n'
    folder.mkdir(exist_ok=True)
    return Site(folder, sources=f'{source}[[source]]\nid = "amt"\npath = "releases"\n[fetch]\npage_delay = "{delay}"\n')


def test_the_command_tells_what_it_brought(tmp_path: Path, server: Server) -> None:
    paged(server)
    made = site(tmp_path, server)
    first = made.run("sources", "backfill", "portal", "--pages", "2", "--json")
    # What the list shows today is no past: it was polled first, and stands in the heads.
    assert [(page["new"], page["known"]) for page in first.json["pages"]] == [(0, 2), (2, 0)]
    assert (first.code, first.json["new"], first.json["done"]) == (0, 2, False)
    assert first.json["next"] == server.url("/liste?seite=2")
    assert "all/1.atom" in first.json["published"] or any("/" in path for path in first.json["published"])
    second = made.run("sources", "backfill", "portal", "--pages", "2")
    assert (second.code, "Page 3: 2 releases" in second.out, "old end" in second.out) == (0, True, True)
    assert second.err == ""
    assert len(made.run("releases", "list", "--json").json) == 6


def test_a_failing_page_is_said_with_status_1(tmp_path: Path, server: Server) -> None:
    paged(server)
    server.answers("/liste?seite=1", Reply(status=500))
    done = site(tmp_path, server).run("sources", "backfill", "portal", "--pages", "3")
    assert (done.code, "Page 1: 0 releases, 2 known already" in done.out) == (1, True)
    assert f"stopped at {server.url('/liste?seite=1')}" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("amt", "--pages", "1"), "is a folder"),
        (("portale", "--pages", "1"), 'did you mean "portal"?'),
        (("portal",), "--pages"),
        (("portal", "--pages", "0"), "--pages"),
    ],
)
def test_wrong_use(tmp_path: Path, server: Server, arguments: tuple[str, ...], says: str) -> None:
    done = site(tmp_path, server).run("sources", "backfill", *arguments)
    assert (done.code, says in done.err) == (2, True)


def test_ctrl_c_leaves_whole_pages_and_the_next_call_goes_on(tmp_path: Path, server: Server) -> None:
    paged(server)
    server.answers("/m3", Reply(delay=600), html(page(TITLES[3])))
    made = site(tmp_path, server)
    with Process(made, "sources", "backfill", "portal", "--pages", "9") as process:
        until(lambda: any(request.path == "/m3" for request in server.requests) or not process.running)
        assert process.running
        assert process.ends(signal.SIGINT) == 130
    server.answers("/m3", html(page(TITLES[3])))
    done = made.run("sources", "backfill", "portal", "--pages", "9", "--json")
    assert [step["number"] for step in done.json["pages"]] == [2, 3]
    asked = [request.path for request in server.requests]
    assert [asked.count(f"/m{n}") for n in (4, 3, 2, 1)] == [1, 2, 1, 1]  # what was read before was kept
    assert sorted(r["title"] for r in made.run("releases", "list", "--json").json) == sorted(TITLES)


def test_what_was_read_is_kept_before_its_list_page_is_recorded(tmp_path: Path, server: Server) -> None:
    paged(server)
    with Past(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()

        class KilledError(Exception):
            """As a kill would end it."""

        def on_page(done: object) -> None:
            if getattr(done, "url", "").endswith("/m3"):
                raise KilledError

        before = portal.titles
        with pytest.raises(KilledError):
            portal.walk_back(tell=on_page)
        assert portal.titles == before
        assert portal.complete_all(LATER + timedelta(hours=3)) != ()  # looks at what is recorded, and nothing else
        assert portal.titles == before
        server.answers("/m3", Reply(status=500))
        portal.walk_back()
        asked = portal.asked("/m")
        assert [asked.count(f"/m{n}") for n in (4, 3, 2, 1)] == [1] * 4
        assert portal.titles == sorted(TITLES)
        assert all("Bergwald schützt" in r.content for r in portal.store.releases.list())
        row = portal.store.pages.find("portal", next(r for r in portal.store.releases.list() if r.title == TITLES[3]))
        assert row is not None
        assert row.hash is not None
        assert portal.store.readings.bytes(row.hash) is not None


def test_a_pipe_is_told_at_times() -> None:
    at = [0.0]
    progress = AtTimes(lambda: at[0])
    told = []
    for seconds, event in [(5, "a"), (29, "b"), (31, "c"), (40, "d"), (62, "e"), (63, None), (92, "f"), (94, "g")]:
        at[0] = float(seconds)
        told.append(progress.told(Asked(url=event) if event else Step(number=1, url="liste")))
    assert [line and line[:31] for line in told] == [
        None, None, "3 pages of releases asked so fa", None, "5 pages of releases asked so fa", None, None,
        "2 pages of releases asked so fa",
    ]  # fmt: skip

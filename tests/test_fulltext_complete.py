"""Releases completed from their own pages: at a real server, in a real store, published for real."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from builders import make_headline, make_release
from portals import EICHEN, TEASER, TEXT, Portal, entry, feed, html, listing, page, rss
from servers import Reply, Server
from syndicate.app import log
from syndicate.client import PageDelay
from syndicate.errors import ParseError
from syndicate.fetch import ACCEPT_PAGE
from syndicate.fulltext import followed
from syndicate.model import Embargo, Enclosure, Image, Key, Related, Release, Source, Topic
from syndicate.pipeline import Lift, Restore, Withdraw
from syndicate.revise import overlaid, tells_of_another
from unexpected_pages import notice
from worlds import NOW

OTHER = "Werkstattpreis geht nach Erlenstadt"
OTHER_TEXT = (
    "Die Schreinerei Lindenau gewinnt den Preis. Neun Betriebe aus allen Teilen des Landes hatten sich beworben.",
    "Übergeben wird er im Rathaus. Handwerksminister Kolb lobte die Arbeit der Lehrlinge mit alten Hölzern.",
    "Im Mai beginnt die nächste Runde. Bewerben können sich Betriebe mit weniger als zwanzig Beschäftigten.",
)
LATER = NOW + timedelta(minutes=20)
FOREST = Topic("forst", "Forst", kickers=("Forst",))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def teasers(server: Server, *titles: str, built: int = 0) -> None:
    """A feed with these entries, each with a page of its own at /1, /2, …"""
    entries = [entry(title, server.url(f"/{n}")) for n, title in enumerate(titles, 1)]
    server.answers("/feed", rss(feed(*entries, built=built)))


# --- the teaser first, then the text ----------------------------------------------------------------------------------


def test_the_teaser_is_public_at_once_and_completed_from_its_page(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.publish()
        (teaser,) = portal.store.releases.list()
        assert portal.asked() == ["/feed"]
        assert (teaser.state, teaser.teaser, teaser.content, teaser.topics) == ("public", TEASER, "", ())
        assert portal.entries() == [EICHEN]

        done = portal.read_one(LATER)
        portal.publish(LATER)
        (full,) = portal.store.releases.list()

        assert (done.error, done.changes.count("completed")) == (None, 1)
        assert (full.id, full.atom_id, full.published) == (teaser.id, teaser.atom_id, teaser.published)
        assert full.updated == LATER
        assert all(text in full.content for text in TEXT)
        assert (full.teaser, full.kicker, full.topics) == (TEASER, "Forst", ("forst",))
        assert portal.entries("forst") == [EICHEN]
        assert portal.events() == ["new", "completed"]
        assert b"orrig" not in b"".join(portal.bytes().values())
        assert portal.complete(LATER) is None
        assert portal.asked() == ["/feed", "/1"]


def test_a_short_notice_is_no_maintenance_page_where_the_feed_has_its_headline(tmp_path: Path, server: Server) -> None:
    title = "Wartungsarbeiten an der Schleuse"
    teasers(server, title)
    server.answers(
        "/1", html(notice(title, "Sie ruht bis zum Freitag.\nUnsere Website ist heute nicht erreichbar.").encode())
    )
    with Portal(tmp_path, server) as portal:
        portal.poll()
        assert portal.read_one(LATER).error is None
        assert "Sie ruht bis zum Freitag." in portal.store.releases.list()[0].content


def test_what_is_completed_stands_on_top_again(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN, "Schule in Erlenstadt eröffnet")
    server.answers("/1", Reply(status=500), html(page()))
    server.answers("/2", html(page("Schule in Erlenstadt eröffnet", kicker="Schule")))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        portal.publish()
        assert portal.entries() == ["Schule in Erlenstadt eröffnet", EICHEN]
        portal.complete_all(LATER)
        portal.publish(LATER)
        assert portal.entries() == [EICHEN, "Schule in Erlenstadt eröffnet"]


def test_pages_of_one_poll_keep_the_order_of_its_feed(tmp_path: Path, server: Server) -> None:
    titles = [EICHEN, "Schule in Erlenstadt eröffnet", "Brücke in Brunnau gesperrt"]
    teasers(server, *titles)
    for n, title in enumerate(titles, 1):
        server.answers(f"/{n}", html(page(title)))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        portal.publish()
        assert portal.entries() == titles
        assert portal.asked("/") == ["/feed", "/3", "/2", "/1"]


@pytest.mark.parametrize("polls", [1, 3])
def test_a_later_poll_of_the_teaser_does_not_take_the_text_back(tmp_path: Path, server: Server, polls: int) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        for n in range(polls):
            teasers(server, EICHEN, built=n + 1)
            changes = portal.poll(LATER + n * timedelta(minutes=15))
            assert {change.verdict for change in changes.changes} <= {"unchanged"}
            assert changes.count("unchanged") == 1
            assert portal.complete(LATER + n * timedelta(minutes=15)) is None
        assert TEXT[1] in portal.store.releases.list()[0].content
        assert portal.asked("/1") == ["/1"]


def test_what_was_read_stays_where_no_more_pages_are_followed(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        teasers(server, EICHEN, built=1)
        portal.poll(LATER, replace(portal.source, fulltext=False))
        assert TEXT[1] in portal.store.releases.list()[0].content


def test_a_page_is_asked_again_when_its_feed_says_something_else(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page(), ETag='"eins"'), Reply(status=304))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1"), "Es werden zweitausend Eichen."))))
        changes = portal.poll(LATER)
        assert [change.verdict for change in changes.changes] == ["corrected"]
        assert portal.complete(NOW + timedelta(minutes=59)) is None  # some lists say another word at each poll
        done = portal.read_one(NOW + timedelta(hours=1))
        (release,) = portal.store.releases.list()
        assert (done.error, portal.asked("/1")) == (None, ["/1", "/1"])
        assert server.requests[-1].headers["if-none-match"] == '"eins"'
        assert release.teaser == "Es werden zweitausend Eichen."
        assert TEXT[0] in release.content
        assert portal.complete(NOW + timedelta(hours=23)) is None


def test_another_text_on_the_page_is_a_correction(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()), html(page(EICHEN, *TEXT, "Nachtrag: Es sind zweitausend Bäume.")))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1"), "Es werden zweitausend Eichen."))))
        portal.poll(LATER)
        portal.complete(NOW + timedelta(hours=1))
        assert portal.events() == ["new", "completed", "corrected", "corrected"]


# --- which pages are followed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "links"),
    [
        ({"fulltext": False}, ("/1",)),
        ({"fulltext": None}, ("/1",)),  # a feed's: only where the operator says so
        ({}, ("/bericht.pdf",)),
        ({}, ("/feed",)),
        ({}, ("/presse", "/presse")),  # one address for several releases is nobody's page
    ],
)
def test_no_page_is_asked(tmp_path: Path, server: Server, fields: dict[str, Any], links: tuple[str, ...]) -> None:
    entries = [entry(f"Meldung Nummer {n}", server.url(link), guid=f"g{n}") for n, link in enumerate(links)]
    server.answers("/feed", rss(feed(*entries)))
    with Portal(tmp_path, server, **fields) as portal:
        portal.poll()
        assert len(portal.store.releases.list()) == len(links)
        assert portal.complete_all() == ()
        assert portal.asked() == ["/feed"]


@pytest.mark.parametrize(("fulltext", "pages"), [(None, {"c"}), (True, {"a", "c"}), (False, set())])
def test_what_a_release_names_as_related_is_no_entry(fulltext: bool | None, pages: set[str]) -> None:
    base = "https://www.talland.example/"
    full = make_release(url=f"{base}a", related=(Related("Schule eröffnet", url=f"{base}b"),))
    heads = [make_headline(url=base + name, title=name) for name in "bc"]
    source = Source(id="portal", url=f"{base}feed", fulltext=fulltext)
    assert followed(source, [full, *heads]) == {f"//talland.example/{name}" for name in pages}


@pytest.mark.parametrize("fulltext", [None, True])
def test_the_headlines_of_a_list_are_followed(tmp_path: Path, server: Server, fulltext: bool | None) -> None:
    titles = (EICHEN, "Schule in Erlenstadt eröffnet", "Brücke in Brunnau gesperrt")
    server.answers("/liste", html(listing([(title, f"/{n}") for n, title in enumerate(titles, 1)])))
    for n, title in enumerate(titles, 1):
        server.answers(f"/{n}", html(page(title)))
    with Portal(tmp_path, server, path="/liste", format="html", fulltext=fulltext) as portal:
        portal.poll()
        assert {r.state for r in portal.store.releases.list()} == {"headline"}
        portal.complete_all(LATER)
        portal.publish(LATER)
        assert {r.state for r in portal.store.releases.list()} == {"public"}
        assert portal.events() == ["new", "completed"]
        assert portal.entries() == list(titles)
        server.answers("/liste", html(listing([(title, f"/{n}") for n, title in enumerate(titles, 1)], older="/2")))
        assert {c.verdict for c in portal.poll(LATER).changes} == {"unchanged"}


def test_a_list_whose_headlines_are_not_wanted_brings_what_its_pages_say(tmp_path: Path, server: Server) -> None:
    titles = (EICHEN, "Schule in Erlenstadt eröffnet", "Brücke in Brunnau gesperrt")
    server.answers("/liste", html(listing([(title, f"/{n}") for n, title in enumerate(titles, 1)])))
    server.answers("/1", html(page()))
    with Portal(tmp_path, server, path="/liste", format="html", fulltext=None, headlines=False) as portal:
        assert portal.poll().changes == ()
        assert portal.store.releases.list() == ()
        portal.complete_all()
        (release,) = portal.store.releases.list()
        assert (release.title, release.state) == (EICHEN, "public")
        assert portal.events() == ["new"]
        assert [url for url, _ in portal.store.pages.counted("portal").failures] == [server.url("/2"), server.url("/3")]


# --- what a page says -------------------------------------------------------------------------------------------------


def test_the_kicker_of_the_page_gives_the_topic(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server, topics=(FOREST,), unmapped="hold") as portal:
        portal.poll()
        portal.publish()
        assert portal.store.releases.list()[0].state == "held"
        portal.complete(LATER)
        portal.publish(LATER)
        (release,) = portal.store.releases.list()
        assert (release.state, release.topics, release.issued) == ("public", ("forst",), LATER)
        assert portal.entries("forst") == portal.entries() == [EICHEN]


def test_an_embargo_on_the_page_holds_its_text_and_nothing_else(tmp_path: Path, server: Server) -> None:
    end = datetime(2026, 6, 2, 9, tzinfo=UTC)
    teasers(server, EICHEN)
    server.answers("/1", html(page(before="<p>Sperrfrist: 2. Juni 2026, 11:00 Uhr</p>")))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.publish()
        before = portal.bytes()
        portal.complete(LATER)
        portal.publish(LATER)
        teasers(server, EICHEN, built=1)
        portal.poll(LATER)
        portal.publish(LATER)
        assert portal.bytes() == before
        (release,) = portal.store.releases.list()
        assert portal.store.releases.due(end) == (release.id,)

        portal.act(Lift(release.id, due=end), end)
        portal.publish(end)
        (release,) = portal.store.releases.list()
        assert TEXT[0] in release.content
        assert portal.entries("forst") == [EICHEN]
        teasers(server, EICHEN, built=2)
        assert [c.verdict for c in portal.poll(end).changes] == ["unchanged"]


def test_a_page_of_something_else_is_not_taken_for_the_release(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page(OTHER, *OTHER_TEXT, kicker="Handwerk", teaser=None)))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        done = portal.read_one()
        assert "tells of something else" in (done.error or "")
        assert portal.store.releases.list()[0].content == ""


def test_a_withdrawn_release_is_not_asked_for(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        (release,) = portal.store.releases.list()
        portal.act(Withdraw(release.id))
        assert portal.complete_all() != ()
        assert portal.asked("/1") == []
        assert portal.complete_all(NOW + timedelta(days=9)) == ()


def test_what_a_person_restores_keeps_its_text(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        (release,) = portal.store.releases.list()
        portal.act(Withdraw(release.id), LATER)
        teasers(server, EICHEN, built=1)
        portal.poll(LATER)
        portal.act(Restore(release.id), LATER)
        teasers(server, EICHEN, built=2)
        portal.poll(LATER + timedelta(hours=1))
        assert TEXT[0] in portal.store.releases.list()[0].content


def test_an_address_that_is_used_again_is_another_release(tmp_path: Path, server: Server) -> None:
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1")))))
    teaser = "Neun Betriebe haben sich beworben, einer hat gewonnen."
    server.answers("/1", html(page()), html(page(OTHER, *OTHER_TEXT, kicker="Handwerk", teaser=teaser)))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        server.answers("/feed", rss(feed(entry(OTHER, server.url("/1"), teaser))))
        portal.poll(LATER)
        assert sorted(r.title for r in portal.store.releases.list()) == sorted([EICHEN, OTHER])
        portal.complete(LATER)
        found = {r.title: r for r in portal.store.releases.list()}
        assert TEXT[0] in found[EICHEN].content
        assert OTHER_TEXT[0] in found[OTHER].content
        assert found[OTHER].kicker == "Handwerk"


def test_an_entry_that_moves_keeps_its_text_until_its_new_page_is_read(tmp_path: Path, server: Server) -> None:
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/alt"), guid="meldung-7"))))
    server.answers("/alt", html(page(), ETag='"alt"'))
    server.answers("/neu", html(page(EICHEN, *TEXT, "Die Zahlen stehen im Waldbericht.")))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        moved = entry(EICHEN, server.url("/neu"), "Es werden zweitausend Eichen.", guid="meldung-7")
        server.answers("/feed", rss(feed(moved)))
        portal.poll(LATER)
        (release,) = portal.store.releases.list()
        assert TEXT[0] in release.content
        portal.complete_all(NOW + timedelta(hours=1))
        assert portal.asked("/neu") == ["/neu"]
        assert server.requests[-1].headers["if-none-match"] is None
        assert "Waldbericht" in portal.store.releases.list()[0].content


def test_an_address_that_is_made_up_at_each_poll_is_asked_once(tmp_path: Path, server: Server) -> None:
    with Portal(tmp_path, server) as portal:
        for n in range(4):
            server.answers("/feed", rss(feed(entry(EICHEN, server.url(f"/meldung?t={n}")))))
            server.answers("/meldung", html(page()))
            portal.poll(NOW + timedelta(minutes=15 * n))
            portal.complete_all(NOW + timedelta(minutes=15 * n))
        assert portal.asked("/meldung") == ["/meldung?t=0"]
        assert portal.events()[:2] == ["new", "completed"]
        assert "corrected" not in portal.events()


@pytest.mark.parametrize("fulltext", [None, False])
def test_what_waits_is_not_asked_once_the_operator_wants_no_more(
    tmp_path: Path, server: Server, fulltext: bool | None
) -> None:
    teasers(server, EICHEN)
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.source = replace(portal.source, fulltext=fulltext)
        portal.complete_all()
        assert portal.asked() == ["/feed"]


# --- whose page it is -------------------------------------------------------------------------------------------------


def texts(portal: Portal) -> dict[str, str]:
    """How each release's text begins, by its page."""
    found = {(r.url or "")[-2:]: r.content.removeprefix("<p>")[:20] for r in portal.store.releases.list()}
    assert len(found) == len(portal.store.releases.list())
    return found


def test_one_id_on_several_entries_keeps_their_texts_apart(tmp_path: Path, server: Server) -> None:
    server.answers("/1", html(page()))
    server.answers("/2", html(page(OTHER, *OTHER_TEXT, kicker="Handwerk")))
    entries = [
        entry(OTHER, server.url("/2"), "Der Preis ist vergeben.", guid="x"),
        entry(EICHEN, server.url("/1"), guid="x"),
    ]
    apart = {"/1": TEXT[0][:20], "/2": OTHER_TEXT[0][:20]}
    with Portal(tmp_path, server) as portal:
        for hours in range(3):
            server.answers("/feed", rss(feed(*entries, built=hours)))
            changes = portal.poll(NOW + timedelta(hours=hours))
            assert changes.count("unchanged" if hours else "new") == len(entries)
            assert {change.verdict for change in changes.changes} <= {"unchanged" if hours else "new"}
            portal.complete_all(NOW + timedelta(hours=hours))
            assert texts(portal) == apart
        assert portal.asked("/1") + portal.asked("/2") == ["/1", "/1", "/2", "/2"]  # and once an hour later


def test_an_id_that_turns_out_to_be_shared_is_none_from_then_on(tmp_path: Path, server: Server) -> None:
    titles = ["Verkehrsbericht Montag aus Brunnau", "Verkehrsbericht Dienstag aus Brunnau"]
    words = ["Am Montag stockte der Verkehr bis in den Abend.", "Am Dienstag floss der Verkehr über die neue Brücke."]
    entries = [entry(t, server.url(f"/{n}"), f"Verkehr am {n}.", guid="x") for n, t in enumerate(titles, 1)]
    for n, (title, text) in enumerate(zip(titles, words, strict=True), 1):
        server.answers(
            f"/{n}", html(page(title, f"{text} Das sagte Ministerin Kolb am Abend in Lindenau.", teaser=None))
        )
    with Portal(tmp_path, server) as portal:
        for hours, shown in ((0, entries[:1]), (3, entries[::-1]), (6, entries)):
            server.answers("/feed", rss(feed(*shown)))
            portal.poll(NOW + timedelta(hours=hours))
            portal.complete_all(NOW + timedelta(hours=hours))
        assert texts(portal) == {f"/{n}": text[:20] for n, text in enumerate(words, 1)}
        rows = [portal.store.pages.find("portal", r) for r in portal.store.releases.list()]
        assert not any(key.kind == "id" for row in rows if row for key in row.said.keys)


def test_of_entries_with_one_id_each_may_become_another(tmp_path: Path, server: Server) -> None:
    school = entry("Neue Schule in Erlenstadt eröffnet", server.url("/2"), "Eine Schule ist fertig geworden.", guid="x")
    with Portal(tmp_path, server, fulltext=None) as portal:
        for title in (EICHEN, OTHER):
            server.answers("/feed", rss(feed(school, entry(title, server.url("/1"), f"Text von {title}", guid="x"))))
            changes = portal.poll()
        assert [change.verdict for change in changes.changes] == ["unchanged", "new"]


@pytest.mark.parametrize("title", [OTHER, "Neue Buchen für den Bergwald"])
def test_who_comes_later_with_ones_address_takes_no_text(tmp_path: Path, server: Server, title: str) -> None:
    first = entry(EICHEN, server.url("/1"), guid="a")
    server.answers("/1", html(page()))
    server.answers("/feed", rss(feed(first)))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        for hours in (2, 4):
            server.answers(
                "/feed", rss(feed(entry(title, server.url("/1"), "Neun Betriebe.", guid="b"), first, built=hours))
            )
            portal.poll(NOW + timedelta(hours=hours))
            portal.complete_all(NOW + timedelta(hours=hours))
        assert {r.title: TEXT[0] in r.content for r in portal.store.releases.list()} == {EICHEN: True, title: False}
        assert portal.asked("/1") == ["/1", "/1"]  # and once an hour later


@pytest.mark.parametrize("together", [True, False])
def test_two_entries_with_the_same_words_have_a_page_each(tmp_path: Path, server: Server, together: bool) -> None:
    title, words = "Terminvorschau der Ministerin", "Die Termine der kommenden Woche."
    entries = [entry(title, server.url(f"/{n}"), words) for n in (2, 1)]
    server.answers("/1", html(page(title, *TEXT, teaser=words)))
    server.answers("/2", html(page(title, *OTHER_TEXT, teaser=words)))
    with Portal(tmp_path, server) as portal:
        for days, shown in enumerate([entries] if together else [entries[1:], entries]):
            server.answers("/feed", rss(feed(*shown)))
            portal.poll(NOW + timedelta(days=days))
            portal.complete_all(NOW + timedelta(days=days))
        assert texts(portal) == {"/1": TEXT[0][:20], "/2": OTHER_TEXT[0][:20]}


def test_a_selector_that_finds_nothing_on_pages_rings_until_it_does(tmp_path: Path, server: Server) -> None:
    def alarms() -> list[str]:
        return [alarm.kind for alarm in portal.store.alarms.list()]

    teasers(server, EICHEN, OTHER)
    server.answers("/2", html(page(OTHER)))
    server.answers("/1", html(page().replace(b"<h1>", b'<h1 class="neu">')))
    with Portal(tmp_path, server, select=(("title", ".neu"),)) as portal:
        portal.poll()
        portal.complete()
        assert alarms() == ["page selector"]
        teasers(server, EICHEN, OTHER, built=1)
        portal.poll()
        assert alarms() == ["page selector"]  # the feed says nothing of it
        portal.complete()
        assert alarms() == []


def test_without_selectors_none_rings_any_more(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server, select=(("title", ".neu"),)) as portal:
        portal.poll()
        portal.complete()
        teasers(server, EICHEN, built=1)
        portal.poll(LATER, replace(portal.source, select=()))
        assert portal.store.alarms.list() == ()


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_page_that_fails_is_asked_later_and_later_and_at_last_no_more(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", Reply(status=500))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        now, pauses = NOW, []
        while done := portal.complete(now):
            assert "answered 500" in (done.error or "")
            assert portal.complete(now) is None
            if done.due:
                assert portal.complete(done.due - timedelta(seconds=1)) is None
                pauses.append((done.due - now).total_seconds() / 3600)
                now = done.due
        assert pauses == [0.25, 0.5, 1, 2, 4, 8, 16]
        assert portal.complete(now + timedelta(days=99)) is None
        assert portal.store.pages.counted("portal")[:3] == (0, 0, 1)
        assert portal.store.releases.list()[0].state == "public"


def test_it_is_completed_once_the_page_is_there(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", Reply(status=503), html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete()
        done = portal.read_one(LATER)
        assert done.changes.count("completed") == 1
        assert portal.store.pages.counted("portal")[:3] == (0, 1, 0)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}),
        Reply(body=b"", headers={"Content-Type": "a/b"}),
    ],
)
def test_it_is_not_asked_again_where_that_would_not_help(tmp_path: Path, server: Server, reply: Reply) -> None:
    teasers(server, EICHEN)
    server.answers("/1", reply)
    with Portal(tmp_path, server) as portal:
        portal.poll()
        done = portal.read_one()
        assert (bool(done.error), done.due) == (True, None)
        assert portal.complete(NOW + timedelta(days=99)) is None


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_may_be_there_a_little_later(tmp_path: Path, server: Server, status: int) -> None:
    teasers(server, EICHEN, OTHER)
    server.answers("/1", Reply(status=status), html(page()))
    server.answers("/2", Reply(status=status))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        for minutes in (0, 15, 45, 999):
            portal.complete_all(NOW + timedelta(minutes=minutes))
        assert TEXT[0] in next(r.content for r in portal.store.releases.list() if r.title == EICHEN)
        assert (portal.asked("/1"), portal.asked("/2")) == (["/1"] * 3, ["/2"] * 3)  # what was read is looked at again


@pytest.mark.parametrize(("status", "times"), [(500, 8), (404, 3)])
@pytest.mark.parametrize("address", ["/1", "/1?t={n}"])
def test_a_list_that_says_another_word_each_time_gets_no_page_asked_more_often(
    tmp_path: Path, server: Server, status: int, times: int, address: str
) -> None:
    asked = list[int]()
    with Portal(tmp_path, server) as portal:
        for n in range(2 * 36):
            link, now = address.format(n=n), NOW + n * timedelta(minutes=30)
            server.answers(link, Reply(status=status))
            server.answers("/feed", rss(feed(entry(EICHEN, server.url(link), f"{n} Aufrufe.", guid="a"))))
            portal.poll(now)
            asked += [n] * len(portal.complete_all(now))
    assert min(later - earlier for earlier, later in pairwise(asked)) >= 2
    assert address != "/1" or len(asked) == times


def test_an_address_that_is_new_is_asked_though_the_old_one_was_given_up(tmp_path: Path, server: Server) -> None:
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/alt.html"), guid="a"))))
    server.answers("/alt.html", Reply(body=b"x", headers={"Content-Type": "image/png"}))
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1"), guid="a"))))
        portal.poll(LATER)
        portal.complete_all(NOW + timedelta(hours=1))
        assert TEXT[0] in portal.store.releases.list()[0].content


def test_one_page_that_fails_costs_no_other(tmp_path: Path, server: Server) -> None:
    titles = [EICHEN, "Schule in Erlenstadt eröffnet", "Brücke in Brunnau gesperrt"]
    teasers(server, *titles)
    server.answers("/1", html(page()))
    server.answers("/2", html(b"<html><body>"))
    server.answers("/3", html(page(titles[2])))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        done = portal.complete_all()
        assert [(c.url, c.error is None) for c in done] == [
            (server.url("/3"), True),
            (server.url("/2"), False),
            (server.url("/1"), True),
        ]


def test_a_host_that_asks_for_patience_gets_it_for_all_its_pages(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN, "Schule in Erlenstadt eröffnet")
    again = html(page("Schule in Erlenstadt eröffnet"))
    server.answers("/2", Reply(status=429, headers={"Retry-After": "7200"}), again)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        assert len(portal.complete_all()) == 1
        assert portal.complete(NOW + timedelta(seconds=7199)) is None
        assert portal.asked() == ["/feed", "/2"]
        (until,) = portal.store.sources.resting(NOW).values()
        assert NOW + timedelta(hours=2) < until < NOW + timedelta(hours=2, minutes=1)  # from the answer on
        assert [c.error for c in portal.complete_all(NOW + timedelta(seconds=7260))] == [None, None]


def test_a_fault_of_ours_does_not_ask_the_page_each_second(tmp_path: Path, server: Server) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        done = portal.read_one(run=broken)
        assert isinstance(done.fault, ZeroDivisionError)
        assert portal.complete() is None


def test_a_document_that_kills_its_reader_is_tried_again_later(tmp_path: Path, server: Server) -> None:
    def killed(*_: object, **__: object) -> None:
        raise ParseError("took too long")

    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        done = portal.read_one(run=killed)
        assert (done.fault, done.due) == (None, NOW + timedelta(minutes=15))


# --- politeness -------------------------------------------------------------------------------------------------------


def test_another_host_gets_neither_our_leave_nor_our_headers(tmp_path: Path, server: Server) -> None:
    links = {"eigen": server.url("/1"), "fremd": server.url("/2", host="localhost")}
    server.answers("/feed", rss(feed(*(entry(f"Meldung {name}", link) for name, link in links.items()))))
    server.answers("/1", html(page("Meldung eigen")))
    server.answers("/2", html(page("Meldung fremd")))
    with Portal(tmp_path, server, headers=(("X-Key", "geheim"),)) as portal:
        portal.poll()
        done = {completion.url: completion for completion in portal.complete_all()}
        assert done[links["eigen"]].error is None
        assert "allow_private" in (done[links["fremd"]].error or "")
        assert portal.asked() == ["/feed", "/1"]
        assert {r.headers["x-key"] for r in server.requests} == {"geheim"}


def test_a_page_is_asked_for_as_a_page_whatever_the_feed_is_asked_for(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server, headers=(("accept", "application/rss+xml"), ("user-agent", "Amt"))) as portal:
        portal.poll()
        portal.complete()
    asked = {r.path: (r.headers.get_all("accept"), r.headers.get_all("user-agent")) for r in server.requests}
    robots = (["text/plain, */*;q=0.1"], ["Amt"])
    assert asked == {"/feed": (["application/rss+xml"], ["Amt"]), "/robots.txt": robots, "/1": ([ACCEPT_PAGE], ["Amt"])}


def test_too_many_is_a_word_for_the_whole_host_without_a_time_too(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN, OTHER)
    server.answers("/2", Reply(status=429))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        assert len(portal.complete_all()) == 1
        assert portal.complete(NOW + timedelta(minutes=14)) is None
        assert portal.complete(NOW + timedelta(minutes=15)) is not None


def test_a_source_that_is_being_asked_is_left_alone(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN)
    server.answers("/1", html(page()))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        with portal.store.claim("portal") as mine:
            assert mine
            assert portal.complete() is None
        assert portal.complete() is not None


def test_between_two_pages_of_one_host_there_is_a_pause(tmp_path: Path, server: Server) -> None:
    titles = [EICHEN, "Schule in Erlenstadt eröffnet", "Brücke in Brunnau gesperrt"]
    teasers(server, *titles)
    for n, title in enumerate(titles, 1):
        server.answers(f"/{n}", html(page(title)))
    at = [100.0]
    asked: list[tuple[str, float]] = []

    def sleep(seconds: float) -> None:
        at[0] += seconds

    with Portal(tmp_path, server) as portal:
        portal.page_delay = PageDelay(4, clock=lambda: at[0], sleep=sleep)
        portal.poll()
        portal.complete_all(tell=lambda done: asked.append((getattr(done, "url", None), at[0])))
    assert asked == [(server.url("/3"), 100.0), (server.url("/2"), 104.0), (server.url("/1"), 108.0)]


def test_a_call_never_waits_for_its_turn(tmp_path: Path, server: Server) -> None:
    teasers(server, EICHEN, "Schule in Erlenstadt eröffnet")
    at = [100.0]
    with Portal(tmp_path, server) as portal:
        portal.page_delay = PageDelay(4, clock=lambda: at[0], sleep=lambda _: pytest.fail("it slept"))
        portal.poll()
        assert portal.complete() is not None
        assert portal.complete() is None
        at[0] = 103.9
        assert portal.complete() is None
        at[0] = 104.0
        assert portal.complete() is not None


def test_a_host_has_one_page_at_a_time() -> None:
    page_delay = PageDelay(0)
    with page_delay.turn("a") as first, page_delay.turn("a") as second, page_delay.turn("b") as third:
        assert (first, second, third) == (True, False, True)
    with page_delay.turn("a") as again:
        assert again


# --- the law ----------------------------------------------------------------------------------------------------------

words = st.sampled_from(["Eichen", "Neue Eichen für den Bergwald", "Neue Eichen …", "Neue Eichen [...]", "Bergwald"])
maybe = st.none() | words
moments = st.integers(-99, 99).map(lambda days: NOW + timedelta(days=days))
embargoes = st.none() | st.builds(Embargo, until=st.none() | moments, event=maybe)


@st.composite
def releases(draw: st.DrawFn) -> Release:
    stated = draw(st.none() | moments)
    title_inferred, headline = draw(st.booleans()), draw(st.booleans())
    return make_release(
        title=draw(words),
        teaser=draw(maybe),
        kicker=draw(maybe),
        kind=draw(maybe),
        content="".join(f"<p>{text}</p>" for text in draw(st.lists(words, max_size=3))),
        categories=tuple(draw(st.lists(words, max_size=2))),
        authors=tuple(draw(st.lists(words, max_size=2, unique=True))),
        enclosures=tuple(Enclosure(f"https://a.example/{n}") for n in draw(st.sets(st.integers(1, 3)))),
        images=tuple(Image(alt=alt) for alt in draw(st.lists(words, max_size=2, unique=True))),
        stated=stated,
        published=stated or NOW,
        updated=stated or NOW,
        inferred=tuple(n for n, on in (("published", stated is None), ("title", title_inferred)) if on),
        embargo=draw(embargoes),
        withdrawn=draw(st.none() | moments),
        headline=headline,
        keys=(Key("url", "", "//a.example/1"), Key("hash", "", draw(words))),
    )


@given(releases(), releases())
def test_a_page_laid_over_twice_is_laid_over_once(said: Release, page: Release) -> None:
    once = overlaid(said, page)
    assert overlaid(once, page) == once


@given(releases(), releases())
def test_an_embargo_and_a_withdrawal_are_never_lost(said: Release, page: Release) -> None:
    both = overlaid(said, page)
    assert (both.embargo is None) == (said.embargo is None and page.embargo is None)
    assert (both.withdrawn is None) == (said.withdrawn is None and page.withdrawn is None)
    ends = [r.embargo.until for r in (said, page) if r.embargo]
    if ends:
        assert both.embargo is not None
        assert both.embargo.until == (None if None in ends else max(end for end in ends if end))


@pytest.mark.parametrize(
    ("said", "page", "expected"),
    [
        ({"title": "Aus der Liste"}, {"title": "Von der Seite"}, {"title": "Aus der Liste"}),
        ({"title": "Neue Eichen für …"}, {"title": "Neue Eichen für den Wald"}, {"title": "Neue Eichen für den Wald"}),
        (
            {"title": "Ein Satz.", "inferred": ("title",)},
            {"title": "Der Titel"},
            {"title": "Der Titel", "inferred": ()},
        ),
        ({"teaser": "Kurz"}, {"teaser": "Lang"}, {"teaser": "Kurz"}),
        ({"teaser": "Kurz […]"}, {"teaser": "Kurz und gut"}, {"teaser": "Kurz und gut"}),
        ({"teaser": "Am Anfang …"}, {"content": "<p>Am Anfang war</p>"}, {"teaser": None}),
        ({}, {"teaser": "Lang"}, {"teaser": "Lang"}),
        ({"kicker": "Forst"}, {"kicker": "Wald"}, {"kicker": "Forst", "categories": ("Wald",)}),
        ({"content": "<p>Der ganze Text</p>"}, {"content": "<p>Ein Teil</p>"}, {"content": "<p>Der ganze Text</p>"}),
        ({"content": "<p>Teil</p>"}, {"content": "<p>Alles davon</p>"}, {"content": "<p>Alles davon</p>"}),
        ({"images": (Image("https://a.example/1"),)}, {}, {"images": (Image("https://a.example/1"),)}),
        ({"authors": ("Amt",)}, {"authors": ("AMT", "Presse")}, {"authors": ("Amt", "Presse")}),
        ({"language": "de"}, {"language": "en"}, {"language": "en"}),
    ],
)
def test_whose_word_counts(said: dict[str, Any], page: dict[str, Any], expected: dict[str, Any]) -> None:
    both = overlaid(make_release(**said), make_release(**page))
    assert {name: getattr(both, name) for name in expected} == expected


def test_a_headline_takes_the_title_and_is_known_by_the_text() -> None:
    url, text = Key("url", "", "//a.example/1"), Key("hash", "", "abc")
    both = overlaid(make_headline(title="Kurz", keys=(url,)), make_release(title="Lang", keys=(url, text)))
    assert (both.title, both.headline, both.keys) == ("Lang", False, (url, text))


@pytest.mark.parametrize(
    ("title", "there", "another"),
    [
        (EICHEN, page_words, another)
        for page_words, another in [
            ({"title": EICHEN}, False),
            ({"title": "Bergwald: Neue Eichen", "content": "<p>Text</p>"}, False),
            ({"title": "Land Talland", "content": "<p>Für den Bergwald gibt es neue Eichen.</p>"}, False),
            ({"title": "Seite nicht gefunden", "content": "<p>Die Adresse für den Abruf ist falsch.</p>"}, True),
            ({"title": "Pressemitteilungen"}, True),
        ]
    ],
)
def test_a_page_tells_of_the_release_that_led_to_it(title: str, there: dict[str, Any], another: bool) -> None:
    assert tells_of_another(make_release(title=title), make_release(**there)) is another


def test_the_log_tells_nothing_of_the_page_of_what_no_reader_has_seen(tmp_path: Path, server: Server) -> None:
    """Neither when it is read for the first time, nor when it says something else."""
    held = entry(EICHEN, server.url("/1"), teaser=f"<p>Sperrfrist: 2. Juli 2026, 11:00 Uhr</p><p>{TEASER}</p>")
    server.answers("/feed", rss(feed(held)))
    with Portal(tmp_path, server) as portal, capture_logs() as lines:
        portal.poll()
        for days, text in enumerate((TEXT[:2], TEXT)):
            server.answers("/1", html(page(EICHEN, *text)))
            log(portal.read_one(LATER + timedelta(days=8 * days)))
        (release,) = portal.store.releases.list()
        assert TEXT[2] in release.content
    assert [line for line in lines if line["log_level"] != "debug"] == []

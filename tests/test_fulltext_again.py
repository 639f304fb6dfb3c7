"""Pages that were read are asked again, as portals correct in place: at a real server, in a real store."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from portals import EICHEN, TEASER, TEXT, Portal, entry, feed, html, page, rss
from servers import Reply, Server
from syndicate.model import Topic
from syndicate.pipeline import Restore, Withdraw
from syndicate.polling import again
from worlds import NOW

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MORE = "Nachtrag: Es sind zweitausend Bäume."
SPERRE = "<p>Sperrfrist: 2. Juni 2026, 11:00 Uhr</p>"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def portal(tmp_path: Path, server: Server) -> Iterator[Portal]:
    """One release, completed at NOW."""
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1"), date="Mon, 01 Jun 2026 10:00:00 +0000"))))
    server.answers("/1", html(page(), ETag='"eins"'))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.complete_all()
        portal.publish()
        yield portal


def item(portal: Portal) -> dict[str, str]:
    (found,) = json.loads((portal.feeds / "all.json").read_text("utf-8"))["items"]
    return {name: str(value) for name, value in found.items()}


def looked(portal: Portal, now: datetime) -> int:
    """How many pages a call asks at this moment."""
    before = len(portal.asked("/1"))
    portal.complete_all(now)
    portal.publish(now)
    return len(portal.asked("/1")) - before


# --- when -------------------------------------------------------------------------------------------------------------


def test_since_its_completion_it_is_asked_or_not(portal: Portal) -> None:
    """A poll's clock goes by; each line is a call at that time."""
    table = [
        (1 * M, 0), (59 * M, 0), (1 * H, 1), (2 * H, 0), (23 * H, 0), (1 * D, 1), (2 * D, 0), (6 * D, 0), (7 * D, 1),
        (8 * D, 0), (26 * D, 0), (30 * D, 1), (31 * D, 0), (60 * D, 1), (61 * D, 0), (200 * D, 1), (201 * D, 0),
        (356 * D, 1), (361 * D, 1), (365 * D, 0), (999 * D, 0),
    ]  # fmt: skip
    assert [(since, looked(portal, NOW + since)) for since, _ in table] == table


def test_it_is_asked_conditionally_and_what_has_not_changed_changes_nothing(portal: Portal, server: Server) -> None:
    server.answers("/1", Reply(status=304))
    before = portal.bytes()
    assert looked(portal, NOW + H) == 1
    assert server.requests[-1].headers["if-none-match"] == '"eins"'
    assert (portal.bytes(), portal.events()) == (before, ["new", "completed"])


def test_validators_are_those_of_what_was_read(portal: Portal, server: Server) -> None:
    """What stands in for the page is not what was read, whatever it is called."""
    server.answers("/1", Reply(status=500, headers={"ETag": '"fehler"'}), html(b"<p>Anmelden</p>", ETag='"login"'))
    for since in (60 * M, 75 * M, 105 * M):
        assert looked(portal, NOW + since) == 1
        assert server.requests[-1].headers["if-none-match"] == '"eins"'
    assert TEXT[0] in item(portal)["content_html"]
    assert looked(portal, NOW + 10 * H) == 0  # three tries, then the next look
    server.answers("/1", html(page(EICHEN, *TEXT, MORE)))
    assert looked(portal, NOW + D) == 1
    assert MORE in item(portal)["content_html"]
    assert portal.store.pages.counted("portal").failures == ()


def test_when_it_is_next_survives_a_restart_and_a_rest(portal: Portal, server: Server) -> None:
    server.answers("/1", Reply(status=503, headers={"Retry-After": "7200"}), html(page()))
    assert [looked(portal, NOW + since) for since in (H, 2 * H, 179 * M, 182 * M, 4 * H)] == [1, 0, 0, 1, 0]


# --- what it says -----------------------------------------------------------------------------------------------------


def test_a_page_corrected_in_place_is_a_correction_and_one_that_is_gone_withdraws_nothing(
    portal: Portal, server: Server
) -> None:
    first = item(portal)
    server.answers("/1", html(page(EICHEN, *TEXT, MORE), ETag='"zwei"'), Reply(status=410))
    looked(portal, NOW + H)
    second = item(portal)
    assert (MORE in first["content_html"], MORE in second["content_html"]) == (False, True)
    assert {name: second[name] for name in ("id", "url", "date_published")} == {
        name: first[name] for name in ("id", "url", "date_published")
    }
    assert datetime.fromisoformat(second["date_modified"]) == NOW + H
    assert portal.events() == ["new", "completed", "corrected"]

    looked(portal, NOW + D)
    assert item(portal) == second
    (gone,) = portal.store.pages.gone("portal")
    assert (gone.address, gone.gone, gone.status) == (server.url("/1"), NOW + D, 410)
    looked(portal, NOW + 7 * D)
    assert portal.store.pages.gone("portal")[0].gone == NOW + D

    server.answers("/1", html(page(EICHEN, *TEXT, MORE)))  # there again
    looked(portal, NOW + 30 * D)
    assert portal.store.pages.gone("portal") == ()
    assert portal.events() == ["new", "completed", "corrected"]


@pytest.mark.parametrize(
    ("first", "then", "corrects"),
    [
        (page(), page(before="<p class='share'>Teilen</p>"), False),  # furniture is no word of it
        (page(before="<time itemprop='dateModified' datetime='2026-06-01T11:00:00Z'></time>"), page(), True),
    ],
)
def test_only_what_a_reader_sees_is_a_correction(
    portal: Portal, server: Server, first: bytes, then: bytes, corrects: bool
) -> None:
    server.answers("/1", html(first), html(then if not corrects else page(EICHEN, *TEXT, MORE)))
    looked(portal, NOW + H)
    looked(portal, NOW + D)
    assert ("corrected" in portal.events()) == corrects


def test_an_earlier_state_of_the_page_waits_as_any_old_news(portal: Portal, server: Server) -> None:
    server.answers("/1", html(page(EICHEN, *TEXT, MORE)), html(page()))
    looked(portal, NOW + H)
    looked(portal, NOW + D)
    assert portal.events() == ["new", "completed", "corrected"]
    assert MORE in item(portal)["content_html"]


@pytest.mark.parametrize("corrected", [False, True])
def test_what_another_program_reads_in_the_page_is_no_correction(
    portal: Portal, server: Server, corrected: bool
) -> None:
    """What the page's own bytes come to by now is put in place; what the page itself has changed is a correction."""
    first, later = page(), page(EICHEN, *TEXT, *([MORE] if corrected else []))
    server.answers("/1", html(later.replace(b"Impressum", b"Kontakt und Impressum"), ETag='"zwei"'))
    assert first != later.replace(b"Impressum", b"Kontakt und Impressum")
    # Another program: it finds another paragraph of the text.
    portal.source = replace(portal.source, select=(("remove", "article p:nth-of-type(4)"),))
    portal.plan = replace(portal.plan, sources=(portal.source,))
    looked(portal, NOW + H)
    assert portal.events() == ["new", "completed", "corrected" if corrected else "quiet"]
    assert (datetime.fromisoformat(item(portal)["date_modified"]) == NOW + H) == corrected
    assert TEXT[1] not in item(portal)["content_html"]


def test_the_feeds_own_words_are_no_reason_and_a_poll_takes_nothing_back(portal: Portal, server: Server) -> None:
    server.answers("/1", html(page(EICHEN, *TEXT, MORE)))
    looked(portal, NOW + H)
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1"), date="Mon, 01 Jun 2026 10:00:00 +0000"), built=1)))
    assert [change.verdict for change in portal.poll(NOW + 2 * H).changes] == ["unchanged"]


# --- whose pages ------------------------------------------------------------------------------------------------------


def test_what_is_withdrawn_is_asked_no_more_until_it_is_restored(portal: Portal) -> None:
    (release,) = portal.store.releases.list()
    portal.act(Withdraw(release.id), NOW + M)
    assert [looked(portal, NOW + since) for since in (H, D)] == [0, 0]
    portal.act(Restore(release.id), NOW + 2 * D)
    assert looked(portal, NOW + 7 * D) == 1


def test_what_another_release_corrects_is_asked_no_more(portal: Portal, server: Server) -> None:
    later = "Korrektur: Neue Eichen für den Bergwald"
    entries = [entry(later, server.url("/2"), guid="k"), entry(EICHEN, server.url("/1"))]
    server.answers("/feed", rss(feed(*entries)))
    correction = page(later, *(f"{text} Berichtigt." for text in TEXT[::-1]), before=f"<p>Korrektur zu: {EICHEN}</p>")
    server.answers("/2", html(correction))
    portal.poll(NOW + M)
    portal.complete_all(NOW + M)
    releases = {r.title: r for r in portal.store.releases.list()}
    links = portal.store.feeds.links([releases[EICHEN]]).corrections
    assert [link.kind for link in links.get(releases[EICHEN].id, ())] == ["corrected_by"]
    assert looked(portal, NOW + H) == 0


def test_what_is_under_an_embargo_quietly_goes_on(tmp_path: Path, server: Server) -> None:
    """Nothing public differs, and at its end the latest words come out as the first."""
    server.answers("/feed", rss(feed(entry(EICHEN, server.url("/1"), "Sperrfrist: 2. Juni 2026, 11:00 Uhr"))))
    server.answers("/1", html(page(before=SPERRE)), html(page(EICHEN, *TEXT, MORE, before=SPERRE)))
    with Portal(tmp_path, server) as portal:
        portal.poll()
        portal.publish()
        before = portal.bytes()
        portal.complete_all()
        looked(portal, NOW + H)
        assert portal.bytes() == before
        assert portal.asked("/1") == ["/1", "/1"]
        (release,) = portal.store.releases.list()
        assert (release.state, MORE in release.content, release.revision) == ("embargoed", True, 1)


@pytest.mark.parametrize("fulltext", [None, False])
def test_nothing_is_asked_once_the_operator_wants_no_pages(portal: Portal, fulltext: bool | None) -> None:
    portal.source = replace(portal.source, fulltext=fulltext)
    assert looked(portal, NOW + H) == 0


# --- how many ---------------------------------------------------------------------------------------------------------


def test_a_year_of_releases_does_not_swamp_a_host_and_the_newest_go_first(tmp_path: Path, server: Server) -> None:
    titles = [f"Meldung Nummer {n:02} aus dem Bergwald" for n in range(40)]
    dates = [f"{n % 28 + 1:02} {'Apr' if n < 28 else 'May'} 2026 10:00:00 +0000" for n in range(40)]
    entries = [entry(t, server.url(f"/1{n:02}"), date=d) for n, (t, d) in enumerate(zip(titles, dates, strict=True))]
    server.answers("/feed", rss(feed(*entries)))
    for n, title in enumerate(titles):
        server.answers(f"/1{n:02}", html(page(title)))
    with Portal(tmp_path, server, topics=(Topic("forst", "Forst"),)) as portal:
        portal.poll()
        portal.complete_all()
        assert len(portal.asked("/1")) == 40
        assert looked(portal, NOW + H) == again.MOST_ASKED
        assert portal.asked("/1")[40:] == [f"/1{n}" for n in range(39, 39 - again.MOST_ASKED, -1)]
        assert looked(portal, NOW + H + M) == 0
        assert looked(portal, NOW + H + again.WITHIN) == again.MOST_ASKED
        # What is new goes before, however much is to be looked at.
        server.answers("/feed", rss(feed(entry("Ganz neu im Bergwald", server.url("/1neu")), *entries)))
        server.answers("/1neu", html(page("Ganz neu im Bergwald")))
        portal.poll(NOW + H + again.WITHIN + M)
        looked(portal, NOW + H + again.WITHIN + M)
        assert portal.asked("/1")[-1] == "/1neu"


def test_the_teaser_of_the_pages_is_the_feeds(portal: Portal) -> None:
    assert item(portal)["summary"] == TEASER

"""Rules where a release has a page, announces others, is a file, or comes by a walk or a push: what is dropped stays
unasked, and leaves nothing behind."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portals import Portal, entry, feed, html, listing, page, rss
from servers import Server
from syndicate.fulltext import backfill
from syndicate.model import Push
from syndicate.pipeline import Lift, receive
from worlds import NOW, PAGE, World

HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Any:
    with Server() as opened:
        yield opened


def ruled(portal: Portal, **fields: Any) -> None:
    portal.source = replace(portal.source, **fields)
    portal.plan = replace(portal.plan, sources=(portal.source,))


def dropped(world: World) -> list[tuple[str, str]]:
    return sorted((each.title, each.rule) for each in world.store.dropped.list([world.source.id]))


def test_no_page_of_what_is_dropped_is_asked_and_a_page_changes_nothing(tmp_path: Path, server: Server) -> None:
    with Portal(tmp_path, server, drop=("title:*kegeln*", "text:Lawinen")) as portal:
        links = [server.url(f"/p/{n}") for n in range(2)]
        server.answers("/feed", rss(feed(entry("Eichen", links[0]), entry("Kegeln", links[1]))))
        server.answers("/p/0", html(page("Eichen")))
        server.answers("/p/1", html(page("Kegeln")))
        changes = portal.poll()
        assert (changes.count("new"), changes.dropped) == (1, 1)
        portal.complete_all()
        assert portal.asked("/p/") == ["/p/0"]
        portal.publish()
        assert portal.entries() == ["Eichen"]  # though its page has the word
        again = portal.poll(NOW + HOUR)
        assert (again.count("new"), again.dropped) == (0, 0)


def test_a_list_is_judged_by_its_headlines(tmp_path: Path, server: Server) -> None:
    with Portal(tmp_path, server, path="/liste", fulltext=None, drop=("title:*kegeln*",)) as portal:
        links = [server.url(f"/p/{n}") for n in range(3)]
        rows = [("Eichen im Wald", links[0]), ("Kegeln im Verein", links[1])]
        server.answers("/liste", html(listing(rows)))
        for number, title in enumerate(("Eichen im Wald", "Kegeln im Verein", "Buchen im Wald")):
            server.answers(f"/p/{number}", html(page(title)))
        changes = portal.poll()
        assert (changes.count("new"), changes.dropped) == (1, 1)
        server.answers("/liste", html(listing([("Buchen im Wald", links[2]), *rows])))
        changes = portal.poll(NOW + HOUR)
        assert (changes.count("new"), changes.dropped, changes.passed) == (1, 0, 1)
        portal.complete_all(NOW + HOUR)
        assert sorted(portal.asked("/p/")) == ["/p/0", "/p/2"]
        assert dropped(portal) == [("Kegeln im Verein", "title:*kegeln*")]


def test_a_walk_into_the_past_leaves_it_out(tmp_path: Path, server: Server) -> None:
    with Portal(tmp_path, server, path="/liste", fulltext=None, drop=("title:*kegeln*",)) as portal:
        links = [server.url(f"/p/{n}") for n in range(4)]
        titles = ("Eichen im Wald", "Kegeln im Verein", "Buchen im Wald", "Kegeln für alle")
        rows = [*zip(titles, links, strict=True)]
        for number, title in enumerate(titles):
            server.answers(f"/p/{number}", html(page(title)))
        server.answers("/liste", html(listing(rows[:2], older=server.url("/liste?2"))))
        server.answers("/liste?2", html(listing(rows[2:])))
        portal.poll()
        done = backfill(portal.source, 5, portal.work(NOW + HOUR))
        assert done.error is None
        assert not {"/p/1", "/p/3"} & {*portal.asked("/p/")}
        assert dropped(portal) == [("Kegeln für alle", "title:*kegeln*"), ("Kegeln im Verein", "title:*kegeln*")]


def test_what_a_release_announces_goes_with_it_or_is_judged_by_itself(tmp_path: Path) -> None:
    world = World(tmp_path)
    for drop, shown in (
        (("title:neue notaufnahme*",), []),
        (("title:eichen*",), ["Neue Notaufnahme in Hohenried", "Werkstattpreis vergeben"]),
    ):
        world.source = replace(world.source, drop=drop)
        world.write("notaufnahme.txt", PAGE + "\n" * world.writes)
        world.poll()
        world.publish()
        assert sorted(world.entries()) == shown
    world.close()


def test_the_headlines_of_what_comes_out_of_an_embargo_are_judged(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source = replace(world.source, drop=("title:eichen*",))
    world.plan = replace(world.plan, sources=(world.source,))
    world.write("notaufnahme.txt", PAGE.replace("Berechne", "Sperrfrist: bis Redebeginn\n\nBerechne"))
    world.poll()
    ((held, _),) = world.store.releases.waiting()
    world.act(Lift(held.id), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert sorted(world.entries()) == ["Neue Notaufnahme in Hohenried", "Werkstattpreis vergeben"]
    world.close()


def test_a_file_that_is_dropped_is_not_read_again_until_it_changes(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source = replace(world.source, drop=("title:neue notaufnahme*",))
    world.write("notaufnahme.txt", PAGE)
    assert (world.poll().dropped, world.poll(NOW + HOUR).read) == (1, 0)
    world.source = replace(world.source, drop=("title:eichen*",))
    assert world.poll(NOW + 2 * HOUR).count("new") == 1
    assert dropped(world) == []
    world.close()


def test_what_is_pushed_is_judged_as_what_is_polled(tmp_path: Path, server: Server) -> None:
    with Portal(tmp_path, server, fulltext=False, drop=("title:*kegeln*",)) as portal:
        one, two = (entry(title, f"https://amt.example/{title}") for title in ("Eichen", "Kegeln"))
        server.answers("/feed", rss(feed(one)))
        portal.poll()
        push = Push(body=feed(two), media_type="application/rss+xml", coding="", at=NOW)
        made = receive(portal.source, push, store=portal.store, plan=portal.plan, now=NOW + HOUR)
        assert (made.count("new"), made.dropped) == (0, 1)
        assert portal.store.alarms.list() == ()  # a push may hold only what is new
        server.answers("/feed", rss(feed(two, one)))
        polled = portal.poll(NOW + 2 * HOUR)
        assert (polled.count("new"), polled.dropped, polled.passed) == (0, 0, 2)


def test_a_headline_that_is_held_is_completed_by_what_the_rules_let_past_alone(tmp_path: Path, server: Server) -> None:
    with Portal(tmp_path, server, path="/liste", fulltext=False, drop=("text:Lawinen",)) as portal:
        link = server.url("/p/0")
        server.answers("/liste", html(listing([("Eichen im Wald", link), ("Buchen im Wald", server.url("/p/1"))])))
        assert portal.poll().count("new") == 2
        ruled(portal, url=server.url("/feed"))
        server.answers("/feed", rss(feed(entry("Eichen im Wald", link, "Sie schützen vor Lawinen."))))
        changes = portal.poll(NOW + HOUR)
        assert (changes.count("completed"), changes.dropped) == (0, 1)
        server.answers("/feed", rss(feed(entry("Eichen im Wald", link, "Sie schützen vor Wind."))))
        assert portal.poll(NOW + 2 * HOUR).count("completed") == 1

"""Law 41 through the whole pipeline: server, parsers, store and published files; and what the clock puts in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from servers import Reply, Server
from syndicate.model import Source
from syndicate.pipeline import Lift, Settle
from worlds import NOW, SITE, World

HOUR = timedelta(hours=1)
TEXT = "Im Herbst ziehen die ersten Gäste in das Haus am Südhang ein, im Winter folgt der Anbau."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path, page_size=3)
    yield opened
    opened.close()


def rss(number: int, *items: str) -> Reply:
    """`number` is the minute of the feed's own date, which moves at each poll."""
    body = (
        f"<rss version='2.0'><channel><title>Amt</title><lastBuildDate>Mon, 01 Jun 2026 10:{number:02}:00 GMT"
        f"</lastBuildDate>{''.join(items)}</channel></rss>"
    )
    return Reply(body=body.encode(), headers={"Content-Type": "application/rss+xml"})


def item(title: str, text: str = TEXT, **elements: str) -> str:
    named = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    return f"<item><title>{title}</title><description>{text}</description>{named}</item>"


BAU = item("Haus", guid="a1", link="https://amt.example/haus", category="Bau")
VERKEHR = item("Haus", guid="a2", link="https://amt.example/haus", category="Verkehr")


@pytest.mark.parametrize(
    ("items", "held"),
    [
        ((BAU, VERKEHR), 1),
        ((item("Haus"), item("Haus", link="https://amt.example/haus")), 2),
        ((item("Haus", guid="x"), item("Wald", "Eichen und Ahorn", guid="x")), 2),
        ((item("Haus", link="https://amt.example/"), item("Wald", "Eichen und Ahorn", link="https://amt.example/")), 2),
    ],
)
def test_the_same_entries_under_another_date_of_the_feed(world: World, items: tuple[str, ...], held: int) -> None:
    with Server() as server:
        source = Source(id="amt", url=server.url("/rss"), allow_private=True, tag=SITE.tag)
        for number in range(4):
            server.answers("/rss", rss(number, *items))
            changes = world.poll(NOW + number * HOUR, source)
            world.publish(NOW + number * HOUR)
            assert changes.count("new") == (0 if number else held)
            assert number == 0 or changes.count("unchanged") == len(items)
    assert len(world.entries()) == held


def test_a_counter_comes_to_rest_by_the_clock(world: World) -> None:
    with Server() as server:
        source = Source(id="amt", url=server.url("/rss"), allow_private=True, tag=SITE.tag)
        for number in range(6):
            text = f"Das Haus ist fertig. Aufrufe: {number} {TEXT}"
            server.answers("/rss", rss(number, item("Haus", text, guid="h")))
            world.poll(NOW + number * HOUR, source)
    ((identifier, edition),) = world.store.releases.unsettled()
    before = world.store.releases.get(identifier)
    assert before
    assert "Aufrufe: 3" in (before.teaser or "")
    assert edition.memory.due == NOW + 29 * HOUR
    assert world.store.releases.unsettled(NOW + 28 * HOUR) == ()
    (change,) = world.act(Settle(identifier, "amt"), NOW + 29 * HOUR).changes
    assert (change.verdict, change.release.updated) == ("minor", before.updated)
    assert "Aufrufe: 5" in (change.release.teaser or "")
    assert world.store.releases.unsettled() == ()


def page(number: str) -> str:
    return f"---\nid: haus\ntitle: Haus\n---\n\nDas Haus hat {number} Betten. {TEXT}\n"


def test_an_old_copy_is_ignored_and_read_again_when_the_newer_file_goes(world: World) -> None:
    newer = world.write("haus.md", page("dreißig"))
    world.poll(NOW)
    world.write("haus.md", page("vierzig"))
    assert world.poll(NOW + HOUR).count("corrected") == 1
    world.write("alt/haus.md", page("dreißig"))
    changes = world.poll(NOW + 2 * HOUR)
    assert [(c.verdict, c.copy_of) for c in changes.changes] == [("unchanged", "haus.md")]
    assert [q.where for q in world.store.sources.quarantined("ordner") if q.harmless] == ["alt/haus.md"]
    newer.unlink()
    told = [world.poll(NOW + hours * HOUR).count("corrected") for hours in (3, 4, 5)]
    assert sum(told) == 1
    assert world.store.sources.quarantined("ordner") == ()
    assert len(world.store.releases.list()) == 1


def form(wanted: str, embargo: str = "") -> str:
    held = f"embargo: {embargo}\n" if embargo else ""
    same = " ".join(f"Absatz {n} nennt {n * 7} Stunden und {n * 3} Tage Urlaub." for n in range(12))
    return f"---\ntitle: Stellenausschreibung\n{held}---\n\nGesucht wird {wanted}. {same}\n"


@pytest.mark.parametrize("polls", [1, 2])
def test_a_form_letter_beside_another_is_a_release_of_its_own(world: World, polls: int) -> None:
    world.write("garten.md", form("eine Gärtnerin"))
    if polls == 2:
        world.poll(NOW)
    world.write("forst.md", form("ein Förster"))
    assert world.poll(NOW + HOUR).count("corrected") == 0
    world.publish(NOW + HOUR)
    assert len(world.entries()) == 2


def test_a_form_letter_that_was_held_is_a_release_of_its_own(world: World) -> None:
    world.write("garten.md", form("eine Gärtnerin"))
    world.write("forst.md", form("ein Förster", embargo="2026-06-01T13:00:00Z"))
    world.poll(NOW)
    (held,) = world.store.releases.due(NOW + HOUR)
    world.act(Lift(held), NOW + HOUR)
    world.publish(NOW + HOUR)
    assert len(world.entries()) == 2


def test_a_file_that_was_moved_and_edited_at_once_is_the_same_release(world: World) -> None:
    world.write("garten.md", form("eine Gärtnerin"))
    world.poll(NOW)
    (world.folder / "garten.md").rename(world.folder / "neu.md")
    world.write("neu.md", form("eine Gärtnerin in Vollzeit"))
    assert world.poll(NOW + HOUR).count("corrected") == 1
    world.publish(NOW + HOUR)
    assert len(world.entries()) == 1

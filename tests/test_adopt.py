"""A store that was lost: the same ids, the same addresses, and nothing that was withdrawn comes back."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli_site import ROAD, SCHOOL, SPEECH, Site
from syndicate import store as stores
from syndicate.adopt import adopt
from syndicate.errors import PublishError
from syndicate.model import Topic
from syndicate.pipeline import Act, Edit, Lift, Restore, Withdraw, mint, prepare, reclassify, syndicate
from syndicate.text import release_id
from worlds import NOW, PAGE, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


def test_a_new_store_gives_the_same_ids(world: World, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    again = World(tmp_path / "other")
    for each in (world, again):
        each.write("a.txt", PAGE)
        each.poll()
    ids = {release.id: release.atom_id for release in world.store.releases.list()}
    assert {release.id: release.atom_id for release in again.store.releases.list()} == ids
    assert ids == {release_id(atom_id): atom_id for atom_id in ids.values()}
    again.close()


def test_an_id_that_is_taken_is_counted_on(world: World) -> None:
    world.write("a.txt", PAGE)
    atom_id = world.poll().changes[0].release.atom_id
    minted = mint(world.store)
    assert [minted(atom_id), minted(atom_id)] == [release_id(atom_id, 2), release_id(atom_id, 3)]


# --- whose folder it is -----------------------------------------------------------------------------------------------


def test_an_empty_folder_gets_the_mark_of_the_store(world: World) -> None:
    world.feeds.mkdir()
    (world.feeds / ".gitkeep").touch()
    world.publish()
    mark = (world.feeds / ".store").read_text().strip()
    assert mark == world.store.outputs.mark()
    (world.feeds / ".store").unlink()  # a folder of before there were marks
    prepare(world.store, world.plan, now=NOW)
    world.publish()
    assert (world.feeds / ".store").read_text().strip() == mark


def test_a_folder_that_nobody_knows_is_left_alone(world: World) -> None:
    world.feeds.mkdir()
    (world.feeds / "brief.txt").write_text("Meins.")
    for step in (lambda: prepare(world.store, world.plan, now=NOW), world.publish):
        with pytest.raises(PublishError, match="is neither empty nor published by this store"):
            step()
    assert [path.name for path in world.feeds.iterdir() if path.suffix] == ["brief.txt"]


@pytest.mark.parametrize("marked", [True, False])
def test_an_empty_store_stops_beside_what_another_published(marked: bool, world: World, tmp_path: Path) -> None:
    world.write("a.txt", PAGE)
    world.poll()
    world.publish()
    if not marked:
        (world.feeds / ".store").unlink()
    before = world.bytes()
    with stores.open(f"sqlite:///{tmp_path}/new.db") as store:
        with pytest.raises(
            PublishError, match=r"is empty; .*restore --force PATH.* a backup .*run --adopt.*; or empty"
        ):
            prepare(store, world.plan, now=NOW)
        with pytest.raises(PublishError):
            syndicate(store, world.plan, now=NOW)
        world.store.close()
        world.store = store
        world.poll()
        with pytest.raises(PublishError, match="another store publishes here"):
            prepare(store, world.plan, now=NOW)
    assert world.bytes() == before


# --- what a lost store has published ----------------------------------------------------------------------------------

FORST = Topic(id="wald", title="Forst", kickers=("Forst",), aliases=("forst",))
WITHDRAWN = "Windbruch am Steinberg gemeldet"  # words that may be nowhere any more
TOPICS = ("all", "schule", "verkehr", "wald")


def _release(number: int, text: str = "") -> str:
    topic = ("Schule", "Forst", "Verkehr")[number % 3]
    words = text or f"Die Meldung {number} aus dem Haus, Absatz {'und '.join(['weiter '] * (number + 1))}."
    return f"""---
title: Bericht {number} des Amtes {number * 37}
topics: [{topic}]
date: 2026-03-{number + 1:02d} 10:00
teaser: Der Vorspann {number}
image: {{src: "https://bild.example/{number}.png", alt: Ein Bild, caption: Das Amt, credit: Muster}}
contact: {{name: Uta Muster, email: uta@amt.example, phone: 0711 12 34}}
author: Das Amt
---
{words}

## Abschnitt

* eins
* <https://amt.example/{number}>
"""


def _short(title: str, topic: str, text: str, head: str = "") -> str:
    return f"---\ntitle: {title}\ntopics: [{topic}]\n{head}\n---\n{text}\n"


def _played(root: Path) -> tuple[World, datetime]:
    """A history: archives, corrections, a note, withdrawals, a renamed topic, embargoes, a file that has gone."""
    world = World(root, page_size=3, topics=(Topic(id="forst", title="Forst"),))
    publish = world.plan.publish
    world.plan = replace(world.plan, publish=replace(publish, formats=(*publish.formats, "ninjs")))
    now = NOW
    world.write("seite.txt", PAGE)
    for number in range(14):
        world.write(f"r{number:02}.md", _release(number))
    world.write("weg.md", _short(WITHDRAWN, "Forst", f"{WITHDRAWN} im Tal.", "date: 2026-03-04"))
    world.write("frei.md", _short("Rede zum Schulfest", "Schule", "Liebe Kinder.", "embargo: Redebeginn"))
    (world.folder / "bild.png").write_bytes(b"\x89PNG\r\n\x1a\n1234")
    world.write("bild.md", _short("Mit Bild daneben", "Schule", "![Ein Tor](bild.png)\n\nEin Tor."))
    world.poll(now)
    world.publish(now)
    ids = {release.title: release.id for release in world.store.releases.list()}
    world.plan = replace(world.plan, topics=(FORST,))
    _start(world, now)
    steps: list[Act] = [
        Withdraw(ids[WITHDRAWN], "Falscher Berg"),
        Withdraw(ids["Bericht 13 des Amtes 481"]),
        Edit(ids["Bericht 2 des Amtes 74"], {"title": "Bericht 2, berichtigt"}, note="Zahl: 3 statt 4"),
        Edit(ids["Bericht 2 des Amtes 74"], note="Auch <die> Summe & das Datum: 5"),
        Edit(ids["Bericht 2 des Amtes 74"], {"teaser": "Kürzer"}, note="Ein Tippfehler", minor=True),
        Lift(ids["Rede zum Schulfest"]),
    ]
    for act in steps:
        now += timedelta(minutes=30)
        world.act(act, now)
        world.publish(now)
    world.write("r05.md", _release(5, "Ganz andere Worte stehen nun hier."))
    world.write("gehalten.md", _short("Noch geheim", "Forst", "Geheime Zahl 815.", "embargo: Redebeginn"))
    world.write("zurueck.md", _short("Unter Frist", "Forst", "Geheime Zahl 816.", "embargo: 2026-06-01 18:30"))
    now += timedelta(minutes=1)
    held = next(c.release.id for c in world.poll(now).changes if c.release.title == "Unter Frist")
    world.act(Withdraw(held), now)
    (world.folder / "r03.md").unlink()
    now += timedelta(days=1)
    world.poll(now)
    world.publish(now)
    return world, now


def _lose(world: World) -> None:
    world.store.close()
    world.store = stores.open(f"sqlite:///{world.feeds.parent}/another.db")


def _start(world: World, now: datetime) -> None:
    prepare(world.store, world.plan, now=now)
    reclassify(world.store, plan=world.plan, now=now)


def _adopt(world: World, now: datetime) -> None:
    _lose(world)
    adopt(world.store, world.plan, now=now)
    _start(world, now)
    world.publish(now)


def _undated(documents: dict[str, bytes]) -> dict[str, bytes]:
    """Without RSS and JSON: there the notice of a withdrawal bears another date from now on."""
    return {path: body for path, body in documents.items() if path.endswith((".atom", ".html", ".opml"))}


@pytest.fixture
def played(tmp_path: Path) -> Iterator[tuple[World, datetime]]:
    world, now = _played(tmp_path)
    yield world, now
    world.close()


def test_what_a_lost_store_has_published_is_taken_over(played: tuple[World, datetime]) -> None:
    world, now = played
    before, walks = world.bytes(), {topic: [*world.walk(topic)] for topic in TOPICS}
    shown = {(r.id, r.atom_id, r.published, r.updated) for r in world.store.releases.list() if r.visible}
    _lose(world)
    with pytest.raises(PublishError, match="run --adopt"):
        prepare(world.store, world.plan, now=now)
    adopt(world.store, world.plan, now=now)
    assert world.bytes() == before
    _start(world, now)
    world.publish(now)
    after = world.bytes()
    assert after.keys() == before.keys()
    assert _undated(after) == _undated(before)
    assert {topic: [*world.walk(topic)] for topic in TOPICS} == walks
    found = [r for r in world.store.releases.list() if r.visible]
    assert {(r.id, r.atom_id, r.published, r.updated) for r in found} == shown
    assert len(found) == len(shown)


def test_the_sources_first_word_changes_nothing(played: tuple[World, datetime]) -> None:
    world, now = played
    _adopt(world, now)
    before = world.bytes()
    for _ in range(2):
        now += timedelta(hours=1)
        world.poll(now)
        for identifier in world.store.releases.due(now):
            world.act(Lift(identifier, due=now), now)
        assert world.publish(now) == []
    assert world.bytes() == before
    everything = b"".join(before.values()).decode("utf-8", "replace")
    for words in (WITHDRAWN, "Bericht 13 des Amtes", "Geheime Zahl", "Noch geheim", "Unter Frist"):
        assert words not in everything
    held = {version.title: version.embargo and version.embargo.until for _, version in world.store.releases.waiting()}
    assert held == {"Noch geheim": None, "Unter Frist": None}


def test_what_is_said_after_that_is_a_correction(played: tuple[World, datetime]) -> None:
    world, now = played
    _adopt(world, now)
    world.poll(now)
    now += timedelta(hours=1)
    world.write("r04.md", _release(4, "Berichtigt: es sind vier."))
    world.write("weg.md", _short(WITHDRAWN, "Forst", "Nun anders im Tal.", "date: 2026-03-04"))
    (corrected,) = [change for change in world.poll(now).changes if change.verdict != "unchanged"]
    assert (corrected.verdict, corrected.release.title) == ("corrected", "Bericht 4 des Amtes 148")
    world.publish(now)
    for topic in TOPICS:
        entries = [entry for _, page in world.walk(topic) for entry in page]
        assert len(entries) == len({*entries})
    assert next(world.walk())[1][0] == corrected.release.atom_id
    restored = next(r for r in world.store.releases.list() if r.title == WITHDRAWN)
    assert restored.withdrawn
    world.act(Restore(restored.id), now)
    world.publish(now)
    assert WITHDRAWN in world.entries()


def test_a_lifted_embargo_is_public_at_last(played: tuple[World, datetime]) -> None:
    world, now = played
    _adopt(world, now)
    world.poll(now)
    held = next(release for release, _ in world.store.releases.waiting() if release.title == "Unter Frist")
    world.act(Lift(held.id), now)
    world.publish(now)
    assert "Unter Frist" in world.entries()
    assert [c.verdict for c in world.poll(now).changes if c.verdict != "unchanged"] == []


KILLED = """
import os, sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from syndicate import store
from syndicate.adopt import adopt
from syndicate.config import read
store.Store.adopts = lambda self, now: os.kill(os.getpid(), 9)  # the last step but one
root = Path(sys.argv[1])
plan = read("", root / "config.toml")
plan = replace(plan, publish=replace(plan.publish, directory=root / "feeds", page_size=3))
adopt(store.open(f"sqlite:///{root}/another.db"), plan, now=datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.sqlite
def test_an_adoption_that_is_killed_can_be_tried_again(played: tuple[World, datetime]) -> None:
    world, now = played
    _lose(world)
    before, mark = world.bytes(), (world.feeds / ".store").read_text()
    arguments = [sys.executable, "-c", KILLED, str(world.feeds.parent), now.isoformat()]
    assert subprocess.run(arguments, check=False).returncode == -9
    assert world.store.releases.counts() == {}
    assert (world.bytes(), (world.feeds / ".store").read_text()) == (before, mark)
    assert adopt(world.store, world.plan, now=now) == len(world.store.releases.list())
    assert adopt(world.store, world.plan, now=now) is None
    assert world.store.outputs.mark() == mark.strip()


def test_a_withdrawal_that_was_half_published_is_one(played: tuple[World, datetime]) -> None:
    world, now = played
    release = next(r for r in world.store.releases.list() if r.title.startswith("Bericht 8 "))
    heads = {name: (world.feeds / name).read_bytes() for name in ("all.atom", "verkehr.atom")}
    world.act(Withdraw(release.id, "Zu früh"), now)
    world.publish(now)
    for name, body in heads.items():  # its page and archives are written, the heads are not yet
        (world.feeds / name).write_bytes(body)
    _adopt(world, now)
    assert world.store.releases.resolve(release.id).withdrawn
    assert b"Bericht 8 des Amtes" not in b"".join(world.bytes().values())


def test_a_chain_with_a_gap_is_not_adopted(played: tuple[World, datetime]) -> None:
    world, now = played
    _lose(world)
    (world.feeds / "all" / "1.atom").unlink()
    with pytest.raises(PublishError, match=r"all/1\.atom: is missing"):
        adopt(world.store, world.plan, now=now)
    assert world.store.releases.counts() == {}


def test_where_there_is_nothing_to_adopt(world: World) -> None:
    world.feeds.mkdir()
    with pytest.raises(PublishError, match="is empty, so there is nothing to adopt"):
        adopt(world.store, world.plan, now=NOW)
    (world.feeds / "brief.txt").write_text("Meins.")
    with pytest.raises(PublishError, match=r"has no all\.atom"):
        adopt(world.store, world.plan, now=NOW)


@pytest.mark.sqlite
def test_at_the_command_line(tmp_path: Path) -> None:
    site = Site(tmp_path, wir=SCHOOL, weg=ROAD, rede=SPEECH)
    assert site.run("run", "--once", "--adopt").code == 2  # an empty folder
    site.run("run", "--once", "--no-serve")
    road = next(r["id"] for r in site.run("releases", "list", "--json").json if r["title"] == "Umgehung für Erlenstadt")
    site.run("releases", "withdraw", road)
    before = {path: path.read_bytes() for path in site.feeds.rglob("*.atom")}
    for path in tmp_path.glob("syndicate.db*"):
        path.unlink()
    refused = site.run("run", "--once")
    assert refused.code == 2
    assert "run --adopt" in refused.err
    adopted = site.run("run", "--once", "--adopt")
    assert "feeds: adopted 2 releases" in adopted.err
    assert {path: path.read_bytes() for path in site.feeds.rglob("*.atom")} == before
    assert site.tells("Umgehung") == []
    assert site.run("status").out.count("Rede zum Forstjahr") > 0
    assert "there is nothing to adopt" in site.run("run", "--once", "--adopt").err
    again = site.run("run", "--once", "--json").json
    assert again["documents"] == 0


# --- entries of a feed ------------------------------------------------------------------------------------------------


def _feed(*entries: str) -> str:
    channel = "<title>Amt</title><link>https://amt.example/</link><description>d</description>"
    return f"<rss version='2.0'><channel>{channel}{''.join(entries)}</channel></rss>"


def _item(number: int, text: str, *, guid: str = "", link: bool = True, date: bool = True) -> str:
    parts = [
        f"<title>Meldung {number} aus Hohenried</title><category>Schule</category><description>{text}</description>"
    ]
    parts += [f"<guid isPermaLink='false'>{guid}</guid>"] if guid else []
    parts += [f"<link>https://amt.example/{number}</link>"] if link else []
    parts += [f"<pubDate>Mon, 0{number} Jun 2026 10:00:00 GMT</pubDate>"] if date else []
    return f"<item>{''.join(parts)}</item>"


FOUND_BY = {
    "an id that is no IRI": {"guid": "nr-{}"},
    "an id that is one": {"guid": "urn:amt:{}"},
    "its address": {},
    "its head and date": {"link": False},
    "its words alone": {"link": False, "date": False},
}


@pytest.mark.parametrize("known", FOUND_BY.values(), ids=FOUND_BY)
def test_an_entry_is_found_again(known: dict[str, Any], world: World) -> None:
    def said(third: str) -> str:
        options = [{**known, **({"guid": known["guid"].format(n)} if "guid" in known else {})} for n in (1, 2, 3)]
        texts = ("Die erste Meldung des Tages.", "Die zweite, aus dem Tal.", third)
        return _feed(*(_item(n, text, **each) for n, text, each in zip((1, 2, 3), texts, options, strict=True)))

    now = datetime(2026, 6, 4, tzinfo=UTC)
    world.write("f.rss", said("Die dritte, vom Berg."))
    world.poll(now)
    gone = next(r for r in world.store.releases.list() if r.title.startswith("Meldung 2"))
    world.act(Withdraw(gone.id), now)
    world.publish(now)
    _adopt(world, now)
    before = world.bytes()
    for text, verdicts in (("Die dritte, vom Berg.", set()), ("Die dritte, vom hohen Berg.", {"corrected"})):
        world.write("f.rss", said(text))
        now += timedelta(hours=1)
        told = {change.verdict for change in world.poll(now).changes} - {"unchanged", "merged"}
        assert told == verdicts
        world.publish(now)
        if not verdicts:
            assert world.bytes() == before
    assert {*world.entries()} == {"Meldung 1 aus Hohenried", "Meldung 3 aus Hohenried", "Zurückgezogen"}


def test_other_words_do_not_end_an_embargo_that_waits_for_a_person(played: tuple[World, datetime]) -> None:
    world, now = played
    _adopt(world, now)
    world.poll(now)
    world.write("zurueck.md", _short("Unter Frist", "Forst", "Geheime Zahl 817.", "embargo: 2026-06-01 18:30"))
    world.poll(now)
    assert world.store.releases.due(now) == ()
    world.publish(now)
    assert b"Geheime Zahl" not in b"".join(world.bytes().values())


def test_a_notice_alone_keeps_it_withdrawn(played: tuple[World, datetime]) -> None:
    world, now = played
    world.write("kurz.md", _short("Nur kurz zu sehen", "Schule", "Ein kurzes Wort."))
    world.poll(now)
    world.act(Withdraw(next(r.id for r in world.store.releases.list() if r.title == "Nur kurz zu sehen")), now)
    world.publish(now)
    now += timedelta(days=100)  # its tombstone has left the heads
    world.publish(now)
    assert not any(b"deleted-entry" in world.bytes()[name] for name in ("all.atom", "schule.atom"))
    _adopt(world, now)
    world.poll(now)
    world.publish(now)
    assert b"Nur kurz" not in b"".join(world.bytes().values())
    assert [r.withdrawn is not None for r in world.store.releases.list() if r.title.startswith("Nur kurz")] == [True]


def test_a_related_block_does_not_bring_it_back(world: World) -> None:
    world.write("z.txt", "Forst\n\nEichen für den Bergwald\n\nDas Land pflanzt Eichen. Es beginnt im Herbst.\n")
    world.poll()
    (gone,) = world.store.releases.list()
    world.act(Withdraw(gone.id))
    world.publish()
    _adopt(world, NOW)
    world.write("a.txt", PAGE)  # names it, and is read before it
    world.poll()
    world.publish()
    assert [r.title for r in world.store.releases.list() if r.title.startswith("Eichen")] == [gone.title]
    assert b"Eichen" not in b"".join(world.bytes().values())

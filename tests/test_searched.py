"""What is found, by readers and by operators, at each step of a release's life."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from older import as_it_was
from syndicate.errors import SyndicateError
from syndicate.model import Embargo, Topic
from syndicate.pipeline import Edit, Lift, Restore, Withdraw, prepare
from syndicate.placement import Dirty, Placement
from syndicate.recording import searched
from syndicate.search import read, said, tokens
from syndicate.store import ALL, Filter, Store, of_file
from worlds import NOW, World

WALD, SCHULE = Topic("wald", "Wald"), Topic("schule", "Schule")
EMBARGO = "2027-01-01T12:00:00Z"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, topics=(WALD, SCHULE), page_size=3)
    yield world
    world.close()


def write(world: World, name: str, title: str, body: str = "Es ist so weit.", **more: str) -> None:
    fields = {"title": title, "topic": "Wald", "date": "2026-05-01", **more}
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    world.write(f"{name}.md", f"---\n{head}---\n\n{body}\n")


def poll(world: World, hours: int = 0) -> None:
    world.poll(NOW + timedelta(hours=hours))
    world.publish(NOW + timedelta(hours=hours))


def found(world: World, typed: str, *feeds: str, year: int | None = None, limit: int = 50) -> list[str]:
    """Titles, as readers find them."""
    ids = {row.id: row.atom_id for row in world.store.feeds.list()}
    only = Filter(tuple(ids[feed] for feed in feeds), year)
    hits = world.store.search.found(read(typed), only, limit=limit)
    return [each.load().title for each in world.store.search.shown([hit.release for hit in hits])]


def operators(world: World, typed: str) -> list[str]:
    listing = world.store.releases.listing(query=read(typed))
    titles = [release.title for release in listing]
    assert len(listing) == len(titles)
    return titles


def identifier(world: World, title: str) -> str:
    return next(release.id for release in world.store.releases.list() if release.title == title)


# Typed, and whether it finds a release of this title and text.
TEXT = "Die neue Straßenbahn fährt über den Bärensee. Kosten: 1.000 Euro. „Gut so“, sagte sie. NOT OR e-mail an x_y."
FINDS = [
    ("strassenbahn", True),
    ("STRASSENB", True),
    ("str", True),
    ("st", False),
    ("über", True),
    ("ueber", True),
    ("uber", False),
    ("baerensee fährt", True),
    ('"den bärensee"', True),
    ('"den bären"', False),
    ('"bärensee den"', False),
    ("eichen -strassenbahn", False),
    ("eichen -linde", True),
    ('eichen -"neue strassenbahn"', False),
    ("not or", True),
    ("e-mail", True),
    ("1.000", True),
    ("x_y", True),
    ("y_x", False),
    ("said", False),
    ("filed", False),
    ("f", False),
    ("y2026", False),
    ("wald", True),
    ("ährenfeld", False),
]


@pytest.mark.parametrize(("typed", "finds"), FINDS)
def test_words_are_found(typed: str, finds: bool, world: World) -> None:
    write(world, "a", "Eichen am Weg", TEXT)
    poll(world)
    assert found(world, typed) == operators(world, typed) == (["Eichen am Weg"] if finds else [])


def test_the_newest_position_comes_first_and_a_correction_is_one(world: World) -> None:
    for day in (3, 1, 2):
        write(world, f"{day}", f"Meldung {day}", date=f"2026-05-0{day}")
    poll(world)
    assert found(world, "meldung") == ["Meldung 3", "Meldung 2", "Meldung 1"]
    assert found(world, "meldung", limit=2) == ["Meldung 3", "Meldung 2"]
    write(world, "1", "Meldung 1", "Jetzt anders.", date="2026-05-01")
    poll(world, 1)
    assert found(world, "meldung") == ["Meldung 1", "Meldung 3", "Meldung 2"]
    assert found(world, "weit") == ["Meldung 3", "Meldung 2"]
    assert found(world, "anders") == operators(world, "anders") == ["Meldung 1"]


def test_by_feed_and_year(world: World) -> None:
    write(world, "a", "Eichen alt", topics="[Wald, Schule]", date="2025-12-31T23:30:00Z")  # is 2026 at the site
    write(world, "b", "Eichen neu", date="2026-05-02")
    write(world, "c", "Eichen dort", topic="Schule", date="2024-05-02")
    poll(world)
    assert found(world, "eichen", "wald") == ["Eichen neu", "Eichen alt"]
    assert found(world, "eichen", "schule") == ["Eichen alt", "Eichen dort"]
    assert found(world, "eichen", "schule", "wald") == ["Eichen neu", "Eichen alt", "Eichen dort"]
    assert found(world, "eichen", year=2026) == ["Eichen neu", "Eichen alt"]
    assert found(world, "eichen", "schule", year=2024) == ["Eichen dort"]
    assert found(world, "eichen", year=2023) == []
    world.act(Edit(identifier(world, "Eichen neu"), {"assigned": ("schule",)}))
    world.publish()
    assert found(world, "eichen neu", "wald") == []
    assert found(world, "eichen neu", "schule") == ["Eichen neu"]


def test_a_renamed_topic_is_the_same(world: World) -> None:
    write(world, "a", "Eichen")
    poll(world)
    world.plan = replace(world.plan, topics=(Topic("forst", "Forst", kickers=("Wald",), aliases=("wald",)), SCHULE))
    prepare(world.store, world.plan, now=NOW)
    assert found(world, "eichen", "forst") == ["Eichen"]


def test_what_is_recorded_is_found_when_it_is_published(world: World) -> None:
    write(world, "a", "Eichen")
    world.poll()
    assert found(world, "eichen") == []
    world.publish()
    assert found(world, "eichen") == ["Eichen"]


def test_a_withdrawal_is_found_by_operators_alone_and_at_once(world: World) -> None:
    write(world, "a", "Eichen")
    poll(world)
    act = Withdraw(identifier(world, "Eichen"))
    world.act(act)
    assert (found(world, "eichen"), operators(world, "eichen")) == ([], ["Eichen"])
    world.publish()
    assert (found(world, "eichen"), operators(world, "eichen")) == ([], ["Eichen"])
    assert rows(world.store, "public_entry") == 0
    world.act(Restore(act.release))
    world.publish()
    assert (found(world, "eichen"), operators(world, "eichen")) == (["Eichen"], ["Eichen"])
    assert rows(world.store, "private_entry") == 0


def test_what_is_held_back_is_found_by_operators_alone(world: World) -> None:
    write(world, "a", "Eichen", sperrfrist=EMBARGO)
    write(world, "b", "Buchen")
    poll(world)
    assert (found(world, "eichen"), operators(world, "eichen")) == ([], ["Eichen"])
    assert sorted(operators(world, "weit")) == ["Buchen", "Eichen"]
    assert found(world, "weit") == ["Buchen"]
    world.act(Lift(identifier(world, "Eichen")))
    assert found(world, "eichen") == []
    world.publish()
    assert (found(world, "eichen"), operators(world, "eichen")) == (["Eichen"], ["Eichen"])


def test_a_correction_that_waits_for_its_embargo_is_not_found(world: World) -> None:
    write(world, "a", "Eichen")
    poll(world)
    write(world, "a", "Eichen", "Bald gibt es auch Buchen.", sperrfrist=EMBARGO)
    poll(world, 1)
    assert found(world, "buchen") == []
    assert found(world, "weit") == ["Eichen"]


def test_of_a_source_whose_text_stays_there_readers_search_in_the_head_alone(world: World) -> None:
    source = replace(world.source, content="teaser")
    world.plan = replace(world.plan, sources=(source,))
    write(world, "a", "Eichen", "Ganz unten steht Esche.", teaser="Oben steht Buche.")
    world.poll(NOW, source)
    world.publish()
    assert (found(world, "buche"), operators(world, "buche")) == (["Eichen"], ["Eichen"])
    assert (found(world, "esche"), operators(world, "esche")) == ([], ["Eichen"])


@pytest.mark.sqlite
def test_a_publish_of_what_is_the_same_touches_no_index(world: World) -> None:
    write(world, "a", "Eichen")
    poll(world)
    release = identifier(world, "Eichen")
    with world.store.transaction():
        world.store.feeds.write(Placement(dirty=(Dirty("release", release),)), NOW)
    told = list[str]()
    world.store._connection.db.conn.set_trace_callback(told.append)
    world.publish()
    world.store._connection.db.conn.set_trace_callback(None)
    assert any("public_entry" in statement for statement in told)
    assert [sql for sql in told if "_entry" in sql and not sql.startswith("SELECT")] == []
    assert searched(world.plan, world.store.search.standing([release])).entries == ()


@pytest.mark.sqlite
def test_an_older_store_is_made_searched_by_its_next_publish(world: World, tmp_path: Path) -> None:
    for number in range(7):
        write(world, f"{number}", f"Eiche {number}")
    write(world, "held", "Buche", sperrfrist=EMBARGO)
    poll(world)
    world.store.close()
    path = tmp_path / "s.db"
    as_it_was(path)
    with of_file(path) as store:
        world.store = store
        assert found(world, "eiche") == operators(world, "buche") == []
        store.remember("searched", "")  # what it was copied from had said so
        prepare(store, world.plan, now=NOW)
        assert operators(world, "buche") == ["Buche"]
        world.publish()
        assert len(found(world, "eiche")) == 7
        assert found(world, "buche") == []
        prepare(store, world.plan, now=NOW)
        assert store.feeds.marks() == ()


STEPS = ("new", "held", "correct", "withdraw", "restore", "lift", "edit", "topic", "embargo")


@pytest.mark.parametrize("seed", range(6))
def test_what_readers_find_is_what_is_published_and_what_operators_find_is_what_is_held(
    seed: int, world: World
) -> None:
    chance = random.Random(seed)
    for step in range(14):
        now = NOW + timedelta(hours=step)
        take(chance.choice(STEPS), step, chance, world)
        world.poll(now)
        world.publish(now)
        shown = {release.id: release for release in world.store.releases.list() if release.visible}
        db = world.store._connection
        positions = dict(db.execute("SELECT release, position FROM public_entry"))
        there = dict(db.execute("SELECT release, position FROM slot WHERE topic = ? AND shown = 1", (ALL,)))
        apart = {row for (row,) in db.execute("SELECT release FROM private_entry")}
        if "://" not in str(world.store):
            for index in ("public", "private"):  # is what stands beside it what it holds?
                db.execute(f"INSERT INTO {index}_index ({index}_index) VALUES ('integrity-check')")
        assert positions == there
        assert positions.keys() == shown.keys()
        assert apart == {release.id for release in world.store.releases.list() if not release.visible}
        for release in world.store.releases.list():
            word = f'"{" ".join(tokens(said(release))[:12])}"'
            expected = [release.id] if release.visible else []
            hits = [hit.release for hit in world.store.search.found(read(word), Filter(), limit=9)]
            assert [hit for hit in hits if hit == release.id] == expected
            assert release.id in [each.id for each in world.store.releases.listing(query=read(word))]


def take(kind: str, step: int, chance: random.Random, world: World) -> None:
    releases = [release for release in world.store.releases.list() if release.url is None]
    release = chance.choice(releases) if releases else None
    text = f"Satz {chance.randrange(9)} von {step}."
    if kind == "new" or release is None:
        return write(world, f"n{step}", f"Meldung {step}", text)
    if kind == "held":
        return write(world, f"h{step}", f"Geheim {step}", text, sperrfrist=EMBARGO)
    acts = {
        "withdraw": Withdraw(release.id),
        "restore": Restore(release.id),
        "lift": Lift(release.id),
        "edit": Edit(release.id, {"title": f"Anders {step}"}),
        "correct": Edit(release.id, {"teaser": text}, minor=chance.random() < 0.5),
        "topic": Edit(release.id, {"assigned": (chance.choice(["wald", "schule"]),)}),
        "embargo": Edit(release.id, {"embargo": Embargo(None, "Beginn")}),
    }
    with suppress(SyndicateError):
        world.act(acts[kind])


def rows(store: Store, table: str) -> int:
    ((count,),) = store._connection.execute(f"SELECT count(*) FROM {table}")
    return int(count)

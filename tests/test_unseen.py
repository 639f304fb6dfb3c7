"""What no reader has seen yields, and what becomes of it at its end."""

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from older import older
from syndicate.app import log
from syndicate.model import Polled, Source
from syndicate.pipeline import Edit, Lift, Withdraw
from syndicate.recording import mark_all
from syndicate.store import of_file
from worlds import NOW, SITE, World

HOUR = timedelta(hours=1)
URL = "https://www.talland.example/eichen"
HELD = f"---\ntitle: Eichen am Hang\ntopic: Forst\nurl: {URL}\nembargo: Kabinett\n---\n\nHundert Eichen stehen dort.\n"
OPEN = f"---\ntitle: Eichen am Hang gepflanzt\ntopic: Umwelt\nurl: {URL}\n---\n\nAm Hang wurden Eichen gepflanzt.\n"


@pytest.fixture
def world(tmp_path: Path) -> Any:
    opened = World(tmp_path)
    yield opened
    opened.close()


def other(world: World, tmp_path: Path, text: str, **fields: Any) -> Source:
    folder = tmp_path / "amt"
    folder.mkdir()
    (folder / "a.md").write_text(text, encoding="utf-8")
    source = replace(Source(id="amt", path=str(folder), tag=SITE.tag), **fields)
    world.plan = replace(world.plan, sources=(*world.plan.sources, source))
    return source


@pytest.mark.parametrize(("priority", "title"), [(0, "Eichen am Hang gepflanzt"), (1, "Von Hand")])
def test_at_its_end_it_joins_what_is_public_under_that_ones_id(
    world: World, tmp_path: Path, priority: int, title: str
) -> None:
    amt = other(world, tmp_path, HELD, priority=priority)
    held = world.poll(NOW, amt).changes[0].release
    if priority:
        world.act(Edit(held.id, {"title": "Von Hand"}), NOW)
    world.write("b.md", OPEN)
    public = world.poll(NOW + HOUR).changes[0].release
    world.act(Lift(held.id), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert world.entries() == world.entries("forst") == world.entries("umwelt") == [title]
    for name in (held.id, held.atom_id, public.id, public.atom_id, URL):
        assert world.store.releases.resolve(name).id == public.id
    assert [edition.source for edition in world.store.releases.editions(public.id)] == ["ordner", "amt"]
    mark_all(world.store, now=NOW)
    assert world.publish(NOW + 2 * HOUR) == []


def test_an_id_that_a_public_release_takes_is_made_anew(world: World, tmp_path: Path) -> None:
    amt = other(world, tmp_path, HELD.replace("url:", "id: urn:talland:eins\nurl:"))
    held = world.poll(NOW, amt).changes[0].release
    world.write(
        "b.md", OPEN.replace(URL, "https://www.talland.example/b").replace("url:", "id: urn:talland:eins\nurl:")
    )
    public = world.poll(NOW + HOUR).changes[0].release
    assert (public.id, public.atom_id) == (held.id, "urn:talland:eins")
    (waiting,) = world.store.releases.list(states=("embargoed",))
    assert waiting.id != held.id
    world.act(Lift(waiting.id), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert world.entries() == ["Eichen am Hang", "Eichen am Hang gepflanzt"]


def test_its_sources_open_word_is_its_end(world: World) -> None:
    world.write("a.md", HELD)
    held = world.poll(NOW).changes[0].release
    world.write("a.md", HELD.replace("embargo: Kabinett\n", ""))
    (change,) = world.poll(NOW + HOUR).changes
    shown = world.store.releases.get(held.id)
    assert shown
    assert (change.verdict, shown.state, shown.issued, shown.published) == ("lifted", "public", NOW + HOUR, NOW + HOUR)
    assert world.poll(NOW + 2 * HOUR).changes == ()


def test_what_was_withdrawn_under_its_embargo_stays_so(world: World) -> None:
    world.write("a.md", HELD)
    held = world.poll(NOW).changes[0].release
    world.act(Withdraw(held.id), NOW)
    world.write("a.md", HELD.replace("embargo: Kabinett\n", ""))
    world.poll(NOW + HOUR)
    world.publish(NOW + HOUR)
    assert world.entries() == []


def test_the_log_tells_nothing_of_it(world: World, tmp_path: Path) -> None:
    world.write("a.md", HELD)
    world.write("b.md", OPEN.replace(URL, f"{URL}/b"))
    source = replace(world.source, missing="withdraw")
    steps = [world.poll(NOW, source)]
    (world.folder / "a.md").unlink()
    world.write("b.md", OPEN.replace(URL, f"{URL}/b").replace("---\n\n", "embargo: Kabinett\n---\n\nNeu. "))
    steps.append(world.poll(NOW + HOUR, source))
    assert [change.verdict for change in steps[1].changes] == ["held", "withdrawn"]
    with capture_logs() as told:
        for changes in steps:
            log(Polled(source=source.id, changes=changes))
    open_lines = [line for line in told if line["log_level"] != "debug"]
    assert [(line["event"], line["new"], line["withdrawn"]) for line in open_lines] == [("ingested", 1, 0)]
    assert "Eichen" not in repr(told)  # for who looks for a fault: by its id alone


def test_a_guard_counts_what_readers_know_alone(world: World) -> None:
    source = replace(world.source, missing="withdraw")
    for n in range(40):
        text = HELD if n > 9 else OPEN
        world.write(f"{n}.md", text.replace(URL, f"{URL}/{n}").replace("Eichen", f"Eichen{n}"))
    world.poll(NOW, source)
    for n in (0, 1):  # two of ten are too many, of forty they would not be
        (world.folder / f"{n}.md").unlink()
    world.poll(NOW + HOUR, source)
    world.publish(NOW + HOUR)
    assert len(world.entries()) == 10


@pytest.mark.sqlite
def test_an_older_store_is_taken_over(tmp_path: Path) -> None:
    """Its held releases get keys of their own, and a version that waits is no edition any more."""
    path = tmp_path / "s.db"
    older(path)
    raw = sqlite3.connect(path)
    raw.executescript(
        "ALTER TABLE release DROP COLUMN unseen; DROP TABLE alias;"
        "DELETE FROM _sqlite_migrations WHERE name = 'what_nobody_has_seen'"
    )
    moment = "2026-06-01T12:00:00.000000Z"
    base = {"language": "de", "published": moment, "updated": moment, "first_seen": moment, "source": "amt"}
    held = base | {"id": "held", "atom_id": "urn:x:1", "title": "Geheim", "embargo": {"event": "Rede"}}
    public = base | {"id": "open", "atom_id": "urn:x:2", "title": "Alt", "issued": moment}
    waits = public | {"title": "Neu", "embargo": {"event": "Rede"}}
    columns = "id, atom_id, source, kicker, title, state, published, data"
    for data, state in ((held, "embargoed"), (public, "public")):
        row = (data["id"], data["atom_id"], "amt", "", data["title"], state, moment, json.dumps(data))
        raw.execute(f"INSERT INTO release ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        raw.execute("INSERT INTO key (kind, scope, value, release) VALUES ('url', '', ?, ?)", (data["id"], data["id"]))
    raw.execute(
        "INSERT INTO edition (release, source, priority, rank, data) VALUES ('open', 'amt', 0, 1, ?)",
        (json.dumps(waits),),
    )
    raw.execute("INSERT INTO pending VALUES ('open', 'amt', NULL, ?)", (json.dumps(waits),))
    raw.commit()
    raw.close()
    with of_file(path) as store:
        (edition,) = store.releases.editions("open")
        assert edition.said.title == "Alt"
        assert [release.title for release in store.releases.waits("open")] == ["Neu"]
    keys = sqlite3.connect(path).execute("SELECT scope, value FROM key ORDER BY value").fetchall()
    assert keys == [("~amt", "held"), ("", "open")]

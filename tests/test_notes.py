"""Law: what a person noted of a correction stays, the newest first, until a person takes it away."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser
import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from older import older
from syndicate.model import Note, Release, Source
from syndicate.pipeline import Edit, Lift, Restore, Split, Withdraw
from syndicate.store import of_file
from worlds import NOW, SITE, World

HOUR = timedelta(hours=1)
OTHER = "Das andere Haus sagt dasselbe mit einem Satz mehr."
STEPS = ("note", "note and title", "minor note", "title", "minor", "poll", "idle", "withdrawn", "none", "none but")


def text(number: int, embargo: str = "", topic: str = "Schule") -> str:
    front = f"title: Mensa\ntopic: {topic}\nurl: https://amt.example/mensa\n" + embargo
    return f"---\n{front}---\n\nDie Mensa in Hohenried hat seit dem Herbst {number} Plätze und ein Dach aus Holz.\n"


def edit(identifier: str, step: str, number: int) -> Edit:
    note = f"Hinweis {number} <b> & mehr" if step in ("note", "note and title", "minor note", "none but") else None
    fields = {"title": f"Mensa {number}"} if "title" in step or step == "minor" else {}
    return Edit(identifier, fields, note, minor="minor" in step, no_notes=step.startswith("none"))


def after(step: str, number: int, noted: list[str]) -> list[str]:
    kept = [] if step.startswith("none") else noted
    said = edit("", step, number).note
    return [said, *kept] if said else kept


def notes(release: Release) -> list[str]:
    return [note.text for note in release.notes]


def opened(world: World) -> dict[str, list[str]]:
    """What the first release opens with, by output."""
    (page,) = (world.feeds / "releases").glob("*.html")
    items = json.loads((world.feeds / "all.json").read_text("utf-8"))["items"]
    markup = {
        "atom": feedparser.parse((world.feeds / "all.atom").read_bytes()).entries[0].content[0].value,
        "rss": feedparser.parse((world.feeds / "all.rss").read_bytes()).entries[0].content[0].value,
        "json": items[0]["content_html"],
        "html": page.read_text("utf-8"),
    }
    found = {}
    for name, body in markup.items():
        lines = [str(p.text_content()) for p in lxml.html.fromstring(f"<div>{body}</div>").iter("p")]
        found[name] = [line for line in lines if line.startswith("Korrigierte Fassung vom ")]
        if name != "html":
            assert lines[: len(found[name])] == found[name]
    return found


@settings(max_examples=12)
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=7))
@example(["note", "minor", "poll", "note and title", "withdrawn", "idle", "minor note"])
@example(["note", "none but", "poll", "none"])
def test_whatever_is_done_the_notes_stay(steps: list[str]) -> None:
    with TemporaryDirectory() as root:
        world = World(Path(root))
        world.write("a.md", text(0))
        identifier = world.poll().changes[0].release.id
        noted, moment = list[str](), NOW
        for number, step in enumerate(steps, 1):
            moment += HOUR
            if step == "poll":
                world.write("a.md", text(number))
            if step in ("poll", "idle"):
                world.poll(moment)
            elif step == "withdrawn":
                world.act(Withdraw(identifier), moment)
                world.act(Restore(identifier), moment + timedelta(minutes=1))
            else:
                world.act(edit(identifier, step, number), moment)
                noted = after(step, number, noted)
            release = world.store.releases.get(identifier)
            assert release
            assert notes(release) == noted
        world.publish(moment)
        lines = opened(world)
        world.close()
        assert [len(found) for found in lines.values()] == 4 * [len(noted)]
        assert all(line.endswith(note) for found in lines.values() for line, note in zip(found, noted, strict=True))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


def test_each_note_has_its_own_day_and_time(world: World) -> None:
    world.write("a.md", text(0))
    identifier = world.poll().changes[0].release.id
    world.act(Edit(identifier, note="Es waren 40 Plätze."), NOW + HOUR)
    world.act(Edit(identifier, {"title": "Mensa"}, note="Ein Komma fehlte.", minor=True), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert opened(world)["json"] == [
        "Korrigierte Fassung vom 1. Juni 2026, 16:00 Uhr: Ein Komma fehlte.",
        "Korrigierte Fassung vom 1. Juni 2026, 15:00 Uhr: Es waren 40 Plätze.",
    ]
    release = world.store.releases.get(identifier)
    assert release
    assert release.updated == NOW + HOUR  # the second was a typo


@pytest.mark.parametrize("also_public", [False, True])
def test_notes_outlive_the_end_of_an_embargo(world: World, also_public: bool) -> None:
    """Of what nobody has seen; and where its source says it in public before, of what readers then have."""
    world.write("a.md", text(0, "embargo: Redebeginn\n"))
    identifier = world.poll().changes[0].release.id
    world.act(Edit(identifier, note="Die Zahl stimmt jetzt."), NOW + HOUR)
    if also_public:
        world.write("b.md", text(0).replace("Mensa", "Kantine", 1))
        world.poll(NOW + HOUR)
        world.write("a.md", text(0))
        world.poll(NOW + 2 * HOUR)
    else:
        world.act(Lift(identifier), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert [*map(len, opened(world).values())] == [1, 1, 1, 1]


def test_notes_outlive_a_held_version_and_a_second_edition(world: World, tmp_path: Path) -> None:
    world.write("a.md", text(0))
    identifier = world.poll().changes[0].release.id
    world.act(Edit(identifier, note="Eins."), NOW + HOUR)
    world.write("a.md", text(1, "embargo: Redebeginn\n"))
    world.poll(NOW + 2 * HOUR)
    world.act(Edit(identifier, note="Zwei."), NOW + 3 * HOUR)
    (change, *_) = world.act(Lift(identifier), NOW + 4 * HOUR).changes
    assert notes(change.release) == ["Zwei.", "Eins."]
    folder = tmp_path / "andere"
    folder.mkdir()
    (folder / "b.md").write_text(text(1).replace("Holz.", f"Holz. {OTHER}"), "utf-8")
    other = Source(id="andere", path=str(folder), tag=SITE.tag, priority=1)
    world.plan = replace(world.plan, sources=(world.source, other))
    (change, *_) = world.poll(NOW + 5 * HOUR, other).changes
    assert (change.release.id, OTHER in change.release.content) == (identifier, True)
    rest, apart = world.act(Split(identifier, "andere"), NOW + 6 * HOUR).changes
    assert (notes(rest.release), notes(apart.release)) == (["Zwei.", "Eins."], [])  # they tell of what was edited there


@pytest.mark.sqlite
def test_an_older_store_has_every_note_again(tmp_path: Path) -> None:
    """Each revision had its own, and the next one lost it."""
    path = tmp_path / "s.db"
    older(path)
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM _sqlite_migrations WHERE name = 'notes_that_stay'")
    moments = [f"2026-06-01T1{n}:00:00.000000Z" for n in range(4)]
    base = {"id": "r", "atom_id": "urn:x:1", "title": "T", "language": "de", "published": moments[0]}
    versions = [base | {"first_seen": moments[0], "updated": moments[n]} for n in range(4)]
    versions[1] |= {"note": "Eins."}
    versions[2] |= {"note": "Eins."}  # that of a silent replacement
    versions[3] |= {"note": "Zwei."}
    raw.execute(
        "INSERT INTO release (id, atom_id, kicker, title, state, published, data)"
        " VALUES ('r', 'u', '', 't', 'public', ?, ?)",
        (moments[0], json.dumps(versions[3])),
    )
    for number, (version, fields) in enumerate(zip(versions, ("", "title,note", "content", "note"), strict=True), 1):
        raw.execute(
            "INSERT INTO revision VALUES ('r', ?, ?, 'corrected', ?, NULL, ?)",
            (number, moments[0], fields, json.dumps(version)),
        )
    raw.commit()
    raw.close()
    with of_file(path) as store:
        release = store.releases.get("r")
        revisions = store.releases.history("r").revisions
    assert release
    assert release.notes == (
        Note(datetime(2026, 6, 1, 13, tzinfo=UTC), "Zwei."),
        Note(datetime(2026, 6, 1, 11, tzinfo=UTC), "Eins."),
    )
    assert [notes(revision.release) for revision in revisions] == [[], ["Eins."], ["Eins."], ["Zwei."]]

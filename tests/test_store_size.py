"""How much a store takes, beside what was said; and what it keeps once follows what it stands for."""

import json
import random
import re
import sqlite3
from array import array
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from worlds import NOW, World

pytestmark = pytest.mark.sqlite

MANY, MOST = 200, 1.35  # releases, and how many times what was said they take with all tables, without half-full pages
SEARCHED = 1.3  # the same of what is searched in
_LEXICON = (
    "Ährenfeld Bahnhof Bergwald Brücke Deich Erlenstadt Feuerwehr Gemeinde Haushalt Jugend Klinik Kreis "
    "Lehrkräfte Ministerium Museum Orchester Pflege Quartier Rathaus Schiene Schule Sommer Straße Übung Zukunft "
    "beginnt bleibt erhält fördert plant prüft"
)
WORDS = _LEXICON.split()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, page_size=5)
    yield world
    world.close()


def item(number: int, *, more: str = "") -> dict[str, Any]:
    words = random.Random(number)
    texts = [" ".join(words.choices(WORDS, k=60)) for _ in range(7)]
    return {
        "id": f"m-{number}",
        "url": f"https://amt.example/meldung/{number}",
        "title": f"Meldung {number} aus {words.choice(WORDS)}{more}",
        "content_html": "".join(f"<p>{text}, <em>{number}</em>.</p>\n" for text in texts),
        "date_published": f"2026-{number % 5 + 1:02}-{number % 28 + 1:02}T10:00:00Z",
    }


def write(world: World, *items: dict[str, Any]) -> str:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Amt", "items": items}
    said = json.dumps(feed, ensure_ascii=False)
    world.write("feed.json", said)
    return said


def rows(world: World, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(str(world.store)) as raw:
        found = raw.execute(sql).fetchall()
    raw.close()
    return found


def test_a_store_is_not_much_larger_than_what_was_said(world: World) -> None:
    said = len(write(world, *map(item, range(MANY))).encode())
    world.poll()
    world.publish()
    try:
        taken = dict(rows(world, "SELECT name, sum(payload + 3 * ncell) FROM dbstat GROUP BY name"))
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no dbstat")
    assert rows(world, "SELECT count(*) FROM release") == [(MANY,)]
    searched = sum(taken[name] for name in taken if re.search("_(index|entry)", name.removeprefix("sqlite_autoindex")))
    assert 0.1 * said < searched < SEARCHED * said, taken
    assert sum(taken.values()) - searched - taken["sqlite_schema"] < MOST * said, taken


def test_the_numbers_of_a_text_stand_in_its_row_and_in_the_tree(world: World) -> None:
    for at, items in enumerate(([item(1), item(2)], [item(1), {**item(2), "content_html": item(3)["content_html"]}])):
        write(world, *items)
        world.poll(NOW + at * timedelta(hours=2))
        held = {(n, i) for i, blob in rows(world, "SELECT id, sketch FROM release") for n in array("q", blob)}
        assert held == {*rows(world, "SELECT value, release FROM sketch JOIN words ON words.id = sketch.words")}
        assert len(held) == 32


def test_a_revision_stays_as_it_was_where_its_release_is_another(world: World) -> None:
    for at, more in enumerate(("", " und Wald", " und Wald und Deich")):
        write(world, item(1, more=more))
        world.poll(NOW + at * timedelta(hours=2))
    (release,) = world.store.releases.listing()
    titles = [each.release.title for each in world.store.releases.history(release.id).revisions]
    assert titles == [item(1, more=more)["title"] for more in ("", " und Wald", " und Wald und Deich")]
    assert rows(world, "SELECT number FROM revision WHERE own IS NULL") == [(3,)]

"""The lines of entries are made once and kept: what that costs, when they go, and that nobody can tell."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from syndicate.documents import Renderer
from syndicate.model import Changes, Topic
from syndicate.pipeline import Restore, Withdraw, prepare
from syndicate.recording import mark_all
from worlds import NOW, World

entries = sys.modules[Renderer.__module__.replace("renderer", "entries")]
TOPIC = Topic("forst", "Forst", kickers=("Forst",))
# Tables that grow with what is held; the others are as long as the configuration, or as what is to be done.
GROWING = "release|slot|page|published|fragment|related|correction|media|key|edition|revision|event"
GROWING += "|version|announced|happened"
# A walk through all of a feed, or through all that have a state, is as long as one through the table.
WALKS = re.compile(
    rf"SCAN (?:{GROWING})\b|USING INDEX release_state\b|slot USING (?:PRIMARY KEY|INDEX \w+) \(topic=\?\)$"
)


def text(n: int, said: str = "Eichen wachsen langsam") -> str:
    head = f"title: Meldung {n} aus dem Wald\ntopic: Forst\ndate: 2026-05-{n % 28 + 1:02}"
    return f"---\n{head}\n---\n{said}, zum {n}. Mal.\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, topics=(TOPIC,), page_size=3)
    for n in range(12):
        world.write(f"{n}.md", text(n))
    world.poll()
    world.publish()
    yield world
    world.close()


def made(world: World) -> list[str]:
    """Publish; which releases' lines were made for that, by form."""
    calls = list[str]()
    real = entries.Entries._make

    def noted(self, known, page, forms):  # type: ignore[no-untyped-def]
        calls.append(known.shown.id)
        return real(self, known, page, forms)

    with patch.object(entries.Entries, "_make", noted):
        world.publish()
    return calls


def kept(world: World) -> set[str]:
    return {row[0] for row in world.store._connection.execute("SELECT release FROM fragment")}


def test_one_more_release_makes_its_own_lines_alone(world: World) -> None:
    world.write("new.md", text(20))
    changes = world.poll()
    assert {*made(world)} == {change.release.id for change in changes.changes if change.verdict == "new"}
    mark_all(world.store, now=NOW)
    heads = {each.id for topic in ("all", "forst") for each in world.store.feeds.head(topic).shown}
    assert heads.isdisjoint(made(world))


def test_what_stands_on_closed_pages_of_several_feeds_is_made_once_however_many_they_are(world: World) -> None:
    for n in range(20, 68):
        world.write(f"{n}.md", text(n))
    world.poll()
    world.store.fragments.drop_all()
    mark_all(world.store, now=NOW)
    calls = Counter[tuple[str, str]]()
    real = entries.entry

    def noted(release, page, form, content):  # type: ignore[no-untyped-def]
        calls[release.id, form] += 1
        return real(release, page, form, content)

    with patch.object(entries, "entry", noted):
        world.publish()
    closed = [path for path in world.bytes() if re.fullmatch(r"(?:.*/)?(?:all|forst)/\d+\.atom", path)]
    assert len(closed) > 30
    assert {*calls.values()} == {1}


def test_what_leaves_every_head_is_kept_no_longer(world: World) -> None:
    for n in range(20, 44):
        world.write(f"{n}.md", text(n))
        world.poll()
        world.publish()
    heads = {each.id for topic in ("all", "forst") for each in world.store.feeds.head(topic).shown}
    fresh = world.store.feeds.on_pages("all", range(world.store.feeds.highest_page("all") // 4 * 4 + 1, 99))
    assert kept(world) - {""} == heads | {each.id for each in fresh}


def test_what_is_taken_back_is_kept_nowhere_and_comes_back_as_it_was(world: World) -> None:
    before = world.bytes()
    one = world.store.feeds.head("forst").shown[0].load()
    world.act(Withdraw(one.id), NOW + timedelta(hours=1))
    world.publish(NOW + timedelta(hours=1))
    assert one.id not in kept(world)
    rows = world.store._connection.execute("SELECT body FROM fragment").fetchall()
    assert not any(one.title.encode() in body for (body,) in rows)
    world.act(Restore(one.id), NOW + timedelta(hours=2))
    world.publish(NOW + timedelta(hours=2))
    assert one.title in world.entries("forst")
    assert one.title.encode() in before["forst.atom"]


@pytest.mark.parametrize(
    "other",
    [
        lambda world: replace(world.plan, site=replace(world.plan.site, language="en")),
        lambda world: replace(world.plan, topics=(replace(TOPIC, title="Wald"),)),
        lambda world: replace(world.plan, topics=(Topic("wald", "Wald", kickers=("Forst",), aliases=("forst",)),)),
        lambda world: replace(world.plan, publish=replace(world.plan.publish, formats=("json", "atom"))),
        lambda world: replace(world.plan, sources=(replace(world.source, content="teaser"),)),
    ],
    ids=["language", "title", "renamed", "formats", "teasers"],
)
def test_another_plan_makes_them_anew(world: World, tmp_path: Path, other) -> None:  # type: ignore[no-untyped-def]
    world.plan = other(world)
    prepare(world.store, world.plan, now=NOW)
    world.publish()
    with world.store.transaction():
        world.store.fragments.drop_all()
    mark_all(world.store, now=NOW)
    assert world.publish() == []


def test_lines_that_a_feed_cannot_bear_are_found_once_and_ring_each_time(world: World) -> None:
    bad = world.store.feeds.head("forst").shown[0].id

    def wrong(lines: bytes, media_type: str) -> tuple[str, ...]:
        return ("no good",) if bad.encode() in lines or b"Meldung 11" in lines else ()

    with world.store.transaction():
        world.store.fragments.drop_all()
    mark_all(world.store, now=NOW)
    with patch.object(entries, "faults_of_entry", wrong):
        world.publish()
    for _ in range(2):
        assert [(a.kind, a.subject) for a in world.store.alarms.list()] == [("render", bad)]
        assert len(world.entries("forst")) == len(world.store.feeds.head("forst").shown) - 1
        mark_all(world.store, now=NOW)
        world.publish()


def test_what_stands_on_each_page_for_people_is_checked_for_all_of_them(world: World) -> None:
    site = replace(world.plan.site, imprint_url="javascript:alert(1)")
    mark_all(world.store, now=NOW)
    renderer = Renderer(world.store, replace(world.plan, site=site), NOW)
    names = [document.path for document in renderer.documents(world.store.feeds.marks())]
    assert [name for name in names if name.endswith(".html")] == ["404.html"]
    assert {
        "forst.html",
        "index.html",
        world.store.feeds.head("forst").shown[0].id,
    } <= renderer.validation.failed.keys()


def statements(world: World) -> list[str]:
    said = list[str]()
    raw = world.store._connection.db.conn
    raw.set_trace_callback(said.append)
    world.publish()
    raw.set_trace_callback(None)
    return [sql for sql in said if not sql.startswith("-- ")]  # which another one does within itself


@pytest.mark.sqlite
def test_one_release_is_published_by_few_statements_none_of_which_walks_through_what_is_held(world: World) -> None:
    world.write("new.md", text(20))
    world.poll()
    said = statements(world)
    assert len(said) <= 40
    plans = [(sql, row[3]) for sql in said for row in explained(world, sql)]
    assert plans
    assert [(sql, plan) for sql, plan in plans if WALKS.search(plan)] == []


def explained(world: World, sql: str) -> list[tuple[int, int, int, str]]:
    if not sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
        return []
    found: list[tuple[int, int, int, str]] = world.store._connection.db.conn.execute(
        f"EXPLAIN QUERY PLAN {sql}"
    ).fetchall()
    return found


def test_a_kill_before_they_are_kept_loses_nothing(world: World) -> None:
    world.put(Changes(changes=()))
    world.write("new.md", text(20))
    world.poll()
    with (
        patch.object(type(world.store.fragments), "keep", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        world.publish()
    assert world.store.feeds.marks()
    page = next(f"releases/{each.id}.html" for each in world.store.releases.list() if "Meldung 20 " in each.title)
    assert {"forst.atom", page} <= {*world.publish()}  # their bytes are there, but nobody has been told of them
    assert world.publish() == []
    mark_all(world.store, now=NOW)
    assert world.publish() == []


def test_a_topic_that_comes_while_a_run_is_under_way_is_named_by_what_is_made_in_it(tmp_path: Path) -> None:
    """Another source has been recorded between a run's begin and what it reads: its lines are the next run's, too."""
    world = World(tmp_path)
    world.write("a.md", text(1))
    world.poll()
    begun = Renderer(world.store, world.plan, NOW)
    world.write("b.md", text(2, "Der Zug hält wieder").replace("topic: Forst", "topic: Bahn"))
    world.poll()
    for _ in begun.documents(world.store.feeds.marks()):
        pass
    with world.store.transaction():
        begun.keep()
    world.publish()
    published = world.bytes()
    world.store.fragments.drop_all()
    mark_all(world.store, now=NOW)
    world.publish()
    assert world.bytes() == published
    assert 'term="bahn"' in (world.feeds / "bahn.atom").read_text("utf-8")
    world.close()

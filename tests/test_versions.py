"""The versions of feeds' documents, and what is told of releases: what makes one, what does not.

A publish that comes to an end anywhere loses and doubles none.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import pytest

from older import as_it_was
from syndicate.adopt import adopt
from syndicate.model import Topic
from syndicate.pipeline import Edit, Lift, Withdraw, prepare
from syndicate.recording import expire, mark_all
from syndicate.store import MOST, Made, of_file
from test_store_statements import scans
from worlds import NOW, SITE, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FORST = Topic("forst", "Forst")
DATED = "---\ntitle: {title}\ntopic: Forst\ndate: 2026-05-31T10:00:00Z\n{more}---\nEichen wachsen langsam. {text}\n"


def write(world: World, name: str, text: str = "", more: str = "") -> None:
    world.write(f"{name}.md", DATED.format(title=f"Meldung {name} aus dem Wald", more=more, text=text))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield (opened := opened_at(tmp_path))
    opened.close()


def opened_at(root: Path, *formats: str) -> World:
    world = World(root, topics=(FORST,), page_size=2, html=False)
    world.plan = replace(world.plan, publish=replace(world.plan.publish, formats=formats or ("atom", "json")))
    prepare(world.store, world.plan, now=NOW)
    return world


def versions(world: World) -> list[tuple[object, ...]]:
    rows = world.store._connection.execute("SELECT document, hash, at, superseded FROM version ORDER BY id")
    return [tuple(row) for row in rows]


def happened(world: World) -> list[tuple[str, str, int]]:
    named = {release.id: release.title.split()[1] for release in world.store.releases.list()}
    return [(each.kind, named[each.release], each.revision) for each in world.store.happened.since(0)]


def of(world: World, name: str) -> str:
    return next(release.id for release in world.store.releases.list() if f" {name} " in release.title)


def test_a_version_has_what_the_tag_says_and_there_is_one_for_each_document_of_a_feed(world: World) -> None:
    for name in "abcdef":
        write(world, name)
    world.poll()
    world.publish()
    pages = [f"{topic}{page}" for topic in ("all", "forst") for page in ("", "/1", "/2")]
    names = {f"{page}.{form}" for page in pages for form in ("atom", "json")}
    assert {row[0] for row in versions(world)} == names
    for name in names:
        digits = sha256((world.feeds / name).read_bytes()).hexdigest()[:32]
        found = world.store.versions.latest(name)
        assert found is not None
        assert found == world.store.versions.of(name, digits)
        assert (found.at, found.superseded) == (NOW, None)
        assert (found.positions is None) == ("/" in name)
    assert world.store.versions.of("forst.atom", "0" * 32) is None


def test_the_one_before_is_superseded_when_the_next_one_comes(world: World) -> None:
    write(world, "a")
    world.poll()
    world.publish()
    first = world.store.versions.latest("forst.atom")
    write(world, "a", "Neu.")
    world.poll(now=NOW + HOUR)
    world.publish(NOW + HOUR)
    assert first is not None
    (second,) = world.store.versions.since("forst.atom", first.id)
    known = world.store.versions.of("forst.atom", first.hash)
    assert known == first._replace(superseded=NOW + HOUR)
    assert (second.at, second.superseded) == (NOW + HOUR, None)


def _published_again(world: World) -> None:
    world.publish(NOW + HOUR)


def _deleted(world: World) -> None:
    (world.feeds / "forst.atom").unlink()
    (world.feeds / "forst.json").write_text("Meins.")
    prepare(world.store, world.plan, now=NOW + HOUR)
    world.plan = replace(world.plan)


def _restyled(world: World) -> None:
    world.plan = replace(world.plan, site=replace(SITE, title="Anders"))
    prepare(world.store, world.plan, now=NOW + HOUR)


def _restyled_and_deleted(world: World) -> None:
    (world.feeds / "forst.atom").unlink()
    _restyled(world)


def _corrected(world: World) -> None:
    write(world, "a", "Neu.")
    world.poll(now=NOW + HOUR)


def _corrected_and_restyled(world: World) -> None:
    _corrected(world)
    _restyled(world)


def _restyled_and_corrected(world: World) -> None:
    _restyled(world)
    _corrected(world)


def _minor(world: World) -> None:
    world.act(Edit(of(world, "a"), {"title": "Meldung a im Wald"}, minor=True), NOW + HOUR)


# What is done, and how many versions of the head there are after that: one, or the one that was and a new one.
ROWS: list[tuple[Callable[[World], None], int, list[str]]] = [
    (_published_again, 1, []),
    (_deleted, 1, []),
    (_restyled, 1, []),
    (_restyled_and_deleted, 1, []),
    (_minor, 2, []),
    (_corrected, 2, ["corrected"]),
    (_corrected_and_restyled, 2, ["corrected"]),
    (_restyled_and_corrected, 2, ["corrected"]),
]


@pytest.mark.parametrize(("act", "rows", "told"), ROWS, ids=[act.__name__ for act, *_ in ROWS])
def test_what_makes_a_version(world: World, act: Callable[[World], None], rows: int, told: list[str]) -> None:
    write(world, "a")
    world.poll()
    world.publish()
    act(world)
    world.publish(NOW + HOUR)
    found = world.store.versions.since("forst.atom", 0)
    assert len(found) == rows
    assert found[-1].hash == sha256((world.feeds / "forst.atom").read_bytes()).hexdigest()[:32]
    assert found[0].at == NOW
    assert [kind for kind, *_ in happened(world)] == ["published", *told]


class Killed(BaseException):
    """The machine has lost its power."""


class Counted:
    """Ends at the n-th of the steps that it is told of."""

    def __init__(self, left: int) -> None:
        self.left = left

    def before(self, function: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **named: object) -> object:
            self.left -= 1
            if self.left < 0:
                raise Killed
            return function(*arguments, **named)

        return step


def killed(world: World, step: int, now: datetime) -> bool:
    """Publish until that step; whether it came to that."""
    counted, store = Counted(step), world.store
    steps: list[tuple[object, str]] = [(os, "replace"), (os, "unlink")]
    steps += [(store.outputs, "own"), (store.outputs, "wrote"), (store.versions, "put"), (store.happened, "put")]
    steps += [(store.feeds, "clear"), (store.fragments, "keep"), (store.alarms, "list")]
    patches = [patch.object(owner, name, counted.before(getattr(owner, name))) for owner, name in steps]
    # One mark a batch; and nobody waits for the disk.
    patches += [patch.object(sys.modules["syndicate.pipeline.syndicate"], "_BATCH", 20), patch("os.fsync")]
    for each in patches:
        each.start()
    try:
        world.publish(now)
    except Killed:
        return True
    finally:
        for each in reversed(patches):
            each.stop()
    return False


@pytest.mark.sqlite
def test_whatever_step_a_publish_comes_to_an_end_at_no_version_and_no_event_is_lost_or_doubled(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    world = opened_at(first, "atom")
    for name in "abef":
        write(world, name)
    write(world, "held", more="embargo: Redebeginn\n")
    world.poll()
    world.publish()
    write(world, "f", "Neu.")
    write(world, "new")
    world.poll(now=NOW + HOUR)
    world.act(Withdraw(of(world, "b")), NOW + HOUR)
    world.act(Lift(of(world, "held")), NOW + HOUR)
    world.act(Edit(of(world, "e"), {"title": "Meldung e im Wald"}, minor=True), NOW + HOUR)
    world.store.close()

    def at(root: Path) -> World:
        """As a program starts there again, with the same configuration: nothing is marked for that."""
        started = copy(world)
        started.store, started.feeds = of_file(root / "s.db"), root / "feeds"
        started.plan = replace(world.plan, publish=replace(world.plan.publish, directory=started.feeds))
        prepare(started.store, started.plan, now=NOW + HOUR)
        return started

    def played(step: int) -> tuple[bool, list[tuple[object, ...]], list[tuple[str, str, int]], dict[str, bytes]]:
        root = tmp_path / f"{step}"
        shutil.copytree(first, root)
        begun = at(root)
        came_to_it = killed(begun, step, NOW + HOUR)
        begun.store.close()
        again = at(root)
        again.publish(NOW + HOUR)
        outcome = (sorted(versions(again), key=str), sorted(happened(again)), again.bytes())
        again.store.close()
        shutil.rmtree(root)
        return came_to_it, *outcome

    (came_to_it, *whole), step = played(10_000), 0
    assert not came_to_it
    assert {kind for kind, *_ in whole[1]} == {"published", "corrected", "withdrawn", "lifted"}
    while True:
        came_to_it, *found = played(step)
        assert found == whole, step
        if not came_to_it:
            break
        step += 1
    assert step > 30
    world.close()


def played(world: World) -> None:
    """One release that was withdrawn, one under embargo, two that are there."""
    for name in "abc":
        write(world, name)
    write(world, "held", more="embargo: Redebeginn\n")
    world.poll()
    world.publish()
    world.act(Withdraw(of(world, "a")), NOW)
    world.publish()


def _by_an_earlier_program(world: World, path: Path) -> None:
    world.store.close()
    as_it_was(path)
    world.store = of_file(path)


def _adopted(world: World, path: Path) -> None:
    world.store.close()
    path.unlink()
    world.store = of_file(path)
    adopt(world.store, world.plan, now=NOW)
    world.poll(now=NOW + HOUR)


@pytest.mark.sqlite
@pytest.mark.parametrize("begun", [_by_an_earlier_program, _adopted], ids=lambda begun: begun.__name__)
def test_a_past_is_not_announced(world: World, begun: Callable[[World, Path], None]) -> None:
    played(world)
    before = (world.feeds / "forst.atom").read_bytes()
    begun(world, Path(str(world.store)))
    prepare(world.store, world.plan, now=NOW + HOUR)
    world.publish(NOW + HOUR)
    assert (world.feeds / "forst.atom").read_bytes() == before
    assert happened(world) == []
    found = world.store.versions.latest("forst.atom")
    assert found is not None
    assert found.positions is not None
    write(world, "b", "Neu.")
    world.poll(now=NOW + 2 * HOUR)
    world.act(Withdraw(of(world, "c")), NOW + 2 * HOUR)
    world.act(Lift(of(world, "held")), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert sorted(happened(world)) == [("corrected", "b", 2), ("lifted", "held", 1), ("withdrawn", "c", 1)]
    assert world.store.versions.of("forst.atom", found.hash) == found._replace(superseded=NOW + 2 * HOUR)


@pytest.mark.sqlite
def test_who_held_what_an_earlier_program_published_is_known(world: World) -> None:
    played(world)
    hashes = {row[:2] for row in versions(world) if row[3] is None}
    _by_an_earlier_program(world, Path(str(world.store)))
    assert {row[:2] for row in versions(world)} == hashes


@pytest.mark.parametrize(("date", "told"), [("2019-05-31", 2), ("2026-05-31", 20)])
def test_of_an_archive_that_is_read_in_happens_what_is_news(world: World, date: str, told: int) -> None:
    for number in range(20):
        text = DATED.format(title=f"Meldung {number} aus dem Wald", more="", text="")
        world.write(f"{number:02}.md", text.replace("2026-05-31", date))
    world.poll()
    world.publish()
    assert len(world.entries()) == 2
    assert [kind for kind, *_ in happened(world)] == ["published"] * told


def test_a_version_is_known_for_thirty_days_after_the_next_one_has_come(world: World) -> None:
    write(world, "a")
    world.poll()
    world.publish()
    write(world, "a", "Neu.")
    world.poll(now=NOW + 40 * DAY)
    world.publish(NOW + 40 * DAY)
    for days, rows, told in ((69, 2, 1), (71, 1, 0)):  # the first thing that happened was forty days before
        expire(world.store, world.plan.publish, now=NOW + days * DAY)
        assert len(world.store.versions.since("forst.atom", 0)) == rows
        assert len(world.store.happened.since(0)) == told


def test_a_document_has_so_many_versions_at_most(world: World) -> None:
    for number in range(MOST + 7):
        world.store.versions.put([Made("all.atom", f"{number:032}", number), Made("b.atom", f"{number % 9}", 1)], NOW)
    world.store.versions.expire(NOW - DAY)
    found = world.store.versions.since("all.atom", 0)
    assert [version.generation for version in found] == [*range(7, MOST + 7)]
    assert world.store.versions.latest("all.atom") == found[-1]


def test_a_document_that_is_there_no_more_ends(world: World) -> None:
    write(world, "a")
    world.poll()
    world.publish()
    world.plan = replace(
        world.plan,
        topics=(replace(FORST, id="wald", aliases=("forst",)),),
        publish=replace(world.plan.publish, formats=("atom",)),
    )
    prepare(world.store, world.plan, now=NOW + HOUR)
    world.publish(NOW + HOUR)
    assert (world.feeds / "forst.atom").exists()  # a copy
    last = {name: superseded for name, _, _, superseded in versions(world) if superseded is None}
    assert sorted(last) == ["all.atom", "wald.atom"]


@pytest.mark.sqlite
def test_what_is_asked_of_versions_walks_through_none(world: World) -> None:
    told = list[str]()
    raw = world.store._connection.db.conn
    raw.set_trace_callback(told.append)
    world.store.versions.of("all.atom", "0" * 32)
    world.store.versions.latest("all.atom")
    world.store.versions.since("all.atom", 5)
    world.store.versions.put([Made("all.atom", "0" * 64, 1)], NOW)
    world.store.versions.end(["all.atom"], NOW)
    world.store.happened.since(5)
    world.store.happened.last()
    world.store.happened.of("x")
    world.store.happened.before(["x", "y"])
    world.store.happened.expire(NOW)
    world.store.feeds.closed_since("all", 5)
    raw.set_trace_callback(None)
    assert len(told) > 11
    assert [found for statement in told for found in scans(world, statement)] == []


@pytest.mark.sqlite
def test_a_first_publish_asks_no_more_for_more_releases_of_a_batch(world: World) -> None:
    world.plan = replace(world.plan, publish=replace(world.plan.publish, page_size=50))
    counts = list[int]()
    for many in (10, 40):
        for number in range(many):
            write(world, f"{many}x{number}")
        world.poll()
        told = list[str]()
        world.store._connection.db.conn.set_trace_callback(told.append)
        world.publish()
        world.store._connection.db.conn.set_trace_callback(None)
        counts.append(sum(bool(re.search(r"\b(?:version|happened|announced)\b", each)) for each in told))
    assert counts[0] == counts[1] < 10


def test_a_map_of_several_pages_is_told_once(tmp_path: Path) -> None:
    """It is made with each of its pages, and was known to be published by those alone that were made with it."""
    world = World(tmp_path, page_size=2)
    try:
        for many in (8, 2):
            for number in range(many):
                world.write(f"{many}-{number}.md", f"---\ntitle: Meldung {many} {number}\ntopic: Forst\n---\nText.\n")
            world.poll(NOW)
            written = world.publish(NOW)
        assert "sitemaps/1.xml" in written
        mark_all(world.store, now=NOW)
        assert world.publish(NOW) == []
    finally:
        world.close()

"""Topics whose ids were free when they were made."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest

from syndicate.classify import LATER, RESERVED
from syndicate.config import load, warnings
from syndicate.pipeline import prepare, reclassify, with_reserved
from worlds import NOW, SITE, World

NAMES = sorted(LATER)


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A site of the program as it was: kickers make topics of these names."""
    world = World(tmp_path)
    monkeypatch.setattr("syndicate.classify.RESERVED", RESERVED - LATER)
    for name in NAMES:
        world.write(f"{name}.md", f"---\ntitle: Über {name}\ntopic: {name.title()}\n---\n\nText über {name}.\n")
    world.poll()
    world.publish()
    monkeypatch.undo()
    yield world
    world.close()


def restarted(world: World) -> None:
    world.plan = with_reserved(world.store, world.plan)
    prepare(world.store, world.plan, now=NOW)
    reclassify(world.store, plan=world.plan, now=NOW)
    world.publish()


def test_a_kickers_topic_keeps_its_addresses_and_its_ids(earlier: World) -> None:
    before = {name: feedparser.parse((earlier.feeds / f"{name}.atom").read_bytes()).feed.id for name in NAMES}
    for _ in range(2):  # the second time the store alone tells of the earlier names
        earlier.plan = replace(earlier.plan, topics=())
        restarted(earlier)
        now = dict(earlier.plan.renamed)
        assert {*now} == {*NAMES}
        assert {*now.values()} <= {path.stem for path in earlier.feeds.glob("thema-*.atom")}
        for name, topic in now.items():
            feed = feedparser.parse((earlier.feeds / f"{name}.atom").read_bytes())
            assert feed.feed.id == before[name]
            (own,) = (link.href for link in feed.feed.links if link.rel == "self")
            assert own == f"{SITE.base_url}{topic}.atom"
            assert [entry.title for entry in feed.entries] == [f"Über {name}"]
            assert (earlier.feeds / f"{name}.html").is_file()
        assert f"{SITE.base_url}{now['robots']}.atom" in (earlier.feeds / "topics.opml").read_text("utf-8")
        assert (earlier.feeds / "robots.txt").read_text("utf-8").startswith("User-agent")


def test_a_new_topic_of_such_a_name_has_no_such_address(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write("a.md", "---\ntitle: Eins\ntopic: Robots\n---\n\nText.\n")
    world.poll()
    restarted(world)
    assert not (world.feeds / "robots.atom").exists()
    assert len([*world.feeds.glob("thema-*.atom")]) == 1
    assert world.plan.topics == ()
    world.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_configured_one_keeps_its_addresses(tmp_path: Path, name: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[[topic]]\nid = "{name}"\ntitle = "Suche"\naliases = ["finden"]\n', encoding="utf-8")
    plan = load(path)
    (topic,) = plan.topics
    assert topic.id.startswith("thema-")
    assert topic.aliases == (name, "finden")
    assert plan.renamed[name] == topic.id
    assert any(f'"{name}" is an address of the program' in told for told in warnings(plan))

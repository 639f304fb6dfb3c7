"""ninjs through a release's life: a document for each release, and the heads."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate.documents import delta
from syndicate.pipeline import Edit, Lift, Restore, Withdraw, prepare
from syndicate.validate import faults
from worlds import NOW, World

HOUR = timedelta(hours=1)
TEXT = "---\ntitle: Neue Brücke\ntopic: Verkehr\n{}---\nÜber die Talle führt wieder eine Brücke aus Stein.\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, html=False)
    world.plan = replace(world.plan, publish=replace(world.plan.publish, formats=("ninjs",)))
    prepare(world.store, world.plan, now=NOW)
    yield world
    world.close()


def published(world: World) -> dict[str, Any]:
    return {name: json.loads(body) for name, body in world.bytes().items() if name.endswith(".ninjs.json")}


def test_published_withdrawn_restored(world: World) -> None:
    world.write("a.md", TEXT.format("url: https://www.talland.example/a\n"))
    (release,) = [change.release for change in world.poll().changes]
    world.publish()
    own = f"releases/{release.id}.ninjs.json"
    assert {*published(world)} == {own, "all.ninjs.json", "verkehr.ninjs.json"}
    assert "Talle" in json.dumps(published(world)[own])
    world.act(Withdraw(release.id, "Ein Fehler."), NOW + HOUR)
    assert own in world.publish(NOW + HOUR)
    gone = published(world)[own]
    assert (gone["pubStatus"], gone["uri"]) == ("canceled", release.atom_id)
    assert [each["pubStatus"] for each in published(world)["verkehr.ninjs.json"]["associations"]] == ["canceled"]
    assert not any(b"Talle" in body for body in world.bytes().values())
    world.act(Restore(release.id), NOW + 2 * HOUR)
    world.publish(NOW + 2 * HOUR)
    assert published(world)[own]["pubStatus"] == "usable"


def test_what_is_held_has_no_document_until_its_end(world: World) -> None:
    world.write("a.md", TEXT.format("embargo: 2026-06-02T10:00:00+02:00\n"))
    (release,) = [change.release for change in world.poll().changes]
    world.publish()
    assert {*published(world)} == {"all.ninjs.json"}
    world.act(Lift(release.id), NOW + HOUR)
    world.publish(NOW + HOUR)
    news = published(world)[f"releases/{release.id}.ninjs.json"]
    assert "embargoedUntil" not in news
    assert news["pubStatus"] == "usable"


def test_a_format_that_is_named_no_more_takes_its_documents_along(world: World) -> None:
    world.write("a.md", TEXT.format(""))
    world.poll()
    world.publish()
    world.plan = replace(world.plan, publish=replace(world.plan.publish, formats=("json",)))
    prepare(world.store, world.plan, now=NOW)
    world.publish()
    assert published(world) == {}
    world.plan = replace(world.plan, publish=replace(world.plan.publish, formats=("json", "ninjs")))
    prepare(world.store, world.plan, now=NOW)
    world.publish()
    assert len(published(world)) == 3


def test_what_changed_since_a_version_is_a_head_of_that(world: World) -> None:
    ids = {}
    for n in range(6):
        text = TEXT.format("").replace("Neue Brücke", f"Brücke {n}").replace("Stein", f"{'Stein, Holz ' * 20}{n}")
        world.write(f"{n}.md", text)
        (change,) = world.poll().changes
        ids[n] = change.release.id
    world.publish()
    version = world.store.versions.latest("verkehr.ninjs.json")
    assert version
    world.act(Edit(ids[1], {"title": "Andere Brücke"}), NOW + HOUR)
    world.act(Withdraw(ids[2]), NOW + HOUR)
    world.publish(NOW + HOUR)
    document = delta(world.store, world.plan, "verkehr", "ninjs", version, NOW + 2 * HOUR)
    assert document
    assert (document.path, faults(document)) == ("verkehr.ninjs.json", ())
    told = json.loads(document.body)["associations"]
    assert {each["name"]: each["pubStatus"] for each in told} == {ids[1]: "usable", ids[2]: "canceled"}


def test_of_some_sources_the_teaser_alone(world: World) -> None:
    world.plan = replace(world.plan, sources=(replace(world.source, content="teaser"),))
    world.write("a.md", TEXT.format("teaser: Sie steht.\nurl: https://www.talland.example/a\n"))
    world.poll()
    world.publish()
    for news in published(world).values():
        assert "Stein" not in json.dumps(news)
        assert "Sie steht." in json.dumps(news)

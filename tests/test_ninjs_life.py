"""ninjs through a release's life: a document for each release, and the heads."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate.pipeline import Lift, Restore, Withdraw, prepare
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

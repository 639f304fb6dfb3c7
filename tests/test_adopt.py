"""A store that was lost: the same ids, the same addresses, and nothing that was withdrawn comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.errors import PublishError
from syndicate.pipeline import mint, prepare, syndicate
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
        with pytest.raises(PublishError, match=r"new\.db is empty; put a backup .*, or empty"):
            prepare(store, world.plan, now=NOW)
        with pytest.raises(PublishError):
            syndicate(store, world.plan, now=NOW)
        world.store.close()
        world.store = store
        world.poll()
        with pytest.raises(PublishError, match="another store publishes here"):
            prepare(store, world.plan, now=NOW)
    assert world.bytes() == before

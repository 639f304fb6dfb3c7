"""A store that was lost: the same ids, the same addresses, and nothing that was withdrawn comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.pipeline import mint
from syndicate.text import release_id
from worlds import PAGE, World


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

"""What one store holds, in another one: from SQLite into PostgreSQL and back, and nothing of it is otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cli_site import syndicate as command
from postgresql import Cluster
from syndicate import store as stores
from syndicate.errors import StoreError, StoreLocked, StoreMissing, StoreUnusable
from syndicate.model import Topic
from syndicate.pipeline import Lift, Withdraw, amend, prepare, syndicate
from syndicate.recording import mark_all
from syndicate.search import read
from syndicate.store import Filter, Store
from worlds import NOW, World, readable

TOPICS = (Topic("wald", "Wald"), Topic("schule", "Schule"))


def page(number: int, more: str = "", embargo: str = "") -> str:
    head = f"title: Meldung {number} aus dem Bergwald\ntopics: [{'Wald' if number % 2 else 'Schule'}]\n{embargo}"
    return f"---\n{head}date: 2026-05-{number % 28 + 1:02}T10:00:00Z\n---\n\nText {number} mit Wörtern.{more}\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One that has lived: archives, corrections, a withdrawal, an edit, an embargo, searches."""
    world = World(tmp_path, topics=TOPICS, page_size=3)
    for number in range(14):
        world.write(f"{number:02}.md", page(number, embargo="embargo: 2026-12-01T10:00:00Z\n" if number == 5 else ""))
    for step in range(3):
        world.poll(NOW + timedelta(hours=step))
        world.publish(NOW + timedelta(hours=step, minutes=1))
        world.write(f"{step:02}.md", page(step, " Mit einem Nachtrag."))
    newest = world.store.releases.list(states=("public",))[0]
    amend(world.store, Withdraw(newest.id, "Irrtum"), plan=world.plan, now=NOW + timedelta(hours=4))
    yield world
    world.close()


@pytest.fixture
def address(server: Cluster, tmp_path: Path) -> str:
    """Of a store on PostgreSQL that is not there yet."""
    return server.store(tmp_path / "there.db")


def whole(store: Store, world: World, folder: Path) -> dict[str, bytes]:
    """All that it publishes into an empty folder."""
    plan = replace(world.plan, publish=replace(world.plan.publish, directory=folder))
    now = NOW + timedelta(hours=5)
    prepare(store, plan, now=now)
    mark_all(store, now=now)
    for _ in syndicate(store, plan, now=now):
        pass
    return readable(folder)


def test_there_and_back_again(world: World, address: str, tmp_path: Path) -> None:
    here, back = str(world.store), f"sqlite:///{tmp_path}/back.db"
    world.close()
    there = stores.copy_into(f"sqlite:///{here}", address)
    again = stores.copy_into(address, back)
    assert there.rows == again.rows > 100
    trees = []
    for name, url in (("a", f"sqlite:///{here}"), ("b", address), ("c", back)):
        with stores.open(url) as store:
            trees.append(whole(store, world, tmp_path / name))
            found = store.search.found(read("bergwald nachtrag"), Filter(), limit=9)
            trees[-1]["found"] = repr([each.release for each in found]).encode()
            order = store._connection.execute("SELECT id FROM release ORDER BY rowid")
            trees[-1]["order"] = repr([identifier for (identifier,) in order]).encode()
            trees[-1]["held"] = repr([line.id for line in store.releases.listing()]).encode()
    assert trees[0]["found"] != b"[]"
    assert trees[0] == trees[1] == trees[2]


def test_what_comes_after_has_numbers_of_its_own(world: World, address: str, tmp_path: Path) -> None:
    """A counter that did not come with the rows would give one that is there."""
    here = str(world.store)
    world.close()
    stores.copy_into(f"sqlite:///{here}", address)
    lived = []
    for url in (f"sqlite:///{here}", address):
        world.store = stores.open(url)
        world.write("20.md", page(20))
        changes = world.poll(NOW + timedelta(hours=6))
        held = world.store.releases.due(NOW + timedelta(days=400))
        amend(world.store, Lift(held[0]), plan=world.plan, now=NOW + timedelta(hours=7))
        world.publish(NOW + timedelta(hours=8))
        lived.append(([change.verdict for change in changes.changes], world.store.generation().split()[-1]))
        (world.folder / "20.md").unlink()
        world.store.close()
    assert lived[0] == lived[1]
    assert "new" in lived[0][0]


class Broken(Exception):
    """Whoever copies is killed."""


def test_who_is_stopped_half_way_goes_on(world: World, address: str) -> None:
    here = f"sqlite:///{world.store}"
    world.close()
    seen = list[str]()

    def told(table: str, at: int, of: int) -> None:
        seen.append(table)
        if at == 10:
            raise Broken

    with pytest.raises(Broken):
        stores.copy_into(here, address, told)
    with pytest.raises(StoreUnusable, match=r"is an unfinished copy of .*s\.db; `syndicate store copy`"):
        stores.open(address)
    with pytest.raises(StoreError, match="is itself an unfinished copy of"):
        stores.copy_into(address, f"{here}x")
    (link := world.folder.parent / "link").symlink_to(world.folder.parent)
    whole = stores.copy_into(f"sqlite:///{link}/../{link.parent.name}/link/s.db", address)  # however it is written
    assert 0 < whole.tables <= len(seen) + 40
    stores.open(address).close()


def test_a_store_that_is_there_stays(world: World, address: str, tmp_path: Path) -> None:
    here = f"sqlite:///{world.store}"
    world.close()
    stores.copy_into(here, address)
    for url, to in ((here, address), (address, here), (here, here)):
        with pytest.raises((StoreError, StoreLocked)):
            stores.copy_into(url, to)
    with stores.daemon_lock(here), pytest.raises(StoreLocked, match="another syndicate is running"):
        stores.copy_into(here, f"sqlite:///{tmp_path}/new.db")
    with stores.daemon_lock(address, runs=False), pytest.raises(StoreLocked, match="another syndicate is running"):
        stores.copy_into(here, address)


def test_a_backup_is_a_file_of_sqlite_of_one_moment(world: World, address: str, tmp_path: Path) -> None:
    here = f"sqlite:///{world.store}"
    world.close()
    stores.copy_into(here, address)
    with stores.daemon_lock(address):
        found = stores.back_up(address, tmp_path / "backup.db")
    assert found.migrations == stores.KNOWN
    assert [path.name for path in tmp_path.glob("*backup*")] == ["backup.db"]
    with stores.open(address) as store, stores.of_file(tmp_path / "backup.db") as other:
        assert whole(store, world, tmp_path / "a") == whole(other, world, tmp_path / "b")
        assert found.mark == store.outputs.mark()


def test_the_command(world: World, server: Cluster, address: str, tmp_path: Path) -> None:
    here = str(world.store)
    world.close()
    config = tmp_path / "config.toml"
    config.write_text('[site]\ntag = "talland.example,2026"\n', encoding="utf-8")
    secret = address.replace("syndicate@", "syndicate:geheim@")
    done = command("store", "copy", f"sqlite:///{here}", secret, "--config", str(config))
    assert done.code == 0, done.err
    assert "as in" in done.out
    assert "geheim" not in done.out + done.err
    again = command("store", "copy", f"sqlite:///{here}", secret, "--config", str(config))
    assert again.code == 1
    assert "holds a store already; name an empty one" in again.err
    wrong = command("store", "copy", "mysql://x/y", secret, "--config", str(config))
    assert wrong.code == 2
    assert "is not a store" in wrong.err


SAME = {  # of each kind: the store, and how else it may be written
    "a relative path": ("sqlite:///s.db", "sqlite:///./s.db"),
    "an absolute path": ("sqlite:///s.db", "sqlite:///{folder}/s.db"),
    "a link": ("sqlite:///s.db", "sqlite:///link.db"),
    "a second name": ("sqlite:///s.db", "sqlite:///hard.db"),
    "the same": ("{url}", "{url}"),
    "another scheme": ("{url}", "postgres{rest}"),
    "another host": ("{url}", "{named}"),
    "a parameter more": ("{url}", "{url}&application_name=x"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_a_store_is_not_copied_into_itself(one: str, other: str, server: Cluster, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[site]\ntag = "talland.example,2026"\n', encoding="utf-8")
    stores.of_file(tmp_path / "s.db").close()
    (tmp_path / "link.db").symlink_to(tmp_path / "s.db")
    (tmp_path / "hard.db").hardlink_to(tmp_path / "s.db")
    url = server.store(tmp_path / "s.db")
    stores.open(url).close()
    words = {
        "folder": tmp_path,
        "url": url,
        "rest": url.removeprefix("postgresql"),
        "named": url.replace("127.0.0.1", "localhost"),
    }
    names = [each.format(**words) for each in (one, other)]
    done = command("store", "copy", *names, "--config", str(config))
    assert (done.code, done.out) == (2, "")
    assert "are one store: name another one, to copy into" in done.err
    stores.open(stores.located(names[0], tmp_path)).close()  # it is whole


def test_where_no_store_is_none_is_made(server: Cluster, tmp_path: Path) -> None:
    bare = server.store(tmp_path / "bare.db", make=False)
    for url in (f"sqlite:///{tmp_path}/nowhere/s.db", bare):
        with pytest.raises(StoreMissing, match="there is no store"):
            stores.copy_into(url, f"sqlite:///{tmp_path}/new/s.db")
    assert [*tmp_path.iterdir()] == []
    assert not stores.exists(bare)


def test_two_schemas_of_a_database_are_two_stores(server: Cluster, tmp_path: Path) -> None:
    one, other = (server.store(tmp_path / name) for name in ("a.db", "b.db"))
    stores.open(one).close()
    stores.copy_into(one, other)
    stores.open(other).close()

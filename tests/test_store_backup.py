"""A copy of a store: of one moment, looked through, and there whole or not."""

import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.errors import StoreError, StoreUnusable
from syndicate.store import copy, examined, of_file

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of a few hundred pages."""
    found = tmp_path / "syndicate.db"
    with of_file(found) as store:
        store.remember("mark", "m" * 32)
        store.note_write(NOW)
        with store.transaction():
            for number in range(200):
                store.alarms.ring("publish", str(number), "x" * 8000, NOW)
    return found


def test_what_is_written_meanwhile_waits_for_nothing_and_is_not_in_it(path: Path, tmp_path: Path) -> None:
    with of_file(path) as store:
        steps = list[tuple[int, int]]()

        def told(done: int, of: int) -> None:
            steps.append((done, of))
            store.remember("rules", f"step {len(steps)}")  # another connection: it would wait for ever

        found = copy(path, tmp_path / "copy.db", told=told)
        assert store.recalled("rules") == f"step {len(steps)}"
    assert steps[-1][0] == steps[-1][1]
    assert (found.mark, found.written) == ("m" * 32, NOW)
    with of_file(tmp_path / "copy.db") as copied:
        assert copied.recalled("rules") is None
        assert len(copied.alarms.list()) == 200


def test_it_is_one_file_of_its_owner_alone(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    with of_file(path):
        copy(path, tmp_path / "copies" / "copy.db")
    assert os.listdir(tmp_path / "copies") == ["copy.db"]
    assert (tmp_path / "copies" / "copy.db").stat().st_mode & 0o777 == 0o600
    (tmp_path / "copies").chmod(0o500)
    assert examined(tmp_path / "copies" / "copy.db").mark == "m" * 32


PLACES: dict[str, tuple[str, str]] = {
    "the store": ("syndicate.db", "belongs to the store itself"),
    "its log": ("syndicate.db-wal", "belongs to the store itself"),
    "its journal": ("syndicate.db.acts", "belongs to the store itself"),
    "another name of it": ("name.db", "belongs to the store itself"),
    "what is there": ("other", "is there already; name another file, or say --force"),
    "no folder": ("none/copy.db", "cannot be written: No such file or directory"),
    "a folder": ("folder", "is no file"),
}


@pytest.mark.parametrize(("name", "said"), PLACES.values(), ids=PLACES)
def test_where_it_cannot_be(path: Path, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "name.db").symlink_to(path)
    (tmp_path / "other").write_text("mine")
    (tmp_path / "folder").mkdir()
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(StoreError, match=said):
        copy(path, tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == before
    assert (tmp_path / "other").read_text() == "mine"


def test_in_the_place_of_another_where_that_is_said(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("an older one")
    copy(path, tmp_path / "copy.db", force=True)
    assert examined(tmp_path / "copy.db").mark == "m" * 32


def _flipped(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(20_000))


def _other(path: Path) -> None:
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE mine (x)").connection.close()


DAMAGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "flipped": (_flipped, "is damaged"),
    "cut off": (lambda path: os.truncate(path, path.stat().st_size // 2), "is damaged"),
    "no header": (lambda path: path.write_bytes(bytes(4096) + path.read_bytes()[4096:]), "is no SQLite database"),
    "text": (lambda path: path.write_text("nothing of a store " * 900), "is no SQLite database"),
    "empty": (lambda path: path.write_bytes(b""), "is an SQLite database, but no store of syndicate"),
    "another program's": (_other, "is an SQLite database, but no store of syndicate"),
}


@pytest.mark.parametrize(("harm", "said"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_named_and_no_copy_of_it_is_left(
    path: Path, tmp_path: Path, harm: Callable[[Path], object], said: str
) -> None:
    harm(path)
    with pytest.raises(StoreUnusable, match=said) as raised:
        copy(path, tmp_path / "copy.db")
    assert str(raised.value).startswith(f"{path}: ")
    assert not [name for name in os.listdir(tmp_path) if "copy" in name]


def test_what_stops_half_way_leaves_nothing(path: Path, tmp_path: Path) -> None:
    def told(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(path, tmp_path / "copy.db", told=told)
    assert not [name for name in os.listdir(tmp_path) if "copy" in name]


def test_what_is_in_the_log_of_a_store_is_seen_also_by_a_link_to_it(tmp_path: Path) -> None:
    """SQLite's log is beside the file itself: who looks beside the link sees a store as it was."""
    (tmp_path / "far").mkdir()
    (tmp_path / "s.db").symlink_to(tmp_path / "far" / "s.db")
    with stores.open(f"sqlite:///{tmp_path}/far/s.db") as store:
        store.remember("mark", "0123456789abcdef")
        by_link, itself = (stores.peeked(f"sqlite:///{tmp_path}/{name}") for name in ("s.db", "far/s.db"))
        assert by_link
        assert (by_link.mark, by_link) == ("0123456789abcdef", itself)

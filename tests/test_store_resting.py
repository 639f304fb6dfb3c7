"""A store that may only be read, copied from where it lies: nothing that lies beside it is lost."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.errors import StoreError, StoreLocked, StoreUnusable
from syndicate.store import Alarm
from worlds import NOW

OURS, THERE = Alarm("silent", "amt", "schweigt", NOW), "there/s.db"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """One that was ended well."""
    path = tmp_path / THERE
    path.parent.mkdir()
    with stores.of_file(path) as store, store.transaction():
        store.alarms.ring(OURS.kind, OURS.subject, OURS.text, NOW)
    return path


@contextmanager
def only_read(place: Path) -> Iterator[None]:
    """Rights are enough, but for root."""
    if os.getuid():
        rights = place.stat().st_mode & 0o777
        place.chmod(rights & 0o555)
        yield
        place.chmod(rights)
        return
    is_folder, before = place.is_dir(), place.rename(place.with_name("before"))
    place.mkdir() if is_folder else place.touch()
    mounted = ("mount", "--bind", str(before), str(place)), ("mount", "-o", "remount,bind,ro", str(place))
    if not shutil.which("mount") or any(
        subprocess.run(each, check=False, capture_output=True).returncode for each in mounted
    ):
        pytest.skip("may not mount a disk here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir() if is_folder else place.unlink()
        before.rename(place)


def copied(path: Path) -> tuple[Alarm, ...]:
    to = f"sqlite:///{path.parents[1]}/copy.db"
    stores.copy_into(f"sqlite:///{path}", to)
    with stores.open(to) as store:
        return store.alarms.list()


def leave_a_log(path: Path) -> None:
    """As who was killed leaves it: in the file alone what was there before."""
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("UPDATE meta SET value = 'later' WHERE name = 'nobody'")
    raw.execute("INSERT INTO meta VALUES ('later', 'x')")
    raw.commit()
    beside = path.with_name("kept-wal")
    shutil.copy(f"{path}-wal", beside)
    file = path.with_name("kept")
    shutil.copy(path, file)
    raw.close()
    file.rename(path)
    beside.rename(f"{path}-wal")
    Path(f"{path}-shm").unlink(missing_ok=True)


def test_it_is_copied_and_nothing_is_made_beside_it(path: Path) -> None:
    Path(f"{path}.lock").unlink(missing_ok=True)
    with only_read(path.parent):
        assert copied(path) == (OURS,)
        assert os.listdir(path.parent) == ["s.db"]


def test_a_file_that_may_only_be_read_is_copied_from_a_folder_that_may_be_written(path: Path) -> None:
    backup = path.with_name("backup.db")
    stores.copy(path, backup)
    with only_read(backup):
        assert copied(backup) == (OURS,)


def test_a_backup_is_copied_through_a_link(path: Path, tmp_path: Path) -> None:
    stores.copy(path, path.with_name("backup.db"))
    (tmp_path / "link.db").symlink_to(path.with_name("backup.db"))
    with only_read(path.parent):
        to = f"sqlite:///{tmp_path}/copy.db"
        stores.copy_into(f"sqlite:///{tmp_path}/link.db", to)
        with stores.open(to) as store:
            assert store.alarms.list() == (OURS,)


def test_what_lies_in_its_log_is_not_left_behind(path: Path) -> None:
    leave_a_log(path)
    with only_read(path.parent):
        with pytest.raises(
            StoreUnusable, match=r"s\.db-wal: holds a part of the store .*; copy both into such a folder"
        ):
            copied(path)
        elsewhere = path.parents[1] / "elsewhere"
        shutil.copytree(path.parent, elsewhere)
    with stores.of_file(elsewhere / "s.db") as store:  # what the message says is right
        assert store._connection.execute("SELECT value FROM meta WHERE name = 'later'").fetchone() == ("x",)


def test_an_empty_log_is_none(path: Path) -> None:
    Path(f"{path}-wal").touch()
    with only_read(path.parent):
        assert copied(path) == (OURS,)


def test_who_runs_there_with_more_rights_is_seen_and_kept_away(path: Path) -> None:
    lock = Path(f"{path}.lock")
    lock.write_text("1234 runs\n")
    with lock.open("r+b") as his, only_read(path.parent):
        fcntl.flock(his, fcntl.LOCK_EX)
        with pytest.raises(StoreLocked, match=r"another syndicate is running on this store \(process 1234\)"):
            copied(path)
        fcntl.flock(his, fcntl.LOCK_UN)
        with pytest.raises(BlockingIOError):
            stores.copy_into(
                f"sqlite:///{path}",
                f"sqlite:///{path.parents[1]}/other.db",
                lambda *_: fcntl.flock(his, fcntl.LOCK_EX | fcntl.LOCK_NB),
            )


def test_what_another_one_has_written_meanwhile_is_no_copy(path: Path, tmp_path: Path) -> None:
    to, real = f"sqlite:///{tmp_path}/copy.db", path.parent

    def told(table: str, at: int, of: int) -> None:
        if at == 5:
            os.utime(real.with_name("before") / path.name if os.getuid() == 0 else path, ns=(1, 1))

    with only_read(real), pytest.raises(StoreUnusable, match=r"was written while it was read"):
        stores.copy_into(f"sqlite:///{path}", to, told)
    with pytest.raises(StoreError, match="is an unfinished copy"):
        stores.open(to)


def test_one_of_an_earlier_program_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM _sqlite_migrations WHERE name = (SELECT max(name) FROM _sqlite_migrations)")
    raw.close()
    with (
        only_read(path.parent),
        pytest.raises(StoreUnusable, match="by an earlier version, and may only be read; copy it"),
    ):
        copied(path)

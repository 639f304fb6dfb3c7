"""Backups as files: when the daemon makes one, what it calls it, and what of the folder goes."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate import backup
from syndicate.app import App
from syndicate.config import read
from syndicate.errors import BackupError
from syndicate.model import BackedUp, Backup, Failed, Plan
from syndicate.store import Store, examined, of_file

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return read('[store]\nbackup_every = "1d"\nbackup_keep = 2\n', tmp_path / "config.toml")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return of_file(tmp_path / "syndicate.db")


def test_it_is_due_by_the_newest_name_or_what_is_remembered(plan: Plan, store: Store) -> None:
    assert backup.due(plan, store, NOW)
    made = backup.make(plan, store, now=NOW)
    assert not backup.due(plan, store, NOW + DAY / 2)
    store.remember("backup", "")
    assert not backup.due(plan, store, NOW + DAY / 2)  # by its name
    made.path.unlink()
    assert backup.due(plan, store, NOW + DAY / 2)
    backup.make(plan, store, now=NOW).path.unlink()  # somebody takes each away at once
    assert not backup.due(plan, store, NOW + DAY / 2)
    assert backup.due(plan, store, NOW + DAY)
    assert backup.due(plan, store, NOW - DAY)  # the clock was ahead


def test_only_its_own_go_and_the_oldest_first(plan: Plan, store: Store, tmp_path: Path) -> None:
    others = ["notes.db", "syndicate-20200101T000000Z.db", "syndicate-auto-deadbeef-20200101T000000Z.db", "x.part"]
    plan.backups.directory.mkdir()
    for name in (*others, ".syndicate-auto.db.abc.part"):
        (plan.backups.directory / name).touch()
    (tmp_path / "other").mkdir()
    with of_file(tmp_path / "other" / "syndicate.db") as other:  # of the same name
        kept = backup.make(plan, other, now=NOW - 9 * DAY).path.name
    made = [backup.make(plan, store, now=NOW + days * DAY).path.name for days in range(4)]
    assert sorted(os.listdir(plan.backups.directory)) == sorted([*others, kept, *made[-2:]])


def test_it_can_be_read_and_is_its_owner_s_alone(plan: Plan, store: Store) -> None:
    made = backup.make(plan, store, now=NOW)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert examined(made.path).mark == store.outputs.mark()


@pytest.mark.sqlite
def test_one_that_cannot_be_made_is_an_alarm_and_the_store_goes_on(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("no folder")
    with App(plan, clock=lambda: NOW) as app:
        (failed,) = app.run(Backup())
        assert isinstance(failed, Failed)
        assert isinstance(failed.cause, BackupError)
        assert app.troubles.store_works
        assert [alarm.kind for alarm in app.store.alarms.list()] == ["backup"]
        (tmp_path / "backups").unlink()
        done = app.run(Backup())
        assert isinstance(done[0], BackedUp)
        assert app.store.alarms.list() == ()
        assert app.run(Backup()) == ()


def test_one_without_room_is_not_begun(plan: Plan, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(BackupError, match="has no room for a backup: 1000 bytes are free"):
        backup.make(plan, store, now=NOW)
    assert os.listdir(plan.backups.directory) == []


def test_in_a_folder_it_has_a_name_with_the_time(plan: Plan, store: Store, tmp_path: Path) -> None:
    store.outputs.mark()
    assert backup.backup(plan, tmp_path, now=NOW).path == tmp_path / "syndicate-20260601T120000Z.db"
    with pytest.raises(BackupError, match="is there already"):
        backup.backup(plan, tmp_path, now=NOW)

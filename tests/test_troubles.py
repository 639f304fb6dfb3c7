"""What keeps the program from storing or publishing: told once, shown by `status`, over when it is mended."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from cli_site import ROAD, SCHOOL, Site
from syndicate import store as stores
from syndicate.app import App, Trouble, Troubles
from syndicate.config import load
from syndicate.errors import StoreError, StoreLocked
from syndicate.model import Event, Failed, LiftDue, Poll, Publish, Published, Recovered, Repair

pytestmark = pytest.mark.sqlite

SIZE = "6m"  # of a disk of one's own: holds a small store and its feeds, and is soon full


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path, schule=SCHOOL)
    site.config.write_text(site.config.read_text("utf-8") + '[store]\nurl = "sqlite:///db/s.db"\n', "utf-8")
    (tmp_path / "db").mkdir()
    return site


# --- what breaks ------------------------------------------------------------------------------------------------------


@contextmanager
def _a_file(site: Site) -> Iterator[None]:
    site.feeds.rename(site.folder / "away")
    site.feeds.write_text("a file where the folder should be")
    yield
    site.feeds.unlink()
    (site.folder / "away").rename(site.feeds)


@contextmanager
def _a_folder_as_document(site: Site) -> Iterator[None]:
    (site.feeds / "all.atom").unlink()
    (site.feeds / "all.atom").mkdir()
    yield
    (site.feeds / "all.atom").rmdir()


@contextmanager
def _no_rights(site: Site) -> Iterator[None]:
    if os.getuid() == 0:
        pytest.skip("root may write everywhere")
    site.feeds.chmod(0o500)
    yield
    site.feeds.chmod(0o700)


@contextmanager
def _read_only(site: Site) -> Iterator[None]:
    with _disk_of_its_own(site.feeds):
        _mount("-o", "remount,ro", str(site.feeds))
        yield


@contextmanager
def _full(site: Site) -> Iterator[None]:
    with _disk_of_its_own(site.feeds), _filled(site.feeds):
        yield


@contextmanager
def _moved_away(site: Site) -> Iterator[None]:
    away = site.folder / "away"
    (site.folder / "db").rename(away)
    (site.folder / "db").mkdir()
    yield
    (site.folder / "db").rmdir()
    away.rename(site.folder / "db")


@contextmanager
def _replaced(site: Site) -> Iterator[None]:
    with _moved_away(site):
        with stores.open(f"sqlite:///{site.folder}/db/s.db"):
            pass
        yield
        shutil.rmtree(site.folder / "db")
        (site.folder / "db").mkdir()


@contextmanager
def _store_full(site: Site) -> Iterator[None]:
    with _filled(site.folder / "db"):
        yield


@contextmanager
def _locked(site: Site) -> Iterator[None]:
    other = sqlite3.connect(site.folder / "db" / "s.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.close()


@contextmanager
def _disk_of_its_own(folder: Path) -> Iterator[None]:
    """With what is in it. Needs the rights to mount."""
    before = folder.with_name(f"{folder.name}.before")
    folder.rename(before)
    folder.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder))
        shutil.copytree(before, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
        folder.rmdir()
        before.rename(folder)


def _mount(*arguments: str) -> None:
    if not shutil.which("mount") or subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk here")


@contextmanager
def _filled(folder: Path) -> Iterator[None]:
    filler = folder / ".filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    yield
    filler.unlink()


OF_FEEDS = [
    (_a_file, "File exists", "is no folder"),
    (_a_folder_as_document, "Is a directory", "is a folder where a document is to be; take it away"),
    (_no_rights, "Permission denied", "cannot be written: Permission denied"),
    (_read_only, "Read-only file system", "cannot be written: Read-only file system"),
    (_full, "No space left", "cannot be written: No space left on device"),
]
OF_STORE = [
    (_moved_away, "deleted or replaced", "is gone, and"),
    (_replaced, "deleted or replaced", "was published by another store"),
]


@contextmanager
def running(site: Site) -> Iterator[tuple[App, list[Event]]]:
    """The program as the daemon has it, with what it told, and something published."""
    heard = list[Event]()
    with App(load(site.config), [heard.append]) as app:
        app.prepare()
        app.run(Poll(None, ("amt",), "each"))
        app.publish()
        site.put("strasse", ROAD)
        app.run(Poll(None, ("amt",), "each"))
        heard.clear()
        yield app, heard


@pytest.mark.parametrize(("fault", "told", "found"), OF_FEEDS)
def test_what_keeps_it_from_publishing(
    site: Site, fault: Callable[[Site], "contextmanager[None]"], told: str, found: str
) -> None:
    with running(site) as (app, heard):
        with fault(site):
            for _ in range(3):
                app.run(Publish())
            assert [
                (type(event), told in event.error, event.again) for event in heard if isinstance(event, Failed)
            ] == [
                (Failed, True, False),
                (Failed, True, True),
                (Failed, True, True),
            ]
            assert app.troubles.rests(Publish())
            assert not app.troubles.rests(LiftDue())
            status = site.run("status", "--json")
            assert status.code == 1
            assert any(found in line for line in status.json["faults"])
            assert [alarm["kind"] for alarm in status.json["alarms"]] == ["publish"]
            assert found in (check := site.run("check")).err
            assert check.code == 1
        heard.clear()
        app.run(Publish())
        assert [type(event) for event in heard] == [Published, Recovered]
        assert not [*app.troubles]
        assert (site.feeds / "verkehr.atom").is_file()
    assert site.run("status").code == 0


@pytest.mark.parametrize(("fault", "told", "found"), OF_STORE)
def test_a_store_that_was_taken_away(
    site: Site, fault: Callable[[Site], "contextmanager[None]"], told: str, found: str
) -> None:
    with running(site) as (app, heard):
        with fault(site):
            before = {path: path.read_bytes() for path in (site.folder / "db").iterdir()}
            assert not app.works()
            assert not app.works()
            (failed,) = heard
            assert isinstance(failed, Failed)
            assert told in failed.error
            (polled, same) = app.run(Poll(None, ("amt",), "each"))
            assert (getattr(polled, "unstored", None), getattr(same, "again", None)) == (same.cause, True)  # type: ignore[union-attr]
            for command in ("status", "check"):
                done = site.run(command)
                assert done.code == 1
                assert found in done.out + done.err
            assert {path: path.read_bytes() for path in (site.folder / "db").iterdir()} == before
        heard.clear()
        _at_once(app.troubles)
        assert app.works()
        assert heard == [Recovered(kind="store")]
    assert site.run("publish").code == 0
    assert site.run("status").code == 0


def test_a_store_on_a_full_disk(site: Site) -> None:
    with _disk_of_its_own(site.folder / "db"), running(site) as (app, heard):
        with _store_full(site):
            site.put("lang", ROAD.replace("Erlenstadt", "Steinach") + "Ein langer Text. " * 100_000)
            app.run(Poll(None, ("amt",), "each"))
            told = [event.error for event in heard if isinstance(event, Failed)]
            assert len(told) == 1
            assert "the disk is full" in told[0]
            assert not app.works()
            status = site.run("status", "--json")
            assert status.code == 1
            assert "the disk is full; make room" in " ".join(status.json["faults"])
        _at_once(app.troubles)
        assert app.works()
        (polled,) = app.run(Poll(None, ("amt",), "each"))
        assert getattr(polled, "error", "") is None


def test_a_damaged_store_is_told_once_and_works_when_it_is_whole(site: Site) -> None:
    with running(site) as (app, heard):
        path = site.folder / "db" / "s.db"
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = path.read_bytes()
        with path.open("r+b") as file:
            for place in range(3 * 8192, len(whole), 2 * 8192):
                file.seek(place)
                file.write(b"\xff" * 512)
        for _ in range(5):
            _at_once(app.troubles)
            if app.works():
                app.run(Poll(None, ("amt",), "each"))
                site.put("mehr", ROAD.replace("Erlenstadt", "Steinach"))
        (failed,) = (event for event in heard if isinstance(event, Failed) and not event.again)
        assert "is damaged" in failed.error
        assert not any(isinstance(event, Recovered) for event in heard)
        assert "is damaged" in site.run("status").out
        with path.open("r+b") as file:
            file.write(whole)
        _at_once(app.troubles)
        assert app.works()
        assert heard[-1] == Recovered(kind="store")


def test_a_store_that_another_keeps_locked_is_told_within_seconds(site: Site) -> None:
    assert site.run("run", "--once").code == 0
    with _locked(site):
        began = time.monotonic()
        status = site.run("status")
        assert time.monotonic() - began < 30
    assert status.code == 1
    assert "another process keeps it locked" in status.out
    assert "Traceback" not in status.err


def _at_once(troubles: Troubles) -> None:
    """As if each pause had passed."""
    for trouble in troubles:
        trouble.again = 0.0


# --- when it is tried again -------------------------------------------------------------------------------------------


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def troubles(tmp_path: Path, clock: Clock) -> Iterator[Troubles]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        yield Troubles(store, clock)


def _pauses(troubles: Troubles, clock: Clock, tries: int) -> list[float]:
    """What lies between the tries, where each is made as soon as it may be."""
    found = []
    for _ in range(tries):
        troubles.failed(Publish(), StoreError("voll"))
        began = clock.now
        while troubles.rests(Publish()):
            clock.now += 1
        found.append(clock.now - began)
    return found


def test_the_pauses_grow_to_a_minute(troubles: Troubles, clock: Clock) -> None:
    assert _pauses(troubles, clock, 9) == [1, 2, 4, 8, 15, 30, 60, 60, 60]


def test_what_fails_again_at_once_was_not_well(troubles: Troubles, clock: Clock) -> None:
    _pauses(troubles, clock, 3)
    assert [*troubles.worked(Publish())] == [Recovered(kind="publish")]
    assert not troubles.rests(Publish())
    assert [*troubles.worked(Publish())] == []
    assert _pauses(troubles, clock, 1) == [8]
    assert [*troubles.worked(Publish())] == []  # it has said so once, and was wrong
    clock.now += 3600
    assert [*troubles.of_store()] == [Recovered(kind="publish")]
    assert [*troubles.of_store()] == []
    assert _pauses(troubles, clock, 1) == [1]


def test_what_comes_and_goes_is_told_a_few_times(troubles: Troubles, clock: Clock) -> None:
    """A file that is damaged in one place: what does not touch that works."""
    told = list[object]()
    for _ in range(1000):
        told += [event for event in (troubles.failed(Publish(), StoreError("kaputt")),) if not event.again]
        clock.now += 60
        told += [*troubles.worked(Publish()), *troubles.of_store()]
        clock.now += 1
    assert [type(event) for event in told] == [Failed, Recovered, Failed]
    assert [trouble.kind for trouble in troubles] == []
    clock.now += 600
    assert [*troubles.of_store()] == [Recovered(kind="publish")]
    assert not troubles.failed(Publish(), StoreError("kaputt")).again


def test_a_fault_with_ever_another_reason_is_told_a_few_times(troubles: Troubles) -> None:
    told = [troubles.failed(Publish(), StoreError(f"Datei {number}")).again for number in range(100)]
    assert told.count(False) == 5


def test_another_reason_is_news_and_another_job_another_trouble(troubles: Troubles) -> None:
    told = [troubles.failed(job, StoreError(text)).again for job, text in [
        (Publish(), "voll"), (Publish(), "voll"), (Publish(), "weg"), (Repair(), "weg"), (Repair(), "weg")
    ]]  # fmt: skip
    assert told == [False, True, False, False, True]
    assert [trouble.kind for trouble in troubles] == ["publish", "repair"]
    assert all(isinstance(trouble, Trouble) for trouble in troubles)


def test_one_sources_failure_is_no_trouble(troubles: Troubles) -> None:
    assert not troubles.failed(Poll(None, ("amt",)), StoreError("weg")).again
    assert not troubles.failed(Poll(None, ("amt",)), StoreError("weg")).again
    assert not [*troubles]


def test_a_store_is_its_owners_alone(tmp_path: Path) -> None:
    with (
        stores.open(f"sqlite:///{tmp_path}/s.db") as store,
        store.claim("amt"),
        stores.daemon_lock(f"sqlite:///{tmp_path}/s.db"),
    ):
        with store.transaction():
            store.remember("rules", "x")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(["s.db", "s.db-wal", "s.db-shm", "s.db.claims", "s.db.lock"], 0o600)


def test_what_a_daemon_says_beside_its_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    with stores.daemon_lock(url) as say:
        assert (stores.running(url), stores.said(url)) == (str(os.getpid()), ())
        say(["die Platte\nist voll"])
        assert (stores.running(url), stores.said(url)) == (str(os.getpid()), ("die Platte ist voll",))
        say([])
        assert stores.said(url) == ()
    assert (stores.running(url), stores.said(url), stores.cut_off(url)) == (None, (), None)


def test_a_lock_names_who_did_not_end_well(tmp_path: Path) -> None:
    url, lock = f"sqlite:///{tmp_path}/s.db", tmp_path / "s.db.lock"
    assert stores.cut_off(url) is None
    with suppress(ZeroDivisionError), stores.daemon_lock(url):
        assert stores.cut_off(url) is None
        raise ZeroDivisionError  # of which whoever began it is told
    assert stores.cut_off(url) is None
    with stores.daemon_lock(url) as say:
        say(["die Platte ist voll"])
        left = lock.read_bytes()  # by a kill
        stores.let_go()
        assert lock.read_text() == f"{os.getpid()}\n"
    assert stores.cut_off(url) is None
    lock.write_bytes(left)
    assert (stores.cut_off(url), stores.said(url), stores.running(url)) == (str(os.getpid()), (), None)
    lock.write_text("1234\n")  # an earlier program left this, whatever it ended by
    assert stores.cut_off(url) is None


def test_who_fell_by_itself_is_named_however_it_ends_then(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    with stores.daemon_lock(url):
        stores.fell()
        stores.let_go()
    assert stores.cut_off(url) == str(os.getpid())


@pytest.mark.parametrize("fails", [False, True])
def test_who_only_keeps_daemons_away_leaves_the_name_of_one_that_was_killed(tmp_path: Path, fails: bool) -> None:
    url, lock = f"sqlite:///{tmp_path}/s.db", tmp_path / "s.db.lock"
    lock.write_text("1234 runs\ndie Platte ist voll\n")
    with suppress(ZeroDivisionError), stores.daemon_lock(url, runs=False):
        assert (stores.cut_off(url), stores.running(url)) == (None, str(os.getpid()))
        if fails:
            raise ZeroDivisionError
    assert lock.read_text() == "1234 runs\ndie Platte ist voll\n"
    assert stores.cut_off(url) == "1234"


def test_a_lock_that_ends_well_keeps_its_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full one would have none for the name of the next."""
    lengths, cut = list[int](), os.ftruncate
    monkeypatch.setattr(os, "ftruncate", lambda handle, length: (lengths.append(length), cut(handle, length)))
    with stores.daemon_lock(f"sqlite:///{tmp_path}/s.db"):
        stores.let_go()
    assert len(lengths) == 3
    assert all(lengths)


def test_what_a_lock_says_is_read_while_nobody_can_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one that began and was told to end, between two looks of ours, was killed."""
    url, lock, asked = f"sqlite:///{tmp_path}/s.db", tmp_path / "s.db.lock", fcntl.flock
    lock.write_text("1234 runs\n")

    def flock(handle: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", asked)
        with stores.daemon_lock(url):
            pass
        asked(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    assert stores.cut_off(url) is None


@pytest.mark.timeout(20)
def test_a_pipe_in_the_place_of_the_lock_holds_up_nobody(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    os.mkfifo(tmp_path / "s.db.lock")
    assert (stores.running(url), stores.said(url), stores.cut_off(url)) == (None, (), None)
    with stores.daemon_lock(url), pytest.raises(StoreLocked), stores.daemon_lock(url):
        pass


def test_looking_makes_no_store(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for command in (["status"], ["check"], ["topics"], ["releases", "list"], ["sources", "list"]):
        assert site.run(*command).code == 0
    assert not [*tmp_path.glob("syndicate.db*")]
    assert not [*tmp_path.glob(".syndicate*")]


def test_what_is_deleted_below_the_folder_comes_back(site: Site) -> None:
    with running(site) as (app, _):
        app.publish()
        before = {path: path.read_bytes() for path in site.feeds.rglob("*") if path.is_file()}
        for what in ("releases", "schule.atom", "index.html"):
            place = site.feeds / what
            shutil.rmtree(place) if place.is_dir() else place.unlink()
            app.run(Repair())
            app.run(Publish())
            assert {path: path.read_bytes() for path in site.feeds.rglob("*") if path.is_file()} == before

"""`syndicate restore` as an operator has it: what it refuses, what it says, and what readers see of it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_site import LATER, ROAD, SCHOOL, Process, Site
from syndicate.config import load
from syndicate.store import daemon_lock
from waiting import until

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two newsrooms, a backup, and after it: a revocation, a withdrawal by a person and one by the source."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "a").mkdir()
    site = Site(folder / "a", schule=SCHOOL, strasse=ROAD)
    assert site.run("run", "--once").code == 0
    for name in ("tagblatt", "agentur"):
        site.run("newsrooms", "add", name)
    assert site.run("backup", str(folder / "b.db")).code == 0
    site.run("newsrooms", "revoke", "agentur")
    site.run("releases", "withdraw", site.release("--topic", "schule")["id"])
    site.put("strasse", ROAD.replace("date:", "withdrawn: true\ndate:"))
    site.put("spaeter", LATER)
    assert site.run("run", "--once").code == 0
    return folder


@pytest.fixture
def site(original: Path, tmp_path: Path) -> Site:
    """One of its own for each test, as it was."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return _at(tmp_path / "a")


def _at(folder: Path) -> Site:
    found = object.__new__(Site)
    found.folder, found.config = folder, folder / "config.toml"
    found.releases, found.feeds = folder / "releases", folder / "feeds"
    return found


def _lose(site: Site, *what: str) -> None:
    for path in site.folder.glob("syndicate.db*"):
        if path.suffix != ".acts" or "acts" in what:
            path.unlink()
    if "feeds" in what:
        shutil.rmtree(site.feeds)


def _elsewhere(site: Site) -> Site:
    """Another machine: what is put away with the backups, and the sources; no path is as it was."""
    folder = site.folder.parent / "another" / "machine"
    folder.mkdir(parents=True)
    for name in ("config.toml", "syndicate.db.acts"):
        shutil.copy(site.folder / name, folder / name)
    shutil.copytree(site.releases, folder / "releases", copy_function=shutil.copyfile)
    return _at(folder)


def _states(site: Site) -> dict[str, str]:
    return {row["name"]: row["state"] for row in site.run("newsrooms", "list", "--json").json}


@pytest.mark.parametrize(
    ("lost", "says", "states"),
    [
        ((), "2 withdrawn, 1 revoked", ("active", "revoked")),
        (("feeds",), "Nothing was read back", ("active", "revoked")),
        (("acts",), "2 newsrooms suspended", ("suspended", "suspended")),
    ],
    ids=["with all", "without feeds", "without the journal"],
)
def test_what_was_taken_back_since_stays_away(
    site: Site, lost: tuple[str, ...], says: str, states: tuple[str, str]
) -> None:
    _lose(site, *lost)
    done = site.run("restore", str(site.folder.parent / "b.db"))
    assert (done.code, done.err) == (0, "")
    assert says in done.out
    assert _states(site) == dict(zip(("tagblatt", "agentur"), states, strict=True))
    for _ in range(2):
        assert site.run("run", "--once").code == ("acts" in lost)  # that somebody waits is an alarm
        assert site.tells("Windrad") == site.tells("beginnt im Mai") == site.tells("Zahlen zum Wald") == []
    assert site.run("newsrooms", "confirm").code == 0
    assert "suspended" not in _states(site).values()


def test_on_another_machine(site: Site) -> None:
    other = _elsewhere(site)
    done = other.run("restore", str(site.folder.parent / "b.db"))
    assert (done.code, done.err) == (0, "")
    assert "The last act in the journal is of " in done.out
    assert _states(other) == {"tagblatt": "active", "agentur": "revoked"}
    assert other.run("run", "--once").code == 0
    assert other.tells("Windrad") == other.tells("beginnt im Mai") == other.tells(str(site.folder)) == []
    ids = [{row["atom_id"] for row in each.run("releases", "list", "--json").json} for each in (site, other)]
    assert ids[0] == ids[1]
    assert (other.folder / "syndicate.db").stat().st_mode & 0o777 == 0o600


def _half(site: Site) -> Path:
    path = site.folder.parent / "b.db"
    os.truncate(path, path.stat().st_size // 2)
    return path


def _pipe(site: Site) -> Path:
    os.mkfifo(path := site.folder.parent / "pipe")
    return path


def _foreign(site: Site) -> Path:
    (folder := site.folder.parent / "other").mkdir()
    other = Site(folder, schule=SCHOOL)
    other.run("run", "--once")
    other.run("backup", str(folder / "o.db"))
    return folder / "o.db"


REFUSED: dict[str, tuple[Callable[[Site], Path], tuple[str, ...], str]] = {
    "without --force": (lambda site: site.folder.parent / "b.db", (), "is there already; --force"),
    "no such file": (lambda site: site.folder / "none.db", ("--force",), "is not there"),
    "a folder": (lambda site: site.folder, ("--force",), "is no file"),
    "a pipe": (_pipe, ("--force",), "is no file"),
    "the store itself": (lambda site: site.folder / "syndicate.db", ("--force",), "is the store itself"),
    "its journal": (lambda site: site.folder / "syndicate.db.acts", ("--force",), "is the store itself"),
    "half of one": (_half, ("--force",), "nothing was changed: take another backup"),
    "text": (lambda site: site.config, ("--force",), "is no SQLite database"),
    "another site's": (_foreign, ("--force",), "is a backup of another store"),
}


@pytest.mark.parametrize(("made", "options", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_changes_nothing(
    site: Site, made: Callable[[Site], Path], options: tuple[str, ...], says: str
) -> None:
    path = made(site)
    kept = {each: each.read_bytes() for each in site.folder.iterdir() if each.is_file()}
    refused = site.run("restore", str(path), *options)
    assert (refused.code, refused.out) == (1, "")
    assert says in refused.err
    assert {each: each.read_bytes() for each in site.folder.iterdir() if each.is_file()} == kept


def test_as_json_and_the_store_of_before_is_kept(site: Site) -> None:
    done = site.run("restore", str(site.folder.parent / "b.db"), "--force", "--json")
    assert done.code == 0
    assert done.json["acts"] == {"withdraw": 2, "revoke": 1}
    assert (done.json["journal"], done.json["suspended"]) == (True, 0)
    assert Path(done.json["kept"]).name.startswith("syndicate.db.before-")
    assert done.json["written"] <= done.json["last_act"] <= done.json["until"]


def test_not_beside_a_daemon_and_one_after_the_other(site: Site) -> None:
    path = str(site.folder.parent / "b.db")
    with daemon_lock(load(site.config).store):
        refused = site.run("restore", path, "--force")
    assert (refused.code, refused.out) == (2, "")
    assert "another syndicate is running on this store" in refused.err
    lock = site.folder / "syndicate.db.lock"
    lock.write_text("1234 runs\n")  # as a kill leaves it
    assert site.run("restore", path).code == 1  # a store is there already
    assert lock.read_text() == "1234 runs\n"
    with Process(site, "restore", path, "--force") as first:
        second = site.run("restore", path, "--force")
        until(lambda: not first.running)
    assert second.code == 0 or "another syndicate is running" in second.err
    assert _states(site) == {"tagblatt": "active", "agentur": "revoked"}
    assert not [each.name for each in site.folder.iterdir() if "restoring" in each.name]

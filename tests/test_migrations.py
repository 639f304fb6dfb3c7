"""A store of each schema that there was is brought up to date, and nothing that readers have is another by it.

`data/stores` has them, each made by the program of its time, with what it held beside it (`stored_sites.py`).
"""

import json
import os
import re
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cli_site import syndicate
from stored_sites import CHANGED, CONFIG, FIRST, lay, stated, stored
from syndicate import store as stores
from syndicate.app import App
from syndicate.config import load
from syndicate.errors import StoreUnusable
from syndicate.model import Poll, Polled
from syndicate.store import MIGRATIONS, Upgrade
from worlds import readable

pytestmark = pytest.mark.sqlite

NAMES = [name.removesuffix(".db") for name in stored() if name.endswith(".db")]
OLDEST, CONVERTED = NAMES[0], next(name for name in NAMES if name.endswith("words_shrunk"))
POLLED = [*NAMES[::6], NAMES[-1]]  # some of them: it begins processes that read
DRIVER = sys.modules["syndicate.store.driver"]


class Old:
    """A site whose store is of an earlier schema, and what that held."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.config = folder, folder / "config.toml"
        lay(folder, {**FIRST, **CHANGED, "config.toml": CONFIG})
        self.path = folder / "syndicate.db"
        self.path.write_bytes(stored()[f"{name}.db"])
        self.held: dict[str, Any] = json.loads(stored()[f"{name}.json"])

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    @property
    def copies(self) -> list[Path]:
        return sorted(self.folder.glob("syndicate.db.before-*"))


@pytest.fixture(params=NAMES)
def each(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    return Old(tmp_path, request.param)


@pytest.fixture
def oldest(tmp_path: Path) -> Old:
    return Old(tmp_path, OLDEST)


def same(held: dict[str, Any]) -> dict[str, Any]:
    """Without what a migration is there to change: whose layer a key is in, and which steps have been taken."""
    keys = sorted([kind, value, release] for kind, _, value, release in held["keys"])
    return held | {"keys": keys, "migrations": None}


def test_each_schema_is_brought_up_to_date_and_published(each: Old) -> None:
    with opened(each) as app:
        assert same(stated(each.path)) == same(each.held)
        app.prepare()
        app.publish()
        assert same(stated(each.path)) == same(each.held)
        _is_published(each.held, readable(each.folder / "feeds"))


@contextmanager
def opened(old: Old) -> Iterator[App]:
    """An hour after its own program ended."""
    now = datetime.fromisoformat(max(at for _, _, at, _ in old.held["revisions"])) + timedelta(hours=1)
    with App(load(old.config), clock=lambda: now) as app:
        yield app


@pytest.mark.parametrize("each", POLLED, indirect=True)
def test_the_same_files_in_the_words_of_another_program_correct_nothing(each: Old) -> None:
    with opened(each) as app:
        app.prepare()
        for polled in app.run_all([Poll(None, (source,), "each") for source in ("amt", "portal")]):
            assert isinstance(polled, Polled)
            assert polled.error is None
            assert polled.changes
            assert {c.verdict for c in polled.changes.changes} <= {"unchanged", "quiet", "held"}
        assert _standing(stated(each.path)) == _standing(each.held)


def _standing(held: dict[str, Any]) -> dict[str, Any]:
    return {name: same(held)[name] for name in ("releases", "slots", "pages", "topics", "edits", "editions")}


def _is_published(held: dict[str, Any], published: dict[str, bytes]) -> None:
    """Each that stands in a feed under its id, each that was withdrawn as gone; of what is held nothing."""
    by_id = {release[0]: release for release in held["releases"]}
    feeds = b"".join(data for name, data in published.items() if re.fullmatch(r"all(/\d+)?\.atom", name)).decode()
    entries = re.findall(r"<entry>.*?<id>(.*?)</id>", feeds, re.S)
    gone = {*re.findall(r'deleted-entry ref="(.*?)"', feeds)}  # in the head, and on its page
    slots = [(by_id[release][1], shown) for topic, _, release, shown in held["slots"] if topic == "all"]
    assert sorted(entries) == sorted(atom_id for atom_id, shown in slots if shown)
    assert gone == {atom_id for atom_id, shown in slots if not shown}
    seen = {release[0] for release in held["releases"] if (release[1], 1) in slots or (release[1], 0) in slots}
    pages = {name[len("releases/") : -len(".html")] for name in published if re.match(r"releases/.*\.html", name)}
    assert pages == seen
    everything = b"".join(published.values()).decode(errors="replace")
    assert not any(words in everything for words in ("Forstjahr", "Zahlen zum Wald", "Mehr Eichen", "Türme gezählt"))


def test_there_is_a_store_of_each_schema() -> None:
    """But of one that nobody has used yet: `stored_sites.py` makes that, when it lands."""
    known = [migration.name for migration in MIGRATIONS.pending(_empty())]
    latest = [json.loads(stored()[f"{name}.json"])["migrations"] for name in NAMES]
    assert not {name for names in latest for name in names} - {*known}
    assert len({frozenset(names) for names in latest}) == len(NAMES)
    assert all({*a} < {*b} for a, b in pairwise(latest))


def _empty() -> Any:
    database = sys.modules["sqlite_utils"].Database
    return database(memory=True, execute_plugins=False)


# --- the copy of before -----------------------------------------------------------------------------------------------


def test_a_copy_of_before_is_made(oldest: Old) -> None:
    heard = list[Path]()
    with stores.open(oldest.url, told=Upgrade(saved=heard.append)):
        pass
    (copy,) = oldest.copies
    assert heard == [copy]
    assert copy.name == f"syndicate.db.before-{_last()}"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert stated(copy) == oldest.held
    with stores.open(oldest.url, told=Upgrade(saved=heard.append)):  # nothing is to be done any more
        pass
    assert heard == [copy]
    os.rename(copy, oldest.path)  # the way back, and forth again
    with stores.open(oldest.url):
        pass
    assert oldest.copies == [copy]


def _last() -> str:
    return list(MIGRATIONS.pending(_empty()))[-1].name


def test_the_newest_two_copies_are_kept_and_nothing_else_goes(oldest: Old) -> None:
    for number, end in enumerate(("first_tables", "the_real_web", "what_waits", "mine", "")):
        path = oldest.folder / f"syndicate.db.before-{end}"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    with stores.open(oldest.url):
        pass
    assert {copy.name.rpartition("-")[2] for copy in oldest.copies} == {_last(), "what_waits", "mine", ""}


def test_without_room_for_a_copy_nothing_is_done(oldest: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    before = oldest.path.read_bytes()
    usage = sys.modules["shutil"].disk_usage(oldest.folder)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=100_000))
    done = syndicate("run", "--once", "--config", str(oldest.config))
    assert done.code == 1
    assert re.search(r"needs 0\.\d MB and 0\.1 MB are free; make room, or lay the copy on another disk", done.err)
    assert not oldest.copies
    with closing(sqlite3.connect(oldest.path)) as db:
        assert [*db.execute("SELECT name FROM _sqlite_migrations")] == [("first_tables",)]
    # Whoever has none lays it elsewhere himself.
    elsewhere = oldest.folder / "elsewhere.db"
    elsewhere.write_bytes(before)
    (oldest.folder / f"syndicate.db.before-{_last()}").symlink_to(elsewhere)
    assert syndicate("status", "--config", str(oldest.config)).code in (0, 1)
    assert stated(oldest.path)["migrations"][-1] == _last()
    assert elsewhere.read_bytes() == before


def test_a_copy_of_another_state_is_none(oldest: Old) -> None:
    path = oldest.folder / f"syndicate.db.before-{_last()}"
    for other in (b"", b"no database", stored()[f"{CONVERTED}.db"]):
        path.write_bytes(other)
        Old(oldest.folder, OLDEST)
        with stores.open(oldest.url):
            pass
        assert stated(path) == oldest.held


def test_it_is_said_on_the_terminal_and_in_the_log(oldest: Old) -> None:
    done = syndicate("run", "--once", "--verbose", "--config", str(oldest.config))
    assert 'event="store is brought up to date, a copy of before was made"' in done.err
    assert f"copy={oldest.copies[0]}" in done.err


# --- interrupted ------------------------------------------------------------------------------------------------------


def boundaries() -> Iterator[str]:
    yield from ("BEGIN IMMEDIATE", "COMMIT", "VACUUM", "PRAGMA journal_mode = DELETE")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return sorted(line for line in db.iterdump() if "'tried'" not in line)


@pytest.mark.parametrize("name", [OLDEST, CONVERTED, NAMES[-1]])
def test_wherever_it_is_killed_the_next_one_goes_on(name: str, tmp_path: Path) -> None:
    """Before and after each statement that a crash could fall on: what lies between has happened or not."""
    whole = Old(_folder(tmp_path, "whole"), name)
    with stores.open(whole.url):
        pass
    expected, ended, number = dump(whole.path), False, 0
    while not ended:
        old = Old(_folder(tmp_path, f"{number}"), name)
        ended = not _killed(old, number)
        with stores.open(old.url):
            pass
        assert _times(dump(old.path)) == _times(expected), number
        assert [stated(copy) for copy in old.copies] == ([old.held] if whole.copies else []), number
        number += 1
    assert number > (8 if whole.copies else 0)


def _folder(within: Path, name: str) -> Path:
    made = within / name
    made.mkdir()
    return made


def _times(lines: list[str]) -> list[str]:
    """Without when each step was taken."""
    return [re.sub(r"(INSERT INTO \"_sqlite_migrations\" VALUES\(.*,)'.*'", r"\1", line) for line in lines]


def _killed(old: Old, number: int) -> bool:
    """Was a process that opens it killed at that place? Not, where it does not come so far."""
    child = os.fork()
    if not child:
        _dies_at(number)
        try:
            stores.open(old.url)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def _dies_at(number: int) -> None:
    left = number

    def counted(execute: Callable[..., Any]) -> Callable[..., Any]:
        def run(cursor: Any, sql: str, *values: Any) -> Any:
            nonlocal left
            if not sql.startswith(tuple(boundaries())):
                return execute(cursor, sql, *values)
            for act in (lambda: None, lambda: execute(cursor, sql, *values)):
                done = act()
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
            return done

        return run

    DRIVER._Cursor.execute = counted(DRIVER._Cursor.execute)


# --- of a later program -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run --once", "status", "publish", "releases list", "ingest", "check"])
def test_a_store_of_a_later_program_is_left_alone(oldest: Old, command: str) -> None:
    with stores.open(oldest.url):
        pass
    with closing(sqlite3.connect(oldest.path)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('syndicate', 'of_2099', '2099')"
        )
    before = oldest.path.read_bytes()
    done = syndicate(*command.split(), "--config", str(oldest.config))
    assert done.code == 1
    assert "was last written by a newer version of syndicate (of_2099); install that, or put a backup" in (
        done.out + done.err
    )
    assert "Traceback" not in done.err
    assert oldest.path.read_bytes() == before
    assert not (oldest.folder / "feeds").exists()
    with pytest.raises(StoreUnusable):
        stores.open(oldest.url)

"""A store of before its texts stood once: all that it holds is there afterwards, wherever the first try ended."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from older import as_it_was
from syndicate import store as stores
from syndicate.errors import StoreUnusable
from syndicate.model import Source
from syndicate.pipeline import Edit, Withdraw
from syndicate.store import Store, Upgrade, daemon_lock, of_file
from worlds import NOW, World

pytestmark = pytest.mark.sqlite

HOUR = timedelta(hours=1)
CODEC = sys.modules["syndicate.store.codec"]
TABLES = ("release", "edition", "revision", "pending")
# Ends where `conversion` is about to convert its third release.
KILLED = """
import os, signal, sys
from syndicate import store
from syndicate.store import conversion
convert, seen = conversion.convert_release, []
def third(*arguments):
    seen.append(arguments)
    if len(seen) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    convert(*arguments)
conversion.convert_release, conversion.STEP = third, 2
store.open(f"sqlite:///{sys.argv[1]}")
"""


def text(number: int, more: str = "", body: str = "") -> str:
    words = " ".join(f"Das {number}. Haus bekommt Nachricht {n * number}." for n in range(40))
    return f"---\ntopic: Bau\nurl: https://amt.example/{number}\n{more}---\n# Haus {number}\n\n{words}{body}\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """What a store can hold: corrections, notes, editions, what is held, withdrawn, edited, what waits."""
    opened = World(tmp_path)
    for number in range(5):
        opened.write(f"{number}.md", text(number))
    opened.write("5.md", text(5, "embargo: Redebeginn\n"))
    first = {change.release.title: change.release.id for change in opened.poll().changes}
    opened.write("0.md", text(0, body=" Auch „Ähren“ \\ und mehr."))
    opened.write("1.md", text(1, "embargo: Redebeginn\n", " Neu."))
    opened.poll(NOW + HOUR)
    opened.act(Edit(first["Haus 2"], {"title": "Haus zwei"}, note="Die Zahl stimmt jetzt."), NOW + 2 * HOUR)
    opened.act(Withdraw(first["Haus 3"], reason="Irrtum"), NOW + 2 * HOUR)
    other = Source(id="portal", path=str(tmp_path / "portal"), tag=opened.source.tag)
    opened.plan = replace(opened.plan, sources=(opened.source, other))
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "4.md").write_text(text(4, body=" Nachtrag."), "utf-8")
    opened.poll(NOW + 3 * HOUR, other)
    yield opened
    opened.close()


def held(store: Store) -> dict[str, Any]:
    """All of each release, with what does not count where two are compared."""
    releases = store.releases.list()
    return {
        release.id: (
            repr(release),
            [repr(edition) for edition in store.releases.editions(release.id)],
            [repr(revision) for revision in store.releases.history(release.id).revisions],
            [repr(waits) for waits in store.releases.waits(release.id)],
        )
        for release in releases
    }


def raw(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_each_text_stands_once(world: World) -> None:
    db = world.store._connection.db.conn
    texts = db.execute(
        "SELECT 'haus ' || substr(url, -1), count(*) FROM words JOIN release ON release.id = release GROUP BY 1"
    ).fetchall()
    assert texts == [
        ("haus 0", 2),  # corrected
        ("haus 1", 2),  # a version waits
        ("haus 2", 1),  # another title, a note
        ("haus 3", 1),  # withdrawn
        ("haus 4", 3),  # of two editions, and known by more than its first revision
        ("haus 5", 1),
    ]


def test_an_older_store_is_converted(world: World, tmp_path: Path) -> None:
    before, path = held(world.store), tmp_path / "s.db"
    assert any(waits for *_, waits in before.values())
    world.store.close()
    as_it_was(path)
    assert {name for (name,) in raw(path, "SELECT name FROM pragma_table_info('edition')")} >= {"data"}
    world.store = of_file(path)
    assert held(world.store) == before
    for table in TABLES:
        columns = {name for (name,) in raw(path, f"SELECT name FROM pragma_table_info('{table}')")}
        assert (columns & {"data", "own", "words"}) == {"own", "words"}
    changes = world.poll(NOW + 4 * HOUR)
    assert {change.verdict for change in changes.changes} <= {"unchanged"}


def test_a_conversion_that_is_killed_goes_on(world: World, tmp_path: Path) -> None:
    before, path = held(world.store), tmp_path / "s.db"
    world.store.close()
    as_it_was(path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert killed.returncode == -9
    assert raw(path, "SELECT count(*) FROM release WHERE data = '' AND words IS NOT NULL") == [(2,)]
    assert raw(path, "SELECT count(*) FROM release WHERE data != '' AND words IS NULL") == [(4,)]
    steps = list[tuple[int, int]]()
    world.store = of_file(path, told=Upgrade(lambda done, of: steps.append((done, of))))
    assert held(world.store) == before
    assert steps == [(6, 6)]


def test_what_is_not_read_back_as_it_was_stays(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, path = held(world.store), tmp_path / "s.db"
    world.store.close()
    as_it_was(path)
    whole = CODEC.whole
    with monkeypatch.context() as patched:
        patched.setattr("syndicate.store.conversion.whole", lambda row: whole(row).replace(b"Das 4.", b"Das 5."))
        with pytest.raises(StoreUnusable, match="is not read back as it was"):
            of_file(path)
    assert raw(path, "SELECT count(*) FROM release WHERE data = ''") == [(0,)]
    world.store = of_file(path)
    assert held(world.store) == before


def test_what_no_release_of_this_program_could_be_is_kept_as_it_is(world: World, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    world.store.close()
    as_it_was(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE revision SET data = json_set(data, '$.formerly', '„Ä“', '$.language', json('null'))")
        db.commit()
    of_file(path).close()
    (own, body), *_ = raw(path, "SELECT own, (SELECT body FROM words WHERE id = revision.words) FROM revision")
    assert '"formerly":"„Ä“"'.encode() in CODEC.whole(CODEC.Row("i", "a", own, body))


def test_beside_a_daemon_of_before_nothing_is_converted(world: World, tmp_path: Path) -> None:
    """It would read and write what is not there any more."""
    path = tmp_path / "s.db"
    world.store.close()
    as_it_was(path)
    with daemon_lock(f"sqlite:///{path}"):
        opening = "import sys; from syndicate import store; store.open(f'sqlite:///{sys.argv[1]}')"
        told = subprocess.run([sys.executable, "-c", opening, str(path)], check=False, capture_output=True, text=True)
        assert "brought up to date by the daemon" in told.stderr
        assert raw(path, "SELECT count(*) FROM sqlite_master WHERE name = 'words'") == [(0,)]
        stores.open(f"sqlite:///{path}").close()  # the daemon itself
    assert raw(path, "SELECT count(*) FROM sqlite_master WHERE name = 'words'") == [(1,)]


def test_the_file_gets_smaller_where_nobody_else_has_it(world: World, tmp_path: Path) -> None:
    for number in range(6, 60):
        world.write(f"{number}.md", text(number))
    world.poll(NOW + 4 * HOUR)
    path = tmp_path / "s.db"
    world.store.close()
    as_it_was(path)
    size = path.stat().st_size
    of_file(path).close()
    of_file(tmp_path / "empty.db").close()  # tables that the older program had not take a page each
    assert raw(path, "PRAGMA freelist_count") <= [(6,)]  # of later migrations
    assert raw(path, "PRAGMA page_size") == [(8192,)]
    assert path.stat().st_size - (tmp_path / "empty.db").stat().st_size < 0.75 * size


def test_beside_somebody_who_reads_it_stays_as_large(world: World, tmp_path: Path) -> None:
    before, path = held(world.store), tmp_path / "s.db"
    world.store.close()
    as_it_was(path)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT count(*) FROM release").fetchall()
        world.store = of_file(path)
        assert held(world.store) == before
        assert raw(path, "PRAGMA page_size") == [(4096,)]
        assert raw(path, "PRAGMA journal_mode") == [("wal",)]

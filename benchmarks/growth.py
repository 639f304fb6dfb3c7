"""One release into a topic that holds so many: the processor time of its publishing, beside feedgen's own.

The store is grown by copies of a short release that stand at the old end of the feeds, as those of a backfill do: what
is published of the new one concerns none of them.
"""

import contextlib
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import cycle, measure, press

_NEW = 9  # releases that are published one by one
_FIRST = 200  # real ones before them
_TOPIC = 6  # of press.TOPICS
_PAGE = 50
_BATCH = 50_000


class Growth(NamedTuple):
    """Milliseconds of the processor for one release, the median; `least`: of the best. `statements`: of the median."""

    stored: int
    publish: float
    least: float
    statements: int
    documents: int
    feedgen: float


def measured(sizes: Sequence[int] = (1_000, 10_000, 100_000, 1_000_000)) -> list[Growth]:
    """Each in the store of the one before, grown further."""
    with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as name:
        folder = Path(name)
        (folder / "releases").mkdir()
        config = folder / "config.toml"
        config.write_text(cycle.configuration([]) + '\n[[source]]\nid = "releases"\npath = "releases"\n')
        for at in range(_FIRST):
            _put(folder, at)
        measure.run([cycle.SYNDICATE, "--config", config, "run", "--once"])
        found = []
        for turn, size in enumerate(sizes):
            grow(folder / "syndicate.db", size)
            found.append(_measured(folder, size, _FIRST + turn * _NEW))
        return found


def _put(folder: Path, at: int) -> None:
    """The first, of which the copies are made, is short."""
    path = folder / "releases" / f"{at:06}.md"
    path.write_text(press.markdown(at * len(press.TOPICS) + _TOPIC, most=None if at else 1), encoding="utf-8")


def _measured(folder: Path, size: int, first: int) -> Growth:
    """By the program as it runs, in a process of its own."""
    for at in range(first, first + _NEW):
        _put(folder, at)
        path = folder / "releases" / f"{at:06}.md"
        path.rename(folder / path.name)
    command = [sys.executable, "-m", "benchmarks.growth", folder, first]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, cwd=cycle.ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    times, statements, documents = json.loads(done.stdout.splitlines()[-1])
    return Growth(
        size, statistics.median(times), min(times), int(statistics.median(statements)), documents, _feedgen(folder)
    )


def published(folder: Path, first: int) -> tuple[list[float], list[int], int]:
    """Milliseconds and statements of each new release."""
    from syndicate.app import App  # noqa: PLC0415 - in its own process only
    from syndicate.config import load  # noqa: PLC0415
    from syndicate.model import Poll  # noqa: PLC0415

    times, counts, written = list[float](), list[int](), 0
    with App(load(folder / "config.toml")) as service:
        service.prepare()
        service.publish()
        for at in range(first, first + _NEW):
            (folder / f"{at:06}.md").rename(folder / "releases" / f"{at:06}.md")
            while not any(getattr(event, "changes", None) and event.changes.count("new") for event in
                          service.run(Poll(None, ("releases",), "each"))):  # fmt: skip
                time.sleep(0.05)  # until it is at rest
            said = list[str]()
            service.store._connection.db.conn.set_trace_callback(said.append)
            began = time.process_time()
            documents = service.publish()
            times.append(1000 * (time.process_time() - began))
            counts.append(len(measure.own_statements(said)))
            written = max(written, len(documents))
    return times, counts, written


def grow(store: Path, size: int) -> None:
    """Copies until its topic holds so many."""
    with contextlib.closing(sqlite3.connect(store)) as db:
        db.execute("PRAGMA synchronous = OFF")
        (topic,) = db.execute("SELECT topic FROM slot WHERE topic <> 'all' LIMIT 1").fetchone()
        (held,) = db.execute("SELECT count(*) FROM slot WHERE topic = 'all'").fetchone()
        (oldest,) = db.execute("SELECT min(position) FROM slot WHERE topic = 'all'").fetchone()
        (model,) = db.execute("SELECT release FROM slot WHERE topic = ? ORDER BY position LIMIT 1", (topic,)).fetchone()
        last = min(oldest, 0)
        db.execute("PRAGMA foreign_keys = OFF")
        while held < size:
            more = min(_BATCH, size - held)
            with db:
                _copy(db, model, topic, last, more)
            last, held = last - more, held + more
        with db:
            for feed in (topic, "all"):
                _close_pages(db, feed, min(oldest, 0), last)
                _count(db, feed, last)
        db.execute("ANALYZE")


def _copy(db: sqlite3.Connection, model: str, topic: str, last: int, more: int) -> None:
    numbers = f"WITH RECURSIVE n(at) AS (SELECT {last - 1} UNION ALL SELECT at - 1 FROM n WHERE at > {last - more})"
    changed = {"id": "printf('c%011d', -at)", "atom_id": "'tag:copy,2026:' || at", "url": "NULL", "title":
               "title || ' ' || at"}  # fmt: skip
    _insert(db, "release", "release, n WHERE release.id = ?", changed, numbers, [model])
    for feed in (topic, "all"):
        changed = {"position": "at", "release": "printf('c%011d', -at)"}
        where = "slot, n WHERE slot.release = ? AND topic = ?"
        _insert(db, "slot", where, changed, numbers, [model, feed])


def _insert(
    db: sqlite3.Connection, table: str, source: str, changed: Mapping[str, str], numbers: str, values: Sequence[str]
) -> None:
    """Rows like those that are there, whatever columns a table has."""
    names = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
    chosen = ", ".join(changed.get(name, f"{table}.{name}") for name in names)
    db.execute(f"{numbers} INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {source}", values)


def _close_pages(db: sqlite3.Connection, feed: str, above: int, last: int) -> None:
    (number, updated) = db.execute("SELECT max(number), max(updated) FROM page WHERE topic = ?", (feed,)).fetchone()
    pages = range(above - 1, last - 1, -_PAGE)
    db.executemany(
        "INSERT INTO page (topic, number, first, last, updated) VALUES (?, ?, ?, ?, ?)",
        ((feed, number + at, max(newest - _PAGE + 1, last), newest, updated) for at, newest in enumerate(pages, 1)),
    )


def _count(db: sqlite3.Connection, feed: str, last: int) -> None:
    db.execute("UPDATE topic SET first_position = ? WHERE id = ?", (last, feed))
    if "entries" in [name for _, name, *_ in db.execute("PRAGMA table_info(topic)")]:
        counted = "(SELECT count(*) FROM slot WHERE slot.topic = topic.id AND shown = 1)"
        db.execute(f"UPDATE topic SET entries = {counted} WHERE id = ?", (feed,))


def _feedgen(folder: Path) -> float:
    """Milliseconds that feedgen needs for the heads of the two feeds, as Atom and RSS, with nothing else done."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415

    times = []
    for _ in range(3):
        began = time.process_time()
        for _feed in range(2):
            made = FeedGenerator()
            made.id("tag:x,2026:y")
            made.title("Presse")
            made.link(href="http://127.0.0.1:8000/")
            made.description("Meldungen")
            for at in range(_PAGE):
                entry = made.add_entry()
                entry.id(f"tag:x,2026:{at}")
                entry.title(press.title(at))
                entry.link(href=f"http://127.0.0.1:8000/{at}")
                entry.published(press.published(at))
                entry.content("\n".join(f"<p>{text}</p>" for text in press.paragraphs(at)), type="html")
            made.atom_str()
            made.rss_str()
        times.append(1000 * (time.process_time() - began))
    return min(times)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(published(Path(sys.argv[1]), int(sys.argv[2]))))
    else:
        for each in measured():
            print(each, flush=True)

"""A year in minutes: the program in one process, with a clock in its hand, a real store and real files.

Each cycle there is something new, something is corrected, and now and then something is withdrawn; a feed whose window
slides, one that prints the time into itself, and one that is never there. `python -m benchmarks.endurance` prints after
each tenth what the process and each table of the store have come to.
"""

import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from syndicate.app import App, Lines
from syndicate.config import load
from syndicate.model import Expire, LiftDue, Poll, Publish, Repair, SettleDue

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_CONFIG = """
[site]
title = "Presse"
tag = "presse.example.org,2026"
[store]
keep_raw = "30d"
[publish]
html = false
page_size = 8
tombstones = "30d"
withdrawal_notice = "30d"
[[source]]
id = "amt"
path = "amt"
[[source]]
id = "portal"
path = "portal"
[[source]]
id = "weg"
url = "http://127.0.0.1:9/feed"
allow_private = true
"""
_ENTRY = """<entry><id>tag:portal.example.org,2026:{n}</id><title>Meldung {n} vom Portal</title><updated>{at}</updated>
<link href="https://portal.example.org/{n}"/><category term="Bau"/><content type="text">{text}</content></entry>"""
_FEED = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Portal</title>
<id>tag:portal.example.org,2026:feed</id><updated>{at}</updated>{entries}</feed>"""


class Standing(NamedTuple):
    """`memory`: bytes of the process; `pages` of the store that are in use, `free` ones; rows of each table."""

    cycle: int
    memory: int
    pages: int
    free: int
    rows: dict[str, int]


def measured(cycles: int = 1_000, days: int = 365, *, seed: int = 1) -> Iterator[Standing]:
    """Ten times in its course."""
    with tempfile.TemporaryDirectory(prefix="syndicate-endurance-") as name:
        yield from _lived(Path(name), cycles, timedelta(days=days) / cycles, random.Random(seed))


def _lived(folder: Path, cycles: int, step: timedelta, chance: random.Random) -> Iterator[Standing]:
    (folder / "config.toml").write_text(_CONFIG, "utf-8")
    for source in ("amt", "portal"):
        (folder / source).mkdir()
    now = [_BEGIN]
    with App(load(folder / "config.toml"), clock=lambda: now[0], lines=Lines(100)) as app:
        app.prepare()
        for cycle in range(1, cycles + 1):
            now[0] = (_BEGIN + cycle * step).replace(microsecond=0)
            _write(folder, cycle, now[0], chance)
            for job in (
                *(Poll(None, (source.id,), "each") for source in app.plan.sources),
                LiftDue(),
                SettleDue(),
                Expire(),
                Publish(),
                Repair(),
            ):
                app.run(job)
            if cycle % max(1, cycles // 10) == 0:
                yield _standing(folder / "syndicate.db", cycle)


def _write(folder: Path, cycle: int, now: datetime, chance: random.Random) -> None:
    """One new file a cycle, of which each tenth is corrected at once and each twentieth taken back later."""
    for number in {cycle, max(1, cycle - 10 * chance.randrange(2))}:
        words = " ".join(chance.choice(("Bau", "Weg", "Amt", "Land", "Fluss", "Tor")) + str(n) for n in range(80))
        gone = "withdrawn: true\n" if number != cycle and chance.random() < 0.2 else ""
        text = f"---\ntitle: Meldung {number} {number * 7919}\ntopics: [Amt]\n{gone}---\n{words}\n"
        (folder / "amt" / f"{number}.md").write_text(text, "utf-8")
    at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = "".join(
        _ENTRY.format(
            n=n, text=f"Text {n} {n * 31}. " * 30, at=(_BEGIN + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M:%SZ")
        )
        for n in range(max(0, cycle - 20), cycle)
    )
    (folder / "portal" / "feed.atom").write_text(_FEED.format(at=at, entries=entries), "utf-8")


def _standing(store: Path, cycle: int) -> Standing:
    with closing(sqlite3.connect(store)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows = {table: db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}
        pages, free = (db.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "freelist_count"))
    status = Path("/proc/self/status").read_text("utf-8")
    memory = int(status.partition("VmRSS:")[2].split()[0]) * 1024
    return Standing(cycle, memory, pages - free, free, rows)


def main() -> None:
    cycles, days = (int(given) for given in (*sys.argv[1:], *("1000", "365")[len(sys.argv) - 1 :]))
    last: Standing | None = None
    for standing in measured(cycles, days):
        print(
            f"{standing.cycle:6} cycles  {standing.memory / 1e6:6.1f} MB  {standing.pages} pages, {standing.free} free"
        )
        last = standing
    for table, rows in last.rows.items() if last else ():
        print(f"{table:24} {rows}")


if __name__ == "__main__":
    main()

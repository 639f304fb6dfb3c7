"""How long until readers have it: a file dropped into a watched folder, and a release whose embargo ends."""

import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks import cycle, daemon, press

_CONFIG = '\n[[source]]\nid = "releases"\npath = "releases"\n'
_PATIENCE = 60  # seconds
_AHEAD = 4  # seconds from a drop to the end of its embargo


class Latency(NamedTuple):
    """Seconds, by the clock on the wall, until the title is in the topic's feed file."""

    dropped: float  # median
    worst: float  # the 99th of 100
    lifted: float  # median, after the embargo's end


def measured(drops: int = 40, embargoes: int = 5, stored: int = 200) -> Latency:
    """Into a store that holds so many releases."""
    with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as name:
        folder = Path(name)
        (folder / "releases").mkdir()
        for number in range(stored):
            (folder / "releases" / f"{number:06}.md").write_text(press.markdown(number), encoding="utf-8")
        config = folder / "config.toml"
        config.write_text(cycle.configuration([]) + _CONFIG, encoding="utf-8")
        with daemon.running(config):
            daemon.until(lambda: _has(folder, stored - 1))
            time.sleep(2)
            times = sorted(_dropped(folder, stored + at) for at in range(drops))
            ends = [_lifted(folder, stored + drops + at) for at in range(embargoes)]
    return Latency(
        statistics.median(times), times[min(len(times) - 1, len(times) * 99 // 100)], statistics.median(ends)
    )


def _dropped(folder: Path, number: int) -> float:
    _put(folder, number, press.markdown(number))
    return _waited(folder, number, time.monotonic())


def _lifted(folder: Path, number: int) -> float:
    end = (datetime.now(UTC) + timedelta(seconds=_AHEAD)).replace(microsecond=0)
    text = press.markdown(number).replace("---\n", f"---\nembargo: {end.isoformat()}\n", 1)
    _put(folder, number, text)
    while datetime.now(UTC) < end:
        time.sleep(0.005)
        if _has(folder, number):
            raise SystemExit("an embargo leaked")
    return _waited(folder, number, time.monotonic())


def _put(folder: Path, number: int, text: str) -> None:
    """As a careful program does: whole, under its name."""
    new = folder / f"{number:06}.new"
    new.write_text(text, encoding="utf-8")
    os.rename(new, folder / "releases" / f"{number:06}.md")


def _waited(folder: Path, number: int, since: float) -> float:
    while not _has(folder, number):
        if time.monotonic() - since > _PATIENCE:
            raise SystemExit(f"release {number} did not appear within {_PATIENCE} seconds")
        time.sleep(0.002)
    return time.monotonic() - since


def _has(folder: Path, number: int) -> bool:
    feed = folder / "feeds" / f"{cycle.slug(press.topic(number))}.atom"
    return feed.is_file() and f">{press.title(number)}<".encode() in feed.read_bytes()


if __name__ == "__main__":
    print(measured())

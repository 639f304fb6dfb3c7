"""All of it, in about ten minutes: `make bench`, or `python -m benchmarks [--small] [--write] [PART…]`.

One table, in which each figure stands beside what it must be, and beside its peer in the same run where speed is the
matter. `--write` keeps it in benchmarks/RESULTS.md. `--small` shows that all of it works, and measures nothing.
"""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from benchmarks import cycle, daemon, first, growth, hub, latency, serve

_RESULTS = Path(__file__).parent / "RESULTS.md"
_LIBRARIES = ("feedparser", "feedgen", "httpx", "lxml", "sqlite-utils", "uvicorn", "httptools")


class Row(NamedTuple):
    """A figure: what it is, its unit, what it must be and what stands beside it, for people."""

    part: str
    figure: str
    value: float
    unit: str
    must: str = ""
    beside: str = ""

    def __str__(self) -> str:
        shown = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        return f"| {self.part} | {self.figure} | {shown} {self.unit} | {self.must} | {self.beside} |"


def cycles(*, small: bool) -> Iterator[Row]:
    """200 feeds of 20 entries; each peer asks the same server in the same rounds."""
    feeds, entries = (4, 3) if small else (200, 20)
    found = {(each.program, each.step): each.used for each in cycle.measured(feeds, entries)}
    ours = {step: used for (program, step), used in found.items() if program == "syndicate"}
    peers = {program: None for program, _ in found if program != "syndicate"}
    floor = {"304": 2.4, "1 %": 3.0, "same bytes": 2.3}  # times that
    pages = ours["publish"].documents
    for step in cycle.STEPS:
        beside = ", ".join(f"{name} {found[name, step].processor:.2f}" for name in peers)
        wanted = ""
        if step in floor:
            wanted = f"≤ {floor[step] * found['floor', step].processor:.2f} ({floor[step]} × floor)"
        elif step == "now":
            wanted = f"≤ {0.25 * found['script', step].processor:.2f} (0.25 × script)"
        yield Row("cycle", f"{step}: processor", ours[step].processor, "s", wanted, beside)
    reading = ours["cold"].processor - ours["publish"].processor
    yield Row(
        "cycle",
        "cold, without publishing",
        reading,
        "s",
        f"≤ {1.5 * found['script', 'cold'].processor:.1f} (1.5 × script)",
    )
    yield Row("cycle", f"publishing {pages:,} documents, each", 1000 * ours["publish"].processor / pages, "ms", "≤ 2.5")
    beside = ", ".join(f"{name} {found[name, 'cold'].peak:.0f}" for name in peers)
    yield Row("cycle", "cold: peak memory", ours["cold"].peak, "MiB", "≤ 200", beside)


def ingests(*, small: bool) -> Iterator[Row]:
    """First ingests of one large source."""
    for found in (first.json_feed(30), first.markdown(20)) if small else (first.json_feed(), first.markdown()):
        what = f"{found.source} of {found.releases:,}"
        yield Row("first ingest", f"{what}: releases a processor second", found.rate, "", "≥ 160")
        yield Row("first ingest", f"{what}: peak memory", found.peak, "MiB")
        yield Row("store", f"{what}: bytes for each byte of its files", found.store, "", "≤ 1.3")


def daemons(*, small: bool) -> Iterator[Row]:
    """Many sources that do not change."""
    for sources in (5,) if small else (1_000, 10_000):
        found = daemon.measured(sources, rest=1 if small else 20)
        name = f"{sources:,} sources"
        yield Row("daemon", f"{name}: a poll answered 304", found.each, "ms", "≤ 1.5")
        yield Row("daemon", f"{name}: polls", found.rate, "a second", "≥ 200")
        yield Row("daemon", f"{name}: start", found.start, "s", "≤ 3")
        yield Row("daemon", f"{name}: at rest, a minute", found.idle, "s", "≤ 0.2")
        yield Row("daemon", f"{name}: memory at rest", found.memory, "MiB", "≤ 90 (small)")
        yield Row("daemon", f"{name}: `status`", found.status, "s", "≤ 1.0")


def growths(*, small: bool) -> Iterator[Row]:
    """One release into a topic, in stores that grow."""
    sizes = (300, 600) if small else (1_000, 10_000, 100_000)
    found = growth.measured(sizes)
    least = found[0]
    for each in found:
        name = f"into a topic of {each.stored:,}"
        beside = f"feedgen alone {each.feedgen:.1f} ms; {each.publish / least.publish:.2f} × that into {least.stored:,}"
        what = f"{name}: {each.documents} documents"
        yield Row("publish", what, each.publish, "ms", "≤ 20, flat within 1.2 ×", beside)
        yield Row("publish", f"{name}: statements", each.statements, "", "≤ 40")


def latencies(*, small: bool) -> Iterator[Row]:
    """By the clock on the wall."""
    found = latency.measured(3, 1, 5) if small else latency.measured()
    yield Row("latency", "dropped file → feed, median", 1000 * found.dropped, "ms", "≤ 250")
    yield Row("latency", "dropped file → feed, 99th of 100", 1000 * found.worst, "ms", "≤ 350")
    yield Row("latency", "end of an embargo → feed, median", found.lifted, "s", "≤ 0.7")


def servings(*, small: bool) -> Iterator[Row]:
    """One feed of 100 KB, again and again; nginx in turn with us."""
    must = {("200", 64): "≥ 0.45", ("304", 64): "≥ 0.25"}
    found = serve.rows(small=small)
    for ours in (each for each in found if each.server == "syndicate"):
        name = f"{ours.answer} to {ours.connections} connections"
        rate = f"{ours.rate:,.0f} a second"
        if nginx := serve.peer(found, ours):
            wanted = must.get((ours.answer, ours.connections), "")
            beside = f"{ours.each:.0f} and {nginx.each:.0f} µs; {rate}, {ours.rate / nginx.rate:.2f} of its"
            yield Row("serve", f"{name}: share of nginx, by processor", nginx.each / ours.each, "", wanted, beside)
        else:
            yield Row("serve", f"{name}: processor a request", ours.each, "µs", "", rate)


def pushes(*, small: bool) -> Iterator[Row]:
    """A release, told to each subscriber of a feed; a hundred more are slow."""
    found = asyncio.run(hub.measured(20, 2) if small else hub.measured())
    name = f"{found.subscribers:,} subscribers"
    yield Row("hub", f"{name}: feed → the last of 99 in 100 is told", found.most, "s", "≤ 2")
    yield Row("hub", f"{name}: processor a push", 1000 * found.processor, "ms")


PARTS: dict[str, Callable[..., Iterator[Row]]] = {
    "cycle": cycles,
    "first": ingests,
    "daemon": daemons,
    "publish": growths,
    "latency": latencies,
    "serve": servings,
    "hub": pushes,
}


def table(parts: Sequence[str], *, small: bool) -> Iterator[str]:
    """Line by line, as it is measured."""
    yield "| part | figure | measured | must be | beside it |"
    yield "|---|---|---|---|---|"
    for part in parts:
        for row in PARTS[part](small=small):
            yield str(row)


def machine() -> str:
    """What it ran on, and how busy that was."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return (
        f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC, {os.cpu_count()} cores ({platform.machine()}), Python"
        f" {platform.python_version()}, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f} before;"
        f" syndicate {metadata.version('syndicate')}, {versions}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--small", action="store_true", help="a miniature, in some seconds")
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    on = machine()
    print(f"{on}\n", flush=True)
    lines = list[str]()
    for line in table(options.parts or [*PARTS], small=options.small):
        print(line, flush=True)
        lines.append(line)
    if options.write:
        _keep(on, lines)


def _keep(on: str, lines: Sequence[str]) -> None:
    """The last run, above what was before."""
    before = _RESULTS.read_text(encoding="utf-8").partition("\n## Before")
    head = "# Results\n\nThe last whole run of `make bench`; the ratios hold, absolute times are this machine's.\n"
    _RESULTS.write_text(f"{head}\n{on}\n\n" + "\n".join(lines) + "\n" + "".join(before[1:]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

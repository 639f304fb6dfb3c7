"""Seconds from releases in a folder to feeds on disk, and the memory that it takes.

    python benchmarks/publish.py [--releases 5000] [--runs 3] [--repeat 5]

Each run is a process of its own, with a store, a folder of Markdown files and a `feeds/` of its own that are deleted at
its end. It goes the way of the daemon (config.toml, ingest, publish) without its clock: a file counts as at rest at
once, so the 150 ms that the daemon waits for a file to rest are not in it. Every publish reaches the disk (fsync), so
the folder for temporary files (TMPDIR) counts.
"""

import argparse
import logging
import multiprocessing
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from syndicate.app import App
from syndicate.config import load
from syndicate.model import Poll, Polled

TOPICS = ("Arbeitsmarkt", "Europa", "Forst", "Gesundheit", "Innere Sicherheit", "Kunst und Kultur", "Schule", "Verkehr")
LEXICON = (
    "Ährenfeld Bahnhof Bergwald Brücke Deich Erlenstadt Feuerwehr Förderung Gemeinde Haushalt Hohenried Jugend Klinik "
    "Kreis Land Lehrkräfte Ministerium Museum Notaufnahme Orchester Pflege Polizei Quartier Rathaus Schiene Schule "
    "Sommer Straße Talland Übung Verein Wald Werkstatt Zukunft beginnt bleibt eröffnet erhält fördert plant prüft"
)
WORDS = LEXICON.split()
CONFIG = """
[site]
title = "Presse Talland"
tag = "presse.talland.example,2026"

[[source]]
id = "releases"
path = "releases"
"""
STEPS = ("first ingest and publish", "poll with nothing new", "one new release", "one correction")
LONG_AGO = 1_700_000_000  # seconds since 1970: a file of that time is at rest

Times = dict[str, list[float]]


def release(number: int, version: int = 1) -> str:
    """A release of about 3 KB as a Markdown file: the same number and version, the same text."""
    words = random.Random(number)
    paragraphs = [" ".join(words.choices(WORDS, k=70)) + "." for _ in range(6)]
    return (
        f"---\ntitle: Meldung {number} aus {words.choice(WORDS)}\ntopics: [{words.choice(TOPICS)}]\n"
        f"date: 2026-{1 + number % 12:02}-{1 + number % 28:02}T10:00:00+01:00\nteaser: Fassung {version}.\n---\n"
        + "\n\n".join(paragraphs)
        + "\n"
    )


def write(folder: Path, number: int, version: int = 1) -> None:
    path = folder / f"{number:06}.md"
    path.write_text(release(number, version), encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO + version))


def cycle(service: App, *, new: int = 0, corrected: int = 0) -> float:
    """Seconds of one poll and publish, which must find just this."""
    began = time.perf_counter()
    (outcome,) = service.run(Poll(None, tuple(source.id for source in service.plan.sources), "each"))
    documents = service.publish()
    took = time.perf_counter() - began
    if not isinstance(outcome, Polled) or outcome.error or outcome.changes is None or outcome.changes.rejected:
        sys.exit(f"the poll failed: {outcome}")
    verdicts = [change.verdict for change in outcome.changes.changes]
    found = (verdicts.count("new"), verdicts.count("corrected"))
    if found != (new, corrected) or bool(documents) != bool(new or corrected):
        sys.exit(f"found {found}, not {(new, corrected)}; {len(documents)} documents")
    return took


def measure(root: Path, releases: int, repeat: int) -> Times:
    folder = root / "releases"
    folder.mkdir()
    for number in range(releases):
        write(folder, number)
    (root / "config.toml").write_text(CONFIG, encoding="utf-8")

    def step(change: Callable[[int], None], **found: int) -> list[float]:
        times = []
        for turn in range(repeat):
            change(turn)
            times.append(cycle(service, **found))
        return times

    with App(load(root / "config.toml")) as service:
        service.prepare()
        first = [cycle(service, new=releases)]
        nothing = step(lambda turn: None)
        new = step(lambda turn: write(folder, releases + turn), new=1)
        corrected = step(lambda turn: write(folder, turn, version=2), corrected=1)
    return dict(zip(STEPS, (first, nothing, new, corrected), strict=True))


def run(releases: int, repeat: int, pipe: Connection) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="syndicate-benchmark-") as root:
        times = measure(Path(root), releases, repeat)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kB, on macOS bytes
    pipe.send((times, peak / (2**20 if sys.platform == "darwin" else 2**10)))


def one(releases: int, repeat: int) -> tuple[Times, float]:
    """In a process of its own, so that its peak is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=run, args=(releases, repeat, theirs))
    process.start()
    theirs.close()
    try:
        found: tuple[Times, float] = ours.recv()
    except EOFError:
        process.join()
        sys.exit("the run ended without a result")
    process.join()
    return found


def bounded(lowest: int, highest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text} is not between {lowest} and {highest:,}")
        return int(text)

    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=bounded(10, 100_000), default=5_000, help="files in the folder at first")
    parser.add_argument("--runs", type=bounded(1, 9), default=3, help="whole runs")
    parser.add_argument("--repeat", type=bounded(1, 10), default=5, help="of each later step, in each run")
    options = parser.parse_args()
    found = [one(options.releases, options.repeat) for _ in range(options.runs)]
    runs = "one run" if options.runs == 1 else f"{options.runs} runs"
    print(f"{options.releases:,} releases, {len(TOPICS)} topics, medians of {runs}")
    for step in STEPS:
        took = statistics.median(seconds for times, _ in found for seconds in times[step])
        each = f"  {options.releases / took:,.0f} releases/s" if step == STEPS[0] else ""
        print(f"{step:26}{took:10.3f} s{each}")
    print(f"{'peak memory':26}{statistics.median(peak for _, peak in found):10.0f} MB")


if __name__ == "__main__":
    main()

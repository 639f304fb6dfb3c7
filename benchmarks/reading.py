"""What each reader finds in a folder of feeds, and how long it takes.

    python benchmarks/reading.py FOLDER [--repeat 3]

Ours, feedparser, and fastfeedparser and reader where they are installed beside us, each on the same files, each alone
in a process. A document counts as read where the reader gives a feed without raising, and each entry counts as having a
field where it says something. The seconds are the best of `--repeat`, without the first import; reader's include its
database. Nothing is fetched: files that are no feeds may lie among them, and nobody reads those.
"""

import argparse
import io
import logging
import multiprocessing
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

FIELDS = ("title", "link", "id", "date", "content")
NO_FEEDS = (".opml", ".expected.json", ".py", ".tsv", ".md")

Entry = tuple[Any, ...]  # in the order of FIELDS


class Result(NamedTuple):
    """What one reader made of all documents."""

    documents: int
    entries: int
    having: tuple[int, ...]  # entries that have each of FIELDS
    seconds: float


def syndicate(path: Path) -> Iterator[Entry]:
    parse = import_module("syndicate.parse").parse
    for item in parse(path.read_bytes(), path=path.name):
        if not item.withdrawn:
            yield item.title, item.url, item.id, item.published or item.updated, item.content or item.teaser


def feedparser(path: Path) -> Iterator[Entry]:
    feed = import_module("feedparser").parse(io.BytesIO(path.read_bytes()))
    if not dict.get(feed, "version"):
        raise ValueError("no feed")
    for entry in feed.entries:
        content = next((part.get("value") for part in dict.get(entry, "content") or ()), None)
        yield *_fields(entry), content or dict.get(entry, "summary")


def fastfeedparser(path: Path) -> Iterator[Entry]:
    for entry in import_module("fastfeedparser").parse(path.read_bytes()).entries:
        content = next((part.get("value") for part in entry.get("content") or ()), None)
        yield *_fields(entry), content or entry.get("description")


def reader(path: Path) -> Iterator[Entry]:
    with closing(import_module("reader").make_reader(":memory:", feed_root=str(path.parent))) as library:
        library.add_feed(path.name)
        library.update_feed(path.name)
        for entry in library.get_entries():
            content = next((part.value for part in entry.content), None) or entry.summary
            yield entry.title, entry.link, entry.id, entry.published or entry.updated, content


READERS: Mapping[str, Callable[[Path], Iterator[Entry]]] = {
    "syndicate": syndicate,
    "feedparser": feedparser,
    "fastfeedparser": fastfeedparser,
    "reader": reader,
}


def _fields(entry: Any) -> Entry:
    said = {key: dict.get(entry, key) for key in ("title", "link", "id", "published", "updated")}
    return said["title"], said["link"], said["id"], said["published"] or said["updated"]


def measure(name: str, paths: Sequence[Path], repeat: int) -> Result:
    read = READERS[name]
    best: Result | None = None
    for _ in range(repeat):
        documents, entries, having = 0, 0, [0] * len(FIELDS)
        began = time.perf_counter()
        for path in paths:
            try:
                found = list(read(path))
            except Exception:  # each reader has its own errors for what it cannot read
                continue
            documents += 1
            entries += len(found)
            having = [count + sum(bool(entry[n]) for entry in found) for n, count in enumerate(having)]
        took = time.perf_counter() - began
        if best is None or took < best.seconds:
            best = Result(documents, entries, tuple(having), took)
    if best is None:
        sys.exit("nothing was measured")
    return best


def run(name: str, paths: Sequence[Path], repeat: int, pipe: Connection) -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import_module(name)
    pipe.send(measure(name, paths, repeat))


def alone(name: str, paths: Sequence[Path], repeat: int) -> Result:
    """In a process of its own, so that no reader warms the other's caches."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=run, args=(name, paths, repeat, theirs))
    process.start()
    theirs.close()
    try:
        found: Result = ours.recv()
    except EOFError:
        process.join()
        sys.exit(f"{name} ended without a result")
    process.join()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="with feeds, also in folders below it")
    parser.add_argument("--repeat", type=int, default=3, choices=range(1, 11), help="runs of each reader")
    options = parser.parse_args()
    files = sorted(path for path in options.folder.rglob("*") if path.is_file())
    paths = [path.resolve() for path in files if not path.name.endswith(NO_FEEDS)]
    if not paths:
        sys.exit(f"{options.folder} holds no file")
    found = {name: alone(name, paths, options.repeat) for name in READERS if find_spec(name)}
    most = max(result.entries for result in found.values()) or 1
    print(f"{len(paths):,} documents, best of {options.repeat}; shares are of {most:,} entries, the most found")
    print(f"{'':15}{'read':>6}{'entries':>9}" + "".join(f"{field:>9}" for field in FIELDS) + f"{'seconds':>10}")
    for name in READERS:
        if result := found.get(name):
            shares = "".join(f"{count / most:9.1%}" for count in result.having)
            print(f"{name:15}{result.documents:6,}{result.entries:9,}{shares}{result.seconds:10.2f}")
        else:
            print(f"{name:15}is not installed")


if __name__ == "__main__":
    main()

"""What each reader finds in a folder of feeds, and how long it takes.

    python benchmarks/reading.py FOLDER [--repeat 3]

Ours, and feedparser, fastfeedparser, feedparser-rs and reader where they are installed beside us, each on the same
files, each alone in a process. A document counts as read where the reader gives a feed without raising. An entry counts
where it is held: it says something, and ours has become a release; what stands for entries that were left out is none.
It has a date where that is an instant that the reader read, content where the document states some: not the title or
the address in its place. The seconds are the best of `--repeat`, without the first import; ours include the cleaning of
HTML, reader's its database. Nothing is fetched: files that are no feeds may lie among them, and nobody reads those.
"""

import argparse
import io
import logging
import multiprocessing
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

FIELDS = ("title", "link", "id", "date", "content")
NO_FEEDS = (".opml", ".expected.json", ".py", ".tsv", ".md")

_NOW = datetime.now(UTC)
_FIRST_YEAR = 1970  # in which nothing was published that a feed tells of
_TAG = re.compile("<[^<>]*>")

Entry = tuple[Any, ...]  # in the order of FIELDS


class Result(NamedTuple):
    """What one reader made of all documents."""

    documents: int
    entries: int
    having: tuple[int, ...]  # entries that have each of FIELDS
    seconds: float


def syndicate(path: Path) -> Iterator[Entry]:
    """What would be held of a document, as a poll finds it."""
    parse, normalise = import_module("syndicate.parse").parse, import_module("syndicate.normalise").normalise
    source = import_module("syndicate.model").Source(id="benchmark")
    for item in parse(path.read_bytes(), path=path.name):
        release = None if item.withdrawn else normalise(item, source, now=_NOW)
        if isinstance(getattr(release, "title", None), str):
            title = None if "title" in release.inferred else release.title
            files = [file.title or file.url.rpartition("/")[2] for file in release.enclosures]
            content = _stated(item.content or item.teaser, item.title, item.url, *files)
            yield title, release.url, item.id, release.stated or release.modified, content


def feedparser(path: Path) -> Iterator[Entry]:
    feed = import_module("feedparser").parse(io.BytesIO(path.read_bytes()))
    if not dict.get(feed, "version"):
        raise ValueError("no feed")
    for entry in feed.entries:
        said = {key: dict.get(entry, key) for key in ("title", "link", "id")}
        date = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
        yield *said.values(), _valid(date and datetime(*date[:6], tzinfo=UTC)), _content(entry, said)


def fastfeedparser(path: Path) -> Iterator[Entry]:
    for entry in import_module("fastfeedparser").parse(path.read_bytes()).entries:
        said = {key: entry.get(key) for key in ("title", "link", "id")}
        stated = entry.get("published") or entry.get("updated")
        yield *said.values(), _valid(stated and datetime.fromisoformat(stated)), _content(entry, said)


def feedparser_rs(path: Path) -> Iterator[Entry]:
    feed = import_module("feedparser_rs").parse(path.read_bytes())
    if not feed.version:
        raise ValueError("no feed")
    for entry in feed.entries:
        date = entry.published_parsed or entry.updated_parsed
        content = next((part.value for part in entry.content if part.value), None) or entry.summary
        date = _valid(date and datetime(*tuple(date)[:6], tzinfo=UTC))
        yield entry.title, entry.link, entry.id, date, _stated(content, entry.title, entry.link)


def reader(path: Path) -> Iterator[Entry]:
    with closing(import_module("reader").make_reader(":memory:", feed_root=str(path.parent))) as library:
        library.add_feed(path.name)
        library.update_feed(path.name)
        for entry in library.get_entries():
            content = next((part.value for part in entry.content), None) or entry.summary
            date = _valid(entry.published or entry.updated)
            yield entry.title, entry.link, entry.id, date, _stated(content, entry.title, entry.link)


READERS: Mapping[str, Callable[[Path], Iterator[Entry]]] = {
    "syndicate": syndicate,
    "feedparser": feedparser,
    "fastfeedparser": fastfeedparser,
    "feedparser_rs": feedparser_rs,
    "reader": reader,
}


def _content(entry: Any, said: Mapping[str, Any]) -> str | None:
    """Of an entry as feedparser gives it, and who is like it."""
    found = next((part.get("value") for part in dict.get(entry, "content") or ()), None)
    found = found or dict.get(entry, "summary") or dict.get(entry, "description")
    return _stated(found, said["title"], said["link"])


def _valid(date: datetime | None) -> datetime | None:
    """A date that a person could have meant: some readers make one up of what they do not understand."""
    return date if date and _FIRST_YEAR < date.year <= _NOW.year + 1 else None


def _stated(content: str | None, *instead: str | None) -> str | None:
    """Content that says more than what stands in for it where none is stated."""
    words = _TAG.sub("", unescape(content or "")).strip()
    return content if content and (not words or words not in instead) else None


def measure(name: str, paths: Sequence[Path], repeat: int) -> Result:
    read = READERS[name]
    best: Result | None = None
    for _ in range(repeat):
        documents, entries, having = 0, 0, [0] * len(FIELDS)
        began = time.perf_counter()
        for path in paths:
            try:
                found = [entry for entry in read(path) if any(entry)]
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

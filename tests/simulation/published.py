"""What readers find in the published folder, by no code of the program's: walks, entries and the marks in all bytes."""

import gzip
import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import lxml.etree
import lxml.html

MARK = re.compile(rb"\bw(\d+)((?:[vth]\d+)?)x\b")
_A = "{http://www.w3.org/2005/Atom}"
_GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


class Entry(NamedTuple):
    """`marks`: of its words. `id`: as feeds have it; of a page for people the release's own."""

    id: str
    updated: str
    marks: frozenset[str]


class Sheet(NamedTuple):
    """A document of a walk: its entries from the top, and where it goes on."""

    entries: tuple[Entry, ...]
    older: str | None
    updated: str
    gone: tuple[str, ...] = ()


class Folder:
    """The published folder, as of the last `look`; what has not changed since the one before is not read again."""

    def __init__(self, root: Path, base: str) -> None:
        self.root = root
        self.base = base
        self.marks: dict[
            str, frozenset[str]
        ] = {}  # in the bytes of each file, unpacked; also where nobody is led to it
        self._versions: dict[str, object] = {}
        self._sheets: dict[str, Sheet] = {}

    def look(self, touched: Iterable[str] | None = None) -> None:
        """At these files (absolute), or at all."""
        if touched is None:
            there = [f"{folder}/{name}" for folder, _, names in os.walk(self.root) for name in names]
            gone = {f"{self.root}/{path}" for path in self.marks}.difference(there)
            touched = [*there, *gone]
        for path in touched:
            if path.startswith(f"{self.root}/"):
                self._look_at(path[len(str(self.root)) + 1 :])

    def all_marks(self) -> set[str]:
        return set().union(*self.marks.values())

    def version(self, path: str) -> object:
        """Another one where it is another file."""
        return self._versions[path]

    def walk(self, head: str) -> Iterator[tuple[str, Sheet]]:
        """From the head to the oldest page: (path, what stands there)."""
        path: str | None = head
        seen = set[str]()
        while path is not None:
            assert path not in seen, f"the walk from {head} goes in a circle at {path}"
            assert path in self.marks, f"the walk from {head} leads to {path}, which is not there"
            seen.add(path)
            sheet = self._sheet(path)
            yield path, sheet
            path = sheet.older

    def _look_at(self, path: str) -> None:
        try:
            found = os.stat(self.root / path)
        except FileNotFoundError:
            for known in (self._versions, self.marks, self._sheets):
                known.pop(path, None)
            return
        version = found.st_ino, found.st_mtime_ns, found.st_size
        if self._versions.get(path) != version:
            body = (self.root / path).read_bytes()
            self._versions[path] = version
            self.marks[path] = marks_in(gzip.decompress(body) if path.endswith(".gz") and body else body)
            self._sheets.pop(path, None)

    def _sheet(self, path: str) -> Sheet:
        if path not in self._sheets:
            read = {"atom": _atom, "json": _json, "html": _page}[path.rpartition(".")[2]]
            self._sheets[path] = read((self.root / path).read_bytes(), self.base)
        return self._sheets[path]


def _name(found: tuple[bytes, bytes]) -> str:
    return f"w{found[0].decode()}{found[1].decode()}x"


def marks_in(body: bytes) -> frozenset[str]:
    return frozenset(map(_name, MARK.findall(body)))


def _atom(body: bytes, base: str) -> Sheet:
    root = lxml.etree.fromstring(body)
    entries = tuple(
        Entry(
            entry.findtext(f"{_A}id") or "",
            entry.findtext(f"{_A}updated") or "",
            marks_in(lxml.etree.tostring(entry, encoding="utf-8")),
        )
        for entry in root.iter(f"{_A}entry")
    )
    older = root.xpath("./a:link[@rel='prev-archive']/@href", namespaces={"a": _A[1:-1]})
    gone = tuple(each.get("ref", "") for each in root.iter(_GONE))
    return Sheet(entries, _path(older, base), root.findtext(f"{_A}updated") or "", gone)


def _json(body: bytes, base: str) -> Sheet:
    feed = json.loads(body)
    entries = tuple(
        Entry(item["id"], item.get("date_modified", ""), marks_in(json.dumps(item, ensure_ascii=False).encode()))
        for item in feed["items"]
    )
    return Sheet(entries, _path([feed["next_url"]] if "next_url" in feed else [], base), "")


def _page(body: bytes, base: str) -> Sheet:
    page = lxml.html.document_fromstring(body)
    links = page.xpath("//article/*/a/@href | //ul[@class='lines']/li/a/@href")
    ways = {a.get("rel"): a.get("href") for a in page.xpath("//nav//a[@rel]")}
    entries = tuple(Entry(link.rpartition("/")[2].removesuffix(".html"), "", frozenset()) for link in links)
    return Sheet(entries, _path([ways["next"]] if "next" in ways else [], base), "")


def _path(links: list[str], base: str) -> str | None:
    return links[0].removeprefix(base) if links else None

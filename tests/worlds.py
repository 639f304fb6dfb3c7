"""A folder, a store and a folder of feeds, and the few steps that a test takes with them."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import feedparser
import lxml.html

from syndicate import store as stores
from syndicate.client import Client, Limits
from syndicate.config import read
from syndicate.model import Changes, Site, Source, Topic
from syndicate.pipeline import Act, amend, ingest, prepare, record, syndicate
from syndicate.publish import gzip_of
from syndicate.reading import Run

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SITE = Site(base_url="https://presse.talland.example/", tag="presse.talland.example,2026")

PAGE = """Gesundheit

Neue Notaufnahme in Hohenried

Berechne Lesezeit
  • Teilen
Ein Krankenwagen vor einem Tor (Foto: © dpa)

Die Notaufnahme in Hohenried ist fertig. Sie nimmt im Juni die Arbeit auf.

„Jede Minute zählt“, sagte Ministerin Ährenfeld bei der Eröffnung in Hohenried am Vormittag.

Das Land hat den Bau mit zwölf Millionen Euro gefördert, die Gemeinde mit weiteren zwei Millionen.

Weitere Meldungen

Ein Wald im Nebel
Forst

Eichen für den Bergwald

Schule

Werkstattpreis vergeben
"""


def address_of(store: stores.Store) -> str:
    """By which it is opened."""
    name = str(store)
    return name if "://" in name else f"sqlite:///{name}"


def readable(feeds: Path) -> dict[str, bytes]:
    """The published files by path; each text has a `.gz` beside it with the same in it, and of the same time."""
    found = {str(path.relative_to(feeds)): path for path in sorted(feeds.rglob("[!.]*")) if path.is_file()}
    zipped = {name for path in found if (name := gzip_of(path))}
    assert zipped == {name for name in found if name.endswith(".gz")}
    for name in zipped:
        plain = found[name.removesuffix(".gz")]
        assert gzip.decompress(found[name].read_bytes()) == plain.read_bytes(), name
        assert found[name].stat().st_mtime_ns == plain.stat().st_mtime_ns, name
    return {name: path.read_bytes() for name, path in found.items() if name not in zipped}


class World:
    """A folder, a store and a plan; `poll` is one ingest of the folder."""

    def __init__(
        self,
        root: Path,
        *,
        topics: tuple[Topic, ...] = (),
        unmapped: str = "publish",
        html: bool = True,
        page_size: int = 50,
    ) -> None:
        self.writes, self.root = 0, root
        self.folder = root / "releases"
        self.folder.mkdir(exist_ok=True)
        self.feeds = root / "feeds"
        self.source = Source(id="ordner", path=str(self.folder), tag=SITE.tag, allow_private=True)
        self.store = stores.open(f"sqlite:///{root}/s.db")
        plan = read("", root / "config.toml")
        publish = replace(plan.publish, directory=self.feeds, html=html, page_size=page_size)
        self.plan = replace(plan, site=SITE, topics=topics, unmapped=unmapped, sources=(self.source,), publish=publish)
        self.client = Client(Limits("syndicate/test", 5, 1_000_000))
        prepare(self.store, self.plan, now=NOW)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.writes += 1  # a time of its own for each write, well before now
        os.utime(path, (1_700_000_000, 1_700_000_000 + self.writes))
        return path

    def poll(self, now: datetime = NOW, source: Source | None = None, run: Run | None = None) -> Changes:
        with patch("syndicate.fetch.files._REST", 0):  # nobody else writes there
            return ingest(source or self.source, store=self.store, client=self.client, plan=self.plan, now=now, run=run)

    @property
    def url(self) -> str:
        """By which its store is opened."""
        return address_of(self.store)

    def put(self, changes: Changes, now: datetime = NOW) -> None:
        record(self.store, changes, self.plan, now=now)

    def publish(self, now: datetime = NOW) -> list[str]:
        return [document.path for document in syndicate(self.store, self.plan, now=now)]

    def entries(self, topic: str = "all") -> list[str]:
        return [item["title"] for item in json.loads((self.feeds / f"{topic}.json").read_text("utf-8"))["items"]]

    def bytes(self) -> dict[str, bytes]:
        """What is published, as a reader gets it: the same from a file and from the `.gz` beside it."""
        return readable(self.feeds)

    def close(self) -> None:
        self.client.close()
        self.store.close()

    def act(self, act: Act, now: datetime = NOW) -> Changes:
        return amend(self.store, act, plan=self.plan, now=now)

    def walk(self, topic: str = "all") -> Iterator[tuple[str, list[str]]]:
        """From the head by prev-archive to the oldest page: (path, entry ids) of each document."""
        address: str | None = f"{SITE.base_url}{topic}.atom"
        while address:
            path = address.removeprefix(SITE.base_url)
            feed = feedparser.parse((self.feeds / path).read_bytes())
            yield path, [entry.id for entry in feed.entries]
            address = next((link.href for link in feed.feed.links if link.rel == "prev-archive"), None)

    def pages(self, topic: str = "all") -> Iterator[tuple[str, list[str]]]:
        """The same for people, from the first page by "Ältere Meldungen": (path, release ids); each leads back."""
        path, back = "index.html" if topic == "all" else f"{topic}.html", ""
        while path:
            page = lxml.html.document_fromstring((self.feeds / path).read_bytes())
            links = page.xpath("//article/*/a/@href | //ul[@class='lines']/li/a/@href")
            yield path, [link.rpartition("/")[2].removesuffix(".html") for link in links]
            ways = {a.get("rel"): a.get("href").removeprefix(SITE.base_url) for a in page.xpath("//nav//a[@rel]")}
            assert ways.get("prev") == (back.replace("index.html", "") if back else None), path
            path, back = ways.get("next", ""), path

    def mapped(self) -> list[str]:
        """The ids of the releases in all maps for search engines that the index names."""
        found = re.findall(r"<loc>(.*?)</loc>", (self.feeds / "sitemap.xml").read_text("utf-8"))
        maps = [(self.feeds / address.removeprefix(SITE.base_url)).read_text("utf-8") for address in found]
        return [i for text in maps for i in re.findall(r"<loc>[^<]*/releases/([^<]*)\.html</loc>", text)]

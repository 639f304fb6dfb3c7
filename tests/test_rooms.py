"""What a newsroom has: the public documents of its topics, and before its end what is held (newsrooms: Newsrooms)."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import lxml.etree
import pytest

from older import as_it_was
from syndicate import store as stores
from syndicate.formats import FORMATS
from syndicate.model import Image, Media, Newsroom, Topic
from syndicate.pipeline import Edit, Lift, Restore, Withdraw, prepare, reclassify
from syndicate.rooms import Rooms
from syndicate.validate import faults
from test_store_statements import scans
from worlds import NOW, SITE, World

ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
TOPICS = (Topic("schule", "Schule", kickers=("Schulen",)), Topic("forst", "Forst"), Topic("verkehr", "Verkehr"))
LONG = " ".join(f"Im Satz {k} steht etwas über {k} Eichen und {k * 7} Wege im Wald." for k in range(9))
TITLE = "Rede zum Forstjahr in Hohenried"
END = datetime.fromisoformat("2026-06-02T10:00:00+02:00")


@dataclass
class Entry:
    id: str
    title: str
    updated: datetime
    published: datetime
    content: str


@dataclass
class Feed:
    """As a feed reader finds it in Atom; that JSON says the same is seen at once."""

    entries: list[Entry]
    gone: dict[str, datetime]
    links: dict[str, str]
    body: bytes
    updated: datetime

    @property
    def titles(self) -> list[str]:
        return [entry.title for entry in self.entries]

    @property
    def by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries}


class Newspaper:
    """A world, and the rooms of one that sees everything, of one with topics, of one without embargoes."""

    def __init__(self, root: Path, **how: int) -> None:
        self.world = World(root, topics=TOPICS, **how)  # type: ignore[arg-type]
        self.now = NOW
        self.rooms = Rooms(self.world.store, lambda: self.world.plan, lambda: self.now)
        self.updated: dict[tuple[str, str, str], datetime] = {}

    def at(self, hours: float) -> None:
        self.now = NOW + timedelta(hours=hours)

    def poll(self) -> None:
        self.world.poll(self.now)
        self.world.publish(self.now)

    def write(self, name: str, title: str, topic: str = "Forst", *, text: str = "Text.", **front: str) -> None:
        lines = "".join(f"{key}: {value}\n" for key, value in front.items())
        self.world.write(f"{name}.md", f"---\ntitle: {title}\ntopics: [{topic}]\n{lines}---\n{text}\n")
        self.poll()

    def act(self, act: object) -> None:
        self.world.act(act, self.now)  # type: ignore[arg-type]
        self.world.publish(self.now)

    def get(self, path: str, newsroom: Newsroom, below: str = "n/") -> bytes | None:
        made = self.rooms.feed(newsroom, below, path)
        if made is None or made.document is None:
            return None
        assert faults(made.document) == (), made.document.body.decode()
        return made.document.body

    def feed(self, newsroom: Newsroom, topic: str = "all") -> Feed:
        """`updated` of the feed and of each entry never goes back, and moves where the entry is another."""
        for suffix in ("rss", "json"):
            assert self.get(f"{topic}.{suffix}", newsroom)
        feed = read(self.get(f"{topic}.atom", newsroom))
        told = json.loads(self.get(f"{topic}.json", newsroom) or b"")
        notices = len(told["items"]) - len(feed.entries)
        assert [item["id"] for item in told["items"]][notices:] == [entry.id for entry in feed.entries]
        for what, at in [("", feed.updated), *((entry.id, entry.updated) for entry in feed.entries)]:
            key = (newsroom.name, topic, what)
            assert at >= self.updated.get(key, at), what
            self.updated[key] = at
        for entry in feed.entries:
            assert entry.published <= entry.updated
        return feed


def read(body: bytes | None) -> Feed:
    assert body is not None
    root = lxml.etree.fromstring(body)

    def time(text: str) -> datetime:
        return datetime.fromisoformat(text)

    return Feed(
        [
            Entry(
                entry.findtext("a:id", "", ATOM),
                entry.findtext("a:title", "", ATOM),
                time(entry.findtext("a:updated", "", ATOM)),
                time(entry.findtext("a:published", "", ATOM)),
                entry.findtext("a:content", "", ATOM),
            )
            for entry in root.findall("a:entry", ATOM)
        ],
        {stone.get("ref", ""): time(stone.get("when", "")) for stone in root.findall("at:deleted-entry", ATOM)},
        {link.get("rel", ""): link.get("href", "") for link in root.findall("a:link", ATOM)},
        body,
        time(root.findtext("a:updated", "", ATOM)),
    )


def newsroom(name: str, *topics: str, embargoed: bool = False) -> Newsroom:
    return Newsroom(name=name, topics=topics, embargoed=embargoed, made=NOW)


PLAIN = newsroom("blatt")
FORST = newsroom("forstblatt", "forst", "verkehr")
EARLY = newsroom("agentur", embargoed=True)
EARLY_FORST = newsroom("forstagentur", "forst", "verkehr", embargoed=True)
SCHOOL = newsroom("schulagentur", "schule", embargoed=True)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Newspaper]:
    made = Newspaper(tmp_path)
    yield made
    made.world.close()


def test_a_room_has_the_public_documents_with_a_self_of_its_own_and_no_hub(paper: Newspaper) -> None:
    paper.write("a", "Eichen gepflanzt")
    paper.write("b", "Schule saniert", "Schulen")
    for form in FORMATS.values():
        if form.name not in paper.world.plan.publish.formats:
            continue
        public = (paper.world.feeds / f"forst.{form.suffix}").read_bytes()
        url = f"{SITE.base_url}forst.{form.suffix}".encode()
        own = url.replace(b"example/", b"example/n/")
        expected = [line for line in public.replace(url, own).splitlines() if b'rel="hub"' not in line]
        found = paper.get(f"forst.{form.suffix}", PLAIN)
        assert found
        if form.name == "json":
            there = json.loads(public)
            there.pop("hubs", None)
            assert json.loads(found) == there | {"feed_url": own.decode()}
        else:
            assert found.replace(b"../feed.css", b"feed.css").splitlines() == expected
        token = paper.get(f"forst.{form.suffix}", PLAIN, "n/TOKEN/")
        assert token is not None
        assert b"/n/TOKEN/forst." in token


def test_all_in_a_room_is_its_topics(paper: Newspaper) -> None:
    paper.write("a", "Eichen gepflanzt")
    paper.write("b", "Schule saniert", "Schulen")
    paper.write("c", "Brücke eröffnet", "Verkehr")
    assert paper.feed(PLAIN).titles == ["Brücke eröffnet", "Schule saniert", "Eichen gepflanzt"]
    feed = paper.feed(FORST)
    assert feed.titles == ["Brücke eröffnet", "Eichen gepflanzt"]
    assert paper.get("schule.atom", FORST) is None
    assert paper.get("verkehr.atom", FORST) is not None
    for path in ("gibtsnicht.atom", "all.html", "all/1.atom", "index.html", "../all.atom", "all", "", "media/x/y.png"):
        assert paper.get(path, PLAIN) is None, path


def walk_of(get: Callable[[str], bytes | None], path: str) -> Iterator[bytes]:
    """The documents from a head by its links to the old end; each within the room."""
    while path:
        body = get(path)
        assert body, path
        yield body
        if path.endswith(".atom"):
            links = read(body).links
            url = links.get("prev-archive", "")
            if "current" in links:
                assert links["current"] == f"{SITE.base_url}n/{path.partition('/')[0]}.atom"
        else:
            url = json.loads(body).get("next_url", "")
        assert url.startswith(f"{SITE.base_url}n/") or not url
        path = url.removeprefix(f"{SITE.base_url}n/")


def walk(paper: Newspaper, newsroom: Newsroom, topic: str, suffix: str = "atom") -> list[str]:
    """The titles, the newest place first."""
    bodies = walk_of(lambda path: paper.get(path, newsroom), f"{topic}.{suffix}")
    if suffix == "atom":
        return [title for body in bodies for title in read(body).titles]
    return [item["title"] for body in bodies for item in json.loads(body)["items"]]


def test_a_walk_in_a_room_finds_each_release_of_its_topics_once(tmp_path: Path) -> None:
    paper = Newspaper(tmp_path, page_size=2)
    titles = []
    for number in range(24):
        topic = "Verkehr" if number == 0 else "Schulen" if number < 12 else "Forst" if number % 3 == 0 else "Schulen"
        paper.write(f"f{number}", f"Meldung {number}", topic)
        titles.append((f"Meldung {number}", topic))
    expected = [title for title, topic in reversed(titles) if topic != "Schulen"]
    for suffix in ("atom", "json"):
        assert walk(paper, FORST, "all", suffix) == expected
        assert walk(paper, PLAIN, "all", suffix) == [title for title, _ in reversed(titles)]
        assert walk(paper, EARLY_FORST, "all", suffix) == expected
        assert walk(paper, FORST, "forst", suffix) == [title for title in expected if title != "Meldung 0"]
    paper.world.close()


def test_a_walk_passes_over_many_pages_at_once(tmp_path: Path) -> None:
    paper = Newspaper(tmp_path, page_size=1)
    paper.write("a", "Brücke eröffnet", "Verkehr")
    for number in range(70):
        text = " ".join(f"Wort{number}x{place}" for place in range(60))
        paper.world.write(f"s{number}.md", f"---\ntitle: Schule {number}\ntopics: [Schulen]\n---\n{text}\n")
    paper.poll()
    paper.write("b", "Eichen gepflanzt")
    paper.write("c", "Buchen gefällt")
    for suffix in ("atom", "json"):
        assert walk(paper, FORST, "all", suffix) == ["Buchen gefällt", "Eichen gepflanzt", "Brücke eröffnet"]
    oldest = read(paper.get("all/1.atom", FORST))
    assert oldest.links["next-archive"] == f"{SITE.base_url}n/all/72.atom"
    assert "prev-archive" not in oldest.links
    bridges = newsroom("brueckenblatt", "verkehr")
    assert read(paper.get("all.atom", bridges)).titles == ["Brücke eröffnet"]  # as few as there are, in its head
    assert "prev-archive" not in read(paper.get("all.atom", bridges)).links
    paper.world.close()


def test_a_room_through_a_whole_embargo(paper: Newspaper) -> None:
    paper.write("a", "Eichen gepflanzt")
    public = paper.world.bytes()
    paper.at(1)
    paper.write("b", "Rede", text="Mehr Eichen.", embargo="2026-06-02T10:00:00+02:00", teaser="Kurz.")
    held = paper.feed(EARLY)
    assert held.titles == ["SPERRFRIST bis 2. Juni 2026, 10:00 Uhr: Rede", "Eichen gepflanzt"]
    (first, _) = held.entries
    assert "<strong>SPERRFRIST bis 2. Juni 2026, 10:00 Uhr</strong>" in first.content
    assert "Mehr Eichen." in first.content
    assert first.updated == paper.now
    assert paper.feed(EARLY_FORST, "forst").titles == held.titles
    assert paper.feed(SCHOOL).titles == []
    assert paper.feed(PLAIN).titles == paper.feed(FORST).titles == ["Eichen gepflanzt"]

    paper.at(2)
    paper.write("b", "Rede", text="Viel mehr Eichen.", embargo="2026-06-02T10:00:00+02:00", teaser="Kurz.")
    corrected = paper.feed(EARLY).by_id[first.id]
    assert "Viel mehr Eichen." in corrected.content
    assert corrected.updated == paper.now

    paper.at(3)
    paper.write("b", "Rede", text="Viel mehr Eichen.", embargo="2026-06-02T12:00:00+02:00", teaser="Kurz.")
    moved = paper.feed(EARLY).by_id[first.id]
    assert moved.title == (
        "SPERRFRIST bis 2. Juni 2026, 12:00 Uhr – verschoben, bisher bis 2. Juni 2026, 10:00 Uhr: Rede"
    )
    assert moved.updated == paper.now
    assert paper.world.bytes() == public

    paper.now = END + timedelta(hours=2)
    (due,) = paper.world.store.releases.due(paper.now)
    paper.act(Lift(due, paper.now))
    out = paper.feed(EARLY)
    assert out.titles == ["Rede", "Eichen gepflanzt"]
    assert out.by_id[first.id].updated >= moved.updated
    assert out.gone == {}
    assert [entry.id for entry in paper.feed(PLAIN).entries] == [entry.id for entry in out.entries]

    paper.now += timedelta(hours=1)
    paper.write("b", "Rede", text="Noch mehr Eichen.", embargo="2026-06-02T12:00:00+02:00", teaser="Kurz.")
    assert paper.feed(EARLY).by_id[first.id].updated == paper.now

    paper.now += timedelta(hours=1)
    paper.act(Withdraw(due, "Falsch"))
    gone = paper.feed(EARLY)
    assert (gone.titles, gone.gone) == (["Eichen gepflanzt"], {first.id: paper.now})
    assert gone.gone == paper.feed(PLAIN).gone


def test_withdrawn_before_its_end(paper: Newspaper) -> None:
    paper.write("a", "Eichen gepflanzt")
    public = paper.world.bytes()
    paper.write("b", "Rede", embargo="Redebeginn")
    first, _ = paper.feed(EARLY).entries
    assert first.title == "SPERRFRIST (bis zur Freigabe): Rede"
    paper.at(1)
    ((release, _),) = paper.world.store.releases.waiting()
    paper.act(Withdraw(release.id, "Abgesagt"))
    feed = paper.feed(EARLY)
    assert (feed.titles, feed.gone) == (["Eichen gepflanzt"], {first.id: paper.now})
    notice = json.loads(paper.get("all.json", EARLY) or b"")["items"][0]
    assert (notice["id"], notice["title"]) == (first.id, "Zurückgezogen")
    assert "Abgesagt" in notice["content_html"]
    assert paper.feed(SCHOOL).gone == paper.feed(PLAIN).gone == {}
    assert paper.world.bytes() == public
    paper.at(2)
    paper.act(Restore(release.id))
    back = paper.feed(EARLY)
    assert back.gone == {}
    assert back.by_id[first.id].updated > feed.gone[first.id]
    paper.at(3)
    paper.act(Lift(release.id))
    assert paper.feed(EARLY).by_id[first.id].title == "Rede"
    assert paper.feed(EARLY).by_id[first.id].updated == paper.now


def test_a_version_that_waits_stands_marked_in_the_place_of_the_public_one(paper: Newspaper) -> None:
    paper.write("b", "Rede zum Forstjahr", text=f"{LONG} Ende.")
    paper.write("a", "Brücke eröffnet", "Verkehr")
    public = paper.world.bytes()
    paper.at(1)
    paper.write("b", TITLE, text=f"{LONG} Ende. Und mehr.", embargo="2026-06-02T10:00:00+02:00")
    assert paper.world.bytes() == public
    feed = paper.feed(EARLY)
    assert feed.titles == ["SPERRFRIST bis 2. Juni 2026, 10:00 Uhr: " + TITLE, "Brücke eröffnet"]
    identifier = feed.entries[0].id
    assert identifier in paper.feed(PLAIN).by_id
    assert "Die bisherige ist öffentlich" in feed.entries[0].content
    assert feed.entries[0].updated == paper.now
    paper.at(2)
    paper.write("b", "Rede zum Forstjahr", text=f"{LONG} Ende.")  # as it was
    feed = paper.feed(EARLY)
    assert feed.titles == ["Brücke eröffnet", "Rede zum Forstjahr"]
    assert feed.by_id[identifier].updated == paper.now
    paper.at(3)
    paper.write("b", TITLE, text=f"{LONG} Ende. Und mehr.", embargo="2026-06-02T10:00:00+02:00")
    paper.at(4)
    paper.act(Lift(paper.world.store.releases.waiting()[0][0].id))
    feed = paper.feed(EARLY)
    assert feed.by_id[identifier].title == TITLE
    assert feed.by_id[identifier].updated == paper.now


def test_where_it_becomes_another_its_first_id_says_where_it_is(paper: Newspaper) -> None:
    """An edition of what readers have stands apart until its end joins it to that (semantics: Embargo)."""
    url = "https://www.talland.example/rede"
    paper.write("a", TITLE, text=f"{LONG} Ende.", url=url)
    (public,) = paper.feed(PLAIN).entries
    other = paper.world.folder.parent / "amt"
    other.mkdir()
    (other / "r.md").write_text(f"---\ntitle: {TITLE}\nurl: {url}\nembargo: Redebeginn\n---\n{LONG} Ende.\n", "utf-8")
    paper.at(1)
    paper.world.poll(paper.now, replace(paper.world.source, id="amt", path=str(other)))
    held = paper.feed(EARLY)
    assert held.titles == [f"SPERRFRIST (bis zur Freigabe): {TITLE}", TITLE]
    first = held.entries[0].id
    assert first != public.id
    paper.at(2)
    paper.act(Lift(paper.world.store.releases.waiting()[0][0].id))
    feed = paper.feed(EARLY)
    assert [entry.id for entry in feed.entries] == [public.id]
    assert feed.gone == {first: paper.now}
    assert f'rel="successor-version" href="{url}"'.encode() in feed.body
    notice = json.loads(paper.get("all.json", EARLY) or b"")["items"][0]
    assert (notice["id"], notice["title"], notice["url"]) == (first, "Jetzt unter anderer Kennung", url)
    assert url in notice["content_html"]
    assert paper.feed(EARLY, "all").gone.keys().isdisjoint(paper.feed(PLAIN).gone)
    paper.now += timedelta(days=31)
    assert len(json.loads(paper.get("all.json", EARLY) or b"")["items"]) == 1
    assert [*paper.feed(EARLY).gone] == [first]
    paper.now += timedelta(days=60)
    assert paper.feed(EARLY).gone == {}


def test_a_feed_that_only_what_is_held_has_made_is_in_embargoed_rooms_alone(paper: Newspaper) -> None:
    paper.write("a", "Ein Windrad", "Klima", embargo="Redebeginn")
    assert not (paper.world.feeds / "klima.atom").exists()
    assert paper.feed(EARLY, "klima").titles == ["SPERRFRIST (bis zur Freigabe): Ein Windrad"]
    assert b"<title>Pressemitteilungen: Klima</title>" in (paper.get("klima.atom", EARLY) or b"")
    assert paper.get("klima.atom", PLAIN) is None
    assert paper.get("klima.atom", EARLY_FORST) is None
    paper.at(1)
    paper.act(Lift(paper.world.store.releases.waiting()[0][0].id))
    assert paper.feed(EARLY, "klima").titles == paper.feed(PLAIN, "klima").titles == ["Ein Windrad"]


def test_what_moves_to_another_topic_before_its_end_moves_in_the_rooms(paper: Newspaper) -> None:
    paper.write("a", "Ein Windrad", "Forst", embargo="Redebeginn")
    assert len(paper.feed(EARLY_FORST, "forst").entries) == 1
    before = paper.feed(EARLY, "forst").updated
    paper.at(1)
    paper.act(Edit(paper.world.store.releases.waiting()[0][0].id, {"assigned": ("Schule",)}))
    assert paper.feed(EARLY_FORST).titles == paper.feed(EARLY, "forst").titles == []
    assert paper.feed(EARLY, "forst").updated > before
    assert paper.feed(SCHOOL).titles == ["SPERRFRIST (bis zur Freigabe): Ein Windrad"]


def test_a_mark_speaks_the_language_of_its_release(paper: Newspaper) -> None:
    paper.write("a", "Oaks", language="en", embargo="2026-06-02T10:00:00+02:00")
    paper.at(1)
    paper.write("a", "Oaks", language="en", embargo="Redebeginn")
    (entry,) = paper.feed(EARLY).entries
    assert entry.title == "EMBARGO (until it is released) – moved, before it was until 2 June 2026, 10:00: Oaks"


def test_a_date_that_is_to_come_is_none_before_its_end(paper: Newspaper) -> None:
    paper.write("a", "Ein Windrad", date="2026-06-02", embargo="2026-06-02T10:00:00+02:00")
    (entry,) = paper.feed(EARLY).entries
    assert entry.published == entry.updated == NOW
    paper.now = END
    paper.act(Lift(paper.world.store.releases.waiting()[0][0].id))
    (entry,) = paper.feed(EARLY).entries
    assert entry.published.date().isoformat() == "2026-06-01"  # UTC
    assert entry.updated == END


def test_what_is_withdrawn_elsewhere_is_named_by_nothing_that_is_held(paper: Newspaper) -> None:
    """Neither by a version that waits, of whose related block the store keeps nothing."""
    page = "Forst\n\n{}\n\nBerechne Lesezeit\n  • Teilen\n\n{}\n\nSo viel dazu.{}\n"
    block, held = "\n\nWeitere Meldungen\n\nVerkehr\n\nGeheime Brücke", "Sperrfrist: Redebeginn\n\n"
    other = LONG.replace("Eichen", "Buchen").replace("Im Satz", "Auf Seite").replace("Wege", "Bäche")
    paper.write("b", "Geheime Brücke", "Verkehr", text="Sie ist weg.")
    (secret,) = paper.world.store.releases.list()
    paper.world.write("a.txt", held + page.format(TITLE, f"{LONG} Ende.", block))
    paper.world.write("c.txt", page.format("Buchen für den Bergwald", other, ""))
    paper.poll()
    paper.at(1)
    paper.world.write("c.txt", held + page.format("Buchen für den Bergwald", f"{other} Neu.", block))
    paper.poll()
    assert len(paper.world.store.releases.waiting()) == 2
    paper.act(Withdraw(secret.id))
    for path in ("all.atom", "all.rss", "all.json", "forst.atom"):
        assert "Geheime Brücke".encode() not in (paper.get(path, EARLY) or b""), path


def test_the_feeds_of_a_room_are_its_own(paper: Newspaper) -> None:
    """No reader takes two feeds with other entries for one; that of a topic is everybody's."""
    paper.write("a", "Eichen gepflanzt")
    ids = {
        (who.name, topic): re.findall(rb"<id>([^<]*)</id>", paper.get(f"{topic}.atom", who) or b"")[0]
        for who in (PLAIN, FORST, EARLY, EARLY_FORST)
        for topic in ("all", "forst")
    }
    assert ids["blatt", "forst"] == ids["forstblatt", "forst"]
    assert ids["agentur", "forst"] == ids["forstagentur", "forst"] != ids["blatt", "forst"]
    assert len({*ids.values()}) == 6
    assert re.findall(rb"<id>([^<]*)</id>", (paper.world.feeds / "all.atom").read_bytes())[0] == ids["blatt", "all"]


def test_a_document_is_made_once_for_all_that_is_recorded(paper: Newspaper) -> None:
    paper.write("a", "Eichen gepflanzt")
    first = paper.get("all.atom", EARLY)
    assert paper.get("all.atom", EARLY) is first
    paper.write("b", "Rede", embargo="Redebeginn")
    assert paper.get("all.atom", EARLY) != first
    assert paper.get("all.atom", replace(EARLY, name="andere")) is paper.get("all.atom", EARLY)


def test_files_are_shown_to_who_sees_what_they_are_beside(paper: Newspaper) -> None:
    picture = Media("ab12", "hand.png", "image/png", b"\x89PNG")
    held = Media("cd34", "frueh.png", "image/png", b"\x89PNG frueh")
    paper.write("a", "Eichen gepflanzt")
    paper.write("b", "Rede", embargo="Redebeginn")
    public, early = sorted(paper.world.store.releases.list(), key=lambda release: release.state, reverse=True)
    for release, media in ((public, picture), (early, held)):
        image = Image(f"media:{media.hash}/{media.name}", alt="Ein Bild")
        paper.act(Edit(release.id, {"images": (image,)}, media=(media,)))
    for who, sees in (
        (PLAIN, [picture]),
        (FORST, [picture]),
        (EARLY, [picture, held]),
        (EARLY_FORST, [picture, held]),
        (SCHOOL, []),
    ):
        found = [each for each in (picture, held) if paper.rooms.media(who, each.hash, each.name)]
        assert found == sees, who.name
    body = paper.get("forst.json", EARLY) or b""
    assert f"{SITE.base_url}n/media/cd34/frueh.png".encode() in body
    assert f"{SITE.base_url}media/ab12/hand.png".encode() in body
    paper.act(Withdraw(early.id))
    assert paper.rooms.media(EARLY, held.hash, held.name) is None


@pytest.mark.sqlite
def test_a_room_asks_few_things_and_reads_no_table_from_end_to_end(tmp_path: Path) -> None:
    paper = Newspaper(tmp_path, page_size=4)
    for number in range(30):
        paper.write(f"f{number}", f"Meldung {number}", ("Forst", "Schulen", "Verkehr")[number % 3])
    for number in range(4):
        paper.write(f"h{number}", f"Rede {number}", embargo="Redebeginn")
    paper.act(Withdraw(paper.world.store.releases.waiting()[0][0].id))
    paper.act(Lift(paper.world.store.releases.waiting()[0][0].id))
    told = list[str]()
    conn = paper.world.store._connection.db.conn
    conn.set_trace_callback(told.append)
    for who, path, most in (
        (PLAIN, "forst.atom", 12),
        (FORST, "all.atom", 16),
        (FORST, "all/1.atom", 16),
        (EARLY, "all.atom", 32),
        (EARLY_FORST, "all.json", 32),
        (EARLY, "all/2.atom", 32),
    ):
        told.clear()
        assert paper.get(path, who)
        assert len(told) <= most, (who.name, path, "\n".join(statement[:100] for statement in told))
        found = [each for statement in told for each in scans(paper.world, statement)]
        assert [each for each in found if each[0] != "SCAN pending"] == [], (who.name, path)  # all of it is held
        told.clear()
        paper.get(path, who)
        assert len(told) <= 3
    told.clear()
    paper.rooms.media(EARLY, "ab", "x.png")
    paper.world.store.newsrooms.by_token(b"x" * 32)
    paper.world.store.newsrooms.used("x", NOW)
    assert [found for statement in told for found in scans(paper.world, statement)] == []
    conn.set_trace_callback(None)
    paper.world.close()


@pytest.mark.sqlite
def test_a_store_of_an_earlier_program_has_its_rooms(tmp_path: Path) -> None:
    paper = Newspaper(tmp_path)
    paper.write("a", "Rede", embargo="2026-06-02T10:00:00+02:00")
    paper.write("b", TITLE, text=f"{LONG} Ende.")
    paper.write("b", TITLE, text=f"{LONG} Ende. Und mehr.", embargo="Redebeginn")
    before = paper.feed(EARLY)
    paper.world.store.close()
    as_it_was(tmp_path / "s.db")
    paper.world.store = stores.open(f"sqlite:///{tmp_path}/s.db")
    paper.rooms = Rooms(paper.world.store, lambda: paper.world.plan, lambda: paper.now)
    assert {entry.id: entry.title for entry in paper.feed(EARLY).entries} == {
        entry.id: entry.title for entry in before.entries
    }
    paper.at(1)
    paper.write("a", "Rede", embargo="2026-06-02T12:00:00+02:00")  # from when nobody remembers
    assert paper.feed(EARLY).titles[0] == "SPERRFRIST bis 2. Juni 2026, 12:00 Uhr: Rede"
    paper.at(2)
    paper.write("a", "Rede", embargo="Redebeginn")
    assert paper.feed(EARLY).titles[0] == (
        "SPERRFRIST (bis zur Freigabe) – verschoben, bisher bis 2. Juni 2026, 12:00 Uhr: Rede"
    )
    for release, _ in paper.world.store.releases.waiting():
        paper.act(Lift(release.id))
    assert sorted(paper.feed(EARLY).titles) == sorted(paper.feed(PLAIN).titles) == [TITLE, "Rede"][::-1]
    paper.world.close()


def test_programs_are_told_until_when_it_is_held(paper: Newspaper) -> None:
    publish = replace(paper.world.plan.publish, formats=("atom", "rss", "json", "ninjs"))
    paper.world.plan = replace(paper.world.plan, publish=publish)
    paper.write("a", "Rede", embargo="2026-06-02T10:00:00+02:00", teaser="Kurz.", text="Mehr Eichen.")
    paper.at(1)
    paper.write("b", "Ein Windrad", embargo="Redebeginn")
    second, first = json.loads(paper.get("all.json", EARLY) or b"")["items"]
    assert first["_syndicate"]["embargo"] == {"until": "2026-06-02T08:00:00+00:00"}
    assert second["_syndicate"]["embargo"] == {"event": "Redebeginn"}
    assert "<strong>SPERRFRIST (bis zur Freigabe)</strong>: Redebeginn" in second["content_html"]
    assert first["summary"] == "SPERRFRIST bis 2. Juni 2026, 10:00 Uhr. Kurz."
    assert first["content_html"].count("SPERRFRIST") == 1
    second, first = json.loads(paper.get("all.ninjs.json", EARLY) or b"")["associations"]
    assert [each["pubStatus"] for each in (first, second)] == ["withheld"] * 2
    assert (first["embargoedUntil"], "embargoedUntil" in second) == ("2026-06-02T08:00:00+00:00", False)
    assert all("SPERRFRIST" in each[part][0]["value"] for each in (first, second) for part in ("headlines", "bodies"))
    for release, _ in paper.world.store.releases.waiting():
        paper.act(Lift(release.id))
    assert b'pubStatus": "withheld' not in (paper.get("all.ninjs.json", EARLY) or b"")
    assert b"embargo" not in (paper.get("all.json", EARLY) or b"")


def test_a_topic_that_is_renamed_before_the_end(paper: Newspaper) -> None:
    paper.write("a", "Ein Windrad", embargo="Redebeginn")
    before = paper.feed(EARLY_FORST, "forst")
    renamed = (replace(TOPICS[1], id="wald", aliases=("forst",)), TOPICS[0], TOPICS[2])
    paper.world.plan = replace(paper.world.plan, topics=renamed)
    paper.at(1)
    prepare(paper.world.store, paper.world.plan, now=paper.now)
    reclassify(paper.world.store, plan=paper.world.plan, now=paper.now)
    paper.world.publish(paper.now)
    for who in (EARLY, EARLY_FORST):
        moved = paper.rooms.feed(who, "n/", "forst.atom")
        assert moved is not None
        assert moved.moved == "wald.atom"
        feed = paper.feed(who, "wald")
        assert [entry.id for entry in feed.entries] == [entry.id for entry in before.entries]
        assert feed.titles == paper.feed(who).titles == ["SPERRFRIST (bis zur Freigabe): Ein Windrad"]
        assert feed.updated >= before.updated
    assert re.findall(rb"<id>([^<]*)</id>", before.body)[0] in paper.feed(EARLY_FORST, "wald").body
    assert paper.rooms.feed(SCHOOL, "n/", "forst.atom") is None


def test_what_is_held_for_want_of_a_topic_is_in_no_room(tmp_path: Path) -> None:
    paper = Newspaper(tmp_path)
    paper.world.plan = replace(paper.world.plan, unmapped="hold")
    paper.world.write("a.md", f"---\ntitle: Ein Windrad\nembargo: Redebeginn\n---\n{LONG}\n")
    paper.poll()
    assert [release.held for release, _ in paper.world.store.releases.waiting()] == [True]
    assert paper.feed(EARLY).titles == []
    paper.world.close()

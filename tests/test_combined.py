"""Feeds of several topics and of what is found in them, and the page to search on: as they are answered."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import feedparser
import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOON
from syndicate.app import App
from syndicate.config import load
from syndicate.model import Document
from syndicate.pipeline import Edit, Lift, Withdraw
from syndicate.serve import Answer, Request, routes_of
from syndicate.validate import faults

CONFIG = """
[site]
title = "Presse"
base_url = "https://presse.talland.example/"
tag = "presse.talland.example,2026"
[publish]
page_size = 3
[[topic]]
id = "wald"
title = "Wald & Flur"
kickers = ["Wald", "Forst"]
aliases = ["forst"]
[[topic]]
id = "schule"
title = "Schule"
[[topic]]
id = "leer"
title = "Leer"
[[source]]
id = "ordner"
path = "releases"
"""
BASE = "https://presse.talland.example/"
TEXTS = {
    "wald1": ("Eichen am Weg", "Wald", "2025-05-01", "Die Straße führt durch den Wald. <b>Fett</b> &amp; mehr."),
    "wald2": ("Buchen im Tal", "Forst", "2026-05-02", "Noch ein Wald."),
    "schule1": ("Neue Schule", "Schule", "2026-05-03", "Am Rand stehen Eichen."),
    "held": ("Geheime Eichen", "Geheimnis", "2026-05-04", "Niemand weiß es."),
    **{f"viele{n}": (f"Nummer {n}", "Verkehr", f"2024-01-{n:02}", "Eine Straßenbahn fährt.") for n in range(1, 26)},
}


class Paper:
    def __init__(self, app: App) -> None:
        self.app = app
        self._routes = {route.path: route for route in routes_of(app)}

    def ask(self, address: str, **headers: str) -> Answer | None:
        path, _, query = address.removeprefix(BASE).partition("?")
        fields = tuple(parse_qsl(query, keep_blank_values=True))
        sent = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
        return self._routes[path].handle(Request("GET", path, fields, sent, b"", "192.0.2.1", BASE))

    def status(self, address: str) -> int:
        found = self.ask(address)
        return found.status if found else 404

    def body(self, address: str) -> bytes:
        found = self.ask(address)
        assert found is not None
        assert found.status == 200, found.body
        return found.body

    def titles(self, query: str) -> list[str]:
        return [entry.title for entry in feedparser.parse(self.body(f"feed.atom?{query}")).entries]

    def page(self, query: str) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(self.body(f"search?{query}"))

    def act(self, title: str, kind: type, *more: object) -> None:
        release = next(release for release in self.app.store.releases.list() if release.title == title)
        self.app.amend(kind(release.id, *more))
        self.app.publish()


@contextmanager
def published(folder: Path, **texts: tuple[str, str, str, str]) -> Iterator[Paper]:
    """At noon: a press office with these."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "releases").mkdir()
    for name, (title, topic, date, body) in texts.items():
        more = "sperrfrist: Redebeginn\n" if name.startswith("held") else ""
        text = f"---\ntitle: {title}\ntopic: {topic}\ndate: {date}\n{more}---\n\n{body}\n"
        (folder / "releases" / f"{name}.md").write_text(text, encoding="utf-8")
    with App(load(folder / "config.toml"), clock=lambda: NOON) as app:
        app.prepare()
        app.run_all(app.due())
        app.publish()
        yield Paper(app)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with published(tmp_path, **TEXTS) as paper:
        yield paper


def header(found: Answer, name: str) -> str:
    return next((value.decode() for key, value in found.headers if key == name.encode()), "")


# Asked for, and where it is sent to; None: it is answered.
CANONICAL: list[tuple[str, str | None]] = [
    ("topic=wald", None),
    ("topic=schule&topic=wald", None),
    ("topic=wald&topic=schule", "topic=schule&topic=wald"),
    ("topic=wald&topic=wald", "topic=wald"),
    ("topic=forst", "topic=wald"),
    ("topic=forst&topic=wald", "topic=wald"),
    ("topic=&topic=wald", "topic=wald"),
    ("topic=all", None),
    ("topic=all&topic=wald", "topic=all"),
    ("topic=all&q=eichen", "q=eichen"),
    ("q=eichen", None),
    ("q=Eichen", None),  # another spelling is another feed: who typed it so finds it so
    ("q=%20eichen%20%20am+", "q=eichen+am"),
    ("q=eichen&topic=wald", "topic=wald&q=eichen"),
    ("topic=wald&q=", "topic=wald"),
    ("q=eichen&utm_source=x", "q=eichen"),
    ("Q=x&topic=wald", "topic=wald"),
    ("q=stra%C3%9Fe", None),
    ("q=Stra%C3%9Fe%C2%A0", "q=Stra%C3%9Fe"),
]


@pytest.mark.parametrize(("query", "canonical"), CANONICAL)
def test_there_is_one_address_of_each_feed(query: str, canonical: str | None, paper: Paper) -> None:
    found = paper.ask(f"feed.atom?{query}")
    assert found is not None
    if canonical is None:
        assert found.status == 200
        feed = feedparser.parse(found.body).feed
        (itself,) = [link.href for link in feed.links if link.rel == "self"]
        assert header(found, "link") == f'<{itself}>; rel="self"'
        assert paper.status(itself) == 200
    else:
        assert (found.status, header(found, "location")) == (301, f"feed.atom?{canonical}")
        assert paper.status(header(found, "location")) == 200


REFUSED = [
    ("", 400),
    ("q=", 400),
    ("topic=", 400),
    ("x=1", 400),
    ("q=-eichen", 400),
    ("q=%2B", 400),
    ("q=" + "x" * 201, 400),
    ("q=" + "+".join(f"w{n}" for n in range(13)), 400),
    ("q=a&q=b", 400),
    ("&".join(f"topic=t{n}" for n in range(33)), 400),
    ("topic=unbekannt", 404),
    ("topic=wald&topic=unbekannt", 404),
    ("topic=unbekannt&topic=wald", 404),
    ("topic=../wald", 404),
    ("topic=WALD", 404),
    ("topic=geheimnis", 404),  # of what is held alone
    ("topic=geheimnis&q=eichen", 404),
]


@pytest.mark.parametrize(("query", "status"), REFUSED, ids=[row[0][:30] for row in REFUSED])
@pytest.mark.parametrize("suffix", ["atom", "rss", "json"])
def test_what_is_no_feed(query: str, status: int, suffix: str, paper: Paper) -> None:
    assert paper.status(f"feed.{suffix}?{query}") == status


def test_the_newest_of_all_topics_and_no_more_than_a_page(paper: Paper) -> None:
    assert paper.titles("topic=schule&topic=wald") == ["Neue Schule", "Buchen im Tal", "Eichen am Weg"]
    assert paper.titles("topic=schule&topic=verkehr") == ["Neue Schule", "Nummer 25", "Nummer 24"]
    assert paper.titles("topic=all") == ["Neue Schule", "Buchen im Tal", "Eichen am Weg"]
    assert paper.titles("topic=leer") == []
    assert paper.titles("q=eichen") == ["Neue Schule", "Eichen am Weg"]
    assert paper.titles("topic=wald&q=eichen") == ["Eichen am Weg"]
    assert paper.titles("q=geheime") == []
    assert paper.titles("q=strasse") == ["Eichen am Weg", "Nummer 25", "Nummer 24"]


def test_ids_and_titles(paper: Paper) -> None:
    def told(query: str) -> tuple[str, str]:
        feed = feedparser.parse(paper.body(f"feed.atom?{query}")).feed
        return feed.id, feed.title

    queries = ("topic=wald", "topic=schule&topic=wald", "q=eichen", "topic=wald&q=eichen", "topic=all")
    ids, titles = zip(*map(told, queries), strict=True)
    assert len({*ids}) == 5
    assert list(titles) == [
        "Presse: Wald & Flur",
        "Presse: Schule, Wald & Flur",
        "Presse: „eichen“",
        "Presse: Wald & Flur: „eichen“",
        "Presse",
    ]
    rss, item = (paper.body(f"feed.{suffix}?topic=wald&q=eichen") for suffix in ("rss", "json"))
    assert feedparser.parse(rss).feed.link == f"{BASE}search?topic=wald&q=eichen"
    assert json.loads(item)["feed_url"] == f"{BASE}feed.json?topic=wald&q=eichen"
    assert "next_url" not in json.loads(item)


def test_a_combined_feed_is_valid_has_no_hub_no_archive_and_never_says_that_it_is_all(paper: Paper) -> None:
    paper.act("Eichen am Weg", Withdraw)
    for suffix, media_type in (("atom", "application/atom+xml"), ("rss", "application/rss+xml")):
        for query in ("topic=wald", "topic=schule&topic=wald", "q=eichen", "q=%3Cb%3E%26", "topic=leer"):
            body = paper.body(f"feed.{suffix}?{query}")
            assert faults(Document(f"feed.{suffix}", media_type, body)) == ()
            assert not [word for word in (b"complete", b"archive", b'rel="hub"') if word in body]


def test_an_entry_is_that_of_its_topic(paper: Paper) -> None:
    head = (paper.app.plan.publish.directory / "schule.atom").read_text("utf-8")
    entry = head[head.index("<entry>") : head.index("</entry>")]
    assert entry in paper.body("feed.atom?topic=schule&topic=wald").decode()
    assert entry in paper.body("feed.atom?q=eichen").decode()


def test_validators_and_codings(paper: Paper) -> None:
    found = paper.ask("feed.atom?q=strasse")
    assert found is not None
    assert (header(found, "cache-control"), header(found, "content-type")) == (
        "max-age=60",
        "application/atom+xml; charset=utf-8",
    )
    etag = header(found, "etag")
    held = paper.ask("feed.atom?q=strasse", if_none_match=etag)
    assert held is not None
    assert (held.status, held.body) == (304, b"")
    packed = paper.ask("feed.atom?q=strasse", accept_encoding="gzip")
    assert packed is not None
    assert gzip.decompress(packed.body) == found.body
    assert header(packed, "etag") == etag.replace('"', '-gzip"', 2).replace('-gzip"', '"', 1)


def test_what_stands_there_still_is_the_same_document(paper: Paper) -> None:
    before = paper.body("feed.atom?q=buchen")
    paper.act("Neue Schule", Edit, {"teaser": "Anders."})
    assert paper.body("feed.atom?q=buchen") == before
    paper.act("Buchen im Tal", Edit, {"teaser": "Auch anders."})
    assert "Auch anders." in paper.body("feed.atom?q=buchen").decode()
    paper.act("Buchen im Tal", Edit, {"teaser": "Ganz anders."}, "", True)
    assert "Ganz anders." in paper.body("feed.atom?topic=wald&q=buchen").decode()
    assert "Ganz anders." in paper.body("feed.atom?topic=schule&topic=wald").decode()


def test_what_stands_there_still_is_the_same_document_after_a_restart(paper: Paper) -> None:
    queries = ("q=buchen", "topic=wald&q=buchen", "topic=schule&topic=wald")
    addresses = [f"feed.{suffix}?{query}" for suffix in ("atom", "rss", "json") for query in queries]
    paper.act("Eichen am Weg", Withdraw, "Falsch.")  # the last thing that stands in them
    before = {address: paper.body(address) for address in addresses}
    later = Paper(paper.app)
    assert {address: later.body(address) for address in addresses} == before
    paper.app.clock = lambda: NOON + timedelta(hours=1)
    paper.act("Neue Schule", Edit, {"teaser": "Anders."})
    later = Paper(paper.app)
    for address in addresses:
        assert paper.body(address) == later.body(address), address
        assert (later.body(address) == before[address]) is ("topic=schule" not in address), address


def test_withdrawals_of_its_topics_are_told_whatever_is_searched_for(paper: Paper) -> None:
    queries = ("topic=wald", "topic=schule&topic=wald", "q=buchen", "topic=wald&q=nirgends", "topic=schule", "q=eichen")
    before = {query: paper.body(f"feed.atom?{query}") for query in queries}
    atom_id = next(release.atom_id for release in paper.app.store.releases.list() if release.title == "Eichen am Weg")
    paper.act("Eichen am Weg", Withdraw, "Falsch.")
    for query in queries:
        feed, notice = (paper.body(f"feed.{suffix}?{query}").decode() for suffix in ("atom", "json"))
        is_told = query != "topic=schule"
        assert (f'ref="{atom_id}"' in feed) is is_told, query
        assert (atom_id in notice) is is_told, query
        assert "Eichen am Weg" not in feed + notice
        assert (feed.encode() != before[query]) is is_told, query


def test_a_correction_that_takes_the_word_away_leaves_no_tombstone(paper: Paper) -> None:
    paper.act("Eichen am Weg", Edit, {"title": "Linden am Weg"})
    assert paper.titles("q=eichen") == ["Neue Schule"]
    assert b"deleted-entry" not in paper.body("feed.atom?q=eichen")
    assert paper.titles("topic=wald&q=weg") == ["Linden am Weg"]


def test_the_end_of_an_embargo(paper: Paper) -> None:
    assert paper.titles("q=geheime") == []
    paper.act("Geheime Eichen", Lift)
    assert paper.titles("q=geheime") == ["Geheime Eichen"]
    assert paper.titles("topic=geheimnis&topic=wald")[0] == "Geheime Eichen"


def test_a_page_to_search_on(paper: Paper) -> None:
    page = paper.page("")
    (form,) = page.forms
    assert (form.action, form.method, [*form.fields]) == ("search", "GET", ["q"])
    assert page.xpath("//label[@for='q']")
    assert not page.xpath("//article | //script")
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    found = paper.ask("search?q=eichen")
    assert found is not None
    assert "form-action 'self'" in header(found, "content-security-policy")


def test_hits_are_marked_and_escaped(paper: Paper) -> None:
    page = paper.page("q=eichen")
    assert [h.text_content() for h in page.xpath("//article/h3")] == ["Neue Schule", "Eichen am Weg"]
    assert page.xpath("//mark/text()") == ["Eichen", "Eichen"]
    assert page.xpath("//h2/text()")[0] == "2 Meldungen gefunden"
    assert page.xpath("//article[1]//p[@class='teaser']")[0].text_content() == "Am Rand stehen Eichen."
    page = paper.page("q=fett+mehr")
    assert page.xpath("//article//p[@class='teaser']")[0].text_content().endswith("durch den Wald. Fett & mehr.")
    typed = '"><script>alert(1)</script>'
    page = paper.page(f"q={typed}")
    assert page.forms[0].fields["q"] == typed
    assert not page.xpath("//script")


def test_by_topic_and_year(paper: Paper) -> None:
    def choices(page: lxml.html.HtmlElement) -> list[str]:
        return [
            " ".join(a.text_content().split()) + " *" * bool(a.get("aria-current"))
            for a in page.xpath("//nav//li/a[span]")
        ]

    page = paper.page("q=eichen")
    assert choices(page) == ["Alle Themen *", "Schule 1", "Wald & Flur 1", "Alle Jahre *", "2026 1", "2025 1"]
    links = {a.text_content().split()[0]: a.get("href") for a in page.xpath("//nav//li/a[span]")}
    chosen = paper.page(links["Wald"].partition("?")[2])
    assert chosen.xpath("//article/h3/a/text() | //article/h3/a/mark/text()") == ["Eichen", " am Weg"]
    assert choices(chosen) == ["Alle Themen", "Wald & Flur 1 *", "Schule 1"]
    assert choices(paper.page("q=eichen&year=2026")) == ["Alle Jahre", "2026 1 *", "2025 1"]
    nothing = paper.page("q=eichen&topic=schule&year=2025")
    assert choices(nothing) == ["Alle Themen", "Schule 0 *", "Wald & Flur 1", "Alle Jahre", "2026 1", "2025 0 *"]
    both = paper.page("q=eichen&topic=schule&topic=wald")
    assert choices(both)[:4] == ["Alle Themen", "Schule, Wald & Flur 2 *", "Schule 1", "Wald & Flur 1"]
    assert chosen.xpath("//link[@rel='alternate']/@href")[0] == f"{BASE}feed.atom?topic=wald&q=eichen"
    assert paper.status(chosen.xpath("//link[@rel='alternate']/@href")[0]) == 200


def test_twenty_on_a_page(paper: Paper) -> None:
    first = paper.page("q=nummer")
    assert len(first.xpath("//article")) == 20
    (older,) = first.xpath("//a[@rel='next']/@href")
    second = paper.page(older.partition("?")[2])
    titles = [h.text_content() for page in (first, second) for h in page.xpath("//article/h3")]
    assert titles == [f"Nummer {n}" for n in range(25, 0, -1)]
    assert not second.xpath("//a[@rel='next']")
    assert paper.page(second.xpath("//a[@rel='prev']/@href")[0].partition("?")[2]).xpath("//article/h3")
    assert paper.status("search?q=nummer&page=3") == 404


PEOPLE = [
    ("q=nirgends", 200, "Keine Meldung gefunden"),
    ("q=geheime", 200, "Keine Meldung gefunden"),
    ("q=-eichen", 400, "Es braucht auch ein Wort, das vorkommt"),
    ("q=%2B", 400, "kein Wort"),
    ("q=" + "x" * 201, 400, "zu lang"),
    ("q=" + "+".join(f"w{n}" for n in range(13)), 400, "zu viele Wörter"),
    ("q=a&q=b", 400, "zweimal"),
    ("q=eichen&year=zwei", 400, "kein Jahr"),
    ("q=eichen&year=²²²²", 400, "kein Jahr"),
    ("q=eichen&page=0", 400, "keine Seite"),
    ("q=eichen&page=9999999999", 400, "keine Seite"),
    ("q=eichen&topic=unbekannt", 404, ""),
    ("q=eichen&topic=geheimnis", 404, ""),
    ("q=eichen&year=1999", 200, "Keine Meldung gefunden"),
    ("q=eichen&x=1", 200, "2 Meldungen gefunden"),
]


@pytest.mark.parametrize(("query", "status", "says"), PEOPLE, ids=[row[0][:30] for row in PEOPLE])
def test_what_people_are_told(query: str, status: int, says: str, paper: Paper) -> None:
    found = paper.ask(f"search?{query}")
    assert (found.status if found else 404) == status
    assert says in (found.body.decode() if found else "")
    if found:
        assert faults(Document("search.html", "text/html", found.body)) == ()


def test_where_no_pages_are_published_hits_lead_to_their_sources(paper: Paper) -> None:
    paper.act("Eichen am Weg", Edit, {"url": "https://amt.example/eichen"})
    config = paper.app.plan.path
    config.write_text(config.read_text("utf-8").replace("page_size", "html = false\npage_size"), "utf-8")
    assert paper.app.reload().error is None
    links = paper.page("q=eichen").xpath("//article//a/@href")
    assert sorted(link.partition("/releases/")[0] for link in links) == ["https://amt.example/eichen", BASE[:-1]]


# What a held release has: words, a topic that others have, one that it alone would make, a year.
HELD = ("Geheimer Plan über Eichen", "Wald", "2023-05-04", "Niemand weiß es, auch die Schule nicht. Straße.")
EVERYWHERE = [
    "feed.atom?topic=wald",
    "feed.rss?topic=schule&topic=wald",
    "feed.json?topic=all",
    "feed.atom?topic=geheimnis",
    "feed.atom?topic=geheimnis&topic=wald",
    *(
        f"feed.atom?q={words}"
        for words in ("eichen", "geheimer", "niemand", "niemand+-eichen", "wald+-geheimer", "str")
    ),
    "feed.atom?topic=wald&q=plan",
    *(f"search?q={words}" for words in ("eichen", "geheimer", "niemand", "str", "nummer", "wald+-plan")),
    "search?q=eichen&year=2023",
    "search?q=eichen&topic=wald",
    "search?q=eichen&topic=geheimnis",
    "search?q=niemand&page=2",
    "feed.atom?q=-geheimer",
]


@pytest.mark.sqlite
def test_until_its_end_nothing_is_other_than_without_an_embargoed_release(tmp_path: Path) -> None:
    told = list[list[tuple[object, ...]]]()
    others = {name: text for name, text in TEXTS.items() if name != "held"}
    for name, held in (("with", {"held": HELD, "held2": TEXTS["held"]}), ("without", {})):
        with published(tmp_path / name, **others, **held) as paper:
            answers = [paper.ask(address) for address in EVERYWHERE]
            told.append([(a.status, a.headers, a.body) if a else (404,) for a in answers])
            told[-1] += [tuple(counted(paper))]
    assert told[0] == told[1]


def counted(paper: Paper) -> list[object]:
    """What a search costs: the steps of the database."""
    steps = list[int]()
    raw = paper.app.store._connection.db.conn
    for address in EVERYWHERE:
        if address.startswith("search"):
            steps.append(0)

            def step() -> int:
                steps[-1] += 1
                return 0

            raw.set_progress_handler(step, 1)
            paper.ask(address)
    raw.set_progress_handler(None, 0)
    return [*steps]


NAMES = st.sampled_from(["q", "topic", "year", "page", "x", ""])
VALUES = st.text(max_size=20) | st.sampled_from(
    ["wald", "forst", "all", "eichen", '"am weg" -x', "2026", "2", "-1", "../x"]
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    with published(tmp_path_factory.mktemp("office"), **TEXTS) as paper:
        yield paper


@settings(deadline=None, max_examples=150)
@given(
    fields=st.lists(st.tuples(NAMES, VALUES), max_size=6), path=st.sampled_from(["feed.atom", "feed.json", "search"])
)
def test_whatever_is_asked_is_answered(office: Paper, path: str, fields: list[tuple[str, str]]) -> None:
    """And where somebody is sent elsewhere, he is answered there."""
    found = office.ask(f"{path}?{urlencode(fields)}")
    status = found.status if found else 404
    assert status in ((200, 400, 404) if path == "search" else (200, 301, 400, 404))
    if found and status == 301:
        assert office.status(header(found, "location")) == 200


GROWING = re.compile(r"SCAN (release|slot|words|public_entry|private_entry|version|entry|whole)\b")


@pytest.mark.sqlite
def test_no_search_walks_through_what_is_held(office: Paper) -> None:
    raw, told = office.app.store._connection.db.conn, list[str]()
    raw.set_trace_callback(told.append)
    for address in ("feed.atom?q=klinik", "feed.rss?topic=schule&topic=wald", "search?q=eichen&topic=wald&year=2025"):
        assert office.status(address) == 200
    raw.set_trace_callback(None)
    selects = [sql for sql in told if sql.startswith("SELECT")]
    assert sum("public_index MATCH" in sql for sql in selects) >= 4
    plans = [(row[3], sql) for sql in selects for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [found for found in plans if GROWING.search(found[0])] == []
    sorts = [sql for plan, sql in plans if plan.startswith("USE TEMP B-TREE FOR ORDER")]
    assert [sql for sql in sorts if "MATCH" in sql or "position DESC" in sql] == []

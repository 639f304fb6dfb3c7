"""Atom: what a parser finds again, and the rules that a schema cannot say."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from builders import (
    ALL,
    CORRECTIONS,
    GESUNDHEIT,
    MORNING,
    NOON,
    SITE,
    make_headline,
    make_page,
    make_release,
    make_tombstone,
    rich_release,
)
from syndicate import __version__
from syndicate.model import Enclosure, FeedPage, Image, Origin, Related, Release, Topic
from syndicate.render import content as composed
from syndicate.render import render as render_feed
from syndicate.text import clean, fold

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
}


def render(page: FeedPage) -> bytes:
    return render_feed(page, ["atom"])[0].body


def tree(*releases: Release, **fields: Any) -> etree._Element:
    return etree.fromstring(render(make_page(*releases, **fields)))


def found(page: FeedPage) -> Any:
    """Without what feedparser does to HTML: it would write it anew."""
    headers = {"content-type": "application/atom+xml"}
    return feedparser.parse(
        BytesIO(render(page)), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def links(element: etree._Element, rel: str) -> list[dict[str, str]]:
    return [
        {str(key): str(value) for key, value in link.attrib.items() if key != "rel"}
        for link in element.iterfind("a:link", NS)
        if link.get("rel") == rel
    ]


# --- the feed ---------------------------------------------------------------------------------------------------------


def test_feed_head() -> None:
    feed = tree(topic=Topic("gesundheit", "Gesundheit", "Alles & mehr"), site={"rights": "© Talland"})
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    assert {
        name: feed.findtext(f"a:{name}", None, NS) for name in ("id", "title", "updated", "rights", "subtitle")
    } == {
        "id": "tag:presse.talland.example,2026:feed:gesundheit",
        "title": "Pressemitteilungen: Gesundheit",
        "updated": "2026-03-14T12:00:00+00:00",
        "rights": "© Talland",
        "subtitle": "Alles & mehr",
    }
    assert feed.findtext("a:author/a:name", None, NS) == "Staatskanzlei Talland"
    assert feed.findtext("a:generator", None, NS) == "syndicate"
    assert dict(feed.find("a:generator", NS).attrib) == {"version": __version__}  # type: ignore[union-attr] # seen above


@pytest.mark.parametrize(
    ("topic", "pages", "title", "alternate"),
    [
        (GESUNDHEIT, True, "Pressemitteilungen: Gesundheit", SITE.base_url + "gesundheit.html"),
        (GESUNDHEIT, False, "Pressemitteilungen: Gesundheit", SITE.base_url),
        (ALL, True, "Pressemitteilungen", SITE.base_url),
    ],
)
def test_a_feed_is_the_feed_of_a_page(topic: Topic, pages: bool, title: str, alternate: str) -> None:
    feed = tree(topic=topic, pages=pages)
    assert feed.findtext("a:title", None, NS) == title
    assert links(feed, "alternate") == [{"href": alternate, "type": "text/html"}]
    assert links(feed, "self") == [{"href": f"{SITE.base_url}{topic.id}.atom", "type": "application/atom+xml"}]


def test_a_site_without_an_author_is_its_own() -> None:
    assert tree(site={"author": ""}).findtext("a:author/a:name", None, NS) == "Pressemitteilungen"


@pytest.mark.parametrize(
    ("fields", "expected", "archive"),
    [
        ({}, {"self": ".atom"}, False),
        ({"older": 3}, {"self": ".atom", "prev-archive": "/3.atom"}, False),
        ({"number": 1, "newer": 2}, {"self": "/1.atom", "next-archive": "/2.atom", "current": ".atom"}, True),
        (
            {"number": 2, "older": 1, "newer": 3},
            {"self": "/2.atom", "prev-archive": "/1.atom", "next-archive": "/3.atom", "current": ".atom"},
            True,
        ),
        ({"number": 1}, {"self": "/1.atom", "current": ".atom"}, True),
    ],
)
def test_archive_links(fields: dict[str, int], expected: dict[str, str], archive: bool) -> None:
    """RFC 5005 section 4."""
    feed = tree(make_release(), **fields)
    stated = {
        link.get("rel"): link.get("href") for link in feed.iterfind("a:link", NS) if link.get("rel") != "alternate"
    }
    assert stated == {rel: f"{SITE.base_url}gesundheit{end}" for rel, end in expected.items()}
    assert (feed.find("fh:archive", NS) is not None) is archive
    assert (feed.find("fh:complete", NS) is not None) is (fields == {}), "section 2: there is nothing behind it"
    assert ("fh" in feed.nsmap) is (archive or fields == {})


@pytest.mark.parametrize(("number", "way"), [(None, "feed.css"), (3, "../feed.css")])
def test_a_feed_names_its_style(number: int | None, way: str) -> None:
    written = render(make_page(make_release(), number=number)).decode()
    assert written.splitlines()[1] == f'<?xml-stylesheet type="text/css" href="{way}"?>'


@pytest.mark.parametrize("icon", ["", "icon.png", "icon.svg"])
def test_icon_and_logo(icon: str) -> None:
    feed = tree(make_release(), site=replace(SITE, icon=icon))
    for name in ("icon", "logo"):
        assert feed.findtext(f"a:{name}", None, NS) == (SITE.base_url + icon if icon else None)


def test_tombstones() -> None:
    """RFC 6721; the namespace only where there is one, because the W3C validator does not know it."""
    assert "at" not in tree(make_release()).nsmap
    feed = tree(make_release(), tombstones=(make_tombstone(), make_tombstone("talland00010", reason="\x1b")))
    gone = feed.findall("at:deleted-entry", NS)
    assert [dict(entry.attrib) for entry in gone] == [
        {"ref": f"tag:presse.talland.example,2026:{id_}", "when": "2026-03-14T12:00:00+00:00"}
        for id_ in ("talland00009", "talland00010")
    ]
    assert [entry.findtext("at:comment", None, NS) for entry in gone] == ["Die Zahlen waren falsch.", None]


def test_an_empty_feed_is_whole() -> None:
    feed = tree()
    assert feed.findtext("a:updated", None, NS) == "2026-03-14T12:00:00+00:00"
    assert feed.find("a:entry", NS) is None


# --- an entry ---------------------------------------------------------------------------------------------------------


def test_parse_finds_what_was_rendered() -> None:
    release = rich_release()
    page = make_page(release)
    (entry,) = found(page).entries
    assert entry.id == release.atom_id
    assert entry.title == release.title
    assert entry.summary == release.teaser
    assert entry.published == MORNING.isoformat()
    assert entry.updated == NOON.isoformat()
    assert entry.link == release.url
    assert (entry.content[0].type, entry.content[0].value) == ("text/html", composed.compose(release, page))
    assert entry.author == "Ministerium für Gesundheit"
    assert [(tag.term, tag.scheme, tag.label) for tag in entry.tags] == [
        ("gesundheit", "tag:presse.talland.example,2026:topic", "Gesundheit"),
        ("Krankenhäuser", "tag:presse.talland.example,2026:kicker", None),
        ("Pressemitteilung", "tag:presse.talland.example,2026:kind", None),
    ]
    assert [(e.href, e.type, e.get("length"), e.get("title")) for e in entry.enclosures] == [
        (f"{SITE.base_url}media/ef56/Bescheid%20Nord.pdf", "application/pdf", "1432000", "Förderbescheid"),
        ("https://www.talland.example/rede.mp3", "audio/mpeg", None, None),
        ("https://www.talland.example/download?id=7", "application/octet-stream", None, "Anlage"),
    ]


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (rich_release(), "https://www.talland.example/presse/talland00003"),
        (make_headline(), f"{SITE.base_url}releases/talland00002.html"),
    ],
)
def test_exactly_one_alternate_link(release: Release, expected: str) -> None:
    assert [link["href"] for link in links(tree(release)[-1], "alternate")] == [expected]


def test_related_license_and_via() -> None:
    shown = {(fold("Pflege"), fold("Pflege wird gestärkt")): f"{SITE.base_url}releases/pflege000001.html"}
    entry = tree(rich_release(), links=shown)[-1]
    assert links(entry, "related") == [
        {"href": "https://www.talland.example/aerztetag", "title": "Ärztetag in Talstadt"},
        {"href": f"{SITE.base_url}releases/pflege000001.html", "title": "Pflege wird gestärkt"},
    ]
    assert links(entry, "license") == [{"href": "https://creativecommons.org/licenses/by/4.0/"}]
    assert links(entry, "via") == [{"href": "https://www.talland.example/feed"}]


def test_what_a_release_corrects_is_related_and_linked_once() -> None:
    again = Related("Wie die Quelle es nennt", None, CORRECTIONS[1].url)
    entry = tree(make_release(related=(again, again)), corrections={"talland00001": CORRECTIONS * 2})[-1]
    assert links(entry, "related") == [
        {"href": f"{SITE.base_url}releases/talland00008.html", "title": "Wie die Quelle es nennt"},
        {"href": "https://www.talland.example/presse/alt?a=1&b=2", "title": "Zwölf <neue> Kliniken & Häuser"},
    ]
    assert len(links(entry, "alternate")) == 1
    assert links(tree(make_release(), corrections={"talland00002": CORRECTIONS})[-1], "related") == []


def test_a_licence_in_words_is_the_entrys_rights() -> None:
    entry = tree(make_release(license="CC BY 4.0"))[-1]
    assert (entry.findtext("a:rights", None, NS), links(entry, "license")) == ("CC BY 4.0", [])


def test_via_shows_no_credentials() -> None:
    body = render(make_page(make_release(origin=Origin(url="https://user:geheim@www.talland.example/feed"))))
    assert b'href="https://www.talland.example/feed"' in body
    assert b"geheim" not in body


@pytest.mark.parametrize(
    ("origin", "updated"),
    [
        (Origin("https://x.example/f", "Presse", "2026-03-14T10:00:00+01:00"), "2026-03-14T10:00:00+01:00"),
        (Origin("urn:x-y:1", "Presse", "Fri, 17 May 2019 15:34:00 UT"), "2019-05-17T15:34:00+00:00"),
        (Origin("urn:x-y:1", "Presse", "Sex, 17 Mai 2019 15:34:00 -0300"), "2019-05-17T18:34:00+00:00"),
        (Origin("urn:x-y:1", "Presse", "2026-03-14T10:00:00+01:00:30"), None),
        (Origin("urn:x-y:1", "Presse", "14. März 2026"), None),
        (Origin("urn:x-y:1", "Presse", "2026-03-14T10:00:00"), None),
        (Origin("urn:x-y:1", None, "2026-03-14T10:00:00Z"), None),
        (Origin("presse", "Presse", "2026-03-14T10:00:00Z"), None),
        (Origin("tag:prässe,2026:1", "Presse", "2026-03-14T10:00:00Z"), None),
        (Origin(None, "Presse", "2026-03-14T10:00:00Z"), None),
    ],
)
def test_source_only_where_it_can_be_whole(origin: Origin, updated: str | None) -> None:
    """RFC 4287 section 4.2.11: without an id, a title and a date the validator reports an error."""
    source = tree(make_release(origin=origin))[-1].find("a:source", NS)
    assert (None if source is None else source.findtext("a:updated", None, NS)) == updated


def test_source_keeps_id_title_and_rights() -> None:
    source = tree(rich_release())[-1].find("a:source", NS)
    assert source is not None
    assert [(etree.QName(child).localname, child.text) for child in source] == [
        ("id", "https://www.talland.example/feed"),
        ("title", "Presse & Neues"),
        ("updated", "2026-03-14T10:00:00+01:00"),
        ("rights", "© Land Talland"),
    ]


def test_images_with_their_words() -> None:
    entry = tree(rich_release())[-1]
    images = [
        (dict(content.attrib), {etree.QName(child).localname: child.text for child in content})
        for content in entry.iterfind("media:content", NS)
    ]
    assert images == [
        (
            {"url": f"{SITE.base_url}media/cd34/klinik.jpg", "medium": "image", "type": "image/jpeg"},
            {"title": "Die Klinik in Oberwiesen", "description": "Ein Klinikgebäude", "credit": "Landesamt/Ö. Öztürk"},
        ),
        ({"url": "https://bilder.talland.example/b", "medium": "image"}, {"description": "Ein Bett"}),
        (
            {"url": f"{SITE.base_url}media/ab12/plan.png", "medium": "image", "type": "image/png"},
            {"title": "Der Lageplan", "description": "Lageplan"},
        ),
    ]
    assert "media" not in tree(make_release(images=(Image(None, "Worte"),))).nsmap


def test_a_foreign_language_is_marked() -> None:
    feed = tree(make_release(), make_release("english00001", language="en"))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [entry.get(lang) for entry in feed.iterfind("a:entry", NS)] == [None, "en"]


def test_mediatopics_come_from_the_topics() -> None:
    topics = (Topic("a", "A", mediatopic="medtop:07000000"), Topic("b", "B", mediatopic="medtop:07000000"))
    entry = tree(make_release(topics=("b", "a", "unknown")), topics=topics)[-1]
    assert [c.get("term") for c in entry.iterfind("a:category", NS)] == ["b", "a", "medtop:07000000"]


@pytest.mark.parametrize("stated", ["", "PDF", "application/", None])
def test_a_type_that_is_none_is_told_by_the_suffix(stated: str | None) -> None:
    entry = tree(make_release(enclosures=(Enclosure("https://x.example/a.pdf", stated),)))[-1]
    assert links(entry, "enclosure") == [{"href": "https://x.example/a.pdf", "type": "application/pdf"}]


@pytest.mark.parametrize(
    ("id_", "named"),
    [
        ("tag:talland.example,2026:feed", True),
        ("https://talland.example/feed", True),
        ("urn:uuid:8d5261ba-bf62-ac81-946c-9276ea617917c", False),
        ("tag:my_host.example,2026:feed", False),
        ("https://user:word@talland.example/feed", False),
        (None, False),
    ],
)
def test_a_source_is_named_by_an_id_that_feeds_may_carry(id_: str | None, named: bool) -> None:
    origin = Origin(id=id_, title="Amt", updated="2026-01-01T00:00:00Z")
    entry = tree(make_release(origin=origin))[-1]
    assert [e.text for e in entry.iterfind("a:source/a:id", NS)] == ([id_] if named else [])


@pytest.mark.parametrize(
    "title", ["<3", "A & B", "<b>x</b>", "A &amp; B", "<script>alert(1)</script>", "]]>", "„Ähm“ – 😀", "&eacute;"]
)
def test_titles_are_plain_text(title: str) -> None:
    (entry,) = found(make_page(make_release(title=title, teaser=title))).entries
    assert (entry.title, entry.summary) == (title, title)


@settings(max_examples=60)
@given(st.text(min_size=1).map(clean).filter(str.strip), st.text().map(clean))
def test_any_clean_text_survives(title: str, teaser: str) -> None:
    entry = tree(make_release(title=title, teaser=teaser or None))[-1]
    assert entry.findtext("a:title", None, NS) == title
    assert (entry.findtext("a:summary", None, NS) or "") == teaser

"""RSS: what a parser finds again, and the rules that a schema cannot say."""

import locale
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
    MORNING,
    NOON,
    SITE,
    make_headline,
    make_page,
    make_release,
    make_tombstone,
    reader,
    rich_release,
)
from syndicate import __version__
from syndicate.model import Enclosure, FeedPage, Release, Topic
from syndicate.render import content as composed
from syndicate.render import render as render_feed
from syndicate.text import clean

read = reader("feed")

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
}


def render(page: FeedPage) -> bytes:
    return render_feed(page, ["rss"])[0].body


def channel(*releases: Release, **fields: Any) -> etree._Element:
    return etree.fromstring(render(make_page(*releases, **fields)))[0]


def item(release: Release, **fields: Any) -> etree._Element:
    return channel(release, **fields)[-1]


def found(page: FeedPage) -> Any:
    """Without what feedparser does to HTML: it would write it anew."""
    headers = {"content-type": "application/rss+xml"}
    return feedparser.parse(
        BytesIO(render(page)), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def test_channel_head() -> None:
    feed = channel(site={"rights": "© Talland"}, topic=Topic("gesundheit", "Gesundheit", "Alles & mehr"))
    plain = {child.tag: child.text for child in feed if "}" not in str(child.tag)}
    assert plain == {
        "title": "Pressemitteilungen: Gesundheit",
        "link": f"{SITE.base_url}gesundheit.html",
        "description": "Alles & mehr",
        "copyright": "© Talland",
        "generator": f"syndicate {__version__}",
        "language": "de",
        "lastBuildDate": "Sat, 14 Mar 2026 12:00:00 +0000",
    }
    assert dict(feed.find("atom:link", NS).attrib) == {  # type: ignore[union-attr] # there must be one
        "href": f"{SITE.base_url}gesundheit.rss",
        "rel": "self",
        "type": "application/rss+xml",
    }
    assert feed.findtext("dc:creator", None, NS) == "Staatskanzlei Talland"


def test_a_channel_without_a_description_is_described_by_its_title() -> None:
    feed = channel(topic=ALL)
    assert (feed.findtext("description"), feed.findtext("link")) == ("Pressemitteilungen", SITE.base_url)


def test_parse_finds_what_was_rendered() -> None:
    release = rich_release()
    page = make_page(release)
    (entry,) = found(page).entries
    assert entry.id == release.atom_id
    assert entry.title == release.title
    assert entry.summary == "Das Land fördert drei Kliniken &amp; ein Ärztehaus."
    assert entry.published == "Sat, 14 Mar 2026 09:30:00 +0000"
    assert entry.link == release.url
    assert entry.content[0].value == composed.compose(release, page)
    assert entry.author == "Ministerium für Gesundheit"
    assert [(tag.term, tag.scheme) for tag in entry.tags] == [
        ("Gesundheit", "tag:presse.talland.example,2026:topic"),
        ("Krankenhäuser", "tag:presse.talland.example,2026:kicker"),
        ("Pressemitteilung", "tag:presse.talland.example,2026:kind"),
    ]
    assert entry.source == {"href": "https://www.talland.example/feed", "title": "Presse & Neues"}


def test_guid_is_no_permalink() -> None:
    guid = item(make_release()).find("guid")
    assert guid is not None
    assert (guid.get("isPermaLink"), guid.text) == ("false", "tag:presse.talland.example,2026:talland00001")


def test_updated_stands_beside_pub_date() -> None:
    entry = item(make_release(published=MORNING, updated=NOON))
    assert entry.findtext("pubDate") == "Sat, 14 Mar 2026 09:30:00 +0000"
    assert entry.findtext("atom:updated", None, NS) == "2026-03-14T12:00:00+00:00"


def test_a_headline_is_described_by_its_title() -> None:
    entry = item(make_headline(title="A & B"))
    assert entry.findtext("description") == "A &amp; B"
    assert entry.findtext("content:encoded", None, NS) == "<p>A &amp; B</p>"
    assert entry.findtext("link") == f"{SITE.base_url}releases/talland00002.html"


@pytest.mark.parametrize(
    ("enclosures", "expected"),
    [
        ((), []),
        (
            rich_release().enclosures,
            [(f"{SITE.base_url}media/ef56/Bescheid%20Nord.pdf", "1432000", "application/pdf")],
        ),
        ((Enclosure("https://x.example/d?id=7"),), [("https://x.example/d?id=7", "0", "application/octet-stream")]),
        (
            (Enclosure("ftp://x.example/a.pdf"), Enclosure("http://x.example/b.mp3")),
            [("http://x.example/b.mp3", "0", "audio/mpeg")],
        ),
        (
            (Enclosure("http://intranet/a.mp3"), Enclosure("http://my_host.x.example/b.mp3")),  # linked in the content
            [],
        ),
    ],
)
def test_one_enclosure(enclosures: tuple[Enclosure, ...], expected: list[tuple[str, str, str]]) -> None:
    entry = item(make_release(enclosures=enclosures))
    assert [(e.get("url"), e.get("length"), e.get("type")) for e in entry.iterfind("enclosure")] == expected


def test_a_kicker_that_is_the_topic_is_said_once() -> None:
    assert [c.text for c in item(make_release(kicker="Gesundheit")).iterfind("category")] == ["Gesundheit"]


def test_foreign_language_and_licence() -> None:
    entry = item(make_release(language="en", license="CC BY 4.0"))
    assert (entry.findtext("dc:language", None, NS), entry.findtext("dc:rights", None, NS)) == ("en", "CC BY 4.0")
    assert item(make_release()).find("dc:language", NS) is None


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("https://creativecommons.org/licenses/by/4.0/",) * 2,
        ("CC BY 4.0", None),
        (None, None),
        ("javascript:x()", None),
    ],
)
def test_a_licence_that_is_an_address_is_linked(licence: str | None, address: str | None) -> None:
    entry = item(make_release(license=licence))
    links = [link.get("href") for link in entry.iterfind("atom:link", NS) if link.get("rel") == "license"]
    assert (links, entry.findtext("dc:rights", None, NS)) == ([address] if address else [], licence)


@pytest.mark.parametrize(("older", "whole"), [(None, True), (3, False)])
def test_a_channel_without_an_archive_says_that_it_is_whole(older: int | None, whole: bool) -> None:
    found = channel(make_release(), older=older)
    assert (found.find("fh:complete", NS) is not None) is whole


@pytest.mark.parametrize(("icon", "shown"), [("", False), ("icon.png", True), ("icon.svg", False)])
def test_the_image_is_the_icon_where_rss_knows_its_kind(icon: str, shown: bool) -> None:
    found = channel(make_release(), site=replace(SITE, icon=icon))
    image = {element.tag: element.text for element in found.iterfind("image/*")}
    head = {name: found.findtext(name) for name in ("title", "link")}
    assert image == ({"url": SITE.base_url + icon} | head if shown else {})


def test_images_with_their_words() -> None:
    first = item(rich_release()).find("media:content", NS)
    assert first is not None
    assert [(etree.QName(child).localname, child.text) for child in first] == [
        ("title", "Die Klinik in Oberwiesen"),
        ("description", "Ein Klinikgebäude"),
        ("credit", "Landesamt/Ö. Öztürk"),
    ]


def test_a_withdrawn_release_leaves_a_notice_under_its_id() -> None:
    feed = channel(make_release(), tombstones=(make_tombstone(),))
    notice = feed.find("item")
    assert notice is not None
    assert {str(child.tag).rpartition("}")[2]: child.text for child in notice} == {
        "title": "Zurückgezogen",
        "link": f"{SITE.base_url}releases/talland00009.html",
        "description": "<p>Zurückgezogen am 14. März 2026.</p>\n<p>Die Zahlen waren falsch.</p>",
        "encoded": "<p>Zurückgezogen am 14. März 2026.</p>\n<p>Die Zahlen waren falsch.</p>",
        "guid": "tag:presse.talland.example,2026:talland00009",
        "pubDate": "Sat, 14 Mar 2026 09:30:00 +0000",
        "updated": "2026-03-14T12:00:00+00:00",
    }
    assert len(feed.findall("item")) == 2


def test_the_process_keeps_its_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedgen's own dates set it for a moment, for every thread."""

    def refuse(*_: object) -> str:
        raise AssertionError("setlocale was called")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert b"<lastBuildDate>Sat, 14 Mar 2026 12:00:00 +0000</lastBuildDate>" in render(make_page(make_release()))


@pytest.mark.parametrize(
    "title",
    ["<3", "A & B", "<b>x</b>", "A &amp; B", "]]>", "„Ähm“ – 😀", "&eacute;", "a < b > c", "x<br/>y", "5<6, 7>6"],
)
def test_titles_are_plain_text(title: str) -> None:
    body = render(make_page(make_release(title=title)))
    (entry,) = feedparser.parse(BytesIO(body), response_headers={"content-type": "application/rss+xml"}).entries
    assert entry.title == title


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "Neu <svg onload=x()>",
        "<b onclick=x()>fett</b>",
        "<IMG SRC=x>",
        "</title><form>",
        "<!--",
        "<a href='javascript:x()'>",
        "<custom-element>",
        "<?php",
    ],
)
def test_what_would_act_in_a_title_acts_for_no_reader(title: str) -> None:
    feed = channel(make_release(title=title), topic=Topic("x", title))
    for said in (feed.findtext("title"), feed.findtext("description"), feed.findtext("item/title")):
        shown = etree.HTML(f"<div>{said}</div>")
        assert [element.tag for element in shown.iter()] == ["html", "body", "div"]  # taken for HTML, it is text
        assert title in shown.xpath("string(//div)")
    (item,) = read(render(make_page(make_release(title=title))).decode())  # our own reader has it back
    assert item.title == title


def test_plain_text_is_escaped_as_the_rss_profile_wants() -> None:
    assert b"<title>A &#x26; &#x3C;3</title>" in render(make_page(make_release(title="A & <3")))


@settings(max_examples=60)
@given(st.text(min_size=1).map(clean).filter(str.strip), st.text().map(clean))
def test_any_clean_text_survives(title: str, teaser: str) -> None:
    entry = item(make_release(title=title, teaser=teaser or None))
    assert (entry.findtext("title") or "").replace("&lt;", "<") == title.replace("&lt;", "<")
    described = etree.HTML(f"<div>{entry.findtext('description')}</div>").xpath("string(//div)")
    assert str(described).split() == (teaser or title).split()

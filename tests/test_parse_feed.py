"""Feeds: each document in data/feed beside what is read from it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from builders import reader
from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.parse import parse

read = reader("feed")

DATA = Path(__file__).parent / "data"
FEEDS = sorted(p for p in (DATA / "feed").iterdir() if not p.name.endswith(".expected.json"))


def told(value: Any) -> Any:
    """What is stated in an item, as JSON has it."""
    if isinstance(value, dict):
        return {key: told(v) for key, v in value.items() if v not in (None, (), False) and key != "entry"}
    if isinstance(value, (list, tuple)):
        return [told(v) for v in value]
    return value


@pytest.mark.parametrize("path", FEEDS, ids=lambda p: p.name)
def test_a_feed(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text("utf-8"))
    items = parse(path.read_bytes(), url="https://presse.talland.example/feed", path=path.name)
    assert [told(asdict(item)) for item in items] == expected


def one(inner: str, *, kind: str = "rss", attributes: str = "") -> Item:
    """The item of a feed with one entry."""
    if kind == "rss":
        text = f'<rss version="2.0" {attributes}><channel><item>{inner}</item></channel></rss>'
    else:
        text = f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><entry>{inner}</entry></feed>'
    (item,) = read(text, "https://feed.example/dir/feed")
    return item


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("Talheim &lt;3 Fahrrad", "Talheim <3 Fahrrad"),
        ("Talheim &amp;lt;3 Fahrrad", "Talheim <3 Fahrrad"),
        ("<![CDATA[Talheim <3 Fahrrad]]>", "Talheim <3 Fahrrad"),
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A & B"),
        ("<![CDATA[A & B]]>", "A & B"),
        ("A & B", "A & B"),
        ("Caf&eacute; &amp;eacute;", "Café é"),
        ("&lt;b&gt;Fett&lt;/b&gt;", "Fett"),
        ("<![CDATA[<p>Erste</p><p>Zeile</p>]]>", "Erste Zeile"),
        ("Zwei&lt;br/&gt;Zeilen", "Zwei Zeilen"),
        ("&amp;lt;b&amp;gt; im Titel", "<b> im Titel"),
        ("Was &lt;b&gt; bedeutet", "Was <b> bedeutet"),
        ("3 &lt; 4 &gt; 2", "3 < 4 > 2"),
        ("„Grüße“ &#8211; 😀", "„Grüße“ – 😀"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Neu", "Neu"),
    ],
)
def test_an_rss_title_is_what_its_author_meant(markup: str, title: str) -> None:
    assert one(f"<title>{markup}</title>").title == title


@pytest.mark.parametrize(
    ("kind", "markup", "title"),
    [
        ("", "&lt;b&gt;", "<b>"),
        ("text", "A &amp;amp; B", "A &amp; B"),
        ("html", "A &amp;amp; B &amp;lt;3", "A & B <3"),
        ("html", "&lt;b&gt;Fett&lt;/b&gt;", "Fett"),
        ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml">A &amp; <b>B</b> &lt;3</div>', "A & B <3"),
    ],
)
def test_an_atom_title_is_what_its_type_says(kind: str, markup: str, title: str) -> None:
    attribute = f' type="{kind}"' if kind else ""
    assert one(f"<id>1</id><title{attribute}>{markup}</title>", kind="atom").title == title


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ("<link>https://a.example/1</link><guid>https://b.example/2</guid>", "https://a.example/1"),
        ("<guid>https://b.example/2</guid>", "https://b.example/2"),
        ('<guid isPermaLink="false">https://b.example/2</guid>', None),
        ("<link>/1</link>", "https://feed.example/1"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>data:text/html,x</link><guid>tag:x,2026:1</guid>", None),
        ("<link>https://a.example/?a=1&amp;b=2</link>", "https://a.example/?a=1&b=2"),
        ("<link>https://a.example/?a=1&b=2</link>", "https://a.example/?a=1&b=2"),
    ],
)
def test_the_address_of_an_rss_item(inner: str, url: str | None) -> None:
    assert one(f"<title>T</title>{inner}").url == url


def test_an_id_is_as_stated_or_none() -> None:
    assert one("<title>T</title><link>https://a.example/1</link>").id is None
    assert one("<title>T</title><guid> 7 </guid>").id == "7"
    assert one("<title>T</title><id>x/1</id>", kind="atom").id == "x/1"


@pytest.mark.parametrize(
    ("inner", "teaser", "content"),
    [
        ("<description>Kurz.</description>", "Kurz.", None),
        ("<description><![CDATA[<p>Kurz &amp; gut.</p>]]></description>", "Kurz & gut.", None),
        (f"<description>{'Lang. ' * 300}</description>", None, f"<p>{('Lang. ' * 300).strip()}</p>"),
        ("<description><![CDATA[<p>A</p><p>B</p>]]></description>", None, "<p>A</p><p>B</p>"),
        ("<description>Zeile&lt;br&gt;zwei</description>", "Zeile zwei", None),
        ("<description>x &lt;y und z</description>", "x <y und z", None),
        ("<description><![CDATA[Kurz <a href='https://b.example/'>dort</a>]]></description>", None,
         "Kurz <a href='https://b.example/'>dort</a>"),
        ("<description><![CDATA[Kurz <a href='https://a.example/1?pk_x=y'>Mehr</a>]]></description>", "Kurz", None),
        ("<content:encoded>&lt;p&gt;A&lt;/p&gt;</content:encoded>", None, "<p>A</p>"),
        ("<description>T</description><content:encoded>&lt;p&gt;A&lt;/p&gt;</content:encoded>", "T", "<p>A</p>"),
        ("<content:encoded>&lt;p&gt;A&lt;/p&gt;</content:encoded><description>T</description>", "T", "<p>A</p>"),
        ("<description>A</description><content:encoded>&lt;p&gt;A&lt;/p&gt;</content:encoded>", "A", None),
    ],
)  # fmt: skip
def test_teaser_and_content_of_an_rss_item(inner: str, teaser: str | None, content: str | None) -> None:
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    item = one(f"<link>https://a.example/1</link>{inner}", attributes=namespace)
    assert (item.teaser, item.content) == (teaser, content)


@pytest.mark.parametrize("order", ["{0}{1}", "{1}{0}"])
def test_the_description_of_a_picture_is_not_the_teaser(order: str) -> None:
    media = '<media:content url="https://a.example/1.jpg" medium="image"><media:description>Alt</media:description>'
    media += "<media:title>Bild</media:title></media:content><media:description>Auch nicht</media:description>"
    own = "<title>Titel</title><description>Teaser</description>"
    item = one(order.format(own, media), attributes='xmlns:media="http://search.yahoo.com/mrss/"')
    assert (item.title, item.teaser) == ("Titel", "Teaser")
    assert [(image.alt, image.caption) for image in item.images] == [("Alt", "Bild")]


@pytest.mark.parametrize(
    ("inner", "authors"),
    [
        ("<author>jana@talland.bayern (Jana Örtel)</author>", ("Jana Örtel",)),
        ("<author>Jana Örtel &lt;jana@talland.example&gt;</author>", ("Jana Örtel",)),
        ("<author>jana@talland.example</author>", ("jana@talland.example",)),
        ("<author>Jana Örtel</author><dc:creator>Amt</dc:creator><dc:creator>Amt</dc:creator>", ("Jana Örtel", "Amt")),
    ],
)
def test_authors_are_names(inner: str, authors: tuple[str, ...]) -> None:
    item = one(f"<title>T</title>{inner}", attributes='xmlns:dc="http://purl.org/dc/elements/1.1/"')
    assert item.authors == authors


@pytest.mark.parametrize(
    ("inner", "embargo"),
    [
        ("<x:embargoed>2026-03-14T11:00:00+01:00</x:embargoed>", "2026-03-14T11:00:00+01:00"),
        ('<x:embargo until="2026-03-14T11:00:00Z"/>', "2026-03-14T11:00:00Z"),
        ("<sperrfrist>Redebeginn</sperrfrist>", "Redebeginn"),
        ("<sperrfrist>Redebeginn</sperrfrist><unclosed>", "Redebeginn"),
        ("<x:embargoedUntil/>", None),
    ],
)
def test_a_field_for_the_embargo(inner: str, embargo: str | None) -> None:
    assert one(f"<title>T</title>{inner}", attributes='xmlns:x="urn:x"').embargo == embargo


def test_what_one_entry_may_carry_is_bounded() -> None:
    many = "".join(f"<category>K{n}</category><enclosure url='https://a.example/{n}'/>" for n in range(1000))
    item = one(f"<title>T</title>{many}")
    assert item.kicker == "K0"
    assert len(item.categories) < 200
    assert len(item.enclosures) <= 200


@pytest.mark.parametrize(
    ("tail", "titles"),
    [
        ("<item><title>Der Abgeris", ["Erste", "Zweite"]),
        ("<item><title>Dritte</title><description>Halb", ["Erste", "Zweite"]),
        ("<item", ["Erste", "Zweite"]),
        ("", ["Erste", "Zweite"]),
        ("</channel>", ["Erste", "Zweite"]),
    ],
)
def test_a_feed_that_breaks_off_loses_its_torn_entry_alone(tail: str, titles: list[str]) -> None:
    whole = "<rss version='2.0'><channel><item><title>Erste</title></item><item><title>Zweite</title></item>"
    assert [item.title for item in read(whole + tail)] == titles


def test_an_entry_without_words_costs_no_other() -> None:
    feed = "<item><guid>7</guid></item><item><title>Gut</title></item>"
    items = read(f"<rss version='2.0'><channel>{feed}</channel></rss>")
    assert [(item.id, item.title, item.damage) for item in items] == [("7", None, None), (None, "Gut", None)]


def test_a_notice_of_correction() -> None:
    link = '<link rel="alternate" href="https://a.example/8"/>'
    item = one(f"<id>8</id><title>Korrektur: Neue Klinik</title>{link}", kind="atom")
    assert (item.title, item.corrects) == ("Korrektur: Neue Klinik", "Neue Klinik")
    said = "&lt;p&gt;Diese Meldung berichtigt die &lt;a href='/7'&gt;Meldung vom 12. Mai&lt;/a&gt;.&lt;/p&gt;"
    item = one(f"<title>Neue Klinik</title><link>https://a.example/8</link><description>{said}</description>")
    assert item.corrects == "https://a.example/7"
    assert one("<title>Korrektur der Finanzplanung beschlossen</title>").corrects is None


def test_entities_do_nothing() -> None:
    bomb = "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    feed = f"{bomb}<rss version='2.0'><channel><item><title>T &b; &f;</title></item></channel></rss>"
    (item,) = read(feed)
    assert item.title is not None
    assert "root:" not in item.title
    assert "haha" not in item.title


def test_impossible_characters_cost_nothing() -> None:
    assert one("<title>A&#xD800;B&#0;C\x08D&#x10FFFF;</title>").title == "ABCD\U0010ffff"


def test_a_text_that_is_no_feed() -> None:
    for text in ("", "kein XML", "<html/>", "<!-- "):
        with pytest.raises(ParseError):
            read(text)

"""Feeds as they come: odd vocabularies, broken XML, and more than anybody means to be read."""

import pytest

from builders import reader
from syndicate.errors import ParseError
from syndicate.model import Item

read = reader("feed")

GOOD = "<item><title>Gut</title></item>"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/"'
ATOM = 'xmlns:a="http://www.w3.org/2005/Atom"'
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def rss(inner: str, attributes: str = "", head: str = "") -> str:
    return f'<rss version="2.0" {attributes}><channel><title>Presse</title>{head}{inner}</channel></rss>'


def one(inner: str, attributes: str = "", head: str = "") -> Item:
    (item,) = read(rss(f"<item>{inner}</item>", attributes, head), "https://feed.example/dir/feed")
    return item


def atom(inner: str, head: str = "", attributes: str = 'xmlns="http://www.w3.org/2005/Atom"') -> Item:
    (item,) = read(f"<feed {attributes}>{head}<entry>{inner}</entry></feed>", "https://feed.example/dir/feed")
    return item


@pytest.mark.parametrize(
    "inner",
    [
        "<title>Eigener</title><image><title>Bild</title></image>",
        "<image><title>Bild</title></image><title>Eigener</title>",
        "<title>Eigener</title><author><name>A</name><title>Leiterin</title></author>",
        "<title>Eigener</title><media:title>Bild</media:title>",
        "<title></title><dc:title>Eigener</dc:title>",
        "<itunes:title>Eigener</itunes:title>",
        "<title>Eig<b>ener</b><script>x()</script></title>",
        "<TITLE>Eigener</TITLE>",
    ],
)
def test_a_title_is_the_entry_s_own(inner: str) -> None:
    assert one(inner, f"{DC} {ITUNES} {MEDIA}").title == "Eigener"


def test_a_title_in_base64() -> None:
    title = '<title mode="base64" type="text/html">R3LDvMOfZSAmYW1wOyA8Yj5tZWhyPC9iPg==</title>'
    assert atom(title, attributes='version="0.3" xmlns="http://purl.org/atom/ns#"').title == "Grüße & mehr"


def test_content_in_base64() -> None:
    content = '<content mode="base64" type="text/html">PHA+R3LDvMOfZTwvcD4=</content>'
    item = atom(f"<title>T</title>{content}", attributes='version="0.3" xmlns="http://purl.org/atom/ns#"')
    assert item.content == "<p>Grüße</p>"


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ('<link rel="self" href="/s"/><link rel="via" href="/v"/><link rel="alternate" href="/a"/>', "/a"),
        ('<link rel="enclosure" href="/e"/><link href="/a"/>', "/a"),
        ('<link type="application/json" href="/j"/><link type="text/html" href="/a"/>', "/a"),
        ('<link rel="self" href="/a"/>', "/a"),
        ('<link rel="self" type="application/atom+xml" href="/s"/>', None),
        ('<link rel="related" href="/r"/><link rel="replies" href="/c"/><link rel="via" href="/v"/>', None),
        ("<link>https://feed.example/a</link>", "/a"),
        ('<link href=" /a "/>', "/a"),
        ('<source><link href="/s"/></source><link href="/a"/>', "/a"),
    ],
)
def test_the_page_among_the_links_of_an_atom_entry(inner: str, url: str | None) -> None:
    assert atom(f"<id>1</id><title>T</title>{inner}").url == (f"https://feed.example{url}" if url else None)


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ('<a:link href="https://b.example/1"/>', "https://b.example/1"),
        ('<a:link rel="self" href="https://b.example/s"/><link>https://b.example/1</link>', "https://b.example/1"),
        ('<a:link rel="replies" href="https://b.example/s"/><guid>https://b.example/1</guid>', "https://b.example/1"),
        ("<image><link>https://b.example/i</link></image>", None),
        ("<guid>7</guid>", None),
        ("<link>1.html</link>", "https://feed.example/dir/1.html"),
        ("<link>https://[b.example/</link><guid>https://b.example/1</guid>", "https://b.example/1"),
        ("<link>https://b.example/1?utm_source=rss</link>", "https://b.example/1?utm_source=rss"),
        (
            '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://b.example/1</f:origLink>',
            "https://b.example/1",
        ),
        (
            "<link>https://proxy.example/~r/7</link>"
            '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://b.example/1</f:origLink>',
            "https://b.example/1",
        ),
    ],
)
def test_the_page_of_an_rss_item(inner: str, url: str | None) -> None:
    assert one(f"<title>T</title>{inner}", ATOM).url == url


def test_relative_addresses_of_a_document_without_one_are_those_of_its_own_link() -> None:
    (item,) = read(rss("<item><title>T</title><link>/1</link></item>", head="<link>https://a.example/presse/</link>"))
    assert item.url == "https://a.example/1"
    (item,) = read(rss("<item><title>T</title><link>/1</link></item>"))
    assert item.url == "/1"


def test_xml_base_counts_for_everything() -> None:
    item = atom(
        '<title>T</title><link href="1"/><link rel="enclosure" href="1.pdf" xml:base="datei/"/>'
        '<content type="html" xml:base="text/">&lt;img src="b.jpg"&gt;</content>',
        attributes='xmlns="http://www.w3.org/2005/Atom" xml:base="/amt/"',
    )
    assert item.url == "https://feed.example/amt/1"
    assert [file.url for file in item.enclosures] == ["https://feed.example/amt/datei/1.pdf"]
    assert item.base == "https://feed.example/amt/text/"


@pytest.mark.parametrize(
    ("inner", "published", "updated"),
    [
        ("<pubDate>Fri, 17 May 2019 15:34:00 UT</pubDate>", "Fri, 17 May 2019 15:34:00 UT", None),
        ("<dc:date>2019-05-17</dc:date>", "2019-05-17", "2019-05-17"),
        ("<dc:date>2019-05</dc:date>", "2019-05-01", "2019-05-01"),
        ("<t:issued>2019-05-17</t:issued><t:modified>2019-05-18</t:modified>", "2019-05-17", "2019-05-18"),
        ("<pubDate></pubDate><dc:date>2019-05-17</dc:date>", "2019-05-17", "2019-05-17"),
        ("<pubDate>heute</pubDate><a:updated>2019-05-17T00:00:00Z</a:updated>", "2019-05-17T00:00:00Z",
         "2019-05-17T00:00:00Z"),
        ("<pubDate>KW 20</pubDate><dc:date>2019-05-17</dc:date>", "2019-05-17", "2019-05-17"),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><t:created>2019-05-17</t:created>", "2019-05-17", None),
        ("<pubDate>KW 20</pubDate>", "KW 20", None),
        ('<pubDate><time datetime="2019-05-17">Freitag</time></pubDate>', "2019-05-17", None),
        ("<a:updated>KW 20</a:updated><a:published>2019-05-17</a:published>", "2019-05-17", "KW 20"),
        ("<a:published>2019-05-17T00:00:00Z</a:published>", "2019-05-17T00:00:00Z", None),
        ("<x:date xmlns:x='urn:x'>2019-05-17</x:date>", None, None),
    ],
)  # fmt: skip
def test_dates(inner: str, published: str | None, updated: str | None) -> None:
    item = one(f"<title>T</title>{inner}", f"{DC} {ATOM}")
    assert (item.published, item.updated) == (published, updated)


@pytest.mark.parametrize(
    ("inner", "authors"),
    [
        ("<author>Jana Örtel (jana@talland.example)</author>", ("Jana Örtel",)),
        ("<author>Jana Örtel (mailto:jana@talland.example)</author>", ("Jana Örtel",)),
        ("<author>jana@talland.example, Jana Örtel</author>", ("Jana Örtel",)),
        ("<author>o'neill@talland.example</author>", ("o'neill@talland.example",)),
        ("<author><name>Jana Örtel</name><email>j@t.example</email></author>", ("Jana Örtel",)),
        ("<a:author><a:email>j@t.example</a:email></a:author>", ("j@t.example",)),
        ("<a:contributor><a:name>Nein</a:name></a:contributor>", ()),
        ("<dc:creator>A</dc:creator><dc:creator>B</dc:creator><itunes:author>C</itunes:author>", ("A", "B")),
        ("<itunes:author>C</itunes:author>", ("C",)),
    ],
)
def test_authors(inner: str, authors: tuple[str, ...]) -> None:
    assert one(f"<title>T</title>{inner}", f"{DC} {ATOM} {ITUNES}").authors == authors


def test_an_atom_entry_has_its_source_s_authors_before_its_feed_s() -> None:
    feed = "<author><name>Portal</name></author>"
    source = "<source><id>s</id><author><name>Amt</name></author></source>"
    assert atom("<title>T</title>", feed).authors == ("Portal",)
    assert atom(f"<title>T</title>{source}", feed).authors == ("Amt",)


@pytest.mark.parametrize(
    ("inner", "kicker", "categories"),
    [
        ('<category domain="https://a.example/">Verkehr</category><category>Bahn</category>', "Verkehr", ("Bahn",)),
        ("<categories><category>Verkehr</category><category>Bahn</category></categories>", "Verkehr", ("Bahn",)),
        ('<a:category term="v" label="Verkehr"/>', "Verkehr", ("v",)),
        ('<a:category term="https://a.example/v" label="Verkehr"/>', "Verkehr", ()),
        ('<itunes:category text="Verkehr"><itunes:category text="Bahn"/></itunes:category>', "Verkehr", ("Bahn",)),
        ("<dc:subject>Verkehr</dc:subject><itunes:keywords>Bahn, Bus</itunes:keywords>", "Verkehr", ("Bahn", "Bus")),
        ("<media:keywords>Bahn, Bus</media:keywords>", None, ("Bahn", "Bus")),
        ('<media:category label="Bahn">b</media:category><category>Verkehr</category>', "Verkehr", ("Bahn",)),
        ("<category>Kunst &amp;amp; Kultur</category>", "Kunst & Kultur", ()),
    ],
)
def test_categories(inner: str, kicker: str | None, categories: tuple[str, ...]) -> None:
    item = one(f"<title>T</title>{inner}", f"{DC} {ATOM} {ITUNES} {MEDIA}")
    assert (item.kicker, item.categories) == (kicker, categories)


@pytest.mark.parametrize(
    "inner",
    [
        '<enclosure url="1.pdf" type="application/pdf" length="7"/>',
        '<a:link rel="enclosure" href="1.pdf" type="application/pdf" length="7"/>',
        "<enclosure><url>1.pdf</url><type>application/pdf</type><length>7</length></enclosure>",
        '<enclosure type="application/pdf" length="7">1.pdf</enclosure>',
    ],
)
def test_an_attachment(inner: str) -> None:
    (file,) = one(f"<title>T</title>{inner}", ATOM).enclosures
    assert (file.url, file.type, file.length) == ("https://feed.example/dir/1.pdf", "application/pdf", 7)


def test_the_picture_of_a_film() -> None:
    film = '<media:content url="f.mp4" type="video/mp4"><media:thumbnail url="f.jpg"/></media:content>'
    item = one(f"<title>T</title>{film}", MEDIA)
    assert [image.url for image in item.images] == ["https://feed.example/dir/f.jpg"]


@pytest.mark.parametrize(
    ("head", "inner", "language"),
    [
        ("<language>de</language>", "", "de"),
        ("<language>de</language>", "<dc:language>fr</dc:language>", "fr"),
        ("<dc:language>de</dc:language>", "", "de"),
        ("<language>de</language>", '<description xml:lang="en_GB">T</description>', "en-GB"),
        ("<language>de_AT</language>", "<dc:language>x-default</dc:language>", "de-AT"),
        ("<language>en, de</language>", "", "en"),
        ("<language>unknown</language>", "", None),
    ],
)
def test_language(head: str, inner: str, language: str | None) -> None:
    assert one(f"<title>T</title>{inner}", DC, head).language == language


@pytest.mark.parametrize(
    ("inner", "content"),
    [
        (
            "<guid>7</guid><link>https://a.example/7</link>",
            '<p><a href="https://a.example/7">https://a.example/7</a></p>',
        ),
        ('<enclosure url="https://a.example/plan.pdf" type="application/pdf"/>', "<p>plan.pdf</p>"),
        ('<enclosure url="https://a.example/b.jpg" type="image/jpeg"/>', "<p>b.jpg</p>"),
    ],
)
def test_an_entry_without_words_is_what_it_links_to(inner: str, content: str) -> None:
    item = one(inner)
    assert (item.damage, item.title, item.content) == (None, None, content)


@pytest.mark.parametrize(
    "start",
    [
        '<rss version="2.0">',  # no prefix is declared
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">',
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/">',
        '<rss version="2.0" xmlns="https://irgendwo.example/rss">',
    ],
)
def test_prefixes_nobody_declared_mean_what_they_usually_do(start: str) -> None:
    inner = "<dc:creator>Jana</dc:creator><content:encoded>&lt;p&gt;A&lt;/p&gt;</content:encoded>"
    end = "".join(f"</{tag}>" for tag in ("channel", start[1:].split()[0]))
    (item,) = read(f"{start}<channel><item><title>T</title>{inner}</item>{end}")
    assert (item.title, item.authors, item.content) == ("T", ("Jana",), "<p>A</p>")


def test_any_prefix_means_what_it_is_declared_as() -> None:
    names = 'xmlns:z="http://purl.org/dc/elements/1.1/" xmlns:dc="urn:etwas"'
    assert one("<title>T</title><z:creator>Jana</z:creator><dc:creator>Nein</dc:creator>", names).authors == ("Jana",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n\n ", ""),
        ("\ufeff", "\n"),
        ("Warning: mysql_connect() in /var/www/rss.php on line 7\n", ""),
        ("HTTP/1.1 200 OK\r\n\r\n", ""),
        ('<?xml version="1.0"?><?xml version="1.0"?>', ""),
        ('<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "https://a.example/rss.dtd">', ""),
        ("", "<script>zaehle()</script>"),
        ("", "\n<!-- erzeugt in 0,1 s -->\n<rss/>"),
        ("<!-- Kopf -->", ""),
    ],
)
def test_junk_around_a_feed(before: str, after: str) -> None:
    assert [item.title for item in read(before + rss(GOOD) + after)] == ["Gut"]


@pytest.mark.parametrize(
    "broken",
    [
        "<item><title>A & B</title></item>",
        "<item><title>A &amp; B</title><description>Ein <b>Wort<p>mehr</description></item>",
        "<item><title>A &amp; B</title><guid isPermaLink=false>1</guid></item>",
        '<item><title>A &amp; B</title><enclosure url="1" url="2"/></item>',
        "<item><title>A &amp; B</title><unclosed></item>",
        "<item><title>A &amp; B</title></wrong></item>",
        "<item><title>A &amp; B</title><y:x>1</y:x></item>",
    ],
)
def test_a_broken_entry_costs_no_other(broken: str) -> None:
    assert [item.title for item in read(rss(GOOD + broken + GOOD))] == ["Gut", "A & B", "Gut"]


def test_markup_that_is_not_well_formed_stays_markup() -> None:
    (item,) = read(rss("<item><title>T</title><description><p>Eins<p>Zwei <br> drei</description></item>"))
    assert item.content == "<p>Eins<p>Zwei <br> drei"


def test_letters_by_name() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY amt "Ministerium"><!ENTITY b "&amt;&amt;"><!ENTITY % p SYSTEM "file:///x">]>'
    (item,) = read(doctype + rss("<item><title>&amt; f&uuml;r &b; &#X41;</title></item>"))
    assert item.title == "Ministerium für &b; A"


def test_utf8_that_was_encoded_twice() -> None:
    assert one("<title>GrÃ¼ÃŸe</title><category>EspaÃ±ol</category>").title == "Grüße"
    assert one("<title>São Paulo: 5 €</title>").title == "São Paulo: 5 €"


def test_an_entry_as_a_document() -> None:
    (item,) = read('<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><title>T</title></entry>')
    assert (item.id, item.title) == ("1", "T")


def test_an_xinclude_brings_nothing_in() -> None:
    include = "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"
    assert "root:" not in str(one(f"<title>T</title><description>{include}</description>"))


@pytest.mark.parametrize(
    ("inner", "damage"),
    [
        (f"<title>Lang</title><description>{'x ' * 1_000_001}</description>", "characters"),
        (f"<title>Tief</title>{'<b>' * 300}{'</b>' * 300}", "levels deep"),
    ],
)
def test_an_entry_beyond_measure_is_put_aside(inner: str, damage: str) -> None:
    before, beyond, after = read(rss(f"{GOOD}<item>{inner}</item>{GOOD}"))
    assert (before.damage, after.damage) == (None, None)
    assert damage in (beyond.damage or "")
    assert beyond.title
    assert not beyond.content


@pytest.mark.parametrize("digits", ["9" * 1_000_000, "99999999", "0" * 5_000, "x" + "f" * 5_000])
@pytest.mark.parametrize("escaped", [False, True])
def test_a_reference_beyond_every_character(digits: str, escaped: bool) -> None:
    (item,) = read(rss(f"<item><title>Neue {'&amp;' if escaped else '&'}#{digits}; Brücke</title></item>"))
    assert (item.title or "").replace("\ufffd ", "") == "Neue Brücke"


def test_of_too_many_attributes_the_first_are_read() -> None:
    attributes = " ".join(f"a{n}='1'" for n in range(10_000))
    (item,) = read(rss(f"<item><title>Breit</title><x {attributes}/><enclosure url='/a.pdf' {attributes}/></item>"))
    assert (item.title, len(item.enclosures), item.damage) == ("Breit", 1, None)


def test_of_too_many_entries_the_first_are_read_and_the_rest_is_told() -> None:
    items = read(rss("".join(f"<item><title>{n}</title></item>" for n in range(5_003))))
    assert [item.title for item in items[:2]] == ["0", "1"]
    assert len(items) == 5_001
    assert items[-1].damage == "the feed has 3 entries more than the 5,000 that are read of one document"


@pytest.mark.parametrize(
    "piece", ["<!--", "<![CDATA[", "<", "<item ", "<item>", "</item>", "<title>", "<x:a>", "&", "<?xml?>"]
)
def test_a_flood_of_one_thing_is_over_soon(piece: str) -> None:
    whole = rss(GOOD)[: -len("</channel></rss>")]
    try:
        items = read(whole + piece * (200_000 // len(piece)))
    except ParseError:
        return
    assert [item.title for item in items if not item.damage][:1] in ([], ["Gut"])

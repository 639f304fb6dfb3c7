"""Feeds that a page names, the next page of a list or an archive, and pages that nobody asked for."""

import pytest

from syndicate.parse import FeedLink, feeds, looks_like, next_page
from waiting import frugal

PAGE = "https://talland.example/presse/liste?seite=2"


def page(markup: str) -> bytes:
    return f"<!doctype html><html><head></head><body>{markup}</body></html>".encode()


# --- feeds ------------------------------------------------------------------------------------------------------------


def test_the_feeds_of_a_page_in_order_those_of_comments_last_each_once() -> None:
    head = b"""<html><head><base href="/de/">
        <link rel="alternate" type="application/rss+xml" title="Kommentare" href="comments/feed/">
        <link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" title="Alle &amp; mehr" href="alle.atom">
        <link rel="alternate" type="application/feed+json" href="https://other.example/feed.json">
        <link rel="alternate" type="application/atom+xml" href="alle.atom">
        <link rel="alternate" hreflang="en" href="/en"><link rel="alternate stylesheet" href="x.css">
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
        <link rel="alternate" type="application/rss+xml" href="file:///etc/passwd"></head>
        <body><a href="/other.rss">RSS</a></body></html>"""
    assert feeds(head, url=PAGE) == (
        FeedLink("https://talland.example/de/alle.atom", "Alle & mehr", "application/atom+xml"),
        FeedLink("https://other.example/feed.json", None, "application/feed+json"),
        FeedLink("https://talland.example/de/comments/feed/", "Kommentare", "application/rss+xml"),
        FeedLink("https://talland.example/other.rss", "RSS", ""),  # in case that these are dead
    )


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/x">RSS</a>',
        '<a href="/x"><img src="x.png" alt="RSS"></a>',
        '<a href="/x"><img src="/img/rss.gif" alt=""></a>',
        '<a href="/x"><i class="fa fa-rss-square"></i></a>',
        '<a href="/x"><i class="icon-rss"></i></a>',
        '<a href="/x" aria-label="RSS-Feed abonnieren"><svg></svg></a>',
        '<a href="/x" title="Newsfeed"></a>',
        '<a href="/x"><svg><title>Atom 1.0</title></svg></a>',
        '<a href="/x"><svg><use xlink:href="#icon-rss"/></svg></a>',
        '<a class="rss" href="/x"></a>',
        '<a href="/x">RSS-Feeds des Landes</a>',
    ],
)
def test_a_link_that_is_called_a_feed_may_be_one(link: str) -> None:
    (found,) = feeds(page(f"<p>Guten Tag</p>{link}"), url=PAGE)
    assert (found.url, found.type) == ("https://talland.example/x", "")


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/x">Feedback</a>',
        '<a href="/x">Atomkraft in Talland</a>',
        '<a href="/x">Unser neuer RSS-Feed ist da, und er ist schön</a>',
        '<a href="/x"><i class="icon-press"></i></a>',
        '<a href="#rss">RSS</a>',
        '<a href="/sitemap.html">RSS</a>',
    ],
)
def test_what_is_not_called_one_is_none(link: str) -> None:
    assert feeds(page(link), url=PAGE) == ()


@pytest.mark.parametrize(
    ("address", "url"),
    [("feed://talland.example/y", "http://talland.example/y"), ("feed:https://a.example/y", "https://a.example/y")],
)
def test_an_address_with_the_scheme_of_feeds_is_one_of_the_web(address: str, url: str) -> None:
    for markup in (
        f'<a href="{address}">Abo</a>',
        f'<link rel="alternate" type="application/rss+xml" href="{address}">',
    ):
        (found,) = feeds(page(f"<p>Guten Tag {markup}</p>"), url=PAGE)  # also outside of the head
        assert (found.url, found.type) == (url, "application/rss+xml")


def test_without_autodiscovery_the_links_that_look_like_a_feed() -> None:
    body = page(
        '<a href="/a.rss">Alles</a> <a href="/sitemap.xml">x</a> <a href="/b/feed/">B</a> <a href="/rss-hilfe">?</a>'
        '<a href="/x?format=atom">Atom</a> <a href="mailto:feed@a.example">M</a> <a href="#feed">F</a>'
    )
    assert [(link.url, link.title, link.type) for link in feeds(body, url=PAGE)] == [
        ("https://talland.example/a.rss", "Alles", "application/rss+xml"),
        ("https://talland.example/b/feed/", "B", "application/rss+xml"),
        ("https://talland.example/x?format=atom", "Atom", "application/atom+xml"),
    ]


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"%PDF-1.7", b"Nur Text", b"{}", b"<", b"<rss/>"])
def test_what_is_no_page_names_no_feed(body: bytes) -> None:
    assert feeds(body, url=None) == ()
    assert next_page(body, url=None) is None


# --- the next page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<a rel="next" href="?seite=3">x</a>', "?seite=3"),
        ('<div class="pagination"><a href="?seite=1">zurück</a><a href="?seite=3">weiter</a></div>', "?seite=3"),
        ('<ul class="pager"><li><a href="?seite=3" aria-label="Nächste Seite">›</a></li></ul>', "?seite=3"),
        ('<ul class="pager"><li><a href="?seite=9">»</a><a href="?seite=3">›</a></li></ul>', "?seite=3"),
        (
            '<ul class="pager"><li><a title="Letzte Seite" href="?seite=9">»</a></li>'
            '<li class="next"><a href="?seite=3"><img alt=""></a></li></ul>',
            "?seite=3",
        ),
        ('<p class="blaettern"><a href="?seite=1">1</a> <strong>2</strong> <a href="?seite=3">3</a></p>', "?seite=3"),
        (
            '<nav class="pagination"><a href="?seite=1">1</a><span aria-current="page">2</span>'
            '<a href="?seite=3">3</a><a href="?seite=4">4</a></nav>',
            "?seite=3",
        ),
        (
            '<div class="nav-links"><div class="nav-next"><a href="?seite=1">Neuere Beiträge</a></div>'
            '<div class="nav-previous"><a href="?seite=3">Ältere Beiträge</a></div></div>',
            "?seite=3",
        ),
        ('<p><a href="?seite=3">Ältere Meldungen</a></p>', "?seite=3"),
        ('<button class="more" data-url="?seite=3">Weitere Meldungen laden</button>', "?seite=3"),
        ('<a href="?seite=3">Mehr laden</a>', "?seite=3"),
        ('<button data-url="https://werbung.example/">Mehr laden</button>', None),
        ('<button data-url="javascript:x()">Mehr laden</button>', None),
        ('<a href="?seite=3">Mehr Informationen anzeigen</a>', None),
        ('<p><a href="/meldung/9">Weiter</a></p>', None),
        ('<div class="pagination"><span class="disabled"><a href="?seite=3">weiter</a></span></div>', None),
        ('<div class="pagination"><a href="?seite=2">weiter</a></div>', None),
        ('<div class="pagination"><a href="?seite=2#liste">weiter</a></div>', None),
        ('<div class="pagination"><a href="javascript:next()">weiter</a></div>', None),
        ('<div class="pagination"><a href="https://werbung.example/">weiter</a></div>', None),
        ('<div class="pagination"><a href="?seite=1">vorherige Seite</a></div>', None),
    ],
)
def test_the_next_page_of_a_list(markup: str, found: str | None) -> None:
    expected = f"https://talland.example/presse/liste{found}" if found else None
    assert next_page(page(markup), url=PAGE) == expected


def test_the_link_element_and_the_operator_s_selector_go_first() -> None:
    body = b"<head><link rel=next href='?seite=3'></head><p class=mehr><a href='?ab=20'>mehr</a></p>"
    assert next_page(body, url=PAGE) == "https://talland.example/presse/liste?seite=3"
    assert next_page(body, url=PAGE, select=(("next", ".mehr"),)) == "https://talland.example/presse/liste?ab=20"
    assert next_page(body, url=PAGE, select=(("next", ".nichts"),)) == "https://talland.example/presse/liste?seite=3"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="n"/>'
            '<link rel="prev-archive" href="a"/></feed>',
            "https://talland.example/presse/a",
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/f/"><link rel="next" href="n"/>'
            '<entry><link rel="prev-archive" href="no"/></entry></feed>',
            "https://talland.example/f/n",
        ),
        (
            '<rss xmlns:a="http://www.w3.org/2005/Atom"><channel><a:link rel="next" href="/n"/></channel></rss>',
            "https://talland.example/n",
        ),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="ftp://a.example/"/></feed>', None),
        ('{"version": "https://jsonfeed.org/version/1.1", "next_url": "/2.json"}', "https://talland.example/2.json"),
        ('{"version": "https://jsonfeed.org/version/1.1", "next_url": 7}', None),
    ],
)
def test_the_next_page_of_a_feed(body: str, found: str | None) -> None:
    assert next_page(body.encode(), url=PAGE) == found


# --- pages that nobody asked for --------------------------------------------------------------------------------------

SOME = "<p>" + "Das Land baut eine Brücke, und viele Menschen freuen sich darüber. " * 20 + "</p>"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<title>Just a moment...</title><body><noscript>Enable JavaScript and cookies</noscript>", "bot challenge"),
        ("<title>talland.example</title><script>window._cf_chl_opt={}</script><p>Bitte warten", "bot challenge"),
        ("<title>Wartungsarbeiten</title><h1>Wartungsarbeiten</h1><p>Wir sind bald zurück.", "maintenance page"),
        ("<h1>503 Service Unavailable</h1>", "maintenance page"),
        ("<p>Unser Portal ist derzeit leider nicht erreichbar.</p>", "maintenance page"),
        ("<title>Anmelden | Portal</title><form><input type=password></form>", "login page"),
        ("<title>Portal</title><form><input name=u><input type=PASSWORD></form>", "login page"),
        ("<title>Zugriff verweigert</title><p>Ihre Adresse ist gesperrt.", "refusal"),
        ("<title>Cookie-Einstellungen</title><p>Wir verwenden Cookies.", "consent wall"),
        ("<h1>Seite nicht gefunden</h1><p>Leider gibt es diese Seite nicht mehr.", "error page"),
        (f"<title>Wartungsarbeiten an der Schleuse</title><h1>Wartungsarbeiten an der Schleuse</h1>{SOME}", None),
        ("<h1>Wartungsarbeiten an der Schleuse</h1><time datetime=2026-03-01>1.3.</time><p>Sie ruht drei Tage.", None),
        (f"<header><form><input type=password></form></header><h1>Brücke eröffnet</h1>{SOME}", None),
        ("<div class=cookie-banner><h2>Cookies</h2></div><h1>Neue Klinik</h1><p>Sie hat 300 Betten.", None),
        ("<div class=x><h2>Cookie-Einstellungen</h2></div><h1>Neue Klinik</h1><p>Sie hat 300 Betten.", None),
        ("<div id=consent><h1>Ihre Privatsphäre ist uns wichtig</h1></div><h1>Klinik</h1><p>300 Betten.", None),
        ("Nur ein Text", None),
        ("", None),
    ],
)
def test_what_kind_of_page_comes_instead(text: str, kind: str | None) -> None:
    assert looks_like(text) == kind


# --- hostile ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<div class=pager>" * 20_000,
        "<" * 300_000,
        "<!--" * 100_000,
        "<a href=x>weiter</a>" * 5_000,
        "<div class=pager><a href='?p=1'>1</a></div>" * 5_000,
        "<link rel=alternate type=application/rss+xml href=/x>" * 5_000,
        "<feed>" * 20_000,
        "[" * 100_000,
        '<title>&#xD800;&#0;\ufffe</title><p a="' * 100,
    ],
    ids=["deep", "less-than", "comments", "links", "pagers", "link-elements", "feeds", "brackets", "no-characters"],
)
def test_a_hostile_page_costs_little(text: str) -> None:
    with frugal(8):  # a second or less
        feeds(text.encode(), url=PAGE)
        next_page(text.encode(), url=PAGE)
        looks_like(text)

"""What an address could be as a source, asked of a real server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from servers import Reply, Server
from syndicate.client import Client, Limits
from syndicate.discovery import Autodiscovery, beside
from syndicate.errors import FetchError, ParseError, SyndicateError
from syndicate.model import Source
from syndicate.parse import FeedLink
from worlds import NOW

RSS = """<rss version="2.0"><channel><title>Presse Talland</title><link>https://amt.example/</link>
<description>x</description>
<item><title>Eichen für den Bergwald</title><category>Forst</category><link>https://amt.example/1</link>
<guid>a1</guid><pubDate>Mon, 01 Jun 2026 08:00:00 +0200</pubDate>
<description>Das Land pflanzt Eichen.</description></item>
<item><title>Windrad für Brunnau</title><category>Schule</category><link>https://amt.example/2</link>
<guid>a2</guid><pubDate>Sun, 31 May 2026 08:00:00 +0200</pubDate><description>Die Schule baut.</description></item>
</channel></rss>""".encode()
HTML = {"Content-Type": "text/html; charset=utf-8"}
XML = {"Content-Type": "application/rss+xml"}


def page(*feeds: str) -> Reply:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="F" href="{feed}">' for feed in feeds)
    return Reply(
        body=f"<!doctype html><html><head><title>Amt</title>{links}</head><body><p>Guten Tag</p>".encode(), headers=HTML
    )


class Set(NamedTuple):
    server: Server
    autodiscovery: Autodiscovery
    pauses: list[int]

    def source(self, path: str, **more: object) -> Source:
        return Source(id="new", url=self.server.url(path), allow_private=True, **more)  # type: ignore[arg-type]  # any field

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.server.requests]


@pytest.fixture
def world() -> Iterator[Set]:
    pauses: list[int] = []
    with Server() as server, Client(Limits("syndicate/test", 5, 1_000_000)) as client:
        autodiscovery = Autodiscovery(client=client, now=NOW, max_bytes=1_000_000, pause=lambda: pauses.append(1))
        yield Set(server, autodiscovery, pauses)


def test_a_feed_is_read_at_its_own_address(world: Set) -> None:
    world.server.answers("/f", Reply(body=RSS, headers=XML))
    found = world.autodiscovery.discover(world.source("/f")).sample
    assert found is not None
    assert (found.format, found.title, found.source.url) == ("feed", "Presse Talland", world.server.url("/f"))
    assert [release.title for release in found.releases] == ["Eichen für den Bergwald", "Windrad für Brunnau"]
    assert world.asked == ["/f"]


def test_a_page_tells_of_its_feeds_those_that_are_there(world: Set) -> None:
    world.server.answers("/", page("/f", "/weg.xml", "/g"))
    for path in ("/f", "/g"):
        world.server.answers(path, Reply(body=RSS, headers=XML))
    found = world.autodiscovery.discover(world.source("/"))
    assert found.sample is None
    kind = "application/rss+xml"
    assert found.links == tuple(FeedLink(world.server.url(path), "F", kind) for path in ("/f", "/g"))
    assert found.passed == (f"{world.server.url('/weg.xml')} answered 404 Not Found",)
    assert (world.asked, len(world.pauses)) == (["/", "/f", "/weg.xml", "/g"], 3)


def test_of_a_page_of_many_feeds_none_is_asked(world: Set) -> None:
    paths = [f"/{n}.xml" for n in range(5)]
    world.server.answers("/", page(*paths))
    assert [link.url for link in world.autodiscovery.discover(world.source("/")).links] == [
        *map(world.server.url, paths)
    ]
    assert world.asked == ["/"]


STATED = '<link rel="alternate" type="application/rss+xml" href="/%s.xml">'
CALLED = '<a href="/presse?atom=1"><img src="/zeichen.png" alt="RSS"></a>'


@pytest.mark.parametrize(
    ("start", "more", "asked", "passed"),
    [  # what the page says beside its text; what else there is; what is asked; how many were passed over
        (CALLED, {}, ["/presse?atom=1"], 0),
        ('<a href="/service/rss">RSS</a>', {"/service/rss": f'{CALLED}<a href="/da.xml">x</a>'},
         ["/service/rss", "/da.xml"], 1),
        ('<a href="/abo">RSS-Feeds</a>', {"/abo": STATED % "da"}, ["/abo", "/da.xml"], 1),
        (STATED % "weg" + CALLED, {}, ["/weg.xml", "/presse?atom=1"], 1),
        (STATED % "weg", {"/feed": ""}, ["/weg.xml", "/feed"], 1),
        (STATED % "weg" + '<a href="/da.xml">Abo</a>', {}, ["/weg.xml", "/da.xml"], 1),
    ],
)  # fmt: skip
def test_where_a_feed_is_found(world: Set, start: str, more: dict[str, str], asked: list[str], passed: int) -> None:
    def html(markup: str) -> Reply:
        return Reply(body=f"<!doctype html><html><body><h1>Land</h1><p>Hier.</p>{markup}".encode(), headers=HTML)

    for path in ("/presse", "/da.xml"):
        world.server.answers(path, Reply(body=RSS, headers=XML))
    for path, markup in more.items():
        world.server.answers(path, html(markup) if markup else Reply(body=RSS, headers=XML))
    world.server.answers("/", html(start))
    found = world.autodiscovery.discover(world.source("/"))
    assert found.sample is not None
    assert (found.sample.format, found.sample.title) == ("feed", "Presse Talland")
    assert (world.asked[1:], len(found.passed)) == (asked, passed)


def test_pages_that_lead_to_pages_end(world: Set) -> None:
    for n in range(30):
        links = "".join(f'<a href="/{m}/rss">RSS</a>' for m in range(30))
        body = f"<!doctype html><html><body><h1>Land</h1><p>Hier.</p>{links}".encode()
        world.server.answers(f"/{n}/rss", Reply(body=body, headers=HTML))
    world.server.answers("/", Reply(body=body.replace(b'<a href="/7', b'<a href="/99/x', 20), headers=HTML))
    found = world.autodiscovery.discover(world.source("/"))
    assert len(found.links) > 4
    one = b"<!doctype html><html><body><h1>Land</h1><p>Hier.</p>%s"
    for n in range(9):
        links = b"".join(b'<a href="/%d/rss">RSS</a>' % m for m in (2 * n + 1, 2 * n + 2))
        world.server.answers(f"/{n}/rss", Reply(body=one % links, headers=HTML))
    world.server.answers("/start", Reply(body=one % b'<a href="/0/rss">RSS</a>', headers=HTML))
    before = len(world.asked)
    with pytest.raises(ParseError, match="names no feed"):
        world.autodiscovery.discover(world.source("/start"))
    assert len(world.asked) - before <= 1 + 8 + 4


def test_a_page_that_stands_in_for_another_leads_to_no_feed(world: Set) -> None:
    """As in a poll: what a login page links is nothing of this source."""
    login = page("/kommentare")
    world.server.answers("/", replace(login, body=login.body.replace(b"<title>Amt", b"<title>Anmelden")))
    with pytest.raises(ParseError, match="names no feed"):
        world.autodiscovery.discover(world.source("/"))
    assert "/kommentare" not in world.asked


@pytest.mark.parametrize(
    ("there", "asked"), [("/feed", ["/feed"]), ("/feed.xml", ["/feed", "/rss.xml", "/atom.xml", "/feed.xml"])]
)
def test_usual_addresses_are_tried_one_after_the_other(there: str, asked: list[str], world: Set) -> None:
    world.server.answers("/presse/liste", page())
    world.server.answers(there, Reply(body=RSS, headers=XML))
    found = world.autodiscovery.discover(world.source("/presse/liste"))
    assert found.guessed
    assert found.sample is not None
    assert found.sample.source.url == world.server.url(there)
    assert world.asked == ["/presse/liste", *asked]
    assert len(world.pauses) == len(asked)


def test_a_page_without_anything_costs_four_requests_more(world: Set) -> None:
    world.server.answers("/", page())
    world.server.answers("/feed", page("/nie"))  # a page in the place of a feed
    with pytest.raises(ParseError, match="names no feed, and none is at the usual addresses"):
        world.autodiscovery.discover(world.source("/"))
    assert world.asked == ["/", "/feed", "/rss.xml", "/atom.xml", "/feed.xml"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_to_be_left_alone_is(status: int, world: Set) -> None:
    world.server.answers("/", page())
    world.server.answers("/feed", Reply(status=status, headers={"Retry-After": "60"}))
    with pytest.raises(SyndicateError):
        world.autodiscovery.discover(world.source("/"))
    assert world.asked == ["/", "/feed"]


@pytest.mark.parametrize("status", [404, 410, 500])
def test_what_does_not_answer_is_not_guessed_at(status: int, world: Set) -> None:
    world.server.answers("/", Reply(status=status))
    with pytest.raises(FetchError, match=str(status)):
        world.autodiscovery.discover(world.source("/"))
    assert world.asked == ["/"]


def test_a_list_of_releases_is_a_source_itself(world: Set) -> None:
    entries = "".join(
        f'<article class="teaser"><p class="kicker">Forst</p>'
        f'<h2><a href="/presse/meldung-{n}">Eichen für den Wald {n}</a></h2>'
        f'<time datetime="2026-05-0{n}">0{n}.05.</time><p>Das Land pflanzt im Bergwald {n} neue Eichen.</p></article>'
        for n in range(1, 7)
    )
    body = f"<!doctype html><html lang=de><head><title>Presse</title></head><body><main><h1>Presse</h1>{entries}</main>"
    world.server.answers("/presse", Reply(body=body.encode(), headers=HTML))
    found = world.autodiscovery.discover(world.source("/presse")).sample
    assert found is not None
    assert (found.format, found.source.format) == ("html", "html")
    assert [release.title for release in found.releases] == [f"Eichen für den Wald {n}" for n in range(1, 7)]
    assert all(release.headline for release in found.releases)


def test_a_permanent_redirect_is_told_but_not_taken_for_granted(world: Set) -> None:
    world.server.answers("/alt", Reply(status=301, headers={"Location": "/neu"}))
    world.server.answers("/neu", Reply(body=RSS, headers=XML))
    found = world.autodiscovery.discover(world.source("/alt")).sample
    assert found is not None
    assert (found.source.url, found.moved) == (world.server.url("/alt"), world.server.url("/neu"))


@pytest.mark.parametrize(
    ("url", "link", "there", "private"),
    [
        ("https://u:p@a.example/x", "https://a.example/f", "https://u:p@a.example/f", True),
        ("https://u:p@a.example/x", "http://a.example/f", "http://a.example/f", True),
        ("https://u:p@a.example/x", "https://a.example:8443/f", "https://a.example:8443/f", True),
        ("https://u:p@a.example/x", "https://b.example/f", "https://b.example/f", False),
        ("https://a.example/x", "http://10.0.0.1/f", "http://10.0.0.1/f", False),
    ],
)
def test_what_was_given_for_a_host_is_for_no_other(url: str, link: str, there: str, private: bool) -> None:
    found = beside(Source(id="x", url=url, allow_private=True, headers=(("X-Key", "1"),)), link)
    assert (found.url, found.allow_private, bool(found.headers)) == (there, private, private)

"""Maps for search engines, read as they read them."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from builders import NOON, SITE, make_release
from syndicate.formats import NEWS, SITEMAP
from syndicate.model import Document
from syndicate.render import sitemap
from syndicate.validate import faults

NS = {"s": SITEMAP, "n": NEWS}
BASE = SITE.base_url


def told(document: Document, path: str) -> list[str]:
    assert faults(document) == ()
    return [element.text for element in etree.fromstring(document.body).iterfind(path, NS)]


def test_a_closed_map_names_each_page_and_when_it_changed() -> None:
    later = make_release("talland00002", updated=NOON + timedelta(days=3))
    document = sitemap.closed_map(7, [make_release(), later], SITE)
    assert (document.path, document.media_type) == ("sitemaps/7.xml", "application/xml")
    assert told(document, "s:url/s:loc") == [f"{BASE}releases/talland0000{n}.html" for n in (1, 2)]
    assert told(document, "s:url/s:lastmod")[1] == later.updated.isoformat()
    assert b"news" not in document.body


@pytest.mark.parametrize(
    ("age", "news"),
    [
        (timedelta(0), True),
        (timedelta(hours=47, minutes=59), True),
        (timedelta(days=2), False),
        (timedelta(days=-1), False),
    ],
)
def test_news_are_what_was_published_in_two_days(age: timedelta, news: bool) -> None:
    one = make_release(title="Grün & <gut>", language="de-AT", published=NOON - age)
    document = sitemap.open_map([one], SITE, NOON)
    assert document.path == "sitemaps/head.xml"
    assert told(document, "s:url/n:news/n:title") == ([one.title] if news else [])
    assert told(document, "s:url/n:news/n:publication/n:language") == (["de"] if news else [])
    assert told(document, "s:url/n:news/n:publication/n:name") == ([SITE.title] if news else [])
    assert told(document, "s:url/n:news/n:publication_date") == ([one.published.isoformat()] if news else [])
    assert (b"sitemap-news" in document.body) is news


def test_no_more_news_than_one_map_may_mark() -> None:
    many = [make_release(f"r{n:011}", published=NOON) for n in range(1_010)]
    document = sitemap.open_map(many, SITE, NOON)
    assert (len(told(document, "s:url/s:loc")), len(told(document, "s:url/n:news/n:title"))) == (1_010, 1_000)


def test_the_index_names_the_maps_the_newest_first() -> None:
    groups = {n: datetime(2026, 1, n, tzinfo=UTC) for n in (1, 2, 3)}
    document = sitemap.sitemap(groups, NOON, SITE)
    assert document.path == "sitemap.xml"
    names = ("topics", "head", 3, 2, 1)
    assert told(document, "s:sitemap/s:loc") == [f"{BASE}sitemaps/{name}.xml" for name in names]
    assert told(document, "s:sitemap/s:lastmod")[1:3] == [NOON.isoformat(), groups[3].isoformat()]


@pytest.mark.parametrize(("number", "group"), [(1, 1), (sitemap.GROUP, 1), (sitemap.GROUP + 1, 2), (400, 100)])
def test_pages_stand_in_groups(number: int, group: int) -> None:
    assert sitemap.group_of(number) == group


def test_the_largest_pages_fit() -> None:
    """Those of a group, and the largest head with the pages of a group that is not full."""
    largest = 10_000
    assert sitemap.GROUP * largest <= 50_000
    assert (sitemap.GROUP - 1) * largest + 2 * largest - 1 <= 50_000


@pytest.mark.parametrize("maps", [True, False])
def test_robots_may_read_everything(maps: bool) -> None:
    document = sitemap.robots(SITE, maps=maps)
    assert (document.path, document.media_type) == ("robots.txt", "text/plain")
    lines = ["User-agent: *", "Disallow:", *([f"Sitemap: {BASE}sitemap.xml"] if maps else [])]
    assert document.body.decode().splitlines() == lines


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (f'<urlset xmlns="{SITEMAP}"><url><loc>/x</loc></url></urlset>', "loc '/x' is not an absolute http"),
        (f'<urlset xmlns="{SITEMAP}"><url/></urlset>', "no"),
        (
            f'<urlset xmlns="{SITEMAP}"><url><loc>https://x.example/</loc><lastmod>now</lastmod></url></urlset>',
            "lastmod",
        ),
        ("<urlset/>", "the root element is urlset"),
        (f'<urlset xmlns="{SITEMAP}">{"<url><loc>https://x.example/</loc></url>" * 50_001}</urlset>', "50001 entries"),
    ],
)
def test_what_is_no_map_is_not_published(body: str, fault: str) -> None:
    assert any(fault in found for found in faults(Document("sitemaps/1.xml", "application/xml", body.encode())))

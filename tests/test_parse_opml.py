"""OPML → subscriptions, and back: what feed readers write is read; what attackers write is refused in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import ParseError
from syndicate.parse import MAX_OPML_BYTES, MAX_OUTLINES, Subscription, subscriptions
from syndicate.render import Feed
from syndicate.render import subscriptions as rendered
from syndicate.text import fold, squeeze
from syndicate.urls import canonical_url, clean_url
from waiting import frugal

X = 'xmlUrl="https://x.example/f"'


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head/><body>{body}</body></opml>'.encode()


@pytest.mark.parametrize(
    ("body", "url", "title", "topics"),
    [
        (f'<outline text="Wald" {X}/>', "https://x.example/f", "Wald", ()),
        (f'<outline text="a" title=" Wald\n &amp; Flur " {X}/>', "https://x.example/f", "Wald & Flur", ()),
        (f"<outline {X}/>", "https://x.example/f", None, ()),
        ('<outline type="rss" xmlurl="http://x.example/"/>', "http://x.example/", None, ()),
        (f'<outline text="Amt"><outline {X}/></outline>', "https://x.example/f", None, ("Amt",)),
        (
            f'<outline text="A"><outline title="B"><outline {X}/></outline></outline>',
            "https://x.example/f",
            None,
            ("A", "B"),
        ),
        (
            f'<outline text="A"><outline text="a"><outline {X}/></outline></outline>',
            "https://x.example/f",
            None,
            ("A",),
        ),
        (f'<outline text=""><outline {X}/></outline>', "https://x.example/f", None, ()),
        (f'<outline {X} category="Wald,/Land/Forst"/>', "https://x.example/f", None, ("Wald", "Land", "Forst")),
        (
            f'<outline text="A"><outline {X}/></outline><outline text="B"><outline text="T" {X}/></outline>',
            "https://x.example/f",
            "T",
            ("A", "B"),
        ),
        ('<outline xmlUrl="https://x.example/f?a=1&b=2"/>', "https://x.example/f?a=1&b=2", None, ()),
        (
            f'<outline text="M&uuml;ll &nbsp;&unsinn; &#x1F333;&#0;&#xD800;" {X}/>',
            "https://x.example/f",
            "Müll &unsinn; 🌳",
            (),
        ),
        (f'<outline text="a\x01\x1b[31mb" {X}/>', "https://x.example/f", "a[31mb", ()),
        ('<outline xmlUrl="feed://x.example/f"/>', "http://x.example/f", None, ()),
        ('<outline xmlUrl="feed:https://x.example/f"/>', "https://x.example/f", None, ()),
        ('<outline xmlUrl=" https://u:p@x.example/&#10;f "/>', "https://u:p@x.example/f", None, ()),
        (f'<outline text="A" {X}><outline text="b"/></outline>', "https://x.example/f", "A", ()),
        (f'<x:outline xmlns:x="urn:x" {X}/>', "https://x.example/f", None, ()),
    ],
)
def test_an_outline_is_read(body: str, url: str, title: str | None, topics: tuple[str, ...]) -> None:
    assert subscriptions(opml(body)).feeds == (Subscription(url=url, title=title, topics=topics),)


@pytest.mark.parametrize(
    ("body", "where", "reason"),
    [
        (
            '<outline text="J" xmlUrl="javascript:alert(1)"/>',
            'outline 1 "J"',
            "is no http or https address: javascript:",
        ),
        ('<outline xmlUrl="file:///etc/passwd"/>', "outline 1", "is no http or https address: file:///etc/passwd"),
        ('<outline xmlUrl="//x.example/f"/>', "outline 1", "is no http or https address"),
        ('<outline xmlUrl="data:text/xml,x"/>', "outline 1", "is no http or https address"),
        ('<outline xmlUrl="https:///f"/>', "outline 1", "is no http or https address"),
        ('<outline xmlUrl="ftp://u:geheim@x.example/"/>', "outline 1", "ftp://…@x.example/"),
        (f'<outline xmlUrl="https://x.example/{"a" * 2000}"/>', "outline 1", "is longer than 2,000"),
        ('<outline text="leer" htmlUrl="https://x.example/"/>', 'outline 1 "leer"', "names no feed (it has no xmlUrl)"),
        ('<outline type="include" url="https://x.example/o"/>', "outline 1", "includes another file"),
        ('<outline text="x">' * 21 + f"<outline {X}/>" + "</outline>" * 21, "outline 22", "nested deeper than 20"),
    ],
)
def test_an_outline_is_refused_with_its_reason_and_costs_no_other(body: str, where: str, reason: str) -> None:
    found = subscriptions(opml(body + '<outline xmlUrl="https://gut.example/"/>'))
    assert [feed.url for feed in found.feeds] == ["https://gut.example/"]
    (refused,) = found.refused
    assert refused.where == where
    assert reason in refused.reason
    assert "geheim" not in refused.reason


def test_comments_are_no_outlines() -> None:
    body = f'<outline text="x" isComment="true"><outline {X}/></outline><!-- <outline {X}/> --><outline xmlUrl="http://b.example"/>'
    found = subscriptions(opml(body))
    assert [feed.url for feed in found.feeds] == ["http://b.example"]
    assert found.refused == ()


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "iso-8859-1"), ("utf-16", "utf-8"), ("cp1252", "iso-8859-1"), ("utf-8-sig", "x")],
)
def test_an_encoding_is_that_of_the_bytes(encoding: str, declared: str) -> None:
    body = f'<?xml version="1.0" encoding="{declared}"?><opml><body><outline text="Müll" {X}/></body></opml>'
    assert subscriptions(body.encode(encoding)).feeds[0].title == "Müll"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"<rss version='2.0'/>", "is no OPML (its root element is <rss>)"),
        (b"<opml><body><outline", "is not well-formed XML"),
        (b"<opml><body><outline text='a'></body></opml>", "is not well-formed XML"),
        (b"nur Text", "is not well-formed XML"),
        (b"%PDF-1.4", "is a PDF document"),
        (b"\x00\x01\x02" * 100, "binary file"),
        (b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body>&a;</body></opml>', "declares entities"),
        (b'<!doctype o SYSTEM "x" [ <!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a; ]><opml/>', "declares entities"),
        (b"<opml>" + b'<outline text="x">' * 100_000, "Excessive depth"),
        (b"<opml>" + b"<outline/>" * (MAX_OUTLINES + 1) + b"</opml>", "more than 10,000 outlines"),
        (b"<opml>" + b" " * MAX_OPML_BYTES, "larger than 5,000,000 bytes"),
        (b'<opml><body x="' + b"&" * 1_000_000 + b'"', "is not well-formed XML"),
        (b"<!DOCTYPE " * 400_000, "is not well-formed XML"),
    ],
    ids=lambda value: str(value[:30]),
)
def test_a_file_is_refused_whole(body: bytes, reason: str) -> None:
    with frugal(10), pytest.raises(ParseError) as error:
        subscriptions(body)
    assert reason in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    "body",
    [
        b'<opml xmlns:i="http://www.w3.org/2001/XInclude"><body><i:include href="/etc/x" parse="text"/></body></opml>',
        b'<!DOCTYPE opml SYSTEM "http://127.0.0.1:9/x.dtd"><opml/>',
        b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?><opml/>',
        b"<opml><outline " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/></opml>",
        b'<opml><body x="' + b"a" * 4_000_000 + b'"/></opml>',
        b"<opml>" + b"<a/>" * 500_000 + b"</opml>",
    ],
    ids=lambda value: str(value[:30]),
)
def test_what_is_none_of_ours_does_nothing(body: bytes) -> None:
    with frugal(10):
        assert subscriptions(body).feeds == ()


def test_many_categories_are_bounded() -> None:
    found = subscriptions(opml(f'<outline {X} category="{",".join(f"t{n}" for n in range(100_000))}"/>'))
    assert len(found.feeds[0].topics) == 20


# --- and back ---------------------------------------------------------------------------------------------------------

NAMES = st.text(max_size=30).map(squeeze).filter(fold)
FEEDS = st.lists(
    st.builds(
        Feed,
        st.from_regex(r"https?://[a-z]{1,5}\.example/[a-z0-9/?&=;%#'\"<>]{0,10}", fullmatch=True),
        NAMES,
        st.lists(NAMES, max_size=3, unique_by=fold).map(tuple),
        st.sampled_from([(), (("interval", "6h"),), (("id", "a-1"), ("select", '{"title": "h1 > b"}'))]),
    ),
    max_size=6,
    unique_by=lambda feed: canonical_url(clean_url(feed.url) or ""),
)


@given(FEEDS)
def test_what_is_exported_is_imported_with_its_addresses_titles_and_topics(feeds: list[Feed]) -> None:
    found = subscriptions(rendered("Presse", feeds))
    assert found.refused == ()
    assert {(feed.url, feed.title, frozenset(map(fold, feed.topics)), feed.settings) for feed in found.feeds} == {
        (feed.url, feed.title, frozenset(map(fold, feed.topics)), feed.settings) for feed in feeds
    }


def test_a_feed_stands_in_the_folder_of_each_of_its_topics() -> None:
    one, two = Feed("https://a.example/f?a=1&b", "a", ("Wald", "Schule")), Feed("https://b.example/", "b")
    document = rendered("Presse", [one, two]).decode()
    assert document.count('xmlUrl="https://a.example/f?a=1&amp;b"') == 2
    assert '<outline text="Schule" title="Schule">\n      <outline type="rss" text="a" title="a"' in document
    assert '\n    <outline type="rss" text="b" title="b" xmlUrl="https://b.example/" />\n' in document


def test_a_list_without_feeds_is_a_valid_one() -> None:
    found = subscriptions(rendered("Presse", []))
    assert (found.feeds, found.refused) == ((), ())
    assert b"<outline " in rendered("Presse", [])

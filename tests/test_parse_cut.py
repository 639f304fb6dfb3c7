"""A document cut into its entries: each is known by its digest, and read by itself it says what it says in company."""

import json
from pathlib import Path

import pytest

from syndicate.errors import ParseError
from syndicate.parse import cut, parse

URL = "https://amt.example/feed"
ATOM = "xmlns='http://www.w3.org/2005/Atom'"
TOMBS = "xmlns:at='http://purl.org/atompub/tombstones/1.0'"


def rss(*items: str, head: str = "<title>Amt</title>", root: str = "") -> bytes:
    return f"<rss version='2.0'{root}><channel>{head}{''.join(items)}</channel></rss>".encode()


def atom(*entries: str, head: str = "<title>Amt</title>", root: str = "") -> bytes:
    return f"<feed {ATOM}{root}>{head}{''.join(entries)}</feed>".encode()


def jsonfeed(*items: object, **head: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", **head, "items": items}).encode()


def ninjs(*objects: object, **package: object) -> bytes:
    return json.dumps({**package, "items": objects} if package else objects).encode()


HAUS = "<item><guid>1</guid><title>Haus</title><link>/haus</link><description>Fertig &amp; hell.</description></item>"
WALD = "<item><guid>2</guid><title>Wald</title><link>/wald</link><description>Eichen.</description></item>"
EINS = (
    "<entry><id>urn:a:1</id><title>Eins</title><updated>2026-06-01T10:00:00Z</updated><content>Text</content></entry>"
)
ZWEI = EINS.replace("Eins", "Zwei").replace("urn:a:1", "urn:a:2")
GONE = "<at:deleted-entry ref='urn:a:3' when='2026-06-01T10:00:00Z'><at:comment>falsch</at:comment></at:deleted-entry>"
DREI = {"id": "3", "url": "/drei", "title": "Drei", "content_text": "Text"}
VIER = {"id": "4", "url": "/vier", "title": "Vier", "content_html": "<p>Text"}
TAKEN = {"id": "5", "_meta": {"pubStatus": "withdrawn", "reason": "falsch"}}
FUENF = {"uri": "urn:a:5", "headline": "Fünf", "body_html": "<p>Text", "versioncreated": "2026-06-01T10:00:00Z"}
SECHS = {"uri": "urn:a:6", "headlines": [{"value": "Sechs"}], "bodies": [{"role": "main", "value": "Text"}]}
CANCELED = {"uri": "urn:a:7", "pubStatus": "canceled", "versioncreated": "2026-06-02T10:00:00Z"}

DOCUMENTS = {
    "rss": rss(HAUS, WALD),
    "rss, in a prefix of its own": rss(
        HAUS, "<item><dc:title>Dublin</dc:title></item>", root=" xmlns:dc='http://purl.org/dc/elements/1.1/'"
    ),
    "atom": atom(EINS, ZWEI),
    "atom with what is withdrawn": atom(EINS, GONE, ZWEI, root=f" {TOMBS}"),
    "atom with a base, a language and an author": atom(
        EINS, ZWEI, root=" xml:base='https://amt.example/a/' xml:lang='en'", head="<author><name>Amt</name></author>"
    ),
    "the same entry twice": rss(HAUS, HAUS),
    "an entry with nothing in it": rss(HAUS, "<item/>"),
    "json": jsonfeed(DREI, VIER),
    "json with what is withdrawn": jsonfeed(DREI, TAKEN),
    "json with an author": jsonfeed(DREI, VIER, authors=[{"name": "Amt"}], language="en"),
    "json with what is no object": jsonfeed(DREI, 7, VIER),
    "ninjs": ninjs(FUENF, SECHS),
    "ninjs with what is canceled": ninjs(FUENF, CANCELED, SECHS),
    "ninjs with what is none": ninjs(FUENF, 7, {"headline": "Haus"}, SECHS),
    "a ninjs package": ninjs(FUENF, SECHS, uri="urn:a:0", type="composite"),
    "one news object": json.dumps(FUENF).encode(),
}


@pytest.mark.parametrize("body", DOCUMENTS.values(), ids=DOCUMENTS)
def test_an_entry_alone_says_what_it_says_in_company(body: bytes) -> None:
    assert_alone_as_together(body)


def test_an_entry_of_a_real_feed_alone_says_what_it_says_in_company(shared: Path, large: bool) -> None:
    feeds = sorted(path for folder in ("corpus/feeds", "cases/feeds") for path in (shared / folder).rglob("*.*"))
    for path in feeds if large else feeds[::12]:
        assert_alone_as_together(path.read_bytes())


def assert_alone_as_together(body: bytes) -> None:
    found = cut(body, url=URL)
    if found is None:
        return
    try:
        whole = parse(body, url=URL)
    except ParseError:
        return
    usable = {item.entry: item for item in whole if item.entry}
    assert {*filter(None, found.entries)} == usable.keys()
    for number, digest in [*enumerate(found.entries)][:20]:
        (alone,) = parse(body, url=URL, only={number})
        assert alone.entry == digest
        assert alone == usable.get(digest, alone)


LONG = "x" * 11_000_000


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (rss(HAUS)[:-20], "it breaks off"),
        (rss(HAUS, "<item><title>a & b</title></item>"), "a reference that is none"),
        (b"Warning: mysql\n" + rss(HAUS), "something stands before it"),
        (b"<!DOCTYPE rss SYSTEM 'a.dtd' [<!ENTITY a 'b'> <!-- ] --> ]>" + rss(HAUS), "a DOCTYPE that is not plain"),
        (rss(f"<item><title>{LONG}</title></item>"), "one text of more than ten megabytes"),
        (rss("<item>" + "<b>" * 300 + "</b>" * 300 + "</item>"), "deeper than is borne"),
        (
            rss("<item><b" + "".join(f" a{n}=''" for n in range(201)) + "/></item>"),
            "more attributes than are looked at",
        ),
        (rss(*["<item/>"] * 5001), "more entries than are read"),
        (rss(HAUS, root="".join(f" xmlns:a{n}='urn:{n}'" for n in range(200))), "namespaces without end"),
        (rss("<item><title>a</title><channel><item/></channel></item>"), "an entry within another"),
        (EINS.replace("<entry", f"<entry {ATOM}").encode(), "an entry that is the document"),
        (jsonfeed(*[{"id": "1"}] * 5001), "more items than are read"),
        (ninjs(*[FUENF] * 5001), "more news objects than are read"),
        (ninjs({"uri": "urn:a:9"}), "no ninjs"),
        (b'{"items": [', "no JSON"),
        (b"<!doctype html><title>a</title><p>b", "a page"),
        (b"# Haus\n\nText", "Markdown"),
        (b"\x00\x01\x02\x03\x04\x05\x06", "no text"),
    ],
)
def test_what_is_not_cut(body: bytes, why: str) -> None:
    assert cut(body, url=URL) is None, why


IMPOSSIBLE = ["\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"]
WHERE = {
    "a text": "<title>Haus{}</title>",
    "a CDATA section": "<title><![CDATA[Haus{}]]></title>",
    "an attribute": "<title lang='d{}'>Haus</title>",
    "a comment": "<title>Haus<!-- {} --></title>",
    "an instruction": "<title>Haus<?php {} ?></title>",
    "a tag": "<title{}>Haus</title>",
    "between elements": "<title>Haus</title>{}<link>/haus</link>",
}


@pytest.mark.parametrize("place", WHERE)
@pytest.mark.parametrize("impossible", IMPOSSIBLE, ids=ascii)
def test_what_no_xml_has_is_mended_and_not_cut(impossible: str, place: str) -> None:
    document = (
        f"<rss version='2.0'><channel>{'<item/>' * 900}<item>{WHERE[place].format(impossible)}</item></channel></rss>"
    )
    assert cut(document.encode(), url=URL) is None
    assert cut(document.replace(impossible, " ").encode(), url=URL) is not None


def test_what_is_not_cut_because_another_format_is_asked_for() -> None:
    assert cut(rss(HAUS), url=URL, format="json") is None
    assert cut(rss(HAUS), url=URL, format="feed") is not None


INHERITED = [
    (rss(HAUS), rss(HAUS, head="<title>Anderes Amt</title><lastBuildDate>now</lastBuildDate>"), True),
    (rss(HAUS), rss(HAUS, head="<title>Amt</title><language>en</language>"), False),
    (rss(HAUS), rss(HAUS, root=" xml:base='https://anderswo.example/'"), False),
    (rss(HAUS), rss(HAUS, root=" xml:lang='en'"), False),
    (rss(HAUS), rss(HAUS, root=" xmlns:media='http://search.yahoo.com/mrss/'"), True),
    (rss(HAUS), rss(HAUS, root=" xmlns='http://purl.org/rss/1.0/'"), False),
    (rss(HAUS), b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\r\n" + rss(HAUS), True),
    (rss(HAUS), rss(HAUS).replace(b"<guid>", b"<guid><!-- c -->"), True),
    (rss(HAUS), rss(HAUS).replace(b"hell", b"dunkel"), False),
    (atom(EINS), atom(EINS, head="<title>Amt</title><author><name>A</name></author>"), False),
    (atom(EINS), atom(EINS, head="<title>Amt</title><updated>2026-06-02T10:00:00Z</updated>"), True),
    (jsonfeed(DREI), jsonfeed(DREI, title="Amt"), True),
    (jsonfeed(DREI), jsonfeed(DREI, language="en"), False),
    (jsonfeed(DREI), jsonfeed(DREI, author={"name": "A"}), False),
    (jsonfeed(DREI), jsonfeed({**DREI, "title": "Vier"}), False),
    (jsonfeed(DREI), jsonfeed(dict(reversed(DREI.items()))), True),
    (ninjs(FUENF), ninjs(FUENF, uri="urn:a:0", type="composite"), True),
    (ninjs(FUENF), ninjs({**FUENF, "language": "en"}), False),
    (ninjs(FUENF), ninjs({**FUENF, "pubStatus": "usable"}), False),
]


@pytest.mark.parametrize(("before", "after", "same"), INHERITED)
def test_what_an_entry_inherits_is_part_of_it(before: bytes, after: bytes, same: bool) -> None:
    one, other = cut(before, url=URL), cut(after, url=URL)
    assert one
    assert other
    assert (one.entries == other.entries) == same


def test_a_feed_of_an_older_kind_is_another() -> None:
    old = atom(EINS).replace(b"<feed ", b"<feed version='0.3' ")
    one, other = cut(atom(EINS), url=URL), cut(old, url=URL)
    assert one
    assert other
    assert one.head != other.head


def test_how_often_it_wants_to_be_asked() -> None:
    found = cut(rss(HAUS, head="<ttl>60</ttl>"), url=URL)
    assert found
    assert found.rhythm.every is not None


_MANY = " ".join(f"xmlns:n{number}='urn:n'" for number in range(50))
UNBOUNDED = {
    "names of namespaces": rss(f"<item><title>Haus</title><description {_MANY}/></item>"),
    "namespaces": rss("<item><title>Haus</title></item>" + "<item xmlns='urn:n'/>" * 1_100),
    "a long namespace": rss(HAUS).replace(b"<rss", b"<rss xmlns:n='http://a/" + b"a" * 5_000 + b"'"),
    "a long base": rss(HAUS).replace(b"<rss", b"<rss xml:base='http://a/" + b"a/" * 3_000 + b"'"),
    "deep texts": rss("<item><title>Haus</title><description>" + "<b>" * 210 + "</b>" * 210 + "</description></item>"),
    "a long language": jsonfeed(DREI, language="de " * 1_000),
}


@pytest.mark.parametrize("name", UNBOUNDED)
def test_what_would_take_longer_than_its_length_lets_expect_is_read_whole(name: str) -> None:
    """It is cut where nobody has limits: each of its entries would be made with all of that."""
    assert cut(UNBOUNDED[name], url=URL) is None

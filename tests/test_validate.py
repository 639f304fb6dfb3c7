"""The last look before publishing: what the renderers make passes, and what is broken is named."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import page_samples
from builders import ALL, GESUNDHEIT, SITE, make_headline, make_page, make_release, make_tombstone, rich_release
from syndicate.formats import FORMATS
from syndicate.model import Document, FeedPage, Image, Origin, Topic
from syndicate.render import html as html_pages
from syndicate.render import opml, render
from syndicate.validate import culprits, faults

ID = "tag:presse.talland.example,2026:talland0000"
RICH, PLAIN, HEADLINE, GONE = f"{ID}3", f"{ID}1", f"{ID}2", f"{ID}9"


def rich_page(**fields: Any) -> FeedPage:
    """One of each: every field, the fewest fields, a headline, a withdrawal."""
    return make_page(
        *(rich_release(), make_release(), make_headline()),
        **({"tombstones": (make_tombstone(),), "older": 3} | fields),
    )


def archive_page() -> FeedPage:
    return rich_page(number=2, older=1, newer=3)


def titles_page() -> FeedPage:
    """Words that look like what is forbidden."""
    spiteful = ("<3", "A & B", "<b>x</b>", "]]>", "<script>alert(1)</script>", "javascript: onload=", "&#xD800;")
    releases = [
        rich_release(f"talland0010{n}", title=title, teaser=title, images=(Image(None, title, title, title),))
        for n, title in enumerate(spiteful)
    ]
    return make_page(*releases, topic=replace(ALL, description="<p onclick='x'>"))


FEEDS = {
    "rich": rich_page(),
    "empty": make_page(),
    "headline": make_page(make_headline()),
    "notice": make_page(tombstones=(make_tombstone(), make_tombstone("talland00010", reason=None))),
    "archive": archive_page(),
    "first archive": make_page(make_release(), number=1),
    "titles": titles_page(),
    "teaser only": rich_page(content={"examples": "teaser"}),
    "foreign id": make_page(make_release(atom_id="urn:uuid:5f2e0e26-8d7c-4b4e-9f3b-0c7b6d2a1e11")),
    "loopback": rich_page(site={"base_url": "http://[::1]:8000/"}),
    "licence in words": make_page(rich_release(license="Alle Rechte vorbehalten", origin=Origin("tag:x"))),
}
DOCUMENTS = [
    *(
        pytest.param(document, id=f"{name} {document.path}")
        for name in FEEDS
        for document in render(FEEDS[name], FORMATS)
    ),
    *(pytest.param(document, id=document.path) for document in page_samples.pages(SITE.base_url)),
    pytest.param(html_pages.topic_page(titles_page()), id="titles html"),
    pytest.param(opml(SITE, (GESUNDHEIT, Topic("schule", "Schule & <Bildung>"))), id="opml"),
    pytest.param(opml(SITE, ()), id="empty opml"),
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_we_render_may_be_published(document: Document) -> None:
    assert faults(document) == ()
    assert culprits(document) == ()


def atom() -> Document:
    return render(rich_page(), ["atom"])[0]


def archive() -> Document:
    return render(archive_page(), ["atom"])[0]


def rss() -> Document:
    return render(rich_page(), ["rss"])[0]


def jsonfeed() -> Document:
    return render(rich_page(), ["json"])[0]


def ninjs() -> Document:
    return render(rich_page(), ["ninjs"])[0]


def outlines() -> Document:
    return opml(SITE, (GESUNDHEIT, Topic("schule", "Schule")))


def page() -> Document:
    return html_pages.topic_page(rich_page())


Make = Callable[[], Document]


def mutated(make: Make, old: str, new: str, count: int = 1) -> Document:
    """The document with the first `count` matches of the pattern `old` replaced; `\\1` stands in `new`."""
    document = make()
    text, found = re.subn(old, new, document.body.decode(), count=count, flags=re.DOTALL)
    assert found
    assert text.encode() != document.body
    return replace(document, body=text.encode())


# What is replaced, by what, and what is said of it.
OF_THE_DOCUMENT: list[tuple[Make, str, str, str]] = [
    (atom, "</feed>", "", "not well-formed"),
    (atom, "<title>", "<title>\x01", "not well-formed"),
    (atom, "<title>", "<title>&auml;", "not well-formed"),
    (atom, "<title>", "<dc:title/><title>", "not well-formed"),
    (atom, "<feed", "<!DOCTYPE feed><feed", "has a DTD"),
    (atom, "<feed", '<!DOCTYPE feed [<!ENTITY a "b">]><feed', "has a DTD"),
    (atom, "(?i)encoding='utf-8'", "encoding='ISO-8859-1'", "declares the encoding ISO-8859-1"),
    (atom, "2005/Atom", "2006/Atom", "the root element is"),
    (atom, "<id>[^<]*</id>", "", "no id"),
    (atom, "<id>[^<]*</id>", "<id>feed gesundheit</id>", "id 'feed gesundheit' is not an absolute IRI"),
    (atom, "<title>[^<]*</title>", "", "no title"),
    (atom, "(<title>[^<]*</title>)", r"\1\1", "2 times title"),
    (atom, "<updated>[^<]*</updated>", "", "no updated"),
    (
        atom,
        "<updated>[^<]*</updated>",
        "<updated>2026-03-14T12:00:00</updated>",
        "updated .* is not a date with a zone",
    ),
    (atom, 'rel="self"', 'rel="via"', "0 links to itself"),
    (atom, "<author>.*?</author>", "", "no author"),
    (atom, "<author>.*?</author>", "<author/>", "author: no name"),
    (atom, 'href="https:[^"]*3.atom"', 'href="/gesundheit/3.atom"', "prev-archive href '/gesundheit/3.atom' is not"),
    (atom, '(<link[^>]*rel="alternate"[^>]*/>)', r"\1\1", "2 alternate links of one type"),
    (atom, 'deleted-entry ref="[^"]*"', 'deleted-entry ref="talland00009"', "tombstone ref 'talland00009' is not"),
    (atom, 'when="[^"]*"', 'when="14.03.2026"', f"tombstone of {GONE}: when '14.03.2026' is not a date"),
    (atom, "(<at:deleted-entry.*?</at:deleted-entry>)", r"\1\1", f"2 tombstones for {GONE}"),
    (atom, "<at:deleted", "<fh:archive xmlns:fh='http://purl.org/syndication/history/1.0'/><at:deleted", "a head that"),
    (archive, "<fh:archive/>", "", "an archive page without fh:archive"),
    (archive, 'rel="current"', 'rel="via"', "an archive page without"),
    (archive, '(<link[^>]*rel="prev-archive"[^>]*/>)', r"\1\1", "2 links prev-archive"),
    (rss, "</channel>", "</channel><channel/>", "2 channels"),
    (rss, 'version="2.0"', 'version="0.91"', "the root element is not rss of version 2.0"),
    (rss, "<title>[^<]*</title>", "<title> </title>", "title ' ' is not text"),
    (rss, "<description>[^<]*</description>", "", "no description"),
    (rss, "<link>[^<]*</link>", "<link>/gesundheit.html</link>", "link '/gesundheit.html' is not an absolute http"),
    (rss, 'rel="self"', 'rel="via"', r"0 links to itself \(atom:link\)"),
    (rss, "Date>Sat, 14 Mar", "Date>Sam, 14 Mrz", "lastBuildDate .* is not a date"),
    (rss, "Date>Sat, ", "Date>Sun, ", "lastBuildDate .* is not a date"),
    (ninjs, r"\A\{", "[", "Expecting"),
    (ninjs, r"\A.*\Z", '["feed"]', "not an object"),
    (ninjs, '"uri": "[^"]*"', '"uri": "feed"', "uri 'feed' is not an absolute IRI"),
    (ninjs, '"title":', '"summary": "x", "title":', "ninjs has no summary"),
    (ninjs, '"type": "composite"', '"type": "feed"', "type is none of ninjs"),
    (ninjs, '"versionCreated": "[^"]*"', '"versionCreated": "2026-03-14"', "versionCreated '2026-03-14' is not"),
    (ninjs, '"href": "https:', '"href": "', "rendition href '//.*' is not"),
    (ninjs, r'"associations": \[.*\]', '"associations": {}', "associations is not a list"),
    (ninjs, r'"associations": \[', '"associations": ["x", ', "association 1 is not an object"),
    (jsonfeed, r"\A\{", "[", "Expecting"),
    (jsonfeed, r"\A", "\ufeff", "BOM"),
    (jsonfeed, r"\A.*\Z", '["feed"]', "not an object"),
    (jsonfeed, '"title":', '"size": NaN, "title":', "NaN is not JSON"),
    (jsonfeed, "version/1.1", "version/1", "version is not"),
    (jsonfeed, '"title": "[^"]*"', '"title": null', "no title"),
    (jsonfeed, r'"items": \[.*\]', '"items": {}', "items is not a list"),
    (jsonfeed, r'"items": \[', '"items": ["x", ', "item 1 is not an object"),
    (jsonfeed, '"feed_url": "https://', '"feed_url": "//', "feed_url '//.*' is not an absolute"),
    (jsonfeed, r'"authors": \[', '"authors": [{}, ', "an author without name"),
    (outlines, "</head>", "", "not well-formed"),
    (outlines, 'version="2.0"', 'version="1.0"', "opml of version 2.0"),
    (outlines, "<title>.*</title>", "", "no title"),
    (outlines, "<head>.*</head>", "", "0 times head"),
    (outlines, "<outline.*/>", "", "no outline"),
    (outlines, ' text="Schule"', "", "no outline text"),
    (outlines, 'xmlUrl="https:', 'xmlUrl="feed:https:', "outline xmlUrl 'feed:.*' is not"),
    (outlines, 'xmlUrl="[^"]*"', "", "no outline xmlUrl"),
    (
        outlines,
        "schule.atom",
        "gesundheit.atom",
        "xmlUrl https://presse.talland.example/gesundheit.atom stands 2 times",
    ),
    (page, r"\A<!DOCTYPE html>", "", "does not begin with a doctype"),
    (page, "<h1[^>]*>", "<p>", "0 <h1>, not one"),
    (page, "<h1", "<h1></h1><h1", "2 <h1>, not one"),
    (page, "<title>.*?</title>", "", "no <title>"),
    (page, "</main>", "<SCRIPT src='x'></SCRIPT></main>", "holds a <script>"),
    (page, "<main", "<main data-x='>' onClick=alert(1)", "<main> has onclick="),
    (page, "<main", "<img/onerror='x'/><main", "<img> has onerror="),
    (page, 'href="https', 'href=" java&#10;script:https', "<.*> has a javascript: address in href"),
    (page, "</html>", "<p title='", "the tag <p does not end"),
]


@pytest.mark.parametrize(("make", "old", "new", "expected"), OF_THE_DOCUMENT)
def test_a_broken_document_is_named(make: Make, old: str, new: str, expected: str) -> None:
    document = mutated(make, old, new)
    assert any(re.search(expected, fault) for fault in faults(document)), faults(document)
    assert culprits(document) == ()


# The mutation is of the first place after the entry's id: in the rich release's entry.
OF_AN_ENTRY: list[tuple[Make, str, str, str]] = [
    (atom, "<title>[^<]*</title>", "", "no title"),
    (atom, "<title>[^<]*</title>", "<title>\n</title>", r"title '\\n' is not text"),
    (atom, "<title>", '<title type="markdown">', "title type 'markdown' is unknown"),
    (atom, "<title>[^<]*</title>", "<title type='html'><b xmlns=''>x</b></title>", "title does not hold"),
    (atom, "<updated>[^<]*</updated>", "", "no updated"),
    (atom, "(<updated>[^<]*</updated>)", r"\1\1", "2 times updated"),
    (atom, "<updated>2026-03-14", "<updated>2026-02-30", "updated '2026-02-30.*' is not a date"),
    (atom, "<published>[^<]*<", "<published>14.03.2026<", "published '14.03.2026' is not a date"),
    (atom, "<content", "<content/><content", "2 times content"),
    (atom, '<content type="html"', '<content type="HTML-ish"', "content type 'HTML-ish' is not a media type"),
    (atom, '<content type="html"', '<content type="text/html" src="plan.pdf"', "content src 'plan.pdf' is not"),
    (atom, '<category term="[^"]*"', "<category", "no category term"),
    (atom, '(<link rel="alternate"[^>]*/>)', r"\1\1", "2 alternate links of one type"),
    (atom, '(rel="alternate"[^>]*)href="[^"]*"', r"\1", "no alternate href"),
    (atom, '(rel="alternate"[^>]*href=")[^"]*', r"\1javascript:alert(1)", "alternate href 'javascript:.* is not"),
    (atom, '(rel="alternate"[^>]*href=")[^"]*', r"\1https:///presse", "alternate href 'https:///presse' is not"),
    (atom, '(rel="enclosure") type="[^"]*"', r"\1", "no enclosure type"),
    (atom, '(rel="enclosure") type="[^"]*"', r'\1 type="PDF"', "enclosure type 'PDF' is not a media type"),
    (atom, '(rel="enclosure"[^>]*) length="[^"]*"', r'\1 length="1,4 MB"', "enclosure length '1,4 MB' is not"),
    (atom, '(rel="enclosure"[^>]*)Bescheid%20Nord', r"\1Bescheid%Nord", "enclosure href .* is not"),
    (atom, '(<media:content[^>]*)url="[^"]*"', r'\1url="media:cd34/klinik.jpg"', "media:content url 'media:"),
    (atom, "(<source>.*?<id>)[^<]*", r"\1Presse", "source: id 'Presse' is not"),
    (atom, "(<source>.*?<title>[^<]*</title>)", r"\1<title/>", "source: 2 times title"),
    (atom, "(<published>[^<]*)<", r"\1<b xmlns=''/><", "published holds elements"),
    (rss, "<title>[^<]*<", "<title><", "title '' is not text"),
    (rss, '<guid isPermaLink="false"', "<guid", "guid does not say isPermaLink=false"),
    (rss, "(<guid[^>]*>[^<]*</guid>)", r"\1\1", "2 times guid"),
    (
        rss,
        "<title>.*?</title>\\s*(<link>.*?</link>)\\s*<description>.*?</description>",
        r"\1",
        "neither title nor desc",
    ),
    (rss, "<link>https:", "<link>ftp:", "link 'ftp:.*' is not an absolute http"),
    (rss, "<pubDate>[^<]*<", "<pubDate>2026-03-14T09:30:00+00:00<", "pubDate '2026.*' is not a date"),
    (rss, "<pubDate>Sat, 14 Mar", "<pubDate>Sat, 32 Mar", "pubDate .* is not a date"),
    (rss, "(<pubDate>.*?</pubDate>)", r"\1\1", "2 times pubDate"),
    (rss, "(<enclosure[^>]*/>)", r"\1\1", "2 times enclosure"),
    (rss, '(<enclosure[^>]*) length="[^"]*"', r"\1", "no enclosure length"),
    (rss, '(<enclosure[^>]*) length="[^"]*"', r'\1 length="None"', "enclosure length 'None' is not"),
    (rss, '(<enclosure[^>]*) type="[^"]*"', r'\1 type=""', "enclosure type '' is not a media type"),
    (rss, '(<enclosure[^>]*)url="[^"]*"', r'\1url="plan.pdf"', "enclosure url 'plan.pdf' is not"),
    (rss, '<source url="[^"]*"', "<source", "no source url"),
    (rss, "<atom:updated>[^<]*<", "<atom:updated>gestern<", "updated 'gestern' is not a date"),
    (ninjs, '"name": "picture-1",', "", "no name"),
    (ninjs, '"type": "text"', '"type": "words"', "type is none of ninjs"),
    (ninjs, '"pubStatus": "usable"', '"pubStatus": "gone"', "pubStatus is none of ninjs"),
    (ninjs, '"representationType": "[^"]*"', '"representationType": "most"', "representationType is none"),
    (ninjs, '"by": "[^"]*"', '"by": 7', "by is not text"),
    (ninjs, '"value": "', '"text": "', "headlines without text"),
    (ninjs, r'"subjects": \[', '"subjects": ["x", ', "subjects are not objects"),
    (ninjs, '"sizeInBytes": ', '"sizeInBytes": -', "sizeInBytes is not a number"),
    (ninjs, '"contentType": "application/pdf"', '"contentType": "pdf"', "contentType 'pdf' is not a media type"),
    (ninjs, '"uri": "https:[^"]*klinik.jpg"', '"uri": "klinik.jpg"', "uri 'klinik.jpg' is not an absolute IRI"),
    (jsonfeed, '"content_html": "', '"content": "', "neither content_html nor content_text"),
    (jsonfeed, '"content_html": ".*?",\n', '"content_html": 1,\n', "content_html is not text"),
    (jsonfeed, '"url": "https:', '"url": "', "url '//.*' is not an absolute"),
    (jsonfeed, '"date_published": "[^"]*"', '"date_published": "2026-03-14"', "date_published '2026-03-14' is not"),
    (jsonfeed, '"date_modified": "[^"]*"', '"date_modified": 1773480600', "date_modified is not a date"),
    (jsonfeed, r'"tags": \[', '"tags": [1, ', "tags are not texts"),
    (jsonfeed, '"mime_type": "[^"]*",', "", "no attachment mime_type"),
    (jsonfeed, r'("attachments": \[\s*\{\s*)"url": "[^"]*",', r"\1", "no attachment url"),
    (jsonfeed, r'"attachments": \[.*?\]', '"attachments": {}', "an attachment is not an object"),
    (jsonfeed, '"size_in_bytes": ', '"size_in_bytes": -', "attachment size_in_bytes is not"),
]


@pytest.mark.parametrize(("make", "old", "new", "expected"), OF_AN_ENTRY)
def test_a_broken_entry_is_named(make: Make, old: str, new: str, expected: str) -> None:
    document = make()
    before, id_, after = document.body.decode().partition(RICH)
    opening = before.rfind("<item>")  # RSS writes an item's title, link and description before its guid
    if opening >= 0:
        before, after = before[:opening], before[opening:] + id_ + after
    else:
        before += id_
    text, found = re.subn(old, new, after, count=1, flags=re.DOTALL)
    assert found
    assert text != after
    document = replace(document, body=(before + text).encode())
    (fault,) = faults(document)
    assert fault.startswith(f"entry {RICH}: ")
    assert re.search(expected, fault)
    assert culprits(document) == (RICH,)


@pytest.mark.parametrize("make", [atom, rss, jsonfeed, ninjs])
def test_an_id_that_stands_twice(make: Make) -> None:
    document = mutated(make, PLAIN, RICH)
    assert len(faults(document)) == 1
    assert re.fullmatch(f"entry {RICH}: its (id|guid|uri) stands twice", faults(document)[0])
    assert culprits(document) == (RICH,)


def test_an_entry_with_the_feeds_id() -> None:
    document = mutated(atom, PLAIN, "tag:presse.talland.example,2026:feed:gesundheit")
    assert culprits(document) == ("tag:presse.talland.example,2026:feed:gesundheit",)


def test_an_entry_needs_a_link_or_content() -> None:
    """RFC 4287 section 4.1.2."""
    document = render(make_page(make_release()), ["atom"])[0]
    bare = re.sub(b'<content.*?</content>|(?<=\n    )<link rel="alternate"[^>]*/>', b"", document.body, flags=re.DOTALL)
    assert bare.count(b'rel="alternate"') == document.body.count(b'rel="alternate"') - 1
    assert faults(replace(document, body=bare)) == (f"entry {PLAIN}: neither an alternate link nor content",)


def test_an_entry_beside_its_tombstone() -> None:
    document = render(make_page(make_release(), tombstones=(make_tombstone("talland00001"),)), ["atom"])[0]
    assert faults(document) == (f"entry {PLAIN}: stands beside its own tombstone",)
    assert culprits(document) == (PLAIN,)


@pytest.mark.parametrize("make", [atom, rss, jsonfeed, ninjs])
def test_an_entry_without_an_id_has_an_empty_one(make: Make) -> None:
    document = mutated(make, re.escape(PLAIN), "")
    assert [fault for fault in faults(document) if not fault.startswith("entry without id: ")] == []
    assert culprits(document) == ("",)


def test_all_culprits_in_their_order() -> None:
    document = mutated(atom, "<published>", "<published>x", count=0)
    assert culprits(document) == (RICH, PLAIN, HEADLINE)
    assert len(faults(document)) == 3


def test_an_entry_needs_an_author_where_the_feed_has_none() -> None:
    """RFC 4287 section 4.1.1."""
    releases = [make_release(authors=("Ministerium",)), make_headline(authors=("Staatskanzlei",))]
    document = render(make_page(*releases), ["atom"])[0]
    anonymous = document.body.replace(b"<author>\n    <name>Staatskanzlei Talland</name>\n  </author>", b"")
    assert anonymous != document.body
    assert faults(replace(document, body=anonymous)) == ()
    nobodys = anonymous.replace(b"<name>Ministerium</name>", b"").replace(b"<author>\n      \n    </author>", b"")
    assert "no author, neither of the feed nor of every entry" in faults(replace(document, body=nobodys))


def test_a_mail_address_is_a_link() -> None:
    assert faults(mutated(atom, '(rel="related"[^>]*href=")[^"]*', r"\1mailto:presse@talland.example")) == ()
    assert faults(mutated(atom, '(rel="related"[^>]*href=")[^"]*', r"\1mailto:")) != ()


def test_a_fault_is_one_line_whatever_the_id() -> None:
    feed = json.loads(jsonfeed().body)
    feed["items"][0] |= {"id": "a\nb\ud800\x1b" + "c" * 1000, "url": "\n"}
    (fault,) = faults(replace(jsonfeed(), body=json.dumps(feed).encode()))
    assert fault.isprintable()
    assert len(fault) < 400


@pytest.mark.parametrize(
    "document",
    [
        Document("media/ab12/karte.html", "text/html", b"<script>"),
        Document("media/ab12/feed.atom", "application/atom+xml", b"x"),
        Document("style.css", "text/css", b"\xff"),
    ],
)
def test_what_is_not_ours_to_judge(document: Document) -> None:
    assert faults(document) == ()


@pytest.mark.parametrize("make", [atom, rss, jsonfeed, ninjs, outlines, page])
def test_bytes_that_are_not_utf_8(make: Make) -> None:
    document = make()
    latin = replace(document, body=document.body + "ü".encode("latin-1"))
    assert faults(latin) == (f"not UTF-8: invalid start byte, byte {len(document.body)}",)
    assert culprits(latin) == ()


def test_no_entity_is_expanded() -> None:
    """A billion laughs: refused at once, without the memory."""
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    (fault,) = faults(mutated(atom, "<feed", f'<!DOCTYPE feed [<!ENTITY a0 "ha">{laughs}]><feed x="&a9;"'))
    assert "not well-formed" in fault


def test_deep_json_is_refused() -> None:
    assert faults(replace(jsonfeed(), body=b"[" * 100_000)) != ()


WHOLE = [atom(), archive(), rss(), jsonfeed(), ninjs(), outlines(), page()]


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.binary())
def test_arbitrary_bytes_are_faults(document: Document, body: bytes) -> None:
    document = replace(document, body=body)
    assert faults(document) != ()
    assert culprits(document) == ()


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_a_damaged_document_raises_nothing(document: Document, data: st.DataObject) -> None:
    """A piece cut out or put in anywhere: either it may be published or it is told why not."""
    start = data.draw(st.integers(0, len(document.body)))
    end = data.draw(st.integers(start, min(start + 40, len(document.body))))
    piece = data.draw(st.sampled_from([b"", b"<", b'"', b"&", b"{}", b"null", b"\xff", b"<b/>", b"0"]))
    damaged = replace(document, body=document.body[:start] + piece + document.body[end:])
    assert bool(culprits(damaged)) <= bool(faults(damaged))


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["id", "url", "items", "authors", "tags"]), inner)
        ),
    ),
)
def test_any_json_raises_nothing(value: Any) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [value, {"attachments": value}]}
    assert faults(Document("x.json", "application/feed+json", json.dumps(feed).encode())) != ()


@pytest.mark.parametrize("name", [name for name in FEEDS if name != "loopback"])
def test_what_passes_is_valid_by_the_schemas(shared: Path, name: str) -> None:
    """RELAX NG: RFC 4287 appendix B, RSS 2.0, OPML 2.0."""
    documents = [*render(FEEDS[name], ["atom", "rss"]), opml(SITE, FEEDS[name].topics)]
    for document in documents:
        assert faults(document) == ()
        schema = {"atom": "atom", "rss": "rss20", "opml": "opml20"}[document.path.rpartition(".")[2]]
        grammar = etree.RelaxNG(etree.parse(shared / "schemas" / f"{schema}.rng"))
        grammar.assertValid(etree.fromstring(document.body))
